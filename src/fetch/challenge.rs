//! Pages that ask whether we are a person, called by their name.

use crate::capture::Capture;

/// Header fields by which a service says that its page is a challenge: name, value, service. An
/// empty value stands for any.
///
/// Source: Cloudflare "Detect a challenge page response"; AWS WAF "CAPTCHA and challenge" actions.
const MARKS: &[(&str, &str, &str)] =
    &[("cf-mitigated", "challenge", "Cloudflare"), ("x-amzn-waf-action", "", "AWS WAF")];

/// Returns who sent a challenge for people in place of a feed, `None` where the answer is none.
///
/// Asking again sooner, or under another name, does not help and is not done: the publisher has
/// to let the feed through for programs.
pub fn challenge(capture: &Capture) -> Option<&'static str> {
    MARKS.iter().find_map(|(name, value, service)| {
        let sent = capture.header(name)?.trim();
        (value.is_empty() || sent.eq_ignore_ascii_case(value)).then_some(*service)
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn challenges_are_told_from_other_answers() {
        for (header, want) in [
            (("cf-mitigated", "challenge"), Some("Cloudflare")),
            (("x-amzn-waf-action", "captcha"), Some("AWS WAF")),
            (("server", "cloudflare"), None),
        ] {
            let capture = Capture {
                url: "https://feeds.example/".parse().unwrap(),
                captured_at: Timestamp::UNIX_EPOCH,
                status: 403,
                headers: vec![(header.0.to_owned(), header.1.to_owned())],
                body: Vec::new(),
            };
            assert_eq!(challenge(&capture), want, "{header:?}");
        }
    }
}
