//! The ledger's content for other programs.

mod ftm;
mod statements;

pub use ftm::{Entity, entities, of_party};
pub use statements::{HEADER, statements};
