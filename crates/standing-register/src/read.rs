//! From the text of the files to entries.
//!
//! Every file may hold every kind of table; that parties and steps stand in folders of their own is a convention for people. What is
//! wrong within one table (a field missing, a date that does not exist, a word that is none) is found here; what is wrong between
//! tables is found by [`crate::check`].

use standing_model::{Action, Grade, Instrument, ListingId, Measure, Name, NameKind, NameQuality, PartyKind, Stage};
use toml::de::{DeTable, DeValue};

use crate::entry::{
    AuthorityEntry, Citation, DownloadEntry, ListEntry, NoteEntry, PartyEntry, PartyName, ProcedureEntry,
    ProcedureStage, ProgrammeEntry, Role, SourceEntry, StepEntry,
};
use crate::finding::Finding;
use crate::register::{Register, Section};
use crate::table::{File, Table, read_table};

/// How a date is written, for remedies.
const DATES: &str = "write 2003, 2024-12, 2024-10-04, circa 1965, 1964 to 1966, after A, by B, or by B";

/// How many tables a register may have. The register has a few hundred; the bound keeps the checks fast on anything.
const MOST_TABLES: usize = 20_000;

/// How large one file may be. The whole register is a few hundred kilobytes; anything above this is no register.
const LARGEST_FILE: usize = 8 << 20;

const MEASURES: &[(&str, Measure)] = &[
    ("designation", Measure::Designation),
    ("sanctions", Measure::Sanctions),
    ("assets", Measure::Assets),
    ("recognition", Measure::Recognition),
    ("mission", Measure::Mission),
];
const ACTIONS: &[(&str, Action)] = &[
    ("impose", Action::Impose),
    ("amend", Action::Amend),
    ("suspend", Action::Suspend),
    ("resume", Action::Resume),
    ("lift", Action::Lift),
];
const STAGES: &[(&str, Stage)] = &[
    ("proposed", Stage::Proposed),
    ("announced", Stage::Announced),
    ("decided", Stage::Decided),
    ("published", Stage::Published),
    ("effective", Stage::Effective),
    ("abandoned", Stage::Abandoned),
];
const KINDS: &[(&str, PartyKind)] = &[
    ("person", PartyKind::Person),
    ("organisation", PartyKind::Organisation),
    ("vessel", PartyKind::Vessel),
    ("aircraft", PartyKind::Aircraft),
    ("government", PartyKind::Government),
];
const NAME_KINDS: &[(&str, NameKind)] = &[
    ("primary", NameKind::Primary),
    ("alias", NameKind::Alias),
    ("former", NameKind::Former),
];
const QUALITIES: &[(&str, NameQuality)] = &[("good", NameQuality::Good), ("weak", NameQuality::Weak)];
const GRADES: &[(&str, Grade)] = &[
    ("official", Grade::Official),
    ("stated", Grade::Stated),
    ("reported", Grade::Reported),
];

/// Reads the files into one register. What could be read is in it, also where there are findings.
pub(crate) fn read(files: &[(&str, &str)]) -> (Register, Vec<Finding>) {
    let mut register = Register::default();
    let mut findings = Vec::new();
    for &(path, text) in files {
        let mut file = File::new(path, text);
        read_file(&mut register, &mut file, text);
        findings.append(&mut file.findings);
    }
    (register, findings)
}

