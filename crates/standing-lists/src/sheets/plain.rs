//! The form in which spreadsheet programs write nearly every cell: `<c r="B7" s="2" t="s"><v>130</v></c>`, also without value.
//!
//! Most of a workbook consists of such cells, so one in exactly this form is read in a single pass over its bytes. Whatever differs from
//! it in anything (another attribute, a prefix, a text of its own, white space) is no plain cell and is left to
//! [`super::tags`], which reads plain ones just as well: a test of
//! [`super::xlsx`] holds both against each other.

use super::{COLUMN_LIMIT, ROW_LIMIT};

/// A number, or a shared string by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlainCell<'a> {
    /// From 0, where the cell says it.
    pub column: Option<u32>,
    /// The number of its format.
    pub style: usize,
    /// Is the value the number of a shared string?
    pub shared: bool,
    /// As written; empty where there is none.
    pub value: &'a str,
}

/// The plain cell with which the text begins, and its length.
pub(super) fn plain_cell(text: &str) -> Option<(PlainCell<'_>, usize)> {
    let bytes = text.as_bytes();
    if !bytes.starts_with(b"<c ") {
        return None;
    }
    let mut cell = PlainCell {
        column: None,
        style: 0,
        shared: false,
        value: "",
    };
    let mut at = 2;
    while bytes.get(at) == Some(&b' ') {
        let [name, b'=', b'"', value @ ..] = bytes.get(at + 1..)? else {
            return None;
        };
        at += 4 + match name {
            b'r' => {
                let (column, length) = reference(value)?;
                cell.column = Some(column);
                length
            }
            b's' => {
                let (style, length) = number(value)?;
                cell.style = style as usize;
                length
            }
            b't' => {
                cell.shared = match value.first()? {
                    b's' => true,
                    b'n' => false,
                    _ => return None,
                };
                1
            }
            _ => return None,
        };
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        at += 1;
    }
    let rest = bytes.get(at..)?;
    if rest.starts_with(b"/>") {
        return Some((cell, at + 2));
    }
    if !rest.starts_with(b"><v>") {
        return None;
    }
    let start = at + 4;
    let length = bytes[start..].iter().position(|&b| b == b'<')?;
    let end = start + length;
    if !bytes[end..].starts_with(b"</v></c>") {
        return None;
    }
    cell.value = &text[start..end];
    Some((cell, end + 8))
}

/// The column from 0 of `AB12`, and the length of the whole.
fn reference(bytes: &[u8]) -> Option<(u32, usize)> {
    let letters = bytes.iter().take(4).take_while(|b| b.is_ascii_uppercase()).count();
    let column = bytes[..letters]
        .iter()
        .fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    let (row, length) = number(&bytes[letters..])?;
    ((1..=COLUMN_LIMIT).contains(&column) && (1..=ROW_LIMIT).contains(&row)).then(|| (column - 1, letters + length))
}

/// At most eight digits, and how many there are.
fn number(bytes: &[u8]) -> Option<(u32, usize)> {
    let length = bytes.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    let number = bytes[..length].iter().fold(0_u32, |number, digit| {
        number.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'))
    });
    (1..=8).contains(&length).then_some((number, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<u32>, usize, bool, &str, usize)> {
        plain_cell(text).map(|(cell, length)| (cell.column, cell.style, cell.shared, cell.value, length))
    }

    #[test]
    fn plain_cells_and_no_others() {
        let cell = "<c r=\"B7\" s=\"2\" t=\"s\"><v>130</v></c>";
        assert_eq!(
            read(&format!("{cell}<c/>")),
            Some((Some(1), 2, true, "130", cell.len()))
        );
        assert_eq!(
            read("<c t=\"n\" r=\"XFD1048576\"><v>-1.5E3</v></c>"),
            Some((Some(16_383), 0, false, "-1.5E3", 41))
        );
        assert_eq!(read("<c s=\"1\"/>"), Some((None, 1, false, "", 10)));
        assert_eq!(read("<c r=\"A1\"><v></v></c>"), Some((Some(0), 0, false, "", 21)));
        for other in [
            "",
            "<c",
            "<c ",
            "<c/>",
            "<c r=\"",
            "<c r=\"A1",
            "<c r=\"A1\"",
            "<c r=\"A1\">",
            "<c r=\"A1\"><v>1",
            "<c r=\"A1\"><v>1</v>",
            "<c r=\"A1\" ><v>1</v></c>",
            "<c r='A1'><v>1</v></c>",
            "<c r=\"a1\"><v>1</v></c>",
            "<c r=\"A0\"><v>1</v></c>",
            "<c r=\"XFE1\"><v>1</v></c>",
            "<c r=\"A1048577\"><v>1</v></c>",
            "<c r=\"A\"><v>1</v></c>",
            "<c r=\"7\"><v>1</v></c>",
            "<c s=\"-1\"><v>1</v></c>",
            "<c s=\"123456789\"><v>1</v></c>",
            "<c t=\"str\"><v>1</v></c>",
            "<c t=\"sx\"><v>1</v></c>",
            "<c t=\"b\"><v>1</v></c>",
            "<c x:r=\"A1\"><v>1</v></c>",
            "<c cm=\"1\"><v>1</v></c>",
            "<c r=\"A1\"><f>1</f><v>1</v></c>",
            "<c r=\"A1\"><v>1<!-- --></v></c>",
            "<c r=\"A1\"><v>é</v>\n</c>",
            "<col/>",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
