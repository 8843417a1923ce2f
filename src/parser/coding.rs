//! Event coding: parsed sentences to events, by the frames of the codebook.

mod analysis;
#[allow(dead_code, reason = "not wired in yet")]
mod place;
