//! Wires the stages: an article in, claims out.

use std::collections::BTreeMap;

use standing_model::date::Calendar;
use standing_model::step::Action;
use standing_model::{Claim, ClaimStatus, ClaimType, PartialDate};

use crate::article::{Article, ReadClaim, Reading, SetAside, Warning};
use crate::boilerplate;
use crate::clause::Clauses;
use crate::gazetteer::Gazetteer;
use crate::mention::{self, EntityKind, Form, Mentions};
use crate::offices::Offices;
use crate::phrase::{Kind, Source};
use crate::resolve::{Document, Value, ValueKind};
use crate::rule::{Pattern, RuleError, RuleFile, RuleSet};
use crate::said::{self, Said};
use crate::slots::{Filled, Place};
use crate::status::Judge;
use crate::text::{Cut, Sentence, Shape, cut, fold};
use crate::when::{self, Direction};

/// Reads articles with one set of rules and names.
pub struct Reader<'a> {
    rules: &'a RuleSet,
    gazetteer: &'a Gazetteer,
    offices: Offices,
}

/// A claim in the making.
struct Found {
    kind: ClaimType,
    action: Option<Action>,
    actor: Option<Value>,
    party: Option<Value>,
    status: ClaimStatus,
    speaker: Option<String>,
    via: Vec<String>,
    time: Option<(Option<Calendar>, String)>,
    tokens: (usize, usize),
    weight: i32,
    trigger: usize,
    rules: Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader.
    pub fn new(rules: &'a RuleSet, gazetteer: &'a Gazetteer) -> Self {
        Self {
            rules,
            gazetteer,
            offices: Offices::embedded(),
        }
    }

    /// Reads an article.
    pub fn read(&self, article: &Article) -> Reading {
        let text = article.text.as_str();
        let points = CodePoints::new(text);
        let mut reading = Reading::default();
        let aside = self.set_aside(text, &points, &mut reading);
        let cut = cut(text, &self.rules.lexicon);
        let mut mentions = mention::find(text, &cut, self.gazetteer, &self.rules.lexicon, &self.offices);
        reading.sentences = cut.sentences.len();
        let roles = self.roles(text, &cut, &mut mentions);
        let publisher = publisher(article, text);
        let document = Document {
            text,
            cut: &cut,
            mentions: &mentions,
            publisher,
            author: author(text, &cut, &mentions),
            published: article.published,
            quote_speakers: Vec::new(),
        };
        let mut document = document;
        let source = Source {
            text,
            tokens: &cut.tokens,
            mentions: &mentions,
        };
        let quotes = cut.tokens.iter().map(|t| usize::from(t.quote)).max().unwrap_or(0);
        document.quote_speakers = vec![None; quotes + 1];
        let mut found: Vec<Found> = Vec::new();
        let mut last: Option<Value> = None;
        let mut carried: Option<Value> = None;
        for sentence in &cut.sentences {
            let (start, end) = (sentence.start as usize, sentence.end as usize);
            let first = cut.tokens[start].start as usize;
            if aside.iter().any(|&(s, e)| s <= first && first < e) || headline(&cut, *sentence) {
                continue;
            }
            let quoted = (start..end).any(|t| cut.tokens[t].quote > 0);
            if !self.triggered(&cut, start, end) && !quoted {
                last = None;
                continue;
            }
            let clauses = Clauses::new(&source, start, end);
            let said = said::find(&document, &clauses, self.rules, start, end);
            self.quotes(&cut, &mut document, &said, start, end, &mut last);
            if let Some(s) = said.first() {
                let colon = cut.tokens[s.verb..end]
                    .iter()
                    .skip(1)
                    .take(1)
                    .any(|t| t.shape == Shape::Colon);
                carried = (colon && !quoted).then(|| s.speaker.clone());
            }
            self.sentence(&document, &clauses, &said, carried.as_ref(), start, end, &mut found);
        }
        drop(document);
        for role in roles {
            let first = cut.tokens[role.tokens.0].start as usize;
            if !aside.iter().any(|&(s, e)| s <= first && first < e) {
                found.push(role);
            }
        }
        self.finish(article, &cut, &points, found, &mut reading);
        reading
    }

