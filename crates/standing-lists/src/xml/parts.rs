//! Large documents read by several threads at once, with what one thread would find, in the order of the document.
//!
//! A document is cut behind end tags of records. Each part is walked as if the walk stood there where it stood before the parts at hand;
//! whether it did is known once the part before has been walked. If so, what was found is what a walk from the beginning finds there, and
//! is handed on; if not, or where a part cannot be walked (it ends in a comment, or the document is broken), the walk goes on from where it
//! truly stands. Hence the same records, values, positions and errors whatever the number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::{El, Part, Shape, Stand, go_on, local};
use crate::error::ReadError;

/// The bytes of a part: some hundred records, so that handing parts to threads costs nothing beside reading them.
const PART: usize = if cfg!(fuzzing) { 1 << 9 } else { 256 << 10 };
/// So many parts for each thread are walked before what they hold is handed on.
const AHEAD: usize = 4;
/// A record's end is looked for in so many bytes beyond a part.
const RECORD: usize = 8 << 20;

/// What [`records`] finds, in document order.
pub(crate) enum Found<'w, R, C> {
    /// A value outside the records, as [`Part::Head`] has it.
    Head(&'w str, &'w str),
    /// What the reader made of a record, and the record's bytes in the text.
    Record(R, Range<usize>),
    /// What the reader noted for itself beside the records so far; a new one is begun.
    Noted(C),
}

/// The same, kept until the parts before are handed on.
enum Kept<R> {
    Head(String, String),
    Record(R, Range<usize>),
}

/// Reads a document from end to end as [`super::walk`] does, a large one by several threads. `read` makes something of each record, with
/// notes of its own beside; `each` gets what it made in order, and an error of its own ends the reading.
///
/// # Errors
/// As [`super::walk`].
pub(crate) fn records<'a, R: Send, C: Default + Send>(
    document: &str,
    text: &'a str,
    shape: Shape<'_>,
    read: impl Fn(El<'_, 'a>, &mut C) -> R + Sync,
    each: impl FnMut(Found<'_, R, C>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let threads = rayon::current_num_threads();
    let part = if text.len() < 2 * PART || threads == 1 {
        text.len()
    } else {
        PART
    };
    in_parts(document, text, shape, part, threads * AHEAD, &read, each)
}

fn in_parts<'a, R: Send, C: Default + Send>(
    document: &str,
    text: &'a str,
    shape: Shape<'_>,
    part: usize,
    ahead: usize,
    read: &(impl Fn(El<'_, 'a>, &mut C) -> R + Sync),
    mut each: impl FnMut(Found<'_, R, C>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut stand = Stand::at_the_start(text);
    while text.len() - stand.at > part {
        // Before the first record nothing is known of where records stand.
        let ends = ends(
            text,
            shape,
            stand.at,
            part,
            if stand.open.is_empty() { 1 } else { ahead },
        );
        if ends == [text.len()] {
            break;
        }
        let guess = Stand {
            text: String::new(),
            ..stand.clone()
        };
        let from = |index: usize| match index.checked_sub(1) {
            None => stand.clone(),
            Some(before) => Stand {
                at: ends[before],
                ..guess.clone()
            },
        };
        let walked: Vec<_> = ends
            .par_iter()
            .enumerate()
            .map(|(index, &end)| {
                let (mut noted, mut kept) = (C::default(), Vec::new());
                let stand = go_on(document, &text[..end], shape, from(index), |found| {
                    kept.push(match found {
                        Part::Head(path, value) => Kept::Head(path.to_owned(), value.to_owned()),
                        Part::Record(element, bytes) => Kept::Record(read(element, &mut noted), bytes),
                    });
                    Ok(())
                });
                stand.map(|stand| (stand, kept, noted))
            })
            .collect();
        let mut true_stand = stand.clone();
        let mut cannot = false;
        for (index, walked) in walked.into_iter().enumerate() {
            let as_guessed = true_stand.open == guess.open
                && true_stand.text.is_empty()
                && true_stand.root_closed == guess.root_closed;
            if index > 0 && !as_guessed {
                break;
            }
            let Ok((after, kept, noted)) = walked else {
                cannot = true;
                break;
            };
            for kept in kept {
                match kept {
                    Kept::Head(path, value) => each(Found::Head(&path, &value))?,
                    Kept::Record(made, bytes) => each(Found::Record(made, bytes))?,
                }
            }
            each(Found::Noted(noted))?;
            true_stand = Stand {
                read: true_stand.read + (after.read - guess.read),
                ..after
            };
        }
        stand = true_stand;
        if cannot {
            break;
        }
    }
    let mut noted = C::default();
    let stand = go_on(document, text, shape, stand, |found| match found {
        Part::Head(path, value) => each(Found::Head(path, value)),
        Part::Record(element, bytes) => each(Found::Record(read(element, &mut noted), bytes)),
    })?;
    each(Found::Noted(noted))?;
    stand.ends(document, text)
}

