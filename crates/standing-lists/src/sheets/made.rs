//! Workbooks made for tests: the least that a spreadsheet program would open.

use std::fmt::Write as _;
use std::io::Write as _;

use super::columns::letters;

/// A sheet: its name and its rows of cells; empty cells are left out.
pub(crate) type MadeSheet<'s> = (&'s str, &'s [&'s [&'s str]]);

/// An XLSX with these sheets, all cells text.
pub(crate) fn workbook(sheets: &[MadeSheet<'_>]) -> Vec<u8> {
    workbook_with(sheets, &[])
}

/// The same with further parts, such as a `xl/vbaProject.bin`.
pub(crate) fn workbook_with(sheets: &[MadeSheet<'_>], parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut part = |name: &str, content: &[u8]| {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    };
    let (mut names, mut relations) = (String::new(), String::new());
    for (at, (name, _)) in sheets.iter().enumerate() {
        let number = at + 1;
        write!(
            names,
            "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"
        )
        .unwrap();
        write!(
            relations,
            "<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
             Target=\"worksheets/sheet{number}.xml\"/>"
        )
        .unwrap();
    }
    part(
        "[Content_Types].xml",
        b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
    );
    part(
        "_rels/.rels",
        b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
          Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>\
          </Relationships>",
    );
    part(
        "xl/workbook.xml",
        format!(
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
             xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{names}</sheets></workbook>"
        )
        .as_bytes(),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>")
            .as_bytes(),
    );
    for (at, (_, rows)) in sheets.iter().enumerate() {
        part(&format!("xl/worksheets/sheet{}.xml", at + 1), sheet(rows).as_bytes());
    }
    for (name, content) in parts {
        part(name, content);
    }
    writer.finish().unwrap().into_inner()
}

fn sheet(rows: &[&[&str]]) -> String {
    let mut text =
        String::from("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>");
    for (row, cells) in rows.iter().enumerate() {
        write!(text, "<row r=\"{}\">", row + 1).unwrap();
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let cell = cell.replace('&', "&amp;").replace('<', "&lt;");
            let place = format!("{}{}", letters(column as u32), row + 1);
            write!(text, "<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>").unwrap();
        }
        text.push_str("</row>");
    }
    text + "</sheetData></worksheet>"
}
