//! Every kind of finding, from a small register with one slip in it: file, line, what and remedy, as a person reads them.

use proptest::prelude::*;
use standing_register::{Register, embedded_document, parse_document, split_document};

/// A small register that is clean.
const CLEAN: &str = r#"[[source]]
id = "gazette"
title = "Gazette 1"
publisher = "State"
date = "2020-05-02"

[[source]]
id = "paper"
title = "A report"
publisher = "Paper"
date = "2020-06-01"

[[authority]]
id = "xx-court"
name = "Court"
short = "State"
jurisdiction = "DE"

[[authority.procedure]]
measure = "designation"
action = "impose"
stages = [{ stage = "proposed", who = "prosecutor" }, { stage = "effective", who = "court" }]
sources = ["gazette"]

[[list]]
id = "xx"
name = "List"
authority = "xx-court"
measures = ["designation"]
jurisdiction = "DE"
publisher = "State"

[[programme]]
id = "XX-TERR"
name = "Terror"
authority = "xx-court"
measures = ["designation"]
codes = ["xx:T"]
sources = ["gazette"]

[[party]]
id = "standing:band"
kind = "organisation"
names = [{ text = "Band", kind = "primary", source = "gazette" }]
founded = "2000"
listings = ["xx:7"]
sources = ["gazette"]

[[step]]
id = "band-ban"
procedure = "band-ban"
party = "standing:band"
listing = "xx:7"
authority = "xx-court"
measure = "designation"
action = "impose"
stage = "effective"
on = "2020-05-01"
known = "2020-05-02"
instrument = "court-decision"
instrument_id = "1/20"
grade = "official"
sources = [{ source = "gazette", says = "banned" }]

[[step]]
id = "band-lift"
procedure = "band-lift"
party = "standing:band"
listing = "xx:7"
authority = "xx-court"
measure = "designation"
action = "lift"
stage = "effective"
on = "2020-06-01"
known = "2020-06-01"
instrument = "unknown"
grade = "reported"
sources = [{ source = "paper", says = "lifted" }]
"#;

