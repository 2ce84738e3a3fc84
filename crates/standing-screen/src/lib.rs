//! Screening of names against an index of listings.
