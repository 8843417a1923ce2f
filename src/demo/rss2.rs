//! RSS 2.0: a teaser in `description`, the whole in `content:encoded`.

use jiff::Timestamp;

use super::markup::{body, escape};
use super::outlet::{Body, BuildDate, Guid};
use super::scene::{Scene, Shown};

/// Returns the feed as a document in RSS 2.0.
///
/// Source: RSS 2.0 specification (RSS Advisory Board); RSS 1.0 Modules: Content.
pub fn write(scene: &Scene<'_>) -> String {
    let outlet = scene.outlet;
    let built = match outlet.build_date {
        BuildDate::LastChange => scene.changed,
        BuildDate::EachRequest => scene.now,
    };
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"{charset}\"?>\n\
         <rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n\
         <channel>\n\
         <title>{title}</title>\n\
         <link>{site}</link>\n\
         <description>Invented for a demonstration.</description>\n\
         <language>en</language>\n\
         <lastBuildDate>{built}</lastBuildDate>\n",
        charset = outlet.charset.as_str(),
        title = escape(&outlet.title),
        site = escape(&outlet.site()),
        built = date(built),
    );
    for shown in &scene.items {
        text.push_str(&item(scene, shown));
    }
    text.push_str("</channel>\n</rss>\n");
    text
}

fn item(scene: &Scene<'_>, shown: &Shown<'_>) -> String {
    let guid = match scene.outlet.guid {
        Guid::Own => {
            format!("<guid isPermaLink=\"false\">{}</guid>\n", escape(shown.id()))
        }
        Guid::None => String::new(),
    };
    format!(
        "<item>\n\
         <title>{title}</title>\n\
         <link>{link}</link>\n\
         {guid}\
         <pubDate>{published}</pubDate>\n\
         {text}\
         </item>\n",
        title = escape(&shown.title),
        link = escape(&shown.page),
        published = date(shown.published),
        text = description(scene.outlet.body, shown),
    )
}

fn description(form: Body, shown: &Shown<'_>) -> String {
    let whole = body(form, shown);
    match form {
        Body::Plain => format!("<description>{}</description>\n", escape(&whole)),
        Body::Html | Body::Xhtml => format!(
            "<description>{teaser}</description>\n\
             <content:encoded><![CDATA[{whole}]]></content:encoded>\n",
            teaser = escape(&shown.paragraphs[0]),
        ),
    }
}

/// Returns the time as RSS 2.0 writes it: RFC 822 with a year of four digits.
pub fn date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
