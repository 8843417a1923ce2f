//! RSS 2.0 as careless programs write it: HTML's entities undeclared, `&` bare, a bad date, a cut.

use super::rss2::date;
use super::scene::{Scene, Shown};
use super::script::Damage;

/// HTML's names for the letters of the story that are not ASCII.
const ENTITIES: [(char, &str); 7] = [
    ('á', "&aacute;"),
    ('ã', "&atilde;"),
    ('ç', "&ccedil;"),
    ('ê', "&ecirc;"),
    ('í', "&iacute;"),
    ('ó', "&oacute;"),
    ('ú', "&uacute;"),
];

/// Returns the feed as something that means to be RSS 2.0 and is no XML.
///
/// The mistakes are those that real feeds make: text put between tags as it stands (a bare `&`),
/// HTML's entities without a DTD, a date that is none, and a text cut to a length together with the
/// tag that would have closed it.
pub fn write(scene: &Scene<'_>) -> String {
    let outlet = scene.outlet;
    let mut text = format!(
        "<?xml version=\"1.0\"?>\n\
         <rss version=\"2.0\">\n\
         <channel>\n\
         <title>{title}</title>\n\
         <link>{site}</link>\n\
         <description>Invented for a demonstration.</description>\n\
         <language>en</language>\n",
        title = careless(&outlet.title),
        site = outlet.site(),
    );
    for shown in &scene.items {
        text.push_str(&item(shown));
    }
    text.push_str("</channel>\n</rss>\n");
    text
}

fn item(shown: &Shown<'_>) -> String {
    let published = match shown.damage() {
        Some(Damage::BadDate) => "41 Nonember, half past nine".to_owned(),
        _ => date(shown.published),
    };
    let close = match shown.damage() {
        Some(Damage::Cut) => "",
        _ => "</description>",
    };
    format!(
        "<item>\n\
         <title>{title}</title>\n\
         <link>{link}?from=feed&item={id}</link>\n\
         <guid isPermaLink=\"false\">{id}</guid>\n\
         <pubDate>{published}</pubDate>\n\
         <description>{text}{close}\n\
         </item>\n",
        title = careless(&shown.title),
        link = shown.page,
        id = shown.id(),
        text = careless(&shown.paragraphs.join("\n")),
    )
}

/// Returns the text with a hard space after each number, all that is not ASCII as HTML's entities,
/// and nothing else escaped.
fn careless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_digit = false;
    for c in text.chars() {
        match ENTITIES.iter().find(|(letter, _)| *letter == c) {
            Some((_, entity)) => out.push_str(entity),
            None if c == ' ' && after_digit => out.push_str("&nbsp;"),
            None => out.push(c),
        }
        after_digit = c.is_ascii_digit();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_entities_and_the_ampersand_stays_bare() {
        for (text, careless_text) in [
            ("Rádio & Notícias", "R&aacute;dio & Not&iacute;cias"),
            ("with 27 migrants", "with 27&nbsp;migrants"),
            ("Olhão", "Olh&atilde;o"),
        ] {
            assert_eq!(careless(text), careless_text);
        }
    }
}
