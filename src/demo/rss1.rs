//! RSS 1.0, an RDF document with Dublin Core's dates.

use super::markup::{body, escape};
use super::scene::{Scene, Shown};

/// Returns the feed as a document in RSS 1.0.
///
/// Source: RSS 1.0 (RSS-DEV Working Group, 2000); RSS 1.0 Modules: Dublin Core.
pub fn write(scene: &Scene<'_>) -> String {
    let outlet = scene.outlet;
    let listed = |shown: &Shown<'_>| format!("<rdf:li rdf:resource=\"{}\"/>\n", about(shown));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"{charset}\"?>\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n \
         xmlns=\"http://purl.org/rss/1.0/\">\n\
         <channel rdf:about=\"{feed}\">\n\
         <title>{title}</title>\n\
         <link>{site}</link>\n\
         <description>Invented for a demonstration.</description>\n\
         <dc:language>en</dc:language>\n\
         <dc:date>{changed}</dc:date>\n\
         <items>\n<rdf:Seq>\n{list}</rdf:Seq>\n</items>\n\
         </channel>\n",
        charset = outlet.charset.as_str(),
        feed = escape(outlet.name_url().as_str()),
        title = escape(&outlet.title),
        site = escape(&outlet.site()),
        changed = scene.changed,
        list = scene.items.iter().map(listed).collect::<String>(),
    );
    for shown in &scene.items {
        text.push_str(&item(scene, shown));
    }
    text.push_str("</rdf:RDF>\n");
    text
}

fn item(scene: &Scene<'_>, shown: &Shown<'_>) -> String {
    format!(
        "<item rdf:about=\"{about}\">\n\
         <title>{title}</title>\n\
         <link>{about}</link>\n\
         <dc:date>{published}</dc:date>\n\
         <description>{text}</description>\n\
         </item>\n",
        about = about(shown),
        title = escape(&shown.title),
        published = shown.published,
        text = escape(&body(scene.outlet.body, shown)),
    )
}

fn about(shown: &Shown<'_>) -> String {
    escape(&shown.page).into_owned()
}
