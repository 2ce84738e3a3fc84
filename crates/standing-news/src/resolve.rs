//! Who a noun phrase means: a name, a state through its government or capital, a pronoun's antecedent, `the group`; or its own words.

use standing_model::date::Day;

use crate::clause::Clauses;
use crate::lexicon::Class;
use crate::mention::{EntityKind, Form, Mentions};
use crate::offices::Offices;
use crate::phrase::Kind;
use crate::text::{Cut, Shape, Token, fold};

/// What kind of thing is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// A state, the EU, the UN.
    State,
    /// A body or office of a state.
    Body,
    /// A person.
    Person,
    /// An organisation by name.
    Organisation,
    /// A medium.
    Media,
    /// People or bodies described: `three former officials`.
    Group,
    /// Anything else.
    Thing,
}

/// Who or what a noun phrase means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Full name in this article, or the words themselves.
    pub name: String,
    /// The state's code, if a state stands behind it.
    pub code: Option<String>,
    /// What it is.
    pub kind: ValueKind,
    /// The gazetteer's id.
    pub id: Option<String>,
    /// Its words.
    pub tokens: (usize, usize),
}

impl Value {
    /// The same under another name.
    fn named(self, name: String) -> Self {
        Self { name, ..self }
    }
}

/// What is known of the whole article while its sentences are read.
pub struct Document<'a> {
    /// The text.
    pub text: &'a str,
    /// Its words and sentences.
    pub cut: &'a Cut,
    /// Its names.
    pub mentions: &'a Mentions,
    /// The state that publishes it, if it is a government's own page.
    pub publisher: Option<String>,
    /// The person in whose name it is published.
    pub author: Option<String>,
    /// Day of publication.
    pub published: Option<Day>,
    /// On a government's own page, the foreign state that it is about.
    pub topic: Option<String>,
    /// For each quotation number, its speaker.
    pub quote_speakers: Vec<Option<Value>>,
    /// The offices known.
    pub offices: &'a Offices,
}

