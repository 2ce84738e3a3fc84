//! Kazakhstan, Tajikistan and Uzbekistan, national terrorism lists as tables with Russian headings: workbooks, HTML pages and text tables.
//!
//! The states' offices publish tables that differ in their columns but not in what these mean: number, family name, given name and patronymic
//! (or all in one), organisation, birth date and place, citizenship, document, ground and day of listing. A title above the headings or the
//! sheet's name tells the state; where nothing does, the caller must (`--list tj`). No table has a reference of its own: the key is the name with
//! the birth date as written, and identical records get an ordinal. A table without a column for the name is none of these. No real file is
//! at hand: headings are those of the laws' own terms, the test inputs are our own.

use standing_model::{
    Birth, Country, Identifier, IdentifierKind, NameKind, PartKind, PartyKind, Place, Record, Reject, Snapshot, Text,
};

use super::cells::{self, add, keep_once, newest, not_understood};
use super::xml_list::any_day;
use crate::error::ReadError;
use crate::note;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::letters;
use crate::sheets::{self, Row, Sheet};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "cis-table",
    lists: &["tj", "uz", "kz"],
    summary: "Tajikistan, Uzbekistan, Kazakhstan: national lists as tables with Russian headings (XLSX, XLS, HTML, CSV)",
    part: |bytes| {
        tables(&Document { name: "", bytes }, true)
            .ok()?
            .iter()
            .find_map(headings)
            .map(|_| "")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Number,
    Family,
    Given,
    Patronymic,
    Whole,
    Body,
    Other,
    Born,
    BirthPlace,
    Citizenship,
    Document,
    Address,
    Ground,
    Listed,
    Category,
}

/// Beginnings of headings, in small letters; the first that fits holds.
const HEADINGS: &[(&str, Field)] = &[
    ("№", Field::Number),
    ("п/п", Field::Number),
    ("фамилия, имя", Field::Whole),
    ("фамилия имя", Field::Whole),
    ("ф.и.о", Field::Whole),
    ("фио", Field::Whole),
    ("наименование организации", Field::Body),
    ("название организации", Field::Body),
    ("организация", Field::Body),
    ("наименование", Field::Body),
    ("фамилия", Field::Family),
    ("имя", Field::Given),
    ("отчество", Field::Patronymic),
    ("другие имена", Field::Other),
    ("иные имена", Field::Other),
    ("псевдоним", Field::Other),
    ("дата рождения", Field::Born),
    ("год рождения", Field::Born),
    ("число, месяц", Field::Born),
    ("место рождения", Field::BirthPlace),
    ("гражданство", Field::Citizenship),
    ("паспорт", Field::Document),
    ("документ", Field::Document),
    ("адрес", Field::Address),
    ("место жительства", Field::Address),
    ("место проживания", Field::Address),
    ("основание", Field::Ground),
    ("решение суда", Field::Ground),
    ("дата включения", Field::Listed),
    ("дата внесения", Field::Listed),
    ("категория", Field::Category),
];

/// Words of a title, and the list and state that they tell.
const STATES: &[(&str, &str)] = &[
    ("таджикистан", "tj"),
    ("тоҷикистон", "tj"),
    ("узбекистан", "uz"),
    ("ўзбекистон", "uz"),
    ("o‘zbekiston", "uz"),
    ("казахстан", "kz"),
    ("қазақстан", "kz"),
];

fn field(heading: &str) -> Option<Field> {
    let heading = note::spaced(heading).to_lowercase();
    HEADINGS
        .iter()
        .find(|(start, _)| heading.starts_with(start))
        .map(|(_, field)| *field)
}

/// Columns: number, heading, what it holds.
type Headings = Vec<(u32, Text, Option<Field>)>;

/// The row of headings: a name, and something beside it that only these tables have.
fn headings(sheet: &Sheet) -> Option<(usize, Headings)> {
    (0..sheet.len().min(12)).find_map(|at| {
        let found: Headings = sheet
            .row(at)?
            .cells()
            .map(|(column, text, _)| (column, note::spaced(text), field(text)))
            .collect();
        let has = |wanted: &[Field]| {
            found
                .iter()
                .any(|(_, _, field)| field.is_some_and(|f| wanted.contains(&f)))
        };
        let named = has(&[Field::Family, Field::Whole, Field::Body]);
        let more = has(&[Field::Born, Field::Listed, Field::Ground]);
        (named && more).then_some((at, found))
    })
}

fn tables(document: &Document<'_>, peek: bool) -> Result<Vec<Sheet>, ReadError> {
    let bytes = document.bytes;
    if sheets::is_xlsx(bytes) || sheets::is_compound(bytes) {
        if peek {
            return Ok(sheets::peek(bytes).unwrap_or_default());
        }
        return sheets::open(*document);
    }
    if sheets::is_html(bytes) {
        // A page that is no table with these words is not laid out to see.
        let text = sheets::page_text(bytes).to_lowercase();
        if peek && !(text.contains("<table") && text.contains("рожден")) {
            return Ok(Vec::new());
        }
        return sheets::html_tables(*document);
    }
    let delimiter = if memchr::memchr(b';', &bytes[..bytes.len().min(4096)]).is_some() {
        b';'
    } else {
        b','
    };
    if peek {
        return Ok(sheets::peek_delimited(bytes, delimiter, 12).into_iter().collect());
    }
    Ok(vec![sheets::read_delimited(document, delimiter)?])
}

