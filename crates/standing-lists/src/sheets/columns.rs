//! Headings of a table against those that a list's layout has.
//!
//! Publishers' tables pass through many hands. A column that was renamed, moved or doubled would put a birth place where a
//! nationality belongs, so a table is read only if its headings are those of a known layout in that order. Columns that a layout does
//! not know are accepted where they do not stand in another's place: their cells are kept under their own heading, and counted.

use super::{Kind, Row, Sheet};

/// One column of a layout.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// The heading as the publisher writes it.
    pub heading: &'static str,
    /// Other headings for the same column, as later or earlier editions write it.
    pub also: &'static [&'static str],
    /// May the column be absent?
    pub optional: bool,
}

impl Column {
    /// A column that must be there.
    pub(crate) const fn of(heading: &'static str) -> Self {
        Self {
            heading,
            also: &[],
            optional: false,
        }
    }

    /// A column that some editions lack.
    pub(crate) const fn optional(heading: &'static str) -> Self {
        Self {
            heading,
            also: &[],
            optional: true,
        }
    }

    /// The same column under further headings.
    pub(crate) const fn or(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    fn fits(&self, written: &str) -> bool {
        std::iter::once(&self.heading)
            .chain(self.also)
            .any(|known| same(known, written))
    }
}

/// White space of any kind and letter case do not tell headings apart.
fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '\u{feff}')
            .flat_map(char::to_lowercase)
            .collect()
    };
    a == b || plain(a) == plain(b)
}

/// Where the columns of a layout stand in a table.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// For each column of the table that has a heading: its number, the heading as written, and which column of the layout it is.
    found: Vec<(u32, String, Option<usize>)>,
    /// For each column of the layout its number in the table.
    places: Vec<Option<u32>>,
    layout: &'static [Column],
}

impl Columns {
    /// How many of a layout's columns a row of headings has, in hundredths of those that must be there. For telling what a file is.
    pub(crate) fn share(row: Row<'_>, layout: &[Column]) -> usize {
        let wanted = layout.iter().filter(|c| !c.optional).count().max(1);
        let found = layout
            .iter()
            .filter(|c| !c.optional && row.cells().any(|(_, text, _)| c.fits(text)))
            .count();
        found * 100 / wanted
    }

    /// Matches a row of headings with a layout; says in words what does not fit.
    pub(crate) fn of(row: Row<'_>, layout: &'static [Column]) -> Result<Self, String> {
        let mut found: Vec<(u32, String, Option<usize>)> = Vec::new();
        for (number, text, _) in row.cells() {
            let heading = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some((other, ..)) = found.iter().find(|(_, known, _)| same(known, &heading)) {
                return Err(format!(
                    "the column \"{heading}\" stands twice, as {} and {}",
                    letters(*other),
                    letters(number)
                ));
            }
            let known = layout.iter().position(|column| column.fits(&heading));
            found.push((number, heading, known));
        }
        let mut places = vec![None; layout.len()];
        for (number, heading, known) in &found {
            let Some(known) = *known else { continue };
            if places[known].is_some() {
                return Err(format!(
                    "the column \"{heading}\" stands twice under different headings"
                ));
            }
            places[known] = Some(*number);
        }
        if let Some(missing) = (0..layout.len()).find(|&at| places[at].is_none() && !layout[at].optional) {
            return Err(Self::missing(&found, layout, missing));
        }
        let mut before: Option<usize> = None;
        for (number, heading, known) in &found {
            let Some(known) = *known else { continue };
            if let Some(before) = before
                && known < before
            {
                return Err(format!(
                    "the column \"{heading}\" was moved: it stands as {}, behind \"{}\"",
                    letters(*number),
                    layout[before].heading
                ));
            }
            before = Some(known);
        }
        Ok(Self { found, places, layout })
    }

    /// Says which column is missing, and which unknown one stands in its place.
    fn missing(found: &[(u32, String, Option<usize>)], layout: &[Column], missing: usize) -> String {
        let heading = layout[missing].heading;
        let before = (0..missing)
            .rev()
            .find_map(|at| found.iter().position(|(_, _, known)| *known == Some(at)));
        let next = before.map_or(0, |at| at + 1);
        match found.get(next).filter(|(_, _, known)| known.is_none()) {
            Some((number, written, _)) => {
                format!(
                    "the column \"{heading}\" is missing; \"{written}\" ({}) stands in its place",
                    letters(*number)
                )
            }
            None => format!("the column \"{heading}\" is missing"),
        }
    }

