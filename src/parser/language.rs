//! The language of a text, by its words; what the feed declares is only a hint.

use std::collections::HashSet;
use std::sync::LazyLock;

use whatlang::{Info, Lang, Script};

/// Bytes of the text that are judged: the head of a report tells its language, and judging is slow.
const HEAD_BYTES_MAX: usize = 500;

/// Fewer words than this say little by their letters: English headlines resemble Dutch and Danish.
const WORDS_FEW: u32 = 25;

/// Fewer words than this may all be names, which say nothing.
const WORDS_MIN: u32 = 5;

/// Share of English small words from which a text is English whatever its letters are like, because
/// of foreign names: English news has 0.3 to 0.5, other languages in Latin script below 0.05.
const ENGLISH_SHARE: f64 = 0.2;

/// Small words of English, in lower case; "in", "was", "on", "a", which many languages have, stay out.
static SMALL_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "about after against amid and are as at be been before between but by can could days don \
     during each first for from had has have his how if into is it its later made more most \
     must my new next not of off only our out over people said say says she should since some \
     that the their there these they this to today two were what when where which while who why \
     will with would year years you your"
        .split(' ')
        .collect()
});

/// Words of headlines that are English alone, in lower case.
static HEADLINE_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "arrested asylum attack attacks boat boats border borders camp ceasefire claims clash \
     clashes closed closes coast crisis crossing crossings deal deaths deploys detained drone \
     drones fence fighting fire forces guard guards killed kills law leaders migrants minister \
     officials opens police pushback pushbacks refugees rescue rescued row sanctions sea seeker \
     seekers shelling soldiers state strike strikes talks threatens troops wall warns"
        .split(' ')
        .collect()
});

/// What a text's language is to the codebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Language {
    /// English, which the codebook knows.
    Known,
    /// Another, by its English name or by the tag that was declared.
    Unknown(String),
}

/// Returns the language of a text by its headline and its head.
///
/// Most feeds that are not in English declare `en`, since their software does. So the words decide;
/// `declared` (BCP 47) does where they are too few.
pub(in crate::parser) fn language(declared: Option<&str>, title: &str, head: &str) -> Language {
    let head = &head[..head.floor_char_boundary(HEAD_BYTES_MAX)];
    let title = &title[..title.floor_char_boundary(HEAD_BYTES_MAX)];
    let sample = format!("{head}\n{title}");
    let words = Words::count(&sample);
    let share = f64::from(words.small) / f64::from(words.all.max(1));
    if words.all >= WORDS_FEW && share >= ENGLISH_SHARE {
        return Language::Known;
    }
    match whatlang::detect(&sample) {
        None => by_tag(declared),
        Some(guess) if guess.script() != Script::Latin => unknown(&guess),
        Some(guess) if guess.lang() == Lang::Eng || share >= ENGLISH_SHARE => Language::Known,
        Some(guess) if words.all >= WORDS_FEW => unknown(&guess),
        Some(guess) => short(declared, &words, &guess),
    }
}

/// Decides for a headline or a line: by English words, then by its letters, then as declared.
fn short(declared: Option<&str>, words: &Words, guess: &Info) -> Language {
    let is_clear = guess.is_reliable() || words.has_marks;
    if words.english() >= if is_clear { 2 } else { 1 } {
        return Language::Known;
    }
    if is_clear || words.all >= WORDS_MIN {
        return unknown(guess);
    }
    by_tag(declared)
}

fn unknown(guess: &Info) -> Language {
    Language::Unknown(guess.lang().eng_name().to_owned())
}

/// Takes what is declared at its word; English where nothing is.
fn by_tag(declared: Option<&str>) -> Language {
    let tag = declared.map(str::trim).unwrap_or_default();
    let primary = tag.split(['-', '_']).next().unwrap_or(tag);
    let is_english = ["", "en", "eng", "english", "und", "mul"];
    if is_english.iter().any(|name| primary.eq_ignore_ascii_case(name)) {
        Language::Known
    } else {
        Language::Unknown(tag.to_owned())
    }
}

#[derive(Debug, Default)]
struct Words {
    all: u32,
    small: u32,
    of_headlines: u32,
    /// A small letter with a mark on it that English has in no word but names.
    has_marks: bool,
}

impl Words {
    fn count(sample: &str) -> Self {
        let mut words = Self::default();
        for word in sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            let lower = word.to_lowercase();
            words.all += 1;
            words.small += u32::from(SMALL_WORDS.contains(lower.as_str()));
            words.of_headlines += u32::from(HEADLINE_WORDS.contains(lower.as_str()));
            words.has_marks |= word.starts_with(char::is_lowercase) && !word.is_ascii();
        }
        words
    }

    /// Returns how many are English alone.
    fn english(&self) -> u32 {
        self.small + self.of_headlines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_told_from_other_languages() {
        let unknown = |name: &str| Language::Unknown(name.to_owned());
        let long = "Die Regierung will die Grenze zu Polen in der Nacht schließen, wie der Minister am \
                    Montag sagte. An den Übergängen warten nach seinen Worten mehrere hundert Menschen, \
                    darunter viele Familien, die seit Tagen nicht weiterkommen.";
        for (declared, title, head, want) in [
            (None, "Migrants stuck at border", "", Language::Known),
            (
                Some("de"),
                "",
                "The minister said that the border with Russia is shut.",
                Language::Known,
            ),
            (Some("fi"), "The border is closed", "", Language::Known),
            (Some("en"), "Grenze zu", long, unknown("German")),
            (Some("en-GB"), "", "Граница закрыта", unknown("Russian")),
            (None, "", "国境は閉鎖された", unknown("Japanese")),
            (Some("en"), "Straż Graniczna zatrzymała cudzoziemców", "", unknown("Polish")),
            (None, "Ceuta", "", Language::Known),
            (Some("es"), "Ceuta", "", unknown("es")),
            (None, "", "", Language::Known),
            (Some("de"), "", "1234", unknown("de")),
            (
                Some("en"),
                "",
                "Žďár nad Sázavou's mayor said that police had shut the road.",
                Language::Known,
            ),
        ] {
            assert_eq!(language(declared, title, head), want, "{declared:?} {title} {head}");
        }
    }

    #[test]
    fn a_foreign_quotation_further_down_does_not_matter() {
        let english = "Guards opened the gate on Monday and let the people go, the minister said. ";
        let text = english.repeat(8) + &"Die Grenze ist seit Montag geschlossen. ".repeat(40);
        assert_eq!(language(None, "", &text), Language::Known);
    }
}
