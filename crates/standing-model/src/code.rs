//! Country, jurisdiction and script codes.
//!
//! Countries are ISO 3166-1 alpha-2, with the names that lists use for them in `data/countries.tsv`. Scripts are ISO 15924, read off
//! letters by Unicode block.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A country by its ISO 3166-1 alpha-2 code. `XK` (Kosovo) is accepted as the user-assigned code in general use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

/// A text that is no known code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a known country or jurisdiction code")]
pub struct CodeError(pub String);

struct CountryTable {
    /// Code and English name, sorted by code.
    names: Vec<(Country, &'static str)>,
    /// Folded name to code, sorted by name.
    by_name: Vec<(String, Country)>,
}

static COUNTRIES: LazyLock<CountryTable> = LazyLock::new(|| {
    let mut names = Vec::new();
    let mut by_name = Vec::new();
    for line in include_str!("../data/countries.tsv")
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        let mut cells = line.split('\t');
        let (Some(code), Some(name)) = (cells.next(), cells.next()) else {
            continue;
        };
        let &[a, b] = code.as_bytes() else { continue };
        let country = Country([a, b]);
        names.push((country, name));
        by_name.push((fold(name), country));
        by_name.extend(
            cells
                .flat_map(|c| c.split(';'))
                .filter(|n| !n.is_empty())
                .map(|n| (fold(n), country)),
        );
    }
    names.sort_unstable();
    by_name.sort_unstable();
    CountryTable { names, by_name }
});

/// Lower-case letters and digits, runs of anything else as one space, a leading `the` dropped.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !folded.ends_with(' ') && !folded.is_empty() && c != '\'' && c != '’' && c != '.' {
            folded.push(' ');
        }
    }
    let folded = folded.trim_end();
    folded.strip_prefix("the ").unwrap_or(folded).to_owned()
}

impl Country {
    /// The country that a list means by this name or code.
    ///
    /// ```
    /// use standing_model::Country;
    /// assert_eq!(Country::from_name("Russian Federation").map(|c| c.to_string()), Some("RU".into()));
    /// assert_eq!(Country::from_name("Ruritania"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        let folded = fold(name);
        if let Ok(at) = COUNTRIES.by_name.binary_search_by(|(n, _)| n.as_str().cmp(&folded)) {
            return Some(COUNTRIES.by_name[at].1);
        }
        name.trim().parse().ok()
    }

    /// Its English name.
    pub fn name(self) -> &'static str {
        COUNTRIES
            .names
            .binary_search_by_key(&self, |&(c, _)| c)
            .map_or("", |at| COUNTRIES.names[at].1)
    }

    /// All countries with their English names, by code.
    pub fn all() -> impl Iterator<Item = (Self, &'static str)> {
        COUNTRIES.names.iter().copied()
    }

    /// The two letters.
    pub fn code(&self) -> &str {
        // Only ASCII letters are ever stored.
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl FromStr for Country {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let unknown = || CodeError(text.to_owned());
        let &[a, b] = text.as_bytes() else {
            return Err(unknown());
        };
        let country = Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]);
        COUNTRIES
            .names
            .binary_search_by_key(&country, |&(c, _)| c)
            .map_err(|_| unknown())?;
        Ok(country)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// For whom an authority decides: a country, `UN` or `EU`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Jurisdiction {
    /// The United Nations.
    Un,
    /// The European Union.
    Eu,
    /// A state.
    Country(Country),
}

impl FromStr for Jurisdiction {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        match text.to_ascii_uppercase().as_str() {
            "UN" => Ok(Self::Un),
            "EU" => Ok(Self::Eu),
            _ => text.parse().map(Self::Country),
        }
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Un => f.pad("UN"),
            Self::Eu => f.pad("EU"),
            Self::Country(country) => country.fmt(f),
        }
    }
}

impl Serialize for Jurisdiction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Jurisdiction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

