//! Reading one TOML table field by field, with the line of everything.
//!
//! A derived reader stops at the first slip and knows no line afterwards. Whoever edits the register should see all slips at once,
//! each with its line, and every later check needs the line of the field it is about. So tables are taken apart by hand here: each
//! `take_*` removes a field, turns it into a value and notes a finding where it cannot; `finish` reports the fields that nobody asked for.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::{Finding, Place};

/// One file being read: its name, where its lines begin, what was found wrong.
pub(crate) struct File<'a> {
    path: &'a str,
    line_starts: Vec<usize>,
    pub(crate) findings: Vec<Finding>,
}

impl<'a> File<'a> {
    pub(crate) fn new(path: &'a str, text: &str) -> Self {
        let line_starts = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|&(_, b)| b == b'\n')
                    .map(|(at, _)| at + 1),
            )
            .collect();
        Self {
            path,
            line_starts,
            findings: Vec::new(),
        }
    }

    /// The place of a byte.
    pub(crate) fn place(&self, at: usize) -> Place {
        Place {
            file: self.path.to_owned(),
            line: u32::try_from(self.line_starts.partition_point(|&start| start <= at)).unwrap_or(u32::MAX),
        }
    }
}

/// The lines on which the fields of one entry stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lines {
    head: Place,
    fields: BTreeMap<String, u32>,
}

impl Lines {
    /// Where the entry begins.
    pub(crate) fn head(&self) -> &Place {
        &self.head
    }

    /// Where a field stands; the entry's beginning if it has none.
    pub(crate) fn of(&self, field: &str) -> Place {
        Place {
            file: self.head.file.clone(),
            line: self.fields.get(field).copied().unwrap_or(self.head.line),
        }
    }
}

/// A table that is being taken apart.
pub(crate) struct Table<'f, 'a, 'i> {
    file: &'f mut File<'a>,
    /// What it is, for people: `step`, `name`.
    what: &'static str,
    fields: BTreeMap<String, (Place, DeValue<'i>)>,
    lines: Lines,
    asked: Vec<&'static str>,
    /// Whether anything that is needed is missing or wrong.
    failed: bool,
}

impl<'f, 'a, 'i> Table<'f, 'a, 'i> {
    /// Opens a table. `at` is the byte at which it begins.
    pub(crate) fn open(file: &'f mut File<'a>, what: &'static str, at: usize, table: DeTable<'i>) -> Self {
        let head = file.place(at);
        let fields: BTreeMap<_, _> = table
            .into_iter()
            .map(|(key, value)| {
                let place = file.place(key.span().start);
                (key.into_inner().into_owned(), (place, value.into_inner()))
            })
            .collect();
        let lines = Lines {
            head,
            fields: fields
                .iter()
                .map(|(name, (place, _))| (name.clone(), place.line))
                .collect(),
        };
        Self {
            file,
            what,
            fields,
            lines,
            asked: Vec::new(),
            failed: false,
        }
    }

    /// The lines of the entry, to be kept with it.
    pub(crate) fn lines(&self) -> Lines {
        self.lines.clone()
    }

    /// Reports something wrong with a field.
    pub(crate) fn wrong(&mut self, field: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let finding = self.lines.of(field).error(what, remedy);
        self.file.findings.push(finding);
        self.failed = true;
    }

    fn take(&mut self, field: &'static str) -> Option<DeValue<'i>> {
        self.asked.push(field);
        self.fields.remove(field).map(|(_, value)| value)
    }

    fn missing(&mut self, field: &'static str) {
        let what = self.what;
        self.wrong(
            "",
            format!("this {what} has no `{field}`"),
            format!("add `{field} = …`"),
        );
    }

    /// A text that may be absent.
    pub(crate) fn take_text(&mut self, field: &'static str) -> Option<String> {
        match self.take(field)? {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.into_owned()),
            DeValue::String(_) => {
                self.wrong(
                    field,
                    format!("`{field}` is empty"),
                    "write something, or remove the field",
                );
                None
            }
            other => {
                let kind = other.type_str();
                let remedy = format!("write it in quotation marks: {field} = \"…\"");
                self.wrong(field, format!("`{field}` is a {kind} where a text is wanted"), remedy);
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn need_text(&mut self, field: &'static str) -> Option<String> {
        if !self.fields.contains_key(field) {
            self.asked.push(field);
            self.missing(field);
            return None;
        }
        self.take_text(field)
    }

    /// A value that is written as a text and may be absent.
    pub(crate) fn take_parsed<T>(&mut self, field: &'static str, remedy: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.take_text(field)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong(field, format!("`{field}`: {error}"), remedy);
                None
            }
        }
    }

    /// A value that is written as a text and must be there.
    pub(crate) fn need_parsed<T>(&mut self, field: &'static str, remedy: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        if !self.fields.contains_key(field) {
            self.asked.push(field);
            self.missing(field);
            return None;
        }
        self.take_parsed(field, remedy)
    }

