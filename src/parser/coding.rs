//! Event coding: parsed sentences to events, by the frames of the codebook.

mod analysis;
mod date;
mod pieces;
mod quantity;
#[cfg(test)]
mod trial;
