//! XML cut into tags, attributes and text, every piece a slice of the document.
//!
//! A general parser checks the encoding of every piece, keeps the names of open elements in a buffer of its own and hands over events
//! of a size to fit all; on lists, whose elements are forty bytes long, that was three fifths of all reading. Here the text is known
//! to be UTF-8 without control characters ([`super::open`]), an end tag is held against the name that it must have, and only what
//! holds references or line ends is ever copied. It takes what quick-xml takes, which a property test holds it to, but for names
//! with quotes, `/`, `<`, `=`, `?` or other marks that XML forbids in names, and references to control characters: these are errors.

#![allow(clippy::inline_always)] // the loop of `walk` is to be one function
#![allow(clippy::unnecessary_box_returns)] // an error is a pointer beside pieces that are handed over a million times

use std::borrow::Cow;

use crate::scan;

/// What stands next. Elements' names come with their prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// `<name`: its attributes follow by [`Cutter::attribute`], to be taken to their end, where `attributes` says so.
    Open {
        name: &'a str,
        /// Its name without prefix.
        local: &'a str,
        attributes: bool,
    },
    /// `</name>` of the element opened last.
    Close,
    /// Text up to the next tag or reference. `returns` tells whether a carriage return may be in it.
    Text { text: &'a str, blank: bool, returns: bool },
    /// The inside of a CDATA section.
    Cdata(&'a str),
    /// What a reference stands for.
    Char(char),
    /// A document type declaration begins.
    Doctype,
    /// The end of the document.
    End,
}

/// What the attributes of a tag end with, or one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inside<'a> {
    /// `name="value"`, the name with its prefix, the value rid of references and line ends.
    Attribute(&'a str, Cow<'a, str>),
    /// `>`
    Opened,
    /// `/>`
    Empty,
}

/// Why a text cannot be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// What it says at this byte is no XML.
    Syntax { what: String, at: usize },
    /// A value, name or tag that begins at this byte is longer than [`super::VALUE`].
    TooLong { at: usize },
}

/// Walks a text from piece to piece.
pub(super) struct Cutter<'a> {
    text: &'a str,
    at: usize,
    /// Names of open elements, as written.
    open: Vec<&'a str>,
    /// Where the tag begins whose attributes are being taken.
    tag: usize,
}

impl<'a> Cutter<'a> {
    /// Begins at a byte with elements open, by their names as written.
    pub(super) fn new(text: &'a str, at: usize, open: Vec<&'a str>) -> Self {
        Self { text, at, open, tag: 0 }
    }

