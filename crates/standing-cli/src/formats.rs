//! The formats that can be read, one a line.

use standing::ingest::KnownFormat;

/// One line for each format: what it is, and what is known of it.
pub fn text(formats: &[KnownFormat]) -> String {
    let width = formats.iter().map(|f| f.format.len()).max().unwrap_or(0);
    formats
        .iter()
        .map(|f| {
            format!(
                "{:<width$}  {} ({}). Layouts: {}. Identity: {}. Date: {}. Tried on: {}.\n",
                f.format,
                f.summary,
                if f.lists.is_empty() {
                    "whichever list it names, or --list".to_owned()
                } else {
                    f.lists.join(", ")
                },
                f.layouts,
                f.identity,
                f.date,
                f.seen
            )
        })
        .collect()
}
