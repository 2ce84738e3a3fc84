//! Why a file is refused as a whole.

/// Why a file or set of files is refused as a whole. Nothing of it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No format fits.
    #[error("{document}: unknown format: {saw}. Known formats: {known}")]
    UnknownFormat {
        /// The file.
        document: String,
        /// What the content looks like.
        saw: String,
        /// The formats that could have been read.
        known: String,
    },
    /// It ends too early or its syntax is broken.
    #[error("{document}: {what} at {position}{}", records(*.read))]
    Broken {
        /// The file.
        document: String,
        /// What is wrong.
        what: String,
        /// Where: `line 30`, `byte 400000`.
        position: String,
        /// How many whole records had been read up to there.
        read: u64,
    },
    /// Readable, but what it says of itself does not fit together.
    #[error("{document}: {what}. {remedy}")]
    Inconsistent {
        /// The file.
        document: String,
        /// What does not fit, with the figures.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// The list's own date does not exist or cannot be read.
    #[error("{document}: the list's own date \"{written}\" does not exist. Give the right one: --date YYYY-MM-DD")]
    ListDate {
        /// The file.
        document: String,
        /// As written.
        written: String,
    },
    /// It is larger, deeper or more tightly packed than any real list.
    #[error("{document}: {what}. {remedy}")]
    Limit {
        /// The file.
        document: String,
        /// Which limit, with the figures.
        what: String,
        /// What to do.
        remedy: String,
    },
}

fn records(read: u64) -> String {
    if read == 0 {
        String::new()
    } else {
        format!("; {} whole records stand before it", grouped(read))
    }
}

/// A number with thousands separators: `7,698`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands() {
        assert_eq!(
            [0, 999, 1_000, 7_698, 1_234_567].map(grouped),
            ["0", "999", "1,000", "7,698", "1,234,567"]
        );
    }
}
