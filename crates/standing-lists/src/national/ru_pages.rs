//! Russia: the security service's page of the unified federal list, and Rosfinmonitoring's catalogue as page and as DBF.
//!
//! The federal list is tables of number, name, court and decision: one large, then one for each later entry. Numbers move up when an entry
//! is deleted, so the key is the name as printed, as in the converted list. Rosfinmonitoring's items are one line each: number, name with
//! an asterisk for terrorism, other names in brackets, birth date, place; its key is name, birth date and place, since the number is a mere
//! count; identical people get an ordinal. The DBF has the same content, with fields of its own; what they hold beyond name, address and
//! birth is kept under their names. Seen: a reduced page and single lines of the catalogue; the federal list's page as text only; the DBF's
//! field names. Every test input here is therefore our own.

use standing_model::{Address, Birth, Name, NameKind, PartyKind, Place, Record, Reject, Snapshot};

use super::cells::add;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::{self, Block, Row};
use crate::{dates, note};

/// The federal list's entry.
pub(crate) const FEDERAL: Format = Format {
    id: "ru-fsb-html",
    lists: &["ru-fsb"],
    summary: "Russia, unified federal list of terrorist organisations, HTML tables of the security service",
    part: |bytes| {
        (sheets::is_html(bytes) && holds(bytes, &["<table", "террористич", "суд"]) && !holds(bytes, &["<ol", "г.р."]))
            .then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| federal(document, options)).collect(),
};

/// The catalogue's entry.
pub(crate) const CATALOGUE: Format = Format {
    id: "ru-fedsfm-html",
    lists: &["ru-fedsfm"],
    summary: "Russia, Rosfinmonitoring's catalogue of terrorists and extremists, HTML",
    part: |bytes| {
        (sheets::is_html(bytes) && holds(bytes, &["<li", "физические лица"]) && holds(bytes, &["<ol"])).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| catalogue(document, options)).collect(),
};

/// The DBF's entry.
pub(crate) const DBF: Format = Format {
    id: "ru-fedsfm-dbf",
    lists: &["ru-fedsfm"],
    summary: "Russia, Rosfinmonitoring's catalogue, DBF in code page 866",
    part: |bytes| {
        (sheets::is_dbf(bytes) && memchr::memmem::find(&bytes[..bytes.len().min(4096)], b"NAMEU").is_some())
            .then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| table(document, options)).collect(),
};

/// Does the page hold all these words, in letters of either case?
fn holds(bytes: &[u8], wanted: &[&str]) -> bool {
    let text = sheets::page_text(bytes).to_lowercase();
    wanted.iter().all(|word| text.contains(word))
}

fn none_read(document: &Document<'_>, what: &str) -> ReadError {
    ReadError::Inconsistent {
        document: document.name.to_owned(),
        what: format!("the page holds no {what}"),
        remedy: "The page may draw its list by script or be an error page; save it as the browser shows it".to_owned(),
    }
}

