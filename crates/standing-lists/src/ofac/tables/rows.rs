//! The rows of OFAC's tables, read into records: parties, then what the other tables say of each.
//!
//! Tables are in the order of the parties' numbers, so that the party of a row is mostly that of the row before, and what rows of one
//! party that stand together give it is gathered first.

use std::borrow::Cow;

use standing_model::{
    Address, DocumentSpan, Identifier, IdentifierKind, Name, NameKind, PartyKind, Record, Reject, Relation, Snapshot,
    Text,
};

use crate::country::Countries;
use crate::csv::{self, Cells, Rows};
use crate::error::{ReadError, grouped};
use crate::registry::Document;
use crate::text::trimmed;
use crate::{note, ofac};

/// A number of a party, if it is one.
pub(super) fn id(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 18 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// A cell, trimmed; `-0-` is empty.
#[inline(always)]
#[allow(clippy::inline_always)] // for each of a row's cells; a call costs more than what it does
pub(super) fn cell<'r>(rows: &'r Rows<'_>, row: &Cells, column: usize) -> Cow<'r, str> {
    match rows.text(row, column) {
        Cow::Borrowed(text) => Cow::Borrowed(said(text)),
        Cow::Owned(text) => Cow::Owned(said(&text).to_owned()),
    }
}

#[inline]
fn said(text: &str) -> &str {
    // As OFAC writes it in all but the last column.
    if text == "-0- " {
        return "";
    }
    match trimmed(text) {
        "-0-" => "",
        text => text,
    }
}

/// Remarks of the table of parties are cut at this many characters and go on in the table of comments.
const CUT: usize = 1000;

/// Finds parties by their number; tables are in the order of numbers, so that the next one is mostly the same or close by.
pub(super) struct Parties {
    /// Number and place among the records, sorted.
    ids: Vec<(u64, u32)>,
}

impl Parties {
    /// The party's place among the records. `last` is where the one before was found.
    fn find(&self, id: u64, last: &mut usize) -> Option<usize> {
        for at in *last..(*last + 4).min(self.ids.len()) {
            if self.ids[at].0 == id {
                *last = at;
                return Some(self.ids[at].1 as usize);
            }
        }
        let at = self.ids.partition_point(|&(i, _)| i < id);
        let &(found, place) = self.ids.get(at)?;
        (found == id).then(|| {
            *last = at;
            place as usize
        })
    }
}

/// Rows of a table of aliases or addresses: all, and those without a party.
pub(super) struct Fit {
    pub(super) rows: u64,
    pub(super) orphans: u64,
}

impl std::iter::Sum for Fit {
    fn sum<I: Iterator<Item = Self>>(fits: I) -> Self {
        fits.fold(Self { rows: 0, orphans: 0 }, |a, b| Self {
            rows: a.rows + b.rows,
            orphans: a.orphans + b.orphans,
        })
    }
}

fn reject(rows: &str, line: usize, reason: impl Into<String>) -> Reject {
    Reject {
        position: format!("{rows}, line {}", grouped(line as u64)),
        reason: reason.into(),
    }
}

/// What a part of the table of parties holds.
#[derive(Default)]
struct PartyRows {
    records: Vec<Record>,
    remarks: Vec<String>,
    ids: Vec<u64>,
    spans: Vec<DocumentSpan>,
    positions: Vec<String>,
    rejects: Vec<Reject>,
}

/// `ent_num, SDN_Name, SDN_Type, Program, Title, Call_Sign, Vess_type, Tonnage, GRT, Vess_flag, Vess_owner, Remarks`
pub(super) fn parties(
    document: &Document<'_>,
    index: usize,
    snapshot: &mut Snapshot,
    remarks: &mut Vec<String>,
) -> Result<Parties, ReadError> {
    let parts = csv::side_by_side(document, b',', |rows| party_rows(document, index, rows))?;
    let count = parts.iter().map(|part| part.records.len()).sum();
    let mut ids: Vec<(u64, u32)> = Vec::with_capacity(count);
    for part in parts {
        ids.extend(part.ids.iter().copied().zip(snapshot.records.len() as u32..));
        add(&mut snapshot.records, part.records, count);
        add(remarks, part.remarks, count);
        add(&mut snapshot.spans, part.spans, count);
        snapshot.positions.extend(part.positions);
        snapshot.rejects.extend(part.rejects);
    }
    ids.sort_unstable();
    Ok(Parties { ids })
}

/// Adds a part's values to those of the parts before, of which there will be so many in the end. Those of a first part are not moved.
fn add<T>(values: &mut Vec<T>, more: Vec<T>, count: usize) {
    if values.is_empty() {
        *values = more;
    } else {
        values.reserve_exact(count.saturating_sub(values.len()));
        values.extend(more);
    }
}

fn party_rows(document: &Document<'_>, index: usize, mut rows: Rows<'_>) -> Result<PartyRows, ReadError> {
    let mut part = PartyRows::default();
    let mut countries = Countries::default();
    let mut row = Cells::default();
    // Rows of parties have some 220 bytes.
    let about = rows.size() / 200;
    part.ids.reserve(about);
    part.remarks.reserve(about);
    part.records.reserve(about);
    part.spans.reserve(about);
    while rows.next(&mut row)? {
        let cell = |column| cell(&rows, &row, column);
        let number = cell(0);
        let Some(key) = id(&number) else {
            let reason = format!("\"{}\" is no party number", number.chars().take(40).collect::<String>());
            part.rejects.push(reject(document.name, row.line, reason));
            continue;
        };
        if row.len() != 12 {
            let reason = format!("party {number} has {} cells instead of 12", row.len());
            part.rejects.push(reject(document.name, row.line, reason));
            continue;
        }
        let name = cell(1);
        if name.is_empty() {
            part.rejects
                .push(reject(document.name, row.line, format!("party {number} has no name")));
            continue;
        }
        let written = cell(2);
        let kind = ofac::party(&written);
        part.records.push(Record {
            reference: number.into(),
            kind,
            ..Record::default()
        });
        let Some(record) = part.records.last_mut() else {
            continue;
        };
        if kind == PartyKind::Unknown {
            note::keep(record, "SDN_Type", &written);
        }
        record.names = vec![ofac::name(kind, NameKind::Primary, &name)];
        programmes(record, &cell(3));
        let titles = cell(4);
        if !titles.is_empty() {
            let titles = titles.split(';').map(trimmed).filter(|t| !t.is_empty());
            record.positions.extend(titles.map(Text::from));
        }
        let call_sign = cell(5);
        if !call_sign.is_empty() {
            record
                .identifiers
                .push(Identifier::new(IdentifierKind::CallSign, call_sign));
        }
        for (field, column) in [("Vess_type", 6), ("Tonnage", 7), ("GRT", 8)] {
            note::keep(record, field, &cell(column));
        }
        let flag = cell(9);
        if !flag.is_empty() {
            match countries.find(&flag) {
                Some(country) => record.nationalities.push(country),
                None => note::keep(record, "Vess_flag", &flag),
            }
        }
        let owner = cell(10);
        if !owner.is_empty() {
            record.relations.push(Relation {
                kind: "Vess_owner".into(),
                name: Some(owner.into()),
                reference: None,
            });
        }
        part.remarks.push(cell(11).into_owned());
        part.ids.push(key);
        if rows.exact() {
            part.spans.push(DocumentSpan {
                document: index as u32,
                start: row.span.start as u64,
                end: row.span.end as u64,
            });
        } else {
            part.positions.push(format!("line {}", row.line));
        }
    }
    Ok(part)
}

/// `SDGT] [IFSR`, with or without the outer brackets.
fn programmes(record: &mut Record, written: &str) {
    if !written.bytes().any(|b| matches!(b, b'[' | b']')) {
        if !written.is_empty() {
            record.programmes = vec![written.into()];
        }
        return;
    }
    let each = written.split("] [").map(|p| p.trim_matches(['[', ']', ' ']));
    record.programmes.extend(each.filter(|p| !p.is_empty()).map(Text::from));
}

/// What rows of a table of aliases or addresses give their parties, those of one party that stand together as one, so that room for it
/// is made once.
struct Gathered<T> {
    /// The parties, by their places among the records, with how many of `found` and of `kept` are theirs.
    parties: Vec<(u32, u32, u32)>,
    found: Vec<T>,
    kept: Vec<(Text, Text)>,
    /// The rows' own numbers that are not among `kept` yet, and the field that they are kept under.
    numbers: String,
    field: &'static str,
    rejects: Vec<Reject>,
    fit: Fit,
}

impl<T> Gathered<T> {
    /// Room for what so many rows give.
    fn new(field: &'static str, about: usize) -> Self {
        Self {
            parties: Vec::with_capacity(about / 2),
            found: Vec::with_capacity(about),
            kept: Vec::with_capacity(about / 2),
            numbers: String::new(),
            field,
            rejects: Vec::new(),
            fit: Fit { rows: 0, orphans: 0 },
        }
    }

    /// What follows is said of the party at this place.
    fn party(&mut self, at: usize) {
        if self.parties.last().is_none_or(|&(last, _, _)| last as usize != at) {
            self.keep_numbers();
            self.parties.push((at as u32, 0, 0));
        }
    }

    fn found(&mut self, found: T) {
        if let Some((_, count, _)) = self.parties.last_mut() {
            *count += 1;
            self.found.push(found);
        }
    }

    fn number(&mut self, number: &str) {
        if !self.numbers.is_empty() {
            self.numbers.push(' ');
        }
        self.numbers.push_str(number);
    }

    /// Keeps a further field of a row under its name, in the order of the rows.
    fn keep(&mut self, field: &'static str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.keep_numbers();
        if let Some((_, _, count)) = self.parties.last_mut() {
            *count += 1;
            self.kept.push((Text::const_new(field), value.into()));
        }
    }

    fn keep_numbers(&mut self) {
        if let (false, Some((_, _, count))) = (self.numbers.is_empty(), self.parties.last_mut()) {
            *count += 1;
            self.kept
                .push((Text::const_new(self.field), Text::from(self.numbers.as_str())));
        }
        self.numbers.clear();
    }

    /// Gives the records all that is gathered.
    fn give(mut self, snapshot: &mut Snapshot, into: impl Fn(&mut Record) -> &mut Vec<T>) -> Fit {
        self.keep_numbers();
        let (mut found, mut kept) = (self.found.into_iter(), self.kept.into_iter());
        for (at, count, fields) in self.parties {
            let record = &mut snapshot.records[at as usize];
            let list = into(record);
            list.reserve_exact(count as usize);
            list.extend(found.by_ref().take(count as usize));
            for (field, value) in kept.by_ref().take(fields as usize) {
                match record.kept.last_mut() {
                    // The party's rows stood in several places.
                    Some((last, numbers)) if field == self.field && *last == self.field => {
                        numbers.push(' ');
                        numbers.push_str(&value);
                    }
                    _ => record.kept.push((field, value)),
                }
            }
        }
        snapshot.rejects.append(&mut self.rejects);
        self.fit
    }
}

/// `ent_num, alt_num, alt_type, alt_name, alt_remarks`
fn alias_rows(
    document: &Document<'_>,
    mut rows: Rows<'_>,
    parties: &Parties,
    records: &[Record],
) -> Result<Gathered<Name>, ReadError> {
    let mut row = Cells::default();
    let mut gathered = Gathered::new("alt_num", rows.size() / 50);
    let mut last = 0;
    while rows.next(&mut row)? {
        let cell = |column| cell(&rows, &row, column);
        let key = cell(0);
        let Some(key) = id(&key).filter(|_| row.len() == 5) else {
            gathered.rejects.push(reject(
                document.name,
                row.line,
                "no row of aliases: it has no party number or not 5 cells",
            ));
            continue;
        };
        gathered.fit.rows += 1;
        let Some(at) = parties.find(key, &mut last) else {
            gathered.fit.orphans += 1;
            continue;
        };
        gathered.party(at);
        let word = cell(2);
        let name = cell(3);
        if name.is_empty() {
            gathered
                .rejects
                .push(reject(document.name, row.line, "an alias without a name"));
            continue;
        }
        gathered.found(ofac::name(records[at].kind, ofac::role(&word), &name));
        if !matches!(&*word, "aka" | "fka") {
            gathered.keep("alt_type", &word);
        }
        gathered.keep("alt_remarks", &cell(4));
        gathered.number(&cell(1));
    }
    Ok(gathered)
}

/// `ent_num, add_num, Address, City/State/Province/Postal Code, Country, add_remarks`
fn address_rows(
    document: &Document<'_>,
    mut rows: Rows<'_>,
    parties: &Parties,
) -> Result<Gathered<Address>, ReadError> {
    const FIELDS: [&str; 3] = ["Address", "City/State/Province/Postal Code", "Country"];
    let mut row = Cells::default();
    let mut countries = Countries::default();
    let mut gathered = Gathered::new("add_num", rows.size() / 60);
    let mut last = 0;
    while rows.next(&mut row)? {
        let cell = |column| cell(&rows, &row, column);
        let key = cell(0);
        let Some(key) = id(&key).filter(|_| row.len() == 6) else {
            gathered.rejects.push(reject(
                document.name,
                row.line,
                "no row of addresses: it has no party number or not 6 cells",
            ));
            continue;
        };
        gathered.fit.rows += 1;
        let Some(at) = parties.find(key, &mut last) else {
            gathered.fit.orphans += 1;
            continue;
        };
        gathered.party(at);
        let cells = [cell(2), cell(3), cell(4)];
        let count = cells.iter().filter(|c| !c.is_empty()).count();
        if count > 0 {
            let mut address = Address {
                text: one_line(&cells),
                country: countries.find(&cells[2]),
                parts: Vec::with_capacity(count),
            };
            for (field, text) in FIELDS.into_iter().zip(&cells).filter(|(_, c)| !c.is_empty()) {
                address.parts.push((Text::const_new(field), Text::from(&**text)));
            }
            gathered.found(address);
        }
        gathered.keep("add_remarks", &cell(5));
        gathered.number(&cell(1));
    }
    Ok(gathered)
}

/// Reads the tables of aliases and addresses and gives the parties what they say.
pub(super) fn of_parties(
    aliases: Option<&Document<'_>>,
    addresses: Option<&Document<'_>>,
    parties: &Parties,
    snapshot: &mut Snapshot,
) -> Result<(Option<Fit>, Option<Fit>), ReadError> {
    let records = &snapshot.records;
    let (names, places) = rayon::join(
        || {
            let read =
                |document| csv::side_by_side(document, b',', |rows| alias_rows(document, rows, parties, records));
            aliases.map(read).transpose()
        },
        || {
            let read = |document| csv::side_by_side(document, b',', |rows| address_rows(document, rows, parties));
            addresses.map(read).transpose()
        },
    );
    let (names, places) = (names?, places?);
    let names = names.map(|parts| {
        let fits = parts
            .into_iter()
            .map(|part| part.give(snapshot, |record| &mut record.names));
        fits.sum()
    });
    let places = places.map(|parts| {
        let fits = parts
            .into_iter()
            .map(|part| part.give(snapshot, |record| &mut record.addresses));
        fits.sum()
    });
    Ok((names, places))
}

/// What is said of them, joined by commas.
fn one_line(cells: &[Cow<'_, str>; 3]) -> Text {
    let mut said = cells.iter().filter(|cell| !cell.is_empty());
    let Some(first) = said.next() else {
        return Text::default();
    };
    let mut text = Text::with_capacity(cells.iter().map(|c| c.len() + 2).sum());
    text.push_str(first);
    for more in said {
        text.push_str(", ");
        text.push_str(more);
    }
    text
}

/// `ent_num, remarks`: the rest of a remark that was cut.
pub(super) fn comments(
    document: &Document<'_>,
    parties: &Parties,
    snapshot: &mut Snapshot,
    remarks: &mut [String],
) -> Result<(), ReadError> {
    let mut rows = Rows::open(document, b',')?;
    let mut row = Cells::default();
    let (mut all, mut lost) = (0_u64, 0_u64);
    let mut joined = Vec::new();
    let mut last = 0;
    while rows.next(&mut row)? {
        all += 1;
        let rest = match rows.text(&row, 1) {
            // A leading blank belongs to the remark that was cut there.
            text if text.trim() == "-0-" => Cow::Borrowed(""),
            text => text,
        };
        match id(&cell(&rows, &row, 0)).and_then(|key| parties.find(key, &mut last)) {
            Some(at) if remarks[at].chars().count() >= CUT - 1 => {
                remarks[at].push_str(&rest);
                joined.push(at);
            }
            Some(at) => {
                let record = &mut snapshot.records[at];
                note::doubt(
                    record,
                    "comments",
                    &rest,
                    "goes on a remark that is not cut; the files may be of different days",
                );
            }
            None => {
                lost += 1;
                let reason = format!("no party {} for this rest of a remark: {rest}", cell(&rows, &row, 0));
                snapshot.rejects.push(reject(document.name, row.line, reason));
            }
        }
    }
    if lost > 0 {
        for at in joined {
            snapshot.records[at]
                .doubts
                .push("Remarks: their rest comes from a file of another day".to_owned());
        }
        snapshot.warnings.push(format!(
            "{} of {} rests of overlong remarks ({}) have no party: that file is of another day",
            grouped(lost),
            grouped(all),
            document.name
        ));
    }
    Ok(())
}
