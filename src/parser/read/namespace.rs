//! What a prefix means: the handful of vocabularies that feeds are written in.

use crate::parser::scan::Tag;

/// Declarations that are in force at once; those that say what is known anyhow do not count.
const DECLARED_MAX: usize = 64;

/// A vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// RSS of any version, Atom of any version, CDF, or none: the feed's own elements.
    Feed,
    /// Atom's elements in a feed of another kind.
    Atom,
    /// `dc:`
    DublinCore,
    /// `dcterms:`
    Terms,
    /// `content:`
    Content,
    /// `sy:`
    Syndication,
    /// `rdf:`
    Rdf,
    /// `itunes:`
    Itunes,
    /// `media:`
    Media,
    /// `xhtml:`
    Xhtml,
    /// `xml:`, and whatever nobody here reads.
    Other,
}

/// Returns the vocabulary of that name, `None` when it is unknown.
///
/// Versions, a trailing slash, `https` and upper case make no difference: feeds have them all.
fn of_uri(uri: &str) -> Option<Namespace> {
    const KNOWN: &[(&str, Namespace)] = &[
        ("www.w3.org/2005/atom", Namespace::Atom),
        ("purl.org/atom/", Namespace::Atom),
        ("purl.org/rss/1.0/modules/content", Namespace::Content),
        ("purl.org/rss/1.0/modules/syndication", Namespace::Syndication),
        ("purl.org/rss/1.0/modules/", Namespace::Other),
        ("purl.org/rss/", Namespace::Feed),
        ("purl.org/net/rss1.1", Namespace::Feed),
        ("my.netscape.com/", Namespace::Feed),
        ("channel.netscape.com/", Namespace::Feed),
        ("backend.userland.com/", Namespace::Feed),
        ("blogs.law.harvard.edu/", Namespace::Feed),
        ("cyber.harvard.edu/", Namespace::Feed),
        ("www.rssboard.org/", Namespace::Feed),
        ("www.w3.org/1999/02/22-rdf-syntax-ns", Namespace::Rdf),
        ("purl.org/dc/elements/", Namespace::DublinCore),
        ("purl.org/dc/terms", Namespace::Terms),
        ("www.itunes.com/dtds/podcast", Namespace::Itunes),
        ("itunes.com/dtds/podcast", Namespace::Itunes),
        ("search.yahoo.com/mrss", Namespace::Media),
        ("www.w3.org/1999/xhtml", Namespace::Xhtml),
    ];
    let uri = uri.trim().to_ascii_lowercase();
    let uri = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    KNOWN.iter().find(|(known, _)| uri.starts_with(known)).map(|(_, namespace)| *namespace)
}

/// Returns what that prefix means in nearly every feed, declared or not.
fn of_prefix(prefix: &str) -> Option<Namespace> {
    Some(match prefix {
        "" | "rss" => Namespace::Feed,
        "atom" | "atom10" | "a10" => Namespace::Atom,
        "dc" => Namespace::DublinCore,
        "dcterms" | "dct" => Namespace::Terms,
        "content" => Namespace::Content,
        "sy" => Namespace::Syndication,
        "rdf" => Namespace::Rdf,
        "itunes" => Namespace::Itunes,
        "media" | "mrss" => Namespace::Media,
        "xhtml" => Namespace::Xhtml,
        _ => return None,
    })
}

/// The declarations in force.
#[derive(Debug, Default)]
pub struct Namespaces<'a> {
    /// Depth, prefix, meaning.
    declared: Vec<(usize, &'a str, Namespace)>,
    /// Whether a well-known prefix was used without being declared by anybody.
    pub undeclared: Option<&'a str>,
    /// Prefixes that were declared as what they mean anyhow.
    usual: Vec<&'a str>,
}

impl<'a> Namespaces<'a> {
    /// Takes in what the tag declares for itself and all that is in it, at that depth.
    ///
    /// `outermost` tells a root or channel: an unknown default namespace there is a new name for
    /// the feed's own vocabulary; further in it is somebody else's.
    pub fn enter(&mut self, tag: &Tag<'a>, depth: usize, outermost: Outermost) {
        if !tag.mentions("xmlns") {
            return;
        }
        let root_prefix = tag.name.split_once(':').map_or("", |(prefix, _)| prefix);
        for (name, uri) in tag.attributes() {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => rest.strip_prefix(':').unwrap_or_default(),
                None => continue,
            };
            let own = outermost == Outermost::Yes && prefix == root_prefix;
            let meaning = match of_uri(uri) {
                Some(Namespace::Atom) if prefix.is_empty() || own => Namespace::Feed,
                Some(meaning) => meaning,
                None if uri.trim().is_empty() || own => Namespace::Feed,
                None => Namespace::Other,
            };
            if of_prefix(prefix) == Some(meaning) && !self.is_shadowed(prefix) {
                if self.usual.len() < DECLARED_MAX && !self.usual.contains(&prefix) {
                    self.usual.push(prefix);
                }
            } else if self.declared.len() < DECLARED_MAX {
                self.declared.push((depth, prefix, meaning));
            }
        }
    }

    /// Forgets what was declared at that depth or further in.
    pub fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|(at, ..)| *at >= depth) {
            self.declared.pop();
        }
    }

    /// Returns the vocabulary and the local name of an element or attribute.
    pub fn resolve(&mut self, name: &'a str) -> (Namespace, &'a str) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if let Some((.., meaning)) = self.declared.iter().rev().find(|(_, p, _)| *p == prefix) {
            return (*meaning, local);
        }
        let meaning = of_prefix(prefix).or_else(|| of_prefix(&prefix.to_ascii_lowercase()));
        if !prefix.is_empty() && meaning.is_some() && !self.usual.contains(&prefix) {
            self.undeclared.get_or_insert(prefix);
        }
        (meaning.unwrap_or(Namespace::Other), local)
    }

    fn is_shadowed(&self, prefix: &str) -> bool {
        self.declared.iter().any(|(_, p, _)| *p == prefix)
    }
}

/// Whether a tag is a root or a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outermost {
    /// It is.
    Yes,
    /// It stands further in.
    No,
}
