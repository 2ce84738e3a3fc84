//! The schemata of FollowTheMoney (4.11) that a party may have, with those they are made of, and which of all may be matched.

use standing::model::PartyKind;

/// A schema that entities here may bear, with its ancestors.
const BORNE: [(&str, &[&str]); 7] = [
    ("Person", &["Person", "LegalEntity", "Thing"]),
    ("Organization", &["Organization", "LegalEntity", "Thing"]),
    (
        "Company",
        &["Company", "Organization", "LegalEntity", "Asset", "Value", "Thing"],
    ),
    ("PublicBody", &["PublicBody", "Organization", "LegalEntity", "Thing"]),
    ("LegalEntity", &["LegalEntity", "Thing"]),
    ("Vessel", &["Vessel", "Vehicle", "Asset", "Value", "Thing"]),
    ("Airplane", &["Airplane", "Vehicle", "Asset", "Value", "Thing"]),
];

/// Every schema that may be matched.
const MATCHABLE: [&str; 15] = [
    "Address",
    "Airplane",
    "BankAccount",
    "Company",
    "CryptoWallet",
    "LegalEntity",
    "Organization",
    "Person",
    "Position",
    "PublicBody",
    "Security",
    "Territory",
    "UserAccount",
    "Vehicle",
    "Vessel",
];

/// Every other schema.
const OTHERS: [&str; 55] = [
    "Analyzable",
    "Article",
    "Asset",
    "Associate",
    "Audio",
    "Call",
    "CallForTenders",
    "Contract",
    "ContractAward",
    "Control",
    "CourtCase",
    "CourtCaseParty",
    "Debt",
    "Directorship",
    "Document",
    "Documentation",
    "EconomicActivity",
    "Email",
    "Employment",
    "Event",
    "Family",
    "Folder",
    "HyperText",
    "Identification",
    "Image",
    "Interest",
    "Interval",
    "License",
    "Membership",
    "Mention",
    "Message",
    "Note",
    "Occupancy",
    "Ownership",
    "Package",
    "Page",
    "Pages",
    "Passport",
    "Payment",
    "PlainText",
    "Project",
    "ProjectParticipant",
    "RealEstate",
    "Representation",
    "Risk",
    "Sanction",
    "Similar",
    "Succession",
    "Table",
    "TaxRoll",
    "Thing",
    "Trip",
    "UnknownLink",
    "Video",
    "Workbook",
];

/// Is there a schema of this name?
pub fn exists(schema: &str) -> bool {
    MATCHABLE.contains(&schema) || OTHERS.contains(&schema) || schema == "Value"
}

/// May entities of this schema be matched?
pub fn is_matchable(schema: &str) -> bool {
    MATCHABLE.contains(&schema)
}

/// Is an entity of one schema also one of another?
pub fn is_a(schema: &str, of: &str) -> bool {
    BORNE
        .iter()
        .find(|(name, _)| *name == schema)
        .is_some_and(|(_, ancestors)| ancestors.contains(&of))
}

/// Can an entity of one schema be the same as one of another? It can if one of both is made of the other.
pub fn may_match(query: &str, candidate: &str) -> bool {
    is_a(query, candidate) || is_a(candidate, query)
}

/// The schema of a kind of party.
pub fn of_kind(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "Person",
        PartyKind::Organisation => "Organization",
        PartyKind::Vessel => "Vessel",
        PartyKind::Aircraft => "Airplane",
        PartyKind::Government => "PublicBody",
        PartyKind::Unknown => "LegalEntity",
    }
}

/// The kind of party that a schema asks for.
pub fn kind(schema: &str) -> PartyKind {
    match schema {
        "Person" => PartyKind::Person,
        "Organization" | "Company" => PartyKind::Organisation,
        "Vessel" => PartyKind::Vessel,
        "Airplane" => PartyKind::Aircraft,
        "PublicBody" => PartyKind::Government,
        _ => PartyKind::Unknown,
    }
}

/// The schemata that entities here bear, the most general first.
pub const TYPES: [&str; 6] = [
    "LegalEntity",
    "Person",
    "Organization",
    "PublicBody",
    "Vessel",
    "Airplane",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemata_are_made_of_others() {
        assert!(is_a("Person", "LegalEntity") && is_a("Vessel", "Thing") && !is_a("Person", "Organization"));
        assert!(
            may_match("LegalEntity", "Person") && may_match("Person", "LegalEntity") && !may_match("Person", "Vessel")
        );
        assert!(is_matchable("Person") && !is_matchable("Sanction") && exists("Sanction") && !exists("Dragon"));
    }
}
