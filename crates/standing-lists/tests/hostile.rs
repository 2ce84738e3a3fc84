//! Input that is made to hurt: a clear error or a safe reading, in bounded memory and time.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

use std::io::Read;
use std::time::{Duration, Instant};

use standing_lists::{Document, Limits, ReadOptions, open_file, read_documents, read_file};
use standing_model::Snapshot;

/// Reads one file as the program does; every answer comes in time.
fn read(bytes: &[u8]) -> Result<Vec<Snapshot>, String> {
    let start = Instant::now();
    let documents = [Document { name: "hostile", bytes }];
    let mut outcomes = read_documents(&documents, &ReadOptions::default());
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "it took {:?}",
        start.elapsed()
    );
    outcomes.remove(0).result.map_err(|e| {
        let words = e.to_string();
        assert!(words.len() < 4000, "a message that nobody reads: {} bytes", words.len());
        assert!(!words.contains(['\0', '\u{202e}', '\u{1b}']), "{words:?}");
        words
    })
}

fn un(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CONSOLIDATED_LIST dateGenerated=\"2021-01-10\"><INDIVIDUALS>{inside}</INDIVIDUALS></CONSOLIDATED_LIST>"
    )
}

fn entry(name: &str) -> String {
    format!(
        "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>QDi.1</REFERENCE_NUMBER></INDIVIDUAL>"
    )
}

#[test]
fn entities_are_not_expanded() {
    let mut dtd = String::from("<!DOCTYPE a [<!ENTITY x0 \"ha\">");
    for at in 1..40 {
        dtd.push_str(&format!("<!ENTITY x{at} \"&x{};&x{};\">", at - 1, at - 1));
    }
    dtd.push_str("]>");
    let bomb = un(&entry("&x39;")).replace("?><CONSOLIDATED", &format!("?>{dtd}<CONSOLIDATED"));
    assert!(read(bomb.as_bytes()).is_err());
    let file = un(&entry("&f;")).replace(
        "?><CONS",
        "?><!DOCTYPE a [<!ENTITY f SYSTEM \"file:///etc/hostname\">]><CONS",
    );
    assert!(read(file.as_bytes()).is_err());
    assert!(
        read(un(&entry("&#0;")).as_bytes()).is_err()
            || read(un(&entry("&#0;")).as_bytes()).unwrap()[0].records.is_empty()
    );
}

#[test]
fn nesting_is_bounded() {
    for deep in [
        "<a>".repeat(500_000),
        un(&"<INDIVIDUAL>".repeat(200_000)),
        un(&format!("<INDIVIDUAL>{}", "<X>".repeat(200_000))),
    ] {
        assert!(read(deep.as_bytes()).is_err());
    }
    let json = "[".repeat(500_000);
    assert!(read(json.as_bytes()).is_err());
    let object = format!("{}\"x\"", "{\"id\":".repeat(200_000));
    assert!(read(object.as_bytes()).is_err());
}

#[test]
fn names_of_many_megabytes_are_refused_without_being_built() {
    let long = "A".repeat(48 << 20);
    assert!(read(un(&entry(&long)).as_bytes()).unwrap_err().contains("longer than"));
    let row = format!("36,\"{long}\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n");
    assert!(read(row.as_bytes()).is_err());
    let second = format!("36,\"A\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n{row}");
    assert!(read(second.as_bytes()).is_err());
    assert!(read(format!("<{long}>").as_bytes()).is_err());
    assert!(read(un(&format!("<INDIVIDUAL x=\"{long}\"/>")).as_bytes()).is_err());
}

/// A gigabyte of one name, and how much of it has been asked for.
struct LongName {
    left: usize,
    given: usize,
}

impl Read for LongName {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = into.len().min(self.left);
        for (byte, letter) in into[..count].iter_mut().zip("KHALID ABDULLAH, ".bytes().cycle()) {
            *byte = letter;
        }
        self.left -= count;
        self.given += count;
        Ok(count)
    }
}

