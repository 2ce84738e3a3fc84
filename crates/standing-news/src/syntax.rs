//! Which verb has which subject, and what stands over its clause.
//!
//! One pass from left to right over the phrases, with a stack of the clauses that are open. A noun phrase that nothing governs waits for its
//! verb; a finite verb goes to the innermost clause that waits. A bare *-ed* after its noun may be past or participle: it is taken for the
//! verb of a waiting clause, and becomes a participle when a better verb comes (`companies sanctioned last year have appealed`). Linear in
//! the number of phrases, but for bounded looks ahead.

mod joining;

use crate::lexicon::Class;
use crate::phrase::{Kind, Mood, Phrase, Source, VerbForm};
use crate::text::fold;

/// What stands over a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Nothing.
    Main,
    /// The noun phrase that it says something about.
    Relative(usize),
    /// A subordinator: `if`, `after`.
    Subordinate(usize),
    /// The verb whose complement it is: `said that …`.
    Complement(usize),
    /// The verb that it is joined to by `and`.
    Joined(usize),
}

/// What is known of a finite verb.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its subject's noun phrases.
    pub subject: Vec<usize>,
    /// What stands over its clause.
    pub over: Over,
    /// The antecedent that is its object: `the group that Russia banned`.
    pub object: Option<usize>,
}

struct Open {
    subject: Vec<usize>,
    verb: Option<usize>,
    over: Over,
    antecedent: Option<usize>,
    first: usize,
}

/// How far one looks ahead.
const AHEAD: usize = 60;

struct Parser<'a, 'b> {
    source: &'a Source<'b>,
    phrases: &'a mut [Phrase],
    stack: Vec<Open>,
    links: Vec<Option<Link>>,
    governed: Vec<bool>,
}

/// The links of all finite verbs of a sentence; participles are told from pasts on the way.
pub fn link(source: &Source, phrases: &mut [Phrase]) -> Vec<Option<Link>> {
    let n = phrases.len();
    let mut parser = Parser {
        source,
        phrases,
        stack: vec![open(Over::Main, 0)],
        links: vec![None; n],
        governed: vec![false; n],
    };
    for i in 0..n {
        parser.step(i);
    }
    while let Some(clause) = parser.stack.pop() {
        parser.close(&clause, n);
    }
    parser.links
}

fn open(over: Over, first: usize) -> Open {
    Open {
        subject: Vec::new(),
        verb: None,
        over,
        antecedent: None,
        first,
    }
}

impl Parser<'_, '_> {
    fn kind(&self, i: usize) -> Kind {
        self.phrases[i].kind
    }

    fn form(&self, i: usize) -> Option<VerbForm> {
        self.phrases[i].group.map(|g| g.form)
    }

    fn transparent(&self, i: usize) -> bool {
        matches!(self.kind(i), Kind::Adverb | Kind::Quote | Kind::Aside)
    }

    fn before(&self, i: usize) -> Option<usize> {
        (0..i).rev().find(|&j| !self.transparent(j))
    }

    fn after(&self, i: usize) -> Option<usize> {
        (i + 1..self.phrases.len()).find(|&j| !self.transparent(j))
    }

    fn head_has(&self, i: usize, class: Class) -> bool {
        self.source.tokens[self.phrases[i].head as usize].reading.has(class)
    }

    fn word(&self, i: usize) -> String {
        fold(self.source.word(self.phrases[i].head as usize))
    }

    fn named(&self, i: usize) -> bool {
        self.source.mentions.at(self.phrases[i].head as usize).is_some()
    }

    /// A verb that takes a clause and hardly ever a thing: `said the group …`.
    fn clausal(&self, verb: usize) -> bool {
        (self.head_has(verb, Class::Clausal) || self.head_has(verb, Class::Announcing))
            && !self.phrases[verb].group.is_some_and(|g| g.passive)
    }

    /// A past without auxiliary that could be a participle.
    fn ambiguous(&self, verb: usize) -> bool {
        let Some(g) = self.phrases[verb].group else {
            return false;
        };
        let says = self.head_has(verb, Class::Clausal)
            || self.head_has(verb, Class::Announcing)
                && self.before(verb).is_some_and(|b| {
                    self.kind(b) == Kind::Noun
                        && (self.named(b) || self.head_has(b, Class::Pronoun) || self.head_has(b, Class::Statehood))
                });
        let by = self.by_follows(verb);
        g.form == VerbForm::Finite
            && (!says || by)
            && g.past
            && !g.passive
            && !g.perfect
            && !g.copula
            && !g.negated
            && g.mood == Mood::Fact
            && self.head_has(verb, Class::Participle)
            && !self.source.tokens[self.phrases[verb].start as usize]
                .reading
                .has(Class::Do)
    }

