//! Opening a ledger with the register that this program brings.

use std::path::{Path, PathBuf};

use standing_ledger::{Ledger, LedgerError, RegisterFacts, RegisterNote, RegisterParty, RegisterRole, Verified};
use standing_model::step::AmendEffect;
use standing_model::{Evidence, Step};
use standing_register::Register;

use crate::error::StandingError;

/// The name under which the register stands among the source documents.
const REGISTER_NAME: &str = "register";

/// Opens a ledger for reading, as it is.
pub fn open(path: &Path) -> Result<Ledger, StandingError> {
    Ok(Ledger::open(path)?)
}

/// Opens a ledger for writing; makes it if there is none. The register that is built in is recorded when a ledger is created, and
/// again when its content has changed since. `now` is the time in RFC 3339, UTC.
pub fn open_for_writing(path: &Path, now: &str) -> Result<Ledger, StandingError> {
    let facts = embedded_facts()?;
    let document = standing_register::embedded_document();
    let mut ledger = Ledger::open_or_create(path, |ledger| record(ledger, now, &document, &facts))?;
    record(&mut ledger, now, &document, &facts)?;
    Ok(ledger)
}

/// Copies a ledger into a new file while others read and write it, and proves the copy.
pub fn back_up(path: &Path, to: &Path) -> Result<Verified, StandingError> {
    Ok(open(path)?.back_up(to)?)
}

/// Puts a backup into the place of a ledger, after it is proved whole. A ledger that is there already is moved aside, and only if
/// that is allowed; gives what was proved, and where the former one is.
pub fn restore(backup: &Path, to: &Path, replace: bool) -> Result<(Verified, Option<PathBuf>), StandingError> {
    let file = |path: &Path| {
        let path = path.display().to_string();
        move |source| StandingError::File { path, source }
    };
    let source = open(backup).map_err(|error| match error {
        StandingError::Ledger(LedgerError::Missing { path }) => {
            StandingError::Refused(format!("there is no backup at {}", path.display()))
        }
        error => error,
    })?;
    let aside = if to.exists() {
        if !replace {
            return Err(StandingError::Question(format!(
                "{} is there already. Move it away, or say --replace: it is kept beside",
                to.display()
            )));
        }
        Some(unused_beside(to)?)
    } else {
        None
    };
    let mut name = to.as_os_str().to_owned();
    name.push(".restoring");
    let making = PathBuf::from(name);
    // What an earlier restore left that was killed; the name is this command's own.
    if making.exists() {
        std::fs::remove_file(&making).map_err(file(&making))?;
    }
    let proved = source.back_up(&making)?;
    // A log that is left of another ledger would be read into this one: it goes with the former ledger, also where that is gone already
    // because an earlier restore was killed between the two.
    let away = aside.clone().map_or_else(|| unused_beside(to), Ok)?;
    if aside.is_some() {
        std::fs::rename(to, &away).map_err(file(to))?;
    }
    for suffix in ["-wal", "-shm"] {
        let part = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        match std::fs::rename(part(to), part(&away)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(file(&part(to))(e)),
            _ => {}
        }
    }
    std::fs::rename(&making, to).map_err(file(to))?;
    Ok((proved, aside))
}

/// A name for the ledger that makes room: never that of a file that is there, which may be another ledger with as many transactions.
fn unused_beside(to: &Path) -> Result<PathBuf, StandingError> {
    let head = open(to).and_then(|l| Ok(l.head()?)).map_or(0, |(n, _)| n);
    let named = |suffix: String| {
        let mut name = to.as_os_str().to_owned();
        name.push(format!(".before-restore-{head}{suffix}"));
        PathBuf::from(name)
    };
    let mut names = std::iter::once(String::new())
        .chain((2..1000).map(|n| format!("-{n}")))
        .map(named);
    names
        .find(|path| std::fs::symlink_metadata(path).is_err())
        .ok_or_else(|| StandingError::Refused(format!("too many ledgers were moved aside beside {}", to.display())))
}

/// A ledger in memory that holds the register alone.
pub fn register_only(now: &str) -> Result<Ledger, StandingError> {
    let mut ledger = Ledger::in_memory()?;
    record(
        &mut ledger,
        now,
        &standing_register::embedded_document(),
        &embedded_facts()?,
    )?;
    Ok(ledger)
}

