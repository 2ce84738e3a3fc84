//! A page as a flat stream of tags and words, in one pass that only moves forward.
//!
//! Tokenizers at hand call themselves for each attribute or build a tree, and a page can be made to exhaust their stack. This one follows
//! the standard as far as articles need it: raw text elements, comments, quoted and bare attributes, entities that news pages use.

use super::decode::WINDOWS_1252;

/// More attributes of one tag are passed over.
const MOST_ATTRIBUTES: usize = 64;
/// An entity is no longer than this.
const LONGEST_ENTITY: usize = 32;
/// Elements whose content is no markup.
const RAW: [&str; 6] = ["script", "style", "textarea", "title", "noscript", "xmp"];

/// A start tag.
#[derive(Debug, Default)]
pub(super) struct Start {
    /// Its name in small letters.
    pub name: String,
    /// Attributes by name in small letters, in their order.
    pub attributes: Vec<(String, String)>,
    /// Written `<… />`.
    pub self_closing: bool,
}

impl Start {
    /// An attribute's value, the first of its name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A piece of a page.
pub(super) enum Piece {
    /// A start tag.
    Start(Start),
    /// An end tag's name in small letters.
    End(String),
    /// Words, entities decoded; within raw elements as written.
    Words(String),
}

/// Calls `f` with the pieces of a page, in order.
pub(super) fn pieces(text: &str, f: &mut dyn FnMut(Piece)) {
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let open = at + found;
        if open > at {
            f(Piece::Words(decoded(&text[at..open])));
        }
        let rest = &text[open + 1..];
        let past = |mark: &str, from: usize| {
            rest.get(from..)
                .and_then(|r| r.find(mark))
                .map(|p| open + 1 + from + p + mark.len())
        };
        let next = match rest.as_bytes().first() {
            Some(b'!') if rest.starts_with("!--") => past("-->", 3),
            Some(b'!' | b'?') => past(">", 1),
            Some(b'/') if rest.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) => {
                let name: String = rest[1..].chars().take_while(char::is_ascii_alphanumeric).collect();
                f(Piece::End(name.to_ascii_lowercase()));
                past(">", 1)
            }
            Some(b) if b.is_ascii_alphabetic() => start(text, open + 1, f),
            _ => {
                f(Piece::Words("<".to_owned()));
                Some(open + 1)
            }
        };
        match next {
            Some(next) => at = next,
            // A comment or tag that never ends takes the rest with it, as in every browser.
            None => return,
        }
    }
    if at < text.len() {
        f(Piece::Words(decoded(&text[at..])));
    }
}

/// Reads a start tag from its name on, and the raw text behind it; gives where to go on.
fn start(text: &str, from: usize, f: &mut dyn FnMut(Piece)) -> Option<usize> {
    let bytes = text.as_bytes();
    let end_of = |mut at: usize, stop: &dyn Fn(u8) -> bool| {
        while at < bytes.len() && !stop(bytes[at]) {
            at += 1;
        }
        at
    };
    let space = |b: u8| b.is_ascii_whitespace();
    let mut at = end_of(from, &|b| space(b) || matches!(b, b'/' | b'>'));
    let mut tag = Start {
        name: text[from..at].to_ascii_lowercase(),
        ..Start::default()
    };
    loop {
        let begun = at;
        at = end_of(at, &|b| !(space(b) || b == b'/'));
        tag.self_closing = text[begun..at].ends_with('/');
        if at >= bytes.len() {
            return None;
        }
        if bytes[at] == b'>' {
            at += 1;
            break;
        }
        // A name may begin with `=`, and then goes on as any other.
        let name_end = end_of(at + 1, &|b| space(b) || matches!(b, b'/' | b'>' | b'='));
        let name = char_cut(text, at, name_end);
        at = end_of(name_end, &|b| !space(b));
        let mut value = "";
        if bytes.get(at) == Some(&b'=') {
            at = end_of(at + 1, &|b| !space(b));
            if let Some(&quote @ (b'"' | b'\'')) = bytes.get(at) {
                let end = end_of(at + 1, &|b| b == quote);
                if end >= bytes.len() {
                    return None;
                }
                value = &text[at + 1..end];
                at = end + 1;
            } else {
                let end = end_of(at, &|b| space(b) || b == b'>');
                value = &text[at..end];
                at = end;
            }
        }
        if tag.attributes.len() < MOST_ATTRIBUTES {
            tag.attributes.push((name.to_ascii_lowercase(), decoded(value)));
        }
    }
    let raw = RAW.iter().find(|r| **r == tag.name).filter(|_| !tag.self_closing);
    let title = tag.name == "title";
    f(Piece::Start(tag));
    if let Some(name) = raw {
        let close = closing(text, at, name);
        let end = close.unwrap_or(text.len());
        if end > at {
            let words = &text[at..end];
            f(Piece::Words(if title { decoded(words) } else { words.to_owned() }));
        }
        at = end;
    }
    Some(at)
}

