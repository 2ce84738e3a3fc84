//! XML documents as a run of small trees, one for each record, in one pass and bounded memory.
//!
//! A reader names the elements that are records; [`walk`] hands over each as an [`El`] tree of slices of the document, and everything
//! outside them as head fields. Every leaf and attribute remembers whether it was read, so that a reader cannot lose one: what no rule
//! asked for is listed by [`El::unread`] and goes to `kept`. Entity declarations are refused, whatever they declare; depth, size and
//! number of elements are limited far above any real list. Names are taken without their prefixes: lists differ in namespaces, not
//! in names. Relies on quick-xml for the syntax.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use crate::error::{ReadError, grouped};
use crate::registry::Document;
use crate::text::{self, Decoded, Otherwise};

/// Real lists nest about ten elements deep.
const DEPTH: usize = 64;
/// The longest value seen in a list is about 10 kB.
const VALUE: usize = 1 << 20;
/// The largest record seen, of OFAC's reference values, has some thousand elements.
const ELEMENTS: usize = 1 << 20;
/// Attributes of one element.
const ATTRIBUTES: usize = 1 << 10;

#[derive(Debug)]
struct Node<'a> {
    name: &'a str,
    parent: u32,
    /// One past the last node below this one, in document order.
    end: u32,
    attributes: Range<u32>,
    text: Cow<'a, str>,
    read: Cell<bool>,
}

#[derive(Debug)]
struct Attribute<'a> {
    name: &'a str,
    value: Cow<'a, str>,
    read: Cell<bool>,
}

/// One record with everything below it.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
}

/// An element of a [`Tree`]: `'t` is the tree's life, `'a` the document's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct El<'t, 'a> {
    tree: &'t Tree<'a>,
    at: u32,
}

impl<'t, 'a> El<'t, 'a> {
    fn node(self) -> &'t Node<'a> {
        &self.tree.nodes[self.at as usize]
    }

    /// Its name without prefix.
    pub(crate) fn name(self) -> &'a str {
        self.node().name
    }

    /// Its own text, trimmed, now read.
    pub(crate) fn text(self) -> &'t str {
        let node = self.node();
        node.read.set(true);
        node.text.trim()
    }

    /// An attribute, trimmed, now read.
    pub(crate) fn attr(self, name: &str) -> Option<&'t str> {
        self.tree.attributes[self.node().attributes.start as usize..self.node().attributes.end as usize]
            .iter()
            .find(|a| a.name == name)
            .map(|a| {
                a.read.set(true);
                a.value.trim()
            })
    }

    /// An attribute that counts as absent when empty.
    pub(crate) fn filled(self, name: &str) -> Option<&'t str> {
        self.attr(name).filter(|v| !v.is_empty())
    }

    /// The elements directly below it.
    pub(crate) fn children(self) -> impl Iterator<Item = El<'t, 'a>> + use<'t, 'a> {
        let end = self.node().end;
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = El { tree: self.tree, at };
                at = child.node().end;
                child
            })
        })
    }

    /// The elements of that name directly below it.
    pub(crate) fn all(self, name: &str) -> impl Iterator<Item = El<'t, 'a>> {
        self.children().filter(move |c| c.name() == name)
    }

    /// The first element of that name directly below it.
    pub(crate) fn first(self, name: &str) -> Option<El<'t, 'a>> {
        self.children().find(|c| c.name() == name)
    }

    /// The trimmed text of the first element of that name directly below it, if there is any text; now read.
    pub(crate) fn value(self, name: &str) -> Option<&'t str> {
        self.first(name).map(El::text).filter(|t| !t.is_empty())
    }

    /// Nothing below it and no attributes?
    pub(crate) fn is_leaf(self) -> bool {
        self.node().end == self.at + 1
    }

    /// Takes everything at and below it for read: it says nothing that the record needs.
    pub(crate) fn skip(self) {
        for at in self.at..self.node().end {
            let el = El { tree: self.tree, at };
            el.node().read.set(true);
            for attribute in el.attributes() {
                attribute.read.set(true);
            }
        }
    }

    /// Takes those attributes at and below it for read that `says_nothing` names, by name and value.
    pub(crate) fn skip_attributes(self, says_nothing: impl Fn(&str, &str) -> bool) {
        for at in self.at..self.node().end {
            for attribute in (El { tree: self.tree, at }).attributes() {
                if says_nothing(attribute.name, &attribute.value) {
                    attribute.read.set(true);
                }
            }
        }
    }

    fn attributes(self) -> &'t [Attribute<'a>] {
        &self.tree.attributes[self.node().attributes.start as usize..self.node().attributes.end as usize]
    }

    /// Names of the elements from below `top` down to this one, joined by `/`; empty for `top` itself.
    fn path_below(self, top: u32) -> String {
        if self.at == top {
            return String::new();
        }
        let parent = El {
            tree: self.tree,
            at: self.node().parent,
        };
        match parent.path_below(top) {
            path if path.is_empty() => self.name().to_owned(),
            path => format!("{path}/{}", self.name()),
        }
    }

    /// Every value at and below it that nothing has read: its path (`NAME/PART`, attributes as `NAME@kind`) and its text.
    /// Empty values say nothing and are left out.
    pub(crate) fn unread(self, mut keep: impl FnMut(String, &'t str)) {
        for at in self.at..self.node().end {
            let el = El { tree: self.tree, at };
            for attribute in el.attributes() {
                if !attribute.read.get() && !attribute.value.trim().is_empty() && !is_schema(attribute.name) {
                    keep(
                        format!("{}@{}", el.path_below(self.at), attribute.name),
                        attribute.value.trim(),
                    );
                }
            }
            let node = el.node();
            // Blanks between elements are no value; the path is not worth making for them.
            let text = node.text.trim();
            if !node.read.get() && !text.is_empty() {
                let path = el.path_below(self.at);
                keep(if path.is_empty() { node.name.to_owned() } else { path }, text);
            }
        }
    }
}

