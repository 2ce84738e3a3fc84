//! Texts longer than any list has, refused while a file is still coming in.
//!
//! Readers refuse a value of more than a megabyte, but they get a file whole. A name of a gigabyte would be held first and refused then.
//! [`LengthWatch`] looks at each block as it is read or unpacked and stops at the first text that no reader could take; what has been held
//! by then is what stands before it and [`RUN`] bytes of it. It needs to know no format: markup has no [`RUN`] bytes without `<`, JSON no
//! string so long, a table no such line and no quoted cell of [`QUOTED`] bytes.

use std::io::Read;

use crate::containers::is_packed;
use crate::error::{ReadError, grouped};

/// The longest text that goes through: sixteen times what readers take for a value.
const RUN: u64 = 16 << 20;
/// The longest quoted cell that goes through. A quote in a cell that is not quoted may seem to open one, up to the next quote.
const QUOTED: u64 = 64 << 20;
/// How much is read at once.
const BLOCK: usize = 256 << 10;

/// Reads a file of that size, as far as known, to its end.
///
/// # Errors
/// The reader's own; inside, [`ReadError::Limit`] for a file of more than `most` bytes or with a text that no list has.
pub fn read_file(
    name: &str,
    from: impl Read,
    size: Option<u64>,
    most: u64,
) -> std::io::Result<Result<Vec<u8>, ReadError>> {
    let refuse = |what: String| {
        Ok(Err(ReadError::Limit {
            document: name.to_owned(),
            what,
            remedy: "No real list is like that; the rest of the file was not read".to_owned(),
        }))
    };
    // One more, so that a read finds the end without asking for room.
    let room = size.unwrap_or(0).min(most).saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
    let mut from = from.take(most.saturating_add(1));
    let mut watch = LengthWatch::default();
    loop {
        if from.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)? == 0 {
            return Ok(Ok(bytes));
        }
        if bytes.len() as u64 > most {
            return refuse(format!("more than {} bytes", grouped(most)));
        }
        if let Err(long) = watch.look(&bytes) {
            return refuse(long);
        }
    }
}

/// What kind of text it is, by its first byte that is no blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    /// Only blanks yet.
    #[default]
    Unknown,
    Markup,
    Json,
    /// A table, or any other text.
    Table,
    /// Files one after the other as they are.
    Archive,
    /// No text: what is packed, or a table whose rows do not end in lines. Readers have limits for what they take out of it.
    Binary,
}

/// Where in a text the bytes looked at last end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    /// No string or quoted cell.
    #[default]
    Nothing,
    /// One.
    Quotes,
    /// One, behind a backslash (JSON).
    Escape,
    /// One that ends here unless another quote follows (tables).
    Quote,
}

/// Looks at a file as it comes in.
#[derive(Debug, Default)]
pub(crate) struct LengthWatch {
    kind: Kind,
    inside: Inside,
    /// Bytes looked at before the present block.
    at: u64,
    /// Where the present text, line or stretch without markup begins, and where the string or quoted cell does.
    run: u64,
    quotes: u64,
    /// The byte before.
    before: u8,
}

impl LengthWatch {
    /// Looks at what has come in since the last time. What it finds too long is told in words.
    pub(crate) fn look(&mut self, all: &[u8]) -> Result<(), String> {
        // Nothing in a small file is too long, and most files are small.
        if all.len() as u64 <= RUN {
            return Ok(());
        }
        let seen = usize::try_from(self.at).unwrap_or(usize::MAX);
        all.get(seen..)
            .unwrap_or_default()
            .chunks(BLOCK)
            .try_for_each(|block| self.block(block))
    }

