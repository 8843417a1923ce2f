//! Relative addresses to absolute ones.

use std::borrow::Cow;

use url::Url;

/// Returns the address that the text names, absolute; `None` when it names none that a page can
/// have.
///
/// An absolute address stays as written, since it may be somebody's identity. Blanks and line
/// breaks around and inside of it go.
pub fn absolute(text: &str, base: Option<&Url>) -> Option<String> {
    let text = text.trim();
    let text = if text.contains(['\n', '\r', '\t']) {
        Cow::Owned(text.replace(['\n', '\r', '\t'], ""))
    } else {
        Cow::Borrowed(text)
    };
    if text.is_empty() {
        return None;
    }
    match Url::parse(&text) {
        Ok(url) if is_page(&url) => Some(text.into_owned()),
        Ok(_) => None,
        Err(_) if text.starts_with("www.") => Some(format!("http://{text}")),
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            Some(base?.join(&text).ok().filter(is_page)?.into())
        }
        Err(_) => None,
    }
}

/// Returns the base that stands inside of another.
pub fn base(text: &str, outer: Option<&Url>) -> Option<Url> {
    let text = text.trim();
    let url = match outer {
        Some(outer) => outer.join(text),
        None => Url::parse(text),
    };
    url.ok().filter(|url| is_page(url) && !url.cannot_be_a_base())
}

/// Returns whether somebody could open it: no scripts, no data, no files of this machine.
fn is_page(url: &Url) -> bool {
    !matches!(url.scheme(), "javascript" | "vbscript" | "data" | "file" | "about" | "blob")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_absolute() {
        let base = Url::parse("http://example.org/news/feed.xml").unwrap();
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(absolute(text, Some(&base)).as_deref(), expected, "{text}");
        };
        check("http://example.ORG", Some("http://example.ORG"));
        check(" \n/a ", Some("http://example.org/a"));
        check("a?b=1", Some("http://example.org/news/a?b=1"));
        check("//cdn.example.org/x", Some("http://cdn.example.org/x"));
        check("www.example.org/x", Some("http://www.example.org/x"));
        check("https://example.org/\na", Some("https://example.org/a"));
        check("javascript:alert(1)", None);
        check("", None);
        check("http://[", None);
        assert_eq!(absolute("/a", None), None);
    }
}
