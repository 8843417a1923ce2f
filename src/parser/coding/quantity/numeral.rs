//! Numbers in digits and words, with the words around them that bound them.

use crate::parser::Modifier;
use crate::parser::codebook::{Measures, NumberWords, Phrase};
use crate::parser::coding::pieces::{Make, Pieces};
use crate::parser::syntax::{Sentence, Tag};

/// Words between a number and its bound: "at least a further 40".
const NEUTRAL_MAX: usize = 3;

/// Words of a number: "nine hundred and ninety-nine thousand nine hundred and ninety-nine" has ten.
const WORDS_MAX: usize = 16;

/// Nothing here is counted beyond, save money.
const VALUE_MAX: f64 = 1e15;

/// A number and where it stands, in pieces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Numeral {
    /// With the words that bound it.
    pub(super) start: usize,
    /// The number itself.
    pub(super) first: usize,
    /// The piece after it.
    pub(super) end: usize,
    /// The piece after the words behind that bound it.
    pub(super) after: usize,
    pub(super) value: f64,
    pub(super) modifier: Modifier,
    /// A currency's sign stands before it.
    pub(super) is_money: bool,
    pub(super) is_digits: bool,
    /// "Seventh": it counts up to this one.
    pub(super) is_ordinal: bool,
}

/// A number without its bounds.
#[derive(Clone, Copy, Debug)]
struct Plain {
    value: f64,
    end: usize,
    modifier: Modifier,
    /// The factor of its last scale, to be shared with the number before a "to".
    scale: f64,
}

/// Reads numbers in the pieces of one sentence.
pub(super) struct Reader<'a, 't> {
    pub(super) sentence: &'a Sentence<'t>,
    pub(super) pieces: &'a Pieces<'t>,
    pub(super) measures: &'a Measures,
}

impl Reader<'_, '_> {
    fn words(&self) -> &NumberWords {
        &self.measures.number
    }

    fn is(&self, word: &str, at: usize) -> bool {
        self.pieces.lower(at) == word
    }

    fn tag(&self, at: usize) -> Tag {
        let piece = self.pieces.get(at);
        piece.map_or(Tag::Stop, |piece| self.sentence.tokens[piece.token].tag)
    }

    /// Reads the number that starts at the piece; no word before `free` bounds it.
    pub(super) fn read(&self, free: usize, at: usize) -> Option<Numeral> {
        if self.is_in_word(at) {
            return None;
        }
        let (plain, is_ordinal) = match self.ordinal(at) {
            Some(plain) => (plain, true),
            None => (self.part(at).or_else(|| self.range(at))?, false),
        };
        if !(plain.value > 0.0 && plain.value <= VALUE_MAX) {
            return None;
        }
        let (first, is_money) = self.currency(free, at);
        let (start, before) = self.bound_before(free, first);
        let (after, behind) = self.bound_behind(plain.end);
        Some(Numeral {
            start,
            first,
            end: plain.end,
            after,
            value: plain.value,
            modifier: before.or(behind).unwrap_or(plain.modifier),
            is_money,
            is_digits: self.pieces.is_number(at),
            is_ordinal,
        })
    }

    /// Returns whether the piece is a part of a name or code: "G7", "Mi-24", "F-16s".
    fn is_in_word(&self, at: usize) -> bool {
        let is_code = |at: usize| {
            self.pieces.is_word(at)
                && !self.measures.unit.currencies.contains(self.pieces.lower(at))
        };
        let is_number = self.pieces.is_number(at);
        let glued = at > 0 && self.pieces.is_glued(at);
        glued
            && (is_number && is_code(at - 1)
                || matches!(
                    self.pieces.lower(at - 1),
                    "/" | "#" | ":" | "." | "°" | "+" | "@" | "_"
                )
                || self.is("-", at - 1)
                    && at >= 2
                    && self.pieces.is_glued(at - 1)
                    && (is_number && is_code(at - 2) || self.pieces.is_number(at - 2)))
    }