    fn set_aside(&self, text: &str, points: &CodePoints, reading: &mut Reading) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let body = line.trim();
            if body.is_empty() {
                continue;
            }
            if let Some(rule) = boilerplate::rule_for(self.rules, body) {
                let from = start + (line.len() - line.trim_start().len());
                let to = from + body.len();
                reading.set_aside.push(SetAside {
                    span: [points.of(text, from), points.of(text, to)],
                    rule: rule.to_owned(),
                });
                out.push((from, to));
            }
        }
        out
    }

    fn triggered(&self, cut: &Cut, start: usize, end: usize) -> bool {
        cut.tokens[start..end].iter().any(|t| {
            let r = t.reading;
            (r.verb != 0
                && (self.rules.verbs.contains_key(&r.verb)
                    || self.rules.participles.contains_key(&r.verb)
                    || self.rules.speech_verbs.contains_key(&r.verb)))
                || (r.noun != 0 && self.rules.nouns.contains_key(&r.noun))
        })
    }

    /// Gives each quotation of the sentence its speaker: the narrator's verb, else whoever spoke last.
    fn quotes(
        &self,
        cut: &Cut,
        document: &mut Document,
        said: &[Said],
        start: usize,
        end: usize,
        last: &mut Option<Value>,
    ) {
        let outside = said
            .iter()
            .filter(|s| cut.tokens[s.verb].quote == 0 && s.speaker.kind != ValueKind::Media)
            .min_by_key(|s| (s.rule == "speech.according", s.verb));
        if let Some(s) = outside {
            *last = Some(s.speaker.clone());
        }
        let mut any = false;
        for t in start..end {
            let quote = usize::from(cut.tokens[t].quote);
            if quote > 0 {
                any = true;
                if document.quote_speakers[quote].is_none() {
                    document.quote_speakers[quote].clone_from(last);
                }
            }
        }
        if !any && outside.is_none() {
            *last = None;
        }
    }

    fn sentence(
        &self,
        document: &Document,
        clauses: &Clauses,
        said: &[Said],
        carried: Option<&Value>,
        start: usize,
        end: usize,
        found: &mut Vec<Found>,
    ) {
        let place = Place {
            document,
            clauses,
            rules: self.rules,
            gazetteer: self.gazetteer,
        };
        let reported = |token: usize| {
            said.iter()
                .any(|s| s.start <= token && token < s.end && s.verb != token)
        };
        let judge = Judge {
            clauses,
            rules: self.rules,
            reported: &reported,
        };
        let times = when::find(clauses.source, start, end);
        let mut here: Vec<Found> = Vec::new();
        for (i, phrase) in clauses.phrases.iter().enumerate() {
            let head = phrase.head as usize;
            let reading = document.cut.tokens[head].reading;
            let mut hits: Vec<(&Pattern, Filled, crate::status::Judged, usize)> = Vec::new();
            if phrase.kind == Kind::Verb {
                for trigger in self.rules.verbs.get(&reading.verb).into_iter().flatten() {
                    let rule = &self.rules.patterns[trigger.rule as usize];
                    if trigger.particle > 0 {
                        let particle = &self.rules.particles[trigger.particle as usize - 1];
                        if !(head + 1..(head + 5).min(end)).any(|t| clauses.source.is(t, particle)) {
                            continue;
                        }
                    }
                    if let Some(filled) = place.at_verb(rule, i, (start, end)) {
                        hits.push((rule, filled, judge.verb(i), head));
                    }
                }
            }
            if phrase.kind == Kind::Noun && document.mentions.at(head).is_none() {
                for &rule in self
                    .rules
                    .nouns
                    .get(&reading.noun)
                    .filter(|_| reading.noun != 0)
                    .into_iter()
                    .flatten()
                {
                    let rule = &self.rules.patterns[rule as usize];
                    if let Some(filled) = place.at_noun(rule, i, (start, end)) {
                        hits.push((rule, filled, judge.noun(i), head));
                    }
                }
            }
            if phrase.kind == Kind::Noun {
                for t in phrase.start as usize..phrase.end as usize {
                    let verb = document.cut.tokens[t].reading.verb;
                    for &rule in self
                        .rules
                        .participles
                        .get(&verb)
                        .filter(|_| verb != 0 && t < head)
                        .into_iter()
                        .flatten()
                    {
                        let rule = &self.rules.patterns[rule as usize];
                        if let Some(filled) = place.at_participle(rule, i, t, (start, end)) {
                            hits.push((
                                rule,
                                filled,
                                crate::status::Judged {
                                    status: ClaimStatus::InEffect,
                                    rules: Vec::new(),
                                },
                                t,
                            ));
                        }
                    }
                }
            }
            for (rule, filled, judged, token) in hits {
                let (by, mut via) = said::speaker_at(said, token);
                let quote = usize::from(document.cut.tokens[token].quote);
                let mut speaker = by.map(|s| s.speaker.name.clone());
                if speaker.is_none() && quote > 0 {
                    speaker = document.quote_speakers[quote].as_ref().map(|v| v.name.clone());
                }
                if speaker.is_none() {
                    speaker = carried.map(|v| v.name.clone());
                }
                if speaker
                    .as_deref()
                    .is_some_and(|s| Some(s) == document.publisher.as_deref())
                {
                    speaker = None;
                }
                let mut status = judged.status;
                if by.is_some_and(|s| s.denies) || (status == ClaimStatus::NotOccurred && speaker.is_some()) {
                    status = ClaimStatus::Denied;
                }
                if let Some(own) = rule.status {
                    status = if own == ClaimStatus::Urged {
                        own
                    } else {
                        crate::status::weaker(status, own)
                    };
                }
                if let Some(s) = speaker.as_deref() {
                    via.retain(|v| v != s);
                }
                let mut ids = vec![rule.id.clone()];
                ids.extend(judged.rules);
                if let Some(s) = by {
                    ids.push(s.rule.clone());
                }
                let direction = if status == ClaimStatus::Planned {
                    Direction::Future
                } else {
                    Direction::Past
                };
                let time = times
                    .iter()
                    .min_by_key(|w| w.start.abs_diff(token))
                    .filter(|w| w.start + 40 > token)
                    .map(|w| {
                        (
                            when::resolve(w.said, document.published, direction),
                            document.words(w.start, w.end),
                        )
                    });
                let blank = || vec![None];
                // On a government's own page a measure without a named actor is its own.
                let own = document
                    .publisher
                    .clone()
                    .filter(|_| rule.kind.tier() == 1 && status != ClaimStatus::NotOccurred);
                let own = own.map(|code| Value {
                    name: code.clone(),
                    code: Some(code),
                    kind: ValueKind::State,
                    id: None,
                    tokens: (filled.start, filled.end),
                });
                let actors: Vec<Option<Value>> = if filled.actors.is_empty() && own.is_some() {
                    vec![own]
                } else if filled.actors.is_empty() {
                    blank()
                } else {
                    filled.actors.into_iter().map(Some).collect()
                };
                let parties: Vec<Option<Value>> = if filled.parties.is_empty() {
                    blank()
                } else {
                    filled.parties.into_iter().map(Some).collect()
                };
                for actor in &actors {
                    for party in &parties {
                        here.push(Found {
                            kind: rule.kind,
                            action: rule.action,
                            actor: actor.clone(),
                            party: party.clone(),
                            status,
                            speaker: speaker.clone(),
                            via: via.clone(),
                            time: time.clone(),
                            tokens: (filled.start, filled.end),
                            weight: rule.weight,
                            trigger: token,
                            rules: ids.clone(),
                        });
                    }
                }
            }
        }
        // On the same words the rule of greater weight stands; of several triggers in one clause the fuller claim.
        here.sort_by(|a, b| {
            b.weight
                .cmp(&a.weight)
                .then(a.trigger.cmp(&b.trigger))
                .then(a.rules.cmp(&b.rules))
        });
        let mut kept: Vec<Found> = Vec::new();
        for f in here {
            let beaten = kept.iter().any(|k| {
                let standing = f.kind.tier() == 1 && k.kind.tier() == 1;
                (k.trigger == f.trigger && standing && k.rules[0] != f.rules[0])
                    || (k.kind == f.kind
                        && k.action == f.action
                        && same(k.party.as_ref(), f.party.as_ref())
                        && (same(k.actor.as_ref(), f.actor.as_ref()) || f.actor.is_none()))
            });
            if !beaten {
                kept.push(f);
            }
        }
        kept.sort_by_key(|f| f.trigger);
        found.extend(kept);
    }

    /// Who holds which office.
    fn roles(&self, text: &str, cut: &Cut, mentions: &mut Mentions) -> Vec<Found> {
        let mut out: Vec<Found> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for sentence in &cut.sentences {
            let (start, end) = (sentence.start as usize, sentence.end as usize);
            let mut at = start;
            while at < end {
                if mentions.at(at).is_some() {
                    at += 1;
                    continue;
                }
                let Some((length, state)) = self.offices.at(text, &cut.tokens[at..end]) else {
                    at += 1;
                    continue;
                };
                let state = state.map(str::to_owned);
                let after = at + length;
                let word = |t: usize| fold(&text[cut.tokens[t].start as usize..cut.tokens[t].end as usize]);
                // What the office is of.
                let mut of = None;
                let mut next = after;
                if next < end && matches!(word(next).as_str(), "of" | "to" | "for") {
                    let mut m = next + 1;
                    if m < end && word(m) == "the" {
                        m += 1;
                    }
                    if let Some(mention) = mentions.at(m).copied().filter(|_| m < end) {
                        of = Some((mention.entity, word(next) == "of"));
                        next = mention.end as usize;
                    }
                }
                let mut before = at;
                let mut ended = false;
                while before > start
                    && (cut.tokens[before - 1].reading.has(crate::lexicon::Class::Adjective)
                        || matches!(word(before - 1).as_str(), "the" | "a" | "an" | "ex")
                        || cut.tokens[before - 1].shape == Shape::Possessive)
                {
                    ended |= matches!(word(before - 1).as_str(), "former" | "late" | "ex");
                    before -= 1;
                }
                let owner = (before > start).then(|| mentions.at(before - 1).copied()).flatten();
                if let Some(o) = owner {
                    let p = o.start as usize;
                    ended |= p > start && matches!(word(p - 1).as_str(), "former" | "late" | "retired");
                }
                if next < end && cut.tokens[next].shape == Shape::Comma {
                    // `the mayor of London, Sadiq Khan`
                    if of.is_some() || owner.is_some() {
                        next += 1;
                    }
                }
                let person_after = (next < end).then(|| mentions.at(next).copied()).flatten().filter(|m| {
                    matches!(mentions.entity(m.entity).kind, EntityKind::Person | EntityKind::Other)
                        && m.form == Form::Name
                });
                // `Amir Khan Muttaqi, the acting foreign minister of`
                let edge = owner.map_or(before, |o| {
                    if mentions.entity(o.entity).kind == EntityKind::Person && o.end as usize == before {
                        o.start as usize
                    } else {
                        o.start as usize
                    }
                });
                let mut comma = edge;
                while comma > start
                    && (matches!(
                        word(comma - 1).as_str(),
                        "the" | "a" | "an" | "former" | "president" | "late"
                    ) || cut.tokens[comma - 1].reading.has(crate::lexicon::Class::Adjective))
                {
                    comma -= 1;
                }
                let person_before = (comma > start + 1 && cut.tokens[comma - 1].shape == Shape::Comma)
                    .then(|| mentions.at(comma - 2).copied())
                    .flatten()
                    .filter(|m| mentions.entity(m.entity).kind == EntityKind::Person);
                let state_of = |id: u32, mentions: &Mentions| {
                    let e = mentions.entity(id);
                    e.code.clone()
                };
                if let Some(m) = person_before.or(person_after) {
                    let own = of
                        .filter(|(_, o)| *o)
                        .map(|(e, _)| e)
                        .or(owner.map(|o| o.entity))
                        .filter(|&e| mentions.root(e) != mentions.root(m.entity));
                    let code = own.and_then(|e| state_of(e, mentions)).or(state).or_else(|| {
                        let sentence_state = (start..at).rev().find_map(|t| {
                            mentions
                                .entity_at(t)
                                .filter(|e| e.kind == EntityKind::State || e.kind == EntityKind::Body)
                                .and_then(|e| e.code.clone())
                        });
                        own.is_none().then_some(sentence_state).flatten()
                    });
                    let name = code.clone().or_else(|| own.map(|e| mentions.entity(e).name.clone()));
                    let from = (m.start as usize).min(owner.map_or(at, |o| (o.start as usize).min(at)));
                    let to = (m.end as usize).max(next.min(end)).max(after);
                    let person = mentions.entity_mut(m.entity);
                    person.kind = EntityKind::Person;
                    if person.code.is_none() && !ended {
                        person.code.clone_from(&code);
                    }
                    let full = person.name.clone();
                    if seen.insert((full.clone(), name.clone(), ended)) {
                        if let Some(party) = name {
                            let value = |name: String, code: Option<String>, kind| Value {
                                name,
                                code,
                                kind,
                                id: None,
                                tokens: (from, to),
                            };
                            out.push(Found {
                                kind: ClaimType::Role,
                                action: None,
                                actor: Some(value(full, None, ValueKind::Person)),
                                party: Some(value(party, code, ValueKind::State)),
                                status: if ended {
                                    ClaimStatus::Ended
                                } else {
                                    ClaimStatus::InEffect
                                },
                                speaker: None,
                                via: Vec::new(),
                                time: None,
                                tokens: (from, to.min(end)),
                                weight: 0,
                                trigger: at,
                                rules: vec!["role.office".to_owned()],
                            });
                        }
                    }
                }
                at = after;
            }
        }
        out
    }

    fn finish(&self, article: &Article, cut: &Cut, points: &CodePoints, mut found: Vec<Found>, reading: &mut Reading) {
        found.sort_by(|a, b| {
            a.tokens
                .cmp(&b.tokens)
                .then(a.kind.cmp(&b.kind))
                .then(a.rules.cmp(&b.rules))
        });
        let mut claims: Vec<ReadClaim> = Vec::new();
        for f in found {
            let tier = f.kind.tier();
            let actor = f.actor.as_ref().map(|v| value_name(v, tier));
            let party = f.party.as_ref().map(|v| value_name(v, tier));
            let mut status = f.status;
            if tier == 2 && status == ClaimStatus::InEffect && !matches!(f.kind, ClaimType::Role) {
                status = ClaimStatus::Occurred;
            }
            // A measure that a party takes on itself is a misreading.
            if tier == 1 && actor.is_some() && actor == party && f.kind != ClaimType::Assets {
                continue;
            }
            let (start, end) = (
                cut.tokens[f.tokens.0].start as usize,
                cut.tokens[f.tokens.1 - 1].end as usize,
            );
            let text = &article.text[start..end];
            let (calendar, words) = match f.time {
                Some((calendar, words)) => (calendar, Some(words)),
                None => (None, None),
            };
            let claim = Claim {
                id: String::new(),
                kind: f.kind,
                action: f.action,
                actor,
                party,
                status,
                speaker: f.speaker,
                via: f.via,
                time: calendar.map(PartialDate::In),
                place: None,
                numbers: BTreeMap::new(),
                evidence: [points.of(&article.text, start), points.of(&article.text, end)],
                tier,
            };
            let repeated = claims.iter().position(|c| {
                let c = &c.claim;
                c.kind == claim.kind
                    && c.action == claim.action
                    && c.party == claim.party
                    && (c.actor == claim.actor || claim.actor.is_none() || c.actor.is_none())
                    && c.status == claim.status
                    && (c.speaker == claim.speaker || tier == 1 && (c.speaker.is_none() || claim.speaker.is_none()))
                    && tier == 1
            });
            if let Some(at) = repeated {
                if claims[at].claim.actor.is_none() {
                    claims[at].claim.actor = claim.actor;
                }
                continue;
            }
            claims.push(ReadClaim {
                claim,
                evidence_text: text.to_owned(),
                evidence_bytes: [start, end],
                rule: f.rules,
                party_id: f.party.and_then(|v| v.id),
                authority_id: f.actor.and_then(|v| v.id),
                time_text: if calendar.is_none() { words } else { None },
            });
        }
        for (n, c) in claims.iter_mut().enumerate() {
            c.claim.id = format!("c{:02}", n + 1);
            let late = article.published.is_some_and(|p| {
                matches!(c.claim.status, ClaimStatus::InEffect | ClaimStatus::Occurred)
                    && c.claim
                        .time
                        .as_ref()
                        .is_some_and(|t| matches!(t, PartialDate::In(d) if d.first() > p))
            });
            if late {
                reading.warnings.push(Warning {
                    claim: Some(c.claim.id.clone()),
                    message: "the publication date lies before the event: check --published".to_owned(),
                });
            }
        }
        reading.claims = claims;
    }
}