fn federal(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let mut snapshot = Snapshot::new("ru-fsb", FEDERAL.id);
    for (table, sheet) in sheets::html_tables(*document)?.iter().enumerate() {
        for row in sheet.rows() {
            let position = format!("table {}, row {}", table + 1, row.number);
            let number = row.get(0).trim_end_matches('.');
            let name = note::spaced(row.get(1));
            if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
                snapshot.head.push((position, words(row)));
                continue;
            }
            if name.is_empty() {
                snapshot.rejects.push(Reject {
                    position,
                    reason: "a number without a name".to_owned(),
                });
                continue;
            }
            let mut record = Record {
                reference: name.clone(),
                kind: PartyKind::Organisation,
                names: vec![Name::new(NameKind::Primary, name)],
                programmes: vec!["terrorist".into()],
                ..Record::default()
            };
            note::keep(&mut record, "number", number);
            for (column, text, _) in row.cells().filter(|(column, ..)| *column >= 2) {
                if column == 2 {
                    record.instruments.push(text.trim().into());
                } else {
                    note::keep(&mut record, &format!("column {}", column + 1), text.trim());
                }
            }
            snapshot.records.push(record);
            snapshot.positions.push(position);
        }
    }
    if snapshot.records.is_empty() {
        return Err(none_read(document, "numbered organisations in tables"));
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

fn words(row: Row<'_>) -> String {
    row.cells()
        .map(|(_, text, _)| text.trim())
        .collect::<Vec<_>>()
        .join(" | ")
}

fn catalogue(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let mut snapshot = Snapshot::new("ru-fedsfm", CATALOGUE.id);
    let (mut half, mut kind) = (String::new(), PartyKind::Unknown);
    for block in sheets::html_blocks(*document)? {
        match block {
            // `russianUL`, `foreignFL`: half and kind in one.
            Block::Anchor(id) => {
                for (end, of) in [("UL", PartyKind::Organisation), ("FL", PartyKind::Person)] {
                    if let Some(start) = id.strip_suffix(end) {
                        start.clone_into(&mut half);
                        kind = of;
                    }
                }
            }
            Block::Text(element, text) if element == "li" => match item(&text, &half, kind) {
                Ok((record, number)) => {
                    snapshot.records.push(record);
                    snapshot.positions.push(format!("{half}, item {number}"));
                }
                Err(reason) => snapshot.rejects.push(Reject {
                    position: format!("{half}, \"{text}\""),
                    reason,
                }),
            },
            Block::Text(_, text) => {
                let plain = text.to_lowercase();
                if plain.contains("организации") || plain.contains("юридические лица") {
                    kind = PartyKind::Organisation;
                } else if plain.contains("физические лица") {
                    kind = PartyKind::Person;
                } else if plain.contains("часть") {
                    half.clone_from(&text);
                }
                snapshot.head.push(("text".to_owned(), text));
            }
            Block::Table(_) => {}
        }
    }
    if snapshot.records.is_empty() {
        return Err(none_read(document, "items"));
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// `83. NAME*, (OTHER NAME; OTHER NAME), 03.05.1964 г.р. , PLACE;`
fn item(text: &str, half: &str, kind: PartyKind) -> Result<(Record, String), String> {
    let (number, rest) = match text.split_once('.') {
        Some((number, rest)) if number.trim().bytes().all(|b| b.is_ascii_digit()) => (number.trim(), rest.trim()),
        _ => ("", text.trim()),
    };
    let rest = rest.trim_end_matches(';').trim_end();
    // The name ends with its asterisk, the brackets, or the first comma.
    let end = rest
        .find(['*', '('])
        .into_iter()
        .chain(rest.find(", "))
        .chain(rest.find(" ,"))
        .min()
        .unwrap_or(rest.len());
    let name = note::spaced(rest[..end].trim_end_matches(','));
    if name.is_empty() {
        return Err("no name".to_owned());
    }
    let mut record = Record {
        kind,
        names: vec![Name::new(NameKind::Primary, name.clone())],
        ..Record::default()
    };
    if !half.is_empty() {
        record.programmes.push(half.into());
    }
    let mut rest = rest[end..].trim();
    if let Some(after) = rest.strip_prefix('*') {
        record.programmes.push("*".into());
        rest = after;
    }
    rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
    if let Some((names, after)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
        for name in names.split(';').map(note::spaced).filter(|name| !name.is_empty()) {
            add(&mut record.names, Name::new(NameKind::Former, name));
        }
        rest = after.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
    }
    let (born, place) = match rest.split_once("г.р.") {
        Some((born, place)) => (born.trim(), place),
        None => ("", rest),
    };
    let place = place.trim_matches(|c: char| c == ',' || c.is_whitespace());
    if !born.is_empty() || !place.is_empty() {
        let date = dates::numeric(born, dates::Order::DayFirst).ok().map(Into::into);
        record.births.push(Birth {
            written: (date.is_none() && !born.is_empty()).then(|| born.into()),
            date,
            place: (!place.is_empty()).then(|| Place {
                text: place.into(),
                country: None,
            }),
        });
    }
    note::keep(&mut record, "number", number);
    record.reference = key(&name, born, place).into();
    Ok((record, number.to_owned()))
}

/// Name, birth date and place, in small letters.
pub(super) fn key(name: &str, born: &str, place: &str) -> String {
    format!("{name}/{born}/{place}").to_lowercase()
}

fn table(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheet = sheets::read_dbf(*document)?;
    let mut snapshot = Snapshot::new("ru-fedsfm", DBF.id);
    let fields: Vec<(u32, &str)> = sheet
        .row(0)
        .into_iter()
        .flat_map(Row::cells)
        .map(|(column, name, _)| (column, name))
        .collect();
    let mut last = String::new();
    for row in (1..sheet.len()).filter_map(|at| sheet.row(at)) {
        let get = |wanted: &str| {
            fields
                .iter()
                .find(|(_, name)| *name == wanted)
                .map_or("", |&(column, _)| row.get(column))
        };
        let (number, name, born, place) = (
            get("NUMBER"),
            note::spaced(get("NAMEU")),
            get("GR"),
            note::spaced(get("ADRESS")),
        );
        let position = format!("record {}", row.number - 1);
        // A name or address that does not fit goes on in the next record of the same number.
        if !number.is_empty()
            && number == last
            && let Some(record) = snapshot.records.last_mut()
        {
            for &(column, field) in &fields {
                note::keep(record, field, row.get(column));
            }
            if !name.is_empty() {
                add(&mut record.names, Name::new(NameKind::Alias, name));
            }
            continue;
        }
        if name.is_empty() {
            snapshot.rejects.push(Reject {
                position,
                reason: "no name (NAMEU)".to_owned(),
            });
            continue;
        }
        number.clone_into(&mut last);
        let plain = name.trim_end_matches('*').trim().to_owned();
        let mut record = Record {
            reference: key(&plain, born, &place).into(),
            names: vec![Name::new(NameKind::Primary, plain)],
            ..Record::default()
        };
        if name.ends_with('*') {
            record.programmes.push("*".into());
        }
        if !born.is_empty() {
            record.kind = PartyKind::Person;
            let date = dates::iso(born)
                .or_else(|_| dates::numeric(born, dates::Order::DayFirst))
                .ok()
                .map(Into::into);
            record.births.push(Birth {
                written: date.is_none().then(|| born.into()),
                date,
                place: None,
            });
        }
        if !place.is_empty() {
            record.addresses.push(Address {
                text: place,
                country: None,
                parts: Vec::new(),
            });
        }
        for &(column, field) in &fields {
            if !matches!(field, "NAMEU" | "GR" | "ADRESS") {
                note::keep(&mut record, field, row.get(column));
            }
        }
        snapshot.records.push(record);
        snapshot.positions.push(position);
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::read_documents;

    fn read(page: &[u8]) -> Snapshot {
        let document = Document { name: "t", bytes: page };
        read_documents(&[document], &ReadOptions::default())
            .remove(0)
            .result
            .unwrap()
            .remove(0)
    }

    #[test]
    fn the_federal_list_stands_in_many_tables() {
        let page = "<html><body><p>террористические организации</p><table><tr><th>№</th><th>Наименование</th><th>Суд, решение</th></tr>\
            <tr><td>1.</td><td>«Первая организация»</td><td rowspan=\"2\">Верховный Суд, 01.02.2003, № 1</td></tr>\
            <tr><td>2.</td><td>«Вторая<br>организация»</td></tr></table>\
            <table><tr><td>3.</td><td>«Третья»</td><td>Районный суд, 04.05.2006</td></tr></table></body></html>";
        let read = read(page.as_bytes());
        assert_eq!(read.list, "ru-fsb");
        let found: Vec<(&str, &str)> = read
            .records
            .iter()
            .map(|r| (r.reference.as_str(), r.instruments[0].as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("«Первая организация»", "Верховный Суд, 01.02.2003, № 1"),
                ("«Вторая организация»", "Верховный Суд, 01.02.2003, № 1"),
                ("«Третья»", "Районный суд, 04.05.2006"),
            ]
        );
    }

    #[test]
    fn the_catalogue_is_lines() {
        let page = "<div><h4>Национальная часть</h4><h4>Организации</h4><ol><li>1. ПЕРВАЯ ОРГАНИЗАЦИЯ , ;</li></ol>\
            <h4>Физические лица</h4><ol><li>1. ПЕТРОВ ПЁТР*, (СИДОРОВ ПЁТР; СЕДОВ ПЁТР), 03.05.1964 г.р. , С. НОВОЕ;</li>\
            <li>2. ПЕТРОВ ПЁТР*, 03.05.1964 г.р. , С. НОВОЕ;</li><li>3. БЕЗ ДАТЫ*, , ;</li></ol></div>";
        let read = read(page.as_bytes());
        assert_eq!(read.records.len(), 4);
        assert_eq!(read.records[0].kind, PartyKind::Organisation);
        let person = &read.records[1];
        assert_eq!(person.names.len(), 3);
        assert_eq!(person.programmes, ["*", "Национальная часть"]);
        assert_eq!(
            person.births[0].date.map(|d| d.to_string()).as_deref(),
            Some("1964-05-03")
        );
        assert_eq!(read.records[2].reference, "петров пётр/03.05.1964/с. новое#2");
        assert_eq!(read.warnings.len(), 1);
    }
}