fn read_file(register: &mut Register, file: &mut File<'_>, text: &str) {
    if text.len() > LARGEST_FILE {
        let what = format!(
            "the file has {} bytes; a register file has at most {LARGEST_FILE}",
            text.len()
        );
        let finding = file.place(0).error(what, "split it");
        file.findings.push(finding);
        return;
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        let finding = file.place(at).error(
            format!(
                "this is not TOML: {}",
                error.message().lines().next().unwrap_or_default()
            ),
            "see https://toml.io for how it is written; texts stand in quotation marks, tables begin with [[name]]",
        );
        file.findings.push(finding);
    }
    if !errors.is_empty() {
        return;
    }
    for (key, value) in root.into_inner() {
        let at = key.span().start;
        let DeValue::Array(items) = value.into_inner() else {
            let finding = file.place(at).error(
                format!("`{}` stands outside of any table", key.get_ref()),
                format!("begin a table with {}", section_words()),
            );
            file.findings.push(finding);
            continue;
        };
        let Some(section) = Section::from_word(key.get_ref()) else {
            let finding = file.place(at).error(
                format!("[[{}]] is not known", key.get_ref()),
                format!("tables are {}", section_words()),
            );
            file.findings.push(finding);
            continue;
        };
        if register.len() + items.len() > MOST_TABLES {
            let finding = file.place(at).error(
                format!("the register has more than {MOST_TABLES} tables"),
                "remove what is no curated fact",
            );
            file.findings.push(finding);
            return;
        }
        for item in items {
            let word = section.word();
            match section {
                Section::Source => keep(
                    register,
                    section,
                    read_table(file, word, item, &mut with_lines(source)),
                    |r| &mut r.sources,
                ),
                Section::Authority => {
                    keep(
                        register,
                        section,
                        read_table(file, word, item, &mut with_lines(authority)),
                        |r| &mut r.authorities,
                    );
                }
                Section::List => keep(
                    register,
                    section,
                    read_table(file, word, item, &mut with_lines(list)),
                    |r| &mut r.lists,
                ),
                Section::Download => keep(
                    register,
                    section,
                    read_table(file, word, item, &mut with_lines(download)),
                    |r| &mut r.downloads,
                ),
                Section::Programme => {
                    keep(
                        register,
                        section,
                        read_table(file, word, item, &mut with_lines(programme)),
                        |r| &mut r.programmes,
                    );
                }
                Section::Party => keep(
                    register,
                    section,
                    read_table(file, word, item, &mut with_lines(party)),
                    |r| &mut r.parties,
                ),
                Section::Step => keep(
                    register,
                    section,
                    read_table(file, word, item, &mut with_lines(step)),
                    |r| &mut r.steps,
                ),
                Section::Note => keep(
                    register,
                    section,
                    read_table(file, word, item, &mut with_lines(note)),
                    |r| &mut r.notes,
                ),
            }
        }
    }
}

fn section_words() -> String {
    Section::ALL.map(|section| format!("[[{}]]", section.word())).join(", ")
}

type Read<T> = Option<(T, crate::table::Lines)>;

fn with_lines<'a, 'i, T>(
    read: impl Fn(&mut Table<'_, 'a, 'i>) -> Option<T>,
) -> impl FnMut(&mut Table<'_, 'a, 'i>) -> Read<T> {
    move |table| {
        let lines = table.lines();
        read(table).map(|value| (value, lines))
    }
}

fn keep<T>(register: &mut Register, section: Section, read: Read<T>, entries: impl Fn(&mut Register) -> &mut Vec<T>) {
    if let Some((entry, lines)) = read {
        entries(register).push(entry);
        register.lines.entry(section).or_default().push(lines);
    }
}

fn source(table: &mut Table<'_, '_, '_>) -> Option<SourceEntry> {
    let id = table.need_text("id");
    let title = table.need_text("title");
    let publisher = table.need_text("publisher");
    let date = table.take_parsed("date", DATES);
    let url = table.take_text("url");
    let note = table.take_text("note");
    if let Some(url) = &url {
        web_address(table, url);
    }
    Some(SourceEntry {
        id: id?,
        title: title?,
        publisher: publisher?,
        date,
        url,
        note,
    })
}

fn web_address(table: &mut Table<'_, '_, '_>, url: &str) {
    if !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) {
        table.wrong(
            "url",
            format!("\"{url}\" is no web address"),
            "begin it with https:// or http://, or leave it out",
        );
    }
}

fn download(table: &mut Table<'_, '_, '_>) -> Option<DownloadEntry> {
    let id = table.need_text("id");
    let list = table.need_text("list");
    let url = table.need_text("url");
    let size = table.take_count("size");
    let minimum = table.take_count("minimum");
    let note = table.take_text("note");
    let (sources, unverified) = (table.take_texts("sources"), table.take_flag("unverified"));
    if let Some(url) = &url {
        web_address(table, url);
    }
    Some(DownloadEntry {
        id: id?,
        list: list?,
        url: url?,
        size,
        minimum: minimum.unwrap_or(1),
        note,
        sources,
        unverified,
    })
}

fn authority(table: &mut Table<'_, '_, '_>) -> Option<AuthorityEntry> {
    let id = table.need_text("id");
    let name = table.need_text("name");
    let short = table.need_text("short");
    let jurisdiction = table.need_parsed("jurisdiction", "write an ISO 3166-1 alpha-2 code, UN or EU");
    let hosts = table.take_texts("hosts");
    for host in &hosts {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        if !host.contains('.') || host.starts_with("www.") || !host.chars().all(plain) {
            table.wrong(
                "hosts",
                format!("\"{host}\" is no host"),
                "write it in small letters, without scheme, path and www: mid.ru",
            );
        }
    }
    let note = table.take_text("note");
    let sources = table.take_texts("sources");
    let procedures = table.take_tables("procedure", "procedure", procedure);
    Some(AuthorityEntry {
        id: id?,
        name: name?,
        short: short?,
        jurisdiction: jurisdiction?,
        hosts,
        note,
        sources,
        procedures,
    })
}

