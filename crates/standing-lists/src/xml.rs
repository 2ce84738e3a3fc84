//! XML documents as a run of small trees, one for each record, in one pass and bounded memory.
//!
//! A reader names the elements that are records; [`walk`] hands over each as an [`El`] tree of slices of the document, and everything
//! outside them as head fields. Every leaf and attribute remembers whether it was read, so that a reader cannot lose one: what no rule
//! asked for is listed by [`El::unread`] and goes to `kept`. Entity declarations are refused, whatever they declare; depth, size and
//! number of elements are limited far above any real list. Names are taken without their prefixes: lists differ in namespaces, not
//! in names. [`cut`] knows the syntax.

mod cut;
#[cfg(test)]
mod cut_as_quick_xml;
mod parts;
mod tree;

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use crate::error::{ReadError, grouped};
use crate::registry::Document;
use crate::scan;
use crate::text::{self, Decoded, Otherwise};
use cut::{Cutter, Inside, Piece, Wrong};
pub(crate) use parts::{Found, records};
pub(crate) use tree::El;
use tree::{Attribute, Node, Tree, is_schema};

/// Real lists nest about ten elements deep.
const DEPTH: usize = 64;
/// The longest value seen in a list is about 10 kB.
const VALUE: usize = 1 << 20;
/// The largest record seen, of OFAC's reference values, has some thousand elements.
const ELEMENTS: usize = 1 << 20;
/// Attributes of one element.
const ATTRIBUTES: usize = 1 << 10;

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
    let bad = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r');
    let (blocks, rest) = bytes.as_chunks::<64>();
    for (at, block) in blocks.iter().enumerate() {
        // A tab says only that it has to be looked at more closely.
        if !scan::plain(block)
            && let Some(i) = block.iter().position(bad)
        {
            return Some(at * 64 + i);
        }
    }
    rest.iter().position(bad).map(|i| blocks.len() * 64 + i)
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
        text::Encoding::Utf8 | text::Encoding::Windows1252 => match std::str::from_utf8(&head[mark..]) {
            Ok(head) => Cow::Borrowed(head),
            // Cut within a character.
            Err(e) if e.error_len().is_none() => String::from_utf8_lossy(&head[mark..mark + e.valid_up_to()]),
            Err(_) => String::from_utf8_lossy(&head[mark..]),
        },
        text::Encoding::Utf16Little | text::Encoding::Utf16Big => {
            let keep = (head.len() - mark) / 2 * 2;
            let document = Document {
                name: "",
                bytes: &bytes[..mark + keep],
            };
            text::decode(&document, Otherwise::Refuse)
                .ok()?
                .text
                .into_owned()
                .into()
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
    each: impl FnMut(Part<'_, 'a>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    go_on(document, text, shape, Stand::at_the_start(text), each)?.ends(document, text)
}

/// Where a walk stands between two pieces, outside any record.
#[derive(Debug, Clone)]
struct Stand<'a> {
    at: usize,
    /// Names of open elements, as written.
    open: Vec<&'a str>,
    /// The same without prefixes.
    outside: Vec<&'a str>,
    /// What was said in the innermost of them since the last tag.
    text: String,
    /// Whole records so far.
    read: u64,
    root_closed: bool,
}

impl<'a> Stand<'a> {
    fn at_the_start(text: &'a str) -> Self {
        Self {
            at: if text.starts_with('\u{feff}') { 3 } else { 0 },
            open: Vec::with_capacity(DEPTH),
            outside: Vec::new(),
            text: String::new(),
            read: 0,
            root_closed: false,
        }
    }

    /// Is it the end of a whole document?
    fn ends(&self, document: &str, text: &str) -> Result<(), ReadError> {
        let what = match self.open.last() {
            Some(name) => format!("the file ends inside <{}>", short(local(name))),
            None if !self.root_closed => "no root element".to_owned(),
            None => return Ok(()),
        };
        Err(ReadError::Broken {
            document: document.to_owned(),
            what,
            position: place(text, self.at),
            read: self.read,
        })
    }
}

