//! Readers of official lists: bytes in, snapshots out, and nothing else.
//!
//! A reader is a pure function without clock, network or storage. It is chosen by content, never by file name. Each format has a
//! module and one [`Format`] entry; some formats consist of several files of one day ([`Format::read`] gets them together).

mod about;
mod containers;
mod country;
mod csv;
mod dates;
mod describe;
mod error;
mod ftm;
mod identifier;
mod national;
mod note;
mod ofac;
mod overlong;
mod own;
mod registry;
mod scan;
mod several_names;
mod sheets;
mod text;
mod un;
mod us;
mod xml;

pub use about::{About, about};
pub use containers::{Limits, Opened, is_packed, open_file, open_packed};
pub use error::ReadError;
pub use overlong::read_file;
pub use registry::{Document, Format, Outcome, ReadOptions, Sets, formats, read_documents, recognise};
