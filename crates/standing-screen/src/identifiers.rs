//! Identifiers, normalised by type so that two writings of one number meet.

use standing_model::{Identifier, IdentifierKind};

/// The least length of a normalised identifier that says anything.
const LEAST: usize = 5;

/// Which kinds of number may be one another: publishers disagree on what a number is called.
fn family(kind: &IdentifierKind) -> Option<&'static str> {
    Some(match kind {
        IdentifierKind::Imo => "imo",
        IdentifierKind::Mmsi => "mmsi",
        IdentifierKind::CallSign => "call-sign",
        IdentifierKind::AircraftTail | IdentifierKind::AircraftSerial => "aircraft",
        IdentifierKind::Lei => "lei",
        IdentifierKind::Bic => "bic",
        IdentifierKind::Duns => "duns",
        IdentifierKind::CryptoAddress => "crypto",
        IdentifierKind::PhoneNumber => "phone",
        IdentifierKind::Email => "email",
        IdentifierKind::Website => "website",
        IdentifierKind::Wikidata => "wikidata",
        IdentifierKind::ListReference => return None,
        // Passports, national, tax, registration numbers and whatever a publisher calls its own way: one space, told apart by country.
        _ => "number",
    })
}

/// The value without what conventions add: spaces, hyphens, case, prefixes. `None` if too little is left to tell anything.
pub fn normalised(identifier: &Identifier) -> Option<(&'static str, String)> {
    let family = family(&identifier.kind)?;
    let value = identifier.value.trim();
    let plain = |keep: fn(char) -> bool| -> String {
        value
            .chars()
            .filter(|c| keep(*c))
            .flat_map(char::to_uppercase)
            .collect()
    };
    let value = match family {
        "imo" | "mmsi" | "duns" => plain(|c| c.is_ascii_digit()),
        "phone" => {
            let digits = plain(|c| c.is_ascii_digit());
            digits.trim_start_matches("00").trim_start_matches('0').to_owned()
        }
        // A branch is part of its bank: eight letters, the default branch written out or not.
        "bic" => {
            let all = plain(char::is_alphanumeric);
            match all.len() {
                11 if all.ends_with("XXX") => all.chars().take(8).collect(),
                _ => all,
            }
        }
        "email" => value.to_lowercase(),
        "website" => {
            let lower = value.to_lowercase();
            let bare = lower.trim_start_matches("https://").trim_start_matches("http://");
            bare.trim_start_matches("www.").trim_end_matches('/').to_owned()
        }
        // Base58 distinguishes case.
        "crypto" => value.chars().filter(|c| !c.is_whitespace()).collect(),
        _ => plain(char::is_alphanumeric),
    };
    (value.chars().count() >= LEAST).then_some((family, value))
}

/// A short digest for finding; who finds by it compares the values.
pub(crate) fn digest(identifier: &Identifier) -> Option<u32> {
    let (family, value) = normalised(identifier)?;
    let hash = blake3::hash(format!("{family}\u{1f}{value}").as_bytes());
    Some(u32::from_le_bytes([
        hash.as_bytes()[0],
        hash.as_bytes()[1],
        hash.as_bytes()[2],
        hash.as_bytes()[3],
    ]))
}

/// Are they one number? Of two countries' numbers only the same country's are.
pub fn same(a: &Identifier, b: &Identifier) -> bool {
    let countries = a.country.zip(b.country).is_none_or(|(x, y)| x == y);
    countries && normalised(a).is_some_and(|x| normalised(b) == Some(x))
}

/// Kinds of which a party has one for life: another value is another party.
pub(crate) fn lasting(kind: &IdentifierKind) -> bool {
    matches!(
        kind,
        IdentifierKind::Imo | IdentifierKind::Lei | IdentifierKind::Wikidata | IdentifierKind::Duns
    )
}

/// The kind that a word on a command line or a column's name means.
pub fn kind_named(word: &str) -> IdentifierKind {
    let plain: String = word
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    match plain.as_str() {
        "passport" | "passportnumber" => IdentifierKind::Passport,
        "nationalid" | "idnumber" | "identitycard" => IdentifierKind::NationalId,
        "tax" | "taxnumber" | "taxid" | "tin" | "vat" | "vatcode" => IdentifierKind::TaxNumber,
        "registration" | "registrationnumber" | "companynumber" => IdentifierKind::RegistrationNumber,
        "drivinglicence" | "driverslicense" => IdentifierKind::DrivingLicence,
        "ssn" | "socialsecurity" | "socialsecuritynumber" => IdentifierKind::SocialSecurity,
        "imo" | "imonumber" => IdentifierKind::Imo,
        "mmsi" => IdentifierKind::Mmsi,
        "callsign" => IdentifierKind::CallSign,
        "tail" | "aircrafttail" => IdentifierKind::AircraftTail,
        "serial" | "aircraftserial" | "serialnumber" => IdentifierKind::AircraftSerial,
        "lei" | "leicode" => IdentifierKind::Lei,
        "bic" | "swift" | "swiftbic" => IdentifierKind::Bic,
        "duns" | "dunscode" => IdentifierKind::Duns,
        "ogrn" | "ogrncode" => IdentifierKind::Ogrn,
        "inn" | "inncode" => IdentifierKind::Inn,
        "crypto" | "cryptoaddress" | "publickey" | "wallet" => IdentifierKind::CryptoAddress,
        "phone" | "phonenumber" => IdentifierKind::PhoneNumber,
        "email" => IdentifierKind::Email,
        "website" | "url" => IdentifierKind::Website,
        "wikidata" | "wikidataid" => IdentifierKind::Wikidata,
        _ => IdentifierKind::Other(word.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(kind: IdentifierKind, value: &str) -> Identifier {
        Identifier::new(kind, value)
    }

    #[test]
    fn two_writings_of_one_number_meet() {
        for (kind, a, b) in [
            (IdentifierKind::Passport, "A 123-456", "a123456"),
            (IdentifierKind::Imo, "IMO 9123456", "9123456"),
            (IdentifierKind::Bic, "DEUTDEFFXXX", "DEUTDEFF"),
            (IdentifierKind::PhoneNumber, "+49 30 123456", "004930123456"),
            (IdentifierKind::Website, "https://www.example.org/", "example.org"),
        ] {
            assert!(same(&id(kind.clone(), a), &id(kind, b)), "{a} {b}");
        }
        let passport = |n: &str, c: &str| Identifier {
            country: c.parse().ok(),
            ..id(IdentifierKind::Passport, n)
        };
        assert!(!same(&passport("A123456", "DE"), &passport("A123456", "FR")));
        assert!(same(
            &passport("A123456", "DE"),
            &id(IdentifierKind::NationalId, "A123456")
        ));
        assert!(!same(
            &id(IdentifierKind::CryptoAddress, "1aBcDeF"),
            &id(IdentifierKind::CryptoAddress, "1abcdef")
        ));
        assert!(normalised(&id(IdentifierKind::Passport, "123")).is_none());
    }
}