fn findings(text: &str) -> String {
    let files = [("steps/band.toml", text)];
    let findings = match Register::parse(&files) {
        Ok(register) => register.check(),
        Err(findings) => findings,
    };
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What is told when this one place is changed.
fn slip(from: &str, to: &str) -> String {
    assert!(CLEAN.contains(from), "the small register has no {from}");
    findings(&CLEAN.replacen(from, to, 1))
}

/// The same for the second step.
fn late_slip(from: &str, to: &str) -> String {
    let (before, step) = CLEAN.split_at(CLEAN.rfind("[[step]]").unwrap_or_default());
    assert!(step.contains(from), "the second step has no {from}");
    findings(&format!("{before}{}", step.replacen(from, to, 1)))
}

#[test]
fn the_small_register_is_clean() {
    assert_eq!(findings(CLEAN), "");
}

#[test]
fn slips_within_a_table() {
    let told = [
        ("not TOML", slip("id = \"gazette\"", "id = gazette")),
        ("a field missing", slip("known = \"2020-05-02\"\n", "")),
        ("a field unknown", slip("known = ", "knwon = ")),
        ("a table unknown", slip("[[list]]", "[[lsit]]")),
        ("outside of any table", findings(&format!("x = 1\n{CLEAN}"))),
        (
            "a date that does not exist",
            slip("on = \"2020-05-01\"", "on = \"2020-02-30\""),
        ),
        (
            "a date that is none",
            slip("on = \"2020-05-01\"", "on = \"1 May 2020\""),
        ),
        ("a TOML date", slip("on = \"2020-05-01\"", "on = 2020-05-01")),
        (
            "an unknown word",
            slip("stage = \"effective\"\non", "stage = \"done\"\non"),
        ),
        (
            "an unknown measure in a list",
            slip("measures = [\"designation\"]", "measures = [\"ban\"]"),
        ),
        (
            "an unknown country",
            slip("jurisdiction = \"DE\"", "jurisdiction = \"QQ\""),
        ),
        ("a code without a list", slip("codes = [\"xx:T\"]", "codes = [\"T\"]")),
        ("an instrument without a number", slip("instrument_id = \"1/20\"\n", "")),
        (
            "an unknown instrument with a number",
            slip("\"court-decision\"", "\"unknown\""),
        ),
        ("an empty text", slip("name = \"Court\"", "name = \"\"")),
        (
            "a script that is not the name's",
            slip("text = \"Band\"", "script = \"Arab\", text = \"Band\""),
        ),
        ("no Wikidata item", slip("founded = ", "wikidata = \"42\"\nfounded = ")),
        (
            "no web address",
            slip(
                "publisher = \"Paper\"",
                "publisher = \"Paper\"\nurl = \"paper.example\"",
            ),
        ),
    ];
    insta::assert_snapshot!(told.map(|(what, told)| format!("--- {what}\n{told}\n")).concat());
}

#[test]
fn slips_between_tables() {
    let told = [
        (
            "no source",
            slip("sources = [{ source = \"gazette\", says = \"banned\" }]\n", ""),
        ),
        (
            "a programme without a source",
            slip("codes = [\"xx:T\"]\nsources = [\"gazette\"]", "codes = [\"xx:T\"]"),
        ),
        (
            "unverified and sourced",
            slip("codes = [\"xx:T\"]", "codes = [\"xx:T\"]\nunverified = true"),
        ),
        (
            "an unknown authority, nearly right",
            slip(
                "listing = \"xx:7\"\nauthority = \"xx-court\"",
                "listing = \"xx:7\"\nauthority = \"xx-cuort\"",
            ),
        ),
        (
            "an unknown source",
            slip("source = \"gazette\", says", "source = \"elsewhere\", says"),
        ),
        (
            "an unknown list in a code",
            slip("codes = [\"xx:T\"]", "codes = [\"yy:T\"]"),
        ),
        ("an id twice", late_slip("id = \"band-lift\"", "id = \"band-ban\"")),
        (
            "an id that cannot be typed",
            late_slip("id = \"band-lift\"", "id = \"bänd\""),
        ),
        (
            "a listing of nobody",
            late_slip("listing = \"xx:7\"", "listing = \"xx:8\""),
        ),
        (
            "before the founding",
            slip("founded = \"2000\"", "founded = \"2020-05-15\""),
        ),
        (
            "stages of an authority out of order",
            slip(
                "[{ stage = \"proposed\", who = \"prosecutor\" }, { stage = \"effective\", who = \"court\" }]",
                "[{ stage = \"effective\", who = \"court\" }, { stage = \"proposed\", who = \"prosecutor\" }]",
            ),
        ),
        (
            "a source older than known",
            slip("known = \"2020-05-02\"", "known = \"2020-05-03\""),
        ),
        ("effective without a day", slip("on = \"2020-05-01\"\n", "")),
        (
            "official without an act",
            slip(
                "instrument = \"court-decision\"\ninstrument_id = \"1/20\"",
                "instrument = \"unknown\"",
            ),
        ),
        (
            "a grade that no source has",
            slip("says = \"banned\"", "grade = \"reported\", says = \"banned\""),
        ),
        (
            "a source with another day",
            slip("says = \"banned\"", "on = \"2019\", says = \"banned\""),
        ),
        (
            "a contradiction that is none",
            late_slip(
                "grade = \"reported\"\n",
                "grade = \"reported\"\ncontradicted = [{ source = \"gazette\", on = \"2020\" }]\n",
            ),
        ),
        (
            "a contradiction that says nothing",
            late_slip(
                "grade = \"reported\"\n",
                "grade = \"reported\"\ncontradicted = [{ source = \"gazette\" }]\n",
            ),
        ),
        ("put on twice", late_slip("action = \"lift\"", "action = \"impose\"")),
        ("order not certain", late_slip("on = \"2020-06-01\"", "on = \"2020\"")),
        (
            "known before it was done",
            late_slip(
                "stage = \"effective\"\non = \"2020-06-01\"",
                "stage = \"decided\"\non = \"2020-07-01\"",
            ),
        ),
        (
            "two primary names",
            slip(
                "names = [",
                "names = [{ text = \"Gang\", kind = \"primary\", source = \"paper\" }, ",
            ),
        ),
        (
            "a source that nothing cites",
            findings(&CLEAN.replace(
                "[[list]]",
                "[[source]]\nid = \"lost\"\ntitle = \"Lost\"\npublisher = \"Nobody\"\n\n[[list]]",
            )),
        ),
    ];
    insta::assert_snapshot!(told.map(|(what, told)| format!("--- {what}\n{told}\n")).concat());
}

#[test]
fn slips_within_a_procedure() {
    let decided = |on: &str, stage: &str, party: &str| {
        format!(
            "{CLEAN}\n[[step]]\nid = \"other\"\nprocedure = \"band-ban\"\nparty = \"{party}\"\nauthority = \"xx-court\"\nmeasure = \"designation\"\naction = \"impose\"\nstage = \"{stage}\"\non = \"{on}\"\nknown = \"{on}\"\ninstrument = \"court-decision\"\ninstrument_id = \"1/20\"\ngrade = \"reported\"\nsources = [{{ source = \"paper\" }}]\n"
        )
    };
    let told = [
        (
            "decided after it was effective",
            findings(&decided("2020-05-20", "decided", "standing:band")),
        ),
        (
            "the same stage twice",
            findings(&decided("2020-05-01", "effective", "standing:band")),
        ),
        (
            "another party",
            findings(&decided("2020-04-01", "decided", "standing:gang")),
        ),
    ];
    insta::assert_snapshot!(told.map(|(what, told)| format!("--- {what}\n{told}\n")).concat());
}

/// All slips of a file are told at once, in the order of its lines.
#[test]
fn all_slips_are_told_at_once() {
    let text = CLEAN
        .replace("on = \"2020-05-01\"", "on = \"2020-02-30\"")
        .replace("jurisdiction = \"DE\"\npublisher", "publisher");
    let lines: Vec<u32> = Register::parse(&[("a.toml", &text)])
        .unwrap_err()
        .iter()
        .map(|f| f.line)
        .collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.is_sorted());
}

