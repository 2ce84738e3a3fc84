//! The cutter against quick-xml: the same pieces from the same text, or an error from both.

use proptest::prelude::*;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::cut::{Cutter, Inside, Piece};

#[derive(Debug, PartialEq)]
enum Seen {
    Open(String, Vec<(String, String)>, bool),
    Close,
    Text(String),
    Char(char),
    Doctype,
}

/// What the cutter finds, `None` where it fails.
fn ours(text: &str) -> Option<Vec<Seen>> {
    let mut cutter = Cutter::new(text, if text.starts_with('\u{feff}') { 3 } else { 0 }, Vec::new());
    let mut seen = Vec::new();
    loop {
        match cutter.next().ok()? {
            Piece::Open {
                name,
                local,
                mut attributes,
            } => {
                assert_eq!(local, super::local(name));
                let mut pairs = Vec::new();
                let mut empty = false;
                while attributes {
                    match cutter.attribute().ok()? {
                        Inside::Attribute(name, value) => pairs.push((name.to_owned(), value.into_owned())),
                        Inside::Opened => attributes = false,
                        Inside::Empty => {
                            empty = true;
                            attributes = false;
                        }
                    }
                }
                seen.push(Seen::Open(name.to_owned(), pairs, empty));
                if !empty && let Some((text, returns)) = cutter.leaf() {
                    assert!(returns || !text.contains('\r'), "{text:?}");
                    seen.extend([Seen::Text(text.to_owned()), Seen::Close]);
                }
            }
            Piece::Close => seen.push(Seen::Close),
            Piece::Text { text, blank, returns } => {
                assert_eq!(blank, text.bytes().all(|b| b.is_ascii_whitespace()), "{text:?}");
                assert!(returns || !text.contains('\r'), "{text:?}");
                seen.push(Seen::Text(text.to_owned()));
            }
            Piece::Cdata(text) => seen.push(Seen::Text(text.to_owned())),
            Piece::Char(c) => seen.push(Seen::Char(c)),
            Piece::Doctype => {
                seen.push(Seen::Doctype);
                return Some(seen);
            }
            Piece::End => return Some(seen),
        }
        assert!(seen.len() < 100_000, "no end");
    }
}

/// May it stand in a name? What is not ASCII always does, as in quick-xml.
fn in_name(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || matches!(
            b,
            b'-' | b'.'
                | b'_'
                | b':'
                | b';'
                | b'@'
                | b'['
                | b'\\'
                | b']'
                | b'^'
                | b'`'
                | b'{'
                | b'|'
                | b'}'
                | b'~'
                | 0x7F..
        )
}

/// Whether the cutter refuses what quick-xml takes here: a name with a mark that XML forbids in names, or a control character by number.
fn refused(seen: &Seen, raw_controls: bool) -> bool {
    let name = |name: &str| name.is_empty() || !name.bytes().all(in_name);
    match seen {
        Seen::Open(element, attributes, _) => {
            name(element) || raw_controls || attributes.iter().any(|(key, _)| name(key))
        }
        Seen::Char(c) => *c < ' ' && !matches!(c, '\t' | '\n' | '\r'),
        _ => false,
    }
}

/// What quick-xml finds and whether something in it is to be refused, `None` where it fails first.
fn theirs(text: &str) -> Option<(Vec<Seen>, bool)> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut seen = Vec::new();
    let mut controls = false;
    let mut opened = |tag: &BytesStart<'_>, empty: bool| {
        let mut pairs = Vec::new();
        let mut attributes = tag.attributes();
        attributes.with_checks(false);
        for attribute in attributes {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
            controls |= value.contains(|c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r'));
            pairs.push((attribute.key.into_inner().to_owned(), value));
        }
        Some((Seen::Open(tag.name().into_inner().to_owned(), pairs, empty), controls))
    };
    let mut any = false;
    loop {
        let piece = match reader.read_event() {
            // A name that must be refused stays so, whatever comes later.
            Err(_) if any => return Some((seen, true)),
            event => event.ok()?,
        };
        let piece = match piece {
            Event::Start(tag) => {
                let (piece, controls) = opened(&tag, false)?;
                any |= refused(&piece, controls);
                piece
            }
            Event::Empty(tag) => {
                let (piece, controls) = opened(&tag, true)?;
                any |= refused(&piece, controls);
                piece
            }
            Event::End(_) => Seen::Close,
            Event::Text(text) => Seen::Text(text.into_inner().into_owned()),
            Event::CData(text) => Seen::Text(text.into_inner().into_owned()),
            Event::GeneralRef(reference) => {
                let c = match reference.resolve_char_ref().ok()? {
                    Some(c) => c,
                    None => match &*reference.into_inner() {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "apos" => '\'',
                        "quot" => '"',
                        _ => return None,
                    },
                };
                let piece = Seen::Char(c);
                any |= refused(&piece, false);
                piece
            }
            Event::DocType(_) => {
                seen.push(Seen::Doctype);
                return Some((seen, any));
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
            Event::Eof => return Some((seen, any)),
        };
        seen.push(piece);
    }
}

