//! Clauses: who does what to whom around a verb group or a noun.
//!
//! No tree is built. From a verb group one walks left to its subject, over appositions, relative clauses and prepositional phrases, and
//! right to its objects and prepositional phrases, up to where another clause begins. Infinitives and participles take the subject of what
//! governs them; passives are turned round, so that rules speak of the agent and the patient only.

use crate::lexicon::Class;
use crate::phrase::{Kind, Phrase, Source, VerbForm, phrases};
use crate::syntax::{Link, Over, link};
use crate::text::{Shape, fold};

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
    /// For each finite verb, its subject and what stands over its clause.
    pub links: Vec<Option<Link>>,
}

impl<'a> Clauses<'a> {
    /// Analyses the tokens from `start` to `end`.
    pub fn new(source: &'a Source<'a>, start: usize, end: usize) -> Self {
        let mut phrases = phrases(source, start, end);
        let links = link(source, &mut phrases);
        Self { source, phrases, links }
    }
}

impl Clauses<'_> {
    pub(crate) fn kind(&self, i: usize) -> Kind {
        self.phrases[i].kind
    }

    /// The form of a verb group.
    pub fn form(&self, i: usize) -> Option<VerbForm> {
        self.phrases[i].group.map(|g| g.form)
    }

    fn has(&self, i: usize, class: Class) -> bool {
        self.source.tokens[self.phrases[i].head as usize].reading.has(class)
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

    /// The noun phrases joined to this one on its right, with the index after the last.
    pub fn joined_right(&self, noun: usize) -> (Vec<usize>, usize) {
        let mut out = vec![noun];
        let mut last = noun;
        let mut at = noun;
        for _ in 0..40 {
            let Some(mut next) = self.after(at) else { break };
            // `the Taliban and the Haqqani network`, `A, B and C`, `A (x), B`.
            let separator = self.kind(next);
            if separator == Kind::Preposition
                && self.head_word(next) == "of"
                && let Some(n) = self.after(next).filter(|&n| self.kind(n) == Kind::Noun)
            {
                at = n;
                last = n;
                continue;
            }
            if !matches!(separator, Kind::Comma | Kind::Conjunction) {
                break;
            }
            if separator == Kind::Comma
                && let Some(c) = self.after(next).filter(|&c| self.kind(c) == Kind::Conjunction)
            {
                next = c;
            }
            let Some(n) = self.after(next).filter(|&n| self.kind(n) == Kind::Noun) else {
                break;
            };
            if self.links.iter().flatten().any(|l| {
                // What tells of the last one itself (`those that support it`) is no clause beside the list.
                (l.over != Over::Relative(n) || self.head_word(n) != "those")
                    && l.subject.contains(&n)
                    && !l.subject.contains(&noun)
                    && !l.subject.contains(&at)
            }) {
                break;
            }
            // Another clause: `… A, and B said`.
            let mut follow = self.after(n);
            while let Some(f) = follow {
                if self.kind(f) == Kind::Preposition {
                    follow = self.after(f).and_then(|n| self.after(n));
                    continue;
                }
                break;
            }
            // `to recognise A and B was condemned`: the verb has its subject before the list.
            let elsewhere = |f: usize| {
                let subject = self.links[f].as_ref().map_or(&[][..], |l| &l.subject);
                !subject.is_empty() && subject.iter().all(|&s| s < noun)
            };
            if follow
                .is_some_and(|f| self.kind(f) == Kind::Verb && self.form(f) == Some(VerbForm::Finite) && !elsewhere(f))
            {
                break;
            }
            if separator == Kind::Comma && self.kind(next) == Kind::Comma {
                // An apposition, not a list, unless the list goes on to a conjunction.
                let list = self.list_goes_on(n);
                if !list {
                    break;
                }
            }
            // `A, the leader of B, and three others`: what tells more of A is none of the list.
            if separator == Kind::Comma && self.kind(next) == Kind::Comma && self.tells_of(at, n) {
                let (_, end) = self.attached_to(n);
                at = end;
                last = end;
                continue;
            }
            out.push(n);
            last = n;
            at = n;
        }
        (out, last)
    }

    /// Whether a noun phrase after a comma tells who the person before it is.
    fn tells_of(&self, name: usize, noun: usize) -> bool {
        let named = self
            .source
            .mentions
            .entity_at(self.phrases[name].head as usize)
            .is_some_and(|e| e.kind == crate::mention::EntityKind::Person);
        let p = self.phrases[noun];
        let first = self.source.word(p.start as usize);
        named
            && matches!(first, "the" | "a" | "an" | "his" | "her" | "its" | "their")
            && self.source.mentions.at(p.head as usize).is_none()
            && !self.source.word(p.head as usize).ends_with('s')
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
                            if !self.has(g, Class::Control)
                                && let Some(list) = self.for_whom(verb)
                            {
                                return list;
                            }
                            // Object control: the noun between.
                            if let Some(b) = self.before(verb).filter(|&b| self.kind(b) == Kind::Noun) {
                                let stem = self.has(g, Class::Control);
                                let group = self.phrases[g].group;
                                if stem
                                    && !group.is_some_and(|x| x.passive)
                                    && let Some(head) = self.control_object(g, b)
                                {
                                    return head;
                                }
                            }
                        }
                        self.subject_within(g, depth + 1)
                    }
                    Governor::Noun(n) => match self.for_whom(verb) {
                        // `a call for Canada to lift`
                        Some(list) if form == Some(VerbForm::Infinitive) => list,
                        _ => self.noun_agents(n, depth),
                    },
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
                // `wants sanctions on its exports lifted`: the whole object.
                if let Some(object) = self.caused(verb) {
                    return vec![object];
                }
                return match self.before(verb) {
                    Some(n) if self.kind(n) == Kind::Noun => vec![n],
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
        self.links[verb].as_ref().map_or_else(Vec::new, |l| l.subject.clone())
    }

    /// The object of *want*, *keep* or *order* that a participle describes, over its prepositional phrases.
    fn caused(&self, verb: usize) -> Option<usize> {
        let mut noun = self.before(verb).filter(|&n| self.kind(n) == Kind::Noun)?;
        for _ in 0..3 {
            let left = self.before(noun)?;
            match self.kind(left) {
                Kind::Verb => {
                    let word = self.head_word(left);
                    return ["want", "keep", "kept", "order"]
                        .iter()
                        .any(|w| word.starts_with(w))
                        .then_some(noun);
                }
                Kind::Preposition => noun = self.before(left).filter(|&n| self.kind(n) == Kind::Noun)?,
                _ => return None,
            }
        }
        None
    }

    /// Who is to do it, in `calls are growing for X to act`: the noun phrases after `for`.
    pub fn for_whom(&self, verb: usize) -> Option<Vec<usize>> {
        if self.form(verb) != Some(VerbForm::Infinitive) {
            return None;
        }
        let mut at = self.before(verb).filter(|&n| self.kind(n) == Kind::Noun)?;
        for _ in 0..12 {
            let left = self.before(at)?;
            match self.kind(left) {
                Kind::Preposition if self.head_word(left) == "for" => {
                    let (list, last) = self.joined_right(at);
                    return (self.after(last) == Some(verb) || list.len() == 1).then_some(list);
                }
                Kind::Preposition | Kind::Comma | Kind::Conjunction => {
                    at = self.before(left).filter(|&n| self.kind(n) == Kind::Noun)?;
                }
                _ => return None,
            }
        }
        None
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
        // `The decision to lift … was taken by Canada.`
        for v in noun + 1..self.phrases.len() {
            let passive = self.phrases[v].group.is_some_and(|g| g.passive);
            if passive && self.links[v].as_ref().is_some_and(|l| l.subject.contains(&noun)) {
                let by: Vec<usize> = self
                    .frame(v)
                    .attached
                    .into_iter()
                    .filter(|a| a.word == "by")
                    .flat_map(|a| a.nouns)
                    .collect();
                if !by.is_empty() {
                    return by;
                }
            }
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
        // `is weighing whether to ban`, `will vote on whether to lift`.
        if form == Some(VerbForm::Infinitive) && self.whether(verb) {
            return (0..at)
                .rev()
                .find(|&i| self.kind(i) == Kind::Verb)
                .map_or(Governor::Nothing, Governor::Verb);
        }
        for step in 0..16 {
            match self.kind(at) {
                Kind::Verb => return Governor::Verb(at),
                Kind::Preposition if step == 0 => return Governor::Preposition(at),
                Kind::Preposition => match self.before(at) {
                    Some(b) => at = b,
                    None => return Governor::Nothing,
                },
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
        Governor::Nothing
    }

    /// Whether an infinitive tells what is open: `whether to lift`, `how to respond`.
    pub fn whether(&self, verb: usize) -> bool {
        self.before(verb)
            .is_some_and(|b| self.kind(b) == Kind::Subordinator && self.head_word(b) == "whether")
    }

    /// Nouns that an infinitive completes.
    fn takes_infinitive(&self, noun: usize) -> bool {
        self.has(noun, Class::TakesInfinitive)
    }

    /// Everything that governs a noun phrase: the verb whose object it is or stands with it, the passive verb whose subject it is, the
    /// nouns to its left that it completes.
    pub fn governors_of(&self, noun: usize) -> Vec<usize> {
        let mut out: Vec<usize> = self.verb_of_object(noun).into_iter().collect();
        let mut at = noun;
        for _ in 0..3 {
            let Some(n) = self
                .before(at)
                .filter(|&p| self.kind(p) == Kind::Preposition)
                .and_then(|p| self.before(p))
                .filter(|&n| self.kind(n) == Kind::Noun)
            else {
                break;
            };
            out.push(n);
            at = n;
        }
        for v in noun + 1..self.phrases.len() {
            match self.kind(v) {
                Kind::Break => break,
                Kind::Verb
                    if self.phrases[v].group.is_some_and(|g| g.passive)
                        && self.links[v].as_ref().is_some_and(|l| l.subject.contains(&noun)) =>
                {
                    out.push(v);
                    break;
                }
                // `sanctions imposed by the US`
                Kind::Verb if self.form(v) == Some(VerbForm::Participle) && self.before(v) == Some(noun) => out.push(v),
                _ => {}
            }
        }
        out
    }

    /// The verb of the relative clause about a noun phrase.
    pub fn relative_verb(&self, noun: usize) -> Option<usize> {
        self.links
            .iter()
            .position(|l| l.as_ref().is_some_and(|l| l.over == Over::Relative(noun)))
    }

    /// Who has what a noun phrase names: `assets that the bank holds`, `assets the bank holds`.
    pub fn relative_subject(&self, noun: usize) -> Vec<usize> {
        self.links
            .iter()
            .flatten()
            .find(|l| l.over == Over::Relative(noun) && l.object == Some(noun))
            .map(|l| l.subject.clone())
            .unwrap_or_default()
    }

    /// The subordinator that stands over a finite verb in its clause: `if`, `until`.
    pub fn subordinator_over(&self, verb: usize) -> Option<String> {
        match self.links[verb].as_ref()?.over {
            Over::Subordinate(i) => Some(self.head_word(i)),
            Over::Joined(w) if w != verb => self.subordinator_over(w),
            _ => None,
        }
    }

    /// The verb over a complement clause: *said* in `said (that) the ban would be lifted`.
    pub fn clause_governor(&self, verb: usize) -> Option<usize> {
        match self.links[verb].as_ref()?.over {
            Over::Complement(v) => Some(v),
            Over::Joined(w) if w != verb => self.clause_governor(w),
            _ => None,
        }
    }

    /// The noun that a relative clause is about.
    pub fn antecedent(&self, verb: usize) -> Option<usize> {
        match self.links[verb].as_ref()?.over {
            Over::Relative(n) => Some(n),
            Over::Joined(w) if w != verb => self.antecedent(w),
            _ => None,
        }
    }
}
