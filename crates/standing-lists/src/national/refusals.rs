//! What is refused, and in which words: tables whose columns were moved, renamed or doubled, workbooks that lack a sheet, are protected or carry macros,
//! archives, files that a spreadsheet program has damaged. What loses nothing is read.

use std::io::Write as _;

use super::gb_conlist::LAYOUT_2022;
use crate::containers::{Limits, open_file};
use crate::registry::{Document, ReadOptions, read_documents};
use crate::sheets::made::{workbook, workbook_with};

/// What came of a file: the list and how many records, or why it was refused.
fn outcome(bytes: &[u8]) -> String {
    let document = Document { name: "list", bytes };
    match read_documents(&[document], &ReadOptions::default()).remove(0).result {
        Ok(snapshots) => snapshots
            .iter()
            .map(|s| format!("{} {} records, {} rejects", s.list, s.records.len(), s.rejects.len()))
            .collect::<Vec<_>>()
            .join("; "),
        Err(error) => error.to_string(),
    }
}

/// The UK's list with these headings and one row, as a workbook and as a text table.
fn conlist(headings: &[&str]) -> [Vec<u8>; 2] {
    let row: Vec<&str> = headings
        .iter()
        .map(|heading| match *heading {
            "Name 6" => "SMITH",
            "Group Type" => "Individual",
            "Group ID" => "7000",
            _ => "",
        })
        .collect();
    let table = format!("Last Updated,10/04/2025\n{}\n{}\n", headings.join(","), row.join(","));
    [
        workbook(&[("ConList", &[&["Last Updated", "10/04/2025"], headings, &row])]),
        table.into_bytes(),
    ]
}

fn headings() -> Vec<&'static str> {
    LAYOUT_2022.iter().map(|column| column.heading).collect()
}

#[test]
fn a_column_moved_renamed_or_doubled_is_named() {
    for bytes in conlist(&headings()) {
        assert_eq!(outcome(&bytes), "gb 1 records, 0 rejects");
    }
    let mut moved = headings();
    moved.swap(10, 13);
    let mut renamed = headings();
    renamed[13] = "Citizenship";
    let mut doubled = headings();
    doubled.insert(14, "Nationality");
    let mut missing = headings();
    missing.pop();
    for (headings, said) in [
        (moved, "was moved"),
        (renamed, "the column \"Nationality\" is missing; \"Citizenship\""),
        (doubled, "the column \"Nationality\" stands twice, as N and O"),
        (missing, "the column \"Group ID\" is missing"),
    ] {
        for bytes in conlist(&headings) {
            let outcome = outcome(&bytes);
            assert!(outcome.contains(said), "{said}: {outcome}");
        }
    }
}

#[test]
fn columns_that_no_layout_knows_are_kept_and_counted() {
    let mut more = headings();
    more.push("Remark of ours");
    for bytes in conlist(&more) {
        assert_eq!(outcome(&bytes), "gb 1 records, 0 rejects");
    }
}

#[test]
fn a_sheet_is_missing() {
    let persons: &[&[&str]] = &[&[
        "№ указу",
        "Дата указу",
        "Дія щодо об'єкту санкцій",
        "Зміни",
        "п/н",
        "Тип обмеження",
        "Термін обмеження",
        "Дата закінчення обмеження",
        "Назва укр.",
        "Назва ориг.",
        "Назва альт.",
        "Дата народження",
        "Громадянство",
        "Місце народження",
        "Зайнятість",
        "Місце проживання",
        "Додатково",
        "Відповідальний орган",
    ]];
    let told = outcome(&workbook(&[("Фізичні особи", persons)]));
    assert!(
        told.contains("the sheet of legal persons is missing or empty"),
        "{told}"
    );
}

#[test]
fn macros_passwords_and_packages_without_parts() {
    let sheet: &[&[&str]] = &[&["Last Updated", "10/04/2025"]];
    let macros = workbook_with(&[("ConList", sheet)], &[("xl/vbaProject.bin", b"x")]);
    let told = outcome(&macros);
    assert!(
        told.contains("carries macros (xl/vbaProject.bin)") && told.contains("save it as a workbook without macros"),
        "{told}"
    );
    let told = outcome(&protected());
    assert!(told.contains("protected by a password"), "{told}");
    let whole = workbook(&[("ConList", sheet)]);
    let told = outcome(&whole[..whole.len() - 30]);
    assert!(told.contains("the archive is broken"), "{told}");
}

/// A compound file with an `EncryptedPackage`, as spreadsheet programs keep a workbook behind a password.
fn protected() -> Vec<u8> {
    let end = 0xFFFF_FFFE_u32;
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    let mut put = |at: usize, word: u32| header[at..at + 4].copy_from_slice(&word.to_le_bytes());
    put(24, 0x0003_003E);
    put(28, 0x0009_FFFE);
    put(32, 6);
    put(44, 1);
    put(48, 1);
    put(56, 4096);
    put(60, end);
    put(68, end);
    put(76, 0);
    for at in (80..512).step_by(4) {
        put(at, 0xFFFF_FFFF);
    }
    let mut table = Vec::new();
    for at in 0..128 {
        let word: u32 = match at {
            0 => 0xFFFF_FFFD,
            1 => end,
            _ => 0xFFFF_FFFF,
        };
        table.extend(word.to_le_bytes());
    }
    let entry = |name: &str, kind: u8| {
        let mut entry = vec![0_u8; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..units.len()].copy_from_slice(&units);
        entry[64] = units.len() as u8 + 2;
        entry[66] = kind;
        entry[116..120].copy_from_slice(&end.to_le_bytes());
        entry
    };
    let directory = [entry("Root Entry", 5), entry("EncryptedPackage", 2), vec![0; 256]].concat();
    [header, table, directory].concat()
}

