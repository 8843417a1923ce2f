//! Whatever bytes a client sends: a request or an error, in memory that their length bounds.
//!
//! `cargo +nightly fuzz run frame -- -malloc_limit_mb=64 -max_len=4096`

#![no_main]

#[allow(dead_code, reason = "the listener uses the rest")]
#[path = "../../src/journal"]
mod journal {
    pub mod wire {
        pub mod frame;
        pub mod shape;
    }
}

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    match journal::wire::frame::decode(bytes.to_vec().into()) {
        // Unknown keys and versions are turned away at once: they teach nothing.
        Err(journal::wire::frame::FrameError::Unknown { .. }) => Corpus::Reject,
        _ => Corpus::Keep,
    }
});
