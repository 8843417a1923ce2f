//! When to ask a feed again: pure decisions with a reason.
//!
//! Time and chance come in as arguments. [`next_poll`] decides about one feed; [`DueQueue`] holds
//! the order of all; [`HostLimits`] keeps the feeds of one host from asking it all at once.

mod host;
mod http_date;
mod pace;
mod publisher;
mod queue;
mod start;

pub use self::host::{Admission, HostLimits};
pub use self::pace::{Outcome, Pace, Policy, Severity, Why, next_poll};
pub use self::publisher::{freshness, refusal, retry_after};
pub use self::queue::DueQueue;
pub use self::start::first_poll_at;
