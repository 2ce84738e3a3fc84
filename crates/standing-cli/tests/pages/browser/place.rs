//! A place to try pages in: a ledger with the register and a small list of our own making, served by the built program.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Site, serve};

/// Runs the program on a ledger.
pub fn standing(ledger: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_standing"))
        .arg("--db")
        .arg(ledger)
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// A list of our own making in the layout of the UN's: `people` are reference, name and name in the original script.
fn un_list(date: &str, people: &[(&str, &str, &str)]) -> String {
    let individuals: String = people
        .iter()
        .map(|(reference, name, script)| {
            format!(
                "<INDIVIDUAL><DATAID>{}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
                 <REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>2013-07-24</LISTED_ON><NAME_ORIGINAL_SCRIPT>{script}</NAME_ORIGINAL_SCRIPT></INDIVIDUAL>",
                reference.bytes().map(u32::from).sum::<u32>() + 100_000,
                name.replace('&', "&amp;").replace('<', "&lt;"),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CONSOLIDATED_LIST dateGenerated=\"{date}T00:00:00.000Z\"><INDIVIDUALS>{individuals}</INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>"
    )
}

const PEOPLE: &[(&str, &str, &str)] = &[
    ("QDi.317", "Abu Mohammed al-Jawlani", "أبو محمد الجولاني"),
    ("QDi.501", "<script>document.title='struck'</script> Example", ""),
    ("QDi.502", "Wang Example", "王小明"),
    ("QDi.503", "Second Example", ""),
];

/// Ledger and server.
pub struct Place {
    directory: tempfile::TempDir,
    site: Site,
}

impl Place {
    /// A ledger with the register and one list, and a second, shrunken edition that the guard holds.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let db = directory.path().join("s.db");
        let long = "Very Long Name ".repeat(66);
        let mut people = PEOPLE.to_vec();
        people.push(("QDi.504", long.trim(), ""));
        for (date, people) in [("2025-04-19", people.as_slice()), ("2025-09-01", &people[..2])] {
            let file = directory.path().join(format!("{date}.xml"));
            std::fs::write(&file, un_list(date, people)).unwrap();
            let out = standing(&db, &["ingest", file.to_str().unwrap()]);
            assert!(
                out.status.code().is_some_and(|c| c < 2),
                "{}",
                String::from_utf8_lossy(&out.stderr)
            );
        }
        // Two further lists, with persons of whom somebody has to say whether they are one.
        for (list, name) in [
            ("acme", "Turki Mohammed al-Quillani"),
            ("apex", "Alquillani Turki Muhammad"),
        ] {
            let file = directory.path().join(format!("{list}.csv"));
            let text =
                format!("standing-list,reference,kind,name,born,as_of\n{list},7,person,{name},1975,2025-05-01\n");
            std::fs::write(&file, text).unwrap();
            let out = standing(&db, &["ingest", file.to_str().unwrap()]);
            assert!(
                out.status.code().is_some_and(|c| c < 2),
                "{}",
                String::from_utf8_lossy(&out.stderr)
            );
        }
        let site = serve(&db);
        Self { directory, site }
    }

    pub fn db(&self) -> PathBuf {
        self.directory.path().join("s.db")
    }

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.site.base)
    }
}

/// A token that may do what the pages offer.
pub fn token(place: &Place) -> String {
    let made = standing(
        &place.db(),
        &["token", "new", "--scope", "read,screen,ingest,judge", "--note", "test"],
    );
    let said = String::from_utf8(made.stdout).unwrap();
    said.split_whitespace()
        .find(|w| w.starts_with("standing_"))
        .unwrap_or_else(|| panic!("no token in: {said}"))
        .to_owned()
}
