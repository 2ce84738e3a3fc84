//! Lines that are no part of the article: subscription, sharing, captions, bylines. The rules are `rules/text.toml`.

use crate::rule::{Boilerplate, RuleSet};
use crate::text::fold;

/// The rule that sets a line aside, if one does.
pub fn rule_for<'r>(rules: &'r RuleSet, line: &str) -> Option<&'r str> {
    if line.len() > 600 {
        return None;
    }
    let folded = fold(line.trim());
    rules
        .boilerplate
        .iter()
        .find(|b| fits(b, &folded))
        .map(|b| b.id.as_str())
}

fn fits(rule: &Boilerplate, line: &str) -> bool {
    let words = line.split_whitespace().count();
    if rule.most_words.is_some_and(|most| words > most) {
        return false;
    }
    if rule.no_sentence && line.ends_with(['.', '!', '?', '"', '”']) {
        return false;
    }
    rule.equals.iter().any(|e| line == e)
        || rule.starts.iter().any(|s| line.starts_with(s.as_str()))
        || rule.contains.iter().any(|c| line.contains(c.as_str()))
        || rule.ends.iter().any(|e| line.ends_with(e.as_str()))
}
