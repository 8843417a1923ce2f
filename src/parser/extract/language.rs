//! Whether a text is in a language that the codebook knows.

/// Words judged at most: the head of a text tells its language.
const WORDS_MAX: usize = 200;

/// Fewer words than this are not judged: a headline may hold no small word at all.
const WORDS_MIN: usize = 12;

/// Up to this many words, one English small word is enough.
const WORDS_FEW: usize = 30;

/// Share of English small words below which a text is foreign: English news has 0.3 to 0.5, other
/// languages in Latin script below 0.05 (words that several share, as "in" and "was", are not listed).
const ENGLISH_SHARE_MIN: f64 = 0.08;

const SMALL_WORDS: &[&str] = &[
    "the", "of", "to", "and", "that", "is", "for", "with", "as", "at", "by", "from", "have", "has",
    "had", "were", "are", "be", "been", "it", "its", "their", "they", "said", "who", "which",
    "after", "this", "not", "but", "he", "will", "than", "more", "or",
];

/// Returns whether the text is to be read as English.
///
/// A given language decides; without one, the share of small words does.
pub(super) fn is_english(given: Option<&str>, text: &str) -> bool {
    if let Some(tag) = given.map(str::trim).filter(|tag| !tag.is_empty()) {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        return ["en", "eng", "english"].iter().any(|name| primary.eq_ignore_ascii_case(name));
    }
    let (mut words, mut small) = (0_u32, 0_u32);
    let letters = |c: char| !c.is_alphabetic();
    for word in text.split(letters).filter(|word| !word.is_empty()).take(WORDS_MAX) {
        words += 1;
        small += u32::from(SMALL_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)));
    }
    if (words as usize) < WORDS_MIN {
        let foreign = text.chars().filter(|c| c.is_alphabetic() && !is_latin(*c)).count();
        return foreign * 2 <= text.chars().filter(|c| c.is_alphabetic()).count();
    }
    if (words as usize) < WORDS_FEW {
        return small > 0;
    }
    f64::from(small) >= f64::from(words) * ENGLISH_SHARE_MIN
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_told_from_others() {
        for (given, text, english) in [
            (None, "Migrants stuck at border", true),
            (Some("en-GB"), "x", true),
            (Some("fi"), "The border is closed.", false),
            (None, "The minister said on Monday that the border with Russia will be closed.", true),
            (
                None,
                "Der Minister sagte am Montag, dass die Grenze zu Polen in der Nacht geschlossen wird.",
                false,
            ),
            (None, "Граница закрыта", false),
            (None, "", true),
        ] {
            assert_eq!(is_english(given, text), english, "{text}");
        }
    }
}
