//! Words that can be a verb or a noun (`ban`, `cut`, `sanctions`): the neighbours decide.

use crate::lexicon::Class;
use crate::mention::Form;
use crate::phrase::Source;
use crate::tag::Tag;
use crate::text::Shape;

/// The verbal tag of a word that can be a verb, or nothing when it is a noun or adjective here.
pub(crate) fn verb_or_noun(
    source: &Source,
    tags: &[Tag],
    previous: Option<Tag>,
    at: usize,
    end: usize,
    opens: bool,
) -> Option<Tag> {
    let before_noun = tags.iter().rposition(|t| {
        !matches!(
            t,
            Tag::Noun | Tag::Modifier | Tag::Determiner | Tag::Genitive | Tag::Adverb
        )
    });
    // `A, B and C regard`: a subject of several takes the base form.
    let tags_joined = before_noun.is_some_and(|b| {
        tags[b] == Tag::Conjunction
            && tags[..b]
                .iter()
                .rev()
                .find(|t| **t != Tag::Adverb)
                .is_some_and(|t| t.nominal())
    }) && matches!(previous, Some(Tag::Noun));
    // `demanded that Washington unfreeze`.
    let subjunctive = matches!(previous, Some(Tag::Noun))
        && before_noun.is_some_and(|b| {
            let that = at - (tags.len() - b);
            tags[b] == Tag::Subordinator
                && source.is(that, "that")
                && that > 0
                && source.tokens[that.saturating_sub(4)..that].iter().any(|t| {
                    t.reading.has(Class::Control)
                        || t.reading.has(Class::Clausal)
                        || t.reading.has(Class::Announcing)
                        || (t.reading.has(Class::TakesInfinitive))
                })
        });
    let token = &source.tokens[at];
    let r = token.reading;
    let noun = r.has(Class::Noun);
    let next = (at + 1 < end).then(|| &source.tokens[at + 1]);
    let next_noun_start = next.is_some_and(|n| {
        n.reading.has(Class::Determiner)
            || n.reading.has(Class::Possessive)
            || n.reading.has(Class::Pronoun)
            || n.shape == Shape::Capital
            || n.reading.has(Class::Number)
            || n.shape == Shape::Number
    });
    let next_nominal = next.is_some_and(|n| {
        n.is_word()
            && (source.mentions.at(at + 1).is_some()
                || (n.reading.classes
                    & (Class::Determiner as u64
                        | Class::Preposition as u64
                        | Class::Conjunction as u64
                        | Class::Be as u64
                        | Class::Have as u64
                        | Class::Modal as u64
                        | Class::Adverb as u64
                        | Class::Pronoun as u64
                        | Class::Possessive as u64
                        | Class::Subordinator as u64
                        | Class::Relative as u64
                        | Class::Negation as u64)
                    == 0
                    && !(n.reading.verbal() && !n.reading.has(Class::Noun) && !n.reading.has(Class::Past))))
    });
    let past = r.has(Class::Past) || r.has(Class::Participle);
    if subjunctive && r.has(Class::Base) && (next_noun_start || next_nominal || !noun) {
        return Some(Tag::Base);
    }
    if token.shape == Shape::Capital && !opens {
        return None;
    }
    // `assets that the bank holds`: the verb of a clause that is open.
    let clause_open = matches!(previous, Some(Tag::Noun))
        && before_noun.is_some_and(|b| matches!(tags[b], Tag::Relative | Tag::Subordinator));
    if clause_open && r.has(Class::Third) {
        return Some(Tag::Third);
    }
    // Base forms that are pasts as well (`put`, `set`, `cut`) are taken as what the context asks for.
    match previous {
        Some(Tag::To | Tag::Modal | Tag::Do) if r.has(Class::Base) => return Some(Tag::Base),
        Some(Tag::Be) => {
            if r.has(Class::Gerund) {
                return Some(Tag::Gerund);
            }
            if past {
                return Some(Tag::Past);
            }
            return None;
        }
        Some(Tag::Have) => {
            if past {
                return Some(Tag::Past);
            }
            return None;
        }
        // `under which sanctions were imposed`
        Some(Tag::Relative)
            if noun
                && next.is_some_and(|n| {
                    n.reading.has(Class::Be) || n.reading.has(Class::Have) || n.reading.has(Class::Modal)
                }) =>
        {
            return None;
        }
        Some(Tag::Pronoun | Tag::Relative) => {
            if past {
                return Some(Tag::Past);
            }
            if r.has(Class::Third) {
                return Some(Tag::Third);
            }
            if r.has(Class::Base) {
                return Some(Tag::Base);
            }
            return Some(Tag::Gerund);
        }
        _ => {}
    }
    if r.has(Class::Gerund) {
        let nominal_left = matches!(
            previous,
            Some(Tag::Determiner | Tag::Possessive | Tag::Genitive | Tag::Modifier)
        );
        if nominal_left {
            return None;
        }
        if noun && !next_noun_start {
            return None;
        }
        return Some(Tag::Gerund);
    }
    if past && !r.has(Class::Base) {
        return match previous {
            // `imposed targeted sanctions`, `using frozen Russian assets`.
            Some(Tag::Past | Tag::Base | Tag::Third | Tag::Gerund)
                if next_nominal
                    && (!next_noun_start || source.mentions.at(at + 1).is_some_and(|m| m.form == Form::Adjective)) =>
            {
                None
            }
            Some(Tag::Determiner | Tag::Possessive | Tag::Genitive | Tag::Preposition)
                if next_nominal || !matches!(previous, Some(Tag::Preposition)) =>
            {
                None
            }
            Some(Tag::Modifier)
                if next_nominal
                    && source.mentions.at(at.wrapping_sub(1)).is_none()
                    && source.tokens[at - 1].shape != Shape::Dash =>
            {
                None
            }
            Some(Tag::Modifier) => {
                let hyphen = source.tokens[at - 1].shape == Shape::Dash;
                if hyphen { None } else { Some(Tag::Past) }
            }
            _ if opens && next_nominal && !next_noun_start => None,
            _ => Some(Tag::Past),
        };
    }
    let joined_before = tags_joined;
    // `sanctions on Iran remain`: the noun before the preposition counts.
    let plural_head = before_noun.is_some_and(|b| {
        tags[b] == Tag::Preposition && matches!(previous, Some(Tag::Noun)) && {
            let token = at - (tags.len() - b);
            token > 0 && source.word(token - 1).ends_with('s') && source.mentions.at(token - 1).is_none()
        }
    });
    // `140 countries already recognise`: the noun before the adverb.
    let adverbs = tags.iter().rev().take_while(|t| **t == Tag::Adverb).count();
    let plural_before = joined_before
        || plural_head
        || at > adverbs && {
            let before = at - 1 - adverbs;
            let word = source.word(before);
            word.ends_with('s') && source.mentions.at(before).is_none() && source.tokens[before].is_word()
                || source.tokens[before].reading.has(Class::Group)
        };
    // `Iranian funds that`, `Russian holdings in`: what a state's adjective stands before.
    let described = source
        .mentions
        .at(at.wrapping_sub(1))
        .is_some_and(|m| m.form == Form::Adjective && m.end as usize == at);
    if described && r.has(Class::Third) && !r.has(Class::Clausal) && !next_noun_start {
        return None;
    }
    match previous {
        Some(Tag::Noun) => {
            let preposition_next = next.is_some_and(|n| n.reading.has(Class::Preposition));
            if r.has(Class::Third) && (!noun || (next_noun_start && !preposition_next)) {
                return Some(Tag::Third);
            }
            let to_next = at + 2 < end && source.is(at + 1, "to") && source.tokens[at + 2].reading.has(Class::Base);
            if r.has(Class::Third)
                && to_next
                && source
                    .mentions
                    .at(at - 1)
                    .is_some_and(|m| m.form != crate::mention::Form::Adjective)
            {
                return Some(Tag::Third);
            }
            // `…, Ann Delta says.`
            if r.has(Class::Third)
                && r.has(Class::Clausal)
                && source.mentions.at(at - 1).is_some()
                && next.is_none_or(|n| {
                    !n.is_word() || n.reading.has(Class::Preposition) || n.reading.has(Class::Determiner)
                })
            {
                return Some(Tag::Third);
            }
            // `still lacks recognition`: no adverb splits a noun phrase.
            if r.has(Class::Third) && matches!(tags.last(), Some(Tag::Adverb)) && (next_nominal || next_noun_start) {
                return Some(Tag::Third);
            }
            // `Washington lifts sanctions`: a name, then what it does to a plural.
            if r.has(Class::Third)
                && noun
                && !source.is(at, "sanctions")
                && source
                    .mentions
                    .at(at - 1)
                    .is_some_and(|m| m.form != crate::mention::Form::Adjective)
                && next.is_some_and(|n| n.shape == Shape::Lower && n.reading.noun != 0)
                && source.word(at + 1).ends_with('s')
            {
                return Some(Tag::Third);
            }
            // `Canada plans new sanctions`: a state, then what it does to a plural with an adjective.
            if r.has(Class::Third)
                && noun
                && !source.is(at, "sanctions")
                && source
                    .mentions
                    .at(at - 1)
                    .is_some_and(|m| m.form != crate::mention::Form::Adjective)
                && source
                    .mentions
                    .entity_at(at - 1)
                    .is_some_and(|e| e.kind == crate::mention::EntityKind::State)
                && ["new", "more", "further", "additional", "fresh", "tougher", "wider"]
                    .iter()
                    .any(|w| source.is(at + 1, w))
                && at + 2 < end
                && source.word(at + 2).ends_with('s')
            {
                return Some(Tag::Third);
            }
            if r.has(Class::Third) && noun {
                // `Germany bans Iranian airline`: a name before it and no preposition after it.
                let name_before = source
                    .mentions
                    .at(at - 1)
                    .is_some_and(|m| m.form != crate::mention::Form::Adjective);
                if name_before
                    && next_nominal
                    && source
                        .mentions
                        .entity_at(at - 1)
                        .is_some_and(|e| e.kind != crate::mention::EntityKind::Other)
                    && source.mentions.at(at + 1).is_some()
                {
                    return Some(Tag::Third);
                }
                return None;
            }
            if r.has(Class::Base) {
                // `Malaysia cut diplomatic ties`: a past like its base, after a name.
                let name_before = source
                    .mentions
                    .at(at - 1)
                    .is_some_and(|m| m.form != crate::mention::Form::Adjective);
                let particle = ["up", "off", "out", "down", "back"]
                    .iter()
                    .any(|w| at + 1 < end && source.is(at + 1, w));
                // `Sudan's army-led government cut relations`.
                let acts = name_before || source.tokens[at - 1].reading.has(Class::StateNoun);
                let verb = if noun && past && acts {
                    next_nominal || next_noun_start || particle
                } else if noun {
                    plural_before && (next_noun_start)
                } else {
                    plural_before || past
                };
                return verb.then_some(if past { Tag::Past } else { Tag::Base });
            }
            None
        }
        Some(Tag::Base | Tag::Past | Tag::Third | Tag::Gerund) => {
            // `helped capture`, `let go`.
            if r.has(Class::Base) && !noun {
                Some(if past { Tag::Past } else { Tag::Base })
            } else {
                None
            }
        }
        Some(Tag::Conjunction | Tag::Comma) | None => {
            // `will freeze assets and ban exports`: joined to the verb before it.
            const ACTS: [&str; 10] = [
                "ban", "cut", "freeze", "end", "halt", "curb", "limit", "block", "lift", "recall",
            ];
            if matches!(previous, Some(Tag::Conjunction))
                && ACTS.iter().any(|w| source.is(at, w))
                && tags.iter().any(|t| matches!(t, Tag::Base | Tag::Past))
                && next_nominal
                && at + 1 < end
                && source.word(at + 1).ends_with('s')
            {
                return Some(if past { Tag::Past } else { Tag::Base });
            }
            if noun && !next_noun_start {
                return None;
            }
            if r.has(Class::Third) {
                return Some(Tag::Third);
            }
            if r.has(Class::Base) && (!noun || next_noun_start) {
                return Some(if past { Tag::Past } else { Tag::Base });
            }
            None
        }
        Some(Tag::Determiner | Tag::Possessive | Tag::Genitive | Tag::Modifier | Tag::Preposition) => None,
        _ => {
            if noun {
                None
            } else if r.has(Class::Third) {
                Some(Tag::Third)
            } else {
                Some(Tag::Base)
            }
        }
    }
}
