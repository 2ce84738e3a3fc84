//! Clauses: who does what to whom around a verb group or a noun.
//!
//! No tree is built. From a verb group one walks left to its subject, over appositions, relative clauses and prepositional phrases, and
//! right to its objects and prepositional phrases, up to where another clause begins. Infinitives and participles take the subject of what
//! governs them; passives are turned round, so that rules speak of the agent and the patient only.

use crate::lexicon::Class;
use crate::phrase::{Kind, Phrase, Source, VerbForm};
use crate::text::{Shape, fold};

/// A prepositional phrase of a verb or noun.
#[derive(Debug, Clone)]
pub struct Attached {
    /// The preposition, in small letters.
    pub word: String,
    /// Its noun phrases.
    pub nouns: Vec<usize>,
}

/// The parts of a clause, as indices of phrases.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Who does it.
    pub agents: Vec<usize>,
    /// To whom or what.
    pub patients: Vec<usize>,
    /// What the patient is called or made: after a passive verb or a first object.
    pub complements: Vec<usize>,
    /// With prepositions.
    pub attached: Vec<Attached>,
    /// The phrases that it reaches over.
    pub first: usize,
    /// The last phrase that it reaches over.
    pub last: usize,
}

/// What governs an infinitive, gerund or clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Governor {
    /// A verb group.
    Verb(usize),
    /// A noun phrase: `the decision to delist`.
    Noun(usize),
    /// A preposition with what stands before it: `without lifting`.
    Preposition(usize),
    /// Nothing to the left: the gerund is itself a subject, or the infinitive opens the sentence.
    Nothing,
}

/// One sentence's phrases with the ways through them.
pub struct Clauses<'a> {
    /// Text and names.
    pub source: &'a Source<'a>,
    /// The phrases.
    pub phrases: Vec<Phrase>,
}

/// Verbs whose object does the infinitive: `urged the US to return`.
const OBJECT_CONTROL: [&str; 33] = [
    "urge",
    "ask",
    "call",
    "order",
    "force",
    "require",
    "allow",
    "tell",
    "encourage",
    "want",
    "press",
    "request",
    "advise",
    "direct",
    "instruct",
    "persuade",
    "permit",
    "enable",
    "compel",
    "expect",
    "authorize",
    "authorise",
    "lead",
    "invite",
    "pressure",
    "warn",
    "cause",
    "get",
    "appeal",
    "lobby",
    "push",
    "oblige",
    "convince",
];

