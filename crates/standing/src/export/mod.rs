//! The ledger's content for other programs.

mod ftm;
mod statements;

pub use ftm::{Entity, entities};
pub use statements::{HEADER, statements};
