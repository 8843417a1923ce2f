//! Atom, with HTML or XHTML content.

use super::markup::{body, escape};
use super::outlet::Body;
use super::scene::{Scene, Shown};

/// Authority and date of the ids. RFC 4151.
const TAG: &str = "tag:demo.borderwire.invalid,2025:";

/// Returns the feed as a document in Atom.
///
/// Source: RFC 4287.
pub fn write(scene: &Scene<'_>) -> String {
    let outlet = scene.outlet;
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"{charset}\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n\
         <id>{TAG}{name}</id>\n\
         <title>{title}</title>\n\
         <subtitle>Invented for a demonstration.</subtitle>\n\
         <link rel=\"self\" href=\"{feed}\"/>\n\
         <link rel=\"alternate\" href=\"{site}\"/>\n\
         <updated>{changed}</updated>\n\
         <author><name>{title}</name></author>\n",
        charset = outlet.charset.as_str(),
        name = escape(&outlet.name),
        title = escape(&outlet.title),
        feed = escape(outlet.name_url().as_str()),
        site = escape(&outlet.site()),
        changed = scene.changed,
    );
    for shown in &scene.items {
        text.push_str(&entry(scene, shown));
    }
    text.push_str("</feed>\n");
    text
}

fn entry(scene: &Scene<'_>, shown: &Shown<'_>) -> String {
    format!(
        "<entry>\n\
         <id>{TAG}{id}</id>\n\
         <title>{title}</title>\n\
         <link rel=\"alternate\" href=\"{link}\"/>\n\
         <published>{published}</published>\n\
         <updated>{updated}</updated>\n\
         {content}\n\
         </entry>\n",
        id = escape(shown.id()),
        title = escape(&shown.title),
        link = escape(&shown.page),
        published = shown.published,
        updated = shown.updated,
        content = content(scene.outlet.body, shown),
    )
}

/// RFC 4287 §4.1.3.
fn content(form: Body, shown: &Shown<'_>) -> String {
    let text = body(form, shown);
    match form {
        Body::Plain => format!("<content type=\"text\">{}</content>", escape(&text)),
        Body::Html => format!("<content type=\"html\">{}</content>", escape(&text)),
        Body::Xhtml => format!(
            "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div></content>"
        ),
    }
}