/// The name that a claim gives: states by code, in tier 1 also through their bodies and office holders.
fn value_name(value: &Value, tier: u8) -> String {
    match (&value.code, value.kind) {
        (Some(code), ValueKind::State) => code.clone(),
        (
            Some(code),
            ValueKind::Body | ValueKind::Person | ValueKind::Organisation | ValueKind::Thing | ValueKind::Group,
        ) if tier == 1 => code.clone(),
        _ => value.name.clone(),
    }
}

fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.name == b.name || (a.code.is_some() && a.code == b.code),
        (None, None) => true,
        _ => false,
    }
}

/// A line without a closing mark is a headline or label.
fn headline(cut: &Cut, sentence: Sentence) -> bool {
    let tokens = &cut.tokens[sentence.start as usize..sentence.end as usize];
    let closed = tokens
        .iter()
        .rev()
        .take(3)
        .any(|t| matches!(t.shape, Shape::Stop | Shape::Colon));
    let last_of_line = cut
        .sentences
        .get(cut.sentences.partition_point(|s| s.start <= sentence.start))
        .is_none_or(|s| s.paragraph != sentence.paragraph);
    !closed && last_of_line && tokens.len() < 25
}

/// The state whose own page this is.
fn publisher(article: &Article, text: &str) -> Option<String> {
    let url = article.url.as_deref().unwrap_or_default();
    let host = url
        .split("//")
        .nth(1)
        .unwrap_or(url)
        .split('/')
        .next()
        .unwrap_or_default();
    for (end, code) in [
        ("state.gov", "US"),
        ("treasury.gov", "US"),
        ("whitehouse.gov", "US"),
        ("justice.gov", "US"),
        (".gov", "US"),
        ("gov.uk", "GB"),
        ("europa.eu", "EU"),
        ("un.org", "UN"),
        ("gc.ca", "CA"),
        ("canada.ca", "CA"),
        ("gov.au", "AU"),
        ("govt.nz", "NZ"),
        ("beehive.govt.nz", "NZ"),
        ("admin.ch", "CH"),
        ("mid.ru", "RU"),
        ("kremlin.ru", "RU"),
    ] {
        if host.ends_with(end) {
            return Some(code.to_owned());
        }
    }
    // A byline in the first lines: `Antony J. Blinken, Secretary of State`.
    for line in text.lines().take(3) {
        let folded = fold(line.trim());
        if folded.len() < 80
            && (folded.ends_with("secretary of state")
                || folded.ends_with("department spokesperson")
                || folded == "office of the spokesperson")
        {
            return Some("US".to_owned());
        }
    }
    None
}

