//! What kind of identifier a publisher's words mean.
//!
//! The words are those of the UN and OFAC lists and the US screening list; what is none of them keeps its own word
//! ([`IdentifierKind::Other`]).

use std::sync::LazyLock;

use standing_model::IdentifierKind;

/// Beginnings of document names, case and punctuation aside, and what they are; the first that fits holds.
const KINDS: &[(&str, IdentifierKind)] = &[
    ("vessel registration identification imo", IdentifierKind::Imo),
    ("imo ", IdentifierKind::Imo),
    ("imo", IdentifierKind::Imo),
    ("mmsi", IdentifierKind::Mmsi),
    ("maritime mobile service identity", IdentifierKind::Mmsi),
    ("vessel call sign", IdentifierKind::CallSign),
    ("call sign", IdentifierKind::CallSign),
    ("legal entity number", IdentifierKind::Lei),
    ("legal entity identifier", IdentifierKind::Lei),
    ("lei", IdentifierKind::Lei),
    ("swift", IdentifierKind::Bic),
    ("bic ", IdentifierKind::Bic),
    ("d u n s", IdentifierKind::Duns),
    ("duns", IdentifierKind::Duns),
    ("digital currency address", IdentifierKind::CryptoAddress),
    ("ogrn", IdentifierKind::Ogrn),
    ("inn", IdentifierKind::Inn),
    ("aircraft tail number", IdentifierKind::AircraftTail),
    ("aircraft manufacturers serial number", IdentifierKind::AircraftSerial),
    ("aircraft construction number", IdentifierKind::AircraftSerial),
    ("stateless person passport", IdentifierKind::Passport),
    ("national passport", IdentifierKind::Passport),
    ("diplomatic passport", IdentifierKind::Passport),
    ("service passport", IdentifierKind::Passport),
    ("numero de passeport", IdentifierKind::Passport),
    ("numéro de passeport", IdentifierKind::Passport),
    ("número de pasaporte", IdentifierKind::Passport),
    ("passport", IdentifierKind::Passport),
    ("birth certificate", IdentifierKind::BirthCertificate),
    ("drivers license", IdentifierKind::DrivingLicence),
    ("drivers permit", IdentifierKind::DrivingLicence),
    ("driving licence", IdentifierKind::DrivingLicence),
    ("driving license", IdentifierKind::DrivingLicence),
    ("ssn", IdentifierKind::SocialSecurity),
    ("united states social security", IdentifierKind::SocialSecurity),
    ("social security", IdentifierKind::SocialSecurity),
    ("residency number", IdentifierKind::ResidencePermit),
    ("residence permit", IdentifierKind::ResidencePermit),
    ("permanent resident", IdentifierKind::ResidencePermit),
    ("tax id", IdentifierKind::TaxNumber),
    ("tax number", IdentifierKind::TaxNumber),
    ("vat number", IdentifierKind::TaxNumber),
    ("vat ", IdentifierKind::TaxNumber),
    ("italian fiscal code", IdentifierKind::TaxNumber),
    ("nit ", IdentifierKind::TaxNumber),
    ("ruc ", IdentifierKind::TaxNumber),
    ("rfc", IdentifierKind::TaxNumber),
    ("cuit", IdentifierKind::TaxNumber),
    ("rif ", IdentifierKind::TaxNumber),
    ("cnpj", IdentifierKind::TaxNumber),
    ("national id", IdentifierKind::NationalId),
    ("national foreign id", IdentifierKind::NationalId),
    ("personal id", IdentifierKind::NationalId),
    ("identity card", IdentifierKind::NationalId),
    ("identification card", IdentifierKind::NationalId),
    ("identification number", IdentifierKind::NationalId),
    ("turkish identification number", IdentifierKind::NationalId),
    ("afghan national identification", IdentifierKind::NationalId),
    ("citizens card number", IdentifierKind::NationalId),
    ("cedula", IdentifierKind::NationalId),
    ("curp", IdentifierKind::NationalId),
    ("dni", IdentifierKind::NationalId),
    ("kenyan id", IdentifierKind::NationalId),
    ("numero de identidad", IdentifierKind::NationalId),
    ("tazkira", IdentifierKind::NationalId),
    ("registration number", IdentifierKind::RegistrationNumber),
    ("registration id", IdentifierKind::RegistrationNumber),
    ("business registration", IdentifierKind::RegistrationNumber),
    ("commercial registry", IdentifierKind::RegistrationNumber),
    ("company number", IdentifierKind::RegistrationNumber),
    ("uk company number", IdentifierKind::RegistrationNumber),
    ("united social credit code", IdentifierKind::RegistrationNumber),
    ("unified social credit code", IdentifierKind::RegistrationNumber),
    ("certificate of incorporation", IdentifierKind::RegistrationNumber),
    ("chamber of commerce", IdentifierKind::RegistrationNumber),
    ("cr no", IdentifierKind::RegistrationNumber),
    ("public registration number", IdentifierKind::RegistrationNumber),
    ("enterprise number", IdentifierKind::RegistrationNumber),
    ("registered charity", IdentifierKind::RegistrationNumber),
    ("matricula mercantil", IdentifierKind::RegistrationNumber),
    ("folio mercantil", IdentifierKind::RegistrationNumber),
    ("telephone", IdentifierKind::PhoneNumber),
    ("phone number", IdentifierKind::PhoneNumber),
    ("phone", IdentifierKind::PhoneNumber),
    ("email address", IdentifierKind::Email),
    ("e mail", IdentifierKind::Email),
    ("email", IdentifierKind::Email),
    ("website", IdentifierKind::Website),
];

