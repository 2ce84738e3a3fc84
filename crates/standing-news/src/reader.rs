//! Wires the stages: an article in, claims out.

use crate::article::{Article, Reading, SetAside};
use crate::blocks;
use crate::boilerplate;
use crate::clause::Clauses;
use crate::dateline;
use crate::found::Found;
use crate::gather::{CodePoints, gather};
use crate::gazetteer::Gazetteer;
use crate::later;
use crate::mention;
use crate::offices::Offices;
use crate::phrase::{Source, VerbForm};
use crate::publisher::{author, publisher, topic};
use crate::resolve::{Document, Value, ValueKind};
use crate::roles::roles;
use crate::rule::RuleSet;
use crate::said::{self, Said};
use crate::text::{Cut, Sentence, Shape, cut};

/// Reads articles with one set of rules and names.
pub struct Reader<'a> {
    pub(crate) rules: &'a RuleSet,
    gazetteer: &'a Gazetteer,
    offices: Offices,
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

    /// Reads an article; a text longer than any article block by block, so that memory stays bounded.
    pub fn read(&self, article: &Article) -> Reading {
        blocks::read(article, |part| self.read_block(part))
    }

    fn read_block(&self, article: &Article) -> Reading {
        let text = article.text.as_str();
        let points = CodePoints::new(text);
        let mut reading = Reading::default();
        let aside = self.set_aside(text, &points, &mut reading);
        let cut = cut(text, &self.rules.lexicon);
        let mut mentions = mention::find(text, &cut, self.gazetteer, &self.rules.lexicon, &self.offices);
        reading.sentences = cut.sentences.len();
        let publisher = publisher(article, text, &cut, &mentions);
        let topic = publisher.as_deref().and_then(|p| topic(p, &mentions));
        let roles = roles(&self.offices, text, &cut, publisher.as_deref(), &mut mentions);
        let document = Document {
            text,
            cut: &cut,
            mentions: &mentions,
            publisher,
            author: author(text, &cut, &mentions),
            published: article.published,
            topic,
            quote_speakers: Vec::new(),
            offices: &self.offices,
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
            let start = dateline::past(text, &cut, &mentions, *sentence);
            let clauses = Clauses::new(&source, start, end);
            // `Closure of the embassy, 1991.`: a label, whatever mark ends it.
            if alone(&cut, *sentence)
                && !clauses
                    .phrases
                    .iter()
                    .any(|p| p.group.is_some_and(|g| g.form == VerbForm::Finite))
            {
                continue;
            }
            let said = said::find(&document, &clauses, self.rules, start, end);
            Self::quotes(&cut, &mut document, &said, start, end, &mut last);
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
        later::weaken(&source, &cut, article.published, &mut found);
        drop(document);
        for role in roles {
            let first = cut.tokens[role.tokens.0].start as usize;
            let at = cut.sentences.partition_point(|s| (s.end as usize) <= role.tokens.0);
            let byline = cut.sentences.get(at).is_some_and(|s| headline(&cut, *s));
            if !byline && !aside.iter().any(|&(s, e)| s <= first && first < e) {
                found.push(role);
            }
        }
        gather(article, &cut, &points, found, &mut reading);
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
    fn quotes(cut: &Cut, document: &mut Document, said: &[Said], start: usize, end: usize, last: &mut Option<Value>) {
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
}

/// Whether a short sentence is all of its line.
fn alone(cut: &Cut, sentence: Sentence) -> bool {
    let at = cut.sentences.partition_point(|s| s.start < sentence.start);
    let same = |s: Option<&Sentence>| s.is_some_and(|s| s.paragraph == sentence.paragraph);
    sentence.end - sentence.start < 20
        && !same(cut.sentences.get(at + 1))
        && !same(at.checked_sub(1).and_then(|i| cut.sentences.get(i)))
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
