//! The register that is built in: it is clean, whole, and says what the project's first question needs.

use standing_model::{Action, Grade, Instrument, Measure, Stage};
use standing_register::{Finding, Register, embedded, embedded_document, parse_document, split_document};

fn told(findings: &[Finding]) -> String {
    findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
}

fn register() -> Register {
    match Register::parse(embedded()) {
        Ok(register) => register,
        Err(findings) => panic!("{}", told(&findings)),
    }
}

#[test]
fn checks_clean_without_a_warning() {
    let findings = register().check();
    assert!(findings.is_empty(), "{}", told(&findings));
}

/// Every file of the folder is built in, and nothing else.
#[test]
fn holds_every_file_of_the_folder() {
    fn collect(folder: &std::path::Path, base: &std::path::Path, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, base, into);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let relative: Vec<_> = path
                    .strip_prefix(base)
                    .unwrap()
                    .iter()
                    .map(|p| p.to_string_lossy())
                    .collect();
                into.push(relative.join("/"));
            }
        }
    }
    let base = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../register");
    let mut on_disk = Vec::new();
    collect(&base, &base, &mut on_disk);
    on_disk.sort();
    let built_in: Vec<&str> = embedded().iter().map(|&(path, _)| path).collect();
    assert_eq!(
        built_in, on_disk,
        "name every file of register/ in src/document.rs, in the order of paths"
    );
}

#[test]
fn survives_being_kept_as_one_document() {
    let document = embedded_document();
    assert_eq!(split_document(&document).unwrap(), embedded());
    assert_eq!(parse_document(&document).unwrap(), register());
    assert_eq!(document, embedded_document());
}

/// The case of Russia, from the proposal to the suspension, and the contradiction that is shown with it.
#[test]
fn tells_how_russia_suspended_the_ban() {
    let register = register();
    let lifting: Vec<_> = register
        .steps
        .iter()
        .filter(|s| s.procedure == "taliban-ru-lifting")
        .collect();
    let told: Vec<_> = lifting
        .iter()
        .map(|s| (s.action, s.stage, s.on.unwrap().to_string()))
        .collect();
    assert_eq!(
        told,
        [
            (Action::Lift, Stage::Proposed, "2024-05-27".to_owned()),
            (Action::Lift, Stage::Decided, "2024-10-04".to_owned()),
            (Action::Suspend, Stage::Proposed, "2024-12-28".to_owned()),
            (Action::Suspend, Stage::Proposed, "2025-03-31".to_owned()),
            (Action::Suspend, Stage::Decided, "2025-04-17".to_owned()),
            (Action::Suspend, Stage::Effective, "2025-04-17".to_owned()),
        ]
    );
    assert_eq!(lifting[5].contradicted[0].on.unwrap().to_string(), "2025-05-20");
    let ban = register
        .steps
        .iter()
        .find(|s| s.id == "taliban-ru-ban-effective")
        .unwrap();
    assert_eq!(ban.on.unwrap().to_string(), "2003");
}

#[test]
fn kazakhstan_and_kyrgyzstan_are_stated_and_their_acts_unknown() {
    let register = register();
    for id in ["taliban-kz-lifting", "taliban-kg-lifting"] {
        let step = register.steps.iter().find(|s| s.id == id).unwrap();
        assert_eq!(
            (step.grade, &step.instrument),
            (Grade::Stated, &Instrument::Unknown),
            "{id}"
        );
    }
    let kz = register.steps.iter().find(|s| s.id == "taliban-kz-lifting").unwrap();
    assert!(
        kz.contradicted
            .iter()
            .any(|c| c.on.is_some_and(|on| on.to_string() == "2024-06-03"))
    );
}

/// One lift for each UN entry, so that the register's step and the two lists that bound it are one step.
#[test]
fn resolution_2799_dates_two_removals() {
    let register = register();
    for listing in ["un:QDi.317", "un:QDi.336"] {
        let steps: Vec<_> = register
            .steps
            .iter()
            .filter(|s| s.listing.as_ref().is_some_and(|l| l.as_str() == listing))
            .collect();
        assert_eq!(steps.len(), 1);
        assert_eq!(
            (steps[0].stage, steps[0].on.unwrap().to_string()),
            (Stage::Effective, "2025-11-06".to_owned())
        );
        let authority = register
            .regime("un", steps[0].listing.as_ref().unwrap().reference(), "Al-Qaida")
            .unwrap()
            .authority;
        assert_eq!(authority, steps[0].authority);
    }
}

#[test]
fn a_code_says_who_decides_and_what() {
    let register = register();
    let regime = |list, reference, code| {
        let regime = register.regime(list, reference, code).unwrap();
        (regime.authority.to_owned(), regime.measures.to_vec())
    };
    assert_eq!(
        regime("us-sdn", "6636", "SDGT"),
        ("us-ofac".to_owned(), vec![Measure::Sanctions])
    );
    assert_eq!(
        regime("us-sdn", "6366", "FTO"),
        ("us-state".to_owned(), vec![Measure::Designation])
    );
    // The reference decides where no code is given, white space in a code does not count, an unknown code falls back to the list.
    assert_eq!(regime("un", "KPe.068", "").0, "un-1718");
    assert_eq!(regime("au", "1", "1988 (Taliban) ").0, "au-dfat");
    assert_eq!(regime("us-sdn", "1", "NO-SUCH-TAG").0, "us-ofac");
    assert!(register.regime("no-such-list", "1", "").is_none());
}

#[test]
fn a_step_carries_its_sources_into_the_model() {
    let register = register();
    let entry = register
        .steps
        .iter()
        .find(|s| s.id == "taliban-ru-suspension-effective")
        .unwrap();
    insta::assert_json_snapshot!(register.step(entry));
}
