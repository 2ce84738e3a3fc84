//! Cells of worksheets: each kind, and plain ones held against the same cells read tag by tag.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::sheets::{Kind, Row, made};

/// What a worksheet's cells are read as, or why they cannot be.
fn read(cells: &str) -> Result<Vec<(u32, String, Kind)>, Problem> {
    let bytes = made::workbook(&[("S", &[])]);
    let mut book = Workbook::open(&bytes)?;
    book.dates = vec![false, true];
    let strings = Strings {
        text: "one \u{a0}three".to_owned(),
        ends: vec![3, 6, 11, 11],
    };
    let part = Part {
        text: format!("<worksheet><row r=\"3\">{cells}</row></worksheet>"),
        cut: false,
    };
    let mut sheet = Sheet::sharing("S", Arc::from(strings.text.as_str()));
    cells::read_sheet(&mut sheet, &part, &strings, &book)?;
    let row = sheet.row(0).into_iter().flat_map(Row::cells);
    Ok(row
        .map(|(column, text, kind)| (column, text.to_owned(), kind))
        .collect())
}

proptest! {
    /// A second blank makes a cell one that is not plain, and changes nothing else.
    #[test]
    fn plain_cells_are_read_as_others(
        cells in prop::collection::vec(
            (
                prop::option::of(0_u32..40),
                0_usize..3,
                "|s|s|n|b|e|d|str|zz",
                "|[0-4]|[0-9]{1,17}|-?[0-9]{1,6}\\.[0-9]{1,3}|0[0-9]| 1|1E3|&amp;|x",
            ),
            0..5,
        ),
    ) {
        let written = |start: &str| {
            cells.iter().fold(String::new(), |mut text, (column, style, kind, value)| {
                text.push_str(start);
                if let Some(column) = column {
                    let _ = write!(text, "r=\"{}3\" ", crate::sheets::columns::letters(*column));
                }
                let _ = write!(text, "s=\"{style}\"");
                if !kind.is_empty() {
                    let _ = write!(text, " t=\"{kind}\"");
                }
                let _ = write!(text, "><v>{value}</v></c>");
                text
            })
        };
        prop_assert_eq!(read(&written("<c ")), read(&written("<c  ")));
    }
}

#[test]
fn cells_of_each_kind() {
    let cells = read(
        "<c r=\"A3\" s=\"0\" t=\"s\"><v>0</v></c><c r=\"B3\" t=\"s\"><v>1</v></c><c r=\"C3\" s=\"1\"><v>41988</v></c>\
         <c r=\"E3\"><v>1234567890123456</v></c><c r=\"F3\"><v>007</v></c><c r=\"G3\"/><c><v>2</v></c>",
    );
    let cells: Vec<(u32, String, Kind)> = cells.unwrap();
    let found: Vec<(u32, &str, Kind)> = cells.iter().map(|(c, text, kind)| (*c, text.as_str(), *kind)).collect();
    assert_eq!(
        found,
        [
            (0, "one", Kind::Text),
            (2, "2014-12-15", Kind::Date),
            (4, "1234567890123456", Kind::Number),
            (5, "7", Kind::Number),
            (7, "2", Kind::Number),
        ]
    );
    assert!(
        matches!(read("<c t=\"s\"><v>9</v></c>"), Err(Problem::Broken { what, .. }) if what.contains("9 that does not exist"))
    );
}
