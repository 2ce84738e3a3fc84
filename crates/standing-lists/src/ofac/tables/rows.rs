//! The rows of OFAC's tables, read into records: parties, then what the other tables say of each.
//!
//! Tables are in the order of the parties' numbers, so that the party of a row is mostly that of the row before, and what rows of one
//! party that stand together give it is gathered first.

use std::borrow::Cow;

use standing_model::{
    Address, DocumentSpan, Identifier, IdentifierKind, NameKind, PartyKind, Record, Reject, Relation, Snapshot, Text,
};

use crate::country::Countries;
use crate::csv::{Cells, Rows};
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
    last: usize,
}

impl Parties {
    fn find(&mut self, id: u64) -> Option<usize> {
        for at in self.last..(self.last + 4).min(self.ids.len()) {
            if self.ids[at].0 == id {
                self.last = at;
                return Some(self.ids[at].1 as usize);
            }
        }
        let at = self.ids.partition_point(|&(i, _)| i < id);
        let &(found, place) = self.ids.get(at)?;
        (found == id).then(|| {
            self.last = at;
            place as usize
        })
    }
}

/// Rows of a table of aliases or addresses: all, and those without a party.
pub(super) struct Fit {
    pub(super) rows: u64,
    pub(super) orphans: u64,
}

fn reject(rows: &str, line: usize, reason: impl Into<String>) -> Reject {
    Reject {
        position: format!("{rows}, line {}", grouped(line as u64)),
        reason: reason.into(),
    }
}

