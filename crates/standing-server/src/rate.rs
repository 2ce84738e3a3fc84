//! How many requests a client may make: a bucket for each token or address, filled by the second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A bucket is forgotten when there are more than this many, the fullest first: a full bucket says nothing.
const BUCKETS: usize = 20_000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// The buckets of all clients.
#[derive(Debug, Default)]
pub struct Rates(Mutex<HashMap<String, Bucket>>);

impl Rates {
    /// Takes one request out of a client's bucket. `Err` gives the seconds until there is room again.
    pub fn take(&self, client: &str, rate: u32, now: Instant) -> Result<(), u32> {
        if rate == 0 {
            return Ok(());
        }
        let rate = f64::from(rate);
        // Twice a second's worth may come at once.
        let full = rate * 2.0;
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS && !buckets.contains_key(client) {
            buckets.retain(|_, b| b.left + now.duration_since(b.at).as_secs_f64() * rate < full);
            if buckets.len() >= BUCKETS {
                return Err(1);
            }
        }
        let bucket = buckets
            .entry(client.to_owned())
            .or_insert(Bucket { left: full, at: now });
        bucket.left = (bucket.left + now.duration_since(bucket.at).as_secs_f64() * rate).min(full);
        bucket.at = now;
        if bucket.left < 1.0 {
            return Err(((1.0 - bucket.left) / rate).ceil().max(1.0) as u32);
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let rates = Rates::default();
        let start = Instant::now();
        assert_eq!((0..10).filter(|_| rates.take("a", 3, start).is_ok()).count(), 6);
        assert!(rates.take("b", 3, start).is_ok(), "another client has its own");
        let later = start + Duration::from_secs(1);
        assert_eq!((0..10).filter(|_| rates.take("a", 3, later).is_ok()).count(), 3);
        assert!((0..1000).all(|_| rates.take("c", 0, start).is_ok()));
    }
}
