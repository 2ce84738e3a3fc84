//! Japan, list of those whose assets are frozen (Ministry of Finance), XLS and XLSX.
//!
//! An index, then a sheet for each regime with headings of its own; which column is what is told by its heading, since no two sheets agree.
//! A listing's key is the sheet's number and the number in the notice (`告示番号`): the number is the publisher's and lasts (deleted
//! entries keep theirs, marked `削除`, and are not read as listings). It breaks when a regime is repealed and noticed anew, as Iran's
//! was. A row without number continues the one before. The file bears no date; the newest day of notice is told in the head.
//! Sheets marked `【解除】` are regimes that were lifted. Seen: whole lists of 2022 (XLS) and 2026 (XLSX).

use standing_model::{
    Birth, Identifier, IdentifierKind, Name, NameKind, NameQuality, Note, PartyKind, Record, Reject, Snapshot, Text,
};

use super::cells::{self, add, keep_once, numbered, un_reference};
use super::jp_names;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::{self, Row, Sheet};
use crate::{dates, note};

/// The workbook's entry.
pub(crate) const FORMAT: Format = Format {
    id: "jp-mof-sheets",
    lists: &["jp"],
    summary: "Japan, Ministry of Finance asset-freeze list, XLS and XLSX with a sheet for each regime",
    part: |bytes| {
        let sheets = sheets::peek(bytes)?;
        (sheets.iter().filter(|sheet| headings(sheet).is_some()).count() >= 1).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    NoticeDay,
    Number,
    Japanese,
    English,
    Alias,
    WeakAlias,
    Former,
    Title,
    Position,
    Born,
    BirthPlace,
    Nationality,
    Passport,
    NationalId,
    Address,
    Phone,
    Listed,
    UnReference,
    Other,
}

/// Headings without blanks, as they occur in the sheets of 2022 and 2026.
const FIELDS: &[(&str, Field)] = &[
    ("告示日付", Field::NoticeDay),
    ("告示番号", Field::Number),
    ("日本語表記", Field::Japanese),
    ("英語表記", Field::English),
    ("別名・別称", Field::Alias),
    ("別称・別名", Field::Alias),
    ("別名", Field::Alias),
    ("別称", Field::Alias),
    ("別称・旧称", Field::Alias),
    ("確定可能な別名", Field::Alias),
    ("確定に十分でない別名", Field::WeakAlias),
    ("旧称", Field::Former),
    ("旧称・以前の呼称", Field::Former),
    ("過去の別名", Field::Former),
    ("以前の別名", Field::Former),
    ("称号", Field::Title),
    ("役職", Field::Position),
    ("肩書", Field::Position),
    ("肩書等", Field::Position),
    ("生年月日", Field::Born),
    ("出生地", Field::BirthPlace),
    ("出生地・出身地", Field::BirthPlace),
    ("国籍", Field::Nationality),
    ("旅券番号", Field::Passport),
    ("ID番号", Field::NationalId),
    ("身分登録番号", Field::NationalId),
    ("身分証番号", Field::NationalId),
    ("住所", Field::Address),
    ("所在地", Field::Address),
    ("住所・所在地", Field::Address),
    ("電話", Field::Phone),
    ("電話番号", Field::Phone),
    ("リスト掲載日", Field::Listed),
    ("指定日", Field::Listed),
    ("国連制裁委員会による指定日", Field::Listed),
    ("国連制裁員会による指定日", Field::Listed),
    ("国連参照番号", Field::UnReference),
];

/// The mark of an entry that was taken off the list.
const DELETED: &str = "削除";
/// How far down the headings stand: behind a title and its notes.
const HEADINGS_WITHIN: usize = 12;

/// A heading without blanks, full-width letters as plain ones.
fn plain(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            'Ａ'..='Ｚ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// A column's number, what it holds, and its heading.
type Heading = (u32, Field, String);

/// The row of headings and what its columns hold.
pub(super) fn headings(sheet: &Sheet) -> Option<(usize, Vec<Heading>)> {
    (0..HEADINGS_WITHIN.min(sheet.len())).find_map(|at| {
        let row = sheet.row(at)?;
        let columns: Vec<Heading> = row
            .cells()
            .map(|(column, text, _)| {
                let heading = plain(text);
                let field = FIELDS
                    .iter()
                    .find(|(known, _)| *known == heading)
                    .map_or(Field::Other, |(_, field)| *field);
                (column, field, heading)
            })
            .collect();
        let has = |wanted| columns.iter().any(|(_, field, _)| *field == wanted);
        (has(Field::NoticeDay) && has(Field::Number)).then_some((at, columns))
    })
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheets = sheets::open(*document)?;
    let mut snapshot = Snapshot::new("jp", FORMAT.id);
    let mut deleted = 0_u64;
    for sheet in &sheets {
        let Some((head, columns)) = headings(sheet) else {
            let lines: Vec<String> = sheet
                .rows()
                .take(60)
                .flat_map(|row| row.cells().map(|(_, text, _)| text.to_owned()))
                .collect();
            snapshot
                .head
                .push((format!("sheet \"{}\"", sheet.name), lines.join("\n")));
            continue;
        };
        for (at, (_, field, heading)) in columns.iter().enumerate() {
            if *field != Field::Other
                && columns[..at]
                    .iter()
                    .any(|(_, other, text)| other == field && text == heading)
            {
                return Err(ReadError::Inconsistent {
                    document: document.name.to_owned(),
                    what: format!("sheet \"{}\": the column \"{heading}\" stands twice", sheet.name),
                    remedy: "Get the file from its publisher again".to_owned(),
                });
            }
        }
        for wanted in [Field::Japanese, Field::English] {
            if !columns.iter().any(|(_, field, _)| *field == wanted) {
                let heading = FIELDS
                    .iter()
                    .find(|(_, field)| *field == wanted)
                    .map_or("", |(heading, _)| heading);
                return Err(ReadError::Inconsistent {
                    document: document.name.to_owned(),
                    what: format!("sheet \"{}\": the column \"{heading}\" is missing", sheet.name),
                    remedy: "Get the file from its publisher again; if the publisher changed the layout, it cannot be read yet".to_owned(),
                });
            }
        }
        let words = |at: usize| {
            sheet.row(at).map(|row| {
                row.cells()
                    .map(|(_, text, _)| text.trim().to_owned())
                    .collect::<Vec<_>>()
                    .join("\n")
            })
        };
        let title: Vec<String> = (0..head).filter_map(words).collect();
        snapshot
            .head
            .push((format!("sheet \"{}\"", sheet.name), title.join("\n")));
        deleted += read_sheet(&mut snapshot, sheet, head, &columns);
    }
    if deleted > 0 {
        snapshot
            .head
            .push(("entries marked as deleted".to_owned(), deleted.to_string()));
    }
    note::finish(&mut snapshot, options);
    cells::newest(&mut snapshot);
    Ok(snapshot)
}

/// Reads the rows below the headings; returns how many are marked as deleted.
fn read_sheet(snapshot: &mut Snapshot, sheet: &Sheet, head: usize, columns: &[Heading]) -> u64 {
    let (regime, _) = sheet.name.split_once('.').unwrap_or((&sheet.name, ""));
    let find = |row: Row<'_>, wanted| {
        columns
            .iter()
            .find(|(_, f, _)| *f == wanted)
            .map_or("", |&(column, ..)| {
                row.cells()
                    .find(|(at, ..)| *at == column)
                    .map_or("", |(_, text, _)| text.trim())
            })
            .to_owned()
    };
    let person = sheet.name.contains("個人")
        || columns.iter().any(|(_, f, _)| *f == Field::Born) && !sheet.name.contains("団体");
    let mixed = !sheet.name.contains("個人") && !sheet.name.contains("団体") && !sheet.name.contains("銀行");
    let body = columns
        .iter()
        .all(|(_, f, _)| !matches!(f, Field::Born | Field::Nationality | Field::Title));
    let mut deleted = 0;
    // Whether the record pushed last belongs to this sheet, so that a row can continue it.
    let mut open = false;
    for row in (head + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
        let number = find(row, Field::Number);
        let notice = find(row, Field::NoticeDay);
        if notice.contains(DELETED) || number.contains(DELETED) {
            deleted += 1;
            open = false;
            let text = row
                .cells()
                .map(|(_, text, _)| text.trim())
                .collect::<Vec<_>>()
                .join(" ");
            snapshot
                .head
                .push((format!("sheet \"{}\", row {}", sheet.name, row.number), text));
            continue;
        }
        if number.is_empty() {
            if open && let Some(record) = snapshot.records.last_mut() {
                fill(record, row, columns);
                tell_persons(record);
            } else {
                let text = row
                    .cells()
                    .map(|(_, text, _)| text.trim())
                    .collect::<Vec<_>>()
                    .join(" ");
                snapshot
                    .head
                    .push((format!("sheet \"{}\", row {}", sheet.name, row.number), text));
            }
            continue;
        }
        let digits: String = number
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        let mut record = Record {
            reference: format!("{regime}-{}", if digits.is_empty() { number.as_str() } else { &digits }).into(),
            programmes: vec![sheet.name.trim().into()],
            kind: match () {
                () if mixed && !body => PartyKind::Unknown,
                () if person && !body => PartyKind::Person,
                () => PartyKind::Organisation,
            },
            ..Record::default()
        };
        fill(&mut record, row, columns);
        tell_persons(&mut record);
        if record.names.is_empty() {
            snapshot.rejects.push(Reject {
                position: format!("sheet \"{}\", row {}", sheet.name, row.number),
                reason: "a number without a name".to_owned(),
            });
            open = false;
            continue;
        }
        snapshot.records.push(record);
        snapshot
            .positions
            .push(format!("sheet \"{}\", row {}", sheet.name, row.number));
        open = true;
    }
    deleted
}

/// In a sheet of persons and organisations together, who was born or bears a title or passport is a person.
fn tell_persons(record: &mut Record) {
    let person = !record.births.is_empty()
        || !record.titles.is_empty()
        || record.identifiers.iter().any(|i| i.kind == IdentifierKind::Passport);
    if record.kind == PartyKind::Unknown && person {
        record.kind = PartyKind::Person;
    }
}

/// `不明` (unknown) and `なし` (none) say that nothing is known.
fn says_nothing(text: &str) -> bool {
    matches!(text, "不明" | "なし" | "-" | "－" | "―")
}

fn fill(record: &mut Record, row: Row<'_>, columns: &[Heading]) {
    for (column, text, _) in row.cells() {
        let text = text.trim();
        let Some((_, field, heading)) = columns.iter().find(|(at, ..)| *at == column) else {
            keep_once(record, &format!("column {}", sheets::columns::letters(column)), text);
            continue;
        };
        if says_nothing(text) {
            keep_once(record, heading, text);
            continue;
        }
        match field {
            Field::NoticeDay => {
                let mut days = text
                    .split(['\n', '、', ' '])
                    .filter(|day| !day.is_empty())
                    .map(|day| (day, notice_day(day)));
                if let Some((written, day)) = days.next() {
                    match day {
                        Some(day) => record.listed_on = record.listed_on.or(Some(day)),
                        None => keep_once(record, heading, written),
                    }
                }
                for (written, day) in days {
                    match day {
                        Some(day) => add(&mut record.amended_on, day),
                        None => keep_once(record, heading, written),
                    }
                }
                keep_once(record, heading, text);
            }
            Field::English | Field::Japanese => names(record, heading, NameKind::Primary, NameQuality::Good, text),
            Field::Alias => names(record, heading, NameKind::Alias, NameQuality::Good, text),
            Field::WeakAlias => names(record, heading, NameKind::Alias, NameQuality::Weak, text),
            Field::Former => names(record, heading, NameKind::Former, NameQuality::Good, text),
            Field::Title => record.titles.extend(numbered(text).into_iter().map(Text::from)),
            Field::Position => record.positions.extend(numbered(text).into_iter().map(Text::from)),
            Field::Born => {
                let values = jp_names::values(text);
                if !matches!(&values[..], [value] if value == text) {
                    keep_once(record, heading, text);
                }
                for value in &values {
                    let date = japanese_dates(value);
                    let written = Some(value.clone()).filter(|_| date.is_none() || !value.is_ascii());
                    record.births.push(Birth {
                        date,
                        place: None,
                        written: written.map(Text::from),
                    });
                }
            }
            Field::BirthPlace => {
                for value in numbered(text) {
                    record.births.push(Birth {
                        place: Some(crate::country::place(value)),
                        ..Birth::default()
                    });
                }
            }
            Field::Passport => documents(record, &IdentifierKind::Passport, text),
            Field::NationalId => documents(record, &IdentifierKind::NationalId, text),
            Field::Phone => documents(record, &IdentifierKind::PhoneNumber, text),
            Field::Address => {
                for value in numbered(text) {
                    let country = crate::country::of_place(value);
                    record.addresses.push(standing_model::Address {
                        text: value.into(),
                        country,
                        parts: Vec::new(),
                    });
                }
            }
            Field::UnReference => match un_reference(text) {
                Some(reference) => {
                    add(
                        &mut record.identifiers,
                        Identifier::new(IdentifierKind::ListReference, format!("un:{reference}")),
                    );
                    if reference != text {
                        keep_once(record, heading, text);
                    }
                }
                None => keep_once(record, heading, text),
            },
            Field::Number | Field::Nationality | Field::Listed => keep_once(record, heading, text),
            Field::Other => add(
                &mut record.notes,
                Note {
                    field: heading.clone().into(),
                    text: text.to_owned(),
                },
            ),
        }
    }
}

/// Adds a cell's names, and keeps the cell as it is where more than its blanks had to be read.
fn names(record: &mut Record, heading: &str, kind: NameKind, quality: NameQuality, text: &str) {
    if !text.contains(['(', '（', '\n', ';', '；', '、', '.']) {
        add(
            &mut record.names,
            Name::new(kind, note::spaced(text)).with_quality(quality),
        );
        return;
    }
    let names = jp_names::of_cell(kind, quality, text);
    if !matches!(&names[..], [name] if name.text == note::spaced(text)) {
        keep_once(record, heading, text);
    }
    for name in names {
        add(&mut record.names, name);
    }
}

fn documents(record: &mut Record, kind: &IdentifierKind, text: &str) {
    for value in numbered(text) {
        add(&mut record.identifiers, Identifier::new(kind.clone(), value));
    }
}

/// `2001.9.22`
fn notice_day(text: &str) -> Option<standing_model::PartialDate> {
    let mut parts = text.trim().split('.');
    let mut number = || parts.next().and_then(|part| part.parse().ok());
    let (year, month, day) = (number()?, number()?, number()?);
    dates::ymd(text, year, month, day).ok().map(Into::into)
}

/// A date, or `1965年又は1966年` (or), `1965年から1966年までの間` (from, to) as the interval between two.
fn japanese_dates(text: &str) -> Option<standing_model::PartialDate> {
    let text = text.trim();
    if let Some(date) = japanese_date(text) {
        return Some(date);
    }
    let between = ["又は", "または", "から"].iter().find_map(|word| text.split_once(word));
    let (first, last) = between.map(|(first, last)| (first.trim_matches(['、', ' ']), last))?;
    let last = last
        .trim_end_matches("までの間")
        .trim_end_matches("まで")
        .trim_end_matches("の間")
        .trim();
    let (first, last) = (japanese_date(first)?, japanese_date(last)?);
    format!("{first} to {last}").parse().ok()
}

/// `1941年8月20日`, `1970年`, `1963年頃` (about), or the day of a date cell.
fn japanese_date(text: &str) -> Option<standing_model::PartialDate> {
    if let Ok(date) = dates::iso(text) {
        return Some(date.into());
    }
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let about = plain.strip_suffix('頃');
    let rest = about.unwrap_or(&plain);
    let rest = rest.strip_suffix('生').unwrap_or(rest);
    let (year, rest) = rest.split_once('年')?;
    let year: u32 = year.parse().ok()?;
    let (month, rest) = match rest.split_once('月') {
        Some((month, rest)) => (month.parse().ok()?, rest),
        None => (0, rest),
    };
    let (day, rest) = match rest.split_once('日') {
        Some((day, rest)) => (day.parse().ok()?, rest),
        None => (0, rest),
    };
    if !rest.is_empty() {
        return None;
    }
    let date = dates::ymd(text, year, month, day).ok()?;
    Some(if about.is_some() {
        standing_model::PartialDate::Circa(date)
    } else {
        date.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_japanese() {
        for (written, read) in [
            ("1941年8月20日", "1941-08-20"),
            ("1970年生", "1970"),
            ("1963年頃", "circa 1963"),
            ("1978-01-02", "1978-01-02"),
        ] {
            assert_eq!(
                japanese_date(written).map(|d| d.to_string()).as_deref(),
                Some(read),
                "{written}"
            );
        }
        assert_eq!(japanese_date("1965年又は1966年"), None);
        for (written, read) in [
            ("1965年又は1966年", "1965 to 1966"),
            ("1984年から1986年までの間", "1984 to 1986"),
            ("1941年8月20日", "1941-08-20"),
        ] {
            assert_eq!(
                japanese_dates(written).map(|d| d.to_string()).as_deref(),
                Some(read),
                "{written}"
            );
        }
        assert_eq!(japanese_dates("1966年又は1965年"), None);
        assert_eq!(japanese_dates("1965年、1966年又は1967年"), None);
        assert_eq!(
            notice_day("2001.9.22").map(|d| d.to_string()).as_deref(),
            Some("2001-09-22")
        );
    }
}
