//! Asks the built program and looks at what it says: all of it, that it went well, its JSON. Relies on `running`.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::running::run;

/// All that it wrote.
pub fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// What it wrote where all went well.
pub fn ok(db: &Path, args: &[&str]) -> String {
    let output = run(db, args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// The objects of its JSON lines.
pub fn json(db: &Path, args: &[&str]) -> Vec<Value> {
    let text = ok(db, &[args, &["--json"]].concat());
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// A list in the form of the UN's: reference and first name.
#[allow(dead_code)] // some tests make lists of their own
pub fn un(folder: &Path, day: &str, entries: &[(&str, &str)]) -> String {
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST dateGenerated=\"{day}\"><INDIVIDUALS>");
    for (reference, name) in entries {
        xml.push_str(&format!(
            "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
             <REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON></INDIVIDUAL>"
        ));
    }
    xml.push_str("</INDIVIDUALS></CONSOLIDATED_LIST>");
    let path = folder.join(format!("list-of-{day}.xml"));
    std::fs::write(&path, xml).unwrap();
    path.display().to_string()
}
