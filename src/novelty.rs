//! What is new: entries and events against what was seen of their feed. Pure decisions with a reason.
//!
//! [`judge`] tells of each entry of a document whether it is new, changed or known; [`revise`] tells
//! what the events of a changed entry mean for those that were published before. Both only read the
//! [`Memory`]; [`Memory::learn`] gives the next one.

mod identity;
mod judge;
mod memory;
mod revise;

pub use self::identity::{EntryId, Rule};
pub use self::judge::{Judged, Judgement, Novelty, judge};
pub use self::memory::{ContentHash, Memory, Seen, SeenEvent};
pub use self::revise::{Change, EventId, Reason, Revision, revise};