    /// "Half of the 8,000", "two thirds of the 900", "half the 300".
    fn part(&self, at: usize) -> Option<Plain> {
        let words = self.words();
        let (share, mut end) = if let Some(share) = words.fractions.get(self.pieces.lower(at)) {
            (*share, at + 1)
        } else {
            let (count, end) = match words.words.get(self.pieces.lower(at)) {
                Some(count) => (*count, at + 1),
                None if self.is("a", at) => (1.0, at + 1),
                None => return None,
            };
            let end = end + usize::from(self.is("-", end));
            let share = words.fractions.get(self.pieces.lower(end))?;
            (count * share, end + 1)
        };
        let is_of = self.is("of", end);
        end += usize::from(is_of);
        let has_article =
            matches!(self.pieces.lower(end), "the" | "those" | "these" | "all" | "its" | "their");
        end += usize::from(has_article);
        end += usize::from(matches!(
            self.pieces.lower(end),
            "estimated" | "some" | "about" | "nearly"
        ));
        if !has_article {
            return None;
        }
        let whole = self.plain(end)?;
        let value = (share * whole.value).round();
        Some(Plain { value, modifier: Modifier::About, ..whole })
    }

    /// "20 to 30 thousand", "between 30 and 40", "two or three": the lower end, at least.
    fn range(&self, at: usize) -> Option<Plain> {
        let low = self.plain(at)?;
        let link = self.pieces.lower(low.end);
        let before = self.pieces.before(at, 1);
        let is_link = match link {
            "to" => before != "from",
            "-" => true,
            "or" => true,
            "and" => before == "between",
            _ => false,
        };
        let Some(high) = is_link.then(|| self.plain(low.end + 1)).flatten() else {
            return Some(low);
        };
        // "20 to 30 thousand" scales both.
        let shared = if high.scale > 1.0 && low.scale == 1.0 && low.value < high.value / high.scale
        {
            low.value * high.scale
        } else {
            low.value
        };
        if high.value <= shared || link == "or" && high.value > 3.0 * shared {
            return Some(low);
        }
        Some(Plain { value: shared, end: high.end, modifier: Modifier::AtLeast, scale: high.scale })
    }

    /// "The seventh person to die": the pieces behind tell whether it counts.
    fn ordinal(&self, at: usize) -> Option<Plain> {
        let words = self.words();
        let plain = |value, end| Plain { value, end, modifier: Modifier::Exact, scale: 1.0 };
        if let Some(value) = words.ordinals.get(self.pieces.lower(at)) {
            return (*value > 1.0).then(|| plain(*value, at + 1));
        }
        let is_ordinal = self.pieces.is_number(at)
            && self.pieces.is_glued(at + 1)
            && words.ordinal_ends.contains(self.pieces.lower(at + 1));
        is_ordinal.then(|| Some(plain(digits(self.pieces.lower(at))?, at + 2))).flatten()
    }

    fn plain(&self, at: usize) -> Option<Plain> {
        self.in_digits(at).or_else(|| self.plural(at)).or_else(|| self.in_words(at))
    }

    /// "3,000", "1.5 million", "350m", "10 000".
    fn in_digits(&self, at: usize) -> Option<Plain> {
        let piece = self.pieces.get(at).filter(|piece| piece.make == Make::Number)?;
        let mut value = digits(piece.text)?;
        let mut end = at + 1;
        // A narrow space or none may part thousands: "10 000".
        while self.pieces.get(end).is_some_and(|next| next.text == "000" && !next.is_glued)
            && piece.text.len() <= 3
        {
            value *= 1000.0;
            end += 1;
        }
        let glued = self.pieces.is_glued(end);
        if let Some(scale) = self.words().short_scales.get(self.pieces.lower(end))
            && (glued || self.pieces.lower(end).len() > 1)
            && !self.is_metres(at, end)
        {
            return Some(Plain {
                value: thousandths(value * scale),
                end: end + 1,
                modifier: Modifier::Exact,
                scale: *scale,
            });
        }
        let (value, end, scale) = self.scaled(value, end);
        // "18s", "90s", "4x4".
        if scale == 1.0 && self.pieces.is_glued(end) && self.is_glued_end(end) {
            return None;
        }
        Some(Plain { value, end, modifier: Modifier::Exact, scale })
    }

    /// "A 5m fence", "100m from the border" are metres; "€5m" and "1.5m people" are not.
    fn is_metres(&self, at: usize, m: usize) -> bool {
        let has_currency =
            at > 0 && self.measures.unit.currencies.contains(self.pieces.lower(at - 1));
        let next = m + 1 + usize::from(self.is("-", m + 1));
        self.is("m", m)
            && !has_currency
            && (self.words().metres.contains(self.pieces.lower(next))
                || self.is("-", m - 1)
                || digits(self.pieces.lower(at)).is_some_and(|value| value >= 200.0))
    }