/// A file far beyond any register is refused before anything is compared with anything.
#[test]
fn a_flood_is_refused() {
    let flood = "[[source]]\nid = \"a\"\ntitle = \"t\"\npublisher = \"p\"\n".repeat(20_001);
    assert!(findings(&flood).contains("more than 20000 tables"));
    assert!(findings(&"#".repeat((8 << 20) + 1)).contains("at most"));
}

#[test]
fn a_damaged_document_is_refused() {
    let document = embedded_document();
    assert!(split_document(b"").is_err());
    assert!(
        split_document(b"standing-register 2\n")
            .unwrap_err()
            .to_string()
            .contains("newer program")
    );
    assert!(parse_document(&document[..document.len() - 1]).is_err());
    assert!(parse_document(&document[1..]).is_err());
    let mut invalid = document;
    invalid[40] = 0xFF;
    assert!(split_document(&invalid).unwrap_err().to_string().contains("byte 40"));
}

proptest! {
    /// Whatever stands in a file, the answer is a register or findings with a line in it.
    #[test]
    fn any_text_gives_a_register_or_findings(text in "\\PC*") {
        if let Err(findings) = Register::parse(&[("any.toml", &text)]) {
            prop_assert!(findings.iter().all(|f| f.line >= 1 && !f.what.is_empty() && !f.remedy.is_empty()));
        }
    }

    /// The same where the slip is one piece of a real register cut out.
    #[test]
    fn a_cut_gives_a_register_or_findings(from in 0..CLEAN.len(), length in 0..40_usize) {
        let text = format!("{}{}", &CLEAN[..from], CLEAN.get(from + length..).unwrap_or_default());
        if let Err(findings) = Register::parse(&[("cut.toml", &text)]) {
            let lines = u32::try_from(text.lines().count()).unwrap() + 1;
            prop_assert!(findings.iter().all(|f| f.line >= 1 && f.line <= lines));
        }
    }

    /// A document of any files is split into the same files.
    #[test]
    fn any_bytes_are_split_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_document(&bytes);
        let mut document = b"standing-register 1\n".to_vec();
        document.extend(&bytes);
        let _ = parse_document(&document);
    }
}

#[test]
fn a_download_needs_a_source_a_known_list_and_an_id_fit_for_a_folder() {
    let text = "[[download]]\nid = \"../etc\"\nlist = \"nowhere\"\nurl = \"ftp://a.example/\"\n";
    let said = |findings: Vec<standing_register::Finding>| findings.iter().map(|f| f.what.clone()).collect::<Vec<_>>();
    let wrong_address = said(standing_register::Register::parse(&[("d.toml", text)]).unwrap_err());
    assert_eq!(wrong_address, ["\"ftp://a.example/\" is no web address"]);
    let found = said(standing_register::Register::parse(&[("d.toml", &text.replace("ftp", "https"))]).unwrap_err());
    assert!(
        found.iter().any(|f| f.contains("cannot be the name of a folder")),
        "{found:?}"
    );
    assert!(found.iter().any(|f| f.contains("nowhere")), "{found:?}");
    assert!(found.iter().any(|f| f.contains("no source")), "{found:?}");
    // A user's own needs neither, and still an id and nothing twice.
    let own = "[[download]]\nid = \"house\"\nlist = \"house\"\nurl = \"https://a.example/\"\n";
    let read = |text: &str| standing_register::Register::parse_downloads(&[("own.toml", text)]);
    assert_eq!(read(own).unwrap().len(), 1);
    assert!(said(read(&own.repeat(2)).unwrap_err())[0].contains("already"));
}