impl Clauses<'_> {
    /// The lemma of a verb group's head, folded.
    pub fn lemma_is(&self, phrase: usize, words: &[&str], lemmas: impl Fn(&str) -> Option<u32>) -> bool {
        let verb = self.source.tokens[self.phrases[phrase].head as usize].reading.verb;
        verb != 0 && words.iter().any(|w| lemmas(w) == Some(verb))
    }

    fn kind(&self, i: usize) -> Kind {
        self.phrases[i].kind
    }

    /// The form of a verb group.
    pub fn form(&self, i: usize) -> Option<VerbForm> {
        self.phrases[i].group.map(|g| g.form)
    }

    /// The folded head word.
    pub fn head_word(&self, i: usize) -> String {
        fold(self.source.word(self.phrases[i].head as usize))
    }

    fn transparent(&self, i: usize) -> bool {
        matches!(self.kind(i), Kind::Adverb | Kind::Quote | Kind::Aside)
    }

    /// Index of the previous phrase that matters.
    pub fn before(&self, i: usize) -> Option<usize> {
        let mut i = i;
        while i > 0 {
            i -= 1;
            if !self.transparent(i) {
                return Some(i);
            }
        }
        None
    }

    /// Index of the next phrase that matters.
    pub fn after(&self, i: usize) -> Option<usize> {
        (i + 1..self.phrases.len()).find(|&j| !self.transparent(j))
    }

    /// Goes left from a noun phrase over `of …` and other prepositional phrases to the noun phrase that heads them.
    fn head_of_chain(&self, noun: usize) -> Option<usize> {
        let mut noun = noun;
        for _ in 0..8 {
            let Some(p) = self.before(noun) else { return Some(noun) };
            match self.kind(p) {
                Kind::Preposition => match self.before(p) {
                    Some(b) if self.kind(b) == Kind::Noun => noun = b,
                    // The phrase opens the clause: `In Kabul the group …` has two nouns; a lone one is no subject.
                    _ => return None,
                },
                _ => return Some(noun),
            }
        }
        Some(noun)
    }

    /// The noun phrases joined to this one on its left: `A, B and C`.
    fn joined_left(&self, noun: usize) -> Vec<usize> {
        let mut out = vec![noun];
        let Some(conjunction) = self.before(noun) else {
            return out;
        };
        if self.kind(conjunction) != Kind::Conjunction {
            return out;
        }
        let mut at = conjunction;
        if let Some(c) = self.before(at).filter(|&c| self.kind(c) == Kind::Comma) {
            at = c;
        }
        let mut found = Vec::new();
        while let Some(n) = self.before(at).filter(|&n| self.kind(n) == Kind::Noun) {
            let head = self.head_of_chain(n);
            let Some(head) = head else { break };
            found.push(head);
            match self.before(head) {
                Some(c) if self.kind(c) == Kind::Comma => at = c,
                Some(v) if self.kind(v) == Kind::Verb && self.form(v) != Some(VerbForm::Participle) => return out,
                _ => break,
            }
        }
        out.extend(found);
        out.reverse();
        out
    }

    /// The noun phrases joined to this one on its right, with the index after the last.
    pub fn joined_right(&self, noun: usize) -> (Vec<usize>, usize) {
        let mut out = vec![noun];
        let mut last = noun;
        let mut at = noun;
        for _ in 0..40 {
            let Some(mut next) = self.after(at) else { break };
            // `the Taliban and the Haqqani network`, `A, B and C`, `A (x), B`.
            let separator = self.kind(next);
            if separator == Kind::Preposition && self.head_word(next) == "of" {
                if let Some(n) = self.after(next).filter(|&n| self.kind(n) == Kind::Noun) {
                    at = n;
                    last = n;
                    continue;
                }
            }
            if !matches!(separator, Kind::Comma | Kind::Conjunction) {
                break;
            }
            if separator == Kind::Comma {
                if let Some(c) = self.after(next).filter(|&c| self.kind(c) == Kind::Conjunction) {
                    next = c;
                }
            }
            let Some(n) = self.after(next).filter(|&n| self.kind(n) == Kind::Noun) else {
                break;
            };
            // Another clause: `… A, and B said`.
            let mut follow = self.after(n);
            while let Some(f) = follow {
                if self.kind(f) == Kind::Preposition {
                    follow = self.after(f).and_then(|n| self.after(n));
                    continue;
                }
                break;
            }
            if follow.is_some_and(|f| self.kind(f) == Kind::Verb && self.form(f) == Some(VerbForm::Finite)) {
                break;
            }
            if separator == Kind::Comma && self.kind(next) == Kind::Comma {
                // An apposition, not a list, unless the list goes on to a conjunction.
                let list = self.list_goes_on(n);
                if !list {
                    break;
                }
            }
            out.push(n);
            last = n;
            at = n;
        }
        (out, last)
    }

    /// Whether a comma list reaches a conjunction.
    fn list_goes_on(&self, noun: usize) -> bool {
        let mut at = noun;
        for _ in 0..60 {
            let Some(next) = self.after(at) else { return false };
            match self.kind(next) {
                Kind::Conjunction => return self.after(next).is_some_and(|n| self.kind(n) == Kind::Noun),
                Kind::Comma => {
                    if let Some(c) = self.after(next).filter(|&c| self.kind(c) == Kind::Conjunction) {
                        return self.after(c).is_some_and(|n| self.kind(n) == Kind::Noun);
                    }
                    match self.after(next) {
                        Some(n) if self.kind(n) == Kind::Noun => at = n,
                        _ => return false,
                    }
                }
                Kind::Preposition => match self.after(next) {
                    Some(n) if self.kind(n) == Kind::Noun => at = n,
                    _ => return false,
                },
                _ => return false,
            }
        }
        false
    }

    /// The grammatical subject's noun phrases.
    pub fn subject(&self, verb: usize) -> Vec<usize> {
        self.subject_within(verb, 0)
    }

    fn subject_within(&self, verb: usize, depth: usize) -> Vec<usize> {
        if depth > 6 {
            return Vec::new();
        }
        let form = self.form(verb);
        match form {
            Some(VerbForm::Infinitive | VerbForm::Gerund) => {
                return match self.governor(verb) {
                    Governor::Verb(g) => {
                        if form == Some(VerbForm::Infinitive) {
                            // Object control: the noun between.
                            if let Some(b) = self.before(verb).filter(|&b| self.kind(b) == Kind::Noun) {
                                let word = fold(self.source.word(self.phrases[g].head as usize));
                                let stem = OBJECT_CONTROL.iter().any(|o| {
                                    word.starts_with(&o[..o.len().min(word.len()).max(3).min(o.len())])
                                        && word.len() <= o.len() + 4
                                });
                                let group = self.phrases[g].group;
                                if stem && !group.is_some_and(|x| x.passive) {
                                    if let Some(head) = self.control_object(g, b) {
                                        return head;
                                    }
                                }
                            }
                        }
                        self.subject_within(g, depth + 1)
                    }
                    Governor::Noun(n) => self.noun_agents(n, depth),
                    Governor::Preposition(p) => {
                        // `by designating`, `for lifting`: the subject of the clause's verb.
                        let verb = (0..p)
                            .rev()
                            .find(|&i| self.kind(i) == Kind::Verb && self.form(i) != Some(VerbForm::Participle));
                        match verb.or_else(|| (verb.is_none()).then(|| self.main_after(p)).flatten()) {
                            Some(v) => self.subject_within(v, depth + 1),
                            None => Vec::new(),
                        }
                    }
                    Governor::Nothing => Vec::new(),
                };
            }
            Some(VerbForm::Participle) => {
                return match self.before(verb) {
                    Some(n) if self.kind(n) == Kind::Noun => vec![self.participle_noun(n)],
                    Some(c) if self.kind(c) == Kind::Comma => match self.before(c) {
                        Some(n) if self.kind(n) == Kind::Noun => vec![n],
                        _ => Vec::new(),
                    },
                    Some(c) if self.kind(c) == Kind::Conjunction => self
                        .before_verb(c)
                        .map_or_else(Vec::new, |v| self.subject_within(v, depth + 1)),
                    None => self
                        .main_after(verb)
                        .map_or_else(Vec::new, |v| self.subject_within(v, depth + 1)),
                    _ => Vec::new(),
                };
            }
            _ => {}
        }
        let Some(mut at) = self.before(verb) else {
            return Vec::new();
        };
        for _ in 0..30 {
            match self.kind(at) {
                Kind::Noun => {
                    let Some(head) = self.head_of_chain(at) else {
                        // `In 2003, the group was banned` never comes here; `According to X the group` has its own noun.
                        return Vec::new();
                    };
                    return self.joined_left(head);
                }
                Kind::Relative => {
                    let mut b = self.before(at);
                    if let Some(c) = b.filter(|&c| self.kind(c) == Kind::Comma) {
                        b = self.before(c);
                    }
                    if let Some(p) = b.filter(|&p| self.kind(p) == Kind::Preposition) {
                        b = self.before(p);
                    }
                    return match b {
                        Some(n) if self.kind(n) == Kind::Noun => vec![self.relative_head(n, verb)],
                        _ => Vec::new(),
                    };
                }
                Kind::Comma => {
                    // Over an apposition or relative clause to the noun that it belongs to.
                    match self.over_apposition(at) {
                        Some(noun) => {
                            let Some(head) = self.head_of_chain(noun) else {
                                return Vec::new();
                            };
                            return self.joined_left(head);
                        }
                        None => return Vec::new(),
                    }
                }
                Kind::Conjunction => {
                    return self
                        .before_verb(at)
                        .map_or_else(Vec::new, |v| self.subject_within(v, depth + 1));
                }
                // `that have been seized` is a relative; a participle or infinitive between subject and verb is passed over.
                Kind::Verb => {
                    if self.form(at) == Some(VerbForm::Participle) || self.form(at) == Some(VerbForm::Infinitive) {
                        match self.before(at) {
                            Some(b) => at = b,
                            None => return Vec::new(),
                        }
                        continue;
                    }
                    return Vec::new();
                }
                _ => return Vec::new(),
            }
        }
        Vec::new()
    }

    /// A participle after `X of Y` may belong to either; the nearer is right more often unless it is a place in a list.
    fn participle_noun(&self, noun: usize) -> usize {
        noun
    }

    /// The antecedent of a relative: the near noun, or the head of its chain when the verb's number asks for it.
    fn relative_head(&self, noun: usize, verb: usize) -> usize {
        let Some(p) = self.before(noun).filter(|&p| self.kind(p) == Kind::Preposition) else {
            return noun;
        };
        let Some(head) = self.before(p).filter(|&h| self.kind(h) == Kind::Noun) else {
            return noun;
        };
        let first = self.source.word(self.phrases[verb].start as usize);
        let plural_verb = matches!(first, "are" | "were" | "have");
        let plural = |n: usize| {
            let w = self.head_word(n);
            w.ends_with('s') && !w.ends_with("ss")
        };
        if plural_verb && !plural(noun) && plural(head) {
            head
        } else {
            noun
        }
    }

    /// The object of a governing verb that does the infinitive.
    fn control_object(&self, governor: usize, nearest: usize) -> Option<Vec<usize>> {
        // Leftmost noun phrase after the governor (and its particle), as its object.
        let mut at = self.after(governor)?;
        if self.kind(at) == Kind::Preposition {
            at = self.after(at)?;
        }
        if self.kind(at) != Kind::Noun || at > nearest {
            return None;
        }
        let (list, _) = self.joined_right(at);
        Some(list)
    }

    /// Who decides, plans, calls: the possessor of the noun, its `by`, or the subject of the verb that it is object of.
    fn noun_agents(&self, noun: usize, depth: usize) -> Vec<usize> {
        // `decisions by Kazakhstan and Kyrgyzstan to lift`
        let mut at = self.after(noun);
        while let Some(p) = at.filter(|&p| self.kind(p) == Kind::Preposition) {
            let word = self.head_word(p);
            let Some(n) = self.after(p).filter(|&n| self.kind(n) == Kind::Noun) else {
                break;
            };
            let (list, last) = self.joined_right(n);
            if word == "by" || word == "from" {
                return list;
            }
            at = self.after(last);
        }
        if self.has_owner(noun) {
            return vec![noun];
        }
        match self.verb_of_object(noun) {
            Some(v) if !self.phrases[v].group.is_some_and(|g| g.passive) => self.subject_within(v, depth + 1),
            _ => Vec::new(),
        }
    }

    /// Whether a noun phrase has a possessor or a state's name in it.
    pub fn has_owner(&self, noun: usize) -> bool {
        let p = self.phrases[noun];
        (p.start..p.end).any(|t| {
            let token = &self.source.tokens[t as usize];
            token.shape == Shape::Possessive || token.reading.has(Class::Possessive)
        }) || (p.start..p.head).any(|t| self.source.mentions.at(t as usize).is_some())
    }

    /// The verb that a noun phrase is the object of.
    pub fn verb_of_object(&self, noun: usize) -> Option<usize> {
        let mut at = self.before(noun)?;
        for _ in 0..12 {
            match self.kind(at) {
                Kind::Verb => return Some(at),
                Kind::Preposition | Kind::Noun => at = self.before(at)?,
                Kind::Conjunction | Kind::Comma => {
                    let b = self.before(at)?;
                    if self.kind(b) != Kind::Noun {
                        return None;
                    }
                    at = b;
                }
                _ => return None,
            }
        }
        None
    }

    /// The verb group that a conjunction joins the following one to.
    fn before_verb(&self, conjunction: usize) -> Option<usize> {
        let following = self.after(conjunction).filter(|&v| self.kind(v) == Kind::Verb);
        let want = following.and_then(|v| self.form(v));
        let mut at = conjunction;
        while at > 0 {
            at -= 1;
            match self.kind(at) {
                Kind::Verb => {
                    let form = self.form(at);
                    let fits = form == want
                        || (want == Some(VerbForm::Participle) && form == Some(VerbForm::Finite))
                        || want.is_none();
                    if fits {
                        return Some(at);
                    }
                }
                Kind::Break => return None,
                _ => {}
            }
        }
        None
    }

    fn main_after(&self, at: usize) -> Option<usize> {
        (at + 1..self.phrases.len()).find(|&i| self.kind(i) == Kind::Verb && self.form(i) == Some(VerbForm::Finite))
    }

    /// From the comma that closes an apposition to the noun that it explains.
    fn over_apposition(&self, comma: usize) -> Option<usize> {
        let mut at = comma;
        while at > 0 {
            at -= 1;
            match self.kind(at) {
                Kind::Comma => {
                    let noun = self.before(at).filter(|&n| self.kind(n) == Kind::Noun)?;
                    let first = self.after(at)?;
                    // A list inside the apposition: go on while what stands before the comma is part of the same series.
                    let apposed = match self.kind(first) {
                        Kind::Relative | Kind::Noun | Kind::Preposition => true,
                        Kind::Verb => matches!(self.form(first), Some(VerbForm::Participle | VerbForm::Gerund)),
                        Kind::Conjunction => false,
                        _ => false,
                    };
                    if apposed {
                        return Some(noun);
                    }
                    return None;
                }
                Kind::Break | Kind::Subordinator => return None,
                _ => {}
            }
        }
        None
    }

    /// What governs an infinitive or gerund.
    pub fn governor(&self, verb: usize) -> Governor {
        let Some(mut at) = self.before(verb) else {
            return Governor::Nothing;
        };
        let form = self.form(verb);
        // `to lift and restore`: the first of them tells.
        if self.kind(at) == Kind::Conjunction || (self.kind(at) == Kind::Comma && form == Some(VerbForm::Infinitive)) {
            let same = (0..at)
                .rev()
                .find(|&i| self.kind(i) == Kind::Verb && self.form(i) == form);
            if let Some(s) = same {
                return self.governor(s);
            }
        }
        let mut passed_by = false;
        for step in 0..16 {
            match self.kind(at) {
                Kind::Verb => {
                    if self.form(at) == Some(VerbForm::Participle) && form == Some(VerbForm::Infinitive) {
                        return Governor::Verb(at);
                    }
                    return Governor::Verb(at);
                }
                Kind::Preposition if step == 0 => return Governor::Preposition(at),
                Kind::Preposition => {
                    passed_by = true;
                    match self.before(at) {
                        Some(b) => at = b,
                        None => return Governor::Nothing,
                    }
                }
                Kind::Noun => {
                    if form == Some(VerbForm::Infinitive) {
                        // `decision (by a court) to designate`, but `urged the US to return`.
                        if self.takes_infinitive(at) {
                            return Governor::Noun(at);
                        }
                    } else if step == 0 {
                        // `X lifting Y`: a reduced clause about the noun.
                        return match self.before(at) {
                            Some(b) if self.kind(b) == Kind::Verb => Governor::Verb(b),
                            _ => Governor::Noun(at),
                        };
                    }
                    match self.before(at) {
                        Some(b) => at = b,
                        None => return Governor::Nothing,
                    }
                }
                Kind::Comma if form == Some(VerbForm::Gerund) && step == 0 => {
                    // `…, lifting the ban`: what the clause before does.
                    let main = (0..at)
                        .rev()
                        .find(|&i| self.kind(i) == Kind::Verb && self.form(i) == Some(VerbForm::Finite));
                    return main.map_or(Governor::Nothing, Governor::Verb);
                }
                Kind::Comma | Kind::Conjunction => match self.before(at) {
                    Some(b) if self.kind(b) == Kind::Noun && step > 0 => at = b,
                    Some(_) if form == Some(VerbForm::Infinitive) => {
                        let main = (0..at)
                            .rev()
                            .find(|&i| self.kind(i) == Kind::Verb && self.form(i) == Some(VerbForm::Finite));
                        return main.map_or(Governor::Nothing, Governor::Verb);
                    }
                    _ => return Governor::Nothing,
                },
                _ => return Governor::Nothing,
            }
        }
        let _ = passed_by;
        Governor::Nothing
    }

    /// Nouns that an infinitive completes.
    fn takes_infinitive(&self, noun: usize) -> bool {
        const NOUNS: [&str; 46] = [
            "decision",
            "decisions",
            "plan",
            "plans",
            "intent",
            "intention",
            "intentions",
            "bill",
            "proposal",
            "proposals",
            "petition",
            "request",
            "requests",
            "call",
            "calls",
            "move",
            "moves",
            "effort",
            "efforts",
            "pledge",
            "promise",
            "vow",
            "order",
            "agreement",
            "attempt",
            "attempts",
            "refusal",
            "failure",
            "threat",
            "threats",
            "motion",
            "resolution",
            "authority",
            "power",
            "powers",
            "commitment",
            "commitments",
            "need",
            "right",
            "ability",
            "willingness",
            "readiness",
            "opportunity",
            "step",
            "steps",
            "deal",
        ];
        NOUNS.contains(&self.head_word(noun).as_str())
    }

    /// The parts of the clause around a verb group.
    pub fn frame(&self, verb: usize) -> Frame {
        let mut frame = Frame {
            first: verb,
            last: verb,
            ..Frame::default()
        };
        let subject = self.subject(verb);
        if let Some(&first) = subject.iter().min() {
            if first < verb {
                frame.first = first;
            }
        }
        let group = self.phrases[verb].group;
        let passive = group.is_some_and(|g| g.passive);
        let mut objects = Vec::new();
        let mut complements = Vec::new();
        let mut at = verb;
        let mut steps = 0;
        while let Some(next) = self.after(at) {
            steps += 1;
            if steps > 40 {
                break;
            }
            match self.kind(next) {
                Kind::Noun => {
                    let (list, last) = self.joined_right(next);
                    if objects.is_empty() && frame.attached.is_empty() {
                        objects = list;
                    } else if complements.is_empty() && frame.attached.is_empty() {
                        complements = list;
                    }
                    at = last;
                    frame.last = last;
                }
                Kind::Preposition => {
                    let word = self.head_word(next);
                    match self.after(next) {
                        Some(n) if self.kind(n) == Kind::Noun => {
                            // `of` at once after the object belongs to it; it is given too, the rules decide.
                            let (list, last) = self.joined_right(n);
                            frame.attached.push(Attached { word, nouns: list });
                            at = last;
                            frame.last = last;
                        }
                        Some(v) if self.kind(v) == Kind::Verb => {
                            frame.attached.push(Attached {
                                word,
                                nouns: Vec::new(),
                            });
                            // `banned X from flying in …`: the gerund's own phrases still belong to the whole.
                            frame.last = v;
                            at = v;
                        }
                        _ => {
                            frame.attached.push(Attached {
                                word,
                                nouns: Vec::new(),
                            });
                            at = next;
                        }
                    }
                }
                Kind::Comma => {
                    // Go on only to a further prepositional phrase, or over an apposition.
                    match self.after(next) {
                        Some(p)
                            if self.kind(p) == Kind::Preposition
                                && !matches!(self.head_word(p).as_str(), "according") =>
                        {
                            at = next
                        }
                        _ => break,
                    }
                }
                Kind::Conjunction => {
                    // `designated and sanctioned X`: shared object.
                    match self.after(next) {
                        Some(v)
                            if self.kind(v) == Kind::Verb
                                && objects.is_empty()
                                && frame.attached.is_empty()
                                && !passive =>
                        {
                            let later = self.frame_right(v);
                            objects = later.0;
                            frame.attached = later.1;
                            frame.last = later.2;
                            break;
                        }
                        _ => break,
                    }
                }
                _ => break,
            }
        }
        if passive {
            frame.patients = subject;
            frame.complements = objects;
            for attached in &frame.attached {
                if attached.word == "by" {
                    frame.agents = attached.nouns.clone();
                }
            }
        } else {
            frame.agents = subject;
            frame.patients = objects;
            frame.complements = complements;
        }
        // `assets that have been seized`, `the group which Russia banned`: the relative's antecedent is the patient of an active verb without object.
        if !passive && frame.patients.is_empty() {
            if let Some(&subject) = frame.agents.first() {
                if let Some(r) = self.before(subject).filter(|&r| self.kind(r) == Kind::Relative) {
                    let mut b = self.before(r);
                    if let Some(c) = b.filter(|&c| self.kind(c) == Kind::Comma) {
                        b = self.before(c);
                    }
                    if let Some(n) = b.filter(|&n| self.kind(n) == Kind::Noun) {
                        frame.patients = vec![n];
                        frame.first = n;
                    }
                }
            }
        }
        frame
    }

    fn frame_right(&self, verb: usize) -> (Vec<usize>, Vec<Attached>, usize) {
        let mut objects = Vec::new();
        let mut attached = Vec::new();
        let mut at = verb;
        while let Some(next) = self.after(at) {
            match self.kind(next) {
                Kind::Noun if objects.is_empty() && attached.is_empty() => {
                    let (list, last) = self.joined_right(next);
                    objects = list;
                    at = last;
                }
                Kind::Preposition => {
                    let Some(n) = self.after(next).filter(|&n| self.kind(n) == Kind::Noun) else {
                        break;
                    };
                    let (list, last) = self.joined_right(n);
                    attached.push(Attached {
                        word: self.head_word(next),
                        nouns: list,
                    });
                    at = last;
                }
                _ => break,
            }
        }
        (objects, attached, at)
    }

    /// The prepositional phrases right after a noun phrase.
    pub fn attached_to(&self, noun: usize) -> (Vec<Attached>, usize) {
        let mut out = Vec::new();
        let mut at = noun;
        let mut last = noun;
        while let Some(p) = self.after(at).filter(|&p| self.kind(p) == Kind::Preposition) {
            let word = self.head_word(p);
            let Some(n) = self.after(p).filter(|&n| self.kind(n) == Kind::Noun) else {
                break;
            };
            let (list, end) = self.joined_right(n);
            out.push(Attached { word, nouns: list });
            at = end;
            last = end;
        }
        (out, last)
    }

    /// Every subordinator that stands over a verb group in its clause: `if`, `until`.
    pub fn subordinator_over(&self, verb: usize) -> Option<String> {
        let mut at = verb;
        while at > 0 {
            at -= 1;
            match self.kind(at) {
                Kind::Subordinator => return Some(self.head_word(at)),
                Kind::Break => return None,
                Kind::Verb if self.form(at) == Some(VerbForm::Finite) && at + 1 < verb => {
                    // Another finite verb between: its clause, unless it is joined to ours.
                    let joined = (at..verb).any(|i| self.kind(i) == Kind::Conjunction);
                    if !joined {
                        return None;
                    }
                }
                Kind::Comma => {
                    // `If X, Y lifts`: the comma closes the condition.
                    let inner = (0..at).rev().find(|&i| self.kind(i) == Kind::Verb);
                    if inner.is_some() {
                        return None;
                    }
                }
                Kind::Relative => return None,
                _ => {}
            }
        }
        None
    }

    /// The verb over a complement clause: *said* in `said (that) the ban would be lifted`.
    pub fn clause_governor(&self, verb: usize) -> Option<usize> {
        let subject = self.subject(verb);
        let mut at = subject.iter().copied().min().unwrap_or(verb).min(verb);
        // Over `it is`, nothing.
        loop {
            let b = self.before(at)?;
            match self.kind(b) {
                Kind::Subordinator => {
                    if self.head_word(b) != "that" {
                        return None;
                    }
                    at = b;
                }
                Kind::Verb => return (self.form(b).is_some()).then_some(b),
                Kind::Noun => {
                    // `told reporters that`, `decision that`.
                    if self.kind(at) != Kind::Subordinator {
                        return None;
                    }
                    let c = self.before(b)?;
                    return (self.kind(c) == Kind::Verb).then_some(c);
                }
                _ => return None,
            }
        }
    }
}
