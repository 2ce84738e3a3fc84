//! Is what was downloaded the list that was asked for? If not, in words; it then reaches neither the ledger nor the place of the last
//! good download.

use standing_lists::{Outcome, ReadError};

/// What a download must be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    /// The list.
    pub list: &'a str,
    /// Fewer records are no whole list.
    pub minimum: u32,
}

/// Why bytes need not even be read.
pub(super) fn at_sight(bytes: &[u8]) -> Result<(), String> {
    if bytes.is_empty() {
        return Err("an empty file came".into());
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("a file of nothing but blanks came".into());
    }
    if bytes.iter().all(|&b| b == 0) {
        return Err("a file of nothing but zero bytes came".into());
    }
    Ok(())
}

/// Why what was read is not the list.
pub(super) fn read(bytes: &[u8], outcomes: &[Outcome], expected: Expected<'_>) -> Result<(), String> {
    let mut records = 0;
    let mut others: Vec<&str> = Vec::new();
    let mut refusal = None;
    for outcome in outcomes {
        match &outcome.result {
            Ok(snapshots) => {
                for snapshot in snapshots {
                    if snapshot.list == expected.list {
                        records += snapshot.records.len();
                    } else if !others.contains(&snapshot.list.as_str()) {
                        others.push(&snapshot.list);
                    }
                }
            }
            // An archive may hold a schema or a note beside the list.
            Err(ReadError::UnknownFormat { .. }) if outcomes.len() > 1 => {}
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    if let Some(error) = refusal {
        return Err(match page_title(bytes) {
            Some(title) => format!(
                "a page of HTML{title} came where the list was expected; such pages announce maintenance or an error"
            ),
            None => error.to_string(),
        });
    }
    if records == 0 && !others.is_empty() {
        return Err(format!("it is the list {}, not {}", others.join(", "), expected.list));
    }
    if records < expected.minimum as usize {
        return Err(format!(
            "it holds {records} records; the list has at least {}",
            expected.minimum
        ));
    }
    Ok(())
}

/// If this is a page of HTML: its title, as ` ("…")`, or nothing where it has none.
fn page_title(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(8192)]);
    let lower = head.to_ascii_lowercase();
    let start = lower.trim_start_matches(['\u{FEFF}', ' ', '\n', '\r', '\t']);
    let is_page = start.starts_with("<!doctype html") || start.starts_with("<html") || lower.contains("<html");
    if !is_page {
        return None;
    }
    let title = lower.find("<title").and_then(|at| {
        let begin = at + lower[at..].find('>')? + 1;
        let end = begin + lower[begin..].find('<')?;
        let title: String = head.get(begin..end)?.split_whitespace().collect::<Vec<_>>().join(" ");
        (!title.is_empty()).then(|| title.chars().take(80).collect::<String>())
    });
    Some(title.map_or(String::new(), |t| format!(" (\"{t}\")")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_lists() {
        assert_eq!(
            page_title(b"<!DOCTYPE html><html><head><TITLE>\n Down for\n maintenance</TITLE>").as_deref(),
            Some(" (\"Down for maintenance\")")
        );
        assert_eq!(page_title(b"\xEF\xBB\xBF <html><body>x").as_deref(), Some(""));
        assert_eq!(page_title(b"<?xml version=\"1.0\"?><CONSOLIDATED_LIST/>"), None);
    }

    #[test]
    fn emptiness_in_three_dresses() {
        assert!(at_sight(b"").unwrap_err().contains("empty"));
        assert!(at_sight(b" \r\n").unwrap_err().contains("blanks"));
        assert!(at_sight(&[0; 100]).unwrap_err().contains("zero bytes"));
        assert!(at_sight(b"<a/>").is_ok());
    }
}
