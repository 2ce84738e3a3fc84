//! The next byte of interest in a text, sixteen bytes at a time.
//!
//! Lists are some forty bytes of markup and text to an element, so that what a search costs to begin counts for more than what it
//! does per byte: these are inlined where they are used and need no more of a processor than every one of its kind has.

#![allow(clippy::inline_always)] // called for every tag and text; a call would cost more than the search

use wide::u8x16;

#[inline(always)]
fn equal(block: u8x16, byte: u8) -> u8x16 {
    block.simd_eq(u8x16::splat(byte))
}

/// Marks the bytes less than `byte`, which is not 0.
#[inline(always)]
fn below(block: u8x16, byte: u8) -> u8x16 {
    block.saturating_sub(u8x16::splat(byte - 1)).simd_eq(u8x16::splat(0))
}

/// The first byte from `at` on that is looked for, or the end, and whether one to be told of stands before it. Both closures say of
/// bytes whether they are the one or the other.
#[inline(always)]
fn find(
    bytes: &[u8],
    mut at: usize,
    in_block: impl Fn(u8x16) -> (u8x16, u8x16),
    is: impl Fn(u8) -> (bool, bool),
) -> (usize, bool) {
    let mut told = false;
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let (hits, others) = in_block(u8x16::new(*block));
        let (hits, others) = (hits.to_bitmask(), others.to_bitmask());
        if hits != 0 {
            // Bits below the lowest hit.
            let before = hits.wrapping_sub(1) & !hits;
            return (at + hits.trailing_zeros() as usize, told || others & before != 0);
        }
        told |= others != 0;
        at += 16;
    }
    while at < bytes.len() {
        let (hit, other) = is(bytes[at]);
        if hit {
            break;
        }
        told |= other;
        at += 1;
    }
    (at, told)
}

/// The first byte that is no blank.
#[inline(always)]
pub(crate) fn blanks(bytes: &[u8], at: usize) -> usize {
    find(
        bytes,
        at,
        |block| (!below(block, b' ' + 1), u8x16::splat(0)),
        |byte| (byte > b' ', false),
    )
    .0
}

/// The first `<` or `&`, and whether a carriage return stands before it.
#[inline(always)]
pub(crate) fn text(bytes: &[u8], at: usize) -> (usize, bool) {
    find(
        bytes,
        at,
        |block| (equal(block, b'<') | equal(block, b'&'), equal(block, b'\r')),
        |byte| (matches!(byte, b'<' | b'&'), byte == b'\r'),
    )
}

/// The first byte that cannot stand in a name: blanks, quotes, `/`, `<`, `=`, `>` and what else is below `-`, or `?`; and whether a
/// colon stands before it.
#[inline(always)]
pub(crate) fn name(bytes: &[u8], at: usize) -> (usize, bool) {
    find(
        bytes,
        at,
        |block| {
            // `<`, `=`, `>` and `?` differ in their last two bits only.
            let sign = equal(block & u8x16::splat(0xFC), b'<');
            (below(block, b'-') | equal(block, b'/') | sign, equal(block, b':'))
        },
        |byte| (byte < b'-' || matches!(byte, b'/' | b'<'..=b'?'), byte == b':'),
    )
}

/// Is there a tab, a line end or a blank after a blank?
#[inline]
pub(crate) fn wrapped(bytes: &[u8]) -> bool {
    let mut blank = 0;
    let mut runs = |block: &[u8; 16]| {
        let block = u8x16::new(*block);
        let blanks = equal(block, b' ').to_bitmask();
        let after = blanks << 1 | blank;
        blank = blanks >> 15;
        let ends = equal(block, b'\t') | equal(block, b'\n') | equal(block, b'\r');
        blanks & after != 0 || ends.to_bitmask() != 0
    };
    let (blocks, rest) = bytes.as_chunks();
    if blocks.iter().any(&mut runs) {
        return true;
    }
    let mut last = [0; 16];
    last[..rest.len()].copy_from_slice(rest);
    runs(&last)
}

/// No control characters but line feeds and carriage returns?
#[inline]
pub(crate) fn plain(bytes: &[u8; 64]) -> bool {
    let (blocks, _) = bytes.as_chunks();
    let all = blocks.iter().fold(u8x16::splat(u8::MAX), |all, block| {
        let block = u8x16::new(*block);
        all & (!below(block, b' ') | equal(block, b'\n') | equal(block, b'\r'))
    });
    all.to_bitmask() == 0xFFFF
}

/// The end of a table's cell: the first `delimiter` or line end.
#[inline(always)]
pub(crate) fn cell(bytes: &[u8], at: usize, delimiter: u8) -> usize {
    find(
        bytes,
        at,
        |block| {
            let ends = equal(block, delimiter) | equal(block, b'\n') | equal(block, b'\r');
            (ends, u8x16::splat(0))
        },
        |byte| (byte == delimiter || matches!(byte, b'\n' | b'\r'), false),
    )
    .0
}

/// The first double quote, and whether a line feed stands before it.
#[inline(always)]
pub(crate) fn quote(bytes: &[u8], at: usize) -> (usize, bool) {
    find(
        bytes,
        at,
        |block| (equal(block, b'"'), equal(block, b'\n')),
        |byte| (byte == b'"', byte == b'\n'),
    )
}

/// The first `quote`, and whether a reference or a control character, which a value has to be rid of, stands before it.
#[inline(always)]
pub(crate) fn value(bytes: &[u8], at: usize, quote: u8) -> (usize, bool) {
    find(
        bytes,
        at,
        |block| (equal(block, quote), equal(block, b'&') | below(block, b' ')),
        |byte| (byte == quote, byte == b'&' || byte < b' '),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every search against one byte by byte, at every offset and every neighbour.
    #[test]
    fn blocks_and_bytes_agree() {
        let mut seed = 7_u64;
        for round in 0..20_000 {
            let bytes: Vec<u8> = (0..round % 70)
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
            assert_eq!(returns, bytes[..end].contains(&b'\r'), "{bytes:?}");
            let end = first(&|b| b < b'-' || matches!(b, b'/' | b'<' | b'=' | b'>' | b'?'));
            let (found, colons) = name(&bytes, 0);
            assert_eq!(found, end, "{bytes:?}");
            assert_eq!(colons, bytes[..end].contains(&b':'), "{bytes:?}");
            let runs = bytes.windows(2).any(|pair| pair == b"  ") || bytes.iter().any(|b| b"\t\r\n".contains(b));
            assert_eq!(wrapped(&bytes), runs, "{bytes:?}");
            if let Some(block) = bytes.first_chunk() {
                let controls = block.iter().any(|b| *b < b' ' && !b"\r\n".contains(b));
                assert_eq!(plain(block), !controls, "{bytes:?}");
            }
            assert_eq!(
                cell(&bytes, 0, b';'),
                first(&|b| matches!(b, b';' | b'\r' | b'\n')),
                "{bytes:?}"
            );
            let end = first(&|b| b == b'"');
            assert_eq!(quote(&bytes, 0), (end, bytes[..end].contains(&b'\n')), "{bytes:?}");
            let (found, others) = value(&bytes, 0, b'"');
            assert_eq!(found, end, "{bytes:?}");
            assert_eq!(others, bytes[..end].iter().any(|&b| b == b'&' || b < b' '), "{bytes:?}");
        }
    }
}
