//! How real it is: the status of a verb group or noun from everything that stands over it.
//!
//! A fact is what is left when nothing weakens it: no modal, no negation, no plan, wish, condition or procedure. Operators are rules
//! (`rules/status.toml`); what this file adds is the ways by which they reach the trigger. Several operators compose to the weakest.

mod non_finite;
mod pending;

use standing_model::ClaimStatus;

use crate::clause::Clauses;
use crate::phrase::{Kind, Mood, VerbForm};
use crate::rule::RuleSet;
use crate::text::fold;

/// A status with the operators that made it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The status.
    pub status: ClaimStatus,
    /// Ids of operators.
    pub rules: Vec<String>,
}

impl Judged {
    pub(crate) fn plain(status: ClaimStatus) -> Self {
        Self {
            status,
            rules: Vec::new(),
        }
    }

    /// What an operator said stands; only a bare fact is doubted.
    pub(crate) fn settle(mut self, said: ClaimStatus) -> Self {
        if !matches!(said, ClaimStatus::InEffect | ClaimStatus::Occurred | ClaimStatus::Ended) {
            self.status = said;
        }
        self
    }

    pub(crate) fn with(mut self, other: Self) -> Self {
        self.status = weaker(self.status, other.status);
        self.rules.extend(other.rules);
        self
    }
}

/// Order of strength; less is weaker.
fn strength(status: ClaimStatus) -> u8 {
    match status {
        ClaimStatus::InEffect => 9,
        ClaimStatus::Occurred => 8,
        ClaimStatus::Ended => 7,
        ClaimStatus::Decided => 6,
        ClaimStatus::Planned => 5,
        ClaimStatus::Proposed => 4,
        ClaimStatus::Urged => 3,
        ClaimStatus::Possible => 2,
        ClaimStatus::Denied => 1,
        ClaimStatus::NotOccurred => 0,
    }
}

/// The weaker of two.
pub fn weaker(a: ClaimStatus, b: ClaimStatus) -> ClaimStatus {
    if strength(a) <= strength(b) { a } else { b }
}

/// Judges within one sentence.
pub struct Judge<'a> {
    /// The sentence.
    pub clauses: &'a Clauses<'a>,
    /// The operators.
    pub rules: &'a RuleSet,
    /// Whether a token lies in what somebody is reported to say.
    pub reported: &'a dyn Fn(usize) -> bool,
}

const DEPTH: usize = 6;

