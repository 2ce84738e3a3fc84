//! What kind of actor or party a rule asks for, and whether somebody fits it.

use crate::resolve::{Value, ValueKind};
use crate::text::fold;

/// Whether a party is nobody in particular: described in small letters only.
pub(crate) fn unnamed(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Group | ValueKind::Thing) && !value.name.chars().any(char::is_uppercase)
}

/// Whether a value is of one of the kinds; `!kind` excludes.
pub(crate) fn fits(kinds: &[String], value: &Value) -> bool {
    let is = |kind: &str| match kind {
        "state" => value.kind == ValueKind::State,
        "body" => value.kind == ValueKind::Body || (value.code.is_some() && value.kind != ValueKind::State),
        "person" => value.kind == ValueKind::Person,
        "organisation" => value.kind == ValueKind::Organisation,
        "group" => value.kind == ValueKind::Group,
        "grouping" => {
            let last = fold(value.name.split(' ').next_back().unwrap_or_default());
            value.kind == ValueKind::Group
                && [
                    "organisations",
                    "organizations",
                    "groups",
                    "parties",
                    "associations",
                    "movements",
                    "unions",
                    "outfits",
                    "militias",
                    "cartels",
                    "gangs",
                    "charities",
                    "entities",
                ]
                .contains(&last.as_str())
        }
        "thing" => value.kind == ValueKind::Thing,
        "name" => value.kind == ValueKind::Thing && value.name.chars().next().is_some_and(char::is_uppercase),
        _ => false,
    };
    if kinds.is_empty() {
        return true;
    }
    let excluded = kinds.iter().filter_map(|k| k.strip_prefix('!')).any(is);
    let wanted: Vec<&String> = kinds.iter().filter(|k| !k.starts_with('!')).collect();
    !excluded && (wanted.is_empty() || wanted.iter().any(|k| is(k)))
}