    /// The names of the open elements.
    pub(super) fn into_open(self) -> Vec<&'a str> {
        self.open
    }

    /// The byte at which it stands.
    #[inline(always)]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The name of the innermost open element, as written.
    pub(super) fn inside(&self) -> Option<&'a str> {
        self.open.last().copied()
    }

    /// The next piece. Comments and instructions are passed over.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Result<Piece<'a>, Box<Wrong>> {
        let bytes = self.text.as_bytes();
        loop {
            let at = self.at;
            match bytes.get(at) {
                None => return Ok(Piece::End),
                Some(b'<') => match bytes.get(at + 1) {
                    Some(b'/') => return self.close(at),
                    Some(b'!' | b'?') => {
                        if let Some(piece) = self.special(at)? {
                            return Ok(piece);
                        }
                    }
                    _ => return self.open(at),
                },
                Some(b'&') => {
                    let (c, end) = reference(self.text, at)?;
                    self.at = end;
                    return Ok(Piece::Char(c));
                }
                Some(&first) => {
                    let start = if first <= b' ' { scan::blanks(bytes, at) } else { at };
                    let blank = matches!(bytes.get(start), None | Some(b'<' | b'&'));
                    let (end, returns) = if blank { (start, true) } else { scan::text(bytes, start) };
                    if end - at > super::VALUE {
                        return Err(too_long(at));
                    }
                    self.at = end;
                    return Ok(Piece::Text {
                        text: &self.text[at..end],
                        blank,
                        returns: returns || start > at,
                    });
                }
            }
        }
    }

    /// A start tag up to its attributes.
    #[inline(always)]
    fn open(&mut self, at: usize) -> Result<Piece<'a>, Box<Wrong>> {
        let bytes = self.text.as_bytes();
        let (end, colon) = scan::name(bytes, at + 1);
        if end - at > super::VALUE {
            return Err(too_long(at));
        }
        let name = &self.text[at + 1..end];
        let attributes = match bytes.get(end) {
            Some(b'>') if !name.is_empty() => {
                self.at = end + 1;
                false
            }
            Some(b' ' | b'\t' | b'\r' | b'\n' | b'/') if !name.is_empty() => {
                self.at = end;
                self.tag = at;
                true
            }
            None => return Err(breaks_off("a tag", at)),
            Some(_) => {
                return Err(wrong(
                    "the file is no XML (a tag has no name, or one with a mark in it)",
                    at,
                ));
            }
        };
        let local = if colon { super::local(name) } else { name };
        self.open.push(name);
        Ok(Piece::Open {
            name,
            local,
            attributes,
        })
    }

    /// The text and the end tag of the element just opened, if it holds plain text and nothing else, as most do; and whether a carriage
    /// return may be in it. Otherwise nothing is taken, and [`Self::next`] goes on.
    #[inline(always)]
    pub(super) fn leaf(&mut self) -> Option<(&'a str, bool)> {
        let bytes = self.text.as_bytes();
        let at = self.at;
        if matches!(bytes.get(at), None | Some(b'\0'..=b' ' | b'<' | b'&')) {
            return None;
        }
        let (end, returns) = scan::text(bytes, at);
        let name = *self.open.last()?;
        let rest = bytes.get(end..)?.strip_prefix(b"</")?;
        let after = rest.strip_prefix(name.as_bytes())?;
        if after.first() != Some(&b'>') || end - at > super::VALUE {
            return None;
        }
        self.open.pop();
        self.at = end + 3 + name.len();
        Some((&self.text[at..end], returns))
    }

    /// The next attribute of the tag that [`Piece::Open`] began, or its end. An empty element is closed by it.
    #[inline(always)]
    pub(super) fn attribute(&mut self) -> Result<Inside<'a>, Box<Wrong>> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        if bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        if bytes.get(at).is_some_and(|&b| b <= b' ') {
            at = scan::blanks(bytes, at);
        }
        match bytes.get(at) {
            Some(b'>') => {
                self.at = at + 1;
                return Ok(Inside::Opened);
            }
            Some(b'/') if bytes.get(at + 1) == Some(&b'>') => {
                self.at = at + 2;
                self.open.pop();
                return Ok(Inside::Empty);
            }
            _ => {}
        }
        let (end, _) = scan::name(bytes, at);
        let name = &self.text[at..end];
        let mut at = end;
        if bytes.get(at) != Some(&b'=') {
            at = scan::blanks(bytes, at);
        }
        let equals = bytes.get(at) == Some(&b'=') && !name.is_empty();
        at += 1;
        if bytes.get(at).is_some_and(|&b| b <= b' ') {
            at = scan::blanks(bytes, at);
        }
        let quote = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) if equals => quote,
            None => return Err(breaks_off("a tag", self.tag)),
            Some(_) => {
                let what = if equals {
                    "an attribute's value is not in quotes"
                } else {
                    "an attribute is not name=\"value\""
                };
                return Err(wrong(&format!("a broken attribute ({what})"), self.tag));
            }
        };
        let start = at + 1;
        let (end, others) = scan::value(bytes, start, quote);
        if end == bytes.len() {
            return Err(breaks_off("an attribute's value", self.tag));
        }
        if end - self.tag > super::VALUE {
            return Err(too_long(self.tag));
        }
        self.at = end + 1;
        let raw = &self.text[start..end];
        let value = if others {
            normalised(self.text, start, end)?
        } else {
            Cow::Borrowed(raw)
        };
        Ok(Inside::Attribute(name, value))
    }

    /// An end tag, which must have the name of the element opened last.
    #[inline(always)]
    fn close(&mut self, at: usize) -> Result<Piece<'a>, Box<Wrong>> {
        let bytes = self.text.as_bytes();
        let Some(name) = self.open.pop() else {
            return Err(wrong(
                "the file is no well-formed XML (an end tag without its start)",
                at,
            ));
        };
        let mut end = at + 2 + name.len();
        if bytes.get(at + 2..end) == Some(name.as_bytes()) {
            if bytes.get(end).is_some_and(|&b| b <= b' ') {
                end = scan::blanks(bytes, end);
            }
            if bytes.get(end) == Some(&b'>') {
                self.at = end + 1;
                return Ok(Piece::Close);
            }
        }
        Err(mismatched(&self.text[at..], name, at))
    }

    /// A comment, an instruction, a CDATA section or a document type; `None` for the first two.
    #[cold]
    fn special(&mut self, at: usize) -> Result<Option<Piece<'a>>, Box<Wrong>> {
        let rest = &self.text[at..];
        let ends = |skip: usize, end: &str, what: &str| {
            let inside = &rest.as_bytes()[skip..];
            memchr::memmem::find(inside, end.as_bytes())
                .map(|length| skip + length)
                .ok_or_else(|| breaks_off(what, at))
        };
        if rest.starts_with("<!--") {
            self.at = at + ends(4, "-->", "a comment")? + 3;
            return Ok(None);
        }
        if rest.starts_with("<?") {
            if rest.starts_with("<?>") {
                return Err(wrong("the file is no XML (an instruction without a name)", at));
            }
            self.at = at + ends(2, "?>", "an instruction")? + 2;
            return Ok(None);
        }
        if rest.starts_with("<![CDATA[") {
            let end = ends(9, "]]>", "a CDATA section")?;
            self.at = at + end + 3;
            return Ok(Some(Piece::Cdata(&rest[9..end])));
        }
        if rest.get(..9).is_some_and(|r| r.eq_ignore_ascii_case("<!DOCTYPE")) {
            return Ok(Some(Piece::Doctype));
        }
        if rest.len() < 9 {
            return Err(breaks_off("a declaration", at));
        }
        Err(wrong(
            "the file is no XML (a declaration that only a document type may hold)",
            at,
        ))
    }
}