/// [`KINDS`] by their first byte.
static BY_FIRST: LazyLock<Vec<Vec<&(&str, IdentifierKind)>>> = LazyLock::new(|| {
    let mut by_first = vec![Vec::new(); 256];
    for kind in KINDS {
        by_first[usize::from(kind.0.as_bytes()[0])].push(kind);
    }
    by_first
});

/// What a document's name means.
pub(crate) fn kind(words: &str) -> IdentifierKind {
    // As nine of ten documents of the UN's list are called.
    match words {
        "Passport" => return IdentifierKind::Passport,
        "National Identification Number" => return IdentifierKind::NationalId,
        _ => {}
    }
    let folded = fold(words);
    let first = folded.as_bytes().first().copied().unwrap_or(b' ');
    BY_FIRST[usize::from(first)]
        .iter()
        .find(|(start, _)| {
            folded.starts_with(start) && {
                // `inn` must not begin `innovation`, nor `imo` a name.
                let rest = &folded[start.len()..];
                start.ends_with(' ') || start.len() > 4 || rest.is_empty() || rest.starts_with(' ')
            }
        })
        .map_or_else(|| IdentifierKind::Other(words.trim().into()), |(_, kind)| kind.clone())
}

/// Small letters; full stops and apostrophes dropped, other punctuation a blank.
fn fold(words: &str) -> String {
    let mut folded = String::with_capacity(words.len() + 1);
    for c in words.trim().chars() {
        if c.is_ascii_alphanumeric() {
            folded.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !matches!(c, '.' | '\'' | '’') && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    if !folded.ends_with(' ') {
        folded.push(' ');
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_lists() {
        for (words, expected) in [
            ("Passport", IdentifierKind::Passport),
            ("Numéro de passeport", IdentifierKind::Passport),
            ("National Identification Number", IdentifierKind::NationalId),
            ("C.U.R.P.", IdentifierKind::NationalId),
            ("R.F.C. #", IdentifierKind::TaxNumber),
            ("Driver's License No.", IdentifierKind::DrivingLicence),
            ("D-U-N-S Number", IdentifierKind::Duns),
            ("Digital Currency Address - XBT", IdentifierKind::CryptoAddress),
            ("SWIFT/BIC", IdentifierKind::Bic),
            ("INN", IdentifierKind::Inn),
            ("Innovation Permit", IdentifierKind::Other("Innovation Permit".into())),
        ] {
            assert_eq!(kind(words), expected, "{words}");
        }
    }
}
