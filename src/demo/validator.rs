//! Conditional requests: a validator that still holds is answered with 304.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};

use super::render::Response;

/// HTTP's own way to write a time. RFC 9110 §5.6.7.
const IMF_FIXDATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// What a request says about the response that its sender has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// `If-None-Match` as sent.
    pub if_none_match: Option<String>,
    /// `If-Modified-Since` as sent; unused beside the other.
    pub if_modified_since: Option<String>,
}

impl Conditions {
    /// Returns the response, or a 304 in its place when the sender has it already.
    ///
    /// Source: RFC 9110 §13.1 (conditions), §13.2.2 (their order), §15.4.5 (304).
    pub fn answer(&self, response: Response) -> Response {
        if response.status != 200 || !self.hold_for(&response) {
            return response;
        }
        let validators = ["etag", "last-modified"];
        let mut headers = response.headers;
        headers.retain(|(name, _)| validators.contains(&name.as_str()));
        Response { status: 304, headers, body: Vec::new() }
    }

    fn hold_for(&self, response: &Response) -> bool {
        if let Some(tags) = &self.if_none_match {
            let Some(etag) = response.header("etag") else { return false };
            return tags.split(',').map(str::trim).any(|tag| tag == "*" || weak(tag) == weak(etag));
        }
        let since = self.if_modified_since.as_deref().and_then(http_time);
        let modified = response.header("last-modified").and_then(http_time);
        matches!((since, modified), (Some(since), Some(modified)) if modified <= since)
    }
}

/// Returns the tag without its mark of weakness, which comparison for 304 ignores.
fn weak(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Returns the time as HTTP writes it, in whole seconds.
pub fn http_date(time: Timestamp) -> String {
    time.strftime(IMF_FIXDATE).to_string()
}

fn http_time(text: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime(IMF_FIXDATE, text).ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_validator_that_holds_gives_304() {
        let etag = ("etag", "\"a1\"");
        let modified = ("last-modified", "Tue, 06 May 2031 09:00:00 GMT");
        let earlier = "Tue, 06 May 2031 08:59:59 GMT";
        for (given, none_match, since, status) in [
            (vec![etag], Some("\"a1\""), None, 304),
            (vec![etag], Some("\"b2\", W/\"a1\""), None, 304),
            (vec![etag], Some("*"), None, 304),
            (vec![etag], Some("\"b2\""), None, 200),
            (vec![etag], None, Some(modified.1), 200),
            (vec![modified], None, Some(modified.1), 304),
            (vec![modified], None, Some(earlier), 200),
            (vec![modified], None, Some("yesterday"), 200),
            (vec![modified], Some("\"a1\""), Some(modified.1), 200),
            (vec![etag, modified], Some("\"b2\""), Some(modified.1), 200),
            (vec![etag, modified], Some("\"a1\""), Some(earlier), 304),
            (vec![], Some("\"a1\""), Some(modified.1), 200),
            (vec![etag], None, None, 200),
        ] {
            let headers = given.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
            let response = Response { status: 200, headers, body: b"feed".to_vec() };
            let conditions = Conditions {
                if_none_match: none_match.map(str::to_owned),
                if_modified_since: since.map(str::to_owned),
            };
            let answer = conditions.answer(response);
            assert_eq!(answer.status, status, "{given:?} {conditions:?}");
            assert_eq!(answer.body.is_empty(), status == 304);
        }
    }

    #[test]
    fn a_time_written_for_http_is_read_as_the_same() {
        let time: Timestamp = "2031-05-06T09:00:00Z".parse().unwrap();
        assert_eq!(http_time(&http_date(time)), Some(time));
    }
}