/// Where the next parts end: behind records' end tags, at least `part` bytes from each other, the last perhaps at the text's end.
fn ends(text: &str, shape: Shape<'_>, mut at: usize, part: usize, most: usize) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut ends = Vec::with_capacity(most);
    while ends.len() < most && at < bytes.len() {
        let from = bytes.len().min(at + part);
        let near = &bytes[from..bytes.len().min(from + RECORD)];
        let end = memchr::memmem::find_iter(near, b"</").find_map(|tag| {
            let name = from + tag + 2;
            let end = name + memchr::memchr(b'>', &bytes[name..bytes.len().min(name + 256)])?;
            let written = text.get(name..end)?.trim_ascii_end();
            shape.records.contains(&local(written)).then_some(end + 1)
        });
        at = end.unwrap_or(bytes.len());
        ends.push(at);
    }
    ends
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHAPE: Shape<'_> = Shape {
        records: &["R", "Q"],
        counted: &["R"],
    };

    /// All that is found, and how it ends.
    fn found(text: &str, part: usize, ahead: usize) -> (Vec<String>, Result<(), String>) {
        let (mut all, mut notes) = (Vec::new(), 0);
        let read = |element: El<'_, '_>, noted: &mut usize| {
            *noted += 1;
            let mut said = format!("{} {:?}", element.name(), element.attr("a"));
            element.unread(|path, value| said.push_str(&format!(" {path}={value}")));
            said
        };
        let result = in_parts("t", text, SHAPE, part, ahead, &read, |found| {
            match found {
                Found::Head(path, value) => {
                    if value == "stop" {
                        return Err(ReadError::ListDate {
                            document: String::new(),
                            written: String::new(),
                        });
                    }
                    all.push(format!("{path}: {value}"));
                }
                Found::Record(made, bytes) => all.push(format!("{made} at {bytes:?}")),
                Found::Noted(noted) => notes += noted,
            }
            Ok(())
        });
        if result.is_ok() {
            assert_eq!(notes, all.iter().filter(|one| one.contains(" at ")).count());
        }
        (all, result.map_err(|e| e.to_string()))
    }

    fn bits() -> impl Strategy<Value = String> {
        let bit = prop_oneof![
            8 => Just("<R a='1'><x>y</x></R>"),
            4 => Just("<Q>z &amp; z</Q>"),
            2 => Just("<R><x>y\r\n</x>"),
            2 => Just("</R >"),
            2 => Just("<l>"),
            2 => Just("</l>"),
            1 => Just("<m k='v'>"),
            1 => Just("</m>"),
            1 => Just("<m>stop</m>"),
            1 => Just("text"),
            1 => Just("&lt;"),
            1 => Just("\n  "),
            1 => Just("<!-- <R></R> -->"),
            1 => Just("<![CDATA[</R>]]>"),
            1 => Just("<R/>"),
            1 => Just("<R a=\"</R>\"><R><x/></R></R>"),
            1 => Just("<!--"),
            1 => Just("-->"),
            1 => Just("</l><l2><R></R></l2><l>"),
            1 => Just("<n:R>é</n:R>"),
        ];
        proptest::collection::vec(bit, 0..40).prop_map(|bits| bits.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn parts_say_what_the_whole_says(inside in bits(), part in 1_usize..80, ahead in 1_usize..6, whole in any::<bool>()) {
            let text = if whole { format!("<list d='1'><l>{inside}</l></list>") } else { inside };
            let (all, result) = found(&text, text.len(), 1);
            let (in_parts, other) = found(&text, part, ahead);
            prop_assert_eq!(result, other);
            prop_assert_eq!(all, in_parts);
        }
    }

    #[test]
    fn records_are_found_in_every_list_of_a_document() {
        let records = |count: usize| "<R a='1'><x>y</x></R>\n".repeat(count);
        let text = format!("<list><a>{}</a><b>{}</b></list>\n", records(50), records(30));
        let (all, result) = found(&text, 60, 4);
        assert_eq!((all.len(), result), (80, Ok(())));
    }
}
