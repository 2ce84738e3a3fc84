//! Orders, laws, policies and packages that stand between an authority and its measure: who made them is who acts.

use crate::frame::Frame;
use crate::kinds::fits;
use crate::phrase::Kind;
use crate::resolve::Value;
use crate::rule::Pattern;
use crate::slots::Place;

/// Nouns for the act that stands between an authority and a measure: who made them is who acts.
const INSTRUMENTS: [&str; 32] = [
    "license",
    "licence",
    "waiver",
    "bill",
    "law",
    "order",
    "decree",
    "resolution",
    "legislation",
    "decision",
    "package",
    "move",
    "ruling",
    "act",
    "measure",
    "measures",
    "regulation",
    "proposal",
    "amendment",
    "step",
    "designation",
    "action",
    "announcement",
    "sanctions",
    "listing",
    "policy",
    "rule",
    "ban",
    "restriction",
    "embargo",
    "directive",
    "package",
];

impl Place<'_> {
    /// Whether what acts is an instrument that the article spoke of before: `the new policy`, `these measures`.
    pub(crate) fn instrument(&self, frame: &Frame) -> bool {
        frame.agents.iter().any(|&n| {
            let word = self.clauses.head_word(n);
            let start = self.clauses.phrases[n].start as usize;
            let definite = ["the", "this", "these", "such"]
                .iter()
                .any(|w| self.clauses.source.is(start, w));
            definite
                && (INSTRUMENTS.contains(&word.as_str())
                    || word.strip_suffix('s').is_some_and(|w| INSTRUMENTS.contains(&w)))
        })
    }

    /// Who made the bill, order or package that does it.
    pub(crate) fn behind_instrument(&self, rule: &Pattern, frame: &Frame) -> Vec<Value> {
        for &noun in &frame.agents {
            let word = self.clauses.head_word(noun);
            if !INSTRUMENTS.contains(&word.as_str())
                && !word.strip_suffix('s').is_some_and(|w| INSTRUMENTS.contains(&w))
            {
                continue;
            }
            let mut out: Vec<Value> = self.owner(noun).into_iter().collect();
            if out.is_empty() {
                for a in self
                    .clauses
                    .attached_to(noun)
                    .0
                    .iter()
                    .filter(|a| matches!(a.word.as_str(), "by" | "from"))
                {
                    out.extend(a.nouns.iter().map(|&n| self.document.resolve(self.clauses, n)));
                }
            }
            if out.is_empty()
                && let Some(v) = self.clauses.verb_of_object(noun)
            {
                out.extend(
                    self.clauses
                        .frame(v)
                        .agents
                        .iter()
                        .filter(|&&n| n != noun)
                        .map(|&n| self.document.resolve(self.clauses, n)),
                );
            }
            if out.is_empty() {
                // `A bill that would … was introduced in the US Senate.`
                if let Some(v) = (noun..self.clauses.phrases.len()).find(|&v| {
                    self.clauses.phrases[v].kind == Kind::Verb
                        && self.clauses.phrases[v].group.is_some_and(|g| g.passive)
                        && self.clauses.antecedent(v).is_none()
                        && self.clauses.subject(v).contains(&noun)
                }) {
                    let passive = self.clauses.frame(v);
                    for a in passive
                        .attached
                        .iter()
                        .filter(|a| matches!(a.word.as_str(), "by" | "in"))
                    {
                        out.extend(a.nouns.iter().map(|&n| self.document.resolve(self.clauses, n)));
                    }
                }
            }
            out.retain(|v| v.code.is_some() && fits(&rule.actor_is, v));
            if !out.is_empty() {
                return out;
            }
        }
        Vec::new()
    }
}
