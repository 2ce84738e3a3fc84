//! Archives and compressed files, opened in memory: `.gz`, `.zst`, `.zip`, recognised by their first bytes.
//!
//! Nothing is written anywhere, so that names such as `../x` do no harm; they appear in messages only. A bomb is met by limits on the
//! total size, on the ratio of output to input, on the number of documents and on nesting. Spreadsheets are ZIP files too and
//! are left as they are.

use std::io::Read;

use crate::error::{ReadError, grouped};

/// How much an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all documents together.
    pub total: u64,
    /// Output bytes for each input byte; small files may exceed it.
    pub ratio: u64,
    /// Documents.
    pub documents: usize,
    /// Archives in archives.
    pub nesting: usize,
}

impl Default for Limits {
    /// The largest list is OFAC's advanced XML of about 125 MB, which packs about thirty to one.
    fn default() -> Self {
        Self {
            total: 2 << 30,
            ratio: 400,
            documents: 10_000,
            nesting: 3,
        }
    }
}

/// Below this the ratio is not judged.
const SMALL: u64 = 64 << 20;

/// A document out of a file or archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The file's name and, after a blank and a colon, the name inside the archive.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The documents in a file: the file itself if it is no archive.
///
/// # Errors
/// [`ReadError::Broken`] for a damaged or encrypted archive, [`ReadError::Limit`] for one that is too large or too tightly packed.
pub fn open_file(name: &str, bytes: Vec<u8>, limits: Limits) -> Result<Vec<Opened>, ReadError> {
    let mut opening = Opening {
        limits,
        packed: bytes.len() as u64,
        total: 0,
        documents: Vec::new(),
    };
    opening.open(name.to_owned(), bytes, 0)?;
    Ok(opening.documents)
}

struct Opening {
    limits: Limits,
    packed: u64,
    total: u64,
    documents: Vec<Opened>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Gzip,
    Zstd,
    Zip,
}

/// Is it an archive or compressed file that [`open_file`] opens?
pub fn is_packed(bytes: &[u8]) -> bool {
    container(bytes).is_some()
}

fn container(bytes: &[u8]) -> Option<Container> {
    match bytes {
        [0x1F, 0x8B, 8, ..] => Some(Container::Gzip),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Container::Zstd),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Container::Zip),
        _ => None,
    }
}

impl Opening {
    fn open(&mut self, name: String, bytes: Vec<u8>, nesting: usize) -> Result<(), ReadError> {
        let Some(kind) = container(&bytes) else {
            return self.document(name, bytes);
        };
        if nesting >= self.limits.nesting {
            return Err(limit(
                &name,
                format!("archives nested more than {} deep", self.limits.nesting),
            ));
        }
        let damaged = |what: String| ReadError::Broken {
            document: name.clone(),
            what,
            position: "the archive's own structure".to_owned(),
            read: 0,
        };
        match kind {
            Container::Gzip => {
                let inner = self.unpack(&name, flate2::read::MultiGzDecoder::new(&bytes[..]), |e| {
                    damaged(format!("a gzip file that is damaged or cut off ({e})"))
                })?;
                self.open(name, inner, nesting + 1)
            }
            Container::Zstd => {
                let decoder = zstd::stream::read::Decoder::with_buffer(&bytes[..])
                    .map_err(|e| damaged(format!("a zstd file that is damaged ({e})")))?;
                let inner = self.unpack(&name, decoder, |e| {
                    damaged(format!("a zstd file that is damaged or cut off ({e})"))
                })?;
                self.open(name, inner, nesting + 1)
            }
            Container::Zip => {
                let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes[..]))
                    .map_err(|e| damaged(format!("a ZIP file that is damaged or cut off ({e})")))?;
                if archive.index_for_name("[Content_Types].xml").is_some()
                    || archive.index_for_name("mimetype").is_some()
                {
                    drop(archive);
                    return self.document(name, bytes);
                }
                for index in 0..archive.len() {
                    let entry = archive.by_index(index).map_err(|e| match e {
                        zip::result::ZipError::UnsupportedArchive(why) => {
                            damaged(format!("entry {index} of a ZIP file cannot be opened: {why}"))
                        }
                        e => damaged(format!("entry {index} of a ZIP file is damaged ({e})")),
                    })?;
                    let inside = shown(&String::from_utf8_lossy(entry.name_raw()));
                    if entry.is_dir() || inside.starts_with("__MACOSX/") {
                        continue;
                    }
                    let inside = format!("{name}: {inside}");
                    let inner = self.unpack(&inside, entry, |e| {
                        damaged(format!("{inside} in a ZIP file is damaged ({e})"))
                    })?;
                    self.open(inside, inner, nesting + 1)?;
                }
                Ok(())
            }
        }
    }

    fn document(&mut self, name: String, bytes: Vec<u8>) -> Result<(), ReadError> {
        if self.documents.len() >= self.limits.documents {
            return Err(limit(
                &name,
                format!("more than {} documents", grouped(self.limits.documents as u64)),
            ));
        }
        self.documents.push(Opened { name, bytes });
        Ok(())
    }

    fn unpack(
        &mut self,
        name: &str,
        mut from: impl Read,
        damaged: impl Fn(std::io::Error) -> ReadError,
    ) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        let mut block = vec![0_u8; 1 << 16];
        loop {
            let read = from.read(&mut block).map_err(&damaged)?;
            if read == 0 {
                return Ok(bytes);
            }
            self.total += read as u64;
            if self.total > self.limits.total {
                return Err(limit(
                    name,
                    format!("more than {} bytes when unpacked", grouped(self.limits.total)),
                ));
            }
            if self.total > SMALL && self.total / self.packed.max(1) > self.limits.ratio {
                return Err(limit(
                    name,
                    format!("packed more than {} to one", grouped(self.limits.ratio)),
                ));
            }
            bytes.extend_from_slice(&block[..read]);
        }
    }
}

