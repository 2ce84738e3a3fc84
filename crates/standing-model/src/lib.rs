//! The words of the field as types.
//!
//! Everything here is a value: no clock, no network, no storage. The other crates speak to each other in these types alone, so a
//! reader of lists and the ledger agree on what a [`Record`] is without knowing each other. A name that the field
//! does not use does not belong here.

pub mod authority;
pub mod claim;
pub mod code;
pub mod date;
pub mod judgement;
pub mod listing;
pub mod party;
pub mod snapshot;
pub mod standing;
pub mod step;
pub mod text;
pub mod truth;

pub use authority::{Authority, Measure, Programme};
pub use claim::{Claim, ClaimStatus, ClaimType};
pub use code::{Country, Jurisdiction, Script};
pub use date::{Calendar, DateError, Day, PartialDate, days_between};
pub use judgement::{Judgement, Verdict};
pub use listing::{ListingId, Note, Record, Relation};
pub use party::{
    Address, Birth, Gender, Identifier, IdentifierKind, Name, NameKind, NameQuality, PartKind, PartyKind, Place,
};
pub use snapshot::{DocumentSpan, Extent, Reject, Snapshot};
pub use standing::{Standing, State};
pub use step::{Action, Evidence, Grade, Instrument, Stage, Step};
pub use text::Text;
pub use truth::Truth;