fn record(ledger: &mut Ledger, now: &str, document: &[u8], facts: &RegisterFacts) -> Result<(), LedgerError> {
    if ledger.latest_register()?.as_deref() == Some(standing_ledger::digest(document).as_slice()) {
        return Ok(());
    }
    let transaction = ledger.begin(now, "register")?;
    transaction.register(REGISTER_NAME, document, facts)?;
    transaction.commit()?;
    Ok(())
}

/// What the register that is built in says.
pub fn embedded_facts() -> Result<RegisterFacts, StandingError> {
    let register = Register::parse(standing_register::embedded()).map_err(|findings| {
        StandingError::Register(
            findings
                .first()
                .map_or_else(|| "the register".to_owned(), ToString::to_string),
        )
    })?;
    Ok(facts(&register))
}

/// The register's entries as the ledger holds them: citations become evidence with their sources written out.
pub fn facts(register: &Register) -> RegisterFacts {
    let evidence = |citations: &[standing_register::Citation]| -> Vec<Evidence> {
        citations
            .iter()
            .filter_map(|c| {
                register
                    .sources
                    .iter()
                    .find(|s| s.id == c.source)
                    .map(|s| c.evidence(s))
            })
            .collect()
    };
    let name = |party: &str| {
        register
            .parties
            .iter()
            .find(|p| p.id == party)
            .map_or_else(|| party.to_owned(), |p| p.caption().to_owned())
    };
    RegisterFacts {
        authorities: register
            .authorities
            .iter()
            .map(standing_register::AuthorityEntry::authority)
            .collect(),
        programmes: register
            .programmes
            .iter()
            .map(standing_register::ProgrammeEntry::programme)
            .collect(),
        lists: register
            .lists
            .iter()
            .map(|l| standing_ledger::ListEntry {
                id: l.id.clone(),
                name: l.name.clone(),
                authority: l.authority.clone(),
                measures: l.measures.clone(),
                interval_days: l.interval_days,
                url: l.url.clone(),
                licence: l.licence.clone(),
            })
            .collect(),
        parties: register
            .parties
            .iter()
            .map(|p| RegisterParty {
                id: p.id.clone(),
                wikidata: p.wikidata.clone(),
                kind: p.kind,
                names: p.names.iter().map(|n| n.name.clone()).collect(),
                listings: p.listings.iter().map(ToString::to_string).collect(),
                country: p.country,
                roles: p
                    .roles
                    .iter()
                    .map(|r| RegisterRole {
                        title: r.title.clone(),
                        from: r.from,
                        until: r.until,
                    })
                    .collect(),
            })
            .collect(),
        steps: register
            .steps
            .iter()
            .map(|s| Step {
                step: format!("r:{}", s.id),
                procedure: Some(s.procedure.clone()),
                party: s.party.clone(),
                name: name(&s.party),
                listing: s.listing.clone(),
                authority: s.authority.clone(),
                measure: s.measure,
                action: s.action,
                stage: s.stage,
                on: s.on,
                known: Some(s.known),
                grade: s.grade,
                instrument: s.instrument.clone(),
                programmes: s.programmes.clone(),
                note: s.note.clone(),
                contradicted: evidence(&s.contradicted),
                earlier: None,
                fields: Vec::new(),
                effect: AmendEffect::Keeps,
                sources: evidence(&s.sources),
            })
            .collect(),
        notes: register
            .notes
            .iter()
            .map(|n| RegisterNote {
                party: n.party.clone(),
                authority: n.authority.clone(),
                measure: n.measure,
                text: n.text.clone(),
                from: n.from,
                until: n.until,
                known: n.known,
                grade: n.grade,
                sources: evidence(&n.sources),
            })
            .collect(),
    }
}

/// The register files (`*.toml`) of a directory, by their paths within it.
pub fn register_files(directory: &Path) -> Result<Vec<(String, String)>, StandingError> {
    let root = directory.to_path_buf();
    let mut files = Vec::new();
    for found in crate::files::find(std::slice::from_ref(&root))? {
        if found.path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let bytes = crate::files::read(&found.path)?;
        let within = found
            .path
            .strip_prefix(&root)
            .ok()
            .filter(|p| !p.as_os_str().is_empty());
        let name = within.unwrap_or(&found.path).display().to_string();
        let text = String::from_utf8(bytes).map_err(|e| {
            StandingError::Register(format!(
                "{name}: no UTF-8 text from byte {} on",
                e.utf8_error().valid_up_to()
            ))
        })?;
        files.push((name, text));
    }
    if files.is_empty() {
        return Err(StandingError::Register(format!(
            "{} holds no register files (*.toml)",
            directory.display()
        )));
    }
    Ok(files)
}
