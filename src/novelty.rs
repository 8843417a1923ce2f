//! What is new: an entry against what was seen of its feed.