    fn is_glued_end(&self, at: usize) -> bool {
        self.pieces.is_word(at) && !matches!(self.pieces.lower(at), "km" | "kms" | "'s")
            || matches!(self.pieces.lower(at), "%" | "°" | "/" | ":")
    }

    /// Multiplies by the scales that follow: "million", "hundred thousand".
    fn scaled(&self, value: f64, at: usize) -> (f64, usize, f64) {
        let (mut value, mut end, mut scale) = (value, at, 1.0);
        for _ in 0..3 {
            let next = end + usize::from(self.is("-", end));
            let Some(by) = self.scale(next) else { break };
            // "4.1 million" is no 4,099,999.9999999995: nobody counts in finer parts than thousandths.
            value = thousandths(value * by);
            scale *= by;
            end = next + 1;
        }
        (value, end, scale)
    }

    fn scale(&self, at: usize) -> Option<f64> {
        let word = self.pieces.lower(at);
        let scales = &self.words().scales;
        scales.get(word).copied()
    }

    /// "Hundreds", "tens of thousands", "dozens", "hundreds of thousands".
    fn plural(&self, at: usize) -> Option<Plain> {
        let plurals = &self.words().plurals;
        let mut value = *plurals.get(self.pieces.lower(at))?;
        if matches!(self.tag(at), Tag::VBZ) {
            return None;
        }
        let mut end = at + 1;
        if self.is("of", end)
            && let Some(scale) =
                plurals.get(self.pieces.lower(end + 1)).filter(|scale| **scale >= 100.0)
        {
            value *= scale;
            end += 2;
        } else if self.is("tens", at) {
            return None;
        }
        Some(Plain { value, end, modifier: Modifier::AtLeast, scale: 1.0 })
    }

    /// "Twenty-five", "two thousand three hundred and ten", "half a million", "several dozen".
    fn in_words(&self, at: usize) -> Option<Plain> {
        if let Some(plain) = self.article(at) {
            return Some(plain);
        }
        let numbers = &self.words().words;
        let (mut total, mut part) = (0.0, *numbers.get(self.pieces.lower(at))?);
        let mut end = at + 1;
        let mut scale = 1.0;
        for _ in 0..WORDS_MAX {
            let next = end + usize::from(self.is("-", end));
            if let Some(ones) = numbers.get(self.pieces.lower(next))
                && part % 100.0 >= 20.0
                && part % 10.0 == 0.0
                && (1.0..10.0).contains(ones)
            {
                part += ones;
                end = next + 1;
            } else if let Some(by) = self.scale(next) {
                scale = by;
                if by == 100.0 || by == 12.0 || by == 20.0 {
                    part *= by;
                } else {
                    total = (total + part) * by;
                    part = 0.0;
                }
                end = next + 1;
            } else if self.is("and", end)
                && self.is("a", end + 1)
                && self.is("half", end + 2)
                && self.scale(end + 3).is_some()
            {
                part += 0.5;
                end += 3;
            } else {
                let next = end + usize::from(self.is("and", end));
                let Some(more) = numbers.get(self.pieces.lower(next)) else { break };
                if *more >= scale || scale == 1.0 || part > 0.0 && part % 100.0 != 0.0 {
                    break;
                }
                part += more;
                end = next + 1;
            }
        }
        Some(Plain { value: thousandths(total + part), end, modifier: Modifier::Exact, scale })
    }

    /// "A hundred", "half a million", "half a dozen", "a couple", "several thousand".
    fn article(&self, at: usize) -> Option<Plain> {
        let exact = |value, end| Some(Plain { value, end, modifier: Modifier::Exact, scale: 1.0 });
        let dash = |at: usize| at + usize::from(self.is("-", at));
        match self.pieces.lower(at) {
            "half" => {
                let next = dash(at + 1);
                if !matches!(self.pieces.lower(next), "a" | "an") {
                    return None;
                }
                let end = dash(next + 1);
                match self.scale(end) {
                    Some(scale) => exact(0.5 * scale, end + 1),
                    // "Half a mile".
                    None => exact(0.5, next + 1),
                }
            }
            "a" | "one" if matches!(self.pieces.lower(at + 1), "couple" | "pair") => {
                let end = at + 2 + usize::from(self.is("of", at + 2));
                exact(2.0, end).map(|plain| Plain { modifier: Modifier::About, ..plain })
            }
            "a" | "an" => {
                let few = usize::from(self.is("few", at + 1));
                let scale = self.scale(at + 1 + few)?;
                let (value, end, _) = self.scaled(scale, at + 2 + few);
                if few == 1 {
                    return self.many(scale, end);
                }
                // "A million and a half" stays a million; "a hundred and fifty" does not stay a hundred.
                let next = end + usize::from(self.is("and", end));
                match self.words().words.get(self.pieces.lower(next)) {
                    Some(more) if next > end && *more < scale && scale >= 100.0 => {
                        exact(value + more, next + 1)
                    }
                    _ => exact(value, end),
                }
            }
            "several" | "many" => {
                let scale = self.scale(at + 1)?;
                self.many(scale, at + 2)
            }
            _ => None,
        }
    }

