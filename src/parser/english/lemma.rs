//! Dictionary forms of English words by rule, and by lists of the words that break the rules.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::parser::syntax::Tag;

/// Written by `model/lemmas.py`; a line is a section's name after `#`, or one form and its base,
/// or one base that breaks the section's rule.
static LISTS: &str = include_str!("model/lemmas.txt");

/// Verbs' forms that are parts of contractions, or too irregular for lists.
const CONTRACTED: &[(&str, &str)] = &[
    ("'d", "would"),
    ("'ll", "will"),
    ("'m", "be"),
    ("'re", "be"),
    ("'s", "be"),
    ("'ve", "have"),
    ("am", "be"),
    ("are", "be"),
    ("been", "be"),
    ("being", "be"),
    ("ca", "can"),
    ("did", "do"),
    ("does", "do"),
    ("done", "do"),
    ("had", "have"),
    ("has", "have"),
    ("having", "have"),
    ("is", "be"),
    ("sha", "shall"),
    ("was", "be"),
    ("were", "be"),
    ("wo", "will"),
];

/// The lists.
pub(super) struct Lemmas {
    verbs: HashMap<&'static str, &'static str>,
    nouns: HashMap<&'static str, &'static str>,
    adjectives: HashMap<&'static str, &'static str>,
    /// Verbs and adjectives whose last letter is a silent e.
    silent: HashSet<&'static str>,
    /// Verbs and adjectives whose last consonant is doubled in the base form already.
    doubled: HashSet<&'static str>,
}

impl Lemmas {
    pub(super) fn embedded() -> Self {
        let mut lemmas = Self {
            verbs: CONTRACTED.iter().copied().collect(),
            nouns: HashMap::new(),
            adjectives: HashMap::new(),
            silent: HashSet::new(),
            doubled: HashSet::new(),
        };
        let mut section = "";
        for line in LISTS.lines() {
            if let Some(name) = line.strip_prefix("# ") {
                section = name;
                continue;
            }
            for item in line.split(' ') {
                match (section, item.split_once('=')) {
                    ("verbs", Some((form, base))) => drop(lemmas.verbs.insert(form, base)),
                    ("nouns", Some((form, base))) => drop(lemmas.nouns.insert(form, base)),
                    ("adjectives", Some((form, base))) => {
                        lemmas.adjectives.insert(form, base);
                    }
                    ("silent", None) => drop(lemmas.silent.insert(item)),
                    ("doubled", None) => drop(lemmas.doubled.insert(item)),
                    _ => {}
                }
            }
        }
        lemmas
    }

    /// Returns the base form of a word in lower case that has the tag.
    ///
    /// Names, pronouns, gerunds that are nouns and participles that are adjectives stay as they are.
    pub(super) fn base<'w>(&self, lower: &'w str, tag: Tag) -> Cow<'w, str> {
        match tag {
            Tag::VBD | Tag::VBN => self.verb(lower, |word| self.past(word)),
            Tag::VBG => self.verb(lower, |word| self.gerund(word)),
            Tag::VBZ => self.verb(lower, third_person),
            Tag::VB | Tag::VBP | Tag::MD => self.verb(lower, |_| None),
            Tag::NNS => match self.nouns.get(lower) {
                Some(base) => Cow::Borrowed(*base),
                None => singular(lower).map_or(Cow::Borrowed(lower), Cow::Owned),
            },
            Tag::JJR | Tag::JJS | Tag::RBR | Tag::RBS => match self.adjectives.get(lower) {
                Some(base) => Cow::Borrowed(*base),
                None => self.positive(lower).map_or(Cow::Borrowed(lower), Cow::Owned),
            },
            Tag::RB if lower == "n't" => Cow::Borrowed("not"),
            _ => Cow::Borrowed(lower),
        }
    }

    fn verb<'w>(&self, lower: &'w str, rule: impl Fn(&str) -> Option<String>) -> Cow<'w, str> {
        match self.verbs.get(lower) {
            Some(base) => Cow::Borrowed(*base),
            None => rule(lower).map_or(Cow::Borrowed(lower), Cow::Owned),
        }
    }

    fn past(&self, word: &str) -> Option<String> {
        let stem = word.strip_suffix("ed")?;
        match stem.strip_suffix('i') {
            Some(stem) => Some(format!("{stem}y")),
            None => self.bare(stem),
        }
    }

    fn gerund(&self, word: &str) -> Option<String> {
        self.bare(word.strip_suffix("ing")?)
    }

    fn positive(&self, word: &str) -> Option<String> {
        let stem = word.strip_suffix("er").or_else(|| word.strip_suffix("est"))?;
        match stem.strip_suffix('i') {
            Some(stem) => Some(format!("{stem}y")),
            None => self.bare(stem),
        }
    }

    /// Returns the base of what is left when -ed, -ing, -er or -est is taken off.
    fn bare(&self, stem: &str) -> Option<String> {
        if stem.len() < 2 || !stem.contains(is_vowel) {
            return None;
        }
        let silent = format!("{stem}e");
        let ends_silent = |ending: &str| stem.ends_with(ending);
        if self.silent.contains(silent.as_str()) || ["iz", "v", "dg"].into_iter().any(ends_silent) {
            return Some(silent);
        }
        let mut letters = stem.chars().rev();
        let (last, before) = (letters.next()?, letters.next()?);
        let is_doubled = last == before && !is_vowel(last) && !matches!(last, 's' | 'f' | 'z');
        let bare = if is_doubled && !self.doubled.contains(stem) {
            &stem[..stem.len() - last.len_utf8()]
        } else {
            stem
        };
        Some(bare.to_owned())
    }
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Returns the base of a verb's form in -s.
fn third_person(word: &str) -> Option<String> {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 1 && !stem.ends_with('s'))?;
    if let Some(stem) = stem.strip_suffix("ie") {
        return Some(format!("{stem}y"));
    }
    Some(
        hissing(stem)
            .or_else(|| stem.strip_suffix('e').filter(|s| s.ends_with('o')))
            .unwrap_or(stem)
            .to_owned(),
    )
}

/// Returns the singular of a plural in -s or -men.
fn singular(word: &str) -> Option<String> {
    if let Some(stem) = word.strip_suffix("men") {
        return Some(format!("{stem}man"));
    }
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 1)?;
    if stem.ends_with(['s', 'u', 'i', '\'', '.']) {
        return None;
    }
    if let Some(stem) = stem.strip_suffix("ie").filter(|stem| stem.len() > 1) {
        return Some(format!("{stem}y"));
    }
    let without_e = stem.strip_suffix('e').filter(|s| s.ends_with('o') || s.ends_with("us"));
    Some(hissing(stem).or(without_e).unwrap_or(stem).to_owned())
}

/// Takes off the e that was put between a hissing sound and -s.
fn hissing(stem: &str) -> Option<&str> {
    let stem = stem.strip_suffix('e')?;
    ["ss", "sh", "ch", "x", "zz"].into_iter().any(|end| stem.ends_with(end)).then_some(stem)
}