fn procedure(table: &mut Table<'_, '_, '_>) -> Option<ProcedureEntry> {
    let measure = table.need_word("measure", MEASURES);
    let action = table.need_word("action", ACTIONS);
    let stages = table.take_tables("stages", "stage", |table| {
        let stage = table.need_word("stage", STAGES);
        let who = table.need_text("who");
        let instrument = table.take_text("instrument");
        let effective_when = table.take_text("effective_when");
        Some(ProcedureStage {
            stage: stage?,
            who: who?,
            instrument,
            effective_when,
        })
    });
    let note = table.take_text("note");
    let (sources, unverified) = (table.take_texts("sources"), table.take_flag("unverified"));
    Some(ProcedureEntry {
        measure: measure?,
        action: action?,
        stages,
        note,
        sources,
        unverified,
    })
}

fn list(table: &mut Table<'_, '_, '_>) -> Option<ListEntry> {
    let id = table.need_text("id");
    let name = table.need_text("name");
    let authority = table.need_text("authority");
    let measures = table.need_words("measures", MEASURES);
    let jurisdiction = table.need_parsed("jurisdiction", "write an ISO 3166-1 alpha-2 code, UN or EU");
    let interval_days = table.take_count("interval_days");
    let publisher = table.need_text("publisher");
    let url = table.take_text("url");
    let licence = table.take_text("licence");
    let note = table.take_text("note");
    let sources = table.take_texts("sources");
    Some(ListEntry {
        id: id?,
        name: name?,
        authority: authority?,
        measures,
        jurisdiction: jurisdiction?,
        interval_days,
        publisher: publisher?,
        url,
        licence,
        note,
        sources,
    })
}

/// `<list>:<code>` pairs. The code may itself hold colons.
fn codes(table: &mut Table<'_, '_, '_>, field: &'static str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for text in table.take_texts(field) {
        match text.split_once(':') {
            Some((list, code)) if !list.is_empty() && !code.is_empty() => {
                pairs.push((list.to_owned(), code.to_owned()));
            }
            _ => table.wrong(
                field,
                format!("\"{text}\" in `{field}` does not name a list and a code"),
                "write the list's id, a colon and the code: \"us-sdn:SDGT\"",
            ),
        }
    }
    pairs
}

fn programme(table: &mut Table<'_, '_, '_>) -> Option<ProgrammeEntry> {
    let id = table.need_text("id");
    let name = table.need_text("name");
    let authority = table.need_text("authority");
    let measures = table.need_words("measures", MEASURES);
    let codes_read = codes(table, "codes");
    let references = codes(table, "references");
    let note = table.take_text("note");
    let (sources, unverified) = (table.take_texts("sources"), table.take_flag("unverified"));
    Some(ProgrammeEntry {
        id: id?,
        name: name?,
        authority: authority?,
        measures,
        codes: codes_read,
        references,
        note,
        sources,
        unverified,
    })
}

fn party(table: &mut Table<'_, '_, '_>) -> Option<PartyEntry> {
    let id = table.need_text("id");
    let kind = table.need_word("kind", KINDS);
    let names = table.take_tables("names", "name", |table| {
        let text = table.need_text("text");
        let kind = table.take_word("kind", NAME_KINDS);
        let quality = table.take_word("quality", QUALITIES);
        let language = table.take_text("language");
        let script = table.take_text("script");
        let source = table.need_text("source");
        let mut name = Name::new(kind.unwrap_or(NameKind::Alias), text?).with_quality(quality.unwrap_or_default());
        name.language = language.map(Into::into);
        if let Some(script) = script {
            let read = name.script.map_or("none", standing_model::Script::code);
            if read != script {
                table.wrong(
                    "script",
                    format!("the letters of this name are {read}, not {script}"),
                    "correct the name or the script, or leave the script out: it is read off the letters",
                );
            }
        }
        Some(PartyName { name, source: source? })
    });
    let wikidata = table.take_text("wikidata");
    if let Some(item) = &wikidata
        && !(item.len() > 1 && item.starts_with('Q') && item[1..].bytes().all(|b| b.is_ascii_digit()))
    {
        table.wrong(
            "wikidata",
            format!("\"{item}\" is no Wikidata item"),
            "write Q and its number: \"Q42418\"",
        );
    }
    let founded = table.take_parsed("founded", DATES);
    let country = table.take_parsed("country", "write an ISO 3166-1 alpha-2 code");
    let listings = codes(table, "listings");
    let roles = table.take_tables("roles", "role", |table| {
        let title = table.need_text("title");
        let (from, until) = (table.take_parsed("from", DATES), table.take_parsed("until", DATES));
        let source = table.need_text("source");
        Some(Role {
            title: title?,
            from,
            until,
            source: source?,
        })
    });
    let note = table.take_text("note");
    let sources = table.take_texts("sources");
    Some(PartyEntry {
        id: id?,
        kind: kind?,
        names,
        wikidata,
        founded,
        country,
        listings: listings
            .iter()
            .map(|(list, reference)| ListingId::new(list, reference))
            .collect(),
        roles,
        note,
        sources,
    })
}

