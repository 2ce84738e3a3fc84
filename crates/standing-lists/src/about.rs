//! What is known of each format, for people: layouts, identity, the snapshot's date, and what was tried on real or made files.
//!
//! The words stand in `data/formats.tsv`, one line for each format, so that the program (`standing formats`) and `docs/FORMATS.md` say the same.

use std::sync::LazyLock;

/// What is known of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The format's id.
    pub format: &'static str,
    /// The layouts that are read.
    pub layouts: &'static str,
    /// What identifies a listing, and when it breaks.
    pub identity: &'static str,
    /// Where the snapshot's date stands.
    pub date: &'static str,
    /// Which real files were read, and what is known from made ones alone.
    pub seen: &'static str,
}

/// What is known of a format; nothing if there is none of that id.
pub fn about(format: &str) -> Option<&'static About> {
    static ALL: LazyLock<Vec<About>> = LazyLock::new(|| lines(include_str!("../data/formats.tsv")));
    ALL.iter().find(|about| about.format == format)
}

fn lines(text: &'static str) -> Vec<About> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(About {
                format: cells.next()?,
                layouts: cells.next()?,
                identity: cells.next()?,
                date: cells.next()?,
                seen: cells.next()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::formats;

    #[test]
    fn every_format_is_told_about_once() {
        let told = lines(include_str!("../data/formats.tsv"));
        for format in formats() {
            assert_eq!(
                told.iter().filter(|about| about.format == format.id).count(),
                1,
                "{}",
                format.id
            );
        }
        assert_eq!(told.len(), formats().len());
        for about in told {
            for words in [about.layouts, about.identity, about.date, about.seen] {
                assert!(!words.is_empty(), "{}", about.format);
            }
        }
    }

    #[test]
    fn the_document_says_the_same() {
        let document = include_str!("../../../docs/FORMATS.md");
        for format in formats() {
            let about = about(format.id).unwrap();
            let line = format!(
                "| `{}` | {} | {} | {} | {} | {} |",
                format.id,
                format
                    .lists
                    .iter()
                    .map(|list| format!("`{list}`"))
                    .collect::<Vec<_>>()
                    .join(" "),
                about.layouts,
                about.identity,
                about.date,
                about.seen
            );
            assert!(
                document.lines().any(|known| known == line),
                "docs/FORMATS.md lacks the line\n{line}"
            );
        }
    }
}
