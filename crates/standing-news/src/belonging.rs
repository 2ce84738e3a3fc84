//! What noun phrases around a measure belong to it: its owner, what it explains, the examples after it.

use crate::frame::Frame;
use crate::lexicon::Class;
use crate::phrase::{Kind, VerbForm};
use crate::resolve::{Value, ValueKind};
use crate::slots::Place;
use crate::text::{Shape, fold};

impl Place<'_> {
    /// The measure among noun phrases, also where they only count or bundle it: `a package of sanctions`, `$6 billion in frozen funds`.
    pub(crate) fn measure(&self, nouns: &[usize], words: &[String]) -> Option<usize> {
        let inside = nouns.iter().find_map(|&p| {
            let head = &self.document.cut.tokens[self.clauses.phrases[p].head as usize];
            if !(head.reading.has(Class::Measure) || head.reading.has(Class::Number) || head.shape == Shape::Number) {
                return None;
            }
            self.clauses
                .attached_to(p)
                .0
                .iter()
                .filter(|a| matches!(a.word.as_str(), "of" | "in"))
                .flat_map(|a| a.nouns.clone())
                .find(|&n| self.headed(n, words))
        });
        inside.or_else(|| nouns.iter().copied().find(|&p| self.headed(p, words)))
    }

    /// `the nations of Bahrain and Kosovo`: they themselves.
    pub(crate) fn states_of(&self, phrase: usize) -> Option<Vec<usize>> {
        let head = self.clauses.head_word(phrase);
        if !matches!(
            head.as_str(),
            "nations" | "countries" | "states" | "governments" | "republics" | "leaders" | "presidents" | "ministers"
        ) {
            return None;
        }
        let nouns = self
            .clauses
            .attached_to(phrase)
            .0
            .into_iter()
            .find(|a| a.word == "of")?
            .nouns;
        let states = nouns
            .iter()
            .all(|&n| self.document.resolve(self.clauses, n).kind == ValueKind::State);
        (states && nouns.len() > 1).then_some(nouns)
    }

    /// Plain nouns joined to a described one make one party: `11 individuals, companies, and vessels`, but not `five banks and three oligarchs`.
    pub(crate) fn bundles(&self, phrases: &[usize]) -> Vec<Vec<usize>> {
        let mut out: Vec<Vec<usize>> = Vec::new();
        for pair in phrases.windows(2) {
            let (left, right) = (pair[0], pair[1]);
            if !(self.described(left) && self.described(right) && self.bare(right) && self.near_joined(left, right)) {
                continue;
            }
            match out.last_mut().filter(|b| b.last() == Some(&left)) {
                Some(bundle) => bundle.push(right),
                None => out.push(vec![left, right]),
            }
        }
        out
    }

    /// The words of several noun phrases as one party.
    pub(crate) fn bundled(&self, bundle: &[usize]) -> Value {
        let first = self.document.resolve(self.clauses, bundle[0]);
        let last = self.document.resolve(self.clauses, bundle[bundle.len() - 1]);
        let p = self.clauses.phrases[bundle[0]];
        let end = last
            .tokens
            .1
            .max(self.clauses.phrases[bundle[bundle.len() - 1]].end as usize);
        let mut start = p.start as usize;
        let article = ["the", "these", "those", "all"]
            .iter()
            .any(|w| self.clauses.source.is(start, w));
        if article && start + 1 < p.end as usize {
            start += 1;
        }
        Value {
            name: self.document.words(start, end),
            kind: ValueKind::Group,
            tokens: (p.start as usize, end),
            ..first
        }
    }

    fn near_joined(&self, left: usize, right: usize) -> bool {
        right > left
            && right - left <= 3
            && (left + 1..right).all(|i| {
                matches!(
                    self.clauses.phrases[i].kind,
                    Kind::Comma | Kind::Conjunction | Kind::Adverb
                )
            })
    }

    fn described(&self, noun: usize) -> bool {
        let p = self.clauses.phrases[noun];
        let head = self.document.cut.tokens[p.head as usize];
        self.document.mentions.at(p.head as usize).is_none()
            && head.shape == Shape::Lower
            && !head.reading.has(Class::Pronoun)
            && !head.reading.has(Class::StateNoun)
    }

    /// A noun alone, or with plain adjectives: no article, number, owner or name.
    fn bare(&self, noun: usize) -> bool {
        let p = self.clauses.phrases[noun];
        (p.start..=p.head).all(|t| {
            let token = self.document.cut.tokens[t as usize];
            token.shape == Shape::Lower
                && !token.reading.has(Class::Determiner)
                && !token.reading.has(Class::Possessive)
                && !token.reading.has(Class::Number)
                && self.document.mentions.at(t as usize).is_none()
        }) && p.head == p.start
    }

    /// `groups such as A and B`, `individuals, including A`.
    pub(crate) fn examples(&self, phrase: usize) -> Vec<usize> {
        let mut at = phrase;
        let plural = self.described(phrase) && self.clauses.head_word(phrase).ends_with('s');
        for step in 0..10 {
            let Some(next) = self.clauses.after(at) else {
                return Vec::new();
            };
            let p = self.clauses.phrases[next];
            // `two ministers, A and B, for`: they are named.
            if plural && p.kind == Kind::Comma && at == phrase {
                let names = self.named_after(next);
                if names.len() > 1 {
                    return names;
                }
            }
            // `individuals supplying oil to the regime, including A`: what tells more of them is passed over.
            let tells = plural
                && (p.kind == Kind::Verb
                    && matches!(self.clauses.form(next), Some(VerbForm::Gerund | VerbForm::Participle))
                    && next == phrase + 1
                    || p.kind == Kind::Preposition
                        && !matches!(
                            self.clauses.head_word(next).as_str(),
                            "including" | "as" | "against" | "on"
                        )
                    || p.kind == Kind::Noun && step > 1);
            if tells {
                at = next;
                continue;
            }
            if step > 3 && p.kind != Kind::Preposition && p.kind != Kind::Comma {
                return Vec::new();
            }
            if p.kind == Kind::Preposition && matches!(self.clauses.head_word(next).as_str(), "including" | "as") {
                let such = self.clauses.head_word(next) == "including"
                    || self.clauses.source.is((p.head as usize).wrapping_sub(1), "such");
                if let Some(n) = self
                    .clauses
                    .after(next)
                    .filter(|&n| such && self.clauses.phrases[n].kind == Kind::Noun)
                {
                    return self.clauses.joined_right(n).0;
                }
                return Vec::new();
            }
            // `the government, several states, including A`: examples of what stands nearer.
            let nearer = !plural && p.kind == Kind::Noun && step > 0;
            if nearer || !matches!(p.kind, Kind::Comma | Kind::Noun) {
                return Vec::new();
            }
            at = next;
        }
        Vec::new()
    }

    /// Names after a comma that another comma, or the end, closes.
    fn named_after(&self, comma: usize) -> Vec<usize> {
        let Some(first) = self
            .clauses
            .after(comma)
            .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
        else {
            return Vec::new();
        };
        let (list, last) = self.clauses.joined_right(first);
        let closed = self
            .clauses
            .after(last)
            .is_none_or(|c| matches!(self.clauses.phrases[c].kind, Kind::Comma | Kind::Break));
        let named = list.iter().all(|&n| {
            self.document
                .entity_value(self.clauses.phrases[n].head as usize)
                .is_some_and(|v| matches!(v.kind, ValueKind::Person | ValueKind::Organisation | ValueKind::Thing))
        });
        if closed && named { list } else { Vec::new() }
    }

    /// What a noun phrase explains: the noun before its comma or dash, the subject of `is`, or what follows `such as`.
    pub(crate) fn apposed(&self, noun: usize) -> Vec<usize> {
        let examples = self.examples(noun);
        if !examples.is_empty() {
            return examples;
        }
        let p = self.clauses.phrases[noun];
        // `the terrorist group Hamas`: its own name.
        let described = ["a", "an"].iter().any(|w| self.clauses.source.is(p.start as usize, w));
        if self.document.mentions.at(p.head as usize).is_some() && !described {
            return vec![noun];
        }
        match self.clauses.before(noun) {
            Some(b) if matches!(self.clauses.phrases[b].kind, Kind::Comma | Kind::Break) => self
                .clauses
                .before(b)
                .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
                .into_iter()
                .collect(),
            Some(v) if self.clauses.phrases[v].group.is_some_and(|g| g.copula) => self.clauses.subject(v),
            _ => Vec::new(),
        }
    }

    /// The owner of what bundles a measure: `the EU's 18th package of sanctions`.
    pub(crate) fn bundle_owner(&self, noun: usize) -> Option<Value> {
        let of = self
            .clauses
            .before(noun)
            .filter(|&p| self.clauses.phrases[p].kind == Kind::Preposition && self.clauses.head_word(p) == "of")?;
        let bundle = self
            .clauses
            .before(of)
            .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)?;
        let head = self.document.cut.tokens[self.clauses.phrases[bundle].head as usize];
        head.reading.has(Class::Measure).then(|| self.owner(bundle)).flatten()
    }

    /// The nouns that a noun phrase completes over prepositions: `embargo` of `Sudan` in `an embargo on Sudan`.
    pub(crate) fn chain_before(&self, noun: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut at = noun;
        for _ in 0..3 {
            let Some(n) = self
                .clauses
                .before(at)
                .filter(|&p| self.clauses.phrases[p].kind == Kind::Preposition)
                .and_then(|p| self.clauses.before(p))
                .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
            else {
                break;
            };
            out.push(n);
            at = n;
        }
        out
    }

    /// The noun phrases of a slot.
    pub(crate) fn phrases_of(&self, slot: &str, frame: &Frame, measure: Option<usize>, trigger: usize) -> Vec<usize> {
        match slot {
            "agent" => frame.agents.clone(),
            "patient" => frame.patients.clone(),
            "complement" => frame.complements.clone(),
            "apposed" => measure.map_or_else(Vec::new, |m| self.apposed(m)),
            "relative" => measure.map_or_else(Vec::new, |m| self.clauses.relative_subject(m)),
            "speaker" => (0..self.clauses.phrases.len())
                .rev()
                .find(|&v| {
                    self.clauses.phrases[v].kind == Kind::Verb
                        && (self.clauses.phrases[v].start as usize) <= trigger
                        && self.clauses.form(v) == Some(VerbForm::Finite)
                })
                .and_then(|v| self.clauses.clause_governor(v))
                .map(|g| self.clauses.subject(g))
                .unwrap_or_default(),
            preposition => frame
                .attached
                .iter()
                .filter(|a| a.word == preposition)
                .flat_map(|a| a.nouns.clone())
                .collect(),
        }
    }

    /// Whose list it is when that stands at the end: `the list of terrorist organisations of the European Union`.
    pub(crate) fn list_keeper(&self, slot: &str, noun: usize) -> Option<Value> {
        if slot != "holder" {
            return None;
        }
        let keeps = |at: usize| {
            let value = self.document.resolve(self.clauses, at);
            (value.code.is_some() && matches!(value.kind, ValueKind::State | ValueKind::Body)).then_some(value)
        };
        let attached = self.clauses.attached_to(noun).0;
        let mut at = noun;
        for _ in 0..2 {
            let Some(&next) = self
                .clauses
                .attached_to(at)
                .0
                .iter()
                .find(|a| a.word == "of")
                .and_then(|a| a.nouns.first())
            else {
                break;
            };
            at = next;
            if let Some(value) = keeps(at) {
                return Some(value);
            }
        }
        // `the list of banned organisations in Britain`.
        attached
            .iter()
            .filter(|a| a.word == "in")
            .flat_map(|a| &a.nouns)
            .find_map(|&n| keeps(n))
    }

    /// `EU and US sanctions`, `US, British and EU sanctions`: the states joined before the owner of a noun.
    pub(crate) fn joint_owners(&self, noun: usize) -> Vec<Value> {
        let mut out = Vec::new();
        let mut at = noun;
        for _ in 0..4 {
            let Some(left) = self
                .clauses
                .before(at)
                .filter(|&c| matches!(self.clauses.phrases[c].kind, Kind::Conjunction | Kind::Comma))
                .and_then(|c| self.clauses.before(c))
                .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
            else {
                break;
            };
            let p = self.clauses.phrases[left];
            let alone = self.document.entity_value(p.head as usize).filter(|v| {
                v.kind == ValueKind::State && v.tokens.1 == p.end as usize && v.tokens.0 <= p.start as usize + 1
            });
            match alone {
                Some(value) => out.push(value),
                None => break,
            }
            at = left;
        }
        // Only where the last of them owns the noun as an adjective does, not `Cuba and US sanctions` of two things.
        if self.owner(noun).is_some_and(|v| v.kind == ValueKind::State) {
            out
        } else {
            Vec::new()
        }
    }

    /// Where a list of owners begins: the first of `EU and US sanctions`.
    pub(crate) fn first_joint(&self, noun: usize) -> usize {
        let mut at = noun;
        for owner in self.joint_owners(noun) {
            if let Some(i) = (0..at).rev().find(|&i| {
                let p = self.clauses.phrases[i];
                p.kind == Kind::Noun && p.start as usize <= owner.tokens.0 && owner.tokens.1 <= p.end as usize
            }) {
                at = i;
            }
        }
        at
    }

    /// The owner of the noun that this one is joined to: `the Council's A and B lists`.
    pub(crate) fn shared_owner(&self, noun: usize) -> Option<Value> {
        let conjunction = self
            .clauses
            .before(noun)
            .filter(|&c| self.clauses.phrases[c].kind == Kind::Conjunction)?;
        let left = self
            .clauses
            .before(conjunction)
            .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)?;
        let p = self.clauses.phrases[left];
        let possessed = (p.start..p.end).any(|t| self.document.cut.tokens[t as usize].shape == Shape::Possessive);
        // `the UNSC A and B list`: the union's without a genitive.
        self.owner(left)
            .filter(|v| possessed || matches!(v.code.as_deref(), Some("UN" | "EU")))
    }

    /// `Donetsk and Luhansk People's Republics`: each is one of what the last name ends in.
    pub(crate) fn share_head(values: &mut [Value]) {
        const SHARED: [&str; 16] = [
            "republics",
            "provinces",
            "brigades",
            "battalions",
            "councils",
            "fronts",
            "movements",
            "parties",
            "governments",
            "groups",
            "regions",
            "authorities",
            "ministries",
            "courts",
            "cartels",
            "emirates",
        ];
        let Some((last, others)) = values.split_last_mut() else {
            return;
        };
        let Some((before, plural)) = last.name.rsplit_once(' ') else {
            return;
        };
        let folded = fold(plural);
        let own = before.split(' ').count();
        let plain = |v: &Value| v.code.is_none() && v.id.is_none() && v.name.starts_with(char::is_uppercase);
        let short = |v: &Value| v.name.split(' ').count() <= own.min(2);
        let capital = plural.starts_with(char::is_uppercase);
        if others.is_empty()
            || !capital
            || !SHARED.contains(&folded.as_str())
            || !others.iter().all(|v| plain(v) && short(v))
        {
            return;
        }
        let one = match plural.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => plural.trim_end_matches('s').to_owned(),
        };
        // What stands between the name and the plural belongs to each: `People's`.
        let shared = before
            .split_once(' ')
            .map_or(String::new(), |(_, rest)| format!("{rest} "));
        for v in others {
            v.name = format!("{} {shared}{one}", v.name);
            v.kind = ValueKind::Organisation;
        }
        last.name = format!("{before} {one}");
        last.kind = ValueKind::Organisation;
    }

    /// The possessor or state adjective in a noun phrase, or the state in `the list of the US`.
    pub fn owner(&self, noun: usize) -> Option<Value> {
        let p = self.clauses.phrases[noun];
        for t in p.start as usize..p.end as usize {
            let token = &self.document.cut.tokens[t];
            // `Omar Delta, whose assets were frozen`
            if self.clauses.source.is(t, "whose") {
                let comma = self.clauses.before(noun)?;
                let named = if self.clauses.phrases[comma].kind == Kind::Comma {
                    self.clauses.before(comma)?
                } else {
                    comma
                };
                return (self.clauses.phrases[named].kind == Kind::Noun)
                    .then(|| self.document.resolve(self.clauses, named));
            }
            if token.reading.has(Class::Possessive) && self.document.mentions.at(t).is_none() {
                if self.clauses.source.is(t, "their")
                    && let Some(value) = self.document.described_before(self.clauses, noun)
                {
                    return Some(Value {
                        tokens: (t, t + 1),
                        ..value
                    });
                }
                return self.document.pronoun(t).map(|v| Value {
                    tokens: (t, t + 1),
                    ..v
                });
            }
            if token.shape == Shape::Possessive && t > p.start as usize {
                if let Some(value) = self.document.entity_value(t - 1) {
                    return Some(value);
                }
                if let Some(code) = self.document.official_state(p.start as usize, t) {
                    return Some(Value {
                        name: code.clone(),
                        code: Some(code),
                        kind: ValueKind::State,
                        id: None,
                        tokens: (p.start as usize, t),
                    });
                }
            }
        }
        // `the U.S. Embassy`: the state's, by its name.
        let post = ["embassy", "consulate", "embassies"]
            .iter()
            .any(|w| self.clauses.source.is(p.head as usize, w));
        if post && let Some(value) = self.document.entity_value(p.head as usize).filter(|v| v.code.is_some()) {
            return Some(value);
        }
        let own = self.document.mentions.at(p.head as usize).map_or(p.head, |m| m.start);
        (p.start as usize..own as usize)
            .rev()
            .find_map(|t| self.document.entity_value(t))
    }
}
