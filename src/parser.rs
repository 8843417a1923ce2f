//! Bytes to entries, entries to documents, documents to events: content in, findings and doubts out.
//!
//! Parsing content never fails: each step returns what it found and what it doubted. The only error
//! is [`NotAFeed`]. The module needs nothing but [`crate::capture`] and does no I/O.
//!
//! ```no_run
//! use borderwire::parser::{Document, Parser};
//!
//! let parser = Parser::embedded();
//! let document = Document {
//!     text: "Latvia has deployed 3,000 troops near its border with Belarus.".into(),
//!     ..Document::default()
//! };
//! for event in parser.extract(&document).events {
//!     println!("{} {:?}", event.kind, event.actor);
//! }
//! ```

#[cfg(test)]
mod chance;
mod codebook;
mod coding;
mod document;
mod english;
mod entity;
mod entry;
mod event;
mod extract;
mod html;
mod language;
mod read;
mod report;
mod scan;
mod sentence;
mod syntax;
mod text;

pub use self::codebook::{
    Catalogue, CodebookError, CodebookFile, Fault, FrameLine, WordList, lint,
};
pub use self::document::Document;
pub use self::entry::{Channel, Entry, Warning};
pub use self::event::{
    Actor, ActorId, DateSpan, Event, Evidence, Family, Kind, Modifier, Point, Quantity, Reason,
    Status, Unit,
};
pub use self::extract::{Extraction, Miss, Parser, Trial};
pub use self::read::{NotAFeed, Reading, read};