/// Attributes that speak of the schema and not of the list.
fn is_schema(name: &str) -> bool {
    // `i:nil` is how .NET writes `xsi:nil`.
    name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xsi:") || name.starts_with("i:")
}

/// What [`walk`] finds, in document order.
pub(crate) enum Part<'w, 'a> {
    /// A value outside the records: path from below the root (`publshInformation/Publish_Date`, `@dateGenerated`), and text.
    Head(&'w str, &'w str),
    /// A record and its bytes in the text.
    Record(El<'w, 'a>, Range<usize>),
}

/// Opens a document as XML: decoded, without characters that XML forbids.
pub(crate) fn open<'a>(document: &Document<'a>) -> Result<Decoded<'a>, ReadError> {
    let text = text::decode(document, declared(document.bytes))?;
    if let Some(at) = forbidden(text.text.as_bytes()) {
        return Err(ReadError::Broken {
            document: document.name.to_owned(),
            what: format!(
                "a control character (0x{:02X}), which XML forbids,",
                text.text.as_bytes()[at]
            ),
            position: place(&text.text, at),
            read: 0,
        });
    }
    Ok(text)
}

/// A declaration may name a single-byte encoding; without one, XML is UTF-8 or UTF-16.
fn declared(bytes: &[u8]) -> Otherwise {
    let head = &bytes[..bytes.len().min(200)];
    let head = head
        .split(|&b| b == b'>')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let names = |encoding: &str| head.windows(encoding.len()).any(|w| w == encoding.as_bytes());
    if names("iso-8859-1") || names("windows-1252") || names("latin1") {
        Otherwise::Windows1252
    } else {
        Otherwise::Refuse
    }
}

fn forbidden(bytes: &[u8]) -> Option<usize> {
    let bad = |b: u8| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r');
    // Blocks, so that the search runs many bytes at once.
    let mut at = 0;
    for block in bytes.chunks(4096) {
        if block.iter().fold(false, |any, &b| any | bad(b)) {
            return block.iter().position(|&b| bad(b)).map(|i| at + i);
        }
        at += block.len();
    }
    None
}