    /// "Several dozen" is what "dozens" is.
    fn many(&self, scale: f64, end: usize) -> Option<Plain> {
        let (value, end, _) = self.scaled(if scale == 12.0 { 24.0 } else { scale }, end);
        Some(Plain { value, end, modifier: Modifier::AtLeast, scale: 1.0 })
    }

    /// Returns the first piece with the currency's sign, and whether there is one.
    fn currency(&self, free: usize, at: usize) -> (usize, bool) {
        let currencies = &self.measures.unit.currencies;
        let is_sign = |at: usize| currencies.contains(self.pieces.lower(at));
        if at <= free || !is_sign(at - 1) {
            return (at, false);
        }
        let mut first = at - 1;
        // "US$", "A$".
        if first > free
            && self.pieces.is_glued(first)
            && self.pieces.is_word(first - 1)
            && self.pieces.lower(first - 1).len() <= 3
        {
            first -= 1;
        }
        (first, true)
    }

    /// Reads the words before a number that bound it.
    fn bound_before(&self, free: usize, first: usize) -> (usize, Option<Modifier>) {
        let words = self.words();
        let lists: [(&[Phrase], Modifier); 3] = [
            (&words.about, Modifier::About),
            (&words.at_least, Modifier::AtLeast),
            (&words.at_most, Modifier::AtMost),
        ];
        let mut at = first;
        for step in 0..=NEUTRAL_MAX {
            let longest = lists
                .iter()
                .filter_map(|(list, modifier)| {
                    let ends = |phrase: &&Phrase| {
                        at >= free + phrase.len() && self.pieces.ends_with(at, phrase)
                    };
                    Some((list.iter().find(ends)?.len(), *modifier))
                })
                .max_by_key(|(length, _)| *length);
            if let Some((length, modifier)) = longest {
                // "Handed over 40 people" is no bound.
                if self.tag(at - length) != Tag::RP {
                    return (at - length, Some(modifier));
                }
                break;
            }
            let word = if at > free { self.pieces.lower(at - 1) } else { "" };
            let is_total =
                word == "of" && matches!(self.pieces.before(at, 2), "total" | "record" | "high");
            if step == NEUTRAL_MAX || !words.neutral.contains(word) || word == "of" && !is_total {
                break;
            }
            at -= 1;
        }
        (first, None)
    }

    fn bound_behind(&self, end: usize) -> (usize, Option<Modifier>) {
        let words = self.words();
        for (list, modifier) in [
            (&words.about_behind, Modifier::About),
            (&words.at_least_behind, Modifier::AtLeast),
            (&words.at_most_behind, Modifier::AtMost),
        ] {
            if let Some(phrase) = list.iter().find(|phrase| self.pieces.starts_with(end, phrase)) {
                return (end + phrase.len(), Some(modifier));
            }
        }
        (end, None)
    }
}

/// Reads digits with commas by threes; `None` for what is no such number ("12.11.2021", "1,2").
fn digits(text: &str) -> Option<f64> {
    let whole = text.split('.').next().unwrap_or(text);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let by_threes = groups.clone().all(|group| group.len() == 3) && first.len() <= 3;
    // Indian lakhs: "1,50,000".
    let by_twos = groups.clone().count() >= 2 && groups.all(|group| matches!(group.len(), 2 | 3));
    let is_code = first.len() > 1 && first.starts_with('0');
    if whole.contains(',') && !by_threes && !by_twos || text.len() > 20 || is_code {
        return None;
    }
    text.replace(',', "").parse().ok().filter(|value: &f64| value.is_finite())
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_have_commas_by_threes() {
        for (text, want) in [
            ("3,000", Some(3000.0)),
            ("1.5", Some(1.5)),
            ("1,50,000", Some(150_000.0)),
            ("1,2", None),
            ("0800", None),
            ("0.5", Some(0.5)),
            ("12.11.2021", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(digits(text), want, "{text}");
        }
    }
}
