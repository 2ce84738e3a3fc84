//! Frames: who does what to whom around a verb group or a noun.
//!
//! From a verb group to its subject (by `syntax`) and right to its objects and prepositional phrases, up to where another clause begins.
//! Passives are turned round, so that rules speak of the agent and the patient only.

use crate::clause::Clauses;
use crate::lexicon::Class;
use crate::phrase::{Kind, VerbForm};

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
    /// Whether it is a passive turned round.
    pub passive: bool,
    /// The phrases that it reaches over.
    pub first: usize,
    /// The last phrase that it reaches over.
    pub last: usize,
}

impl Clauses<'_> {
    /// The parts of the clause around a verb group.
    pub fn frame(&self, verb: usize) -> Frame {
        let mut frame = Frame {
            first: verb,
            last: verb,
            ..Frame::default()
        };
        let subject = self.subject(verb);
        if let Some(&first) = subject.iter().min()
            && first < verb
        {
            frame.first = first;
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
                    // `designated as extremist three groups`: the heavy object comes last.
                    let as_first = frame.attached.len() == 1 && frame.attached[0].word == "as";
                    if objects.is_empty() && (frame.attached.is_empty() || as_first) {
                        objects = list;
                    } else if complements.is_empty() && frame.attached.is_empty() {
                        complements = list;
                    }
                    at = last;
                    frame.last = last;
                }
                Kind::Preposition => {
                    let word = self.head_word(next);
                    // `broke off relations`, `cut off aid`: a particle, not a preposition.
                    if at == verb
                        && next == verb + 1
                        && (matches!(word.as_str(), "off" | "up" | "out" | "down" | "back" | "away")
                            || word == "over"
                                && ["hand", "turn", "roll"]
                                    .iter()
                                    .any(|v| self.head_word(verb).starts_with(v)))
                        && !passive
                    {
                        at = next;
                        continue;
                    }
                    let (words, next) = self.prepositions(next);
                    match self.after(next) {
                        Some(n) if self.kind(n) == Kind::Noun => {
                            // `of` at once after the object belongs to it; it is given too, the rules decide.
                            let (list, last) = self.joined_right(n);
                            for word in words {
                                frame.attached.push(Attached {
                                    word,
                                    nouns: list.clone(),
                                });
                            }
                            at = last;
                            frame.last = last;
                        }
                        Some(v) if self.kind(v) == Kind::Verb => {
                            // `barred from entering the United States`: what is barred to them.
                            let nouns = self
                                .after(v)
                                .filter(|&n| self.kind(n) == Kind::Noun && word == "from")
                                .into_iter()
                                .collect();
                            frame.attached.push(Attached { word, nouns });
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
                // `considers X to be a terrorist group`.
                Kind::Verb
                    if complements.is_empty()
                        && (passive || !objects.is_empty())
                        && self.form(next) == Some(VerbForm::Infinitive)
                        && self.phrases[next].group.is_some_and(|g| g.copula && !g.negated)
                        && self.source.tokens[self.phrases[verb].head as usize]
                            .reading
                            .has(Class::Naming) =>
                {
                    let Some(n) = self.after(next).filter(|&n| self.kind(n) == Kind::Noun) else {
                        break;
                    };
                    let (list, last) = self.joined_right(n);
                    if passive {
                        objects = list;
                    } else {
                        complements = list;
                    }
                    at = last;
                    frame.last = last;
                }
                Kind::Comma => {
                    // `designated the group, which runs schools, as a terrorist organisation`.
                    if let Some(close) = self.past_relative(next).filter(|_| !objects.is_empty() && !passive) {
                        at = close;
                        continue;
                    }
                    // Go on only to a further prepositional phrase, or over an apposition.
                    match self.after(next) {
                        Some(p)
                            if self.kind(p) == Kind::Preposition
                                && !matches!(self.head_word(p).as_str(), "according") =>
                        {
                            at = next;
                        }
                        // `added another bank, Gorvani Bank, to its list`.
                        Some(n) if self.kind(n) == Kind::Noun && !objects.is_empty() => {
                            let (_, last) = self.attached_to(n);
                            let Some(close) = self.after(last).filter(|&c| self.kind(c) == Kind::Comma) else {
                                break;
                            };
                            let on = self.after(close).is_some_and(|p| {
                                self.kind(p) == Kind::Preposition
                                    && matches!(self.head_word(p).as_str(), "to" | "from" | "on" | "off" | "as")
                            });
                            if !on {
                                break;
                            }
                            at = close;
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
        // `declaring A and B terrorist groups`: what they are called stands in the last name's phrase.
        let names = self.source.tokens[self.phrases[verb].head as usize]
            .reading
            .has(Class::Naming);
        if !passive && complements.is_empty() && names && objects.len() > 1 {
            complements = objects
                .last()
                .copied()
                .filter(|&n| self.named_plural(n))
                .into_iter()
                .collect();
        }
        frame.passive = passive;
        if passive {
            // `ordered its assets seized`: who orders it acts.
            if self.form(verb) == Some(VerbForm::Participle)
                && let Some(v) = subject
                    .first()
                    .and_then(|&n| self.before(n))
                    .filter(|&v| self.kind(v) == Kind::Verb && self.head_word(v).starts_with("order"))
            {
                frame.agents = self.subject(v);
            }
            frame.patients = subject;
            frame.complements = objects;
            for attached in &frame.attached {
                if attached.word == "by" {
                    frame.agents.clone_from(&attached.nouns);
                }
            }
        } else {
            frame.agents = subject;
            frame.patients = objects;
            frame.complements = complements;
        }
        // `the group which Russia banned`, `which the EU considers a terrorist group`: the antecedent is the patient.
        if let Some(noun) = self.links[verb].as_ref().and_then(|l| l.object).filter(|_| !passive) {
            let named = self.source.tokens[self.phrases[verb].head as usize]
                .reading
                .has(Class::Naming);
            if frame.patients.is_empty() || named {
                if named {
                    frame.complements = std::mem::take(&mut frame.patients);
                }
                frame.patients = vec![noun];
                frame.first = frame.first.min(noun);
            }
        }
        frame
    }

    /// The comma that closes a relative clause opened by one, where what belongs to the verb before goes on behind it.
    fn past_relative(&self, comma: usize) -> Option<usize> {
        let relative = self.after(comma).filter(|&r| self.kind(r) == Kind::Relative)?;
        let close = (relative + 1..self.phrases.len())
            .take_while(|&i| self.kind(i) != Kind::Break)
            .find(|&i| self.kind(i) == Kind::Comma)?;
        self.after(close)
            .filter(|&p| {
                self.kind(p) == Kind::Preposition
                    && matches!(self.head_word(p).as_str(), "to" | "from" | "on" | "off" | "as")
            })
            .map(|_| close)
    }

    /// `the Talmar Brigades terrorist organisations`: a name, and a plural for it and those before.
    fn named_plural(&self, noun: usize) -> bool {
        let p = self.phrases[noun];
        ["groups", "organisations", "organizations", "entities"]
            .iter()
            .any(|w| self.source.is(p.head as usize, w))
            && (p.start..p.head).any(|t| self.source.mentions.at(t as usize).is_some())
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
        let mut possessed = false;
        while let Some(mut p) = self.after(at) {
            // `assets linked to`, `a yacht belonging to`, `accounts held in London by`: whose it is.
            if self.kind(p) == Kind::Verb && matches!(self.form(p), Some(VerbForm::Participle | VerbForm::Gerund)) {
                // `the sanctions imposed on X`.
                let put = ["imposed", "placed", "levied", "introduced", "adopted"]
                    .iter()
                    .any(|w| self.head_word(p) == *w);
                if !self.possesses(p) && !put {
                    break;
                }
                possessed = !put;
                match self.after(p) {
                    Some(n) => p = n,
                    None => break,
                }
            }
            if self.kind(p) != Kind::Preposition {
                break;
            }
            let (words, p) = self.prepositions(p);
            let Some(n) = self.after(p).filter(|&n| self.kind(n) == Kind::Noun) else {
                break;
            };
            let (list, end) = self.joined_right(n);
            for word in words {
                let whose = possessed && matches!(word.as_str(), "by" | "to" | "with" | "of");
                out.push(Attached {
                    word: if whose { "of".to_owned() } else { word },
                    nouns: list.clone(),
                });
            }
            at = end;
            last = end;
        }
        (out, last)
    }

    /// Whether a participle says whose a thing is.
    fn possesses(&self, verb: usize) -> bool {
        let word = self.head_word(verb);
        [
            "linked",
            "link",
            "belong",
            "own",
            "held",
            "controlled",
            "tied",
            "connected",
            "associated",
            "used",
            "operated",
            "appointed",
            "named",
            "sent",
        ]
        .iter()
        .any(|s| word.starts_with(s))
    }

    /// The prepositions that share one noun phrase, and the last of them: `to, from, or in`, `to and from`.
    fn prepositions(&self, first: usize) -> (Vec<String>, usize) {
        let mut words = vec![self.head_word(first)];
        let mut last = first;
        for _ in 0..3 {
            let mut next = self.after(last);
            let mut separated = false;
            while let Some(n) = next.filter(|&n| matches!(self.kind(n), Kind::Comma | Kind::Conjunction)) {
                separated = true;
                next = self.after(n);
            }
            match next.filter(|&n| separated && self.kind(n) == Kind::Preposition) {
                Some(n) => {
                    words.push(self.head_word(n));
                    last = n;
                }
                None => break,
            }
        }
        (words, last)
    }
}
