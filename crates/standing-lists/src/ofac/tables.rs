//! OFAC's CSV files: a table of parties (`sdn.csv`, `cons_prim.csv`) and, for the same day, tables of aliases, addresses and overlong
//! remarks. No headings; `-0-` for empty; a DOS end-of-file byte at the end. They bear no date.
//!
//! Columns: OFAC, "Data specification for the SDN and consolidated lists" (dat_spec.txt). Identity is `ent_num`. Rows of aliases or
//! addresses whose party is missing mean that the files are of different days, and refuse the set. Overlong remarks without a
//! party are rejected one by one: nothing else rests on them.

use std::borrow::Cow;

use standing_model::{
    Address, DocumentSpan, Identifier, IdentifierKind, NameKind, Note, PartyKind, Record, Reject, Relation, Snapshot,
    Text,
};

use crate::country::Countries;
use crate::csv::{Cells, Rows};
use crate::error::{ReadError, grouped};
use crate::registry::{Document, Format, ReadOptions};
use crate::text::trimmed;
use crate::{note, ofac};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ofac-csv",
    lists: &[ofac::SDN, ofac::CONSOLIDATED],
    summary: "OFAC SDN and consolidated lists, CSV: parties with aliases, addresses and comments",
    part,
    sets: Some(sets),
    read: |documents, options| read(documents, options).map(|snapshot| vec![snapshot]),
};

const PARTIES: &str = "parties";
const ALIASES: &str = "aliases";
const ADDRESSES: &str = "addresses";
const COMMENTS: &str = "comments";

/// Remarks of the table of parties are cut at this many characters and go on in the table of comments.
const CUT: usize = 1000;

/// Which of the tables it is, by its first rows.
fn part(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.first()?.is_ascii_digit() {
        return None;
    }
    // Whole rows only: what a cut row looks like says nothing.
    let head = &bytes[..bytes.len().min(1 << 15)];
    let head = if head.len() < bytes.len() {
        &head[..memchr::memrchr(b'\n', head)?]
    } else {
        head
    };
    let mut rows = Rows::open(&Document { name: "", bytes: head }, b',').ok()?;
    let mut row = Cells::default();
    let mut table = None;
    for _ in 0..3 {
        match rows.next(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return table,
        }
        let cell = |column| cell(&rows, &row, column);
        let numbered = |column| {
            let text = cell(column);
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
        };
        let found = match row.len() {
            12 if numbered(0) && matches!(&*cell(2), "individual" | "vessel" | "aircraft" | "entity" | "") => PARTIES,
            5 if numbered(0) && numbered(1) && matches!(&*cell(2), "aka" | "fka" | "nka") => ALIASES,
            6 if numbered(0) && numbered(1) && !numbered(4) => ADDRESSES,
            2 if numbered(0) && (cell(1).contains(';') || cell(1).ends_with('.')) => COMMENTS,
            _ => return None,
        };
        if table.is_some_and(|t| t != found) {
            return None;
        }
        table = Some(found);
    }
    table
}

