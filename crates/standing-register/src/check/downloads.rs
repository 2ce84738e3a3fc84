//! Checks of addresses to download from.

use std::collections::HashMap;

use super::Checker;
use crate::finding::Finding;
use crate::register::{Register, Section};

/// What is asked of downloads whether they are the register's or a user's: ids that can be folders, each once.
pub(crate) fn check_downloads(register: &Register) -> Vec<Finding> {
    let lines = register.lines.get(&Section::Download);
    let mut findings = Vec::new();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (at, entry) in register.downloads.iter().enumerate() {
        let Some(place) = lines.and_then(|l| l.get(at)).map(|l| l.of("id")) else {
            continue;
        };
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if entry.id.is_empty() || entry.id.len() > 60 || !entry.id.bytes().all(plain) {
            findings.push(place.error(
                format!("the id \"{}\" cannot be the name of a folder", entry.id),
                "use up to 60 small letters, digits and hyphens",
            ));
        }
        if let Some(&earlier) = first.get(entry.id.as_str()) {
            findings.push(place.error(
                format!(
                    "the download \"{}\" is already the entry number {}",
                    entry.id,
                    earlier + 1
                ),
                "give one of them another id",
            ));
        } else {
            first.insert(&entry.id, at);
        }
        if entry.size == Some(0) || entry.minimum == 0 {
            findings.push(place.error(
                format!("the download \"{}\" expects nothing", entry.id),
                "write how many bytes and at least how many records it has, or leave them out",
            ));
        }
    }
    findings
}

pub(super) fn check(checker: &mut Checker<'_>) {
    let register = checker.register;
    checker.findings.extend(check_downloads(register));
    for (at, entry) in register.downloads.iter().enumerate() {
        let place = checker.place(Section::Download, at, "list");
        checker.known(&place, "list", &entry.list);
        let place = checker.place(Section::Download, at, "sources");
        checker.sourced(&place, "download", &entry.sources, entry.unverified);
    }
}
