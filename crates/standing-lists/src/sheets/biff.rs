//! XLS workbooks of Excel 97 to 2003 (BIFF8).
//!
//! Source: [MS-XLS]. The workbook stream is a row of records; a string that does not fit into one goes on in the next and says there
//! anew whether its letters take one byte or two. Formulas are read by the value that was stored with them.

use std::sync::Arc;

use super::cfb::Compound;
use super::numbers::{Epoch, builtin_is_date, code_is_date, day_written, written};
use super::{CELL_LIMIT, Kind, Merge, Problem, SHEET_LIMIT, Sheet, TEXT_LIMIT};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const FILE_PASS: u16 = 0x002F;
const DATE_MODE: u16 = 0x0022;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const BOUND_SHEET: u16 = 0x0085;
const SHARED_STRINGS: u16 = 0x00FC;
const LABEL_SHARED: u16 = 0x00FD;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027E;
const MULTIPLE_RK: u16 = 0x00BD;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;
const TRUTH_OR_ERROR: u16 = 0x0205;
const MERGED: u16 = 0x00E5;

/// How often the stream may be walked over in all by sheets that overlap.
const PASSES: usize = 4;

struct Record<'a> {
    id: u16,
    data: &'a [u8],
    at: usize,
}

struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn next(&mut self) -> Result<Option<Record<'a>>, Problem> {
        let at = self.at;
        let Some(head) = self.stream.get(at..at + 4) else {
            return Ok(None);
        };
        let id = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let data = self.stream.get(at + 4..at + 4 + length).ok_or_else(|| {
            Problem::broken(
                "the workbook ends within a record",
                format!("byte {at} of the workbook stream"),
            )
        })?;
        self.at = at + 4 + length;
        Ok(Some(Record { id, data, at }))
    }

    /// The record's data and that of the records that continue it.
    fn continued(&mut self, first: &'a [u8]) -> Result<Vec<&'a [u8]>, Problem> {
        let mut parts = vec![first];
        while self.stream.get(self.at..self.at + 2) == Some(&CONTINUE.to_le_bytes()) {
            if let Some(record) = self.next()? {
                parts.push(record.data);
            }
        }
        Ok(parts)
    }
}

/// Reads over the borders of continued records.
struct Parts<'a> {
    pieces: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl Parts<'_> {
    /// Goes to the next part at the end of this one; says whether it did.
    fn turn(&mut self) -> Option<bool> {
        if self.at < self.pieces.get(self.part)?.len() {
            return Some(false);
        }
        self.part += 1;
        self.at = 0;
        (self.part < self.pieces.len()).then_some(true)
    }

    fn byte(&mut self) -> Option<u8> {
        while self.turn()? {}
        let byte = *self.pieces[self.part].get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self, bytes: u32) -> Option<u32> {
        let mut number = 0;
        for i in 0..bytes {
            number |= u32::from(self.byte()?) << (8 * i);
        }
        Some(number)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            while self.turn()? {}
            let step = bytes.min(self.pieces[self.part].len() - self.at);
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// A string whose length is in characters and whose first flag says how wide they are.
    fn characters(&mut self, count: usize, flags: u8, target: &mut String) -> Option<()> {
        let mut wide = flags & 1 != 0;
        let mut units: Vec<u16> = Vec::with_capacity(count.min(4096));
        while units.len() < count {
            while self.turn()? {
                wide = *self.pieces[self.part].get(self.at)? & 1 != 0;
                self.at += 1;
            }
            let unit = if wide {
                let data = self.pieces[self.part].get(self.at..self.at + 2)?;
                self.at += 2;
                u16::from_le_bytes([data[0], data[1]])
            } else {
                let data = *self.pieces[self.part].get(self.at)?;
                self.at += 1;
                u16::from(data)
            };
            units.push(unit);
        }
        target.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        Some(())
    }

    /// A string with its length, flags, and the formatting behind it.
    fn rich(&mut self, target: &mut String) -> Option<()> {
        let count = self.number(2)? as usize;
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.number(2)? as usize } else { 0 };
        let extension = if flags & 4 != 0 { self.number(4)? as usize } else { 0 };
        self.characters(count, flags, target)?;
        self.skip(runs * 4 + extension)
    }
}

