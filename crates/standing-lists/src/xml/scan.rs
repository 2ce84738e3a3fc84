//! The next byte of interest in a text, eight bytes at a time.
//!
//! Lists are some forty bytes of markup and text to an element, so that what a search costs to begin counts for more than what it
//! does per byte: these are inlined where they are used and look at words of eight bytes in plain integer arithmetic (the tests for
//! a zero byte and for a lesser or greater byte of "Bit Twiddling Hacks"). Each of those may report a byte above a hit wrongly, never
//! one below it, and only the lowest is used.

#![allow(clippy::inline_always)] // called for every tag and text; a call would cost more than the search

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

#[inline(always)]
fn equal(word: u64, byte: u8) -> u64 {
    let word = word ^ (ONES * u64::from(byte));
    word.wrapping_sub(ONES) & !word & HIGHS
}

#[inline(always)]
fn below(word: u64, byte: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(byte)) & !word & HIGHS
}

#[inline(always)]
fn above(word: u64, byte: u8) -> u64 {
    (word.wrapping_add(ONES * u64::from(127 - byte)) | word) & HIGHS
}

#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let word: [u8; 8] = bytes.get(at..)?.first_chunk().copied()?;
    Some(u64::from_le_bytes(word))
}

/// The first byte from `at` on of which `in_word` or `is` says so, or the end.
#[inline(always)]
fn find(bytes: &[u8], mut at: usize, mut in_word: impl FnMut(u64) -> u64, mut is: impl FnMut(u8) -> bool) -> usize {
    while let Some(word) = word(bytes, at) {
        let hits = in_word(word);
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && !is(bytes[at]) {
        at += 1;
    }
    at
}

/// The first byte that is no blank.
#[inline(always)]
pub(super) fn blanks(bytes: &[u8], at: usize) -> usize {
    find(bytes, at, |word| above(word, b' '), |byte| byte > b' ')
}

/// The first `<` or `&`, and whether a carriage return may stand before it.
#[inline(always)]
pub(super) fn text(bytes: &[u8], at: usize) -> (usize, bool) {
    let mut returns = 0;
    let mut one = false;
    let end = find(
        bytes,
        at,
        |word| {
            returns |= equal(word, b'\r');
            equal(word, b'<') | equal(word, b'&')
        },
        |byte| {
            one |= byte == b'\r';
            matches!(byte, b'<' | b'&')
        },
    );
    (end, returns != 0 || one)
}

/// The first byte that cannot stand in a name: blanks, quotes, `/`, `<`, `=`, `>` and what else is below `-`, or `?`; and whether a
/// colon may stand before it.
#[inline(always)]
pub(super) fn name(bytes: &[u8], at: usize) -> (usize, bool) {
    let mut colons = 0;
    let mut one = false;
    let end = find(
        bytes,
        at,
        |word| {
            colons |= equal(word, b':');
            // `<`, `=`, `>` and `?` differ in their last two bits only.
            below(word, b'-') | equal(word, b'/') | equal(word & (ONES * 0xFC), b'<')
        },
        |byte| {
            one |= byte == b':';
            byte < b'-' || matches!(byte, b'/' | b'<'..=b'?')
        },
    );
    (end, colons != 0 || one)
}

/// The first `quote`, and whether a reference or a control character, which a value has to be rid of, may stand before it.
#[inline(always)]
pub(super) fn value(bytes: &[u8], at: usize, quote: u8) -> (usize, bool) {
    let mut others = 0;
    let mut one = false;
    let end = find(
        bytes,
        at,
        |word| {
            others |= equal(word, b'&') | below(word, b' ');
            equal(word, quote)
        },
        |byte| {
            one |= byte == b'&' || byte < b' ';
            byte == quote
        },
    );
    (end, others != 0 || one)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every search against one byte by byte, at every offset and every neighbour.
    #[test]
    fn words_and_bytes_agree() {
        let mut seed = 7_u64;
        for round in 0..20_000 {
            let bytes: Vec<u8> = (0..round % 40)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let b = (seed >> 56) as u8;
                    // Mostly letters, with what is looked for and its neighbours in between.
                    match (seed >> 40) % 12 {
                        0 => b,
                        1 => b"<&\r\n\t \"'=>/?;:-,."[usize::from(b) % 17],
                        2 => b"\x1f!%;=?\x7f\x80\x81\xbf\xff"[usize::from(b) % 11],
                        _ => b'a' + b % 26,
                    }
                })
                .collect();
            let first = |is: &dyn Fn(u8) -> bool| bytes.iter().position(|&b| is(b)).unwrap_or(bytes.len());
            assert_eq!(blanks(&bytes, 0), first(&|b| b > b' '), "{bytes:?}");
            let end = first(&|b| b == b'<' || b == b'&');
            let (found, returns) = text(&bytes, 0);
            assert_eq!(found, end, "{bytes:?}");
            assert!(returns || !bytes[..end].contains(&b'\r'), "{bytes:?}");
            let end = first(&|b| b < b'-' || matches!(b, b'/' | b'<' | b'=' | b'>' | b'?'));
            let (found, colons) = name(&bytes, 0);
            assert_eq!(found, end, "{bytes:?}");
            assert!(colons || !bytes[..end].contains(&b':'), "{bytes:?}");
            let end = first(&|b| b == b'"');
            let (found, others) = value(&bytes, 0, b'"');
            assert_eq!(found, end, "{bytes:?}");
            assert!(
                others || !bytes[..end].iter().any(|&b| b == b'&' || b < b' '),
                "{bytes:?}"
            );
        }
    }
}
