//! Rows of the embedded data files: tab-separated, `#` begins a comment line, empty lines are skipped.

/// The cells of every row.
pub(crate) fn rows(data: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    data.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::trim).collect())
}