fn limit(name: &str, what: String) -> ReadError {
    ReadError::Limit {
        document: name.to_owned(),
        what,
        remedy: "No real list is like that; unpack it by hand if it is one".to_owned(),
    }
}

/// A name out of an archive, fit for messages.
fn shown(name: &str) -> String {
    name.chars()
        .take(300)
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn names(opened: &[Opened]) -> Vec<(&str, &[u8])> {
        opened.iter().map(|o| (o.name.as_str(), &o.bytes[..])).collect()
    }

    #[test]
    fn archives_and_plain_files() {
        let limits = Limits::default();
        assert_eq!(
            names(&open_file("a", b"x".to_vec(), limits).unwrap()),
            [("a", &b"x"[..])]
        );
        assert_eq!(names(&open_file("a", gz(b"x"), limits).unwrap()), [("a", &b"x"[..])]);
        let packed = zstd::encode_all(&b"x"[..], 3).unwrap();
        assert_eq!(names(&open_file("a", packed, limits).unwrap()), [("a", &b"x"[..])]);
        let nested = zip(&[("../../etc/passwd", b"x"), ("d/b.gz", &gz(b"y"))]);
        assert_eq!(
            names(&open_file("a.zip", nested, limits).unwrap()),
            [("a.zip: ../../etc/passwd", &b"x"[..]), ("a.zip: d/b.gz", &b"y"[..])]
        );
        let sheet = zip(&[("[Content_Types].xml", b"<Types/>")]);
        assert_eq!(
            names(&open_file("a.xlsx", sheet.clone(), limits).unwrap()),
            [("a.xlsx", &sheet[..])]
        );
    }

    #[test]
    fn bombs_and_damage_are_refused() {
        let limits = Limits {
            total: 1 << 20,
            ..Limits::default()
        };
        let error = |bytes: Vec<u8>, limits| match open_file("a", bytes, limits) {
            Ok(opened) => format!("{} documents", opened.len()),
            Err(error) => error.to_string(),
        };
        assert!(error(gz(&vec![0; 2 << 20]), limits).contains("more than 1,048,576 bytes"));
        assert!(
            error(zstd::encode_all(&vec![0; 70 << 20][..], 1).unwrap(), Limits::default())
                .contains("packed more than 400 to one")
        );
        let mut deep = b"x".to_vec();
        for _ in 0..5 {
            deep = gz(&deep);
        }
        assert!(error(deep, limits).contains("nested more than 3 deep"));
        let whole = gz(&b"0123456789".repeat(100));
        assert!(error(whole[..whole.len() - 9].to_vec(), limits).contains("cut off"));
        let whole = zip(&[("a", b"x")]);
        assert!(error(whole[..whole.len() - 9].to_vec(), limits).contains("ZIP"));
        let many: Vec<(String, &[u8])> = (0..20).map(|i| (i.to_string(), &b"x"[..])).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), *b)).collect();
        let few = Limits {
            documents: 10,
            ..Limits::default()
        };
        assert!(error(zip(&many), few).contains("more than 10 documents"));
    }
}