/// A position in words.
pub(crate) fn place(text: &str, at: usize) -> String {
    format!("line {}, byte {at}", grouped(text::line_of(text.as_bytes(), at) as u64))
}

/// The name of the root element without prefix, and its start tag, if this looks like XML. Looks at the first kilobytes only.
pub(crate) fn root(bytes: &[u8]) -> Option<(String, String)> {
    let head = &bytes[..bytes.len().min(8192)];
    let (encoding, mark) = text::sniff(head);
    let head = match encoding {
        text::Encoding::Utf8 | text::Encoding::Windows1252 => String::from_utf8_lossy(&head[mark..]).into_owned(),
        text::Encoding::Utf16Little | text::Encoding::Utf16Big => {
            let keep = (head.len() - mark) / 2 * 2;
            let document = Document {
                name: "",
                bytes: &bytes[..mark + keep],
            };
            text::decode(&document, Otherwise::Refuse).ok()?.text.into_owned()
        }
    };
    let mut rest = head.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix("<?") {
            rest = after.split_once("?>")?.1.trim_start();
        } else if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->")?.1.trim_start();
        } else if rest.starts_with("<!DOCTYPE") {
            // The subset in brackets may hold `>`.
            let (head, after) = rest.split_once('>')?;
            rest = if head.contains('[') {
                rest.split_once("]>")?.1
            } else {
                after
            }
            .trim_start();
        } else {
            break;
        }
    }
    let tag = rest.strip_prefix('<')?;
    let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
    let name = tag.split(|c: char| c.is_whitespace() || c == '/').next()?;
    let local = name.rsplit(':').next()?;
    (!local.is_empty()
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
    .then(|| (local.to_owned(), tag.to_owned()))
}

/// What [`walk`] looks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'s> {
    /// Elements that are handed over as records, wherever they stand outside another.
    pub(crate) records: &'s [&'s str],
    /// Those of them that count when the document breaks off.
    pub(crate) counted: &'s [&'s str],
}