macro_rules! scripts {
    ($($variant:ident $code:literal),+ $(,)?) => {
        /// A writing system by its ISO 15924 code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[allow(missing_docs)] // the names say it
        pub enum Script { $(#[serde(rename = $code)] $variant),+ }

        impl Script {
            /// All of them, in their order.
            const ALL: &[Self] = &[$(Self::$variant),+];

            /// The ISO 15924 code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

scripts! {
    Latin "Latn", Cyrillic "Cyrl", Arabic "Arab", Hebrew "Hebr", Greek "Grek", Armenian "Armn", Georgian "Geor", Han "Hani",
    Hiragana "Hira", Katakana "Kana", Hangul "Hang", Devanagari "Deva", Bengali "Beng", Gurmukhi "Guru", Gujarati "Gujr",
    Tamil "Taml", Telugu "Telu", Kannada "Knda", Malayalam "Mlym", Sinhala "Sinh", Thai "Thai", Lao "Laoo", Tibetan "Tibt",
    Myanmar "Mymr", Khmer "Khmr", Mongolian "Mong", Ethiopic "Ethi", Syriac "Syrc", Thaana "Thaa", Other "Zyyy",
}

/// First code point, last code point, script; sorted. From the block names of the Unicode Character Database (Blocks.txt).
const BLOCKS: &[(u32, u32, Script)] = &[
    (0x0041, 0x024F, Script::Latin),
    (0x0250, 0x02AF, Script::Latin),
    (0x0370, 0x03FF, Script::Greek),
    (0x0400, 0x052F, Script::Cyrillic),
    (0x0530, 0x058F, Script::Armenian),
    (0x0590, 0x05FF, Script::Hebrew),
    (0x0600, 0x06FF, Script::Arabic),
    (0x0700, 0x074F, Script::Syriac),
    (0x0750, 0x077F, Script::Arabic),
    (0x0780, 0x07BF, Script::Thaana),
    (0x0860, 0x086F, Script::Syriac),
    (0x0870, 0x08FF, Script::Arabic),
    (0x0900, 0x097F, Script::Devanagari),
    (0x0980, 0x09FF, Script::Bengali),
    (0x0A00, 0x0A7F, Script::Gurmukhi),
    (0x0A80, 0x0AFF, Script::Gujarati),
    (0x0B80, 0x0BFF, Script::Tamil),
    (0x0C00, 0x0C7F, Script::Telugu),
    (0x0C80, 0x0CFF, Script::Kannada),
    (0x0D00, 0x0D7F, Script::Malayalam),
    (0x0D80, 0x0DFF, Script::Sinhala),
    (0x0E00, 0x0E7F, Script::Thai),
    (0x0E80, 0x0EFF, Script::Lao),
    (0x0F00, 0x0FFF, Script::Tibetan),
    (0x1000, 0x109F, Script::Myanmar),
    (0x10A0, 0x10FF, Script::Georgian),
    (0x1100, 0x11FF, Script::Hangul),
    (0x1200, 0x139F, Script::Ethiopic),
    (0x1780, 0x17FF, Script::Khmer),
    (0x1800, 0x18AF, Script::Mongolian),
    (0x1C80, 0x1C8F, Script::Cyrillic),
    (0x1C90, 0x1CBF, Script::Georgian),
    (0x1E00, 0x1EFF, Script::Latin),
    (0x1F00, 0x1FFF, Script::Greek),
    (0x2C60, 0x2C7F, Script::Latin),
    (0x2D00, 0x2D2F, Script::Georgian),
    (0x2D80, 0x2DDF, Script::Ethiopic),
    (0x2DE0, 0x2DFF, Script::Cyrillic),
    (0x2E80, 0x2FDF, Script::Han),
    (0x3005, 0x3007, Script::Han),
    (0x3040, 0x309F, Script::Hiragana),
    (0x30A0, 0x30FF, Script::Katakana),
    (0x3130, 0x318F, Script::Hangul),
    (0x31F0, 0x31FF, Script::Katakana),
    (0x3400, 0x4DBF, Script::Han),
    (0x4E00, 0x9FFF, Script::Han),
    (0xA640, 0xA69F, Script::Cyrillic),
    (0xA720, 0xA7FF, Script::Latin),
    (0xA960, 0xA97F, Script::Hangul),
    (0xAB00, 0xAB2F, Script::Ethiopic),
    (0xAB30, 0xAB6F, Script::Latin),
    (0xAC00, 0xD7FF, Script::Hangul),
    (0xF900, 0xFAFF, Script::Han),
    (0xFB00, 0xFB06, Script::Latin),
    (0xFB13, 0xFB17, Script::Armenian),
    (0xFB1D, 0xFB4F, Script::Hebrew),
    (0xFB50, 0xFDFF, Script::Arabic),
    (0xFE70, 0xFEFE, Script::Arabic),
    (0xFF21, 0xFF5A, Script::Latin),
    (0xFF65, 0xFF9F, Script::Katakana),
    (0xFFA0, 0xFFDC, Script::Hangul),
    (0x20000, 0x323AF, Script::Han),
];

/// Scripts of the characters of two bytes in UTF-8: nearly all letters of lists that are no ASCII, looked up for every name read.
static SHORT: LazyLock<[Option<Script>; 0x800]> =
    LazyLock::new(|| std::array::from_fn(|point| char::from_u32(point as u32).and_then(Script::look_up)));

impl Script {
    /// The script of one letter; `None` for digits, marks and punctuation that belong to no script.
    pub fn of_char(c: char) -> Option<Self> {
        match SHORT.get(c as usize) {
            Some(known) => *known,
            None => Self::look_up(c),
        }
    }

    fn look_up(c: char) -> Option<Self> {
        if !c.is_alphabetic() {
            return None;
        }
        let point = c as u32;
        let at = BLOCKS.partition_point(|&(_, last, _)| last < point);
        match BLOCKS.get(at) {
            Some(&(first, _, script)) if first <= point => Some(script),
            _ => Some(Self::Other),
        }
    }

    /// The script of most letters of a text, the earlier one on a tie; `None` if it has no letters.
    pub fn of(text: &str) -> Option<Self> {
        if text.is_ascii() {
            return text.bytes().any(|b| b.is_ascii_alphabetic()).then_some(Self::Latin);
        }
        // Nearly every text has letters of one script.
        let mut scripts = text.chars().filter_map(Self::of_char);
        let first = scripts.next()?;
        if scripts.all(|script| script == first) {
            return Some(first);
        }
        // How many letters, and where the first stands.
        let mut counts = [(0_usize, 0_usize); Self::Other as usize + 1];
        for (at, c) in text.char_indices() {
            if let Some(script) = Self::of_char(c) {
                let (count, first) = &mut counts[script as usize];
                if *count == 0 {
                    *first = at;
                }
                *count += 1;
            }
        }
        let mut best: Option<(Self, (usize, usize))> = None;
        for (&script, &(count, first)) in Self::ALL.iter().zip(&counts) {
            if count > 0 && best.is_none_or(|(_, (most, earliest))| count > most || (count == most && first < earliest))
            {
                best = Some((script, (count, first)));
            }
        }
        best.map(|(script, _)| script)
    }

    /// Latin letters?
    pub fn is_latin(self) -> bool {
        self == Self::Latin
    }

    /// Written from right to left?
    pub fn is_right_to_left(self) -> bool {
        matches!(self, Self::Arabic | Self::Hebrew | Self::Syriac | Self::Thaana)
    }
}

#[cfg(test)]
mod tests {
    use super::Script;

    #[test]
    fn the_script_of_most_letters_and_the_earlier_one_of_as_many() {
        for (text, script) in [
            ("Ali, 3rd", Some(Script::Latin)),
            ("12 (3)", None),
            ("", None),
            ("— 5 ٣", None),
            ("José", Some(Script::Latin)),
            ("الملا عمر a", Some(Script::Arabic)),
            ("ab вг", Some(Script::Latin)),
            ("вг ab", Some(Script::Cyrillic)),
            ("ab вг 金正", Some(Script::Latin)),
            ("김a정", Some(Script::Hangul)),
            ("ꓢꓢ", Some(Script::Other)),
        ] {
            assert_eq!(Script::of(text), script, "{text}");
        }
    }

    #[test]
    fn what_is_looked_up_beforehand_is_what_the_blocks_say() {
        for c in '\0'..'\u{3000}' {
            assert_eq!(Script::of_char(c), Script::look_up(c), "{c:?}");
        }
    }
}
