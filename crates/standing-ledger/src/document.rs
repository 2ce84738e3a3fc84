//! Source documents: stored once by content, compressed, as differences where a list's files resemble each other.
//!
//! The files of one list form a series. The n-th file of a series is compressed with an earlier one as its dictionary: the one whose
//! number is n with its lowest set bit cleared (0 stands alone). So restoring a file decodes at most log2(n) others, and the
//! differences of n files that each change a little sum up to about log2(n)/2 changes a file: small files and short chains at once.

use std::io::{Read, Write};

use rusqlite::{Connection, OptionalExtension};
use zstd::zstd_safe::CParameter;

use crate::error::{LedgerError, damaged};

/// Longest window that is written and accepted when reading: 2^27 bytes reach over a file and its base of 64 MiB each.
const WINDOW_LOG: u32 = 27;
/// Compression level: the level above which a daily list shrinks by less than a hundredth.
const LEVEL: i32 = 12;

/// The digest of a document's content.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}

/// Compresses `bytes`, against `base` if given.
fn compress(bytes: &[u8], base: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = zstd::stream::write::Encoder::with_ref_prefix(Vec::new(), LEVEL, base)?;
    if base.len() + bytes.len() > 1 << 20 {
        encoder.set_parameter(CParameter::WindowLog(window_log(base.len() + bytes.len())))?;
        encoder.set_parameter(CParameter::EnableLongDistanceMatching(true))?;
    }
    encoder.set_pledged_src_size(Some(bytes.len() as u64))?;
    encoder.include_checksum(false)?;
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn window_log(size: usize) -> u32 {
    (usize::BITS - size.leading_zeros()).clamp(20, WINDOW_LOG)
}

fn decompress(body: &[u8], base: &[u8], size: usize) -> std::io::Result<Vec<u8>> {
    let mut decoder = zstd::stream::read::Decoder::with_ref_prefix(body, base)?;
    decoder.window_log_max(WINDOW_LOG)?;
    let mut bytes = Vec::with_capacity(size.min(1 << 28));
    // One byte more than promised is enough to notice a lying size, whatever the frame would expand to.
    decoder.take(size as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Stores a document unless its content is there already; gives its id and whether it is new.
pub(crate) fn store(
    connection: &Connection,
    name: &str,
    series: &str,
    bytes: &[u8],
) -> Result<(i64, bool), LedgerError> {
    let digest = digest(bytes);
    if let Some(id) = find(connection, &digest)? {
        return Ok((id, false));
    }
    let mut members = connection.prepare_cached("SELECT id FROM document WHERE series = ?1 ORDER BY id")?;
    let members = members
        .query_map([series], |row| row.get::<_, i64>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let number = members.len();
    let base = (number > 0).then(|| members[number & (number - 1)]);
    let base_bytes = base.map(|id| load(connection, id)).transpose()?.unwrap_or_default();
    let body = compress(bytes, &base_bytes).map_err(|source| LedgerError::File {
        what: format!("compressing {name}"),
        source,
    })?;
    connection
        .prepare_cached(
            "INSERT INTO document (digest, size, name, series, base, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(rusqlite::params![digest, bytes.len() as i64, name, series, base, body])?;
    Ok((connection.last_insert_rowid(), true))
}

/// The id of a document by its content's digest.
pub(crate) fn find(connection: &Connection, digest: &[u8]) -> Result<Option<i64>, LedgerError> {
    Ok(connection
        .prepare_cached("SELECT id FROM document WHERE digest = ?1")?
        .query_row([digest], |row| row.get(0))
        .optional()?)
}

/// Restores a document byte for byte.
pub(crate) fn load(connection: &Connection, id: i64) -> Result<Vec<u8>, LedgerError> {
    let mut chain = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next {
        let row = connection
            .prepare_cached("SELECT base, size, body FROM document WHERE id = ?1")?
            .query_row([id], |row| {
                Ok((
                    row.get::<_, Option<i64>>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, Vec<u8>>(2)?,
                ))
            })
            .optional()?
            .ok_or_else(|| damaged(format!("document {id} is missing")))?;
        next = row.0;
        // A base is always older: anything else is damage, and would loop.
        if next.is_some_and(|base| base >= id) {
            return Err(damaged(format!("document {id} rests on a younger one")));
        }
        chain.push((id, row.1, row.2));
    }
    let mut bytes = Vec::new();
    for (id, size, body) in chain.into_iter().rev() {
        let size = usize::try_from(size).map_err(|_| damaged(format!("document {id} has a negative size")))?;
        bytes =
            decompress(&body, &bytes, size).map_err(|e| damaged(format!("document {id} does not decompress: {e}")))?;
        if bytes.len() != size {
            return Err(damaged(format!(
                "document {id} restores to {} bytes, not {size}",
                bytes.len()
            )));
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_change_compresses_to_little() {
        let mut text: Vec<u8> = (0..200_000u32)
            .flat_map(|i| blake3::hash(&i.to_le_bytes()).as_bytes()[..8].to_vec())
            .collect();
        let before = text.clone();
        text[700_000] ^= 1;
        let body = compress(&text, &before).unwrap();
        assert!(body.len() < 2_000, "{} bytes", body.len());
        assert_eq!(decompress(&body, &before, text.len()).unwrap(), text);
    }

    #[test]
    fn an_empty_document_is_restored() {
        assert_eq!(decompress(&compress(b"", b"").unwrap(), b"", 0).unwrap(), b"");
    }
}
