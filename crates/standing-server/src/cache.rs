//! Answers given before, for the state of the ledger they were given for.
//!
//! The same question on the same state gives the same bytes, so an answer may be given again until the state or the day changes. Two
//! halves: what is asked again moves into the younger half; when that is full, the older one is dropped. Bounded by bytes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

/// A question, with the state and day that it is asked on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The ledger's file and last transaction.
    pub state: (u64, i64),
    /// The UTC day.
    pub today: standing::model::Day,
    /// The form of the answer.
    pub lines: bool,
    /// Path and query as received.
    pub question: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its body.
    pub body: Bytes,
    /// The cursor that goes on from it.
    pub next: Option<String>,
}

#[derive(Debug, Default)]
struct Halves {
    state: (u64, i64),
    young: HashMap<Key, Kept>,
    old: HashMap<Key, Kept>,
    young_bytes: usize,
}

/// Answers, bounded by their size.
#[derive(Debug)]
pub struct Cache {
    limit: usize,
    halves: Mutex<Halves>,
}

impl Cache {
    /// A cache of at most so many bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            halves: Mutex::default(),
        }
    }

    fn halves(&self) -> std::sync::MutexGuard<'_, Halves> {
        // A panic elsewhere leaves at worst an answer less in it.
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a question, if it was given before.
    pub fn get(&self, key: &Key) -> Option<Kept> {
        let mut halves = self.halves();
        if let Some(kept) = halves.young.get(key) {
            return Some(kept.clone());
        }
        let kept = halves.old.remove(key)?;
        halves.put(key.clone(), kept.clone(), self.limit);
        Some(kept)
    }

    /// Keeps an answer.
    pub fn put(&self, key: Key, kept: Kept) {
        if kept.body.len() > self.limit / 8 {
            return;
        }
        let mut halves = self.halves();
        if halves.state != key.state {
            *halves = Halves {
                state: key.state,
                ..Halves::default()
            };
        }
        halves.put(key, kept, self.limit);
    }
}

impl Halves {
    fn put(&mut self, key: Key, kept: Kept, limit: usize) {
        // The key, its place in the table and the allocation are part of what it costs.
        let cost = |question: usize, kept: &Kept| kept.body.len() + question + 160;
        let length = key.question.len();
        let size = cost(length, &kept);
        if self.young_bytes + size > limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += size;
        if let Some(before) = self.young.insert(key, kept) {
            self.young_bytes -= cost(length, &before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(transaction: i64, question: &str) -> Key {
        Key {
            state: (0, transaction),
            today: standing::model::Day::constant(2026, 1, 1),
            lines: false,
            question: question.into(),
        }
    }

    fn kept(size: usize) -> Kept {
        Kept {
            body: vec![b'x'; size].into(),
            next: None,
        }
    }

    #[test]
    fn what_is_asked_again_stays_and_the_rest_is_dropped() {
        let cache = Cache::new(20_000);
        cache.put(key(1, "often"), kept(1000));
        for n in 0..100 {
            cache.put(key(1, &n.to_string()), kept(1000));
            assert!(cache.get(&key(1, "often")).is_some(), "{n}");
        }
        assert!(cache.get(&key(1, "0")).is_none());
        let halves = cache.halves();
        let bytes: usize = halves
            .young
            .values()
            .chain(halves.old.values())
            .map(|k| k.body.len())
            .sum();
        assert!(bytes <= 20_000, "{bytes}");
    }

    #[test]
    fn another_state_begins_anew() {
        let cache = Cache::new(20_000);
        cache.put(key(1, "q"), kept(10));
        cache.put(key(2, "p"), kept(10));
        assert!(cache.get(&key(1, "q")).is_none());
        assert!(cache.get(&key(2, "p")).is_some());
        cache.put(key(2, "big"), kept(10_000));
        assert!(cache.get(&key(2, "big")).is_none());
    }
}