/// Each table of parties with the other tables that speak of its parties most.
fn sets(documents: &[Document<'_>]) -> Vec<Vec<usize>> {
    let parts: Vec<_> = documents.iter().map(|d| part(d.bytes)).collect();
    let parties: Vec<usize> = (0..documents.len()).filter(|&i| parts[i] == Some(PARTIES)).collect();
    let mut sets: Vec<Vec<usize>> = parties.iter().map(|&i| vec![i]).collect();
    if sets.len() <= 1 {
        return vec![(0..documents.len()).collect()];
    }
    let ids: Vec<std::collections::HashSet<u64>> = parties
        .iter()
        .map(|&i| line_ids(documents[i].bytes).collect())
        .collect();
    for (i, document) in documents.iter().enumerate().filter(|(i, _)| !parties.contains(i)) {
        let shared = |set: usize| line_ids(document.bytes).filter(|id| ids[set].contains(id)).count();
        let best = (0..sets.len()).max_by_key(|&set| (shared(set), std::cmp::Reverse(set)));
        if let Some(best) = best {
            sets[best].push(i);
        }
    }
    sets
}

/// The numbers with which lines begin. A line inside a quoted cell may add a wrong one, which does not matter for counting.
fn line_ids(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.split(|&b| b == b'\n').filter_map(|line| {
        let digits = line.iter().take_while(|b| b.is_ascii_digit()).count();
        id(std::str::from_utf8(&line[..digits]).ok()?)
    })
}

fn id(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 18 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// A cell, trimmed; `-0-` is empty.
#[inline(always)]
fn cell<'r>(rows: &'r Rows<'_>, row: &Cells, column: usize) -> Cow<'r, str> {
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

/// Finds parties by their number; tables are in the order of numbers, so that the next one is mostly the same or close by.
struct Parties {
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

/// Reads the tables of one day.
fn read(documents: &[Document<'_>], options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let mut tables: Vec<(&'static str, usize)> = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let table = part(document.bytes).unwrap_or(PARTIES);
        if let Some((_, other)) = tables.iter().find(|(t, _)| *t == table) {
            return Err(ReadError::Inconsistent {
                document: document.name.to_owned(),
                what: format!("a second table of {table} beside {}", documents[*other].name),
                remedy: "Put the files of each day and list into a folder of their own".to_owned(),
            });
        }
        tables.push((table, index));
    }
    let table = |name: &str| {
        tables
            .iter()
            .find(|(t, _)| *t == name)
            .map(|&(_, index)| (index, &documents[index]))
    };
    let Some((index, main)) = table(PARTIES) else {
        return Err(ReadError::Inconsistent {
            document: documents.iter().map(|d| d.name).collect::<Vec<_>>().join(", "),
            what: "the table of parties (sdn.csv or cons_prim.csv) is missing".to_owned(),
            remedy: "Give all files of one day together, in one folder or archive".to_owned(),
        });
    };
    let mut snapshot = Snapshot::new("", FORMAT.id);
    let mut countries = Countries::default();
    let mut remarks: Vec<String> = Vec::new();
    let mut parties = read_parties(main, index, &mut snapshot, &mut remarks, &mut countries)?;
    let aliases = table(ALIASES)
        .map(|(_, document)| read_aliases(document, &mut parties, &mut snapshot))
        .transpose()?;
    let addresses = table(ADDRESSES)
        .map(|(_, document)| read_addresses(document, &mut parties, &mut snapshot, &mut countries))
        .transpose()?;
    fits(documents, main.name, aliases.as_ref(), addresses.as_ref())?;
    if let Some((_, document)) = table(COMMENTS) {
        read_comments(document, &mut parties, &mut snapshot, &mut remarks)?;
    }
    for (name, missing) in [(ALIASES, aliases.is_none()), (ADDRESSES, addresses.is_none())] {
        if missing {
            snapshot.warnings.push(format!("the table of {name} was not given"));
        }
    }
    let mut remark = ofac::remarks::Remarks::default();
    for (record, remarks) in snapshot.records.iter_mut().zip(remarks) {
        if !remarks.is_empty() {
            remark.read(record, &remarks, &mut countries);
            record.notes = vec![Note {
                field: "Remarks".into(),
                text: remarks,
            }];
        }
    }
    snapshot.list = ofac::which(main.name, &snapshot.records, options)?;
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// Rows of a table of aliases or addresses: all, and those without a party.
struct Fit {
    rows: u64,
    orphans: u64,
}

/// Refuses a set whose tables are of different days.
fn fits(
    documents: &[Document<'_>],
    main: &str,
    aliases: Option<&Fit>,
    addresses: Option<&Fit>,
) -> Result<(), ReadError> {
    let told: Vec<String> = [("alias rows", aliases), ("addresses", addresses)]
        .iter()
        .filter_map(|(what, fit)| fit.filter(|f| f.orphans > 0).map(|f| (what, f)))
        .map(|(what, fit)| format!("{} of {} {what}", grouped(fit.orphans), grouped(fit.rows)))
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    Err(ReadError::Inconsistent {
        document: documents.iter().map(|d| d.name).collect::<Vec<_>>().join(", "),
        what: format!(
            "{} have no party in {main}: the files are of different days",
            told.join(" and ")
        ),
        remedy: "Nothing was taken; give files that were downloaded together".to_owned(),
    })
}

fn reject(rows: &str, line: usize, reason: impl Into<String>) -> Reject {
    Reject {
        position: format!("{rows}, line {}", grouped(line as u64)),
        reason: reason.into(),
    }
}

/// `ent_num, SDN_Name, SDN_Type, Program, Title, Call_Sign, Vess_type, Tonnage, GRT, Vess_flag, Vess_owner, Remarks`
fn read_parties(
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
fn read_aliases(document: &Document<'_>, parties: &mut Parties, snapshot: &mut Snapshot) -> Result<Fit, ReadError> {
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
fn read_addresses(
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
fn read_comments(
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