impl Judge<'_> {
    pub(crate) fn operator_verb(&self, verb: usize) -> Option<usize> {
        let token = &self.clauses.source.tokens[self.clauses.phrases[verb].head as usize];
        if token.reading.verb == 0 {
            return None;
        }
        let after = self.clauses.phrases[verb].head as usize + 1;
        let particle = self
            .rules
            .operator_particles
            .iter()
            .find(|(lemma, particle, _)| *lemma == token.reading.verb && self.clauses.source.is(after, particle));
        match particle {
            Some((_, _, operator)) => Some(*operator as usize),
            None => self.rules.operator_verbs.get(&token.reading.verb).map(|&i| i as usize),
        }
    }

    pub(crate) fn operator_noun(&self, noun: usize) -> Option<usize> {
        let token = &self.clauses.source.tokens[self.clauses.phrases[noun].head as usize];
        if token.reading.noun == 0 {
            return None;
        }
        self.rules.operator_nouns.get(&token.reading.noun).map(|&i| i as usize)
    }

    pub(crate) fn apply(&self, operator: usize) -> Judged {
        let o = &self.rules.operators[operator];
        Judged {
            status: o.status,
            rules: vec![o.id.clone()],
        }
    }

    /// The status of what a verb group says.
    pub fn verb(&self, verb: usize) -> Judged {
        self.verb_within(verb, 0)
    }

    /// The status at a trigger verb, which may itself be a threat: `threatened Iran with sanctions`.
    pub fn trigger(&self, verb: usize) -> Judged {
        let judged = self.verb(verb);
        match self.operator_verb(verb) {
            Some(o) if self.rules.operators[o].status == ClaimStatus::Possible => judged.with(self.apply(o)),
            _ => judged,
        }
    }

    pub(crate) fn verb_within(&self, verb: usize, depth: usize) -> Judged {
        let Some(group) = self.clauses.phrases[verb].group else {
            return Judged::plain(ClaimStatus::InEffect);
        };
        if depth > DEPTH {
            return Judged::plain(ClaimStatus::Possible);
        }
        let mut judged = match group.form {
            VerbForm::Finite => self.finite(verb, depth),
            VerbForm::Infinitive => self.infinitive(verb, depth),
            VerbForm::Gerund => self.gerund(verb, depth),
            VerbForm::Participle => self.participle(verb, depth),
        };
        if group.negated && group.form != VerbForm::Finite {
            judged.status = ClaimStatus::NotOccurred;
        }
        if depth == 0 {
            judged = self.beside(verb, judged);
        }
        judged
    }

    fn finite(&self, verb: usize, depth: usize) -> Judged {
        let Some(group) = self.clauses.phrases[verb].group else {
            return Judged::plain(ClaimStatus::InEffect);
        };
        let token = self.clauses.phrases[verb].head as usize;
        let status = match group.mood {
            Mood::Fact => ClaimStatus::InEffect,
            Mood::Future => ClaimStatus::Planned,
            Mood::Would if (self.reported)(token) => ClaimStatus::Planned,
            Mood::Would | Mood::May => ClaimStatus::Possible,
            Mood::Should => ClaimStatus::Urged,
        };
        let mut judged = Judged::plain(status);
        // `Strengthen ties by …`: of a list of what will be done, or an order.
        if group.mood == Mood::Fact && self.imperative(verb) {
            judged.status = ClaimStatus::Planned;
        }
        // `a bill that would …`, `the order will …`: as real as the bill or order is.
        if group.mood != Mood::Fact && !group.negated {
            let instrument = self
                .clauses
                .antecedent(verb)
                .into_iter()
                .flat_map(|n| {
                    // `a bill to parliament that would`: the bill, not the parliament.
                    let over = self
                        .clauses
                        .before(n)
                        .filter(|&p| self.clauses.phrases[p].kind == Kind::Preposition)
                        .and_then(|p| self.clauses.before(p))
                        .filter(|&m| self.clauses.phrases[m].kind == Kind::Noun);
                    [Some(n), over]
                })
                .flatten()
                .chain(self.clauses.subject(verb))
                .find(|&n| self.operator_noun(n).is_some());
            if let Some(noun) = instrument.filter(|_| depth < DEPTH) {
                judged = self.over_noun(noun, depth + 1);
                if group.mood == Mood::Would && judged.status == ClaimStatus::Decided && !self.made(noun) {
                    judged.status = ClaimStatus::Proposed;
                }
            }
        }
        if let Some(hung) = self.pending(verb, group, depth) {
            judged = judged.with(hung);
        }
        if group.negated || self.negative_subject(verb) {
            judged.status = ClaimStatus::NotOccurred;
        }
        // `would be lifted if …`
        if group.mood != Mood::Fact && (self.condition_after(verb) || self.condition_before(verb)) {
            judged.status = weaker(judged.status, ClaimStatus::Possible);
        }
        if group.mood == Mood::Fact
            && !group.negated
            && let Some(made) = self.clauses.antecedent(verb).filter(|_| group.past || group.perfect)
            && self.undone(made)
        {
            judged.status = ClaimStatus::Ended;
        }
        if let Some(word) = self.clauses.subordinator_over(verb)
            && let Some(o) = self.rules.operators.iter().position(|o| o.conjunction.contains(&word))
        {
            let settled = matches!(word.as_str(), "when" | "once" | "until" | "till" | "before")
                && (group.past || group.perfect)
                && group.mood == Mood::Fact;
            if !settled {
                judged = judged.with(self.apply(o));
            }
        }
        if let Some(over) = self.clauses.clause_governor(verb)
            && let Some(o) = self.operator_verb(over)
            && (!self.rules.speech_verbs.contains_key(
                &self.clauses.source.tokens[self.clauses.phrases[over].head as usize]
                    .reading
                    .verb,
            ) || self.rules.operators[o].status != ClaimStatus::Decided)
        {
            judged = judged.with(self.apply(o));
        }
        if let Some(doubt) = self.doubted(verb) {
            judged = judged.with(Judged::plain(doubt));
        }
        // A relative clause or coordinated verb takes over what stands over the first verb.
        if depth < DEPTH && group.mood == Mood::Fact {
            let before = self.clauses.before(verb);
            if before.is_some_and(|b| self.clauses.phrases[b].kind == Kind::Conjunction)
                && let Some(first) = (0..verb).rev().find(|&i| {
                    self.clauses.phrases[i].kind == Kind::Verb && self.clauses.form(i) == Some(VerbForm::Finite)
                })
            {
                let other = self.clauses.phrases[first].group;
                if other.is_some_and(|g| g.mood != Mood::Fact) && !group.past && !group.passive {
                    judged = judged.with(self.finite_mood(first));
                }
            }
        }
        judged
    }

    /// Whether a resolution or law is spoken of as one that is there: `the order would`, `signed a law that would`, but not `a resolution would`.
    fn made(&self, noun: usize) -> bool {
        let p = self.clauses.phrases[noun];
        let indefinite = ["a", "an"].iter().any(|w| self.clauses.source.is(p.start as usize, w));
        !indefinite || self.clauses.verb_of_object(noun).is_some()
    }

    /// `annulled the ruling that had banned X`: what made it is undone.
    fn undone(&self, noun: usize) -> bool {
        const UNMAKE: [&str; 10] = [
            "annul", "overturn", "revok", "rescind", "quash", "withdr", "cancel", "revers", "repeal", "struck",
        ];
        self.clauses.verb_of_object(noun).is_some_and(|v| {
            let word = self.clauses.head_word(v);
            let group = self.clauses.phrases[v].group;
            UNMAKE.iter().any(|s| word.starts_with(s))
                && group.is_some_and(|g| !g.negated && g.mood == Mood::Fact && g.form == VerbForm::Finite)
        })
    }

    /// Whether a condition follows in the same clause.
    pub(crate) fn condition_after(&self, verb: usize) -> bool {
        for i in verb + 1..self.clauses.phrases.len() {
            match self.clauses.phrases[i].kind {
                Kind::Subordinator => {
                    return matches!(
                        self.clauses.head_word(i).as_str(),
                        "if" | "unless" | "provided" | "once"
                    );
                }
                Kind::Break | Kind::Relative => return false,
                Kind::Verb if self.clauses.form(i) == Some(VerbForm::Finite) => return false,
                _ => {}
            }
        }
        false
    }

    fn finite_mood(&self, verb: usize) -> Judged {
        let mood = self.clauses.phrases[verb].group.map(|g| g.mood).unwrap_or_default();
        Judged::plain(match mood {
            Mood::Fact => ClaimStatus::InEffect,
            Mood::Future => ClaimStatus::Planned,
            Mood::Would | Mood::May => ClaimStatus::Possible,
            Mood::Should => ClaimStatus::Urged,
        })
    }

    /// `no country has`, `none of them has`, `nobody`.
    pub fn negative_subject(&self, verb: usize) -> bool {
        self.clauses.subject(verb).iter().any(|&s| {
            let p = self.clauses.phrases[s];
            let first = fold(self.clauses.source.word(p.start as usize));
            matches!(first.as_str(), "no" | "none" | "nobody" | "neither" | "nothing")
        })
    }

    /// What stands over an operator counts only if it makes a plan, wish or denial of the operator itself.
    fn shift(over: Judged) -> Judged {
        match over.status {
            ClaimStatus::InEffect | ClaimStatus::Occurred | ClaimStatus::Ended => Judged::plain(ClaimStatus::InEffect),
            _ => over,
        }
    }

    /// `asked the Supreme Court to suspend`: a request through a procedure.
    fn asks_a_court(&self, verb: usize, infinitive: usize) -> bool {
        (verb + 1..infinitive).any(|n| {
            self.clauses.phrases[n].kind == Kind::Noun && {
                let p = self.clauses.phrases[n];
                (p.start..p.end).any(|t| {
                    let word = fold(self.clauses.source.word(t as usize));
                    matches!(word.as_str(), "court" | "courts" | "tribunal" | "judge" | "judges")
                })
            }
        })
    }

    /// The status that a governing noun gives: `the decision to delist`.
    fn over_noun(&self, noun: usize, depth: usize) -> Judged {
        // `is taking action to impose`: as real as the taking.
        if matches!(self.clauses.head_word(noun).as_str(), "action" | "actions")
            && depth < DEPTH
            && let Some(v) = self.clauses.verb_of_object(noun)
        {
            let judged = self.verb_within(v, depth + 1);
            // `pressed for action to ban`.
            return match self.operator_verb(v) {
                Some(o) => judged.with(self.apply(o)),
                None => judged,
            };
        }
        // `was right to keep X on the list`: kept, and rightly.
        if matches!(self.clauses.head_word(noun).as_str(), "right" | "wrong")
            && depth < DEPTH
            && let Some(v) = self.clauses.before(noun)
            && self.clauses.phrases[v].group.is_some_and(|g| g.copula && g.past)
        {
            return self.verb_within(v, depth + 1);
        }
        let mut judged = match self.operator_noun(noun) {
            Some(o) => {
                let mut j = self.apply(o);
                if j.status == ClaimStatus::Decided && self.taken_effect(noun) {
                    j.status = ClaimStatus::InEffect;
                } else if j.status == ClaimStatus::Decided && self.unmade(noun) {
                    j.status = ClaimStatus::Proposed;
                }
                j
            }
            None => Judged::plain(ClaimStatus::Planned),
        };
        let first = fold(self.clauses.source.word(self.clauses.phrases[noun].start as usize));
        if first == "no" {
            judged.status = ClaimStatus::NotOccurred;
        }
        // `The bill to recognise X was voted down`.
        let fell = (noun + 1..self.clauses.phrases.len()).any(|v| {
            let group = self.clauses.phrases[v].group;
            group.is_some_and(|g| g.passive && !g.negated && g.mood == Mood::Fact)
                && self.clauses.form(v) == Some(VerbForm::Finite)
                && self.clauses.subject(v).contains(&noun)
                && match self.clauses.head_word(v).as_str() {
                    "defeated" | "dropped" | "shelved" | "scrapped" | "rejected" | "withdrawn" | "blocked"
                    | "vetoed" => true,
                    "voted" => self
                        .clauses
                        .after(v)
                        .is_some_and(|d| self.clauses.head_word(d) == "down"),
                    _ => false,
                }
        });
        if fell && judged.status != ClaimStatus::InEffect {
            judged.status = ClaimStatus::NotOccurred;
        }
        if let Some(v) = self.clauses.verb_of_object(noun) {
            if let Some(o) = self.operator_verb(v) {
                // `approved a proposal to ban`: what was proposed is now decided; a bill goes on to the next house.
                if judged.status == ClaimStatus::Proposed
                    && self.rules.operators[o].status == ClaimStatus::Decided
                    && matches!(
                        self.clauses.head_word(noun).as_str(),
                        "proposal" | "proposals" | "recommendation" | "plan" | "request"
                    )
                {
                    judged.status = ClaimStatus::Decided;
                }
                judged = judged.with(self.apply(o));
            }
            let group = self.clauses.phrases[v].group;
            if group.is_some_and(|g| g.negated) && depth < DEPTH {
                judged.status = ClaimStatus::NotOccurred;
            } else if group.is_some_and(|g| g.mood == Mood::May || g.mood == Mood::Would) {
                judged.status = weaker(judged.status, ClaimStatus::Possible);
            } else if group.is_some_and(|g| g.mood == Mood::Future) {
                // `will sign an order that`
                judged.status = weaker(judged.status, ClaimStatus::Planned);
            }
        }
        judged
    }

    /// A decision that is spoken of as done: recent, today's, or praised and condemned.
    fn taken_effect(&self, noun: usize) -> bool {
        let p = self.clauses.phrases[noun];
        let fresh = (p.start..p.end).any(|t| {
            matches!(
                fold(self.clauses.source.word(t as usize)).as_str(),
                "recent" | "today" | "yesterday" | "latest" | "earlier"
            )
        });
        // `Canada's decision to list X comes after`.
        let came = (noun + 1..self.clauses.phrases.len()).any(|v| {
            self.clauses.phrases[v].kind == Kind::Verb
                && self.clauses.form(v) == Some(VerbForm::Finite)
                && self.clauses.subject(v).contains(&noun)
                && matches!(
                    self.clauses.head_word(v).as_str(),
                    "comes" | "came" | "follows" | "followed"
                )
        });
        // `the decision … was welcomed`.
        let passive = (noun + 1..self.clauses.phrases.len()).find(|&v| {
            self.clauses.phrases[v].group.is_some_and(|g| g.passive && !g.negated)
                && self.clauses.form(v) == Some(VerbForm::Finite)
                && self.clauses.subject(v).contains(&noun)
        });
        let judged = self.clauses.verb_of_object(noun).or(passive).is_some_and(|v| {
            let word = fold(self.clauses.source.word(self.clauses.phrases[v].head as usize));
            [
                "condemn", "welcom", "prais", "applaud", "denounc", "criticis", "criticiz", "hail", "protest",
                "deplor", "reject", "reverse", "follow", "appeal",
            ]
            .iter()
            .any(|s| word.starts_with(s))
        });
        fresh || judged || came
    }

    /// `a bill allowing`, `a plan lifting`: as real as what it describes; an order or a law does what it says.
    fn procedure_before(&self, verb: usize) -> Option<Judged> {
        let noun = self
            .clauses
            .before(verb)
            .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)?;
        let judged = self.apply(self.operator_noun(noun)?);
        (judged.status != ClaimStatus::Decided).then_some(judged)
    }

    /// What is said of a subject by `is under consideration`, `is possible`, `is unlikely`.
    pub(crate) fn predicate(&self, verb: usize) -> Option<Judged> {
        let group = self.clauses.phrases[verb].group?;
        let word = self.clauses.head_word(verb);
        if !(group.copula || word.starts_with("remain") || word.starts_with("come")) {
            return None;
        }
        let next = self.clauses.after(verb)?;
        let p = self.clauses.phrases[next];
        let operator = match p.kind {
            Kind::Preposition => {
                let noun = self
                    .clauses
                    .after(next)
                    .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)?;
                self.operator_noun(noun)
            }
            Kind::Noun => self
                .rules
                .operators
                .iter()
                .position(|o| o.adjective.iter().any(|w| self.clauses.source.is(p.head as usize, w))),
            _ => None,
        }?;
        if group.negated {
            return None;
        }
        Some(self.apply(operator))
    }
}
