//! How real an act is that a noun names: `the lifting of the ban`, `calls for sanctions`.

use standing_model::ClaimStatus;

use crate::phrase::{Kind, Mood, VerbForm};
use crate::status::{Judge, Judged, weaker};
use crate::text::fold;

/// Adjectives of operators that say it of a noun too, before it.
const DESCRIBING: [&str; 13] = [
    "proposed",
    "draft",
    "mooted",
    "planned",
    "upcoming",
    "forthcoming",
    "impending",
    "imminent",
    "looming",
    "possible",
    "potential",
    "threatened",
    "conditional",
];

impl Judge<'_> {
    /// The status of an act that a noun names: `the lifting of the ban`. A fact only where the sentence treats it as one.
    pub fn act(&self, noun: usize) -> Judged {
        const FACTIVE: [&str; 34] = [
            "affirm",
            "reaffirm",
            "welcom",
            "hail",
            "prais",
            "condemn",
            "criticis",
            "criticiz",
            "denounc",
            "follow",
            "announc",
            "protest",
            "celebrat",
            "applaud",
            "deplor",
            "mark",
            "explain",
            "justif",
            "regret",
            "confirm",
            "report",
            "publish",
            "caus",
            "trigger",
            "prompt",
            "complet",
            "cit",
            "respond",
            "notif",
            "accelerat",
            "direct",
            "grant",
            "provid",
            "enabl",
        ];
        let factive = |v: usize| {
            let word = self.clauses.head_word(v);
            FACTIVE.iter().any(|s| word.starts_with(s))
        };
        let led = self.clauses.before(noun).is_some_and(|p| {
            matches!(
                self.clauses.head_word(p).as_str(),
                "after" | "since" | "following" | "despite" | "over" | "to" | "at"
            ) && self.clauses.phrases[p].kind == Kind::Preposition
                && (self.clauses.head_word(p) != "to"
                    || self
                        .clauses
                        .before(p)
                        .is_some_and(|r| self.clauses.head_word(r).starts_with("respon")))
        });
        // `rejects its designation by Canada`, `Israel's recognition of X`: made, whoever rejects it.
        let by = self.clauses.attached_to(noun).0.iter().any(|a| a.word == "by");
        let disowned = self.clauses.verb_of_object(noun).is_some_and(|v| {
            let word = self.clauses.head_word(v);
            ["reject", "denounc", "disput", "challeng", "contest"]
                .iter()
                .any(|s| word.starts_with(s))
                && !self.clauses.phrases[v].group.is_some_and(|g| g.negated)
                && (by || self.clauses.has_owner(noun))
                && self.verb_within(v, 1).status == ClaimStatus::InEffect
        });
        if disowned {
            return Judged::plain(ClaimStatus::InEffect);
        }
        let as_object = self
            .clauses
            .verb_of_object(noun)
            .is_some_and(|v| factive(v) && self.verb_within(v, 1).status == ClaimStatus::InEffect);
        let as_subject = (noun + 1..self.clauses.phrases.len()).find(|&v| {
            self.clauses.phrases[v].kind == Kind::Verb
                && self.clauses.form(v) == Some(VerbForm::Finite)
                && self.clauses.subject(v).contains(&noun)
        });
        let subject_fact = as_subject.is_some_and(|v| {
            let g = self.clauses.phrases[v].group;
            g.is_some_and(|g| (g.past || g.perfect) && g.mood == Mood::Fact && !g.negated)
                && self.operator_verb(v).is_none()
        });
        // `the rescission will take effect in May`: made, and not yet so.
        if as_subject.is_some_and(|v| {
            let group = self.clauses.phrases[v].group;
            group.is_some_and(|g| g.mood == Mood::Future && !g.negated)
                && self
                    .clauses
                    .after(v)
                    .is_some_and(|n| matches!(self.clauses.head_word(n).as_str(), "effect" | "into"))
        }) {
            return Judged::plain(ClaimStatus::Decided);
        }
        let judged = self.noun(noun);
        if led || as_object || subject_fact {
            if judged.status == ClaimStatus::Decided && subject_fact {
                return Judged {
                    status: ClaimStatus::InEffect,
                    ..judged
                };
            }
            return judged;
        }
        Judged {
            status: weaker(judged.status, ClaimStatus::Possible),
            rules: judged.rules,
        }
        .settle(self.noun(noun).status)
    }

    /// The status of what a noun names: `sanctions` in `called for sanctions`.
    pub fn noun(&self, noun: usize) -> Judged {
        let mut judged = Judged::plain(ClaimStatus::InEffect);
        let first = fold(self.clauses.source.word(self.clauses.phrases[noun].start as usize));
        if first == "no" {
            judged.status = ClaimStatus::NotOccurred;
        }
        // `proposed sanctions`, `an upcoming ban`: but `is eligible for`, `open sanctions` say nothing of them.
        let p = self.clauses.phrases[noun];
        let described = (p.start..p.head).find_map(|t| {
            self.rules.operators.iter().position(|o| {
                DESCRIBING
                    .iter()
                    .any(|w| self.clauses.source.is(t as usize, w) && o.adjective.iter().any(|a| a == w))
            })
        });
        if let Some(o) = described {
            judged = judged.with(self.apply(o));
        }
        if self.due(noun) || self.next_round(noun) || self.whole(noun).is_some_and(|n| self.next_round(n)) {
            judged = judged.with(Judged::plain(ClaimStatus::Planned));
        }
        if let Some(v) = self.clauses.verb_of_object(noun) {
            if let Some(o) = self.operator_verb(v) {
                judged = judged.with(self.apply(o));
            }
            judged = judged.with(self.verb_within(v, 1));
        }
        // `a bill on a ban`, `calls for sanctions`: nouns to the left over prepositions.
        let mut at = noun;
        for _ in 0..3 {
            let Some(p) = self
                .clauses
                .before(at)
                .filter(|&p| self.clauses.phrases[p].kind == Kind::Preposition)
            else {
                break;
            };
            let Some(n) = self
                .clauses
                .before(p)
                .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
            else {
                break;
            };
            if let Some(o) = self.operator_noun(n) {
                judged = judged.with(self.apply(o));
            }
            at = n;
        }
        // As a subject: `sanctions are being considered`, `a ban would`.
        if let Some(v) = (noun + 1..self.clauses.phrases.len())
            .find(|&i| self.clauses.phrases[i].kind == Kind::Verb && self.clauses.form(i) == Some(VerbForm::Finite))
            && self.clauses.subject(v).contains(&noun)
        {
            if self.clauses.phrases[v].group.is_some_and(|g| g.passive)
                && let Some(o) = self.operator_verb(v)
            {
                judged = judged.with(self.apply(o));
            }
            if let Some(said) = self.predicate(v) {
                judged = judged.with(said);
            }
            judged = judged.with(self.verb_within(v, 1));
        }
        judged
    }

    /// `the recognition of X, due in September`, `to be announced on Friday`.
    fn due(&self, noun: usize) -> bool {
        let (_, last) = self.clauses.attached_to(noun);
        self.clauses
            .after(last)
            .filter(|&c| self.clauses.phrases[c].kind == Kind::Comma)
            .and_then(|c| self.clauses.after(c))
            .is_some_and(|n| {
                let first = self.clauses.phrases[n].start as usize;
                self.clauses.form(n) == Some(VerbForm::Infinitive)
                    || ["due", "expected", "planned", "scheduled", "slated", "foreseen"]
                        .iter()
                        .any(|w| self.clauses.source.is(first, w))
            })
    }

    /// `the next round of sanctions`.
    pub(crate) fn next_round(&self, noun: usize) -> bool {
        let p = self.clauses.phrases[noun];
        (p.start..p.head).any(|t| self.clauses.source.is(t as usize, "next"))
            && matches!(
                self.clauses.head_word(noun).as_str(),
                "round" | "package" | "set" | "tranche" | "wave" | "batch" | "sanctions" | "step"
            )
    }
}
