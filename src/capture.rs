//! A capture: one HTTP response as received, the point where polling and replay meet.

use jiff::Timestamp;
use url::Url;

/// One response as received.
///
/// Everything after it is a function of the capture and of what was known before, so the same
/// captures in the same order give the same messages, whether they come from the network or from
/// an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The address that gave the response, after redirects; base of relative links.
    pub url: Url,
    /// When the response was complete.
    pub captured_at: Timestamp,
    /// HTTP status.
    pub status: u16,
    /// Header fields in the order received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body with its content coding (gzip, br …) undone, otherwise untouched.
    pub body: Vec<u8>,
}

impl Capture {
    /// Returns the first header field of that name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}
