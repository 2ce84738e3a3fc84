//! Which names of an article belong to one entity: an acronym in brackets, a surname, the first or last words of a longer name.

use std::collections::HashMap;

use crate::mention::{EntityKind, Form, Mentions};
use crate::text::{Cut, Shape, Token, fold};

/// Makes one entity of the names that belong together.
pub fn join(cut: &Cut, mentions: &mut Mentions) {
    // Acronyms in brackets.
    for n in 1..mentions.list.len() {
        let (before, here) = (mentions.list[n - 1], mentions.list[n]);
        let gap = here.start.saturating_sub(before.end) as usize;
        if !(1..=3).contains(&gap) || here.end - here.start != 1 || before.form != Form::Name {
            continue;
        }
        let between = &cut.tokens[before.end as usize..here.start as usize];
        let bracket = between.iter().any(|t| t.shape == Shape::Open) && !between.iter().any(Token::is_word);
        let (a, b) = (mentions.root(before.entity), mentions.root(here.entity));
        if bracket
            && a != b
            && mentions.entities[b as usize].kind != EntityKind::State
            && mentions.entities[a as usize].kind != EntityKind::Media
        {
            mentions.entities[b as usize].alias = Some(a);
            mentions.entities[a as usize].count += mentions.entities[b as usize].count;
        }
    }
    // Short names of longer ones, and acronyms made of initials.
    let mut by_word: HashMap<String, Vec<u32>> = HashMap::new();
    let mut by_initials: HashMap<String, u32> = HashMap::new();
    for (id, entity) in mentions.entities.iter().enumerate() {
        if entity.alias.is_some() || matches!(entity.kind, EntityKind::State | EntityKind::Media) {
            continue;
        }
        let words: Vec<&str> = entity.name.split(' ').collect();
        if words.len() < 2 {
            continue;
        }
        for word in [words[0], words[words.len() - 1]] {
            by_word.entry(fold(word)).or_default().push(id as u32);
        }
        let initials: String = words
            .iter()
            .filter_map(|w| w.chars().next())
            .filter(|c| c.is_uppercase())
            .collect();
        if initials.len() >= 3 {
            by_initials.entry(initials).or_insert(id as u32);
        }
    }
    let mut links: Vec<(u32, u32)> = Vec::new();
    for (id, entity) in mentions.entities.iter().enumerate() {
        if entity.alias.is_some()
            || matches!(entity.kind, EntityKind::State | EntityKind::Media)
            || (entity.kind == EntityKind::Body && entity.code.is_some())
        {
            continue;
        }
        let folded = fold(&entity.name);
        let words: Vec<&str> = folded.split(' ').collect();
        if words.len() == 1
            && let Some(&longer) = by_initials.get(entity.name.as_str())
            && longer != id as u32
        {
            links.push((id as u32, longer));
            continue;
        }
        let candidates = [words[0], words[words.len() - 1]];
        let best = candidates
            .iter()
            .filter_map(|w| by_word.get(*w))
            .flatten()
            .filter(|&&c| c != id as u32)
            .filter(|&&c| {
                let longer = &mentions.entities[c as usize];
                let full = fold(&longer.name);
                let long: Vec<&str> = full.split(' ').collect();
                let generic = words.len() == 1 && longer.kind != EntityKind::Person && words[0].len() < 4;
                long.len() > words.len()
                    && !generic
                    && (long.ends_with(&words) || (long.starts_with(&words) && !(longer.kind == EntityKind::Body)))
            })
            .max_by_key(|&&c| (mentions.entities[c as usize].count, std::cmp::Reverse(c)));
        if let Some(&longer) = best {
            links.push((id as u32, longer));
        }
    }
    for (short, long) in links {
        if mentions.root(long) != short {
            let count = mentions.entities[short as usize].count;
            mentions.entities[short as usize].alias = Some(long);
            let root = mentions.root(long) as usize;
            mentions.entities[root].count += count;
        }
    }
}