fn string(pieces: Vec<&[u8]>, skip: usize) -> Option<String> {
    let mut parts = Parts { pieces, part: 0, at: 0 };
    parts.skip(skip)?;
    let mut text = String::new();
    let count = parts.number(2)? as usize;
    if count == 0 {
        return Some(text);
    }
    let flags = parts.byte()?;
    parts.characters(count, flags, &mut text)?;
    Some(text)
}

fn short_string(data: &[u8]) -> Option<String> {
    let (count, rest) = data.split_first()?;
    let (flags, _) = rest.split_first()?;
    let mut text = String::new();
    Parts {
        pieces: vec![&rest[1..]],
        part: 0,
        at: 0,
    }
    .characters(usize::from(*count), *flags, &mut text)?;
    Some(text)
}

#[derive(Default)]
struct Globals {
    /// Name and place of each sheet.
    sheets: Vec<(String, usize)>,
    strings: String,
    ranges: Vec<(u32, u32)>,
    dates: Vec<bool>,
    epoch: Option<Epoch>,
}

/// Reads every sheet.
///
/// Macros are passed over and not refused as in XLSX, because a publisher's own workbook had some: the Japanese Ministry of Finance's
/// list of 2022 carries an empty module.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let file = Compound::open(bytes)?;
    if file.has("EncryptedPackage") {
        return Err(Problem::protected());
    }
    let Some(stream) = file.stream("Workbook")? else {
        let what = if file.has("Book") {
            "a workbook of Excel 95 or older"
        } else {
            "a compound file without a workbook"
        };
        return Err(Problem::Refused {
            what: what.into(),
            remedy: "Save it as .xlsx and read that",
        });
    };
    let globals = globals(&stream)?;
    let shared: Arc<str> = Arc::from(globals.strings.as_str());
    let mut sheets = Vec::new();
    let (mut cells, mut walked) = (0, 0);
    for (name, at) in &globals.sheets {
        let mut sheet = Sheet::sharing(name.as_str(), Arc::clone(&shared));
        walked += read_sheet(&mut sheet, &stream, *at, &globals)?;
        cells += sheet.cells.len();
        if cells > CELL_LIMIT || walked > stream.len() * PASSES {
            return Err(Problem::Limit(format!("more than {CELL_LIMIT} cells")));
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn globals(stream: &[u8]) -> Result<Globals, Problem> {
    let mut globals = Globals::default();
    let mut formats: Vec<(u32, bool)> = Vec::new();
    let mut styles = Vec::new();
    let mut records = Records { stream, at: 0 };
    while let Some(record) = records.next()? {
        let broken = || {
            Problem::broken(
                "a record that is too short",
                format!("byte {} of the workbook stream", record.at),
            )
        };
        let word = |at: usize| Some(u16::from_le_bytes(record.data.get(at..at + 2)?.try_into().ok()?));
        match record.id {
            BOF if word(0) != Some(0x0600) => {
                return Err(Problem::Refused {
                    what: "a workbook of Excel 95 or older".into(),
                    remedy: "Save it as .xlsx and read that",
                });
            }
            FILE_PASS => return Err(Problem::protected()),
            DATE_MODE if word(0) == Some(1) => globals.epoch = Some(Epoch::Of1904),
            FORMAT => {
                let id = word(0).ok_or_else(broken)?;
                let code = string(records.continued(record.data)?, 2).ok_or_else(broken)?;
                formats.push((u32::from(id), code_is_date(&code)));
            }
            XF => styles.push(u32::from(word(2).ok_or_else(broken)?)),
            BOUND_SHEET => {
                let offset = record
                    .data
                    .get(0..4)
                    .and_then(|d| d.try_into().ok())
                    .map(u32::from_le_bytes)
                    .ok_or_else(broken)?;
                // Only worksheets; charts and macro sheets hold no cells of a list.
                if record.data.get(5).ok_or_else(broken)?.trailing_zeros() >= 4 {
                    let name = short_string(&record.data[6..]).ok_or_else(broken)?;
                    globals.sheets.push((name, offset as usize));
                    if globals.sheets.len() > SHEET_LIMIT {
                        return Err(Problem::Limit(format!("more than {SHEET_LIMIT} sheets")));
                    }
                }
            }
            SHARED_STRINGS => {
                let mut parts = Parts {
                    pieces: records.continued(record.data)?,
                    part: 0,
                    at: 0,
                };
                let count = parts.skip(4).and_then(|()| parts.number(4)).ok_or_else(broken)?;
                for _ in 0..count {
                    let start = globals.strings.len();
                    parts.rich(&mut globals.strings).ok_or_else(broken)?;
                    if globals.strings.len() > TEXT_LIMIT {
                        return Err(Problem::Limit(format!(
                            "more than {} megabytes of text",
                            TEXT_LIMIT >> 20
                        )));
                    }
                    globals
                        .ranges
                        .push((start as u32, (globals.strings.len() - start) as u32));
                }
            }
            EOF => {
                globals.dates = styles
                    .iter()
                    .map(|id| {
                        formats
                            .iter()
                            .find(|(known, _)| known == id)
                            .map_or_else(|| builtin_is_date(*id), |&(_, is)| is)
                    })
                    .collect();
                return Ok(globals);
            }
            _ => {}
        }
    }
    Err(Problem::broken(
        "the workbook ends too early",
        format!("byte {} of the workbook stream", stream.len()),
    ))
}

/// A number in four bytes: 30 bits of an integer or of a float, and whether it was multiplied by 100 ([MS-XLS] 2.5.218).
fn rk(value: u32) -> f64 {
    let number = if value & 2 != 0 {
        f64::from((value as i32) >> 2)
    } else {
        f64::from_bits(u64::from(value & 0xFFFF_FFFC) << 32)
    };
    if value & 1 != 0 { number / 100.0 } else { number }
}

enum Value {
    Shared(u32, u32),
    Text(Kind, String),
}

/// Reads one sheet; returns how many bytes of the stream it took.
fn read_sheet(sheet: &mut Sheet, stream: &[u8], at: usize, globals: &Globals) -> Result<usize, Problem> {
    let mut records = Records { stream, at };
    let mut cells: Vec<(u16, u16, Value)> = Vec::new();
    let mut depth = 0;
    let mut formula: Option<(u16, u16)> = None;
    let mut closed = false;
    while let Some(record) = records.next()? {
        let data = record.data;
        let broken = || {
            Problem::broken(
                "a record that is too short",
                format!("sheet \"{}\", byte {}", sheet.name, record.at),
            )
        };
        let word = |at: usize| -> Result<u16, Problem> {
            let bytes = data.get(at..at + 2).and_then(|d| d.try_into().ok());
            bytes.map(u16::from_le_bytes).ok_or_else(broken)
        };
        let number = |style: u16, number: f64| {
            let date = globals.dates.get(usize::from(style)).copied().unwrap_or(false);
            let day = date
                .then(|| day_written(number, globals.epoch.unwrap_or(Epoch::Of1900)))
                .flatten();
            day.map_or_else(
                || Value::Text(Kind::Number, written(number)),
                |day| Value::Text(Kind::Date, day),
            )
        };
        let bits = |at: usize| {
            data.get(at..at + 8)
                .and_then(|d| d.try_into().ok())
                .map(u64::from_le_bytes)
                .ok_or_else(broken)
        };
        let four = |at: usize| {
            data.get(at..at + 4)
                .and_then(|d| d.try_into().ok())
                .map(u32::from_le_bytes)
                .ok_or_else(broken)
        };
        if depth > 1 && !matches!(record.id, BOF | EOF) {
            continue;
        }
        match record.id {
            BOF => depth += 1,
            EOF => {
                depth -= 1;
                if depth <= 0 {
                    closed = true;
                    break;
                }
            }
            LABEL_SHARED => {
                let index = four(6)?;
                let &(start, length) = globals.ranges.get(index as usize).ok_or_else(|| {
                    Problem::broken(
                        format!("a shared string {index} that does not exist"),
                        format!("sheet \"{}\"", sheet.name),
                    )
                })?;
                cells.push((word(0)?, word(2)?, Value::Shared(start, length)));
            }
            LABEL | RICH_LABEL => {
                let parts = records.continued(data)?;
                let text = string(parts, 6).ok_or_else(broken)?;
                cells.push((word(0)?, word(2)?, Value::Text(Kind::Text, text)));
            }
            NUMBER => cells.push((word(0)?, word(2)?, number(word(4)?, f64::from_bits(bits(6)?)))),
            RK => cells.push((word(0)?, word(2)?, number(word(4)?, rk(four(6)?)))),
            MULTIPLE_RK => {
                let (row, first) = (word(0)?, word(2)?);
                let count = data.len().saturating_sub(6) / 6;
                for i in 0..count {
                    let value = number(word(4 + i * 6)?, rk(four(6 + i * 6)?));
                    cells.push((row, first.saturating_add(i as u16), value));
                }
            }
            FORMULA => {
                let (row, column) = (word(0)?, word(2)?);
                let result = bits(6)?;
                if result >> 48 == 0xFFFF {
                    let byte = (result >> 16) & 0xFF;
                    match result & 0xFF {
                        0 => formula = Some((row, column)),
                        1 => cells.push((row, column, truth(byte != 0))),
                        2 => cells.push((row, column, error(byte as u8))),
                        _ => {}
                    }
                } else {
                    cells.push((row, column, number(word(4)?, f64::from_bits(result))));
                }
            }
            STRING => {
                let text = string(records.continued(data)?, 0).ok_or_else(broken)?;
                if let Some((row, column)) = formula.take() {
                    cells.push((row, column, Value::Text(Kind::Text, text)));
                }
            }
            TRUTH_OR_ERROR => {
                let (&value, &is_error) = (data.get(6).ok_or_else(broken)?, data.get(7).ok_or_else(broken)?);
                let value = if is_error == 0 { truth(value != 0) } else { error(value) };
                cells.push((word(0)?, word(2)?, value));
            }
            MERGED => {
                for i in 0..usize::from(word(0)?) {
                    let at = 2 + i * 8;
                    let (r1, r2, c1, c2) = (word(at)?, word(at + 2)?, word(at + 4)?, word(at + 6)?);
                    sheet.merges.push(Merge {
                        from: (r1.into(), c1.into()),
                        to: (r2.into(), c2.into()),
                    });
                }
            }
            _ => {}
        }
        if cells.len() > CELL_LIMIT {
            return Err(Problem::Limit(format!("more than {CELL_LIMIT} cells")));
        }
    }
    if !closed {
        return Err(Problem::broken(
            "the sheet ends too early",
            format!("sheet \"{}\"", sheet.name),
        ));
    }
    cells.sort_by_key(|&(row, column, _)| (row, column));
    let mut last = None;
    for (row, column, value) in cells {
        if last != Some(row) {
            sheet.begin_row(row.into());
            last = Some(row);
        }
        match value {
            Value::Shared(start, length) => {
                let text = &globals.strings[start as usize..(start + length) as usize];
                if !text.trim().is_empty() {
                    sheet.push_shared(column.into(), start, length);
                }
            }
            Value::Text(kind, text) => sheet.push(column.into(), kind, &text),
        }
    }
    sheet.end_row();
    Ok(records.at.saturating_sub(at))
}

fn truth(is: bool) -> Value {
    Value::Text(Kind::Truth, if is { "TRUE" } else { "FALSE" }.into())
}

fn error(code: u8) -> Value {
    let text = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    Value::Text(Kind::Error, text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers() {
        assert!((rk(0x0000_0006) - 1.0).abs() < f64::EPSILON);
        assert!((rk(((-7i32) << 2) as u32 | 2) - -7.0).abs() < f64::EPSILON);
        assert!((rk(123 << 2 | 3) - 1.23).abs() < f64::EPSILON);
        assert!((rk((1.0f64.to_bits() >> 32) as u32) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_string_goes_on_in_the_next_record_in_another_width() {
        let first = [3, 0, 0, b'a', b'b'];
        let second = [1, 0x16, 0x04];
        let mut parts = Parts {
            pieces: vec![&first, &second],
            part: 0,
            at: 0,
        };
        let mut text = String::new();
        parts.rich(&mut text).unwrap();
        assert_eq!(text, "abЖ");
    }

    #[test]
    fn rubbish_is_an_error() {
        assert!(read(super::super::cfb::MAGIC).is_err());
        assert!(read(&[super::super::cfb::MAGIC, &[0u8; 600]].concat()).is_err());
    }
}
