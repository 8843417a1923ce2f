//! An invented border crisis, told by ten feeds of a server on the loopback address.
//!
//! [`Script`] is the story as data; [`render`] gives what one outlet answers at one minute of it, a
//! pure function; [`Stage`] serves that over HTTP while a [`StoryClock`] runs or is moved by hand.
//! The places are real, all that happens is invented, and no network beyond loopback is used.

mod atom;
mod damaged;
mod expected;
mod json_feed;
mod markup;
mod outlet;
mod pace;
mod render;
mod rss1;
mod rss2;
mod scene;
mod script;
mod stage;
mod validator;
mod words;

use std::time::Duration;

pub use self::expected::{Expectation, Told};
pub use self::outlet::Outlet;
pub use self::pace::StoryClock;
pub use self::render::{Response, render};
pub use self::script::{Item, Script};
pub use self::stage::{Stage, StageError, Tally};
pub use self::validator::Conditions;

/// Story time to real time: thirty minutes in one.
pub const SPEED: f64 = 30.0;

/// How often each feed is to be asked, in real time: once in each minute of the story at [`SPEED`],
/// so that every change is seen while it stands.
pub const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// The longest that a failing feed is to be left alone, in real time: short enough that the one
/// that fails for five minutes of the story is back long before the end.
pub const BACK_OFF_MAX: Duration = Duration::from_secs(4);

/// Stands in the addresses of pages and in the ids of feeds, so that both are the same in each run,
/// whatever the server's port. RFC 2606 §2: the name cannot exist.
const NAME_BASE: &str = "http://demo.borderwire.invalid/";