    fn block(&mut self, block: &[u8]) -> Result<(), String> {
        if self.kind == Kind::Unknown {
            // Byte-order marks and the zeros of UTF-16 say nothing.
            let first = block
                .iter()
                .find(|b| !matches!(b, 0 | b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF));
            self.kind = match first {
                _ if self.at == 0 && block.get(257..262) == Some(b"ustar") => Kind::Archive,
                _ if self.at == 0 && (is_packed(block) || block.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])) => Kind::Binary,
                None => Kind::Unknown,
                Some(..b' ') => Kind::Binary,
                Some(b'<') => Kind::Markup,
                Some(b'{' | b'[') => Kind::Json,
                Some(_) => Kind::Table,
            };
        }
        match self.kind {
            Kind::Unknown => {}
            Kind::Binary => return Ok(()),
            // Every member's head and end are filled up with zeros.
            Kind::Archive => self.stretches(
                block,
                |bytes| memchr::memchr2(b'\n', 0, bytes),
                |bytes| memchr::memrchr2(b'\n', 0, bytes),
            )?,
            Kind::Markup => self.stretches(
                block,
                |bytes| memchr::memchr(b'<', bytes),
                |bytes| memchr::memrchr(b'<', bytes),
            )?,
            Kind::Json => self.json(block)?,
            Kind::Table => {
                self.stretches(
                    block,
                    |bytes| memchr::memchr(b'\n', bytes),
                    |bytes| memchr::memrchr(b'\n', bytes),
                )?;
                self.cells(block)?;
            }
        }
        self.at += block.len() as u64;
        self.before = block.last().copied().unwrap_or(self.before);
        // Of blanks alone there may not be more either.
        self.told(self.run, self.at, RUN)?;
        match self.inside {
            Inside::Nothing => Ok(()),
            _ => self.told(self.quotes, self.at, if self.kind == Kind::Json { RUN } else { QUOTED }),
        }
    }

    fn told(&self, start: u64, end: u64, most: u64) -> Result<(), String> {
        if end - start <= most {
            return Ok(());
        }
        let what = match self.kind {
            Kind::Markup => "bytes without markup",
            Kind::Unknown => "blank bytes",
            Kind::Json if self.inside == Inside::Nothing => "bytes without a string",
            Kind::Json => "bytes in one string",
            Kind::Archive | Kind::Binary => "bytes without a line",
            Kind::Table if most == RUN => "bytes in one line",
            Kind::Table => "bytes in one cell",
        };
        Err(format!("more than {} {what}, from byte {start} on", grouped(most)))
    }

    /// Stretches between bytes that end them, which the closures look for from the block's beginning and from its end.
    fn stretches(
        &mut self,
        block: &[u8],
        first: impl Fn(&[u8]) -> Option<usize>,
        last: impl Fn(&[u8]) -> Option<usize>,
    ) -> Result<(), String> {
        // Nothing in a block is as long as a stretch may be: only the first end in it and the last one matter.
        if let Some(first) = first(block) {
            self.told(self.run, self.at + first as u64, RUN)?;
            let last = last(block).unwrap_or(first);
            self.run = self.at + last as u64;
        }
        Ok(())
    }

    fn json(&mut self, block: &[u8]) -> Result<(), String> {
        let mut at = 0;
        while at < block.len() {
            match self.inside {
                Inside::Nothing | Inside::Quote => {
                    let Some(quote) = memchr::memchr(b'"', &block[at..]) else {
                        return Ok(());
                    };
                    at += quote;
                    self.told(self.run, self.at + at as u64, RUN)?;
                    self.inside = Inside::Quotes;
                    self.quotes = self.at + at as u64;
                    at += 1;
                }
                Inside::Escape => {
                    self.inside = Inside::Quotes;
                    at += 1;
                }
                Inside::Quotes => {
                    // The string counts, not what is around it.
                    let Some(found) = memchr::memchr2(b'"', b'\\', &block[at..]) else {
                        self.run = self.quotes;
                        return Ok(());
                    };
                    at += found;
                    if block[at] == b'"' {
                        self.told(self.quotes, self.at + at as u64, RUN)?;
                        self.inside = Inside::Nothing;
                    } else {
                        self.inside = Inside::Escape;
                    }
                    self.run = self.at + at as u64;
                    at += 1;
                }
            }
        }
        if self.inside != Inside::Nothing {
            self.run = self.quotes;
        }
        Ok(())
    }

    /// Quoted cells.
    fn cells(&mut self, block: &[u8]) -> Result<(), String> {
        let mut at = 0;
        while at < block.len() {
            match self.inside {
                Inside::Quote if block[at] == b'"' => {
                    self.inside = Inside::Quotes;
                    at += 1;
                }
                Inside::Nothing | Inside::Quote | Inside::Escape => {
                    self.inside = Inside::Nothing;
                    let Some(quote) = memchr::memchr(b'"', &block[at..]) else {
                        return Ok(());
                    };
                    at += quote;
                    let before = if at == 0 { self.before } else { block[at - 1] };
                    let first = self.at == 0 && at == 0;
                    if first || matches!(before, b',' | b';' | b'\t' | b'|' | b'\n' | b'\r' | 0xBF) {
                        self.inside = Inside::Quotes;
                        self.quotes = self.at + at as u64;
                    }
                    at += 1;
                }
                Inside::Quotes => {
                    let Some(quote) = memchr::memchr(b'"', &block[at..]) else {
                        return Ok(());
                    };
                    at += quote;
                    self.told(self.quotes, self.at + at as u64, QUOTED)?;
                    self.inside = Inside::Quote;
                    at += 1;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many bytes made by going round in `bytes`.
    fn round(bytes: &'static [u8], length: u64) -> impl Read {
        std::io::Read::take(Round { bytes, at: 0 }, length)
    }

    struct Round {
        bytes: &'static [u8],
        at: usize,
    }

    impl Read for Round {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            for byte in &mut *into {
                *byte = self.bytes[self.at % self.bytes.len()];
                self.at += 1;
            }
            Ok(into.len())
        }
    }

    fn read(head: &[u8], inside: &'static [u8], length: u64, tail: &[u8]) -> Result<usize, String> {
        let from = head.chain(round(inside, length)).chain(tail);
        let read = read_file("t", from, None, 80 << 20).unwrap();
        read.map(|bytes| bytes.len()).map_err(|e| e.to_string())
    }

    #[test]
    fn long_texts_are_refused_whatever_they_stand_in() {
        let xml = &b"<?xml version=\"1.0\"?><list><name>"[..];
        for (head, inside, tail, words) in [
            (xml, &b"A"[..], &b"</name></list>"[..], "without markup"),
            (xml, b"A &amp; \n", b"</name></list>", "without markup"),
            (b"<list a='", b"A ", b"'/>", "without markup"),
            (b"\xFF\xFE<\0a\0>\0", b"A\0", b"<\0/\0a\0>\0", "without markup"),
            (b"1,\"A\",x\r\n2,\"", b"A", b"\"\r\n", "in one line"),
            (b"1,", b"A", b"\r\n", "in one line"),
            (b"1,\"A\",x\r\n2,\"", b"A, \"\"B\"\"\n", b"\"\r\n", "in one cell"),
            (b"\xEF\xBB\xBF\"", b"A, \"\"B\"\"\n", b"\"\r\n", "in one cell"),
            (b"{\"a\": \"b\", \"name\": \"", b"A\\\"\\\\", b"\"}", "in one string"),
            (b"[{\"a\": ", b"12345,", b"\"}", "without a string"),
            (b"", b" \n", b"<a/>", "blank bytes"),
        ] {
            let length = if words == "in one cell" { 65 << 20 } else { 17 << 20 };
            let told = read(head, inside, length, tail).unwrap_err();
            assert!(told.contains(words) && told.contains("not read"), "{words}: {told}");
            assert!(read(head, inside, 15 << 20, tail).is_ok(), "{words}");
        }
    }

    #[test]
    fn what_lists_are_made_of_goes_through() {
        for (head, inside, tail) in [
            (&b"<list>"[..], &b"<a b='c'>d</a>\n"[..], &b"</list>"[..]),
            (b"id,name\r\n", b"1,\"A \"\"B\"\"\n\",c\r\n", b""),
            (b"id\tname\n", b"1\tA\"B\tc\n", b""),
            (b"[", b"{\"a\": \"b\\\\\\\"\", \"c\": [1, 2]},", b"]"),
            (b"\x1f\x8b\x08", b"\x00\xff\n\"x,", b""),
        ] {
            assert!(
                read(head, inside, 70 << 20, tail).is_ok(),
                "{:?}",
                String::from_utf8_lossy(inside)
            );
        }
        assert!(
            read(b"a\n", b"b\n", 81 << 20, b"")
                .unwrap_err()
                .contains("more than 83,886,080 bytes")
        );
        assert_eq!(read(b"", b"b", 0, b""), Ok(0));
    }
}
