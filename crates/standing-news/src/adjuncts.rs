//! What stands beside a verb and makes it more or less real: a decision that it follows from, a condition, a review that it waits for.

use standing_model::ClaimStatus;

use crate::lexicon::Class;
use crate::phrase::{Kind, Mood, VerbForm};
use crate::status::{Judge, Judged, weaker};
use crate::syntax::Over;

/// Words that open a condition without being a conjunction.
const CONDITIONS: [&[&str]; 10] = [
    &["in", "the", "event"],
    &["in", "case"],
    &["on", "condition"],
    &["on", "the", "condition"],
    &["as", "long", "as"],
    &["so", "long", "as"],
    &["contingent", "on"],
    &["contingent", "upon"],
    &["conditional", "on"],
    &["depending", "on"],
];

/// What a decision is called when a measure follows from it; operators name the rest (`order`, `law`, `bill`).
const GROUNDS: [&str; 8] = [
    "measure",
    "measures",
    "action",
    "actions",
    "rule",
    "rules",
    "designation",
    "package",
];

/// What makes a decision no more than a draft of one.
const DRAFTS: [&str; 9] = [
    "drafted",
    "circulated",
    "proposed",
    "draft",
    "planned",
    "tentative",
    "possible",
    "potential",
    "leaked",
];