fn citations(table: &mut Table<'_, '_, '_>, field: &'static str, grade: Grade) -> Vec<Citation> {
    table.take_tables(field, "citation", |table| {
        let source = table.need_text("source");
        let says = table.take_text("says");
        let on = table.take_parsed("on", DATES);
        let grade = table.take_word("grade", GRADES).unwrap_or(grade);
        Some(Citation {
            source: source?,
            says,
            on,
            grade,
        })
    })
}

/// `instrument = "unknown"` or `instrument = { kind = "law", id = "…" }`. There is no silent default: a step says that it does not know.
fn instrument(table: &mut Table<'_, '_, '_>) -> Option<Instrument> {
    let kind = table.need_text("instrument");
    let id = table.take_text("instrument_id");
    let kind = kind?;
    match (kind.as_str(), id) {
        ("unknown", None) => Some(Instrument::Unknown),
        ("unknown", Some(id)) => {
            let what = format!("the instrument is said to be unknown and to be \"{id}\"");
            table.wrong("instrument", what, "say what kind it is, or leave instrument_id out");
            None
        }
        (_, Some(id)) => Some(Instrument::Named { kind, id }),
        (_, None) => {
            table.wrong(
                "instrument",
                format!("the instrument is a {kind} without a number or title"),
                "add `instrument_id = …`, or write `instrument = \"unknown\"` where no source names the act",
            );
            None
        }
    }
}

fn step(table: &mut Table<'_, '_, '_>) -> Option<StepEntry> {
    let id = table.need_text("id");
    let procedure = table.need_text("procedure");
    let party = table.need_text("party");
    let listing = codes_one(table, "listing");
    let authority = table.need_text("authority");
    let measure = table.need_word("measure", MEASURES);
    let action = table.need_word("action", ACTIONS);
    let stage = table.need_word("stage", STAGES);
    let on = table.take_parsed("on", DATES);
    let known = table.need_parsed("known", DATES);
    let instrument = instrument(table);
    let programmes = table.take_texts("programmes");
    let grade = table.need_word("grade", GRADES);
    let note = table.take_text("note");
    let sources = citations(table, "sources", grade.unwrap_or(Grade::Reported));
    let contradicted = citations(table, "contradicted", Grade::Reported);
    Some(StepEntry {
        id: id?,
        procedure: procedure?,
        party: party?,
        listing,
        authority: authority?,
        measure: measure?,
        action: action?,
        stage: stage?,
        on,
        known: known?,
        instrument: instrument?,
        programmes,
        grade: grade?,
        note,
        sources,
        contradicted,
    })
}

fn codes_one(table: &mut Table<'_, '_, '_>, field: &'static str) -> Option<ListingId> {
    let text = table.take_text(field)?;
    match text.split_once(':') {
        Some((list, reference)) if !list.is_empty() && !reference.is_empty() => Some(ListingId::new(list, reference)),
        _ => {
            let what = format!("\"{text}\" is no listing");
            table.wrong(
                field,
                what,
                "write the list's id, a colon and the reference: \"un:QDi.317\"",
            );
            None
        }
    }
}

fn note(table: &mut Table<'_, '_, '_>) -> Option<NoteEntry> {
    let id = table.need_text("id");
    let party = table.need_text("party");
    let authority = table.take_text("authority");
    let measure = table.take_word("measure", MEASURES);
    let text = table.need_text("text");
    let (from, until) = (table.take_parsed("from", DATES), table.take_parsed("until", DATES));
    let known = table.need_parsed("known", DATES);
    let grade = table.need_word("grade", GRADES);
    let sources = citations(table, "sources", grade.unwrap_or(Grade::Reported));
    Some(NoteEntry {
        id: id?,
        party: party?,
        authority,
        measure,
        text: text?,
        from,
        until,
        known: known?,
        grade: grade?,
        sources,
    })
}
