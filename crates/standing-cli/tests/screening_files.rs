//! Screening of Parquet and Arrow files, replays that are refused, limits beside judged pairs, and what an explained hit looks like: the program as
//! a user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

mod running;

use std::fs::File;
use std::path::{Path, PathBuf};

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use standing::screen::Manifest;

use running::run;

fn with_code(db: &Path, args: &[&str], code: i32) -> String {
    let output = run(db, args);
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

fn hits(db: &Path, args: &[&str]) -> Vec<serde_json::Value> {
    let output = run(db, &[&["screen", "--json"], args].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// A ledger with a list in the form of the UN's, of our own making.
fn ledger(folder: &Path) -> PathBuf {
    let person = |reference: &str, name: &str| {
        format!(
            "<INDIVIDUAL><DATAID>1</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
             <REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON>\
             <INDIVIDUAL_DATE_OF_BIRTH><DATE>1971-05-04</DATE></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>"
        )
    };
    let people: String = [
        ("QDi.901", "Zaydan Qutayba Marwazi"),
        ("QDi.902", "Ihsan Tawfiq Barzanchi"),
        ("QDi.903", "Ihsan Taufik Barzanji"),
        ("QDi.904", "Alpha One"),
    ]
    .map(|(reference, name)| person(reference, name))
    .concat();
    let entity = "<ENTITY><DATAID>9</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>Bravo Seven</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
         <REFERENCE_NUMBER>QDe.905</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON></ENTITY>";
    let list = folder.join("list.xml");
    let xml = format!(
        "<CONSOLIDATED_LIST dateGenerated=\"2020-01-10T23:30:00.000-05:00\"><INDIVIDUALS>{people}</INDIVIDUALS>\
         <ENTITIES>{entity}</ENTITIES></CONSOLIDATED_LIST>\n"
    );
    std::fs::write(&list, xml).unwrap();
    let db = folder.join("l.db");
    with_code(&db, &["ingest", list.to_str().unwrap()], 0);
    db
}

/// The same customers as a batch of columns.
fn customers() -> RecordBatch {
    let columns: [(&str, ArrayRef); 3] = [
        ("customer id", Arc::new(Int64Array::from(vec![11, 12, 13, 14]))),
        (
            "Customer Name",
            Arc::new(StringArray::from(vec![
                Some("Zeidan Qutaiba Marwazi"),
                Some("Ann Lee"),
                None,
                Some("Ihsan Tawfiq Barzanchi"),
            ])),
        ),
        // 4 May 1971 is day 488.
        (
            "date of birth",
            Arc::new(Date32Array::from(vec![Some(488), None, None, Some(9000)])),
        ),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

#[test]
fn parquet_and_arrow_give_what_the_same_rows_in_csv_give() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let file = |name: &str| place.path().join(name);
    let batch = customers();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(File::create(file("q.parquet")).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let mut writer =
        arrow::ipc::writer::FileWriter::try_new(File::create(file("q.arrow")).unwrap(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    let mut writer =
        arrow::ipc::writer::StreamWriter::try_new(File::create(file("s.arrow")).unwrap(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    std::fs::write(
        file("q.csv"),
        "customer id,Customer Name,date of birth\n11,Zeidan Qutaiba Marwazi,1971-05-04\n12,Ann Lee,\n13,,\n14,Ihsan Tawfiq Barzanchi,1994-08-23\n",
    )
    .unwrap();
    let screened = |input: &str, output: &str| {
        let (input, output) = (file(input), file(output));
        let said = with_code(
            &db,
            &[
                "screen",
                "--input",
                input.to_str().unwrap(),
                "--output",
                output.to_str().unwrap(),
            ],
            1,
        );
        assert!(said.contains("empty") || said.contains("1 row"), "{said}");
        std::fs::read(output).unwrap()
    };
    let from_csv = screened("q.csv", "csv.jsonl");
    let first: serde_json::Value = serde_json::from_slice(from_csv.split(|b| *b == b'\n').next().unwrap()).unwrap();
    assert_eq!(
        (&first["query"]["id"], &first["listing"]),
        (&"11".into(), &"un:QDi.901".into())
    );
    let fields = first["explanation"].to_string();
    assert!(fields.contains("1971-05-04"), "{fields}");
    for input in ["q.parquet", "q.arrow", "s.arrow"] {
        let output = format!("{input}.jsonl");
        assert!(screened(input, &output) == from_csv, "{input}");
    }
    // And out again.
    let many = from_csv.split(|b| *b == b'\n').count() - 1;
    screened("q.parquet", "h.parquet");
    let reader =
        parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(File::open(file("h.parquet")).unwrap())
            .unwrap()
            .build()
            .unwrap();
    assert_eq!(reader.map(|b| b.unwrap().num_rows()).sum::<usize>(), many);
    screened("s.arrow", "h.arrow");
    let reader = arrow::ipc::reader::FileReader::try_new(File::open(file("h.arrow")).unwrap(), None).unwrap();
    assert!(reader.schema().field_with_name("score").is_ok());
    assert_eq!(reader.map(|b| b.unwrap().num_rows()).sum::<usize>(), many);
    // A column of another type, and a file that is cut off.
    let columns: [(&str, ArrayRef); 1] = [("name", Arc::new(Int64Array::from(vec![1])))];
    let wrong = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(File::create(file("w.parquet")).unwrap(), wrong.schema(), None).unwrap();
    writer.write(&wrong).unwrap();
    writer.close().unwrap();
    let refused = |input: &str| with_code(&db, &["screen", "--input", file(input).to_str().unwrap()], 3);
    assert!(refused("w.parquet").contains("should be text"));
    let bytes = std::fs::read(file("q.parquet")).unwrap();
    std::fs::write(file("c.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    assert!(refused("c.parquet").contains("cannot be read as Parquet"));
}

#[test]
fn a_replay_with_another_algorithm_is_refused_and_names_the_one_it_needs() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    with_code(&db, &["screen", "Zaydan Marwazi"], 0);
    let kept = std::fs::read_dir(place.path().join("l.db.screen/runs"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "json"))
        .unwrap();
    let bytes = std::fs::read(&kept).unwrap();
    let mut manifest = Manifest::read("run", &bytes).unwrap();
    "standing-screen 0+0123456789abcdef".clone_into(&mut manifest.index.algorithm);
    let other = place.path().join("older.json");
    std::fs::write(&other, serde_json::to_vec(&manifest.sealed()).unwrap()).unwrap();
    let said = with_code(&db, &["replay", other.to_str().unwrap()], 3);
    assert!(
        said.contains("standing-screen 0+0123456789abcdef") && said.contains("this program is"),
        "{said}"
    );
    // The same without a new id is noticed as altered.
    let altered = String::from_utf8(bytes).unwrap().replacen("Zaydan", "Zeidan", 1);
    std::fs::write(&other, altered).unwrap();
    assert!(with_code(&db, &["replay", other.to_str().unwrap()], 3).contains("altered"));
}

#[test]
fn a_judged_pair_takes_no_place_of_a_limit() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let ask = ["Ihsan Tawfiq Barzanchi", "--customer", "7", "--limit", "1"];
    let before = hits(&db, &ask);
    assert_eq!((before.len(), &before[0]["listing"]), (1, &"un:QDi.902".into()));
    with_code(
        &db,
        &[
            "different",
            "customer:7",
            "un:QDi.902",
            "--why",
            "known to us",
            "--by",
            "ann",
        ],
        0,
    );
    let after = hits(&db, &ask);
    assert_eq!(
        (after.len(), &after[0]["listing"]),
        (1, &"un:QDi.903".into()),
        "{after:?}"
    );
    assert!(with_code(&db, &[&["screen"], &ask[..]].concat(), 0).contains("not raised again"));
}

/// Of a name asked for without a kind, `One` is read as a number; in a person's name it is a name.
#[test]
fn equal_names_hit_whatever_the_kind() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    for (name, listing) in [
        ("Alpha One", "un:QDi.904"),
        ("Bravo Seven", "un:QDe.905"),
        ("Bravo 7", "un:QDe.905"),
    ] {
        for kind in ["", "person", "organisation"] {
            if (name, kind) == ("Bravo 7", "person") {
                continue;
            }
            let args: &[&str] = if kind.is_empty() {
                &[name]
            } else {
                &[name, "--schema", kind]
            };
            let found = hits(&db, args);
            assert!(
                found.iter().any(|h| h["listing"] == listing),
                "{name} {kind}: {found:?}"
            );
        }
    }
}

#[test]
fn an_explained_hit_as_people_see_it() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let args = [
        "screen",
        "Zeidan Q. al-Marwazi",
        "--schema",
        "person",
        "--birth-date",
        "1971",
        "--country",
        "IQ",
        "--explain",
    ];
    let said = with_code(
        &db,
        &[&args[..], &["--on", "2020-02-01", "--threshold", "0.5"]].concat(),
        0,
    );
    insta::with_settings!({filters => vec![
        (r"m:[0-9a-f]{12}", "m:RUN"),
        (r"known \d{4}-\d\d-\d\d", "known TODAY"),
    ]}, {
        insta::assert_snapshot!(said);
    });
}