/// Reads a document from end to end. `each` gets its parts in order; an error of its own ends the walk.
///
/// # Errors
/// [`ReadError::Broken`] where the document breaks off or is no XML, with the number of whole records before;
/// [`ReadError::Limit`] where it is deeper or larger than any real list.
pub(crate) fn walk<'a>(
    document: &str,
    text: &'a str,
    shape: Shape<'_>,
    mut each: impl FnMut(Part<'_, 'a>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut tree = Tree::default();
    // Open nodes of the record being built.
    let mut open: Vec<u32> = Vec::with_capacity(DEPTH);
    // Names of open elements outside records.
    let mut outside: Vec<&'a str> = Vec::new();
    let mut outside_text = String::new();
    let mut record_start = 0;
    let mut read = 0_u64;
    let mut root_closed = false;

    let broken = |what: String, at: usize, read: u64| ReadError::Broken {
        document: document.to_owned(),
        what,
        position: place(text, at),
        read,
    };
    let limit = |what: String| ReadError::Limit {
        document: document.to_owned(),
        what,
        remedy: "No real list is like that; the file was not read".to_owned(),
    };

    loop {
        let at = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|e| {
            let at = (reader.error_position() as usize).min(text.len());
            let what = match &e {
                quick_xml::Error::Syntax(_) => format!("the file breaks off or is no XML ({e})"),
                _ => format!("the file is no well-formed XML ({e})"),
            };
            broken(what, at, read)
        })?;
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let empty = matches!(event, Event::Empty(_));
                let length = tag.name().into_inner().len();
                let qualified = &text[at + 1..at + 1 + length];
                let name = local(qualified);
                if root_closed {
                    return Err(broken(format!("a second root element <{qualified}>"), at, read));
                }
                if open.len() + outside.len() >= DEPTH {
                    return Err(limit(format!(
                        "elements nest more than {DEPTH} deep at {}",
                        place(text, at)
                    )));
                }
                let raw = &text[at + 1..at + 1 + tag.len()];
                if open.is_empty() && !shape.records.contains(&name) {
                    if !outside_text.trim().is_empty() {
                        each(Part::Head(&head_path(&outside, None), outside_text.trim()))?;
                    }
                    outside_text.clear();
                    outside.push(name);
                    if raw.len() > VALUE {
                        return Err(limit(too_long(text, at)));
                    }
                    for attribute in attributes(raw, length) {
                        let (key, value) = attribute.map_err(|what| broken(what, at, read))?;
                        if !is_schema(key) {
                            each(Part::Head(&head_path(&outside, Some(key)), value.trim()))?;
                        }
                    }
                    if empty {
                        outside.pop();
                        root_closed = outside.is_empty();
                    }
                    continue;
                }
                if open.is_empty() {
                    tree.nodes.clear();
                    tree.attributes.clear();
                    record_start = at;
                } else if tree.nodes.len() >= ELEMENTS {
                    return Err(limit(format!(
                        "the record at {} has more than {} elements",
                        place(text, record_start),
                        grouped(ELEMENTS as u64)
                    )));
                }
                let first = tree.attributes.len() as u32;
                if raw.len() > length {
                    if raw.len() > VALUE {
                        return Err(limit(too_long(text, at)));
                    }
                    for attribute in attributes(raw, length) {
                        let (name, value) = attribute.map_err(|what| broken(what, at, read))?;
                        tree.attributes.push(Attribute {
                            name,
                            value,
                            read: Cell::new(false),
                        });
                        if tree.attributes.len() as u32 - first > ATTRIBUTES as u32 {
                            return Err(limit(format!("an element has more than {ATTRIBUTES} attributes")));
                        }
                    }
                }
                let index = tree.nodes.len() as u32;
                tree.nodes.push(Node {
                    name,
                    parent: open.last().copied().unwrap_or(0),
                    end: index + 1,
                    attributes: first..tree.attributes.len() as u32,
                    text: Cow::Borrowed(""),
                    read: Cell::new(false),
                });
                if !empty {
                    open.push(index);
                } else if open.is_empty() {
                    read += u64::from(shape.counted.contains(&name));
                    each(Part::Record(
                        El { tree: &tree, at: 0 },
                        record_start..reader.buffer_position() as usize,
                    ))?;
                    root_closed = outside.is_empty();
                }
            }
            Event::End(_) => {
                if let Some(index) = open.pop() {
                    tree.nodes[index as usize].end = tree.nodes.len() as u32;
                    if open.is_empty() {
                        read += u64::from(shape.counted.contains(&tree.nodes[0].name));
                        each(Part::Record(
                            El { tree: &tree, at: 0 },
                            record_start..reader.buffer_position() as usize,
                        ))?;
                        root_closed = outside.is_empty();
                    }
                } else {
                    if !outside_text.trim().is_empty() {
                        each(Part::Head(&head_path(&outside, None), outside_text.trim()))?;
                    }
                    outside_text.clear();
                    outside.pop();
                    root_closed = outside.is_empty();
                }
            }
            Event::Text(chunk) => {
                let chunk = chunk.into_inner();
                let blank = chunk.bytes().all(|b| b.is_ascii_whitespace());
                if open.is_empty() {
                    if outside.is_empty() && !blank {
                        return Err(broken("text outside the root element".to_owned(), at, read));
                    }
                    outside_text.push_str(&chunk);
                    if outside_text.len() > VALUE {
                        return Err(limit(too_long(text, at)));
                    }
                    continue;
                }
                let index = open[open.len() - 1] as usize;
                // Blanks between elements say nothing; between an entity and text they do.
                let so_far = &tree.nodes[index].text;
                let nothing_yet = if so_far.is_empty() {
                    tree.nodes.len() > index + 1
                } else {
                    so_far.bytes().all(|b| b.is_ascii_whitespace())
                };
                if blank && nothing_yet {
                    continue;
                }
                let value = if chunk.contains('\r') {
                    Cow::Owned(chunk.replace("\r\n", "\n").replace('\r', "\n"))
                } else {
                    chunk
                };
                append(&mut tree.nodes[index].text, value);
                if tree.nodes[index].text.len() > VALUE {
                    return Err(limit(too_long(text, at)));
                }
            }
            Event::CData(chunk) => {
                let chunk = chunk.into_inner();
                match open.last() {
                    Some(&index) => append(&mut tree.nodes[index as usize].text, chunk),
                    None if outside.is_empty() => {
                        return Err(broken("text outside the root element".to_owned(), at, read));
                    }
                    None => outside_text.push_str(&chunk),
                }
                if open
                    .last()
                    .map_or(outside_text.len(), |&i| tree.nodes[i as usize].text.len())
                    > VALUE
                {
                    return Err(limit(too_long(text, at)));
                }
            }
            Event::GeneralRef(reference) => {
                let c = match reference.resolve_char_ref() {
                    Ok(Some(c)) if c >= ' ' || matches!(c, '\t' | '\n' | '\r') => Some(c),
                    Ok(None) => predefined(&reference),
                    Ok(Some(_)) | Err(_) => None,
                };
                let Some(c) = c else {
                    return Err(broken(
                        format!("an unknown reference &{};", short(&reference)),
                        at,
                        read,
                    ));
                };
                match open.last() {
                    Some(&index) => tree.nodes[index as usize].text.to_mut().push(c),
                    None => outside_text.push(c),
                }
            }
            Event::DocType(_) => {
                return Err(ReadError::Limit {
                    document: document.to_owned(),
                    what: format!("a document type declaration at {}", place(text, at)),
                    remedy: "Lists need none, and entity declarations can be bombs: remove it or get the file from its publisher"
                        .to_owned(),
                });
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => {
                let inside = open
                    .last()
                    .map(|&i| tree.nodes[i as usize].name)
                    .or(outside.last().copied());
                return match inside {
                    Some(name) => Err(broken(format!("the file ends inside <{name}>"), at, read)),
                    None if !root_closed => Err(broken("no root element".to_owned(), at, read)),
                    None => Ok(()),
                };
            }
        }
    }
}