    /// The trimmed text of a row in a column of the layout, named by its heading; empty where there is none.
    pub(crate) fn get<'a>(&self, row: Row<'a>, heading: &str) -> &'a str {
        let at = self.layout.iter().position(|column| column.heading == heading);
        debug_assert!(at.is_some(), "the layout has no column {heading}");
        at.and_then(|at| self.places[at]).map_or("", |column| row.get(column))
    }

    /// The trimmed cells of a row by their place in the layout, and those under headings that the layout does not know. For wide tables, in
    /// which looking up each heading anew would cost more than reading them.
    pub(crate) fn by_place<'a>(&'a self, row: Row<'a>, known: &mut Vec<&'a str>, other: &mut Vec<(String, &'a str)>) {
        known.clear();
        known.resize(self.layout.len(), "");
        other.clear();
        let mut found = self.found.iter().peekable();
        let mut last = 0;
        for (number, text, _) in row.cells() {
            if number < last {
                found = self.found.iter().peekable();
            }
            last = number;
            while found.next_if(|(column, ..)| *column < number).is_some() {}
            match found.peek() {
                Some((column, _, Some(place))) if *column == number => known[*place] = text.trim(),
                Some((column, written, None)) if *column == number => other.push((written.clone(), text.trim())),
                _ => other.push((format!("column {}", letters(number)), text.trim())),
            }
        }
    }

    /// The cells of a row with their headings: the layout's for known columns, else as written, else the column's letters.
    pub(crate) fn cells<'a>(&'a self, row: Row<'a>) -> impl Iterator<Item = (Heading<'a>, &'a str, Kind)> {
        // Headings come in the order of the columns, cells nearly always; where one does not, the search begins anew.
        let mut found = self.found.iter().peekable();
        let mut last = 0;
        row.cells().map(move |(number, text, kind)| {
            if number < last {
                found = self.found.iter().peekable();
            }
            last = number;
            while found.next_if(|(column, ..)| *column < number).is_some() {}
            let heading = match found.peek().filter(|(column, ..)| *column == number) {
                Some((_, _, Some(known))) => Heading::Known(self.layout[*known].heading),
                Some((_, written, None)) => Heading::Other(written.clone()),
                None => Heading::Other(format!("column {}", letters(number))),
            };
            (heading, text.trim(), kind)
        })
    }
}

/// A heading of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heading<'a> {
    /// One of the layout, as the layout writes it.
    Known(&'a str),
    /// Another, as the file writes it.
    Other(String),
}

/// The first of the first rows in which at least three fifths of a layout's columns stand.
pub(crate) fn heading_row(sheet: &Sheet, layout: &[Column], within: usize) -> Option<usize> {
    (0..within.min(sheet.len())).find(|&at| sheet.row(at).is_some_and(|row| Columns::share(row, layout) >= 60))
}

/// A column as spreadsheet programs letter it: `A`, `AB`.
pub(crate) fn letters(column: u32) -> String {
    let mut column = column + 1;
    let mut letters = Vec::new();
    while column > 0 {
        letters.push(b'A' + ((column - 1) % 26) as u8);
        column = (column - 1) / 26;
    }
    letters.iter().rev().map(|&b| char::from(b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: &[Column] = &[
        Column::of("Reference"),
        Column::of("Name"),
        Column::optional("IMO"),
        Column::of("Born").or(&["Date of Birth"]),
    ];

    fn read(headings: &[&str]) -> Result<Columns, String> {
        let mut sheet = Sheet::new("");
        sheet.begin_row(0);
        for (i, heading) in headings.iter().enumerate() {
            sheet.push(i as u32, Kind::Text, heading);
        }
        Columns::of(sheet.row(0).unwrap(), LAYOUT)
    }

    #[test]
    fn accepts_what_it_knows() {
        let columns = read(&["Reference", "name ", "Date of\nBirth", "Remark"]).unwrap();
        assert_eq!(columns.found[3], (3, "Remark".to_owned(), None));
        assert_eq!(columns.places, [Some(0), Some(1), None, Some(2)]);
    }

    #[test]
    fn names_what_does_not_fit() {
        for (headings, said) in [
            (
                &["Reference", "Title", "Born"][..],
                "the column \"Name\" is missing; \"Title\" (B) stands in its place",
            ),
            (&["Reference", "Name"], "the column \"Born\" is missing"),
            (
                &["Name", "Reference", "Born"],
                "the column \"Reference\" was moved: it stands as B, behind \"Name\"",
            ),
            (
                &["Reference", "Name", "Name", "Born"],
                "the column \"Name\" stands twice, as B and C",
            ),
            (
                &["Reference", "Name", "Born", "Date of Birth"],
                "the column \"Date of Birth\" stands twice under different headings",
            ),
        ] {
            assert_eq!(read(headings).unwrap_err(), said);
        }
    }

    #[test]
    fn letters_of_columns() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
