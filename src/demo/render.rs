//! One response of one outlet at one minute: a pure function of script, minute and time.

use jiff::Timestamp;
use url::Url;

use super::scene::Scene;
use super::script::{Charset, Format, Outlet, Script, Validator};
use super::validator::http_date;
use super::{atom, damaged, json_feed, rss1, rss2};
use crate::capture::Capture;

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As sent.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns the first header field of that name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Returns it as if it had been fetched from `url` at that time.
    pub fn into_capture(self, url: Url, captured_at: Timestamp) -> Capture {
        let Self { status, headers, body } = self;
        Capture { url, captured_at, status, headers, body }
    }
}

/// Returns what the outlet answers at that minute of a story that begins at `base`, to a request
/// without conditions ([`super::Conditions::answer`] applies those).
///
/// The same arguments give the same bytes. Minutes after the last show the story's end.
pub fn render(script: &Script, outlet: &Outlet, minute: i32, base: Timestamp) -> Response {
    let minute = minute.min(script.minutes);
    if let Some(outage) = outlet.outages.iter().find(|o| (o.from..=o.to).contains(&minute)) {
        let retry = outage.retry_after_seconds.map(|s| ("retry-after".to_owned(), s.to_string()));
        let text = ("content-type".to_owned(), "text/plain; charset=utf-8".to_owned());
        let headers = retry.into_iter().chain([text]).collect();
        return Response { status: outage.status, headers, body: b"try again later\n".to_vec() };
    }
    let scene = Scene::of(script, outlet, minute, base);
    let body = encode(outlet.charset, &write(&scene));
    let mut headers = vec![("content-type".to_owned(), content_type(outlet))];
    if matches!(outlet.validator, Validator::Etag | Validator::Both) {
        let etag = format!("\"{:08x}-{:x}\"", crc32c::crc32c(&body), body.len());
        headers.push(("etag".to_owned(), etag));
    }
    if matches!(outlet.validator, Validator::LastModified | Validator::Both) {
        headers.push(("last-modified".to_owned(), http_date(scene.changed)));
    }
    Response { status: 200, headers, body }
}

fn write(scene: &Scene<'_>) -> String {
    match scene.outlet.format {
        Format::Rss2 => rss2::write(scene),
        Format::Rss1 => rss1::write(scene),
        Format::Atom => atom::write(scene),
        Format::JsonFeed => json_feed::write(scene),
        Format::Damaged => damaged::write(scene),
    }
}

fn encode(charset: Charset, text: &str) -> Vec<u8> {
    match charset {
        Charset::Utf8 => text.as_bytes().to_vec(),
        // What the label iso-8859-1 means to a browser; the story keeps to what both have in common.
        Charset::Latin1 => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
    }
}

fn content_type(outlet: &Outlet) -> String {
    let media = match outlet.format {
        Format::Rss2 | Format::Damaged => "application/rss+xml",
        Format::Rss1 => "application/rdf+xml",
        Format::Atom => "application/atom+xml",
        Format::JsonFeed => return "application/feed+json".to_owned(),
    };
    format!("{media}; charset={}", outlet.charset.as_str())
}