/// `ent_num, SDN_Name, SDN_Type, Program, Title, Call_Sign, Vess_type, Tonnage, GRT, Vess_flag, Vess_owner, Remarks`
pub(super) fn parties(
    document: &Document<'_>,
    index: usize,
    snapshot: &mut Snapshot,
    remarks: &mut Vec<String>,
    countries: &mut Countries,
) -> Result<Parties, ReadError> {
    let mut rows = Rows::open(document, b',')?;
    let mut row = Cells::default();
    let mut ids = Vec::new();
    // Rows of parties have some 250 bytes.
    let about = document.bytes.len() / 256;
    ids.reserve(about);
    remarks.reserve(about);
    snapshot.records.reserve(about);
    snapshot.spans.reserve(about);
    while rows.next(&mut row)? {
        let cell = |column| cell(&rows, &row, column);
        let number = cell(0);
        let Some(key) = id(&number) else {
            let reason = format!("\"{}\" is no party number", number.chars().take(40).collect::<String>());
            snapshot.rejects.push(reject(document.name, row.line, reason));
            continue;
        };
        if row.len() != 12 {
            let reason = format!("party {number} has {} cells instead of 12", row.len());
            snapshot.rejects.push(reject(document.name, row.line, reason));
            continue;
        }
        let name = cell(1);
        if name.is_empty() {
            snapshot
                .rejects
                .push(reject(document.name, row.line, format!("party {number} has no name")));
            continue;
        }
        let written = cell(2);
        let kind = ofac::party(&written);
        let mut record = Record {
            reference: number.into(),
            kind,
            ..Record::default()
        };
        if kind == PartyKind::Unknown {
            note::keep(&mut record, "SDN_Type", &written);
        }
        record.names = vec![ofac::name(kind, NameKind::Primary, &name)];
        programmes(&mut record, &cell(3));
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
            note::keep(&mut record, field, &cell(column));
        }
        let flag = cell(9);
        if !flag.is_empty() {
            match countries.find(&flag) {
                Some(country) => record.nationalities.push(country),
                None => note::keep(&mut record, "Vess_flag", &flag),
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
        remarks.push(cell(11).into_owned());
        ids.push((key, snapshot.records.len() as u32));
        snapshot.records.push(record);
        if rows.exact() {
            snapshot.spans.push(DocumentSpan {
                document: index as u32,
                start: row.span.start as u64,
                end: row.span.end as u64,
            });
        } else {
            snapshot.positions.push(format!("line {}", row.line));
        }
    }
    ids.sort_unstable();
    Ok(Parties { ids, last: 0 })
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

/// What rows of one party that stand together give its record, so that room for it is made once.
struct Gathered<T> {
    /// The party's place among the records.
    at: usize,
    found: Vec<T>,
    /// The rows' own numbers, and the field that they are kept under.
    numbers: String,
    field: &'static str,
}

impl<T> Gathered<T> {
    fn new(field: &'static str) -> Self {
        Self {
            at: 0,
            found: Vec::new(),
            numbers: String::new(),
            field,
        }
    }

    fn number(&mut self, number: &str) {
        if !self.numbers.is_empty() {
            self.numbers.push(' ');
        }
        self.numbers.push_str(number);
    }

    /// Gives the record the numbers gathered so far, after those that it has.
    fn give_numbers(&mut self, record: &mut Record) {
        if self.numbers.is_empty() {
            return;
        }
        match record.kept.last_mut() {
            Some((last, numbers)) if *last == self.field => {
                numbers.push(' ');
                numbers.push_str(&self.numbers);
            }
            _ => record
                .kept
                .push((Text::const_new(self.field), Text::from(&self.numbers))),
        }
        self.numbers.clear();
    }

    /// Gives the record all that is gathered.
    fn give(&mut self, record: &mut Record, into: impl FnOnce(&mut Record) -> &mut Vec<T>) {
        let into = into(record);
        into.reserve_exact(self.found.len());
        into.append(&mut self.found);
        self.give_numbers(record);
    }

    /// Keeps a further field of a row under its name, in the order of the rows.
    fn keep(&mut self, record: &mut Record, field: &'static str, value: &str) {
        if !value.is_empty() {
            self.give_numbers(record);
            record.kept.push((Text::const_new(field), value.into()));
        }
    }
}

/// `ent_num, alt_num, alt_type, alt_name, alt_remarks`
pub(super) fn aliases(
    document: &Document<'_>,
    parties: &mut Parties,
    snapshot: &mut Snapshot,
) -> Result<Fit, ReadError> {
    let mut rows = Rows::open(document, b',')?;
    let mut row = Cells::default();
    let mut fit = Fit { rows: 0, orphans: 0 };
    let mut gathered = Gathered::new("alt_num");
    parties.last = 0;
    while rows.next(&mut row)? {
        let cell = |column| cell(&rows, &row, column);
        let key = cell(0);
        let Some(key) = id(&key).filter(|_| row.len() == 5) else {
            snapshot.rejects.push(reject(
                document.name,
                row.line,
                "no row of aliases: it has no party number or not 5 cells",
            ));
            continue;
        };
        fit.rows += 1;
        let Some(at) = parties.find(key) else {
            fit.orphans += 1;
            continue;
        };
        if at != gathered.at {
            gathered.give(&mut snapshot.records[gathered.at], |record| &mut record.names);
            gathered.at = at;
        }
        let record = &mut snapshot.records[at];
        let word = cell(2);
        let name = cell(3);
        if name.is_empty() {
            snapshot
                .rejects
                .push(reject(document.name, row.line, "an alias without a name"));
            continue;
        }
        let alias = ofac::name(record.kind, ofac::role(&word), &name);
        gathered.found.push(alias);
        if !matches!(&*word, "aka" | "fka") {
            gathered.keep(record, "alt_type", &word);
        }
        gathered.keep(record, "alt_remarks", &cell(4));
        gathered.number(&cell(1));
    }
    if let Some(record) = snapshot.records.get_mut(gathered.at) {
        gathered.give(record, |record| &mut record.names);
    }
    Ok(fit)
}

/// `ent_num, add_num, Address, City/State/Province/Postal Code, Country, add_remarks`
pub(super) fn addresses(
    document: &Document<'_>,
    parties: &mut Parties,
    snapshot: &mut Snapshot,
    countries: &mut Countries,
) -> Result<Fit, ReadError> {
    const FIELDS: [&str; 3] = ["Address", "City/State/Province/Postal Code", "Country"];
    let mut rows = Rows::open(document, b',')?;
    let mut row = Cells::default();
    let mut fit = Fit { rows: 0, orphans: 0 };
    let mut gathered = Gathered::new("add_num");
    parties.last = 0;
    while rows.next(&mut row)? {
        let cell = |column| cell(&rows, &row, column);
        let key = cell(0);
        let Some(key) = id(&key).filter(|_| row.len() == 6) else {
            snapshot.rejects.push(reject(
                document.name,
                row.line,
                "no row of addresses: it has no party number or not 6 cells",
            ));
            continue;
        };
        fit.rows += 1;
        let Some(at) = parties.find(key) else {
            fit.orphans += 1;
            continue;
        };
        if at != gathered.at {
            gathered.give(&mut snapshot.records[gathered.at], |record| &mut record.addresses);
            gathered.at = at;
        }
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
            gathered.found.push(address);
        }
        gathered.keep(&mut snapshot.records[at], "add_remarks", &cell(5));
        gathered.number(&cell(1));
    }
    if let Some(record) = snapshot.records.get_mut(gathered.at) {
        gathered.give(record, |record| &mut record.addresses);
    }
    Ok(fit)
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
    parties: &mut Parties,
    snapshot: &mut Snapshot,
    remarks: &mut [String],
) -> Result<(), ReadError> {
    let mut rows = Rows::open(document, b',')?;
    let mut row = Cells::default();
    let (mut all, mut lost) = (0_u64, 0_u64);
    let mut joined = Vec::new();
    parties.last = 0;
    while rows.next(&mut row)? {
        all += 1;
        let rest = match rows.text(&row, 1) {
            // A leading blank belongs to the remark that was cut there.
            text if text.trim() == "-0-" => Cow::Borrowed(""),
            text => text,
        };
        match id(&cell(&rows, &row, 0)).and_then(|key| parties.find(key)) {
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
