//! The tags of the XML parts inside a workbook.
//!
//! A worksheet is hundreds of thousands of tiny elements without anything that XML finds hard: no entities of its own, no mixed
//! content, no significant white space between tags. A general parser spends most of its time on what does not occur here, so this
//! module only finds the next tag or text. It borrows everything from the part and refuses a DOCTYPE.

use std::borrow::Cow;

/// What stands next in a part. Names come without their namespace prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<name attributes>` or `<name attributes/>`.
    Open {
        name: &'a str,
        attributes: &'a str,
        empty: bool,
    },
    /// `</name>`.
    Close(&'a str),
    /// Text between tags, entities undecoded.
    Text(&'a str),
}

/// Walks a part from tag to tag.
pub(super) struct Tags<'a> {
    text: &'a str,
    at: usize,
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

impl<'a> Tags<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The byte at which it stands.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// What is still to come.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Goes on behind so many bytes of what is still to come, which end where a tag ends.
    pub(super) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    /// The next tag or text; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, &'static str> {
        loop {
            let rest = &self.text[self.at..];
            let Some(first) = rest.as_bytes().first() else {
                return Ok(None);
            };
            if *first != b'<' {
                let end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
                self.at += end;
                return Ok(Some(Token::Text(&rest[..end])));
            }
            // Nearly every tag is plain: what begins otherwise is told by its second byte.
            let special = matches!(rest.as_bytes().get(1), Some(b'!' | b'?'));
            if !special {
                return self.tag(rest).map(Some);
            }
            if let Some(after) = rest.strip_prefix("<!--") {
                let end = after.find("-->").ok_or("a comment without end")?;
                self.at += 4 + end + 3;
                continue;
            }
            if let Some(after) = rest.strip_prefix("<![CDATA[") {
                let end = after.find("]]>").ok_or("a CDATA section without end")?;
                self.at += 9 + end + 3;
                return Ok(Some(Token::Text(&after[..end])));
            }
            if rest.starts_with("<!") {
                return Err("a document type, which a workbook must not have");
            }
            let end = rest.find("?>").ok_or("an instruction without end")?;
            self.at += end + 2;
        }
    }

    /// The tag that begins here.
    fn tag(&mut self, rest: &'a str) -> Result<Token<'a>, &'static str> {
        let end = tag_end(rest.as_bytes()).ok_or("a tag without end")?;
        self.at += end + 1;
        let inner = &rest[1..end];
        if let Some(name) = inner.strip_prefix('/') {
            return Ok(Token::Close(local(name.trim_ascii_end())));
        }
        let (inner, empty) = match inner.strip_suffix('/') {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let split = inner
            .bytes()
            .position(|b| b.is_ascii_whitespace())
            .unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(split);
        Ok(Token::Open {
            name: local(name),
            attributes,
            empty,
        })
    }
}

/// The index of the `>` that ends the tag; one within quotes does not.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return Some(at),
            b'"' | b'\'' => at += 1 + memchr::memchr(byte, &bytes[at + 1..])? + 1,
            _ => at += 1,
        }
    }
    None
}

/// The attributes of a tag, one after the other, values undecoded.
pub(super) fn attributes(mut text: &str) -> impl Iterator<Item = (&str, &str)> {
    std::iter::from_fn(move || {
        let equals = memchr::memchr(b'=', text.as_bytes())?;
        let name = text[..equals].trim_ascii();
        let rest = text[equals + 1..].trim_ascii_start();
        let quote = *rest.as_bytes().first()?;
        if quote != b'"' && quote != b'\'' {
            return None;
        }
        let end = memchr::memchr(quote, &rest.as_bytes()[1..])?;
        text = &rest[end + 2..];
        Some((local(name), &rest[1..=end]))
    })
}

/// One attribute by its local name, decoded.
pub(super) fn attribute<'a>(text: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    attributes(text)
        .find(|&(name, _)| name == wanted)
        .map(|(_, value)| decode(value))
}

/// Replaces the five entities and character references. What is none of them stays as written.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest
            .as_bytes()
            .iter()
            .take(12)
            .position(|&b| b == b';')
            .map(|end| &rest[1..end]);
        let character = entity.and_then(|entity| match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => {
                let number = entity.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)
            }
        });
        if let (Some(character), Some(entity)) = (character, entity) {
            decoded.push(character);
            rest = &rest[entity.len() + 2..];
        } else {
            decoded.push('&');
            rest = &rest[1..];
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        let mut tags = Tags::new(text);
        let mut tokens = Vec::new();
        while let Some(token) = tags.next().unwrap() {
            tokens.push(token);
        }
        tokens
    }

    #[test]
    fn finds_tags_and_text() {
        let found = tokens("<?xml?><x:c r=\"A>1\" t='s'><!-- no --><v>1&amp;2</v><e/></x:c>");
        assert_eq!(found.len(), 6);
        assert!(matches!(
            found[0],
            Token::Open {
                name: "c",
                empty: false,
                ..
            }
        ));
        assert_eq!(found[2], Token::Text("1&amp;2"));
        assert!(matches!(
            found[4],
            Token::Open {
                name: "e",
                empty: true,
                ..
            }
        ));
        assert_eq!(found[5], Token::Close("c"));
    }

    #[test]
    fn a_broken_tag_is_an_error() {
        for text in ["<a", "<a b=\"", "<!-- ", "<![CDATA[", "<?x", "<!DOCTYPE a>"] {
            assert!(Tags::new(text).next().is_err(), "{text}");
        }
    }

    #[test]
    fn decodes_entities_and_leaves_the_rest() {
        assert_eq!(decode("a &amp; b &#x41;&#66; &unknown; &"), "a & b AB &unknown; &");
        assert_eq!(attribute(" r=\"A1\" x:id='r&amp;d'", "id").as_deref(), Some("r&d"));
    }
}
