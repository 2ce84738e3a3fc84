//! What hangs on something that is not made yet: what a bill, draft or plan does, what is demanded in the subjunctive, what holds only if.
//!
//! Only the present tense is doubted: `the bill bans` tells what the bill says, `the bill banned` what it did.

use standing_model::ClaimStatus;

use super::{DEPTH, Judge, Judged};
use crate::phrase::{Group, Kind, Mood, VerbForm};

/// What is no more than words until somebody makes it so.
const UNMADE: [&str; 16] = [
    "bill",
    "bills",
    "proposal",
    "proposals",
    "plan",
    "plans",
    "draft",
    "drafts",
    "motion",
    "motions",
    "petition",
    "petitions",
    "recommendation",
    "recommendations",
    "lawsuit",
    "lawsuits",
];

/// Verbs that make a bill or plan more than that.
const MADE: [&str; 8] = [
    "sign",
    "enact",
    "adopt",
    "implement",
    "promulgat",
    "unveil",
    "announc",
    "publish",
];

impl Judge<'_> {
    /// The status that a verb in the present has from what it hangs on.
    pub(super) fn pending(&self, verb: usize, group: Group, depth: usize) -> Option<Judged> {
        if self.subjunctive(verb, group) {
            return Some(Judged::plain(ClaimStatus::Decided));
        }
        if group.mood != Mood::Fact || group.past || group.perfect || group.form != VerbForm::Finite || depth >= DEPTH {
            return None;
        }
        // `The bill requires`: what it says, not what it does.
        if self.clauses.head_word(verb).starts_with("requir") {
            return None;
        }
        let antecedent = self.clauses.antecedent(verb);
        let mut nouns = self.clauses.subject(verb);
        nouns.extend(antecedent);
        let over: Vec<usize> = nouns.iter().filter_map(|&n| self.whole(n)).collect();
        nouns.extend(over);
        if nouns.iter().any(|&n| self.next_round(n)) {
            return Some(Judged::plain(ClaimStatus::Planned));
        }
        if let Some(judged) = nouns.iter().find_map(|&n| self.draft(n)) {
            return Some(judged);
        }
        // `is preparing a package that includes`, `approved no list that`.
        if let Some(v) = antecedent.and_then(|n| self.clauses.verb_of_object(n))
            && let Some(o) = self.operator_verb(v)
            && self.rules.operators[o].status != ClaimStatus::Decided
        {
            return Some(self.apply(o));
        }
        if let Some(judged) = self.by_a_draft(verb) {
            return Some(judged);
        }
        let lasting = ["remain", "stay", "keep", "kept"]
            .iter()
            .any(|w| self.clauses.head_word(verb).starts_with(w));
        let conditional = !group.copula && !lasting && (self.condition_after(verb) || self.condition_within(verb));
        conditional.then(|| Judged::plain(ClaimStatus::Possible))
    }

    /// `a package of sanctions`: the package.
    pub(crate) fn whole(&self, noun: usize) -> Option<usize> {
        let of = self
            .clauses
            .before(noun)
            .filter(|&p| self.clauses.phrases[p].kind == Kind::Preposition && self.clauses.head_word(p) == "of")?;
        self.clauses
            .before(of)
            .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
    }

    /// `the bill`, `a draft resolution`, `the proposed law`, unless the sentence tells that it was made.
    fn draft(&self, noun: usize) -> Option<Judged> {
        let head = self.clauses.head_word(noun);
        let named = UNMADE.contains(&head.as_str());
        if !named && !self.unmade(noun) {
            return None;
        }
        let made = (0..self.clauses.phrases.len()).any(|v| {
            self.clauses.phrases[v].kind == Kind::Verb && {
                let word = self.clauses.head_word(v);
                let group = self.clauses.phrases[v].group;
                MADE.iter().any(|s| word.starts_with(s))
                    && group.is_some_and(|g| g.mood == Mood::Fact && !g.negated && (g.past || g.perfect || g.passive))
                    && (self.clauses.verb_of_object(noun) == Some(v) || v == noun + 1 || v == noun + 2)
            }
        });
        if made && !self.unmade(noun) {
            return None;
        }
        let said = self.operator_noun(noun).map(|o| self.apply(o));
        Some(match said {
            Some(j) if !matches!(j.status, ClaimStatus::Decided) => j,
            _ => Judged::plain(ClaimStatus::Proposed),
        })
    }

    /// `Under the plan, Canada lifts sanctions`.
    fn by_a_draft(&self, verb: usize) -> Option<Judged> {
        let clauses = self.clauses;
        let edge = |i: usize| {
            matches!(
                clauses.phrases[i].kind,
                Kind::Break | Kind::Subordinator | Kind::Relative
            )
        };
        let start = (0..verb).rev().find(|&i| edge(i)).map_or(0, |i| i + 1);
        let end = (verb + 1..clauses.phrases.len())
            .find(|&i| edge(i))
            .unwrap_or(clauses.phrases.len());
        (start..end)
            .filter(|&p| clauses.phrases[p].kind == Kind::Preposition && clauses.head_word(p) == "under")
            .filter_map(|p| clauses.after(p))
            .filter(|&n| clauses.phrases[n].kind == Kind::Noun)
            .find_map(|n| self.draft(n))
    }

    /// `demands that X be expelled`: asked or ordered, whatever verb asks.
    fn subjunctive(&self, verb: usize, group: Group) -> bool {
        let first = self.clauses.phrases[verb].start as usize;
        group.form == VerbForm::Finite
            && group.passive
            && group.mood == Mood::Fact
            && self.clauses.source.is(first, "be")
            && self.clauses.clause_governor(verb).is_some()
    }

    /// `The listing, once adopted, freezes`: a condition set into the clause.
    fn condition_within(&self, verb: usize) -> bool {
        let clauses = self.clauses;
        let Some(comma) = clauses.before(verb).filter(|&c| clauses.phrases[c].kind == Kind::Comma) else {
            return false;
        };
        (0..comma)
            .rev()
            .take_while(|&i| clauses.phrases[i].kind != Kind::Break)
            .find(|&i| clauses.phrases[i].kind == Kind::Subordinator)
            .is_some_and(|i| {
                matches!(clauses.head_word(i).as_str(), "if" | "once" | "unless")
                    && clauses
                        .before(i)
                        .is_some_and(|c| clauses.phrases[c].kind == Kind::Comma)
            })
    }
}
