//! Texts of records.
//!
//! Most texts of a list are short: a given name, a town, a number, the name of a field. As `String`s they were the greater part of what
//! reading a list, comparing two of them and freeing them cost, an allocation each. A [`Text`] of up to 24 bytes lies in the record
//! itself and one made of a constant is the constant ([`Text::const_new`]); a longer one is allocated. It takes no more room than a
//! `String`, reads as a `str` and is written to JSON as one.

/// A text of a record.
pub type Text = compact_str::CompactString;
