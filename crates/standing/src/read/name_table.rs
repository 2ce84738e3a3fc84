//! The listed names of a ledger as one file beside it, so that reading starts at once.
//!
//! Decoding every record to get at its names takes longer than reading an article. The table holds them for one state of the ledger and says
//! which: where that is not the present one, or a byte is not as it was written, it is made anew. It holds nothing that the ledger does not
//! give again, and may be deleted at any time.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use standing_ledger::View;
use standing_model::PartyKind;

use super::{hex, names};
use crate::error::StandingError;

/// The first words of the file: what it is, and the version of its layout.
const HEAD: &str = "standing-names 1";

const KINDS: [(PartyKind, &str); 6] = [
    (PartyKind::Person, "person"),
    (PartyKind::Organisation, "organisation"),
    (PartyKind::Vessel, "vessel"),
    (PartyKind::Aircraft, "aircraft"),
    (PartyKind::Government, "government"),
    (PartyKind::Unknown, "unknown"),
];

/// Where the table of a ledger lies: `standing.db.names`.
pub fn place(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".names");
    name.into()
}

/// Calls `f` with every listed party as [`each`] does, and writes nothing: without a table the names are taken from the records.
pub(crate) fn look(
    view: &View<'_>,
    place: &Path,
    f: &mut dyn FnMut(&str, PartyKind, &mut dyn Iterator<Item = &str>),
) -> Result<(), StandingError> {
    let state = hex(&standing_ledger::digest(view.state_of_listings()?.as_bytes()));
    match load(place, &state) {
        Some(table) => {
            rows(&table, f);
            Ok(())
        }
        None => each(view, None, f),
    }
}

/// Calls `f` with every listed party: id, kind, names. Takes them from the table at `place`, or makes it.
pub(crate) fn each(
    view: &View<'_>,
    place: Option<&Path>,
    f: &mut dyn FnMut(&str, PartyKind, &mut dyn Iterator<Item = &str>),
) -> Result<(), StandingError> {
    let state = hex(&standing_ledger::digest(view.state_of_listings()?.as_bytes()));
    if let Some(table) = place.and_then(|place| load(place, &state)) {
        rows(&table, f);
        return Ok(());
    }
    let mut table = String::new();
    names::listed(view, &mut |id, kind, listed| {
        let kind = KINDS
            .iter()
            .find(|(k, _)| *k == kind)
            .map_or("unknown", |(_, word)| word);
        // Writing to a string cannot fail.
        let _ = write!(table, "{id}\t{kind}");
        for name in listed {
            table.push('\t');
            table.extend(name.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        table.push('\n');
    })?;
    rows(&table, f);
    if let Some(place) = place
        && let Err(error) = keep(place, &state, &table)
    {
        tracing::warn!(place = %place.display(), %error, "the table of names cannot be kept; the next start will be slower");
    }
    Ok(())
}

fn rows(table: &str, f: &mut dyn FnMut(&str, PartyKind, &mut dyn Iterator<Item = &str>)) {
    for row in table.lines() {
        let mut cells = row.split('\t');
        let (Some(id), Some(kind)) = (cells.next(), cells.next()) else {
            continue;
        };
        let kind = KINDS
            .iter()
            .find(|(_, word)| *word == kind)
            .map_or(PartyKind::Unknown, |(k, _)| *k);
        f(id, kind, &mut cells);
    }
}

fn head(state: &str, table: &str) -> String {
    format!("{HEAD} {state} {}\n", hex(&standing_ledger::digest(table.as_bytes())))
}

/// The table, if it is there, whole, and of this state.
fn load(place: &Path, state: &str) -> Option<String> {
    let text = std::fs::read_to_string(place).ok()?;
    let end = text.find('\n')? + 1;
    let (first, table) = text.split_at(end);
    (first == head(state, table)).then(|| table.to_owned())
}

/// Written beside its place and moved there, so that nobody reads half of it.
fn keep(place: &Path, state: &str, table: &str) -> std::io::Result<()> {
    let beside = place.with_extension(format!("names.{}", std::process::id()));
    std::fs::write(&beside, head(state, table) + table)?;
    std::fs::rename(&beside, place).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}