/// The piece of a text between two bytes that lie between characters: both stand before or after ASCII.
fn char_cut(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or("")
}

/// Where `</name` stands, whatever its case.
fn closing(text: &str, from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    while let Some(found) = text[at..].find("</") {
        let open = at + found;
        let word = text.as_bytes().get(open + 2..open + 2 + name.len());
        if word.is_some_and(|w| w.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(open);
        }
        at = open + 2;
    }
    None
}

/// Entities by name. The letters of Latin languages and the marks that news pages use; from the standard's table.
const NAMED: [(&str, char); 76] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("sbquo", '‚'),
    ("bdquo", '„'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("bull", '•'),
    ("middot", '·'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("sect", '§'),
    ("para", '¶'),
    ("deg", '°'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("times", '×'),
    ("frac12", '½'),
    ("shy", '\u{ad}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("prime", '′'),
    ("aacute", 'á'),
    ("agrave", 'à'),
    ("acirc", 'â'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("aring", 'å'),
    ("aelig", 'æ'),
    ("ccedil", 'ç'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("iacute", 'í'),
    ("igrave", 'ì'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ograve", 'ò'),
    ("ocirc", 'ô'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("oslash", 'ø'),
    ("uacute", 'ú'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
    ("yacute", 'ý'),
    ("yuml", 'ÿ'),
    ("szlig", 'ß'),
    ("scaron", 'š'),
    ("oelig", 'œ'),
    ("Aacute", 'Á'),
    ("Eacute", 'É'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("Auml", 'Ä'),
    ("Ccedil", 'Ç'),
];

/// Words with their entities decoded; what is none stays as written.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST_ENTITY).position(|b| b == b';');
        let meant = end.and_then(|end| character(&rest[1..end]));
        if let (Some(c), Some(end)) = (meant, end) {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn character(entity: &str) -> Option<char> {
    let Some(number) = entity.strip_prefix('#') else {
        return NAMED.iter().find(|(name, _)| *name == entity).map(|(_, c)| *c);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    match code {
        0x80..=0x9f => Some(WINDOWS_1252[code as usize - 0x80]),
        0 => None,
        code => char::from_u32(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let mut out = String::new();
        pieces(text, &mut |piece| match piece {
            Piece::Start(tag) => {
                out.push_str(&format!("<{}", tag.name));
                for (name, value) in &tag.attributes {
                    out.push_str(&format!(" {name}={value:?}"));
                }
                out.push('>');
            }
            Piece::End(name) => out.push_str(&format!("</{name}>")),
            Piece::Words(words) => out.push_str(&words),
        });
        out
    }

    #[test]
    fn tags_attributes_entities_and_raw_text_are_told_apart() {
        assert_eq!(
            told("<P Class=a b='c>d' e>x &amp; y&#8217;s &nope; 1 < 2</P>"),
            "<p class=\"a\" b=\"c>d\" e=\"\">x & y’s &nope; 1 < 2</p>"
        );
        assert_eq!(
            told("<script>if (a<b) \"</p>\"</SCRIPT>z<!-- <p> -->y"),
            "<script>if (a<b) \"</p>\"</script>zy"
        );
        assert_eq!(told("<title>A &ndash; B</title><br/>c"), "<title>A – B</title><br>c");
        assert_eq!(told("a<b"), "a");
        assert_eq!(told("<p é=1 =x=y>ü"), "<p é=\"1\" =x=\"y\">ü");
    }

    #[test]
    fn a_hundred_thousand_attributes_are_no_harm() {
        let page = format!("<p {}>x", "a=\"1\" ".repeat(100_000));
        assert!(told(&page).ends_with(">x"));
    }
}
