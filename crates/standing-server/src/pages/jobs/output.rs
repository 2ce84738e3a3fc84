//! The hits of a job, read from the file that the screening writes: those that were just found, and the best.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use serde::Deserialize;
use standing::screen::Hit;

/// Whole lines of hits that were written since the last look, a screenful at most.
pub fn fresh(path: &Path, offset: &mut u64) -> Vec<Hit> {
    let Ok(mut file) = File::open(path) else {
        return Vec::new();
    };
    if file.seek(SeekFrom::Start(*offset)).is_err() {
        return Vec::new();
    }
    let mut bytes = Vec::new();
    if file.take(1 << 20).read_to_end(&mut bytes).is_err() {
        return Vec::new();
    }
    let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    *offset += whole as u64;
    bytes[..whole]
        .split(|b| *b == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .take(20)
        .collect()
}

/// The hits of an output by falling score, a page of them, read from their places; and how many there are.
pub fn best(path: &Path, from: usize, most: usize) -> std::io::Result<(usize, Vec<Hit>)> {
    #[derive(Deserialize)]
    struct Scored {
        score: f64,
    }
    let mut reader = BufReader::new(File::open(path)?);
    let (mut places, mut at, mut line) = (Vec::new(), 0u64, Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        if let Ok(scored) = serde_json::from_slice::<Scored>(&line) {
            places.push((scored.score, at));
        }
        at += read as u64;
    }
    places.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut hits = Vec::new();
    for (_, at) in places.iter().skip(from).take(most) {
        reader.seek(SeekFrom::Start(*at))?;
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        hits.extend(serde_json::from_slice::<Hit>(&line).ok());
    }
    Ok((places.len(), hits))
}
