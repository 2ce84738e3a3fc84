//! References to characters in HTML, by name and by number.

use std::borrow::Cow;

use super::super::tags;

/// Named references that occur in lists (HTML standard, 13.5); others stay as written.
const NAMES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("shy", "\u{ad}"),
    ("bull", "•"),
    ("middot", "·"),
    ("deg", "°"),
    ("sect", "§"),
    ("numero", "№"),
    ("thinsp", "\u{2009}"),
    ("ensp", "\u{2002}"),
    ("emsp", "\u{2003}"),
    ("zwnj", "\u{200c}"),
    ("zwj", "\u{200d}"),
    ("lrm", "\u{200e}"),
    ("rlm", "\u{200f}"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("agrave", "à"),
    ("ccedil", "ç"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("auml", "ä"),
    ("szlig", "ß"),
    ("copy", "©"),
    ("reg", "®"),
];

/// A text with its references as what they stand for; unknown ones as written.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.as_bytes().iter().take(16).position(|&b| b == b';');
        let entity = end.map(|end| &rest[1..end]);
        match entity.and_then(|entity| NAMES.iter().find(|(name, _)| *name == entity)) {
            Some((name, value)) => {
                decoded.push_str(value);
                rest = &rest[name.len() + 2..];
            }
            None => {
                if let Some(entity) = entity.filter(|entity| entity.starts_with('#')) {
                    decoded.push_str(&tags::decode(&rest[..entity.len() + 2]));
                    rest = &rest[entity.len() + 2..];
                } else {
                    decoded.push('&');
                    rest = &rest[1..];
                }
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}