/// The person in whose name a statement is published.
fn author(text: &str, cut: &Cut, mentions: &Mentions) -> Option<String> {
    let line = text.lines().next()?;
    if line.len() > 80 || !line.contains(',') {
        return None;
    }
    let limit = line.len() as u32;
    mentions
        .list
        .iter()
        .take_while(|m| cut.tokens[m.start as usize].start < limit)
        .map(|m| mentions.entity(m.entity))
        .find(|e| e.kind == EntityKind::Person)
        .map(|e| e.name.clone())
}

/// Code points up to a byte, by checkpoints.
struct CodePoints {
    marks: Vec<usize>,
}

impl CodePoints {
    fn new(text: &str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / 1024 + 1);
        let mut count = 0;
        for (i, byte) in text.bytes().enumerate() {
            if i % 1024 == 0 {
                marks.push(count);
            }
            count += usize::from(byte & 0xC0 != 0x80);
        }
        Self { marks }
    }

    fn of(&self, text: &str, at: usize) -> usize {
        let mark = at / 1024;
        let base = self.marks.get(mark).copied().unwrap_or(0);
        base + text.as_bytes()[(mark * 1024).min(at)..at]
            .iter()
            .filter(|b| *b & 0xC0 != 0x80)
            .count()
    }
}

/// Validates rule files: their form, then their examples, each read with all rules. An empty list means that all is well.
pub fn check(files: &[RuleFile]) -> Vec<RuleError> {
    let rules = match RuleSet::with_files(files) {
        Ok(rules) => rules,
        Err(errors) => return errors,
    };
    let gazetteer = Gazetteer::embedded();
    let reader = Reader::new(&rules, &gazetteer);
    let mut errors = Vec::new();
    let all = crate::rule::EMBEDDED.iter().chain(files);
    let mut run = |id: &str, yes: &[String], no: &[String], lines: bool| {
        let mut fail = |example: &str, problem: String| {
            let file = all.clone().filter(|f| f.content.contains(&format!("\"{id}\""))).last();
            errors.push(RuleError {
                file: file.map_or_else(String::new, |f| f.name.to_owned()),
                line: file.map_or(1, |f| {
                    f.content
                        .find(&format!("\"{id}\""))
                        .map_or(1, |at| f.content[..at].matches('\n').count() + 1)
                }),
                problem: format!("rule {id}: {problem}: \"{example}\""),
                remedy: "Correct the rule or the example".to_owned(),
            });
        };
        for example in yes {
            let got = if lines {
                boilerplate::rule_for(&rules, example).is_some_and(|r| r == id)
            } else {
                example_holds(&reader, id, example)
            };
            if !got {
                fail(example, "a `yes` example is not read so".to_owned());
            }
        }
        for example in no {
            let got = if lines {
                boilerplate::rule_for(&rules, example).is_some_and(|r| r == id)
            } else {
                read_text(&reader, example)
                    .claims
                    .iter()
                    .any(|c| c.rule.iter().any(|r| r == id))
            };
            if got {
                fail(example, "a `no` example is read all the same".to_owned());
            }
        }
    };
    for p in &rules.patterns {
        run(&p.id, &p.yes, &p.no, false);
    }
    for o in &rules.operators {
        run(&o.id, &o.yes, &o.no, false);
    }
    for s in &rules.speech {
        run(&s.id, &s.yes, &s.no, false);
    }
    for b in &rules.boilerplate {
        run(&b.id, &b.yes, &b.no, true);
    }
    errors
}

fn read_text(reader: &Reader, text: &str) -> Reading {
    reader.read(&Article {
        text: text.to_owned(),
        ..Article::default()
    })
}

/// Whether `text => actor | party | status | speaker` comes out with the rule in its trace.
fn example_holds(reader: &Reader, id: &str, example: &str) -> bool {
    let Some((text, wanted)) = example.split_once("=>") else {
        return false;
    };
    let wanted: Vec<&str> = wanted.split('|').map(str::trim).collect();
    let word = |s: &Option<String>| s.clone().unwrap_or_else(|| "-".to_owned());
    read_text(reader, text.trim()).claims.iter().any(|c| {
        let status = serde_json::to_value(c.claim.status)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        let same_status = |w: &str| w == status || (w == "in_effect" && status == "occurred");
        c.rule.iter().any(|r| r == id)
            && wanted.first().is_none_or(|w| *w == word(&c.claim.actor))
            && wanted.get(1).is_none_or(|w| *w == word(&c.claim.party))
            && wanted.get(2).is_none_or(|w| same_status(w))
            && wanted.get(3).is_none_or(|w| *w == word(&c.claim.speaker))
    })
}
