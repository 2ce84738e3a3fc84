//! What every reader of a list must keep, whatever the bytes: a target for a format calls [`read`] and nothing else.
//!
//! A reader gives snapshots or an error with words; it never panics, never points outside the bytes it was given, and every record
//! survives the way into a ledger and back, which is JSON.

use standing_lists::{Document, ReadOptions, formats, recognise};
use standing_model::{Record, Snapshot};

/// Parts the documents of a set in one input. A seed is made of a set's files with this between them.
const BETWEEN: &[u8] = b"\n%%%%\n";

/// Reads bytes in one format, as a whole list and as an excerpt, and checks what came of it.
///
/// # Panics
/// Where the reader breaks a promise, and for a format's id that nobody knows.
pub fn read(format: &str, bytes: &[u8]) {
    let format = formats()
        .iter()
        .find(|f| f.id == format)
        .unwrap_or_else(|| panic!("no format {format}"));
    let _ = recognise(bytes);
    let documents: Vec<Document<'_>> = if format.sets.is_some() {
        split(bytes)
            .into_iter()
            .map(|bytes| Document { name: "fuzz", bytes })
            .collect()
    } else {
        vec![Document { name: "fuzz", bytes }]
    };
    for part in [false, true] {
        let options = ReadOptions {
            part,
            ..ReadOptions::default()
        };
        match (format.read)(&documents, &options) {
            Ok(snapshots) => snapshots.iter().for_each(|snapshot| check(snapshot, &documents)),
            Err(error) => assert!(!error.to_string().trim().is_empty(), "an error without words"),
        }
    }
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(BETWEEN.len()).position(|w| w == BETWEEN) {
        parts.push(&rest[..at]);
        rest = &rest[at + BETWEEN.len()..];
    }
    parts.push(rest);
    parts
}

fn check(snapshot: &Snapshot, documents: &[Document<'_>]) {
    assert!(!snapshot.list.is_empty(), "a snapshot of no list");
    assert!(
        snapshot.spans.is_empty() || snapshot.spans.len() == snapshot.records.len(),
        "spans do not run beside the records"
    );
    assert!(
        snapshot.positions.is_empty() || snapshot.positions.len() == snapshot.records.len(),
        "positions do not run beside the records"
    );
    for span in &snapshot.spans {
        let size = documents[span.document as usize].bytes.len() as u64;
        assert!(span.start <= span.end && span.end <= size, "{span:?} of {size} bytes");
    }
    for record in &snapshot.records {
        assert!(!record.reference.is_empty(), "a listing without identity");
        let text = serde_json::to_string(record).expect("a record is JSON");
        assert!(!text.contains('\n'), "a record is one line");
        assert_eq!(
            &serde_json::from_str::<Record>(&text).expect("a record comes back"),
            record
        );
    }
}
