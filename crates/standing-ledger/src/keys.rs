//! Keys by which listings are found and connected.
//!
//! A *name key* finds the listings that bear exactly this name, whatever the case, punctuation and order of its words; it is no
//! matching of names (that is screening's). A *link key* stands for something that only one party can have: two listings that share
//! one are the same party by rule. Each rule says what it must not connect.

use standing_model::{IdentifierKind, PartyKind, Record};

/// The key of a name: its words, lower-cased and sorted, hashed to 63 bits. `None` for a name without letters or digits.
pub fn name_key(name: &str) -> Option<i64> {
    let mut words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| w.chars().flat_map(char::to_lowercase).collect())
        .collect();
    if words.is_empty() {
        return None;
    }
    words.sort_unstable();
    let hash = blake3::hash(words.join(" ").as_bytes());
    let bytes: [u8; 8] = hash.as_bytes()[..8].try_into().ok()?;
    Some(i64::from_le_bytes(bytes) & i64::MAX)
}

/// The rules that connect listings, by the first word of their keys, with what each rests on.
pub const LINK_RULES: [(&str, &str); 4] = [
    ("ref", "one list cites the other's reference in a field of its own"),
    ("imo", "the same IMO ship number"),
    ("lei", "the same legal entity identifier"),
    (
        "passport",
        "the same passport number, issuing country and full birth date",
    ),
];

/// The link keys of a record on a list.
///
/// - `ref`: its own reference, and references to other lists that stand in a field of their own. A reference in running text names
///   somebody else and never gets here, since readers put only dedicated fields into [`IdentifierKind::ListReference`].
/// - `imo`: vessels only; an owner's record names its ships' numbers too. Seven digits with a valid check digit.
/// - `lei`: 20 characters with valid check digits (ISO 17442); not for persons or vessels, whose records name their companies'.
/// - `passport`: persons only, and only with the issuing country and a full birth date: numbers are reused between countries and
///   mistyped within one.
pub fn link_keys(list: &str, record: &Record) -> Vec<String> {
    let mut keys = vec![format!("ref:{list}:{}", record.reference)];
    let births: Vec<_> = record.births.iter().filter_map(|b| b.date?.as_day()).collect();
    for identifier in &record.identifiers {
        let value: String = identifier
            .value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        match identifier.kind {
            IdentifierKind::ListReference => keys.push(format!("ref:{}", identifier.value)),
            IdentifierKind::Imo if record.kind == PartyKind::Vessel => {
                let digits = value.trim_start_matches("IMO");
                if valid_imo(digits) {
                    keys.push(format!("imo:{digits}"));
                }
            }
            IdentifierKind::Lei
                if !matches!(record.kind, PartyKind::Person | PartyKind::Vessel | PartyKind::Aircraft)
                    && valid_lei(&value) =>
            {
                keys.push(format!("lei:{value}"));
            }
            IdentifierKind::Passport if record.kind == PartyKind::Person && value.len() >= 5 => {
                if let (Some(country), [birth]) = (identifier.country, births.as_slice()) {
                    keys.push(format!("passport:{country}:{value}:{birth}"));
                }
            }
            _ => {}
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The check digit of IMO resolution A.1117(30): the six digits weighted 7 to 2, last digit of the sum.
fn valid_imo(digits: &str) -> bool {
    let d: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    d.len() == 7
        && digits.len() == 7
        && d.iter()
            .take(6)
            .zip((2..=7).rev())
            .map(|(digit, weight)| digit * weight)
            .sum::<u32>()
            % 10
            == d[6]
}

/// ISO 7064 MOD 97-10 over the letters as numbers, as ISO 17442 asks.
fn valid_lei(value: &str) -> bool {
    value.len() == 20
        && value.chars().try_fold(0u32, |rest, c| {
            let v = c.to_digit(36)?;
            Some(if v < 10 {
                (rest * 10 + v) % 97
            } else {
                (rest * 100 + v) % 97
            })
        }) == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use standing_model::{Birth, Identifier, Name, NameKind, PartialDate};

    fn record(kind: PartyKind, identifiers: Vec<Identifier>) -> Record {
        Record {
            reference: "1".into(),
            kind,
            names: vec![Name::new(NameKind::Primary, "Some Name")],
            identifiers,
            births: vec![Birth {
                date: "1965-04-21".parse::<PartialDate>().ok(),
                ..Birth::default()
            }],
            ..Record::default()
        }
    }

    #[test]
    fn a_name_is_found_in_any_order_and_case() {
        assert_eq!(name_key("AL-ZAWAHIRI, Ayman"), name_key("Ayman al Zawahiri"));
        assert_ne!(name_key("Ayman"), name_key("Aiman"));
        assert_eq!(name_key(" – "), None);
    }

    #[test]
    fn imo_connects_vessels_only_and_only_valid_numbers() {
        let imo = |v: &str| Identifier::new(IdentifierKind::Imo, v);
        assert!(
            link_keys("a", &record(PartyKind::Vessel, vec![imo("IMO 9074729")])).contains(&"imo:9074729".to_owned())
        );
        assert_eq!(
            link_keys("a", &record(PartyKind::Vessel, vec![imo("9074728")])).len(),
            1,
            "wrong check digit"
        );
        assert_eq!(
            link_keys("a", &record(PartyKind::Organisation, vec![imo("9074729")])).len(),
            1,
            "an owner names its ships"
        );
    }

    #[test]
    fn lei_connects_organisations_with_valid_check_digits() {
        let lei = |v: &str| Identifier::new(IdentifierKind::Lei, v);
        // Made of the digits 0 and the check digits that ISO 7064 gives for them.
        assert!(valid_lei("00000000000000000098") || valid_lei("00000000000000000001"));
        assert_eq!(
            link_keys("a", &record(PartyKind::Organisation, vec![lei("00000000000000000001")])).len(),
            2
        );
        assert_eq!(
            link_keys("a", &record(PartyKind::Person, vec![lei("00000000000000000001")])).len(),
            1
        );
        assert_eq!(
            link_keys("a", &record(PartyKind::Organisation, vec![lei("00000000000000000002")])).len(),
            1
        );
    }

    #[test]
    fn a_passport_needs_its_country_and_a_full_birth_date() {
        let mut passport = Identifier::new(IdentifierKind::Passport, "OR 801168");
        assert_eq!(
            link_keys("a", &record(PartyKind::Person, vec![passport.clone()])).len(),
            1
        );
        passport.country = "AF".parse().ok();
        let keys = link_keys("a", &record(PartyKind::Person, vec![passport.clone()]));
        assert!(keys.contains(&"passport:AF:OR801168:1965-04-21".to_owned()), "{keys:?}");
        let mut vague = record(PartyKind::Person, vec![passport]);
        vague.births[0].date = "1965".parse().ok();
        assert_eq!(link_keys("a", &vague).len(), 1);
    }
}