impl Judge<'_> {
    /// The status of a verb group with what stands beside it.
    pub(crate) fn beside(&self, verb: usize, mut judged: Judged) -> Judged {
        let mood = self.clauses.phrases[verb].group.map(|g| (g.mood, g.negated));
        if let Some((Mood::Future | Mood::Would, false)) = mood
            && matches!(judged.status, ClaimStatus::Planned | ClaimStatus::Possible)
            && let Some(ground) = self.ground(verb)
        {
            judged.status = ground.status;
            judged.rules.extend(ground.rules);
        }
        let promised = mood == Some((Mood::Fact, false))
            && self.clauses.form(verb) == Some(VerbForm::Infinitive)
            && self.condition_after(verb);
        if judged.status == ClaimStatus::Planned && (promised || self.conditional(verb)) {
            judged.status = ClaimStatus::Possible;
        }
        // `In the event of a ban, its assets are seized`.
        let present = self.clauses.phrases[verb]
            .group
            .is_some_and(|g| g.form == VerbForm::Finite && g.mood == Mood::Fact && !g.past && !g.perfect && !g.negated);
        if judged.status == ClaimStatus::InEffect && present && self.conditional(verb) {
            judged.status = ClaimStatus::Possible;
        }
        if judged.status == ClaimStatus::InEffect
            && let Some(status) = self.hedged(verb)
        {
            judged.status = status;
        }
        if matches!(judged.status, ClaimStatus::Planned | ClaimStatus::Decided) && self.for_review(verb) {
            judged.status = weaker(judged.status, ClaimStatus::Proposed);
        }
        judged
    }

    /// `nearly sanctioned`, `allegedly lifted`: not done, or not known to be.
    fn hedged(&self, verb: usize) -> Option<ClaimStatus> {
        let p = self.clauses.phrases[verb];
        let source = self.clauses.source;
        let from = (p.start as usize).saturating_sub(1);
        let any = |words: &[&str]| (from..p.end as usize).any(|t| words.iter().any(|w| source.is(t, w)));
        if any(&["nearly", "almost"]) {
            Some(ClaimStatus::NotOccurred)
        } else if any(&["allegedly", "supposedly", "purportedly"]) {
            Some(ClaimStatus::Possible)
        } else {
            None
        }
    }

    /// `under the order, firms will be barred`, `as a result of this decision`: as real as what it follows from.
    fn ground(&self, verb: usize) -> Option<Judged> {
        let clauses = self.clauses;
        let end = (verb + 1..clauses.phrases.len())
            .find(|&i| {
                matches!(
                    clauses.phrases[i].kind,
                    Kind::Break | Kind::Subordinator | Kind::Relative
                )
            })
            .unwrap_or(clauses.phrases.len());
        let start = (0..verb)
            .rev()
            .find(|&i| {
                matches!(
                    clauses.phrases[i].kind,
                    Kind::Break | Kind::Subordinator | Kind::Relative
                )
            })
            .map_or(0, |i| i + 1);
        let mut p = start;
        while p < end {
            if clauses.phrases[p].kind == Kind::Preposition
                && matches!(clauses.head_word(p).as_str(), "under" | "of")
                && let Some(n) = clauses.after(p).filter(|&n| clauses.phrases[n].kind == Kind::Noun)
                && (clauses.head_word(p) == "under"
                    || clauses.before(p).is_some_and(|r| clauses.head_word(r) == "result"))
                && let Some(judged) = self.as_ground(n)
            {
                return Some(judged);
            }
            p += 1;
        }
        None
    }

    /// `a draft agreement`, `close to a deal`: what is not made yet.
    pub(crate) fn unmade(&self, noun: usize) -> bool {
        let p = self.clauses.phrases[noun];
        let source = self.clauses.source;
        let draft = (p.start..p.end).any(|t| DRAFTS.iter().any(|w| source.is(t as usize, w)));
        let start = p.start as usize;
        let nears = start >= 2
            && (source.is(start - 1, "to")
                && ["close", "closer", "near", "nearer"]
                    .iter()
                    .any(|w| source.is(start - 2, w))
                || ["nearing", "near", "towards", "toward"]
                    .iter()
                    .any(|w| source.is(start - 1, w)));
        draft || nears
    }

    /// The status of what follows from a noun.
    fn as_ground(&self, noun: usize) -> Option<Judged> {
        let p = self.clauses.phrases[noun];
        let source = self.clauses.source;
        let pointed = ["the", "this", "these", "its", "their", "a", "an"]
            .iter()
            .any(|w| source.is(p.start as usize, w));
        if !pointed {
            return None;
        }
        let draft = self.unmade(noun);
        let judged = match self.operator_noun(noun) {
            Some(o) => self.apply(o),
            None if GROUNDS.contains(&self.clauses.head_word(noun).as_str()) => Judged::plain(ClaimStatus::Decided),
            None => return None,
        };
        match judged.status {
            ClaimStatus::Decided if draft => Some(Judged {
                status: ClaimStatus::Proposed,
                ..judged
            }),
            ClaimStatus::Decided | ClaimStatus::Proposed => Some(judged),
            _ => None,
        }
    }

    /// `rumours that Canada had recognised`, `dismissed reports that Canada had`: what is said to be so and may not be.
    pub(crate) fn doubted(&self, verb: usize) -> Option<ClaimStatus> {
        const RUMOURS: [&str; 12] = [
            "rumour",
            "rumours",
            "rumor",
            "rumors",
            "speculation",
            "fear",
            "fears",
            "hope",
            "hopes",
            "suggestion",
            "impression",
            "idea",
        ];
        const REJECTED: [&str; 10] = [
            "dismiss", "reject", "den", "refut", "rubbish", "disput", "contest", "repudiat", "rebuff", "debunk",
        ];
        const FALSE: [&str; 8] = [
            "false",
            "wrong",
            "untrue",
            "baseless",
            "unfounded",
            "incorrect",
            "fake",
            "groundless",
        ];
        const HOPED: [&str; 9] = [
            "time",
            "confident",
            "hopeful",
            "likely",
            "important",
            "essential",
            "crucial",
            "vital",
            "necessary",
        ];
        const REPORTS: [&str; 6] = ["report", "reports", "claim", "claims", "allegation", "allegations"];
        let clauses = self.clauses;
        let over = clauses.links[verb].as_ref()?.over;
        // `It is not true that Canada lifted`, `it is false that`.
        if let Over::Relative(n) = over
            && let Some(v) = clauses.before(n)
            && let Some(g) = clauses.phrases[v].group.filter(|g| g.copula)
        {
            let word = clauses.head_word(n);
            if (word == "true" && g.negated) || (FALSE.contains(&word.as_str()) && !g.negated) {
                return Some(ClaimStatus::Denied);
            }
            // `It is time that Canada recognises`, `is confident that it lifts`: wished or hoped for.
            let present = clauses.phrases[verb].group.is_some_and(|g| !g.past && !g.perfect);
            if present && HOPED.contains(&word.as_str()) {
                return Some(ClaimStatus::Possible);
            }
        }
        // `Reports that Canada had lifted … were denied`, also where they open the sentence.
        if let Over::Complement(n) | Over::Relative(n) = over
            && REPORTS.contains(&clauses.head_word(n).as_str())
            && (clauses.kind(n) == Kind::Noun || clauses.subject(n).is_empty())
            && (verb + 1..clauses.phrases.len()).any(|v| {
                let word = clauses.head_word(v);
                clauses.phrases[v].group.is_some_and(|g| g.passive && !g.negated)
                    && REJECTED.iter().any(|s| word.starts_with(s))
            })
        {
            return Some(ClaimStatus::Denied);
        }
        let governor = match over {
            Over::Complement(v) => Some(v),
            Over::Joined(w) if w != verb => return self.doubted(w),
            Over::Relative(_) => return None,
            _ => None,
        };
        let subject = clauses.subject(verb);
        let that = (0..verb).rev().find(|&i| {
            clauses.phrases[i].kind == Kind::Subordinator
                && clauses.head_word(i) == "that"
                && clauses.after(i).is_some_and(|n| subject.contains(&n))
        })?;
        let noun = clauses
            .before(that)
            .filter(|&n| clauses.phrases[n].kind == Kind::Noun)?;
        let false_said = (verb + 1..clauses.phrases.len()).any(|v| {
            clauses.phrases[v].kind == Kind::Verb
                && clauses
                    .after(v)
                    .is_some_and(|n| FALSE.contains(&clauses.head_word(n).as_str()))
                && !clauses.phrases[v].group.is_some_and(|g| g.negated)
        });
        if false_said && governor.is_none() {
            return Some(ClaimStatus::Denied);
        }
        let rejected = governor.is_some_and(|v| {
            let word = clauses.head_word(v);
            v < noun && REJECTED.iter().any(|s| word.starts_with(s))
        });
        if rejected {
            return Some(ClaimStatus::Denied);
        }
        RUMOURS
            .contains(&clauses.head_word(noun).as_str())
            .then_some(ClaimStatus::Possible)
    }

    /// Whether a sentence opens with a base form that nobody is named for.
    pub(crate) fn imperative(&self, verb: usize) -> bool {
        let clauses = self.clauses;
        let group = clauses.phrases[verb].group;
        let bare = |i: usize| {
            let reading = clauses.source.tokens[clauses.phrases[i].head as usize].reading;
            reading.has(Class::Base) && !reading.has(Class::Past)
        };
        group.is_some_and(|g| g.form == VerbForm::Finite && !g.past && !g.perfect && !g.passive && !g.copula)
            && clauses.subject(verb).is_empty()
            && bare(verb)
            && clauses.phrases.first().is_some_and(|p| p.kind == Kind::Verb)
            && bare(0)
    }

    /// `If no agreement is reached, sanctions will return`: a condition with its own verb before the clause.
    pub(crate) fn condition_before(&self, verb: usize) -> bool {
        let clauses = self.clauses;
        let Some(opens) = (0..verb)
            .rev()
            .take_while(|&i| clauses.phrases[i].kind != Kind::Break)
            .find(|&i| clauses.phrases[i].kind == Kind::Subordinator)
        else {
            return false;
        };
        let between = &clauses.phrases[opens + 1..verb];
        let finite = |i: usize| clauses.phrases[i].group.is_some_and(|g| g.form == VerbForm::Finite);
        matches!(clauses.head_word(opens).as_str(), "if" | "unless")
            && between.iter().any(|p| p.kind == Kind::Comma)
            && (opens + 1..verb).any(finite)
            && clauses.links[verb]
                .as_ref()
                .is_some_and(|l| matches!(l.over, Over::Main | Over::Complement(_)))
    }

    /// Whether the clause names a condition: `in the event of a change`, `in case talks fail`.
    fn conditional(&self, verb: usize) -> bool {
        let clauses = self.clauses;
        let edge = |i: &usize| clauses.phrases[*i].kind == Kind::Break;
        let first = (0..verb).rev().find(edge).map_or(0, |i| i + 1);
        let last = (verb + 1..clauses.phrases.len())
            .find(edge)
            .unwrap_or(clauses.phrases.len());
        let (start, end) = (
            clauses.phrases[first].start as usize,
            clauses.phrases[last - 1].end as usize,
        );
        (start..end).any(|t| {
            CONDITIONS.iter().any(|words| {
                t + words.len() <= end && words.iter().enumerate().all(|(k, w)| clauses.source.is(t + k, w))
            })
        })
    }

    /// `will draft for the president's review an order that would`: what is yet to be looked at.
    fn for_review(&self, verb: usize) -> bool {
        let clauses = self.clauses;
        (0..verb)
            .rev()
            .take_while(|&i| clauses.phrases[i].kind != Kind::Break)
            .any(|p| {
                clauses.phrases[p].kind == Kind::Preposition
                    && clauses.head_word(p) == "for"
                    && clauses.after(p).is_some_and(|n| {
                        matches!(
                            clauses.head_word(n).as_str(),
                            "review" | "consideration" | "approval" | "discussion"
                        )
                    })
            })
    }
}
