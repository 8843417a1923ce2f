//! When to ask a feed again: pure decisions with a reason.
