//! DBF tables (dBASE III to IV), as Rosfinmonitoring gives its catalogue to banks.
//!
//! A header with the number of records and their length, 32 bytes for each field, then records of fixed length, the first byte of
//! each telling whether it was deleted. Byte 29 names the code page; where it is 0 the caller's is taken. Source: the file structure
//! in dBASE's own documentation (dBASE "Table File Structure", level 5).

use super::{Kind, Problem, Sheet};
use crate::error::ReadError;
use crate::registry::Document;

const FIELD: usize = 32;
const END_OF_FIELDS: u8 = 0x0D;
const DELETED: u8 = b'*';

/// The upper half of code page 866, the DOS code page for Russian: IBM's character table CP00866.
const CP866: [char; 128] = {
    let mut table = ['\u{fffd}'; 128];
    let mut at = 0;
    // А to Я, а to п.
    while at < 48 {
        table[at] = match char::from_u32(0x0410 + at as u32) {
            Some(c) => c,
            None => '\u{fffd}',
        };
        at += 1;
    }
    let frame = [
        '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║', '╗', '╝', '╜', '╛', '┐', '└', '┴', '┬', '├', '─', '┼',
        '╞', '╟', '╚', '╔', '╩', '╦', '╠', '═', '╬', '╧', '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█',
        '▄', '▌', '▐', '▀',
    ];
    while at < 96 {
        table[at] = frame[at - 48];
        at += 1;
    }
    // р to я.
    while at < 112 {
        table[at] = match char::from_u32(0x0440 + (at - 96) as u32) {
            Some(c) => c,
            None => '\u{fffd}',
        };
        at += 1;
    }
    let rest = [
        'Ё', 'ё', 'Є', 'є', 'Ї', 'ї', 'Ў', 'ў', '°', '∙', '·', '√', '№', '¤', '■', '\u{a0}',
    ];
    while at < 128 {
        table[at] = rest[at - 112];
        at += 1;
    }
    table
};

/// Text in code page 866.
fn cp866(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&b| {
            if b < 0x80 {
                char::from(b)
            } else {
                CP866[usize::from(b) - 0x80]
            }
        })
        .collect()
}

struct Header {
    records: u32,
    start: usize,
    length: usize,
    /// Name, kind letter and length of each field.
    fields: Vec<(String, u8, usize)>,
}

fn header(bytes: &[u8]) -> Option<Header> {
    let version = *bytes.first()?;
    if !matches!(version, 0x02 | 0x03 | 0x04 | 0x30 | 0x31 | 0x83 | 0x8B | 0xF5) {
        return None;
    }
    let month_and_day_exist = (1..=12).contains(bytes.get(2)?) && (1..=31).contains(bytes.get(3)?);
    let records = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let start = usize::from(u16::from_le_bytes(bytes.get(8..10)?.try_into().ok()?));
    let length = usize::from(u16::from_le_bytes(bytes.get(10..12)?.try_into().ok()?));
    if !month_and_day_exist || start < 65 || length < 2 {
        return None;
    }
    let mut fields = Vec::new();
    let mut at = 32;
    while *bytes.get(at)? != END_OF_FIELDS {
        let field = bytes.get(at..at + FIELD)?;
        let name: Vec<u8> = field[..11].iter().copied().take_while(|&b| b != 0).collect();
        if name.is_empty() || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
            return None;
        }
        fields.push((
            String::from_utf8_lossy(&name).into_owned(),
            field[11],
            usize::from(field[16]),
        ));
        at += FIELD;
    }
    let sum: usize = fields.iter().map(|(_, _, length)| length).sum();
    (sum + 1 == length && !fields.is_empty()).then_some(Header {
        records,
        start,
        length,
        fields,
    })
}

/// Does the file begin like a DBF table?
pub(crate) fn is_dbf(bytes: &[u8]) -> bool {
    header(bytes).is_some()
}

/// Reads a table; its field names are the first row.
pub(crate) fn read_dbf(document: Document<'_>) -> Result<Sheet, ReadError> {
    let bytes = document.bytes;
    let broken = |what: &str, at: usize, read: u64| ReadError::Broken {
        document: document.name.to_owned(),
        what: what.to_owned(),
        position: format!("byte {at}"),
        read,
    };
    let header = header(bytes).ok_or_else(|| broken("no DBF table", 0, 0))?;
    if header.records as usize > super::CELL_LIMIT / header.fields.len() {
        return Err(Problem::Limit(format!("{} records", header.records)).into_error(document.name));
    }
    let mut sheet = Sheet::new("");
    sheet.begin_row(0);
    for (column, (name, ..)) in header.fields.iter().enumerate() {
        sheet.push(column as u32, Kind::Text, name);
    }
    for record in 0..header.records {
        let start = header.start + record as usize * header.length;
        let data = bytes
            .get(start..start + header.length)
            .ok_or_else(|| broken("the table ends too early", bytes.len(), u64::from(record)))?;
        if data[0] == DELETED {
            continue;
        }
        sheet.begin_row(record + 1);
        let mut at = 1;
        for (column, (_, kind, length)) in header.fields.iter().enumerate() {
            let text = cp866(&data[at..at + length]);
            at += length;
            let text = text.trim_matches(['\0', ' ']);
            match (kind, text.len()) {
                // A date is eight digits.
                (b'D', 8) if text.bytes().all(|b| b.is_ascii_digit()) => {
                    let day = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
                    sheet.push(column as u32, Kind::Date, &day);
                }
                (b'N' | b'F', _) => sheet.push(column as u32, Kind::Number, text),
                _ => sheet.push(column as u32, Kind::Text, text),
            }
        }
    }
    sheet.end_row();
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_866() {
        assert_eq!(cp866(&[0x80, 0x9F, 0xA0, 0xAF, 0xE0, 0xEF, 0xF0, 0xFC]), "АЯапряЁ№");
    }

    #[test]
    fn reads_what_it_says_it_holds() {
        let mut bytes = vec![0x03, 126, 7, 1, 2, 0, 0, 0, 97, 0, 8, 0];
        bytes.resize(32, 0);
        for (name, length) in [("NUMBER", 3u8), ("NAMEU", 4)] {
            let mut field = name.as_bytes().to_vec();
            field.resize(11, 0);
            field.extend([b'C', 0, 0, 0, 0, length]);
            field.resize(32, 0);
            bytes.extend(field);
        }
        bytes.push(0x0D);
        bytes.extend(b" 1  \x80\x81\x82 ");
        bytes.extend(b"*2  gone");
        let document = Document {
            name: "t.dbf",
            bytes: &bytes,
        };
        let sheet = read_dbf(document).unwrap();
        let rows: Vec<Vec<&str>> = sheet.rows().map(|r| r.cells().map(|(_, t, _)| t).collect()).collect();
        assert_eq!(rows, [vec!["NUMBER", "NAMEU"], vec!["1", "АБВ"]]);
        bytes.truncate(bytes.len() - 1);
        let cut = Document {
            name: "t.dbf",
            bytes: &bytes,
        };
        assert!(read_dbf(cut).unwrap_err().to_string().contains("ends too early"));
    }
}
