//! Archives and compressed files, opened in memory: `.gz`, `.zst`, `.zip`, `.tar`, recognised by their first bytes.
//!
//! Nothing is written anywhere, so that names such as `../x` do no harm; they appear in messages only. A bomb is met by limits on the
//! total size, on the ratio of output to input, on the number of documents and on nesting, and on the length of a text. Spreadsheets are ZIP files too and
//! are left as they are.

use std::borrow::Cow;
use std::io::Read;

use crate::error::{ReadError, grouped};
use crate::overlong::LengthWatch;

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

/// A tar archive is made of blocks of so many bytes.
const BLOCK: u64 = 512;

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
    open(name, Cow::Owned(bytes), limits)
}

/// As [`open_file`], for an archive that the caller keeps: it is not held twice.
///
/// # Errors
/// As [`open_file`].
pub fn open_packed(name: &str, bytes: &[u8], limits: Limits) -> Result<Vec<Opened>, ReadError> {
    open(name, Cow::Borrowed(bytes), limits)
}

fn open(name: &str, bytes: Cow<'_, [u8]>, limits: Limits) -> Result<Vec<Opened>, ReadError> {
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
    Tar,
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
        // POSIX and GNU archives both have it in the first header.
        _ if bytes.get(257..262) == Some(b"ustar") => Some(Container::Tar),
        _ => None,
    }
}

impl Opening {
    fn open(&mut self, name: String, bytes: Cow<'_, [u8]>, nesting: usize) -> Result<(), ReadError> {
        let Some(kind) = container(&bytes) else {
            return self.document(name, bytes.into_owned());
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
                self.open(name, Cow::Owned(inner), nesting + 1)
            }
            Container::Zstd => {
                let decoder = zstd::stream::read::Decoder::with_buffer(&bytes[..])
                    .map_err(|e| damaged(format!("a zstd file that is damaged ({e})")))?;
                let inner = self.unpack(&name, decoder, |e| {
                    damaged(format!("a zstd file that is damaged or cut off ({e})"))
                })?;
                self.open(name, Cow::Owned(inner), nesting + 1)
            }
            Container::Zip => {
                let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes[..]))
                    .map_err(|e| damaged(format!("a ZIP file that is damaged or cut off ({e})")))?;
                if archive.index_for_name("[Content_Types].xml").is_some()
                    || archive.index_for_name("mimetype").is_some()
                {
                    drop(archive);
                    return self.document(name, bytes.into_owned());
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
                    self.open(inside, Cow::Owned(inner), nesting + 1)?;
                }
                Ok(())
            }
            Container::Tar => self.tar(&name, &bytes, nesting),
        }
    }

    /// The documents in a tar archive. What a link or a device would hold is not in the archive, so that one refuses it whole.
    fn tar(&mut self, name: &str, bytes: &[u8], nesting: usize) -> Result<(), ReadError> {
        let damaged = |what: String| ReadError::Broken {
            document: name.to_owned(),
            what,
            position: "the archive's own structure".to_owned(),
            read: 0,
        };
        let cut = |e: std::io::Error| damaged(format!("a tar archive that is damaged or cut off ({e})"));
        let mut archive = tar::Archive::new(bytes);
        let mut end = 0;
        for entry in archive.entries().map_err(cut)? {
            let entry = entry.map_err(cut)?;
            let kind = entry.header().entry_type();
            let size = entry.size();
            end = entry.raw_file_position().saturating_add(size).saturating_add(BLOCK - 1) / BLOCK * BLOCK;
            let member = shown(&String::from_utf8_lossy(&entry.path_bytes()));
            let inside = format!("{name}: {member}");
            if kind.is_dir() || kind.is_pax_global_extensions() {
                continue;
            }
            if !(kind.is_file() || kind.is_contiguous()) {
                return Err(ReadError::Inconsistent {
                    document: inside,
                    what: format!("it is {} in a tar archive, and no file", in_words(kind)),
                    remedy: "Pack the files themselves (tar --dereference), without links and devices".to_owned(),
                });
            }
            if self.total.saturating_add(size) > self.limits.total {
                let most = grouped(self.limits.total);
                return Err(limit(&inside, format!("more than {most} bytes when unpacked")));
            }
            let inner = self.unpack(&inside, entry, cut)?;
            if inner.len() as u64 != size {
                return Err(damaged(format!(
                    "a tar archive that is cut off within {member} ({} of {} bytes)",
                    grouped(inner.len() as u64),
                    grouped(size)
                )));
            }
            if !is_apple_double(&member, &inner) {
                self.open(inside, Cow::Owned(inner), nesting + 1)?;
            }
        }
        // What is cut off between two members would pass for whole.
        let mark = usize::try_from(end)
            .ok()
            .and_then(|end| bytes.get(end..end + BLOCK as usize));
        if mark.is_none_or(|mark| mark.iter().any(|&b| b != 0)) {
            return Err(damaged(
                "a tar archive that is cut off (its end mark is missing)".to_owned(),
            ));
        }
        Ok(())
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
        let mut watch = LengthWatch::default();
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
            watch.look(&bytes).map_err(|long| limit(name, long))?;
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

/// What a member of a tar archive is that is no file.
fn in_words(kind: tar::EntryType) -> &'static str {
    match kind {
        tar::EntryType::Symlink | tar::EntryType::Link => "a link",
        tar::EntryType::Char | tar::EntryType::Block | tar::EntryType::Fifo => "a device",
        tar::EntryType::GNUSparse => "a file with holes",
        _ => "something unknown",
    }
}