    fn by_follows(&self, verb: usize) -> bool {
        self.after(verb)
            .is_some_and(|n| self.kind(n) == Kind::Preposition && self.word(n) == "by")
    }

    fn object_follows(&self, verb: usize) -> bool {
        self.after(verb).is_some_and(|n| self.kind(n) == Kind::Noun)
    }

    /// Verbs that keep a noun phrase after them in the passive: `called`, `designated`, `considered`.
    fn names(&self, verb: usize) -> bool {
        self.head_has(verb, Class::Naming)
    }

    fn make_participle(&mut self, verb: usize) {
        if let Some(group) = &mut self.phrases[verb].group {
            group.form = VerbForm::Participle;
            group.passive = true;
            group.past = false;
        }
    }

    /// Whether a finite verb follows the noun phrase in its own clause; `lenient` takes an ambiguous one for finite.
    fn opens_clause(&self, noun: usize, lenient: bool) -> bool {
        let mut at = noun;
        for _ in 0..AHEAD {
            let Some(next) = self.after(at) else { return false };
            match self.kind(next) {
                Kind::Verb => match self.form(next) {
                    // `considers X to be a group linked to`: the infinitive belongs to the verb before.
                    Some(VerbForm::Infinitive)
                        if lenient && self.kind(at) == Kind::Noun && !self.head_has(at, Class::TakesInfinitive) =>
                    {
                        return false;
                    }
                    Some(VerbForm::Finite) => {
                        if self.ambiguous(next) && (!lenient || self.by_follows(next)) && !self.object_follows(next) {
                            at = next;
                            continue;
                        }
                        if self.ambiguous(next) && self.names(next) && at == noun && !lenient {
                            at = next;
                            continue;
                        }
                        return true;
                    }
                    _ => at = next,
                },
                Kind::Noun => {
                    if self.kind(at) == Kind::Noun {
                        return false;
                    }
                    at = next;
                }
                Kind::Preposition | Kind::Conjunction => at = next,
                Kind::Relative => {
                    // Over the relative's own verb to the next.
                    let Some(v) = (next..self.phrases.len().min(next + 8))
                        .find(|&v| self.kind(v) == Kind::Verb && self.form(v) == Some(VerbForm::Finite))
                    else {
                        return false;
                    };
                    at = v;
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether a comma list that begins here reaches a conjunction.
    fn list_goes_on(&self, noun: usize) -> bool {
        let mut at = noun;
        for _ in 0..AHEAD {
            let Some(next) = self.after(at) else { return false };
            match self.kind(next) {
                Kind::Conjunction => return self.after(next).is_some_and(|n| self.kind(n) == Kind::Noun),
                Kind::Comma => match self.after(next) {
                    Some(n) if self.kind(n) == Kind::Noun => at = n,
                    Some(c) if self.kind(c) == Kind::Conjunction => {
                        return self.after(c).is_some_and(|n| self.kind(n) == Kind::Noun);
                    }
                    _ => return false,
                },
                Kind::Preposition => match self.after(next) {
                    Some(n) if self.kind(n) == Kind::Noun => at = n,
                    _ => return false,
                },
                _ => return false,
            }
        }
        false
    }

    fn step(&mut self, i: usize) {
        match self.kind(i) {
            Kind::Break => {
                while let Some(clause) = self.stack.pop() {
                    self.close(&clause, i);
                }
                self.stack.push(open(Over::Main, i + 1));
            }
            Kind::Subordinator => {
                let over = if self.word(i) == "that" {
                    self.governing_verb(i).map_or(Over::Main, Over::Complement)
                } else {
                    Over::Subordinate(i)
                };
                self.stack.push(open(over, i + 1));
            }
            Kind::Relative => {
                let mut b = self.before(i);
                if let Some(c) = b.filter(|&c| self.kind(c) == Kind::Comma) {
                    b = self.before(c);
                }
                let by_preposition = b.is_some_and(|p| self.kind(p) == Kind::Preposition);
                if let Some(p) = b.filter(|&p| self.kind(p) == Kind::Preposition) {
                    b = self.before(p);
                    if let Some(c) = b.filter(|&c| self.kind(c) == Kind::Comma) {
                        b = self.before(c);
                    }
                }
                match b.filter(|&n| self.kind(n) == Kind::Noun) {
                    Some(noun) => {
                        let mut clause = open(Over::Relative(noun), i + 1);
                        clause.antecedent = (!by_preposition).then_some(noun);
                        self.stack.push(clause);
                    }
                    None => self.stack.push(open(Over::Main, i + 1)),
                }
            }
            Kind::Noun => self.noun(i),
            Kind::Verb if self.form(i) == Some(VerbForm::Finite) || self.joins_progressive(i) => self.finite(i),
            _ => {}
        }
    }

    /// The verb that a `that` completes: just before it, or before its object (`told reporters that`).
    fn governing_verb(&self, that: usize) -> Option<usize> {
        let b = self.before(that)?;
        match self.kind(b) {
            Kind::Verb => Some(b),
            Kind::Noun => {
                let mut at = b;
                for _ in 0..8 {
                    let c = self.before(at)?;
                    match self.kind(c) {
                        Kind::Verb => return Some(c),
                        Kind::Preposition | Kind::Noun => at = c,
                        _ => return None,
                    }
                }
                None
            }
            Kind::Conjunction => {
                // `said that A and that B`
                (0..that)
                    .rev()
                    .find_map(|j| match self.links[j].as_ref().map(|l| l.over) {
                        Some(Over::Complement(v)) => Some(v),
                        _ => None,
                    })
            }
            Kind::Comma => {
                let c = self.before(b)?;
                (self.kind(c) == Kind::Verb).then_some(c)
            }
            _ => None,
        }
    }

    fn take_subject(&mut self, noun: usize) {
        if let Some(top) = self.stack.last_mut()
            && top.verb.is_none()
            && top.subject.is_empty()
        {
            top.subject.push(noun);
        }
    }

    fn waiting(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|c| c.verb.is_none() && !c.subject.is_empty())
    }

    fn noun(&mut self, i: usize) {
        let Some(p) = self.before(i) else {
            self.take_subject(i);
            return;
        };
        match self.kind(p) {
            Kind::Preposition => self.governed[i] = true,
            Kind::Verb => {
                let clausal = self.clausal(p);
                let passive = self.phrases[p].group.is_some_and(|g| g.passive);
                if !passive
                    && self.may_take_clause(p)
                    && (clausal || !self.somebody_waits())
                    && self.opens_clause(i, clausal)
                {
                    let mut clause = open(Over::Complement(p), i);
                    clause.subject.push(i);
                    self.stack.push(clause);
                } else {
                    self.governed[i] = true;
                }
            }
            Kind::Noun => {
                if !self.somebody_waits_for(p) && self.opens_clause(i, false) {
                    let verb = self.before(p).filter(|&v| self.kind(v) == Kind::Verb);
                    let mut clause = match verb {
                        Some(v) if self.clausal(v) || self.head_has(v, Class::Telling) => open(Over::Complement(v), i),
                        _ => {
                            let mut c = open(Over::Relative(p), i);
                            c.antecedent = Some(p);
                            c
                        }
                    };
                    clause.subject.push(i);
                    self.stack.push(clause);
                } else {
                    self.governed[i] = true;
                }
            }
            Kind::Comma | Kind::Conjunction => self.after_separator(i, p),
            _ => self.take_subject(i),
        }
    }

    /// Verbs of saying and thinking take clauses without `that`; verbs of doing do not.
    fn may_take_clause(&self, verb: usize) -> bool {
        self.clausal(verb) || self.head_has(verb, Class::Telling)
    }

    fn somebody_waits(&self) -> bool {
        self.stack.iter().any(|c| c.verb.is_none() && !c.subject.is_empty())
    }

    /// Whether a clause waits whose subject is not the noun phrase just before: `the group Russia banned has …` opens one all the same.
    fn somebody_waits_for(&self, before: usize) -> bool {
        self.stack
            .iter()
            .any(|c| c.verb.is_none() && !c.subject.is_empty() && c.subject.last() != Some(&before))
    }

    fn after_separator(&mut self, i: usize, separator: usize) {
        let mut left = self.before(separator);
        let conjunction = self.kind(separator) == Kind::Conjunction;
        let comma_conjunction = conjunction && left.is_some_and(|c| self.kind(c) == Kind::Comma);
        if comma_conjunction {
            left = left.and_then(|c| self.before(c));
        }
        let left_noun = left.filter(|&l| self.kind(l) == Kind::Noun);
        if self.waiting() {
            if let Some(l) = left_noun
                && (conjunction || self.list_goes_on(i))
            {
                self.join_subject(l, i);
            }
            return;
        }
        if self.opens_clause(i, false) {
            if !conjunction {
                if let Some(k) = self
                    .stack
                    .iter()
                    .rposition(|c| c.verb.is_none() && c.subject.is_empty() && c.antecedent.is_none())
                {
                    self.truncate(k + 1, i);
                    self.take_subject(i);
                    return;
                }
                // A clause that waits further out: the comma closed what was between, and this noun is in apposition.
                if self.stack.iter().any(|c| c.verb.is_none() && !c.subject.is_empty()) && self.list_goes_on(i) {
                    self.governed[i] = true;
                    return;
                }
            }
            let over = match self.stack.last().map(|c| (c.over, c.verb)) {
                Some((over @ Over::Complement(_), _)) if conjunction && !comma_conjunction => over,
                Some((over @ Over::Subordinate(_), _)) if conjunction && !comma_conjunction => over,
                _ => Over::Main,
            };
            let mut clause = open(over, i);
            clause.subject.push(i);
            self.stack.push(clause);
        } else {
            let empty = self
                .stack
                .last()
                .is_some_and(|c| c.verb.is_none() && c.subject.is_empty() && c.antecedent.is_none());
            if empty && left_noun.is_none_or(|l| self.governed[l]) && !conjunction {
                self.take_subject(i);
            } else {
                self.governed[i] = true;
            }
        }
    }

    /// Joins a noun phrase to the subject, unless it belongs to a phrase within it: `ministers of France and Germany`.
    fn join_subject(&mut self, left: usize, noun: usize) {
        let named = self.named(noun);
        let Some(top) = self.stack.last() else { return };
        let in_subject = top.subject.contains(&left);
        if in_subject || self.named(left) != named || !self.governed[left] {
            if let Some(top) = self.stack.last_mut() {
                top.subject.push(noun);
            }
        } else {
            self.governed[noun] = true;
        }
    }

    fn truncate(&mut self, length: usize, at: usize) {
        while self.stack.len() > length {
            if let Some(clause) = self.stack.pop() {
                self.close(&clause, at);
            }
        }
    }

    fn set(&mut self, k: usize, verb: usize) {
        let clause = &mut self.stack[k];
        clause.verb = Some(verb);
        let (mut subject, over, antecedent) = (clause.subject.clone(), clause.over, clause.antecedent);
        let mut object = None;
        if subject.is_empty() {
            if let Some(noun) = antecedent {
                subject = vec![self.relative_head(noun, verb)];
            }
        } else {
            object = antecedent;
        }
        self.links[verb] = Some(Link { subject, over, object });
    }

    fn finite(&mut self, i: usize) {
        let before = self.before(i);
        let separator = before.map(|b| self.kind(b));
        if self.joins_infinitive(i, separator) {
            if let Some(group) = &mut self.phrases[i].group {
                group.form = VerbForm::Infinitive;
            }
            return;
        }
        if separator == Some(Kind::Conjunction)
            && let Some(w) = self.joined_to(i)
        {
            let subject = self.links[w].as_ref().map(|l| l.subject.clone()).unwrap_or_default();
            self.links[i] = Some(Link {
                subject,
                over: Over::Joined(w),
                object: None,
            });
            return;
        }
        // `which he noted has set up`: what was said in between is passed over.
        if let (Some(b), Some(Kind::Verb)) = (before, separator) {
            let relative = self
                .stack
                .last()
                .and_then(|top| match (top.over, top.antecedent, top.verb) {
                    (Over::Relative(noun), Some(_), Some(v)) if v == b => Some(noun),
                    _ => None,
                });
            if let Some(noun) = relative.filter(|_| self.clausal(b)) {
                if let Some(link) = &mut self.links[b] {
                    link.object = None;
                }
                self.links[i] = Some(Link {
                    subject: vec![noun],
                    over: Over::Relative(noun),
                    object: None,
                });
                return;
            }
        }
        let ambiguous = self.ambiguous(i);
        if ambiguous && separator == Some(Kind::Noun) && before.is_some_and(|n| self.apposed_within(n, i)) {
            // `The Front, a group banned in Russia, has …`
            self.make_participle(i);
            return;
        }
        if ambiguous && separator == Some(Kind::Comma) && (!self.object_follows(i) || self.names(i)) {
            // `The group, founded in 1984, …`; the end of the clause may think better of it.
            self.make_participle(i);
            return;
        }
        if let Some(k) = self
            .stack
            .iter()
            .rposition(|c| c.verb.is_none() && (!c.subject.is_empty() || c.antecedent.is_some()))
        {
            self.truncate(k + 1, i);
            self.set(k, i);
            return;
        }
        if !matches!(separator, Some(Kind::Comma | Kind::Conjunction) | None) {
            let garden = (0..self.stack.len()).rev().find(|&k| {
                self.stack[k]
                    .verb
                    .is_some_and(|v| self.ambiguous(v) && (!self.object_follows(v) || self.names(v)))
            });
            if let (Some(k), false) = (garden, ambiguous && separator == Some(Kind::Noun)) {
                if let Some(v) = self.stack[k].verb {
                    self.make_participle(v);
                    self.links[v] = None;
                }
                self.truncate(k + 1, i);
                self.set(k, i);
                return;
            }
            if ambiguous {
                self.make_participle(i);
                return;
            }
            if let Some((noun, verb)) = self.object_before(i) {
                // `want the group declared a terrorist organisation`.
                if self.causes(verb)
                    && self.head_has(i, Class::Participle)
                    && self.phrases[i]
                        .group
                        .is_some_and(|g| g.past && !g.passive && !g.perfect && g.mood == Mood::Fact)
                {
                    self.make_participle(i);
                    return;
                }
                let gerund_subject = self.form(verb) == Some(VerbForm::Gerund) && self.before(verb).is_none();
                self.links[i] = Some(Link {
                    subject: if gerund_subject { Vec::new() } else { vec![noun] },
                    over: if gerund_subject {
                        Over::Main
                    } else {
                        Over::Complement(verb)
                    },
                    object: None,
                });
                return;
            }
        }
        if separator == Some(Kind::Comma) && !self.object_follows(i) {
            // A list of verbs: `met, praised and thanked`.
            if let Some(w) = self.verb_list(i) {
                let subject = self.links[w].as_ref().map(|l| l.subject.clone()).unwrap_or_default();
                self.links[i] = Some(Link {
                    subject,
                    over: Over::Joined(w),
                    object: None,
                });
                return;
            }
        }
        self.links[i] = Some(Link {
            subject: Vec::new(),
            over: Over::Main,
            object: None,
        });
    }

    /// The verb that one after a conjunction is joined to: the last one of the innermost clause that has one.
    fn joined_to(&self, verb: usize) -> Option<usize> {
        if self.waiting() {
            return None;
        }
        // `urged them to return assets that have been seized and called on …`: the same form sooner than the nearer clause.
        let form = |v: usize| self.phrases[v].group.map(|g| (g.past, g.perfect, g.passive, g.mood));
        let mut candidates = self.stack.iter().rev().filter_map(|c| c.verb);
        let inner = candidates.next()?;
        if form(inner) != form(verb)
            && matches!(self.stack.last().map(|c| c.over), Some(Over::Relative(_)))
            && let Some(outer) = candidates.next().filter(|&outer| form(outer) == form(verb))
        {
            return Some(outer);
        }
        Some(inner)
    }

    fn verb_list(&self, verb: usize) -> Option<usize> {
        let next = self.after(verb)?;
        let conj = (next..self.phrases.len().min(next + 6)).find(|&c| self.kind(c) == Kind::Conjunction)?;
        self.after(conj)
            .filter(|&v| self.kind(v) == Kind::Verb && self.form(v) == Some(VerbForm::Finite))?;
        self.stack.last().and_then(|c| c.verb)
    }

    /// A clause ends. If it still waits for its verb, a participle in it was the verb.
    fn close(&mut self, clause: &Open, end: usize) {
        if clause.verb.is_some() || (clause.subject.is_empty() && clause.antecedent.is_none()) {
            return;
        }
        // The last one: `the embassy, closed since 2019, reopened`.
        let candidate = (clause.first..end).rev().find(|&j| {
            self.phrases[j]
                .group
                .is_some_and(|g| g.form == VerbForm::Participle && g.passive)
                && self.phrases[j].end - self.phrases[j].start <= 2
                && self.head_has(j, Class::Past)
                && self
                    .before(j)
                    .is_some_and(|b| matches!(self.kind(b), Kind::Noun | Kind::Comma))
        });
        let Some(j) = candidate else { return };
        if let Some(group) = &mut self.phrases[j].group {
            group.form = VerbForm::Finite;
            group.passive = false;
            group.past = true;
        }
        let (subject, object) = if clause.subject.is_empty() {
            (clause.antecedent.into_iter().collect(), None)
        } else {
            (clause.subject.clone(), clause.antecedent)
        };
        self.links[j] = Some(Link {
            subject,
            over: clause.over,
            object,
        });
    }
}