impl Document<'_> {
    pub(crate) fn word(&self, token: usize) -> &str {
        let t = &self.cut.tokens[token];
        &self.text[t.start as usize..t.end as usize]
    }

    /// The words between two tokens, spaces normalised.
    pub fn words(&self, start: usize, end: usize) -> String {
        let tokens = &self.cut.tokens[start..end];
        match (tokens.first(), tokens.last()) {
            (Some(a), Some(b)) => self.text[a.start as usize..b.end as usize]
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            _ => String::new(),
        }
    }

    /// The words of the paragraph around a token, in small letters.
    pub fn paragraph_of(&self, token: usize) -> String {
        let at = self.cut.sentences.partition_point(|s| s.end as usize <= token);
        let Some(here) = self.cut.sentences.get(at) else {
            return String::new();
        };
        let mut out = String::from(" ");
        let from = at.saturating_sub(6);
        for s in &self.cut.sentences[from..(at + 7).min(self.cut.sentences.len())] {
            if s.paragraph != here.paragraph {
                continue;
            }
            for t in s.start as usize..s.end as usize {
                if self.cut.tokens[t].is_word() {
                    out.push_str(&fold(self.word(t)));
                    out.push(' ');
                }
            }
        }
        out
    }

    /// The value of an entity named at a token.
    pub fn entity_value(&self, token: usize) -> Option<Value> {
        let mention = self.mentions.at(token)?;
        let entity = self.mentions.entity(mention.entity);
        let kind = match entity.kind {
            EntityKind::State => ValueKind::State,
            EntityKind::Body => ValueKind::Body,
            EntityKind::Media => ValueKind::Media,
            EntityKind::Person => ValueKind::Person,
            EntityKind::Organisation => ValueKind::Organisation,
            EntityKind::Place | EntityKind::Other => ValueKind::Thing,
        };
        Some(Value {
            name: entity.name.clone(),
            // A town is where something happens, not who does it.
            code: entity.code.clone().filter(|_| entity.kind != EntityKind::Place),
            kind,
            id: entity.id.clone(),
            tokens: (mention.start as usize, mention.end as usize),
        })
    }

    /// Whom the noun phrase means. Its words are the phrase's own, also where what it means is named elsewhere.
    pub fn resolve(&self, clauses: &Clauses, phrase: usize) -> Value {
        let p = clauses.phrases[phrase];
        let mut value = self.meaning(clauses, phrase);
        if value.tokens.0 < p.start as usize || value.tokens.1 > p.end as usize {
            value.tokens = (p.start as usize, p.end as usize);
        }
        value
    }

    fn meaning(&self, clauses: &Clauses, phrase: usize) -> Value {
        let p = clauses.phrases[phrase];
        let (start, mut end, mut head) = (p.start as usize, p.end as usize, p.head as usize);
        // `one entity responsible for`: what describes it stands behind it.
        while head > start
            && matches!(
                self.word(head),
                "responsible" | "involved" | "close" | "active" | "subject"
            )
            && self.cut.tokens[head - 1].reading.has(Class::People)
        {
            end = head;
            head -= 1;
        }
        let head_token = &self.cut.tokens[head];
        // `those that support corruption`: whom the relative clause describes.
        let described_by = (matches!(fold(self.word(head)).as_str(), "those" | "anyone") && head == start)
            .then(|| clauses.after(phrase))
            .flatten()
            .filter(|&r| clauses.phrases[r].kind == Kind::Relative);
        if described_by.is_some() {
            let close = (phrase + 1..clauses.phrases.len())
                .find(|&i| matches!(clauses.phrases[i].kind, Kind::Comma | Kind::Break))
                .map_or(end, |i| clauses.phrases[i].start as usize);
            return Value {
                name: self.words(start, close.max(end)),
                code: None,
                kind: ValueKind::Group,
                id: None,
                tokens: (start, close.max(end)),
            };
        }
        if head_token.reading.has(Class::Pronoun) && self.mentions.at(head).is_none() {
            if let Some(value) = self.said_subject(clauses, phrase) {
                return value;
            }
            // `against 12 officials, barring them from`.
            if clauses.source.is(head, "them")
                && let Some(value) = self.described_before(clauses, phrase)
            {
                return value;
            }
            return self.pronoun(head).unwrap_or_else(|| Value {
                name: String::new(),
                code: None,
                kind: ValueKind::Thing,
                id: None,
                tokens: (start, end),
            });
        }
        let state = self.state_in(clauses, phrase);
        if let Some(mut value) = self.entity_value(head) {
            let whole_state = value.kind == ValueKind::State;
            if value.code.is_none()
                && matches!(value.kind, ValueKind::Organisation | ValueKind::Thing | ValueKind::Body)
            {
                // `Russia’s Foreign Ministry`, `the Supreme Court of India`.
                if self.official(value.tokens.0, value.tokens.1)
                    && (state.is_some() || (value.tokens.0..value.tokens.1).all(|t| self.generic(t)))
                {
                    value.kind = ValueKind::Body;
                    value.code = state.or_else(|| self.near_state(head));
                }
            }
            if whole_state
                && self
                    .mentions
                    .at(head)
                    .is_some_and(|m| m.form == Form::Adjective && m.end as usize == head + 1)
                && head_token.end > head_token.start
            {
                // `the Syrians`, `Yemenis`: people, not the state; as a slot the state is still the nearest.
                value.tokens = (start, end);
            }
            return value;
        }
        // `Omar Delta, a Russian oligarch sanctioned by`: the one whom it tells more of.
        if ["a", "an"].contains(&fold(self.word(start)).as_str())
            && let Some(value) = self.explained(clauses, phrase)
        {
            return value;
        }
        // `the Gorvani Front terrorist group`: called by its name.
        if self.called(head)
            && let Some(value) = self.name_inside(start, head)
            // `the Karsan Brigades terrorist groups`, but `five Tamil groups`.
            && (!self.word(head).ends_with('s') || value.tokens.1 - value.tokens.0 > 1)
        {
            return value;
        }
        // `the foreign minister of Ukraine, Ann Delta,`: the person.
        if head_token.reading.has(Class::Statehood)
            && !head_token.reading.has(Class::StateNoun)
            && (start..=head).any(|t| self.offices.longest(self.text, &self.cut.tokens[t..end]).is_some())
            && let Some(person) = self.person_apposed(clauses, phrase)
        {
            return person;
        }
        // `another Russian bank, Sberbank,`: its name.
        if (!head_token.reading.has(Class::Statehood) || self.word(head) == "bank")
            && head_token.shape != Shape::Number
            && !self.word(head).ends_with('s')
            && let Some(name) = self.name_apposed(clauses, phrase)
        {
            return name;
        }
        // `EU countries`, `UN members`: the union.
        if matches!(
            self.word(head),
            "countries" | "nations" | "states" | "members" | "capitals"
        ) && let Some(value) = (start..head)
            .find_map(|t| self.entity_value(t))
            .filter(|v| matches!(v.code.as_deref(), Some("EU" | "UN")))
        {
            return Value {
                name: value.code.clone().unwrap_or_default(),
                kind: ValueKind::State,
                tokens: (start, end),
                ..value
            };
        }
        let described = |code: Option<String>, kind| Value {
            name: if end < p.end as usize {
                self.words(start, end)
            } else {
                self.description(clauses, phrase)
            },
            code,
            kind,
            id: None,
            tokens: (start, end),
        };
        if head_token.reading.has(Class::Statehood) {
            let office = self.office_state(start, end);
            if let Some(code) = state.clone().or(office) {
                let kind = if head_token.reading.has(Class::StateNoun) {
                    ValueKind::State
                } else {
                    ValueKind::Body
                };
                return described(Some(code), kind);
            }
            // `said her country would`: of whoever holds its office.
            if head_token.reading.has(Class::StateNoun)
                && head == start + 1
                && self.cut.tokens[start].reading.has(Class::Possessive)
                && let Some(code) = self
                    .pronoun(start)
                    .and_then(|v| v.code)
                    .or_else(|| self.sayers_state(clauses, phrase))
            {
                return described(Some(code.clone()), ValueKind::State).named(code);
            }
            let whole = (start..end).all(|t| self.generic(t));
            if whole && (self.definite(start) || start == head) {
                // `the country`: what the sentence is about, sooner than what stands nearest.
                if head_token.reading.has(Class::StateNoun)
                    && self.definite(start)
                    && let Some(value) = self.state_spoken_of(start)
                {
                    return Value {
                        tokens: (start, end),
                        ..value
                    };
                }
                if let Some(code) = self.near_state(head) {
                    return described(Some(code), ValueKind::Body);
                }
            }
        }
        if head_token.reading.has(Class::Group) && state.is_none() {
            let former = (start..head).any(|t| fold(self.word(t)) == "former");
            let bare = (start..head)
                .all(|t| !self.cut.tokens[t].reading.has(Class::Number) && self.cut.tokens[t].shape != Shape::Number);
            if (self.definite(start) || former) && bare {
                // A name in apposition or inside: `the terrorist group Hamas` ends in its name and never comes here.
                if let Some(value) = self.focus(start) {
                    return value;
                }
            }
        }
        described(
            None,
            if people(head_token)
                || head_token.reading.has(Class::Statehood) && !head_token.reading.has(Class::StateNoun)
            {
                ValueKind::Group
            } else {
                ValueKind::Thing
            },
        )
    }

    /// The first state that the sentence names before a token.
    fn state_spoken_of(&self, token: usize) -> Option<Value> {
        let at = self.cut.sentences.partition_point(|s| s.end as usize <= token);
        let start = self.cut.sentences.get(at)?.start as usize;
        let t = (start..token).find(|&t| self.mentions.entity_at(t).is_some_and(|e| e.kind == EntityKind::State))?;
        let value = self.entity_value(t)?;
        Some(Value {
            name: value.code.clone()?,
            ..value
        })
    }

    /// Whether a head word only says what kind of thing the name before it is.
    fn called(&self, head: usize) -> bool {
        let reading = self.cut.tokens[head].reading;
        let word = self.word(head);
        (reading.has(Class::Group) && !word.ends_with('s'))
            || matches!(
                word,
                "organisations"
                    | "organizations"
                    | "groups"
                    | "entities"
                    | "company"
                    | "club"
                    | "airline"
                    | "bank"
                    | "network"
                    | "newspaper"
                    | "ship"
                    | "vessel"
                    | "tanker"
                    | "charity"
                    | "agency"
                    | "government"
                    | "administration"
                    | "regime"
                    | "association"
                    | "foundation"
                    | "party"
                    | "yacht"
                    | "extremist"
                    | "terrorist"
                    | "undesirable"
                    | "unlawful"
                    | "illegal"
            )
    }

    /// A name of an organisation inside a noun phrase, just before its head or with plain words between.
    fn name_inside(&self, start: usize, head: usize) -> Option<Value> {
        let at = (start..head).rev().find(|&t| self.mentions.at(t).is_some())?;
        let plain = (at + 1..head).all(|t| {
            let token = &self.cut.tokens[t];
            token.shape == Shape::Lower && !token.reading.verbal()
        });
        let value = self.entity_value(at).filter(|_| plain)?;
        matches!(value.kind, ValueKind::Organisation | ValueKind::Thing).then_some(value)
    }

    /// The name between commas that a description of one thing is followed by.
    fn name_apposed(&self, clauses: &Clauses, phrase: usize) -> Option<Value> {
        let (_, last) = clauses.attached_to(phrase);
        let comma = clauses
            .after(last)
            .filter(|&c| clauses.phrases[c].kind == Kind::Comma)?;
        let name = clauses
            .after(comma)
            .filter(|&n| clauses.phrases[n].kind == Kind::Noun)?;
        let closed = clauses
            .after(name)
            .is_none_or(|n| matches!(clauses.phrases[n].kind, Kind::Comma | Kind::Break));
        let p = clauses.phrases[name];
        let value = self.entity_value(p.head as usize)?;
        // A list goes on to a conjunction; an apposition is closed by its comma.
        let list = clauses.joined_right(phrase).0.len() > 1;
        // `his predecessor, Omar Delta`: whoever belongs to somebody is one person.
        let q = clauses.phrases[phrase];
        let owned = self.cut.tokens[q.start as usize].reading.has(Class::Possessive);
        let fits = value.kind == ValueKind::Organisation || value.kind == ValueKind::Person && owned;
        (closed && !list && p.start == value.tokens.0 as u32 && fits).then_some(value)
    }

    /// The person or organisation that an indefinite noun phrase after a comma or dash explains.
    fn explained(&self, clauses: &Clauses, phrase: usize) -> Option<Value> {
        let comma = clauses
            .before(phrase)
            .filter(|&c| clauses.phrases[c].kind == Kind::Comma)?;
        let name = clauses
            .before(comma)
            .filter(|&n| clauses.phrases[n].kind == Kind::Noun)?;
        let value = self.entity_value(clauses.phrases[name].head as usize)?;
        let head = &self.cut.tokens[clauses.phrases[phrase].head as usize];
        matches!(
            value.kind,
            ValueKind::Person | ValueKind::Organisation | ValueKind::Thing
        )
        .then(|| Value {
            // `Karsan Hizb, a group`: no person.
            kind: if head.reading.has(Class::Group) {
                ValueKind::Organisation
            } else {
                value.kind
            },
            ..value
        })
    }

    /// The person whose office a noun phrase names, when the name follows after a comma.
    fn person_apposed(&self, clauses: &Clauses, phrase: usize) -> Option<Value> {
        let (_, last) = clauses.attached_to(phrase);
        let comma = clauses.after(last)?;
        if clauses.phrases[comma].kind != Kind::Comma {
            return None;
        }
        let name = clauses
            .after(comma)
            .filter(|&n| clauses.phrases[n].kind == Kind::Noun)?;
        let value = self.entity_value(clauses.phrases[name].head as usize)?;
        (value.kind == ValueKind::Person).then_some(value)
    }

    /// The state that an office's words alone name: `Home Secretary`.
    fn office_state(&self, start: usize, end: usize) -> Option<String> {
        (start..end).find_map(|t| {
            self.offices
                .at(self.text, &self.cut.tokens[t..end])
                .and_then(|(_, state)| state.map(str::to_owned))
        })
    }

    /// The state whose organ the words name, for `the Treasury's`.
    pub fn official_state(&self, start: usize, end: usize) -> Option<String> {
        if !self.official(start, end) {
            return None;
        }
        (start..end)
            .find_map(|t| self.mentions.entity_at(t).and_then(|e| e.code.clone()))
            .or_else(|| self.office_state(start, end))
            .or_else(|| {
                (start..end)
                    .all(|t| self.generic(t))
                    .then(|| self.near_state(start))
                    .flatten()
            })
    }

    /// Whether a word could be part of any state's organ: `Supreme`, `Foreign`, `Ministry`, `of`.
    fn generic(&self, token: usize) -> bool {
        let t = &self.cut.tokens[token];
        t.reading.classes != 0 && !t.reading.has(Class::People)
            || t.reading.has(Class::Statehood)
            || t.shape == Shape::Possessive
    }

    fn definite(&self, start: usize) -> bool {
        matches!(
            fold(self.word(start)).as_str(),
            "the" | "this" | "that" | "these" | "those"
        )
    }

    /// Whether words name an organ of a state.
    fn official(&self, start: usize, end: usize) -> bool {
        (start..end).any(|t| self.cut.tokens[t].reading.has(Class::Statehood))
    }

    /// The state in a noun phrase: an adjective or possessor before the head, or `of …` after it.
    pub fn state_in(&self, clauses: &Clauses, phrase: usize) -> Option<String> {
        let p = clauses.phrases[phrase];
        for t in p.start..p.end {
            // `the US-sanctioned Gorvani Bank` is no bank of the US.
            let compound = self.mentions.at(t as usize).is_some_and(|m| {
                self.cut
                    .tokens
                    .get(m.end as usize)
                    .is_some_and(|t| t.shape == Shape::Dash)
            });
            if compound {
                continue;
            }
            if let Some(entity) = self.mentions.entity_at(t as usize)
                && (entity.kind == EntityKind::State || (entity.code.is_some() && t < p.head))
            {
                return entity.code.clone();
            }
        }
        if let Some(next) = clauses
            .after(phrase)
            .filter(|&n| clauses.phrases[n].kind == Kind::Preposition)
            && matches!(clauses.head_word(next).as_str(), "of" | "in" | "from")
            && let Some(n) = clauses.after(next).filter(|&n| clauses.phrases[n].kind == Kind::Noun)
        {
            let q = clauses.phrases[n];
            return (q.start..q.end).find_map(|t| {
                self.mentions
                    .entity_at(t as usize)
                    .filter(|e| matches!(e.kind, EntityKind::State | EntityKind::Place))
                    .and_then(|e| e.code.clone())
            });
        }
        None
    }

    /// The state that the text speaks of just before a token; else the one most named.
    pub fn near_state(&self, token: usize) -> Option<String> {
        if let Some(code) = &self.publisher {
            return Some(code.clone());
        }
        let sentence = self.cut.sentences.partition_point(|s| s.end as usize <= token);
        let floor = self
            .cut
            .sentences
            .get(sentence.saturating_sub(2))
            .map_or(0, |s| s.start as usize);
        let mut first = None;
        for t in (floor..token).rev() {
            if let Some(m) = self.mentions.at(t) {
                let e = self.mentions.entity(m.entity);
                if e.kind == EntityKind::State || (e.kind == EntityKind::Body && e.code.is_some()) {
                    first.clone_from(&e.code);
                    break;
                }
            }
        }
        first.or_else(|| {
            self.mentions
                .entities
                .iter()
                .filter(|e| e.kind == EntityKind::State && e.count > 1)
                .max_by(|a, b| a.count.cmp(&b.count).then_with(|| b.name.cmp(&a.name)))
                .and_then(|e| e.code.clone())
        })
    }

    /// The organisation or person that `the group`, `its` or a bare description stands for: the last one named before, nearest sentence first.
    pub fn focus(&self, token: usize) -> Option<Value> {
        let mut best: Option<(u32, usize)> = None;
        let sentence = self.cut.sentences.partition_point(|s| s.end as usize <= token);
        let floor = self
            .cut
            .sentences
            .get(sentence.saturating_sub(1))
            .map_or(0, |s| s.start as usize);
        let from = self.mentions.list.partition_point(|m| (m.start as usize) < token);
        for m in self.mentions.list[..from].iter().rev().take(60) {
            let e = self.mentions.entity(m.entity);
            if e.kind != EntityKind::Organisation || m.form != Form::Name {
                continue;
            }
            // `the group` is no ministry, court or prosecutor's office.
            let office = [
                "Office",
                "Ministry",
                "Court",
                "Department",
                "Parliament",
                "Commission",
                "Treasury",
            ]
            .iter()
            .any(|w| e.name.split(' ').any(|n| n == *w));
            if office && e.id.is_none() {
                continue;
            }
            let near = u32::from(m.start as usize >= floor);
            // Known parties come first, then what the article names most.
            let weight = u32::from(e.id.is_some()) * 8 + near * 2 + e.count.min(20);
            if best.is_none_or(|(w, _)| weight > w) {
                best = Some((weight, m.start as usize));
            }
        }
        best.and_then(|(_, t)| self.entity_value(t))
    }

    /// The words of a noun phrase with what belongs to it, without its article.
    fn description(&self, clauses: &Clauses, phrase: usize) -> String {
        let p = clauses.phrases[phrase];
        let mut start = p.start as usize;
        if start < p.head as usize
            && matches!(
                fold(self.word(start)).as_str(),
                "the" | "a" | "an" | "this" | "these" | "those" | "any" | "all" | "some"
            )
        {
            start += 1;
        }
        let those = matches!(fold(self.word(p.start as usize)).as_str(), "those" | "anyone");
        if those {
            start = p.start as usize;
        }
        let mut end = p.end as usize;
        let mut at = phrase;
        for _ in 0..2 {
            let Some(next) = clauses
                .after(at)
                .filter(|&n| clauses.phrases[n].kind == Kind::Preposition)
            else {
                break;
            };
            let word = clauses.head_word(next);
            let familiar = word == "with" && end > start && fold(self.word(end - 1)) == "familiar";
            if !(matches!(word.as_str(), "of" | "in" | "within" | "affiliated") || those && word == "for" || familiar) {
                break;
            }
            let Some(n) = clauses.after(next).filter(|&n| clauses.phrases[n].kind == Kind::Noun) else {
                break;
            };
            // `individuals in Iran`, but not `individuals in response`.
            if word == "in" && self.mentions.at(clauses.phrases[n].head as usize).is_none() {
                break;
            }
            end = clauses.phrases[n].end as usize;
            at = n;
        }
        // A trailing genitive is not part of it.
        while end > start + 1 && self.cut.tokens[end - 1].shape == Shape::Possessive {
            end -= 1;
        }
        self.words(start, end)
    }
}

/// Whether a noun is about people or bodies that measures are taken against.
fn people(token: &Token) -> bool {
    token.reading.has(Class::Group) || token.reading.has(Class::People)
}