#[test]
fn an_archive_of_two_lists_is_two_lists() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        (
            "../../un.xml",
            "<CONSOLIDATED_LIST dateGenerated=\"2024-10-04T00:00:00Z\"><INDIVIDUALS/><ENTITIES/></CONSOLIDATED_LIST>",
        ),
        (
            "lv.xml",
            "<LVlist><PublishInfo><PublishDate>2018-03-29</PublishDate></PublishInfo></LVlist>",
        ),
    ] {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    let opened = open_file("a.zip", writer.finish().unwrap().into_inner(), Limits::default()).unwrap();
    let documents: Vec<Document<'_>> = opened
        .iter()
        .map(|o| Document {
            name: &o.name,
            bytes: &o.bytes,
        })
        .collect();
    let lists: Vec<String> = read_documents(&documents, &ReadOptions::default())
        .into_iter()
        .map(|outcome| outcome.result.unwrap().remove(0).list)
        .collect();
    assert_eq!(lists, ["un", "lv"]);
}

#[test]
fn a_record_count_that_disagrees() {
    let text = "<sdnList xmlns=\"http://tempuri.org/sdnList.xsd\"><publshInformation><Publish_Date>04/22/2020</Publish_Date>\
        <Record_Count>2</Record_Count></publshInformation><sdnEntry><uid>36</uid><lastName>X</lastName><sdnType>Entity</sdnType></sdnEntry></sdnList>";
    let told = outcome(text.as_bytes());
    assert!(
        told.contains("Record_Count says 2, but 1 records are there") && told.contains("--part"),
        "{told}"
    );
}

#[test]
fn other_encodings_are_read_where_nothing_is_lost() {
    let xml = "<LVlist><PublishInfo><PublishDate>2018-03-29</PublishDate></PublishInfo><Entity><Id>1</Id><Type>FP</Type><Name><WholeName>Ž é</WholeName>\
        </Name></Entity></LVlist>";
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(xml.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let latin: Vec<u8> = format!("<?xml version=\"1.0\" encoding=\"windows-1252\"?>{xml}")
        .chars()
        .map(|c| if c == 'Ž' { 0x8E } else { c as u8 })
        .collect();
    for bytes in [xml.as_bytes(), &utf16, &latin] {
        assert_eq!(outcome(bytes), "lv 1 records, 0 rejects");
    }
    // Without a declaration these bytes are no UTF-8, and nothing is guessed.
    let bare: Vec<u8> = xml.chars().map(|c| if c == 'Ž' { 0x8E } else { c as u8 }).collect();
    assert!(outcome(&bare).contains("bytes that are no UTF-8"), "{}", outcome(&bare));
}

#[test]
fn letters_lost_by_a_spreadsheet_program_are_told() {
    let [_, table] = conlist(&headings());
    let table = String::from_utf8(table).unwrap();
    // A code page without the letters, with U+FFFD or with question marks in their place.
    let told = outcome(table.replace("SMITH", "SM\u{FFFD}TH").as_bytes());
    assert!(told.contains("letters were lost") && told.contains("line 3"), "{told}");
    let row = table.lines().nth(2).unwrap();
    let script = headings()
        .iter()
        .position(|heading| *heading == "Name Non-Latin Script")
        .unwrap();
    let mut cells: Vec<&str> = row.split(',').collect();
    cells[script] = "????? ????";
    let damaged = cells.join(",");
    let told = outcome(format!("{table}{damaged}\n{damaged}\n{damaged}\n").as_bytes());
    assert!(
        told.contains("letters were lost") && told.contains("question marks"),
        "{told}"
    );
    // A number that was rounded identifies nothing; the row is rejected, the rest is read.
    let told = outcome(table.replace("7000", "7.00E+03").as_bytes());
    assert_eq!(told, "gb 0 records, 1 rejects");
}

#[test]
fn a_text_table_with_lying_quotes_or_nul_bytes() {
    let [_, table] = conlist(&headings());
    let table = String::from_utf8(table).unwrap();
    let told = outcome(table.replace("SMITH", "\"SMITH").as_bytes());
    assert!(told.contains("quote"), "{told}");
    let told = outcome(table.replace("SMITH", "SM\0TH").as_bytes());
    assert!(told.contains("NUL byte"), "{told}");
}

#[test]
fn a_workbook_that_unpacks_to_more_than_any_list_has() {
    // A style sheet of 300 MB of blanks, less than 1 MB when packed, beside a list that is whole.
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let made = workbook(&[("ConList", &[&["Last Updated", "10/04/2025"], &headings(), &["SMITH"]])]);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&made[..])).unwrap();
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).unwrap();
        let name = String::from_utf8(entry.name_raw().to_vec()).unwrap();
        if name != "xl/_rels/workbook.xml.rels" {
            writer.raw_copy_file(entry).unwrap();
        }
    }
    let relation = |id: u8, kind: &str, target: &str| {
        format!(
            "<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>"
        )
    };
    writer
        .start_file("xl/_rels/workbook.xml.rels", zip::write::SimpleFileOptions::default())
        .unwrap();
    let relations = relation(1, "worksheet", "worksheets/sheet1.xml") + &relation(2, "styles", "styles.xml");
    write!(writer, "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>").unwrap();
    writer
        .start_file("xl/styles.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..300 {
        writer.write_all(&blanks).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    let told = outcome(&bytes);
    assert!(
        told.contains("beyond the limits") || told.contains("more than"),
        "{told}"
    );
}