/// What macOS packs beside a file to hold its attributes (AppleSingle and AppleDouble, magic 0x00051607).
fn is_apple_double(name: &str, bytes: &[u8]) -> bool {
    name.rsplit('/').next().is_some_and(|file| file.starts_with("._")) && bytes.starts_with(&[0, 5, 0x16, 7])
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

    /// A member of a tar archive: its header and its content, filled up to whole blocks.
    fn member(name: &str, kind: tar::EntryType, bytes: &[u8]) -> Vec<u8> {
        let mut header = tar::Header::new_ustar();
        // Not by `set_path`, which refuses names that lead elsewhere.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        let mut member = header.as_bytes().to_vec();
        member.extend_from_slice(bytes);
        member.resize(member.len().next_multiple_of(512), 0);
        member
    }

    fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive: Vec<u8> = members
            .iter()
            .flat_map(|(name, bytes)| member(name, tar::EntryType::Regular, bytes))
            .collect();
        archive.resize(archive.len() + 1024, 0);
        archive
    }

    #[test]
    fn tar_archives() {
        let limits = Limits::default();
        let whole = tar(&[
            ("../x.csv", b"x"),
            ("d/y.csv", &[b'y'; 600]),
            ("d/._y.csv", &[0, 5, 0x16, 7, 0]),
            ("z.gz", &gz(b"z")),
        ]);
        let expected = [
            ("a: ../x.csv", &b"x"[..]),
            ("a: d/y.csv", &[b'y'; 600]),
            ("a: z.gz", b"z"),
        ];
        assert_eq!(names(&open_file("a", whole.clone(), limits).unwrap()), expected);
        assert_eq!(names(&open_file("a", gz(&whole), limits).unwrap()), expected);
        assert!(is_packed(&whole));
        // Directories and comments of the archive hold nothing; a long name stands in a member of its own.
        let mut built = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        let long = format!("{}/x.csv", "long".repeat(60));
        built.append_data(&mut header, &long, &b"x"[..]).unwrap();
        let built = built.into_inner().unwrap();
        assert_eq!(
            names(&open_file("a", built, limits).unwrap()),
            [(format!("a: {long}").as_str(), &b"x"[..])]
        );
        let mut folders = member("d/", tar::EntryType::Directory, b"");
        folders.extend(tar(&[("d/x", b"x")]));
        assert_eq!(
            names(&open_file("a", folders, limits).unwrap()),
            [("a: d/x", &b"x"[..])]
        );
    }

    #[test]
    fn tar_archives_with_links_or_too_much_are_refused_in_words() {
        let error = |bytes: Vec<u8>, limits| match open_file("a", bytes, limits) {
            Ok(opened) => format!("{} documents", opened.len()),
            Err(error) => error.to_string(),
        };
        for (kind, words) in [
            (tar::EntryType::Symlink, "a link in a tar archive"),
            (tar::EntryType::Link, "a link in a tar archive"),
            (tar::EntryType::Char, "a device in a tar archive"),
            (tar::EntryType::Fifo, "a device in a tar archive"),
        ] {
            let mut archive = member("x", kind, b"");
            archive.extend(tar(&[("y", b"y")]));
            let told = error(archive, Limits::default());
            assert!(told.contains(words) && told.contains("a: x"), "{told}");
        }
        let small = Limits {
            total: 1000,
            ..Limits::default()
        };
        assert!(error(tar(&[("x", &[b'x'; 1001])]), small).contains("more than 1,000 bytes"));
        assert!(error(tar(&[("x", &[b'x'; 600]), ("y", &[b'y'; 600])]), small).contains("more than 1,000 bytes"));
        // A size that lies.
        let mut lying = tar::Header::new_ustar();
        lying.set_path("x").unwrap();
        lying.set_size(1 << 60);
        lying.set_cksum();
        assert!(error(lying.as_bytes().to_vec(), Limits::default()).contains("bytes when unpacked"));
        let many: Vec<String> = (0..20).map(|i| i.to_string()).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
        let few = Limits {
            documents: 10,
            ..Limits::default()
        };
        assert!(error(tar(&many), few).contains("more than 10 documents"));
    }

    #[test]
    fn a_tar_archive_cut_or_changed_anywhere_is_refused_or_the_same() {
        let whole = tar(&[("x.csv", &[b'x'; 700]), ("y.csv", b"y")]);
        let count = |bytes: &[u8]| open_file("a", bytes.to_vec(), Limits::default()).map(|opened| opened.len());
        assert_eq!(count(&whole), Ok(2));
        // One zero block is enough of a mark; of the first header the beginning alone is no archive.
        for end in (300..whole.len() - 512).step_by(50) {
            assert!(count(&whole[..end]).is_err(), "cut at {end}");
        }
        for at in 0..512 {
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            match open_file("a", changed, Limits::default()) {
                Ok(opened) => assert!((257..262).contains(&at) && opened.len() == 1, "changed at {at}"),
                Err(error) => assert!(error.to_string().contains("tar archive"), "{error}"),
            }
        }
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
        assert_eq!(open_packed("a", &gz(b"x"), limits), open_file("a", gz(b"x"), limits));
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
            error(
                zstd::encode_all(&b"x\n".repeat(35 << 20)[..], 1).unwrap(),
                Limits::default()
            )
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
