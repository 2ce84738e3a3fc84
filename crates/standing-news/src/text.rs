//! Words, sentences and quotations of an article, each with its place in the untouched text.
//!
//! Nothing here copies or changes the text: a token is a range of bytes with its reading in the lexicon. A paragraph is a line (hard-wrapped
//! text is recognised by lines that go on in lower case). Quotation marks of every shape open and close speech; a quotation that is not
//! closed at the end of its paragraph goes on only if the next paragraph opens one again, which is how newspapers print long speeches.

use crate::lexicon::{Class, Lexicon, Reading};

/// A sentence longer than this is cut: no clause spans so much, and the analysis stays linear.
const LONGEST_SENTENCE: usize = 240;

/// One word or mark.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What the lexicon knows of it.
    pub reading: Reading,
    /// The quotation that it lies in, counted from 1; 0 outside.
    pub quote: u16,
    /// How it is written.
    pub shape: Shape,
}

/// How a token is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Small letters.
    Lower,
    /// First letter a capital.
    Capital,
    /// Digits, with separators.
    Number,
    /// `'s` or a bare apostrophe after a plural.
    Possessive,
    /// A comma.
    Comma,
    /// A colon or semicolon.
    Colon,
    /// A dash between words.
    Dash,
    /// A double or opening/closing single quotation mark.
    Quote,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A point, question or exclamation mark.
    Stop,
    /// Anything else.
    Other,
}

impl Token {
    /// Whether it is a word or a number rather than a mark.
    pub fn is_word(&self) -> bool {
        matches!(self.shape, Shape::Lower | Shape::Capital | Shape::Number)
    }
}

/// A sentence: a range of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// The paragraph (line) it stands in.
    pub paragraph: u32,
}

/// The text cut up.
#[derive(Debug, Default)]
pub struct Cut {
    /// All tokens in order.
    pub tokens: Vec<Token>,
    /// All sentences in order.
    pub sentences: Vec<Sentence>,
}

/// The words of a token, for lookup: lower case, with typographic apostrophes made plain.
pub fn fold_into(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
        return;
    }
    for c in text.chars() {
        match c {
            '’' | '‘' | 'ʼ' => out.push('\''),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            _ if c.is_ascii() => out.push(c),
            _ => out.extend(c.to_lowercase()),
        }
    }
}

/// Lower case with plain apostrophes.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ')
}

/// Cuts a text into tokens and sentences.
pub fn cut(text: &str, lexicon: &Lexicon) -> Cut {
    let mut cut = Cut {
        tokens: Vec::with_capacity(text.len() / 5),
        sentences: Vec::with_capacity(text.len() / 100),
    };
    let mut folded = String::new();
    let mut quotes = Quotes::default();
    for (paragraph, (start, end)) in (0..).zip(paragraphs(text)) {
        let from = cut.tokens.len();
        quotes.paragraph(text[start..end].chars().find(|c| !c.is_whitespace()));
        tokens_of(text, start, end, lexicon, &mut folded, &mut quotes, &mut cut.tokens);
        sentences_of(text, from, paragraph, lexicon, &mut cut);
    }
    cut
}

/// Lines, joined where a line plainly goes on in the next.
fn paragraphs(text: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    let mut after_blank = true;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let body = line.trim();
        if body.is_empty() {
            after_blank = true;
            continue;
        }
        let end = start + line.trim_end().len();
        let goes_on = !after_blank
            && body.chars().next().is_some_and(char::is_lowercase)
            && out.last().is_some_and(|&(s, e)| {
                let before = text[s..e].trim_end();
                !before.ends_with(['.', '!', '?', ':', '”', '"']) && e - s > 40
            });
        match out.last_mut() {
            Some(last) if goes_on => last.1 = end,
            _ => out.push((start, end)),
        }
        after_blank = false;
    }
    out
}

#[derive(Default)]
struct Quotes {
    open: Option<char>,
    current: u16,
    count: u16,
}

impl Quotes {
    fn paragraph(&mut self, first: Option<char>) {
        if self.open.is_some() && !matches!(first, Some('"' | '“' | '„' | '«')) {
            self.open = None;
            self.current = 0;
        } else if self.open.is_some() {
            // The same speech goes on: its opening mark is printed again and must not close it.
            self.open = None;
            self.current = 0;
        }
    }

