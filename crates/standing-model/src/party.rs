//! Parties as lists and the register describe them: names, identifiers, births, places.

use serde::{Deserialize, Serialize};

use crate::code::{Country, Script};
use crate::date::PartialDate;
use crate::text::Text;

/// What kind of party it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum PartyKind {
    /// A human being.
    Person,
    /// A group, company, body.
    Organisation,
    /// A ship.
    Vessel,
    /// An aircraft.
    Aircraft,
    /// A government or state.
    Government,
    /// The source does not say.
    #[default]
    Unknown,
}

/// What role a name has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameKind {
    /// The name under which the party is listed.
    Primary,
    /// Also known as.
    Alias,
    /// Formerly known as.
    Former,
}

/// How far a publisher trusts an alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum NameQuality {
    /// Good, strong, or nothing said.
    #[default]
    Good,
    /// Weak or low quality.
    Weak,
}

/// What a part of a name is, where the publisher says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// First or given name.
    Given,
    /// Second or further given name.
    Middle,
    /// Family name.
    Family,
    /// Father's name.
    Patronymic,
    /// Mother's or maternal family name.
    Matronymic,
    /// Name before marriage.
    Maiden,
    /// `Jr.`, `III`.
    Suffix,
    /// The publisher numbers parts without saying what they are.
    Part,
}

/// A name as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// The whole name in reading order, as the publisher writes it or as its parts join.
    pub text: Text,
    /// Its role.
    pub kind: NameKind,
    /// How far the publisher trusts it.
    #[serde(skip_serializing_if = "is_good", default)]
    pub quality: NameQuality,
    /// The script of its letters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub script: Option<Script>,
    /// The language, as the publisher names it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<Text>,
    /// The parts, where the publisher gives them, in the publisher's order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub parts: Vec<(PartKind, Text)>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the form that serde asks for
fn is_good(quality: &NameQuality) -> bool {
    *quality == NameQuality::Good
}

impl Name {
    /// A name of the given kind, its script read off its letters.
    pub fn new(kind: NameKind, text: impl Into<Text>) -> Self {
        let text = text.into();
        let script = Script::of(&text);
        Self {
            text,
            kind,
            quality: NameQuality::Good,
            script,
            language: None,
            parts: Vec::new(),
        }
    }

    /// The same name with the publisher's trust in it.
    #[must_use]
    pub fn with_quality(mut self, quality: NameQuality) -> Self {
        self.quality = quality;
        self
    }
}

/// What an identifier is. `Other` keeps the publisher's own word.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names say it
pub enum IdentifierKind {
    Passport,
    NationalId,
    TaxNumber,
    RegistrationNumber,
    DrivingLicence,
    SocialSecurity,
    BirthCertificate,
    ResidencePermit,
    Imo,
    Mmsi,
    CallSign,
    AircraftTail,
    AircraftSerial,
    Lei,
    Bic,
    Duns,
    Ogrn,
    Inn,
    CryptoAddress,
    PhoneNumber,
    Email,
    Website,
    /// A reference on another list, given in a field of its own: its value is `<list>:<reference>`.
    ListReference,
    Wikidata,
    /// The publisher's own word for it.
    Other(Text),
}

/// A number or code that identifies a party.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// What it is.
    pub kind: IdentifierKind,
    /// As written.
    pub value: Text,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub country: Option<Country>,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub issued: Option<PartialDate>,
    /// When it expires.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires: Option<PartialDate>,
    /// Whatever else the publisher says about it, verbatim.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<Text>,
}

impl Identifier {
    /// An identifier of which only kind and value are known.
    pub fn new(kind: IdentifierKind, value: impl Into<Text>) -> Self {
        Self {
            kind,
            value: value.into(),
            country: None,
            issued: None,
            expires: None,
            note: None,
        }
    }
}

/// A place as written, with its country where it could be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Place {
    /// As written, parts joined by commas.
    #[serde(skip_serializing_if = "Text::is_empty", default)]
    pub text: Text,
    /// Its country, where the publisher names one that is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub country: Option<Country>,
}

/// An address. Its parts are kept as the publisher names them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Address {
    /// The whole address on one line.
    pub text: Text,
    /// Its country.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub country: Option<Country>,
    /// The publisher's parts, under the publisher's names.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub parts: Vec<(Text, Text)>,
}

/// A birth, or the founding of an organisation or building of a vessel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Birth {
    /// When, if it could be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<PartialDate>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<Place>,
    /// The date as written, where it says more than `date` or could not be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub written: Option<Text>,
}

/// A person's gender as the list gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // the names say it
pub enum Gender {
    Female,
    Male,
    Other,
}