    /// One of some words; absent is `None`.
    pub(crate) fn take_word<T: Copy>(&mut self, field: &'static str, words: &[(&str, T)]) -> Option<T> {
        let text = self.take_text(field)?;
        let value = words.iter().find(|(word, _)| *word == text).map(|&(_, value)| value);
        if value.is_none() {
            self.wrong(
                field,
                format!("\"{text}\" is no {field}"),
                format!("write one of: {}", listed(words)),
            );
        }
        value
    }

    /// One of some words; must be there.
    pub(crate) fn need_word<T: Copy>(&mut self, field: &'static str, words: &[(&str, T)]) -> Option<T> {
        if !self.fields.contains_key(field) {
            self.asked.push(field);
            self.missing(field);
            return None;
        }
        self.take_word(field, words)
    }

    /// Some of some words; must be there and not be empty.
    pub(crate) fn need_words<T: Copy>(&mut self, field: &'static str, words: &[(&str, T)]) -> Vec<T> {
        let texts = self.take_texts(field);
        if texts.is_empty() {
            self.missing(field);
        }
        let mut values = Vec::with_capacity(texts.len());
        for text in texts {
            if let Some(&(_, value)) = words.iter().find(|(word, _)| *word == text) {
                values.push(value);
            } else {
                let remedy = format!("write one of: {}", listed(words));
                self.wrong(field, format!("\"{text}\" in `{field}` is not known"), remedy);
            }
        }
        values
    }

    /// A list of texts; absent is empty.
    pub(crate) fn take_texts(&mut self, field: &'static str) -> Vec<String> {
        let Some(value) = self.take(field) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value else {
            let kind = value.type_str();
            let remedy = format!("write it as a list: {field} = [\"…\"]");
            self.wrong(field, format!("`{field}` is a {kind} where a list is wanted"), remedy);
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let at = item.span().start;
            match item.into_inner() {
                DeValue::String(text) if !text.trim().is_empty() => texts.push(text.into_owned()),
                _ => {
                    let finding = self.file.place(at).error(
                        format!("`{field}` holds something that is no text, or an empty one"),
                        "write each item in quotation marks",
                    );
                    self.file.findings.push(finding);
                    self.failed = true;
                }
            }
        }
        texts
    }

    /// A truth value; absent is false.
    pub(crate) fn take_flag(&mut self, field: &'static str) -> bool {
        match self.take(field) {
            None => false,
            Some(DeValue::Boolean(value)) => value,
            Some(_) => {
                self.wrong(
                    field,
                    format!("`{field}` is neither true nor false"),
                    "write true or false, without quotation marks",
                );
                false
            }
        }
    }

    /// A whole number that is not negative; absent is `None`.
    pub(crate) fn take_count(&mut self, field: &'static str) -> Option<u32> {
        let value = self.take(field)?;
        let count = value
            .as_integer()
            .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        if count.is_none() {
            self.wrong(
                field,
                format!("`{field}` is not a whole number"),
                "write a number without quotation marks",
            );
        }
        count
    }

    /// A list of tables; absent is empty. Each is handed to `read`.
    pub(crate) fn take_tables<T>(
        &mut self,
        field: &'static str,
        what: &'static str,
        mut read: impl FnMut(&mut Table<'_, 'a, 'i>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.take(field) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value else {
            let remedy = format!("write a list of tables: {field} = [{{ … }}]");
            self.wrong(field, format!("`{field}` is no list of tables"), remedy);
            return Vec::new();
        };
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match read_table(self.file, what, item, &mut read) {
                Some(value) => values.push(value),
                None => self.failed = true,
            }
        }
        values
    }

    /// Reports what nobody asked for. `None` if anything about the table was wrong.
    fn finish(mut self) -> Option<()> {
        let unknown: Vec<(String, Place)> = std::mem::take(&mut self.fields)
            .into_iter()
            .map(|(name, (place, _))| (name, place))
            .collect();
        for (name, place) in unknown {
            let finding = place.error(
                format!("a {} has no field `{name}`", self.what),
                format!("its fields are: {}", self.asked.join(", ")),
            );
            self.file.findings.push(finding);
            self.failed = true;
        }
        (!self.failed).then_some(())
    }
}

/// Reads one item of a list of tables.
pub(crate) fn read_table<'a, 'i, T>(
    file: &mut File<'a>,
    what: &'static str,
    item: Spanned<DeValue<'i>>,
    read: &mut impl FnMut(&mut Table<'_, 'a, 'i>) -> Option<T>,
) -> Option<T> {
    let at = item.span().start;
    let DeValue::Table(table) = item.into_inner() else {
        let finding = file.place(at).error(
            format!("this is no table, where a {what} is wanted"),
            format!("write it as [[{what}]] with its fields below, or as {{ … }}"),
        );
        file.findings.push(finding);
        return None;
    };
    let mut table = Table::open(file, what, at, table);
    let value = read(&mut table);
    table.finish()?;
    value
}

fn listed<T>(words: &[(&str, T)]) -> String {
    words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}
