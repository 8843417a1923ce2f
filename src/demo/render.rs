//! One response of one outlet at one minute: a pure function of script, minute and time.

use jiff::Timestamp;
use url::Url;

use super::outlet::{Charset, Format, Outlet, Validator};
use super::scene::Scene;
use super::script::Script;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::demo::Conditions;

    fn base() -> Timestamp {
        "2031-05-06T09:00:00Z".parse().unwrap()
    }

    /// Each response of each outlet, minute by minute.
    fn responses(script: &Script) -> impl Iterator<Item = (&Outlet, i32, Response)> {
        script.outlets.iter().flat_map(move |outlet| {
            (0..=script.minutes).map(move |m| (outlet, m, render(script, outlet, m, base())))
        })
    }

    /// Reads the text as XML to the end and returns how often each element begins.
    fn elements(text: &str) -> Result<BTreeMap<String, usize>, String> {
        let mut reader = Reader::from_str(text);
        let mut counts = BTreeMap::new();
        let mut depth = 0_i32;
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(start) => {
                    depth += 1;
                    *counts.entry(start.name().as_ref().to_owned()).or_default() += 1;
                    for attribute in start.attributes() {
                        attribute.map_err(|error| error.to_string())?;
                    }
                }
                Event::End(_) => depth -= 1,
                Event::GeneralRef(name) => {
                    let known = ["amp", "lt", "gt", "quot", "apos"].contains(&&*name);
                    if !known && !name.starts_with('#') {
                        return Err(format!("undeclared entity {}", &*name));
                    }
                }
                Event::Eof if depth == 0 => return Ok(counts),
                Event::Eof => return Err(format!("{depth} elements are open at the end")),
                _ => {}
            }
        }
    }

    fn text(response: &Response) -> String {
        let kind = response.header("content-type").unwrap();
        if kind.ends_with("iso-8859-1") {
            encoding_rs::WINDOWS_1252.decode(&response.body).0.into_owned()
        } else {
            String::from_utf8(response.body.clone()).unwrap()
        }
    }

    #[test]
    fn every_good_feed_is_well_formed_at_every_minute_and_shows_its_window() {
        let script = Script::embedded();
        let mut seen = 0;
        for (outlet, minute, response) in responses(&script) {
            if response.status != 200 {
                continue;
            }
            let shown = Scene::of(&script, outlet, minute, base()).items.len();
            let text = text(&response);
            let count = |name: &str| match elements(&text) {
                Ok(counts) => counts.get(name).copied().unwrap_or(0),
                Err(error) => panic!("{} at {minute}: {error}\n{text}", outlet.name),
            };
            match outlet.format {
                Format::Rss2 => assert_eq!((count("rss"), count("item")), (1, shown)),
                Format::Rss1 => assert_eq!((count("rdf:RDF"), count("item")), (1, shown)),
                Format::Atom => assert_eq!((count("feed"), count("entry")), (1, shown)),
                Format::JsonFeed => {
                    let feed: serde_json::Value = serde_json::from_str(&text).unwrap();
                    assert_eq!(feed["items"].as_array().unwrap().len(), shown);
                }
                Format::Damaged => continue,
            }
            assert!(shown > 0 || minute < 1, "{} shows nothing at {minute}", outlet.name);
            seen += 1;
        }
        assert_eq!(seen, 9 * 31 - 5, "nine good feeds, one with five minutes of outage");
    }

    #[test]
    fn the_damaged_feed_is_no_xml_at_any_minute() {
        let script = Script::embedded();
        let radio = script.outlet_at("radio-guadiana.xml").unwrap();
        for minute in 0..=script.minutes {
            let text = text(&render(&script, radio, minute, base()));
            assert!(elements(&text).is_err(), "minute {minute}");
            assert!(text.contains("&aacute;"), "minute {minute}");
        }
        let end = text(&render(&script, radio, 30, base()));
        assert!(end.contains("Castro Marim & Alcoutim"));
        assert!(end.contains("41 Nonember"));
        assert_eq!(end.matches("<item>").count(), end.matches("<description>").count() - 1);
        assert_eq!(end.matches("<item>").count(), end.matches("</description>").count());
    }

    #[test]
    fn the_latin_1_feed_is_not_utf_8_and_keeps_its_letters() {
        let script = Script::embedded();
        let ministry = script.outlet_at("interior.xml").unwrap();
        for minute in 0..=script.minutes {
            let response = render(&script, ministry, minute, base());
            assert!(std::str::from_utf8(&response.body).is_err(), "minute {minute}");
            let text = text(&response);
            assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>"));
            assert!(text.contains("edición en inglés"));
            assert!(!text.contains("&#"), "a letter that Latin-1 lacks: {text}");
        }
    }

    #[test]
    fn a_validator_changes_when_the_body_does_and_only_then() {
        let script = Script::embedded();
        for outlet in &script.outlets {
            let of = |minute| render(&script, outlet, minute, base());
            let mut unchanged = 0;
            for minute in 1..=script.minutes {
                let (before, now) = (of(minute - 1), of(minute));
                let same = before.body == now.body;
                for name in ["etag", "last-modified"] {
                    let kept = before.header(name) == now.header(name);
                    let given = now.header(name).is_some();
                    assert!(!given || kept == same, "{} at {minute}: {name}", outlet.name);
                }
                let conditions = Conditions {
                    if_none_match: before.header("etag").map(str::to_owned),
                    if_modified_since: before.header("last-modified").map(str::to_owned),
                };
                unchanged += usize::from(conditions.answer(now).status == 304);
            }
            let validated = outlet.validator != Validator::None;
            assert_eq!(unchanged > 0, validated, "{}: {unchanged} times 304", outlet.name);
        }
    }

    #[test]
    fn one_feed_is_new_at_every_request_though_its_items_are_not() {
        let script = Script::embedded();
        let relief = script.outlet_at("lantern.xml").unwrap();
        let bodies: std::collections::BTreeSet<_> =
            (0..=script.minutes).map(|m| render(&script, relief, m, base()).body).collect();
        assert_eq!(bodies.len(), 31);
    }

    #[test]
    fn one_feed_fails_in_two_ways_and_comes_back_with_what_was_missed() {
        let script = Script::embedded();
        let courier = script.outlet_at("kalahari-courier.xml").unwrap();
        let statuses: Vec<u16> =
            (6..=14).map(|m| render(&script, courier, m, base()).status).collect();
        assert_eq!(statuses, [200, 200, 503, 503, 503, 500, 500, 200, 200]);
        assert_eq!(render(&script, courier, 8, base()).header("retry-after"), Some("3"));
        let back = text(&render(&script, courier, 13, base()));
        assert!(back.contains(">k-05<") && back.contains(">k-06<"));
    }

    #[test]
    fn the_correction_and_the_withdrawal_come_under_the_guid_of_the_story() {
        let script = Script::embedded();
        let wire = script.outlet_at("wire.xml").unwrap();
        let item = |minute: i32, id: &str| {
            let text = text(&render(&script, wire, minute, base()));
            let guid = format!("<guid isPermaLink=\"false\">{id}</guid>");
            let item = text.split("<item>").find(|item| item.contains(&guid));
            item.map(str::to_owned)
        };
        for (minute, id, words) in [
            (6, "w-05", "rescued 12 migrants"),
            (10, "w-05", "rescued 12 migrants"),
            (11, "w-05", "rescued 14 migrants"),
            (15, "w-07", "detained the three soldiers"),
            (16, "w-07", "This story has been withdrawn"),
        ] {
            let item = item(minute, id).unwrap();
            assert!(item.contains(words), "{id} at {minute}: {item}");
        }
        assert!(!item(16, "w-07").unwrap().contains("soldiers crossed"));
        assert!(item(0, "w-01").is_some());
        assert!(item(30, "w-01").is_none(), "w-01 has left the window");
    }

    #[test]
    fn the_days_of_the_week_are_those_of_the_story() {
        let script = Script::embedded();
        let wire = script.outlet_at("wire.xml").unwrap();
        let text = text(&render(&script, wire, 3, base()));
        assert!(text.contains("said on Tuesday that 120 people tried to cross"));
        assert!(text.contains("a three-day exercise near Halden from Thursday"));
        assert!(text.contains("<pubDate>Tue, 06 May 2031 09:02:00 +0000</pubDate>"));
    }
}