#[cold]
fn too_long(at: usize) -> Box<Wrong> {
    Box::new(Wrong::TooLong { at })
}

#[cold]
fn wrong(what: &str, at: usize) -> Box<Wrong> {
    Box::new(Wrong::Syntax {
        what: what.to_owned(),
        at,
    })
}

#[cold]
fn breaks_off(what: &str, at: usize) -> Box<Wrong> {
    wrong(&format!("the file breaks off or is no XML ({what} without end)"), at)
}

#[cold]
fn mismatched(tag: &str, name: &str, at: usize) -> Box<Wrong> {
    match tag.find('>') {
        None => breaks_off("a tag", at),
        Some(end) => wrong(
            &format!(
                "the file is no well-formed XML (</{}> where </{}> must be)",
                super::short(&tag[2..end]),
                super::short(name)
            ),
            at,
        ),
    }
}

/// The character that the reference at `at` stands for, and the byte after it.
fn reference(text: &str, at: usize) -> Result<(char, usize), Box<Wrong>> {
    let inside = &text[at + 1..];
    let length = match memchr::memchr3(b';', b'&', b'<', inside.as_bytes()) {
        Some(length) if inside.as_bytes()[length] == b';' => length,
        None | Some(_) => {
            return Err(wrong(
                "the file is no well-formed XML (a reference or a bare & without its ;)",
                at,
            ));
        }
    };
    let name = &inside[..length];
    let number = |digits: &str, radix: u32| {
        let code = if digits.starts_with('+') {
            None
        } else {
            u32::from_str_radix(digits, radix).ok()
        };
        // XML has no other control characters, not even by number.
        code.and_then(char::from_u32)
            .filter(|&c| c >= ' ' || matches!(c, '\t' | '\n' | '\r'))
    };
    let c = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => match name.strip_prefix('#') {
            Some(hex) if hex.starts_with('x') => number(&hex[1..], 16),
            Some(decimal) => number(decimal, 10),
            None => None,
        },
    };
    match c {
        Some(c) => Ok((c, at + length + 2)),
        None => Err(wrong(&format!("an unknown reference &{};", super::short(name)), at)),
    }
}

/// An attribute's value with its references resolved, and line ends and tabs as blanks, as XML prescribes.
#[cold]
fn normalised(text: &str, start: usize, end: usize) -> Result<Cow<'_, str>, Box<Wrong>> {
    let raw = &text[start..end];
    let special = |c: char| matches!(c, '&' | '\t' | '\n' | '\r');
    if !raw.contains(special) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut at = start;
    while let Some(next) = text[at..end].find(special) {
        value.push_str(&text[at..at + next]);
        at += next;
        if text.as_bytes()[at] == b'&' {
            // A reference ends within the value or not at all: it holds no quote.
            let (c, after) = reference(&text[..end], at)?;
            value.push(c);
            at = after;
        } else {
            value.push(' ');
            at += if text[at..end].starts_with("\r\n") { 2 } else { 1 };
        }
    }
    value.push_str(&text[at..end]);
    Ok(Cow::Owned(value))
}
