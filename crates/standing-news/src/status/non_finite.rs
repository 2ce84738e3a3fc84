//! The status of infinitives, gerunds and participles: what governs them says how real they are.

use standing_model::ClaimStatus;

use super::{Judge, Judged};
use crate::clause::Governor;
use crate::phrase::{Kind, Mood, VerbForm};
use crate::text::fold;

impl Judge<'_> {
    pub(super) fn infinitive(&self, verb: usize, depth: usize) -> Judged {
        match self.clauses.governor(verb) {
            // What is put to the vote or weighed is proposed, whatever comes of it.
            Governor::Verb(g) if self.clauses.whether(verb) => match self.operator_verb(g) {
                Some(_) => Judged::plain(ClaimStatus::Proposed),
                None => Judged::plain(ClaimStatus::Possible),
            },
            Governor::Verb(g) => {
                let over = self.verb_within(g, depth + 1);
                let group = self.clauses.phrases[g].group;
                let word = fold(self.clauses.source.word(self.clauses.phrases[g].head as usize));
                let between = self.clauses.phrases[g].end as usize..self.clauses.phrases[verb].start as usize;
                let copula = group.is_some_and(|x| x.copula)
                    || word.starts_with("becom")
                    || word == "became"
                    || word.starts_with("remain");
                // `has yet to be recognised`.
                if between.clone().any(|t| self.clauses.source.is(t, "yet"))
                    && (copula || word == "has" || word == "have" || word == "had")
                {
                    return Judged::plain(ClaimStatus::NotOccurred);
                }
                if copula {
                    // `became the first country to recognise`: done by whoever is the first.
                    if between.clone().any(|t| {
                        ["first", "only", "latest", "last", "second", "third"]
                            .iter()
                            .any(|w| self.clauses.source.is(t, w))
                    }) {
                        return over;
                    }
                    if let Some(o) = self.rules.operators.iter().position(|o| {
                        o.adjective
                            .iter()
                            .any(|w| between.clone().any(|t| self.clauses.source.is(t, w)))
                    }) {
                        return self.apply(o).with(Self::shift(over));
                    }
                    // `was right to keep X on the list`.
                    if between.clone().any(|t| {
                        ["right", "wrong", "correct", "justified", "entitled"]
                            .iter()
                            .any(|w| self.clauses.source.is(t, w))
                    }) && group.is_some_and(|x| x.past)
                    {
                        return over;
                    }
                    // `is to take effect`.
                    return Judged::plain(ClaimStatus::Planned).with(Self::shift(over));
                }
                if let Some(o) = self.operator_verb(g) {
                    // `did not refuse to lift`: it may.
                    if group.is_some_and(|x| x.negated) && self.rules.operators[o].status == ClaimStatus::NotOccurred {
                        return Judged::plain(ClaimStatus::Possible);
                    }
                    if group.is_some_and(|x| x.negated) && self.rules.operators[o].status != ClaimStatus::NotOccurred {
                        return Judged::plain(ClaimStatus::NotOccurred);
                    }
                    let mut judged = self.apply(o);
                    // `wants the EU to sanction X`: somebody else is to do it.
                    let others = (g + 1..verb).any(|n| self.clauses.phrases[n].kind == Kind::Noun);
                    if word.starts_with("want") && others {
                        judged.status = ClaimStatus::Urged;
                    }
                    if judged.status == ClaimStatus::Urged && self.asks_a_court(g, verb) {
                        judged.status = ClaimStatus::Proposed;
                    }
                    return judged.with(Self::shift(over));
                }
                if word.starts_with("hesitate") && group.is_some_and(|x| x.negated) {
                    return Judged::plain(ClaimStatus::Planned);
                }
                const THROUGH: [&str; 33] = [
                    "prompted",
                    "prompting",
                    "prompts",
                    "led",
                    "leads",
                    "leading",
                    "caused",
                    "causing",
                    "causes",
                    "began",
                    "begun",
                    "begin",
                    "begins",
                    "continued",
                    "continue",
                    "continues",
                    "started",
                    "managed",
                    "moved",
                    "used",
                    "went",
                    "rushed",
                    "dared",
                    "helped",
                    "proceeded",
                    "requires",
                    "required",
                    "requiring",
                    "require",
                    "obliges",
                    "obliging",
                    "compelled",
                    "forced",
                ];
                if THROUGH.contains(&word.as_str()) {
                    return over;
                }
                // `Calls are growing for X to be listed`.
                if self.clauses.for_whom(verb).is_some()
                    && let Some(&noun) = self
                        .clauses
                        .subject(g)
                        .iter()
                        .find(|&&n| self.operator_noun(n).is_some())
                {
                    return self.over_noun(noun, depth);
                }
                // A purpose: what is meant to follow has not happened by the words.
                Judged::plain(ClaimStatus::Planned).with(Self::shift(over))
            }
            Governor::Noun(n) => self.over_noun(n, depth),
            Governor::Preposition(_) | Governor::Nothing => Judged::plain(ClaimStatus::Planned),
        }
    }

    pub(super) fn gerund(&self, verb: usize, depth: usize) -> Judged {
        if let Some(first) = self.joined_gerund(verb).filter(|_| depth < super::DEPTH) {
            return self.verb_within(first, depth + 1);
        }
        match self.clauses.governor(verb) {
            Governor::Verb(g) => {
                let over = self.verb_within(g, depth + 1);
                let direct = self.clauses.before(verb) == Some(g);
                let over = match self.procedure_before(verb) {
                    Some(judged) => judged.with(Self::shift(over)),
                    None => over,
                };
                // `plans to list X, freezing its assets`: part of what is planned.
                let planned = (g + 1..verb)
                    .rev()
                    .find(|&v| self.clauses.phrases[v].kind == Kind::Verb);
                if !direct
                    && depth < super::DEPTH
                    && self.operator_verb(g).is_some()
                    && let Some(v) = planned.filter(|&v| {
                        self.clauses.form(v) == Some(VerbForm::Infinitive) && self.clauses.before(v) == Some(g)
                    })
                {
                    return self.verb_within(v, depth + 1);
                }
                match self.operator_verb(g) {
                    // `has not ruled out recognising`.
                    Some(o)
                        if self.rules.operators[o].status == ClaimStatus::NotOccurred
                            && self.clauses.phrases[g].group.is_some_and(|x| x.negated) =>
                    {
                        Judged::plain(ClaimStatus::Possible)
                    }
                    Some(o) if direct => self.apply(o).with(Self::shift(over)),
                    _ => over,
                }
            }
            Governor::Preposition(p) => {
                let word = self.clauses.head_word(p);
                let left = self.clauses.before(p);
                // `decided against listing`.
                if matches!(word.as_str(), "without" | "against") {
                    return Judged::plain(ClaimStatus::NotOccurred);
                }
                // `stopped short of recognising`.
                if word == "of"
                    && p > 0
                    && self
                        .clauses
                        .source
                        .is(self.clauses.phrases[p].start as usize - 1, "short")
                {
                    return Judged::plain(ClaimStatus::NotOccurred);
                }
                // `moved closer to recognising`, `a step towards lifting`: not there yet.
                let beside = [
                    "addition", "response", "reaction", "prior", "due", "thanks", "contrary", "view", "regard",
                ];
                let towards = matches!(word.as_str(), "to" | "towards" | "toward")
                    && left.is_some_and(|l| {
                        self.clauses.phrases[l].kind != Kind::Verb
                            && !beside.contains(&self.clauses.head_word(l).as_str())
                            && self.operator_noun(l).is_none()
                    });
                if towards {
                    return Judged::plain(ClaimStatus::Planned);
                }
                // `spoke in favour of recognising`; `voted in favour of` is for the verb to say.
                if word == "of"
                    && left.is_some_and(|n| {
                        matches!(self.clauses.head_word(n).as_str(), "favour" | "favor")
                            && self
                                .clauses
                                .verb_of_object(n)
                                .is_none_or(|v| self.operator_verb(v).is_none())
                    })
                {
                    return Judged::plain(ClaimStatus::Urged);
                }
                match left.map(|l| (l, self.clauses.phrases[l].kind)) {
                    Some((n, Kind::Noun)) => {
                        if self.operator_noun(n).is_some() {
                            let p = self.clauses.phrases[n];
                            // `has no intention of recognising`.
                            if self.clauses.source.is(p.start as usize, "no") {
                                return Judged::plain(ClaimStatus::NotOccurred);
                            }
                        }
                        if let Some(o) = self.operator_noun(n) {
                            return self.apply(o);
                        }
                        if matches!(word.as_str(), "of" | "about" | "over" | "regarding") && self.in_question(n) {
                            return Judged::plain(ClaimStatus::Possible);
                        }
                        if let Some(v) = self.clauses.verb_of_object(n) {
                            if word == "by" {
                                return self.verb_within(v, depth + 1);
                            }
                            if matches!(word.as_str(), "from") {
                                return Judged::plain(ClaimStatus::InEffect);
                            }
                            // `voted in favour of listing`.
                            let over = self.verb_within(v, depth + 1);
                            return match self.operator_verb(v) {
                                Some(o) => self.apply(o).with(Self::shift(over)),
                                None => over,
                            };
                        }
                        Judged::plain(ClaimStatus::InEffect)
                    }
                    Some((v, Kind::Verb)) => {
                        let over = self.verb_within(v, depth + 1);
                        match self.operator_verb(v) {
                            Some(o) => self.apply(o).with(Self::shift(over)),
                            None if word == "to" => Judged::plain(ClaimStatus::Planned),
                            None => over,
                        }
                    }
                    _ => {
                        // `By lifting …, the US …`; `After designating`.
                        let main = (verb + 1..self.clauses.phrases.len()).find(|&i| {
                            self.clauses.phrases[i].kind == Kind::Verb && self.clauses.form(i) == Some(VerbForm::Finite)
                        });
                        // `Along with freezing assets, Canada is expected to`: one more of what is expected.
                        let beside = ["with", "along", "besides", "from", "to"].contains(&word.as_str());
                        if let Some(o) = main.filter(|_| beside).and_then(|m| self.operator_verb(m)) {
                            return self.apply(o);
                        }
                        main.map_or(Judged::plain(ClaimStatus::Planned), |m| self.verb_within(m, depth + 1))
                    }
                }
            }
            Governor::Noun(_) => self
                .procedure_before(verb)
                .unwrap_or_else(|| Judged::plain(ClaimStatus::InEffect)),
            Governor::Nothing => {
                let main = (verb + 1..self.clauses.phrases.len()).find(|&i| {
                    self.clauses.phrases[i].kind == Kind::Verb && self.clauses.form(i) == Some(VerbForm::Finite)
                });
                if let Some(judged) = main.and_then(|m| self.predicate(m)) {
                    return judged;
                }
                // `Recognising X is a question of time`: a thing spoken of, not one done.
                let spoken_of = main.is_some_and(|m| {
                    verb == 0
                        && self.clauses.phrases[m]
                            .group
                            .is_some_and(|g| g.mood == Mood::Fact && !g.past && !g.perfect)
                        && !(verb..m).any(|i| self.clauses.phrases[i].kind == Kind::Comma)
                });
                if spoken_of {
                    return Judged::plain(ClaimStatus::Possible);
                }
                // `plans to list X, freezing its assets`: as real as the verb before.
                if main.is_none()
                    && depth < super::DEPTH
                    && self
                        .clauses
                        .before(verb)
                        .is_some_and(|c| self.clauses.phrases[c].kind == Kind::Comma)
                    && let Some(first) = (0..verb).rev().find(|&v| {
                        self.clauses.phrases[v].kind == Kind::Verb && self.clauses.form(v) != Some(VerbForm::Participle)
                    })
                {
                    return self.verb_within(first, depth + 1);
                }
                match main.and_then(|m| self.clauses.phrases[m].group) {
                    Some(g) if g.mood == Mood::Future => Judged::plain(ClaimStatus::Planned),
                    Some(g) if g.mood != Mood::Fact => Judged::plain(ClaimStatus::Possible),
                    _ => Judged::plain(ClaimStatus::InEffect),
                }
            }
        }
    }

    /// `the issue of designating X`, `questions about lifting`: what is talked of.
    fn in_question(&self, noun: usize) -> bool {
        const TALKED_OF: [&str; 17] = [
            "issue",
            "issues",
            "question",
            "questions",
            "matter",
            "subject",
            "topic",
            "merits",
            "merit",
            "wisdom",
            "benefits",
            "need",
            "concerns",
            "doubts",
            "goal",
            "notion",
            "legality",
        ];
        TALKED_OF.contains(&self.clauses.head_word(noun).as_str())
    }

    /// `a bill sanctioning X and banning Y`: the gerund that this one is joined to.
    fn joined_gerund(&self, verb: usize) -> Option<usize> {
        self.clauses
            .before(verb)
            .filter(|&c| self.clauses.phrases[c].kind == Kind::Conjunction)?;
        let first = (0..verb)
            .rev()
            .take_while(|&i| self.clauses.phrases[i].kind != Kind::Break)
            .find(|&i| self.clauses.phrases[i].kind == Kind::Verb)?;
        (self.clauses.form(first) == Some(VerbForm::Gerund)).then_some(first)
    }

    pub(super) fn participle(&self, verb: usize, depth: usize) -> Judged {
        // `wants the group banned`, `had X designated`: the verb before its noun.
        if let Some(n) = self
            .clauses
            .before(verb)
            .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
            && let Some(v) = self
                .clauses
                .before(n)
                .filter(|&v| self.clauses.phrases[v].kind == Kind::Verb)
        {
            let word = fold(self.clauses.source.word(self.clauses.phrases[v].head as usize));
            // `wants the group banned`: somebody else is to do it.
            if word.starts_with("want") || word == "see" {
                return Judged::plain(ClaimStatus::Urged);
            }
            if word.starts_with("order") || word.starts_with("have") || word == "had" {
                return Judged::plain(ClaimStatus::Decided).with(Self::shift(self.verb_within(v, depth + 1)));
            }
        }
        Judged::plain(ClaimStatus::InEffect)
    }
}
