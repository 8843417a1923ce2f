//! Text as it stands in XML and HTML.

use std::borrow::Cow;

use super::outlet::Body;
use super::scene::Shown;

/// Returns the text with what XML would take for markup escaped, also for an attribute.
pub fn escape(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}

/// Returns the item's text with the markup of that body; not yet escaped for what it stands in.
pub fn body(body: Body, shown: &Shown<'_>) -> String {
    match body {
        Body::Plain => shown.paragraphs.join("\n"),
        Body::Html | Body::Xhtml => paragraphs(&shown.paragraphs),
    }
}

fn paragraphs(texts: &[String]) -> String {
    texts
        .iter()
        .map(|text| format!("<p>{}</p>", quick_xml::escape::partial_escape(text.as_str())))
        .collect()
}
