//! OFAC's CSV files: a table of parties (`sdn.csv`, `cons_prim.csv`) and, for the same day, tables of aliases, addresses and overlong
//! remarks. No headings; `-0-` for empty; a DOS end-of-file byte at the end. They bear no date.
//!
//! Columns: OFAC, "Data specification for the SDN and consolidated lists" (dat_spec.txt). Identity is `ent_num`. Rows of aliases or
//! addresses whose party is missing mean that the files are of different days, and refuse the set. Overlong remarks without a
//! party are rejected one by one: nothing else rests on them. Here the files of a day are told and brought together; [`rows`] reads them.

mod rows;

use rayon::prelude::*;
use standing_model::{Note, Record, Snapshot, Text};

use crate::country::Countries;
use crate::csv::{Cells, Rows};
use crate::error::{ReadError, grouped};
use crate::registry::{Document, Format, ReadOptions};
use crate::{note, ofac};
use rows::{Fit, cell, id};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ofac-csv",
    lists: &[ofac::SDN, ofac::CONSOLIDATED],
    summary: "OFAC SDN and consolidated lists, CSV: parties with aliases, addresses and comments",
    part,
    sets: Some(sets),
    read: |documents, options| read(documents, options).map(|snapshot| vec![snapshot]),
};

/// The remarks of so many parties are read by one thread at a time.
const TOGETHER: usize = if cfg!(fuzzing) { 2 } else { 1024 };

const PARTIES: &str = "parties";
const ALIASES: &str = "aliases";
const ADDRESSES: &str = "addresses";
const COMMENTS: &str = "comments";

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
    let mut remarks: Vec<String> = Vec::new();
    let parties = rows::parties(main, index, &mut snapshot, &mut remarks)?;
    let document = |name| table(name).map(|(_, document)| document);
    let (aliases, addresses) = rows::of_parties(document(ALIASES), document(ADDRESSES), &parties, &mut snapshot)?;
    fits(documents, main.name, aliases.as_ref(), addresses.as_ref())?;
    if let Some(document) = document(COMMENTS) {
        rows::comments(document, &parties, &mut snapshot, &mut remarks)?;
    }
    for (name, missing) in [(ALIASES, aliases.is_none()), (ADDRESSES, addresses.is_none())] {
        if missing {
            snapshot.warnings.push(format!("the table of {name} was not given"));
        }
    }
    let read = |records: &mut [Record], remarks: &mut [String]| {
        let (mut remark, mut countries) = (ofac::remarks::Remarks::default(), Countries::default());
        for (record, remarks) in records.iter_mut().zip(remarks) {
            if !remarks.is_empty() {
                remark.read(record, remarks, &mut countries);
                record.notes = vec![Note {
                    field: Text::const_new("Remarks"),
                    text: std::mem::take(remarks),
                }];
            }
        }
    };
    if snapshot.records.len() < 2 * TOGETHER {
        read(&mut snapshot.records, &mut remarks);
    } else {
        let records = snapshot.records.par_chunks_mut(TOGETHER);
        let remarks = remarks.par_chunks_mut(TOGETHER);
        records
            .zip(remarks)
            .for_each(|(records, remarks)| read(records, remarks));
    }
    snapshot.list = ofac::which(main.name, &snapshot.records, options)?;
    note::finish(&mut snapshot, options);
    Ok(snapshot)
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
