//! Quantities: numbers in digits and words, with their bounds and what they count.

use super::analysis::Analysis;
use crate::parser::codebook::{Codebook, Sort};
use crate::parser::{Modifier, Quantity, Unit};

/// Kilometres of an international mile.
const KM_PER_MILE: f64 = 1.609_344;

/// Words after a number within which the thing counted is looked for.
const REACH: usize = 6;

/// A quantity and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Count {
    /// Tokens of the number itself.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quantity: Quantity,
    /// The unit comes from the noun that follows, and is not just supposed.
    pub(super) is_named: bool,
}

/// Returns the quantities of the sentence in order.
pub(super) fn counts(codebook: &Codebook, sentence: &Analysis<'_>) -> Vec<Count> {
    let mut counts = Vec::new();
    let mut at = 0;
    while at < sentence.len() {
        match number(codebook, sentence, at) {
            None => at += 1,
            Some((value, modifier, end)) => {
                if let Some(count) = count(codebook, sentence, at, end, value, modifier) {
                    counts.push(count);
                }
                at = end;
            }
        }
    }
    counts
}

/// Returns value, bound, and the token after the number that starts here.
fn number(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    at: usize,
) -> Option<(f64, Modifier, usize)> {
    let words = &codebook.words;
    let (mut value, mut end, mut modifier) = simple(codebook, sentence, at)?;
    // "20,000 to 30,000", "50-60": the lower end stands for the range.
    let joins = |word: &str| matches!(word, "to" | "-" | "–" | "or");
    if sentence.word(end).is_some_and(joins)
        && let Some((upper, after, _)) = simple(codebook, sentence, end + 1)
        && upper > value
    {
        // "20 to 30 thousand" scales both.
        if upper >= 1000.0
            && value < 1000.0
            && sentence.word(after - 1).is_some_and(|w| words.scales.contains_key(w))
        {
            value *= words.scales[sentence.word(after - 1).unwrap_or_default()];
        }
        end = after;
        modifier = Modifier::About;
    }
    if let Some((phrase, bound)) =
        words.bounds.iter().find(|(phrase, _)| sentence.ends_with(at, phrase))
        && !(phrase.len() == 1 && phrase[0] == "over" && modifier == Modifier::AtLeast)
    {
        modifier = *bound;
    }
    Some((value, modifier, end))
}

/// One number without bounds: digits, words, scales, "dozens", "a hundred".
fn simple(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    at: usize,
) -> Option<(f64, usize, Modifier)> {
    let words = &codebook.words;
    let word = sentence.word(at)?;
    if let Some(value) = words.vague.get(word) {
        return Some((*value, at + 1, Modifier::AtLeast));
    }
    let mut end = at + 1;
    let mut value = if sentence.tokens[at].is_digits() {
        word.replace(',', "").parse::<f64>().ok()?
    } else if let Some(value) = written(codebook, word) {
        value
    } else if word == "tens" && sentence.word(at + 1) == Some("of") {
        return match sentence.word(at + 2)? {
            "thousands" => Some((10_000.0, at + 3, Modifier::AtLeast)),
            _ => Some((10.0, at + 1, Modifier::AtLeast)),
        };
    } else if word == "hundreds" && sentence.word(at + 1) == Some("of") {
        return None;
    } else if matches!(word, "a" | "half") {
        // "a hundred", "a dozen", "half a million".
        let skip = if word == "half" && sentence.word(at + 1) == Some("a") { 2 } else { 1 };
        let scale = words.scales.get(sentence.word(at + skip)?)?;
        if sentence.word(at + skip)?.len() < 3 || word == "half" && skip == 1 {
            return None;
        }
        let half = if word == "half" { 0.5 } else { 1.0 };
        return Some((half * scale, at + skip + 1, Modifier::Exact));
    } else {
        return None;
    };
    while let Some(scale) = sentence.word(end).and_then(|word| words.scales.get(word)) {
        // "5 m" with a space is metres.
        if sentence.tokens[end].text.len() <= 2
            && sentence.tokens[end].start != sentence.tokens[end - 1].end
        {
            break;
        }
        // "4.1 million" is no 4,099,999.9999999995: nobody counts in finer parts than thousandths.
        value = (value * scale * 1000.0).round() / 1000.0;
        end += 1;
        // "one hundred and fifty", "two thousand three hundred": what follows is added.
        let next = if sentence.word(end) == Some("and") { end + 1 } else { end };
        if let Some(more) = sentence.word(next).and_then(|word| written(codebook, word))
            && more < *scale
            && !sentence.tokens[at].is_digits()
        {
            value += more;
            end = next + 1;
        }
    }
    value.is_finite().then_some((value, end, Modifier::Exact))
}