fn append<'a>(text: &mut Cow<'a, str>, more: Cow<'a, str>) {
    if text.is_empty() {
        *text = more;
    } else {
        text.to_mut().push_str(&more);
    }
}

fn too_long(text: &str, at: usize) -> String {
    format!(
        "the value at {} is longer than {} bytes",
        place(text, at),
        grouped(VALUE as u64)
    )
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn local(qualified: &str) -> &str {
    match qualified.bytes().rposition(|b| b == b':') {
        Some(colon) => &qualified[colon + 1..],
        None => qualified,
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

fn attributes(raw: &str, name: usize) -> impl Iterator<Item = Result<(&str, Cow<'_, str>), String>> {
    let mut attributes = Attributes::new(raw, name);
    // Doubled attributes break no list: each of them is read or kept. Looking for them costs a list of names for each element.
    attributes.with_checks(false);
    attributes.map(|attribute| {
        let attribute = attribute.map_err(|e| format!("a broken attribute ({e})"))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|e| format!("a broken attribute ({e})"))?;
        let value = match (attribute.value, value) {
            // Nothing was replaced: borrow from the document, not from the attribute.
            (Cow::Borrowed(raw), Cow::Borrowed(_)) => Cow::Borrowed(raw),
            (_, value) => Cow::Owned(value.into_owned()),
        };
        Ok((attribute.key.into_inner(), value))
    })
}

/// Names from below the root, joined by `/`, and an attribute after `@`.
fn head_path(outside: &[&str], attribute: Option<&str>) -> String {
    let mut path = outside.get(1..).unwrap_or_default().join("/");
    if let Some(attribute) = attribute {
        path.push('@');
        path.push_str(attribute);
    }
    path
}