    fn mark(&mut self, mark: char) {
        let opens = match mark {
            '“' | '„' | '«' => true,
            '”' | '»' => false,
            _ => self.open.is_none(),
        };
        if opens && self.open.is_none() {
            self.open = Some(mark);
            self.count = self.count.saturating_add(1);
            self.current = self.count;
        } else if !opens || mark == '"' {
            self.open = None;
            self.current = 0;
        }
    }
}

fn tokens_of(
    text: &str,
    start: usize,
    end: usize,
    lexicon: &Lexicon,
    folded: &mut String,
    quotes: &mut Quotes,
    out: &mut Vec<Token>,
) {
    let mut at = start;
    while at < end {
        let rest = &text[at..end];
        let Some(c) = rest.chars().next() else { break };
        if c.is_whitespace() || c == '\u{feff}' {
            at += c.len_utf8();
            continue;
        }
        let (length, shape) = next_token(rest, c, &text[start..at]);
        let piece = &rest[..length];
        let word = matches!(shape, Shape::Lower | Shape::Capital);
        let reading = if word {
            fold_into(piece, folded);
            lexicon.read(folded)
        } else {
            Reading::default()
        };
        if shape == Shape::Quote {
            quotes.mark(c);
        }
        out.push(Token {
            start: at as u32,
            end: (at + length) as u32,
            reading,
            quote: quotes.current,
            shape,
        });
        at += length;
    }
}

/// Length and shape of the token at the start of `rest`; `before` is the paragraph up to it.
fn next_token(rest: &str, c: char, before: &str) -> (usize, Shape) {
    if c.is_alphanumeric() {
        return word(rest, c);
    }
    if is_apostrophe(c) {
        let after_letter = before.chars().next_back().is_some_and(char::is_alphanumeric);
        let mut following = rest.chars().skip(1);
        let next = following.next();
        if after_letter {
            if matches!(next, Some('s' | 'S')) && !following.next().is_some_and(char::is_alphanumeric) {
                return (c.len_utf8() + 1, Shape::Possessive);
            }
            if before.ends_with(['s', 'S']) && c != '‘' {
                return (c.len_utf8(), Shape::Possessive);
            }
            return (c.len_utf8(), Shape::Other);
        }
        // An apostrophe that begins a transliterated name (‘Abd-al-Majid) is a mark of its own, and harmless.
        return (c.len_utf8(), Shape::Other);
    }
    let shape = match c {
        ',' => Shape::Comma,
        ':' | ';' => Shape::Colon,
        '–' | '—' | '-' => Shape::Dash,
        '"' | '“' | '”' | '„' | '«' | '»' => Shape::Quote,
        '(' | '[' => Shape::Open,
        ')' | ']' => Shape::Close,
        '.' | '!' | '?' | '…' => Shape::Stop,
        _ => Shape::Other,
    };
    (c.len_utf8(), shape)
}

