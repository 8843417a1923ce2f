//! Text as it stands in XML and HTML.

use std::borrow::Cow;

use super::scene::Shown;
use super::script::Body;

/// Returns the text with what XML would take for markup escaped.
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
    texts.iter().map(|text| format!("<p>{}</p>", escape(text))).collect()
}