#[test]
fn a_name_of_a_gigabyte_is_refused_before_it_is_there() {
    let list = un(&entry("NAME"));
    let (head, tail) = list.split_once("NAME").unwrap();
    for (head, tail) in [
        (head, tail),
        ("36,\"", "\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n"),
        ("[{\"name\": \"", "\"}]"),
        ("<html><body><p>", "</p></body></html>"),
    ] {
        let mut name = LongName {
            left: 1 << 30,
            given: 0,
        };
        let from = head.as_bytes().chain(&mut name).chain(tail.as_bytes());
        let size = Some((head.len() + tail.len()) as u64 + (1 << 30));
        let why = read_file("hostile", from, size, 2 << 30)
            .unwrap()
            .unwrap_err()
            .to_string();
        assert!(why.contains("16,777,216 bytes") && why.contains("from byte"), "{why}");
        assert!(name.given < 18 << 20, "{} bytes of {head} were read", name.given);
    }
    // Packed, and less tightly than a bomb.
    let mut seed = 1_u64;
    let letters = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b'A' + (seed >> 60) as u8
    });
    let name: Vec<u8> = letters.take(20 << 20).collect();
    let file = [head.as_bytes(), &name, tail.as_bytes()].concat();
    let packed = zstd::bulk::compress(&file, 1).unwrap();
    let why = open_file("hostile.zst", packed, Limits::default())
        .unwrap_err()
        .to_string();
    assert!(why.contains("16,777,216 bytes without markup"), "{why}");
    // As it stands, a file is read as it is, and a megabyte of name is for its reader to refuse.
    let from = head.as_bytes().chain(&name[..2 << 20]).chain(tail.as_bytes());
    let bytes = read_file("hostile", from, None, 2 << 30).unwrap().unwrap();
    assert!(read(&bytes).unwrap_err().contains("longer than"));
}

#[test]
fn nuls_and_broken_text_are_told_with_their_place() {
    let good = un(&entry("Alpha"));
    let mut nul = good.clone().into_bytes();
    let at = good.find("Alpha").unwrap();
    nul[at] = 0;
    assert!(read(&nul).is_err());
    let mut broken = good.clone().into_bytes();
    broken[at] = 0xff;
    assert!(read(&broken).is_err());
    let mut truncated_sequence = good.into_bytes();
    truncated_sequence[at] = 0xe2;
    assert!(read(&truncated_sequence).is_err());
    let csv = b"36,\"A\0B\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n";
    assert!(read(csv).is_err());
}

#[test]
fn a_file_cut_anywhere_is_refused_whole() {
    let good = un(&(0..20)
        .map(|n| entry(&format!("Name {n}")).replace("QDi.1", &format!("QDi.{n}")))
        .collect::<String>());
    assert_eq!(read(good.as_bytes()).unwrap()[0].records.len(), 20);
    for end in (0..good.len()).step_by(7) {
        assert!(read(&good.as_bytes()[..end]).is_err(), "cut after {end} bytes");
    }
}

#[test]
fn another_encoding_is_read_whole_or_refused() {
    let good = un(&entry("\u{0410}\u{043b}\u{044c}\u{0444}\u{0430}"));
    let read_name = |bytes: &[u8]| read(bytes).map(|s| s[0].records[0].names[0].text.clone());
    let wide = |little: bool| -> Vec<u8> {
        let text = good.replace("UTF-8", "UTF-16");
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    };
    for bytes in [
        wide(true),
        wide(false),
        [b"\xef\xbb\xbf".as_slice(), good.as_bytes()].concat(),
    ] {
        assert!(read_name(&bytes).is_err() || read_name(&bytes).unwrap() == "\u{0410}\u{043b}\u{044c}\u{0444}\u{0430}");
    }
    // Half a unit, and a surrogate without its other half.
    let mut odd = wide(true);
    odd.pop();
    assert!(read(&odd).is_err());
    // What calls itself UTF-8 and is Windows-1251 is not guessed at.
    let mut other = good.clone().into_bytes();
    let at = good.find('\u{0410}').unwrap();
    other.splice(at..at + 10, [0xc0, 0xeb, 0xfc, 0xf4, 0xe0]);
    assert!(read(&other).is_err());
}

#[test]
fn archives_that_expand_without_end_are_refused() {
    // A megabyte of zeros compresses a thousand to one; so does an archive of archives.
    let zeros = vec![0_u8; 80 << 20];
    let small = Limits {
        total: 64 << 20,
        ..Limits::default()
    };
    let packed = zstd::bulk::compress(&zeros, 3).unwrap();
    assert!(packed.len() < 1 << 20);
    assert!(open_file("bomb.zst", packed, small).is_err());
}

#[test]
fn markup_and_reordering_marks_in_names_stay_text() {
    let name = "&lt;script&gt;\u{202e}evil\u{202c} ../../etc";
    let snapshot = &read(un(&entry(name)).as_bytes()).unwrap()[0];
    assert!(snapshot.records[0].names[0].text.contains("<script>"));
}

/// A compound file of one sector: its list of table sectors goes on in sector 0, which is empty and goes on in itself.
#[test]
fn a_compound_file_that_runs_in_circles_is_refused() {
    let mut file = vec![0xff; 1024];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    file[30..34].copy_from_slice(&[9, 0, 6, 0]);
    file[68..72].copy_from_slice(&[0; 4]);
    file[1020..].copy_from_slice(&[0; 4]);
    let why = read(&file).unwrap_err();
    assert!(why.contains("unknown format") || why.contains("circles"), "{why}");
}