fn word(rest: &str, first: char) -> (usize, Shape) {
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    let numeric = first.is_numeric();
    while let Some((at, c)) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            end = at + c.len_utf8();
            continue;
        }
        let next = chars.peek().map(|&(_, n)| n);
        let Some(next) = next else { break };
        let joins = match c {
            '-' | '‑' => {
                // `U.S.-designated` is two words: what follows the hyphen qualifies what precedes it.
                next.is_alphanumeric()
                    && !(first.is_uppercase() && next.is_lowercase() && splits(&rest[..at], &rest[at + c.len_utf8()..]))
            }
            '.' if numeric => next.is_numeric(),
            ',' if numeric => {
                next.is_numeric() && rest[at + 1..].chars().take(3).filter(char::is_ascii_digit).count() == 3
            }
            '.' => {
                // U.S., a.m.: single letters between points.
                let letters = rest[..at].rsplit('.').next().map_or(0, |s| s.chars().count());
                if letters == 1 && next.is_alphabetic() {
                    let tail = &rest[at + 1..];
                    tail.chars().nth(1).is_none_or(|x| !x.is_alphanumeric())
                } else {
                    false
                }
            }
            '\'' | '’' | '‘' | 'ʼ' => {
                let tail = &rest[at + c.len_utf8()..];
                let ends_word = !tail.chars().nth(1).is_some_and(char::is_alphanumeric);
                next.is_alphanumeric() && !(matches!(next, 's' | 'S') && ends_word)
            }
            '/' => next.is_numeric() && numeric,
            _ => false,
        };
        if !joins {
            break;
        }
        end = at + c.len_utf8();
    }
    // A point after single letters with points belongs to them: `U.S.` but not the end of `list.`
    let body = &rest[..end];
    let dotted = body.contains('.') && body.split('.').all(|p| p.chars().count() == 1) && rest[end..].starts_with('.');
    let initial = body.chars().count() == 1 && first.is_uppercase() && rest[end..].starts_with(". ");
    if dotted || (initial && first != 'I') {
        end += 1;
    }
    let shape = if numeric {
        Shape::Number
    } else if first.is_uppercase() || body.starts_with("al-") || body.starts_with("el-") {
        Shape::Capital
    } else {
        Shape::Lower
    };
    (end, shape)
}

/// Whether a capitalised word and a small one joined by a hyphen are two words: `Iran-backed`, `U.S.-led`.
fn splits(left: &str, right: &str) -> bool {
    if left.contains('-') {
        return false;
    }
    let tail: &str = right.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    tail.len() > 2
        && (tail.ends_with("ed")
            || tail.ends_with("ing")
            || tail.ends_with("led")
            || matches!(tail, "based" | "run" | "held" | "bound"))
}

fn sentences_of(text: &str, from: usize, paragraph: u32, lexicon: &Lexicon, cut: &mut Cut) {
    let tokens = &cut.tokens;
    let mut start = from;
    let mut depth = 0_i32;
    let mut at = from;
    let mut found: Vec<(usize, usize)> = Vec::new();
    while at < tokens.len() {
        let token = tokens[at];
        match token.shape {
            Shape::Open => depth += 1,
            Shape::Close => depth = (depth - 1).max(0),
            _ => {}
        }
        let mut ends = token.shape == Shape::Stop && depth < 2;
        // `U.S. The` ends a sentence inside the token's own point.
        if !ends && token.is_word() && text[..token.end as usize].ends_with('.') {
            ends = depth == 0
                && tokens
                    .get(at + 1)
                    .is_some_and(|n| n.shape == Shape::Capital && n.reading.has(Class::Starter) && n.start > token.end);
        }
        if ends && token.shape == Shape::Stop && text[token.start as usize..].starts_with('.') {
            ends = !(at > from
                && tokens[at - 1].end == token.start
                && lexicon.is_abbreviation(&text[tokens[at - 1].start as usize..tokens[at - 1].end as usize]))
                && tokens.get(at + 1).is_none_or(|n| {
                    n.start > token.end || matches!(n.shape, Shape::Quote | Shape::Close | Shape::Stop | Shape::Other)
                });
        }
        if ends {
            let mut stop = at + 1;
            while stop < tokens.len()
                && (tokens[stop].shape == Shape::Stop
                    || tokens[stop].shape == Shape::Close
                    || (tokens[stop].shape == Shape::Quote && tokens[stop].start == tokens[stop - 1].end))
            {
                if tokens[stop].shape == Shape::Close {
                    depth = (depth - 1).max(0);
                }
                stop += 1;
            }
            let continues = tokens
                .get(stop)
                .is_some_and(|n| n.shape == Shape::Lower || n.shape == Shape::Comma);
            if !continues {
                found.push((start, stop));
                start = stop;
                depth = 0;
            }
            at = stop;
            continue;
        }
        at += 1;
        if at - start >= LONGEST_SENTENCE {
            found.push((start, at));
            start = at;
            depth = 0;
        }
    }
    if start < tokens.len() {
        found.push((start, tokens.len()));
    }
    cut.sentences.extend(found.into_iter().map(|(start, end)| Sentence {
        start: start as u32,
        end: end as u32,
        paragraph,
    }));
}
