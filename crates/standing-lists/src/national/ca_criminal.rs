//! Canada, listed terrorist entities under the Criminal Code, Atom feed of Public Safety Canada.
//!
//! An `entry` is one listing, known by its `id`. `summary` holds further names, separated by commas, or `N/A`; `content` the description.
//! `published` is the day of listing, `updated` that of the last review; `updated` of the feed is the snapshot's date. No real file is at hand:
//! the elements are known from other programs, the test inputs are our own.

use standing_model::{Name, NameKind, Note, PartyKind, Record, Snapshot};

use super::cells::{add, keep_once};
use super::xml_list::{self, XmlList};
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ca-criminal-code-atom",
    lists: &["ca-criminal-code"],
    summary: "Canada, listed terrorist entities under the Criminal Code, Atom feed",
    part: |bytes| {
        let (root, _) = xml::root(bytes)?;
        let head = &bytes[..bytes.len().min(64 << 10)];
        let ours = [&b"lstd-ntts"[..], b"publicsafety.gc.ca", b"securitepublique.gc.ca"];
        (root == "feed" && ours.iter().any(|sign| memchr::memmem::find(head, sign).is_some())).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const LIST: XmlList<'_> = XmlList {
    list: "ca-criminal-code",
    format: FORMAT.id,
    records: &["entry"],
    date: "updated",
    read_date: dates::iso,
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    xml_list::read(document, options, &LIST, record)
}

fn record(element: El<'_, '_>) -> Result<Record, String> {
    let reference = element.value("id").ok_or("no id, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        kind: PartyKind::Organisation,
        ..Record::default()
    };
    let title = element
        .value("title")
        .ok_or_else(|| format!("{reference} has no name"))?;
    record.names.push(Name::new(NameKind::Primary, note::spaced(title)));
    let summary = element.value("summary").unwrap_or("");
    if summary != "N/A" {
        // Names with commas inside cannot be told from two names; the whole is kept.
        keep_once(&mut record, "summary", summary);
        for name in summary.split(", ").map(note::spaced).filter(|name| !name.is_empty()) {
            add(&mut record.names, Name::new(NameKind::Alias, name));
        }
    }
    if let Some(text) = element.value("content") {
        record.notes.push(Note {
            field: "content".into(),
            text: text.to_owned(),
        });
    }
    if let Some(day) = element.value("published") {
        record.listed_on = note::calendar(&mut record, "published", day, dates::iso);
    }
    if let Some(day) = element.value("updated") {
        let date = note::calendar(&mut record, "updated", day, dates::iso);
        record.amended_on.extend(date);
    }
    for link in element.all("link") {
        keep_once(&mut record, "link", link.filled("href").unwrap_or(""));
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_construct() {
        let text = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Listed entities</title><id>https://www.publicsafety.gc.ca/cnt/_xml/lstd-ntts-eng.xml</id>\
            <updated>2024-10-04T00:00:00-04:00</updated><entry><title>Group  One</title><link href=\"https://x/1\"/><id>2002-1</id>\
            <summary>G1, The First</summary><content type=\"html\">&lt;p&gt;Text&lt;/p&gt;</content><published>2002-07-23</published>\
            <updated>2023-01-02</updated><rights>c</rights></entry><entry><title>Two</title><id>2003-2</id><summary>N/A</summary></entry>\
            <entry><title>No id</title></entry></feed>";
        let document = Document {
            name: "t",
            bytes: text.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.date.map(|d| d.to_string()).as_deref(), Some("2024-10-04"));
        assert_eq!(snapshot.rejects.len(), 1);
        let told: Vec<&str> = snapshot
            .not_understood
            .iter()
            .map(|(field, _)| field.as_str())
            .collect();
        assert_eq!(told, ["content@type", "rights"]);
        insta::assert_json_snapshot!(snapshot.records);
    }
}
