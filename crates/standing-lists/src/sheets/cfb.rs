//! Compound files: the file system in which XLS workbooks, and XLSX workbooks behind a password, are kept.
//!
//! Source: [MS-CFB]. Only what finds one stream is read. A chain of sectors may be no longer than the file has sectors, which is what
//! ends a chain that runs in circles.

use super::Problem;

/// The first eight bytes of every compound file.
pub(super) const MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const NO_SECTOR: u32 = 0xFFFF_FFFF;
const ENTRY: usize = 128;

/// A directory entry.
struct Entry {
    name: String,
    start: u32,
    size: u64,
}

/// A compound file with its tables read.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    mini_sector: usize,
    cutoff: u64,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    entries: Vec<Entry>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .chunks_exact(4)
        .map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]))
}

fn too_short(bytes: &[u8]) -> Problem {
    Problem::broken("the compound file ends too early", format!("byte {}", bytes.len()))
}

impl<'a> Compound<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        let short = || too_short(bytes);
        let shift = u16_at(bytes, 30).ok_or_else(short)?;
        let mini_shift = u16_at(bytes, 32).ok_or_else(short)?;
        if !matches!(shift, 9 | 12) || !(4..=8).contains(&mini_shift) {
            return Err(Problem::broken(format!("sectors of 2^{shift} bytes"), "byte 30"));
        }
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            mini_sector: 1 << mini_shift,
            cutoff: u64::from(u32_at(bytes, 56).ok_or_else(short)?),
            table: Vec::new(),
            mini_table: Vec::new(),
            entries: Vec::new(),
        };
        let mut table_sectors: Vec<u32> = words(bytes.get(76..512).ok_or_else(short)?)
            .take_while(|&s| s < END_OF_CHAIN)
            .collect();
        let mut next = u32_at(bytes, 68).ok_or_else(short)?;
        // A list of the list's sectors may be empty: its links are counted, not what they hold.
        let (sectors, mut links) = (bytes.len() / file.sector, 0);
        while next < END_OF_CHAIN {
            let more: Vec<u32> = words(file.sector_bytes(next)?).collect();
            let (link, list) = more.split_last().ok_or_else(short)?;
            table_sectors.extend(list.iter().take_while(|&&s| s < END_OF_CHAIN));
            links += 1;
            if table_sectors.len() > sectors || links > sectors {
                return Err(Problem::broken("a sector table that runs in circles", "byte 68"));
            }
            next = *link;
        }
        for sector in table_sectors {
            let part: Vec<u32> = words(file.sector_bytes(sector)?).collect();
            file.table.extend(part);
        }
        let directory = file.chain(u32_at(bytes, 48).ok_or_else(short)?, u64::MAX)?;
        file.entries = directory.chunks_exact(ENTRY).filter_map(entry).collect();
        let mini = u32_at(bytes, 60).ok_or_else(short)?;
        if mini < END_OF_CHAIN {
            file.mini_table = words(&file.chain(mini, u64::MAX)?).collect();
        }
        Ok(file)
    }

    fn sector_bytes(&self, sector: u32) -> Result<&'a [u8], Problem> {
        let start = (sector as usize + 1)
            .checked_mul(self.sector)
            .filter(|s| *s < self.bytes.len());
        let start = start.ok_or_else(|| too_short(self.bytes))?;
        Ok(&self.bytes[start..(start + self.sector).min(self.bytes.len())])
    }

    /// The bytes of a chain of sectors, at most `size`.
    fn chain(&self, start: u32, size: u64) -> Result<Vec<u8>, Problem> {
        let mut content = Vec::new();
        let mut sector = start;
        let mut steps = 0;
        while sector < END_OF_CHAIN && (content.len() as u64) < size {
            content.extend_from_slice(self.sector_bytes(sector)?);
            sector = *self.table.get(sector as usize).unwrap_or(&NO_SECTOR);
            steps += 1;
            if steps > self.bytes.len() / self.sector {
                return Err(Problem::broken(
                    "a chain of sectors that runs in circles",
                    format!("sector {start}"),
                ));
            }
        }
        content.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(content)
    }

    /// Is there a stream or storage of this name?
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// The content of the stream with this name.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let Some(entry) = self.entries.iter().find(|entry| entry.name == name) else {
            return Ok(None);
        };
        let content = if entry.size >= self.cutoff {
            self.chain(entry.start, entry.size)?
        } else {
            self.mini_stream(entry)?
        };
        if (content.len() as u64) < entry.size {
            return Err(too_short(self.bytes));
        }
        Ok(Some(content))
    }

    fn mini_stream(&self, entry: &Entry) -> Result<Vec<u8>, Problem> {
        let Some(root) = self.entries.first() else {
            return Err(too_short(self.bytes));
        };
        let container = self.chain(root.start, root.size)?;
        let mut content = Vec::new();
        let mut sector = entry.start;
        while sector < END_OF_CHAIN && (content.len() as u64) < entry.size {
            let start = sector as usize * self.mini_sector;
            let part = container
                .get(start..start + self.mini_sector)
                .ok_or_else(|| too_short(self.bytes))?;
            if content.len() > container.len() {
                return Err(Problem::broken(
                    "a chain of small sectors that runs in circles",
                    format!("sector {}", entry.start),
                ));
            }
            content.extend_from_slice(part);
            sector = *self.mini_table.get(sector as usize).unwrap_or(&NO_SECTOR);
        }
        content.truncate(entry.size as usize);
        Ok(content)
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?);
    if bytes[66] == 0 || !(2..=64).contains(&length) {
        return None;
    }
    let units: Vec<u16> = bytes[..length - 2]
        .chunks_exact(2)
        .map(|u| u16::from_le_bytes([u[0], u[1]]))
        .collect();
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        start: u32_at(bytes, 116)?,
        // The upper half is rubbish in files of version 3.
        size: u64::from(u32_at(bytes, 120)?),
    })
}