/// Which state's list it is, by everything above the headings and the sheets' names; in a page also by its text.
fn state(document: &Document<'_>, sheets: &[Sheet]) -> Option<&'static str> {
    let mut words = String::new();
    for sheet in sheets {
        words.push_str(&sheet.name);
        let above = headings(sheet).map_or(sheet.len().min(12), |(at, _)| at);
        for (_, text, _) in (0..above).filter_map(|at| sheet.row(at)).flat_map(Row::cells) {
            words.push(' ');
            words.push_str(text);
        }
    }
    if sheets::is_html(document.bytes) {
        words.push_str(&sheets::page_text(document.bytes));
    }
    let words = words.to_lowercase();
    let first = STATES
        .iter()
        .filter_map(|(word, list)| Some((words.find(word)?, *list)))
        .min();
    first.map(|(_, list)| list)
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheets = tables(document, false)?;
    let refuse = |what: String, remedy: &str| ReadError::Inconsistent {
        document: document.name.to_owned(),
        what,
        remedy: remedy.to_owned(),
    };
    let told = options.list.as_deref().filter(|list| FORMAT.lists.contains(list));
    let list = told.or_else(|| state(document, &sheets)).ok_or_else(|| {
        refuse(
            "nothing tells which state's list it is".to_owned(),
            "Say so: --list tj, --list uz or --list kz",
        )
    })?;
    let mut snapshot = Snapshot::new(list, FORMAT.id);
    for sheet in &sheets {
        let Some((head, columns)) = headings(sheet) else {
            continue;
        };
        for (at, (column, heading, known)) in columns.iter().enumerate() {
            let twin = columns[..at]
                .iter()
                .find(|(_, _, other)| known.is_some() && other == known);
            if let Some((other, ..)) = twin.filter(|_| known != &Some(Field::Document)) {
                return Err(refuse(
                    format!(
                        "the column \"{heading}\" stands twice, as {} and {}",
                        letters(*other),
                        letters(*column)
                    ),
                    "Get the file from its publisher again",
                ));
            }
        }
        for (_, text, _) in (0..head).filter_map(|at| sheet.row(at)).flat_map(Row::cells) {
            snapshot.head.push(("title".to_owned(), note::spaced(text).to_string()));
        }
        for row in (head + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
            let place = if sheet.name.is_empty() {
                String::new()
            } else {
                format!("sheet \"{}\", ", sheet.name)
            };
            let position = format!("{place}row {}", row.number);
            // A row of one cell heads the rows below it: `Раздел 2. Организации`.
            if row.cells().count() == 1 {
                let words = row.cells().map(|(_, text, _)| note::spaced(text)).collect::<String>();
                snapshot.head.push((position, words));
                continue;
            }
            match record(row, &columns) {
                Ok((record, unknown)) => {
                    for heading in unknown {
                        not_understood(&mut snapshot, &heading);
                    }
                    snapshot.records.push(record);
                    snapshot.positions.push(position);
                }
                Err(reason) => snapshot.rejects.push(Reject { position, reason }),
            }
        }
    }
    note::finish(&mut snapshot, options);
    newest(&mut snapshot);
    Ok(snapshot)
}

fn record(row: Row<'_>, columns: &[(u32, Text, Option<Field>)]) -> Result<(Record, Vec<String>), String> {
    let mut record = Record::default();
    let mut unknown: Vec<String> = Vec::new();
    let (mut family, mut given, mut patronymic, mut whole, mut body) = ("", "", "", "", "");
    let (mut born, mut place, mut others) = ("", "", "");
    for (column, text, _) in row.cells() {
        let text = text.trim();
        if matches!(text, "-" | "–" | "—") {
            continue;
        }
        let (heading, field) = match columns.iter().find(|(at, ..)| *at == column) {
            Some((_, heading, field)) => (heading.clone(), *field),
            None => (format!("column {}", letters(column)).into(), None),
        };
        match field {
            Some(Field::Family) => family = text,
            Some(Field::Given) => given = text,
            Some(Field::Patronymic) => patronymic = text,
            Some(Field::Whole) => whole = text,
            Some(Field::Body) => body = text,
            Some(Field::Other) => others = text,
            Some(Field::Born) => born = text,
            Some(Field::BirthPlace) => place = text,
            Some(Field::Citizenship) => match Country::from_name(text) {
                Some(country) => add(&mut record.nationalities, country),
                None => keep_once(&mut record, &heading, text),
            },
            Some(Field::Document) => {
                let kind = if heading.to_lowercase().starts_with("паспорт") || text.to_lowercase().contains("паспорт")
                {
                    IdentifierKind::Passport
                } else {
                    IdentifierKind::Other("документ".into())
                };
                add(&mut record.identifiers, Identifier::new(kind, text));
            }
            Some(Field::Address) => record.addresses.push(standing_model::Address {
                text: text.into(),
                country: crate::country::of_place(text),
                parts: Vec::new(),
            }),
            Some(Field::Ground) => record.instruments.push(text.into()),
            Some(Field::Category) => record.programmes.push(text.into()),
            Some(Field::Listed) => record.listed_on = note::calendar(&mut record, &heading, text, any_day),
            Some(Field::Number) => keep_once(&mut record, &heading, text),
            None => {
                keep_once(&mut record, &heading, text);
                unknown.push(heading.into_string());
            }
        }
    }
    let person = !family.is_empty() || !whole.is_empty() || !given.is_empty();
    record.kind = if person {
        PartyKind::Person
    } else {
        PartyKind::Organisation
    };
    if !person && body.is_empty() {
        return Err("no name, so the row has no identity".to_owned());
    }
    let name = cells::name_of(
        NameKind::Primary,
        &[
            (PartKind::Given, given),
            (PartKind::Patronymic, patronymic),
            (PartKind::Family, family),
        ],
    );
    record.names.extend(name);
    for text in [whole, body] {
        if !text.is_empty() {
            let role = if record.names.is_empty() {
                NameKind::Primary
            } else {
                NameKind::Alias
            };
            record.names.push(standing_model::Name::new(role, note::spaced(text)));
        }
    }
    for other in others
        .split([';', '\n'])
        .map(note::spaced)
        .filter(|name| !name.is_empty())
    {
        add(&mut record.names, standing_model::Name::new(NameKind::Alias, other));
    }
    record.reference = format!("{}/{}", record.names[0].text, note::spaced(born))
        .to_lowercase()
        .into();
    births(born, place, &mut record);
    Ok((record, unknown))
}

fn births(born: &str, place: &str, record: &mut Record) {
    if born.is_empty() && place.is_empty() {
        return;
    }
    let plain = born.trim_end_matches("г.р.").trim_end_matches("г.").trim();
    let date = any_day(plain).ok().map(Into::into);
    record.births.push(Birth {
        written: (date.is_none() && !born.is_empty()).then(|| born.into()),
        date,
        place: (!place.is_empty()).then(|| Place {
            text: place.into(),
            country: crate::country::of_place(place),
        }),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::read_documents;
    use crate::sheets::made::workbook;

    fn list(bytes: &[u8], options: &ReadOptions) -> Result<Snapshot, ReadError> {
        let document = Document { name: "t", bytes };
        let mut outcome = read_documents(&[document], options).remove(0);
        assert_eq!(outcome.format, Some(FORMAT.id));
        outcome
            .result
            .as_mut()
            .map(|snapshots| snapshots.remove(0))
            .map_err(|error| error.clone())
    }

    #[test]
    fn a_workbook_of_tajikistan() {
        let bytes = workbook(&[(
            "Лист1",
            &[
                &["Национальный перечень Республики Таджикистан"],
                &[
                    "№",
                    "Фамилия",
                    "Имя",
                    "Отчество",
                    "Дата рождения",
                    "Место рождения",
                    "Гражданство",
                    "Паспорт",
                    "Основание",
                    "Дата включения",
                    "Новое",
                ],
                &[
                    "1",
                    "Каримов",
                    "Карим",
                    "Каримович",
                    "01.02.1980",
                    "г. Душанбе",
                    "-",
                    "А1234",
                    "Решение суда",
                    "05.06.2017",
                    "x",
                ],
                &["Раздел 2"],
                &["2", "", "", "", "01.02.1981"],
            ],
        )]);
        let read = list(&bytes, &ReadOptions::default()).unwrap();
        assert_eq!(read.list, "tj");
        assert_eq!(read.rejects.len(), 1);
        assert_eq!(read.not_understood, [("Новое".to_owned(), 1)]);
        insta::assert_json_snapshot!(read.records);
    }

    #[test]
    fn a_page_of_uzbekistan_and_a_table_without_a_state() {
        let page = "<html><body><p>Республика Узбекистан</p><table><tr><th>№</th><th>Ф.И.О.</th><th>Год рождения</th></tr>\
            <tr><td>1</td><td>Каримов Карим</td><td>1980 г.р.</td></tr><tr><td>2</td><td>Каримов Карим</td><td>1980 г.р.</td></tr></table></body></html>";
        let read = list(page.as_bytes(), &ReadOptions::default()).unwrap();
        assert_eq!(read.list, "uz");
        assert_eq!(read.records[1].reference, "каримов карим/1980 г.р.#2");
        let table = "№;Наименование организации;Дата включения\n1;Первая;01.02.2020\n";
        let error = list(table.as_bytes(), &ReadOptions::default()).unwrap_err().to_string();
        assert!(error.contains("--list tj"), "{error}");
        let options = ReadOptions {
            list: Some("kz".to_owned()),
            ..ReadOptions::default()
        };
        let read = list(table.as_bytes(), &options).unwrap();
        assert_eq!(
            (read.list.as_str(), read.records[0].kind),
            ("kz", PartyKind::Organisation)
        );
    }
}