/// Goes on with a walk to the end of the text, which may be the end of a part of a document. Tells where it then stands.
fn go_on<'a>(
    document: &str,
    text: &'a str,
    shape: Shape<'_>,
    from: Stand<'a>,
    mut each: impl FnMut(Part<'_, 'a>) -> Result<(), ReadError>,
) -> Result<Stand<'a>, ReadError> {
    let mut cutter = Cutter::new(text, from.at, from.open);
    let mut tree = Tree::default();
    // Open nodes of the record being built.
    let mut open: Vec<u32> = Vec::with_capacity(DEPTH);
    // Names of open elements outside records.
    let mut outside = from.outside;
    let mut outside_text = from.text;
    let mut record_start = 0;
    let mut read = from.read;
    let mut root_closed = from.root_closed;

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
    let wrong = |wrong: Box<Wrong>, read: u64| match *wrong {
        Wrong::Syntax { what, at } => broken(what, at, read),
        Wrong::TooLong { at } => limit(too_long(text, at)),
    };

    loop {
        let at = cutter.at();
        match cutter.next().map_err(|e| wrong(e, read))? {
            Piece::Open {
                name: qualified,
                local: name,
                mut attributes,
            } => {
                if root_closed {
                    return Err(broken(
                        format!("a second root element <{}>", short(qualified)),
                        at,
                        read,
                    ));
                }
                if open.len() + outside.len() >= DEPTH {
                    return Err(limit(format!(
                        "elements nest more than {DEPTH} deep at {}",
                        place(text, at)
                    )));
                }
                if open.is_empty() {
                    if !shape.records.contains(&name) {
                        if !outside_text.trim().is_empty() {
                            each(Part::Head(&head_path(&outside, None), outside_text.trim()))?;
                        }
                        outside_text.clear();
                        outside.push(name);
                        while attributes {
                            match cutter.attribute().map_err(|e| wrong(e, read))? {
                                Inside::Attribute(key, _) if is_schema(key) => {}
                                Inside::Attribute(key, value) => {
                                    each(Part::Head(&head_path(&outside, Some(key)), value.trim()))?;
                                }
                                Inside::Opened => attributes = false,
                                Inside::Empty => {
                                    outside.pop();
                                    root_closed = outside.is_empty();
                                    attributes = false;
                                }
                            }
                        }
                        continue;
                    }
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
                let mut empty = false;
                while attributes {
                    match cutter.attribute().map_err(|e| wrong(e, read))? {
                        Inside::Attribute(name, value) => {
                            tree.attributes.push(Attribute {
                                name,
                                value,
                                read: Cell::new(false),
                            });
                            if tree.attributes.len() as u32 - first > ATTRIBUTES as u32 {
                                return Err(limit(format!("an element has more than {ATTRIBUTES} attributes")));
                            }
                        }
                        Inside::Opened => attributes = false,
                        Inside::Empty => {
                            empty = true;
                            attributes = false;
                        }
                    }
                }
                let index = tree.nodes.len() as u32;
                let mut text = Cow::Borrowed("");
                if !empty
                    && !open.is_empty()
                    && let Some((chunk, returns)) = cutter.leaf()
                {
                    text = if returns {
                        one_line_end(chunk)
                    } else {
                        Cow::Borrowed(chunk)
                    };
                    empty = true;
                }
                tree.nodes.push(Node {
                    name,
                    parent: open.last().copied().unwrap_or(0),
                    end: index + 1,
                    attributes: first..tree.attributes.len() as u32,
                    text,
                    read: Cell::new(false),
                });
                // Nothing more comes of an empty element, nor of one that was taken whole.
                if !empty {
                    open.push(index);
                } else if open.is_empty() {
                    read += u64::from(shape.counted.contains(&name));
                    each(Part::Record(El { tree: &tree, at: 0 }, record_start..cutter.at()))?;
                    root_closed = outside.is_empty();
                }
            }
            Piece::Close => {
                if let Some(index) = open.pop() {
                    tree.nodes[index as usize].end = tree.nodes.len() as u32;
                    if open.is_empty() {
                        read += u64::from(shape.counted.contains(&tree.nodes[0].name));
                        each(Part::Record(El { tree: &tree, at: 0 }, record_start..cutter.at()))?;
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
            Piece::Text {
                text: chunk,
                blank,
                returns,
            } => {
                let Some(&index) = open.last() else {
                    if outside.is_empty() && !blank {
                        return Err(broken("text outside the root element".to_owned(), at, read));
                    }
                    // Blanks before text are trimmed off in the end: those between a list's many records are not worth keeping.
                    if !(blank && outside_text.is_empty()) {
                        outside_text.push_str(chunk);
                        if outside_text.len() > VALUE {
                            return Err(limit(too_long(text, at)));
                        }
                    }
                    continue;
                };
                let so_far = &mut tree.nodes[index as usize].text;
                // Blanks between elements say nothing; between an entity and text they do.
                if blank && so_far.bytes().all(|b| b.is_ascii_whitespace()) {
                    continue;
                }
                if !returns && so_far.is_empty() {
                    *so_far = Cow::Borrowed(chunk);
                    continue;
                }
                append(so_far, one_line_end(chunk));
                if so_far.len() > VALUE {
                    return Err(limit(too_long(text, at)));
                }
            }
            Piece::Cdata(chunk) => {
                let length = match open.last() {
                    Some(&index) => {
                        let so_far = &mut tree.nodes[index as usize].text;
                        append(so_far, Cow::Borrowed(chunk));
                        so_far.len()
                    }
                    None if outside.is_empty() => {
                        return Err(broken("text outside the root element".to_owned(), at, read));
                    }
                    None => {
                        outside_text.push_str(chunk);
                        outside_text.len()
                    }
                };
                if length > VALUE {
                    return Err(limit(too_long(text, at)));
                }
            }
            Piece::Char(c) => match open.last() {
                Some(&index) => tree.nodes[index as usize].text.to_mut().push(c),
                None if outside.is_empty() => {
                    return Err(broken("text outside the root element".to_owned(), at, read));
                }
                None => outside_text.push(c),
            },
            Piece::Doctype => {
                return Err(ReadError::Limit {
                    document: document.to_owned(),
                    what: format!("a document type declaration at {}", place(text, at)),
                    remedy: "Lists need none, and entity declarations can be bombs: remove it or get the file from its publisher"
                        .to_owned(),
                });
            }
            Piece::End => {
                if let (false, Some(name)) = (open.is_empty(), cutter.inside()) {
                    return Err(broken(
                        format!("the file ends inside <{}>", short(local(name))),
                        at,
                        read,
                    ));
                }
                return Ok(Stand {
                    at,
                    open: cutter.into_open(),
                    outside,
                    text: outside_text,
                    read,
                    root_closed,
                });
            }
        }
    }
}

/// Line ends as XML prescribes them.
fn one_line_end(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
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

/// Names from below the root, joined by `/`, and an attribute after `@`.
fn head_path(outside: &[&str], attribute: Option<&str>) -> String {
    let mut path = outside.get(1..).unwrap_or_default().join("/");
    if let Some(attribute) = attribute {
        path.push('@');
        path.push_str(attribute);
    }
    path
}