fn written(codebook: &Codebook, word: &str) -> Option<f64> {
    let numbers = &codebook.words.numbers;
    if let Some(value) = numbers.get(word) {
        return Some(*value);
    }
    let (tens, ones) = word.split_once('-')?;
    Some(numbers.get(tens)? + numbers.get(ones)?)
}

/// Decides what the number counts; `None` when it is a date, a time, an age, a share.
fn count(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    start: usize,
    end: usize,
    value: f64,
    modifier: Modifier,
) -> Option<Count> {
    let words = &codebook.words;
    let before = start.checked_sub(1).and_then(|i| sentence.word(i)).unwrap_or("");
    let next = sentence.word(end).unwrap_or("");
    if sentence.dates.iter().any(|date| date.start < end && start < date.end) {
        return None;
    }
    let money = matches!(before, "$" | "€" | "£");
    if money || words.units.get(next) == Some(&Unit::Money) {
        let quantity = Quantity { value, unit: Unit::Money, modifier };
        return Some(Count { start, end, quantity, is_named: true });
    }
    let no_count = [
        "%",
        "percent",
        "per",
        "years",
        "year",
        "year-old",
        "years-old",
        "am",
        "pm",
        "a.m.",
        "p.m.",
        "th",
        "st",
        "nd",
        "rd",
        "hours",
        "hour",
        "minutes",
        "months",
        "month",
        "weeks",
        "week",
        ":",
        "metres",
        "meters",
        "feet",
        "ft",
        "degrees",
    ];
    if no_count.contains(&next)
        || next == "-"
            && !matches!(
                sentence.word(end + 1),
                Some("km" | "kilometre" | "kilometer" | "mile" | "strong")
            )
    {
        return None;
    }
    if matches!(
        before,
        "aged" | "age" | "covid" | "article" | "title" | "section" | "no" | "route" | ":"
    ) {
        return None;
    }
    let year = (1000.0..2100.0).contains(&value)
        && !sentence.tokens[start].text.contains(',')
        && end == start + 1;
    if year
        && matches!(
            before,
            "in" | "since"
                | "of"
                | "by"
                | ","
                | "until"
                | "from"
                | "after"
                | "early"
                | "late"
                | "mid"
        )
    {
        return None;
    }
    // The first known noun after it, across adjectives and "of the".
    let mut at = end;
    while at < sentence.len().min(end + REACH) {
        let word = sentence.word(at).unwrap_or("");
        if words.miles.contains(word) {
            let quantity = Quantity { value: value * KM_PER_MILE, unit: Unit::Km, modifier };
            return Some(Count { start, end, quantity, is_named: true });
        }
        if let Some(unit) = words.units.get(word) {
            let quantity = Quantity { value, unit: *unit, modifier };
            return Some(Count { start, end, quantity, is_named: true });
        }
        if let Some(hit) = sentence.hit_at(at) {
            if hit.entry.sort == Sort::Nationals {
                let quantity = Quantity { value, unit: Unit::People, modifier };
                return Some(Count { start, end, quantity, is_named: true });
            }
            let last = hit.end == sentence.len() || sentence.hit_at(hit.end).is_none();
            if let Some((_, unit)) =
                words.unit_classes.iter().find(|(class, _)| class.meets(hit.entry.class))
                && (last || hit.entry.sort == Sort::Noun)
            {
                let quantity = Quantity { value, unit: *unit, modifier };
                return Some(Count { start, end, quantity, is_named: true });
            }
            at = hit.end;
            continue;
        }
        let stops =
            sentence.is_break(codebook, at) && !matches!(word, "of" | "the" | "-" | "and" | "'s");
        if stops {
            break;
        }
        at += 1;
    }
    let bare = at == end || sentence.is_break(codebook, end) && !matches!(next, "of");
    let quantity =
        Quantity { value, unit: if bare && !year { Unit::People } else { Unit::Other }, modifier };
    (!year).then_some(Count { start, end, quantity, is_named: false })
}
