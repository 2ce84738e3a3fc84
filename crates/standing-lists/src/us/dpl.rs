//! The Denied Persons List of the US Bureau of Industry and Security: a table separated by tabs, one row for each address.
//!
//! The list has no reference. Rows of one name and one effective date are one denial order with several addresses; the two together
//! are the identity, which breaks when either is corrected. The table bears no date.

use standing_model::{Address, DocumentSpan, Name, NameKind, PartyKind, Record, Reject, Snapshot, Text};

use crate::country::Countries;
use crate::csv::{Cells, Headings, Rows};
use crate::dates::{self, Order};
use crate::error::{ReadError, grouped};
use crate::note;
use crate::registry::{Document, Format, ReadOptions};
use crate::several_names::apart;

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "us-dpl-txt",
    lists: &["us-dpl"],
    summary: "US Bureau of Industry and Security, Denied Persons List, tab-separated",
    part: |bytes| {
        let head = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let plain: Vec<u8> = head.iter().take(200).copied().filter(|b| *b != b'"').collect();
        plain
            .starts_with(b"Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\t")
            .then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const ADDRESS: [&str; 5] = ["Street_Address", "City", "State", "Postal_Code", "Country"];
const KEPT: [&str; 5] = [
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
];

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let mut rows = Rows::open(document, b'\t')?;
    let mut row = Cells::default();
    let mut snapshot = Snapshot::new("us-dpl", FORMAT.id);
    rows.next(&mut row)?;
    let headings = Headings::of(&rows, &row);
    let wanted = [
        "Name",
        "Effective_Date",
        "Street_Address",
        "City",
        "Country",
        "FR_Citation",
    ];
    let wrong = headings
        .missing(&wanted)
        .map(|m| format!("the column \"{m}\" is missing"))
        .or_else(|| headings.doubled().map(|d| format!("the column \"{d}\" occurs twice")));
    if let Some(what) = wrong {
        return Err(ReadError::Inconsistent {
            document: document.name.to_owned(),
            what,
            remedy: "The layout has changed, or a spreadsheet program has; get the file from its publisher".to_owned(),
        });
    }
    let mut countries = Countries::default();
    let mut known: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    while rows.next(&mut row)? {
        let cell = |name: &str| {
            headings
                .column(name)
                .map_or_else(String::new, |c| rows.text(&row, c).trim().to_owned())
        };
        let name = note::spaced(&cell("Name"));
        let effective = cell("Effective_Date");
        if name.is_empty() || row.len() != headings.names.len() {
            snapshot.rejects.push(Reject {
                position: format!("line {}", grouped(row.line as u64)),
                reason: if name.is_empty() {
                    "a row without a name".to_owned()
                } else {
                    format!("{} cells instead of {}", row.len(), headings.names.len())
                },
            });
            continue;
        }
        let reference = format!("{name}|{effective}");
        let at = *known.entry(reference.clone()).or_insert_with(|| {
            snapshot.records.push(Record {
                reference: reference.into(),
                kind: PartyKind::Unknown,
                names: apart(NameKind::Primary, &name)
                    .into_iter()
                    .map(|(kind, name)| Name::new(kind, name))
                    .collect(),
                ..Record::default()
            });
            if rows.exact() {
                snapshot.spans.push(DocumentSpan {
                    document: 0,
                    start: row.span.start as u64,
                    end: row.span.end as u64,
                });
            } else {
                snapshot.positions.push(format!("line {}", row.line));
            }
            snapshot.records.len() - 1
        });
        let record = &mut snapshot.records[at];
        if record.listed_on.is_none() && !effective.is_empty() {
            let read = |t: &str| dates::numeric(t, Order::MonthFirst);
            record.listed_on = note::calendar(record, "Effective_Date", &effective, read);
        }
        let parts: Vec<(Text, Text)> = ADDRESS
            .iter()
            .map(|field| (Text::const_new(field), cell(field).into()))
            .filter(|(_, text): &(Text, Text)| !text.is_empty())
            .collect();
        if !parts.is_empty() {
            let texts: Vec<&str> = parts.iter().map(|(_, t)| t.as_str()).collect();
            record.addresses.push(Address {
                text: texts.join(", ").into(),
                country: countries.find(&cell("Country")),
                parts,
            });
        }
        // What a further address repeats is kept once.
        for field in KEPT {
            let value = cell(field);
            if !record.kept.iter().any(|(f, v)| f == field && *v == value) {
                note::keep(record, field, &value);
            }
        }
        for name in &headings.names {
            if !(name == "Name"
                || name == "Effective_Date"
                || ADDRESS.contains(&name.as_str())
                || KEPT.contains(&name.as_str()))
            {
                let value = cell(name);
                if !value.is_empty() {
                    note::count(&mut snapshot.not_understood, name);
                    note::keep(record, name, &value);
                }
            }
        }
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}
