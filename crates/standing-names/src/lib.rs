//! A written name as comparable tokens, and the similarity of two names with its reasons.
//!
//! [`prepare`] reads a name; [`compare`] says how alike two names are and why; [`score`] says it without the reasons and without allocating;
//! [`upper_bound`] lets an index skip names without losing any. `docs/NAMES.md` describes the pipeline, the formula, its parameters and the bound.
//!
//! ```
//! use standing_model::PartyKind;
//! use standing_names::{compare, prepare};
//!
//! let a = prepare("Abdul Rehman al-Golani", PartyKind::Person)?;
//! let b = prepare("JAWLANI, Abdurrahman", PartyKind::Person)?;
//! assert!(compare(&a, &b).score > 0.6);
//! # Ok::<(), standing_names::NameError>(())
//! ```

mod arabic;
mod clean;
mod compare;
mod frequency;
mod han;
mod hangul;
mod lexicon;
mod nearness;
mod params;
mod phones;
mod pieces;
mod prepare;
mod sieve;
mod similarity;
mod table;
mod translit;
mod version;
mod word;

pub use compare::{
    BELOW_EQUAL, Comparison, Leftover, Pair, Parts, Reach, Scratch, compare, pair_similarity, pair_similarity_within,
    reach, score, score_with, upper_bound,
};
pub use frequency::{Counts, Frequencies, NoCounts};
pub use params::Params;
pub use prepare::{
    MAX_CHARACTERS, MAX_TOKENS, Mark, NameError, PreparedName, Token, TokenKind, TokenRef, Warning, prepare,
    token_weight,
};
pub use sieve::Sieve;
pub use similarity::{Relation, Similarity, token_similarity};
pub use version::data_version;
pub use word::{Word, WordRef};