fn agree(text: &str) -> Result<(), TestCaseError> {
    match (ours(text), theirs(text)) {
        (None, None | Some((_, true))) => {}
        // It stops at a document type before what quick-xml stumbles over.
        (Some(ours), None) if ours.last() == Some(&Seen::Doctype) => {}
        (Some(ours), Some((theirs, false))) => prop_assert_eq!(ours, theirs, "{:?}", text),
        (ours, theirs) => prop_assert!(false, "{text:?}\n{ours:?}\n{theirs:?}"),
    }
    Ok(())
}

/// Everything that means something to XML, in bits that fit together well or badly.
fn bit() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(&["<", ">", "/", "=", "\"", "'", "&", ";", "!", "?", "-", "[", "]", ":", "#", " ", "\n", "\r\n", "\r", "\t", "\u{feff}", "\u{a0}", "é", "表"][..]).prop_map(str::to_owned),
        3 => prop::sample::select(&["<a>", "</a>", "<a/>", "<x:a b='1'>", "</x:a>", "<b c=\"&lt;\" d = 'e\r\n'/>", "</a >", "<a\n>", "&amp;", "&#65;", "&#x41;", "&#1;", "&#+65;", "&no;", "<!--", "-->", "<!-- a -->", "<!-->", "<!--->", "<![CDATA[", "]]>", "<![CDATA[<a>]]>", "<?", "?>", "<?a b?>", "<?xml version='1.0'?>", "<?>", "<!DOCTYPE a>", "<!doctype", "<!E"][..]).prop_map(str::to_owned),
        1 => "[ -~]{0,20}",
        1 => "[a-zé\r\n\t ]{0,40}",
    ]
}

/// A well-formed element.
fn element() -> impl Strategy<Value = String> {
    let name = "[a-zA-Zé_][a-zA-Z0-9._:é-]{0,18}";
    let text = prop_oneof![
        4 => "[a-zA-Z0-9 ,.é表\r\n\t>\"'=/]{0,30}",
        1 => Just("<![CDATA[a < b]] > c]]>".to_owned()),
        1 => Just("a &amp; b&#x2028;&#13;".to_owned()),
        1 => Just("<!-- <c> & -->".to_owned()),
        1 => Just("\r\n      ".to_owned()),
    ];
    let attribute =
        (name, "[a-zA-Z0-9 ,.é表\r\n\t>/=<]{0,30}(&quot;|&#10;|)", any::<bool>()).prop_map(|(n, v, single)| {
            if single {
                format!(" {n}='{v}'")
            } else {
                format!("\n{n} = \"{v}\"")
            }
        });
    let tag = (name, prop::collection::vec(attribute, 0..4));
    let leaf = (tag.clone(), text.clone()).prop_map(|((n, a), t)| format!("<{n}{}>{t}</{n}>", a.concat()));
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let inside = prop_oneof![3 => inner, 2 => text.clone()];
        prop_oneof![
            4 => (tag.clone(), prop::collection::vec(inside, 0..6))
                .prop_map(|((n, a), i)| format!("<{n}{}>{}</{n}\n>", a.concat(), i.concat())),
            1 => tag.clone().prop_map(|(n, a)| format!("<{n}{} />", a.concat())),
        ]
    })
}

/// An element with some of its bytes cut out, or bits put in.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..6_usize, bit());
    (element(), prop::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (place, cut, bit) in changes {
            let start = place.index(chars.len() + 1);
            let end = (start + cut).min(chars.len());
            chars.splice(start..end, bit.chars());
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn well_formed(text in element()) {
        prop_assert!(ours(&text).is_some(), "{:?}", text);
        agree(&text)?;
    }

    #[test]
    fn with_changes(text in mutated()) {
        agree(&text)?;
    }

    #[test]
    fn from_bits(bits in prop::collection::vec(bit(), 0..24)) {
        agree(&bits.concat())?;
    }
}
