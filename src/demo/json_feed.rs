//! JSON Feed 1.1.

use serde_json::{Value, json};

use super::markup::body;
use super::scene::{Scene, Shown};

/// Returns the feed as a document in JSON Feed 1.1.
///
/// Source: jsonfeed.org, version 1.1.
pub fn write(scene: &Scene<'_>) -> String {
    let outlet = scene.outlet;
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": outlet.site(),
        "feed_url": outlet.name_url().as_str(),
        "description": "Invented for a demonstration.",
        "language": "en",
        "authors": [{ "name": outlet.title }],
        "items": scene.items.iter().map(|shown| item(scene, shown)).collect::<Vec<_>>(),
    });
    format!("{feed:#}\n")
}

fn item(scene: &Scene<'_>, shown: &Shown<'_>) -> Value {
    let mut item = json!({
        "id": shown.id(),
        "url": shown.page,
        "title": shown.title,
        "summary": shown.paragraphs[0],
        "content_html": body(scene.outlet.body, shown),
        "date_published": shown.published.to_string(),
    });
    if shown.updated != shown.published {
        item["date_modified"] = json!(shown.updated.to_string());
    }
    item
}
