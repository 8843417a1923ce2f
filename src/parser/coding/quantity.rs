//! Quantities: numbers with their bounds, and what they count.

#![allow(clippy::needless_range_loop, reason = "each line is one case, told apart from the next")]

mod counted;
mod numeral;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::counted::{Counted, Finder};
use self::numeral::{Numeral, Reader};
use super::analysis::Analysis;
use super::date::DateMention;
use super::pieces::Pieces;
use crate::parser::codebook::{Class, Measure, Measures, Sort};
use crate::parser::syntax::{Label, Tag};
use crate::parser::{Modifier, Quantity, Unit};

/// The oldest that somebody gets.
const AGE_MAX: f64 = 110.0;

/// A number of things in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Count {
    /// Tokens of the number, with the words that bound it.
    pub(super) tokens: Range<usize>,
    /// Token of the noun that is counted, of the number where none is told.
    pub(super) head: usize,
    pub(super) quantity: Quantity,
    /// Classes of what is counted.
    pub(super) class: Class,
    /// The unit is that of the noun; else it is supposed: people without a noun, other with one.
    pub(super) is_named: bool,
    /// "A man", "the body of a woman": one, without a number.
    pub(super) is_singular: bool,
    /// A part of what was counted before: "including 17 children", "one of the women".
    pub(super) is_part: bool,
    /// The count before that it is joined to: "12 men and 3 women".
    pub(super) joins: Option<usize>,
}

/// Returns the quantities of the sentence, in order, apart from each other and from the dates.
///
/// Ages, years, times, shares and numbers that are names are none.
pub(super) fn counts(
    analysis: &Analysis<'_>,
    measures: &Measures,
    dates: &[DateMention],
) -> Vec<Count> {
    let pieces = Pieces::new(&analysis.sentence);
    let counter = Counter {
        analysis,
        measures,
        pieces: &pieces,
        reader: Reader { sentence: &analysis.sentence, pieces: &pieces, measures },
        finder: Finder { analysis, measures },
    };
    let mut taken = vec![false; analysis.len()];
    for date in dates {
        if let Some(tokens) = taken.get_mut(date.tokens.clone()) {
            tokens.fill(true);
        }
    }
    let mut counts = counter.numbers(&mut taken);
    counts.extend(counter.singles(&taken));
    counts.sort_by_key(|count| count.tokens.start);
    counter.join(&mut counts);
    counts
}

/// Returns the sum of the count and those that are joined to it, when they are of one unit.
pub(super) fn total(counts: &[Count], index: usize) -> Option<Quantity> {
    let first = |mut at: usize| {
        while let Some(before) = counts.get(at).and_then(|count| count.joins) {
            at = before;
        }
        at
    };
    let start = first(index);
    let mut sum = counts.get(index)?.quantity;
    sum.value = 0.0;
    for (_, count) in counts.iter().enumerate().filter(|(at, _)| first(*at) == start) {
        if count.quantity.unit != sum.unit {
            return None;
        }
        sum.value += count.quantity.value;
        if count.quantity.modifier != Modifier::Exact {
            sum.modifier = count.quantity.modifier;
        }
    }
    Some(sum)
}

/// Returns one of what the noun tells ("the helicopter"), `None` for nouns that are not counted.
pub(super) fn single(
    analysis: &Analysis<'_>,
    measures: &Measures,
    head: usize,
) -> Option<Quantity> {
    let finder = Finder { analysis, measures };
    let measure = finder.measure(head).filter(|_| finder.is_single(head))?;
    Some(Quantity { value: 1.0, unit: measure.unit, modifier: Modifier::Exact })
}

/// Numbers without a noun are people up to here; what is more is rather money.
const PEOPLE_MAX: f64 = 50e6;

struct Counter<'a, 's> {
    analysis: &'a Analysis<'s>,
    measures: &'a Measures,
    pieces: &'a Pieces<'s>,
    reader: Reader<'a, 's>,
    finder: Finder<'a, 's>,
}

impl Counter<'_, '_> {
    /// Reads the numbers, and takes the tokens of those that count something.
    fn numbers(&self, taken: &mut [bool]) -> Vec<Count> {
        let mut counts = Vec::new();
        let mut at = 0;
        let mut free = 0;
        while let Some(piece) = self.pieces.get(at) {
            if taken[piece.token] {
                at += 1;
                free = at;
                continue;
            }
            let Some(numeral) = self.reader.read(free, at) else {
                at += 1;
                continue;
            };
            let tokens = self.pieces.tokens(numeral.start..numeral.after);
            if taken.get(tokens.clone()).is_some_and(|taken| taken.contains(&true)) {
                at += 1;
                continue;
            }
            at = numeral.after.max(at + 1);
            if let Some(count) = self.count(&numeral, tokens.clone(), taken) {
                taken[tokens].fill(true);
                free = at;
                counts.push(count);
            } else if numeral.is_ordinal {
                // "The third 40": what is no count of its own hides no other.
                at = numeral.end;
            }
        }
        counts
    }

    fn is_taken(&self, taken: &[bool], at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| taken[piece.token])
    }

    fn lower(&self, at: usize) -> &str {
        self.pieces.lower(at)
    }

    /// Decides what the number counts, `None` for ages, shares, times, names and the like.
    fn count(&self, numeral: &Numeral, tokens: Range<usize>, taken: &[bool]) -> Option<Count> {
        let number = self.pieces.get(numeral.end - 1)?.token;
        // The token behind the number and what bounds it, the hyphen passed over.
        let is_joined = self.lower(numeral.end) == "-" && self.pieces.is_glued(numeral.end);
        let behind = if numeral.after > numeral.end { numeral.after } else { numeral.end };
        let next_piece = behind + usize::from(is_joined && behind == numeral.end);
        let next = self.pieces.get(next_piece).map_or(self.analysis.len(), |piece| piece.token);
        if numeral.is_ordinal {
            return self.ordinal(numeral, tokens, number, next);
        }
        let modifier = numeral.modifier;
        if numeral.is_money {
            let quantity = Quantity { value: numeral.value, unit: Unit::Money, modifier };
            return Some(self.plain(numeral, tokens, number, quantity, true));
        }
        if self.is_no_amount(numeral, next_piece, taken)
            || self.is_age(numeral)
            || self.is_index(numeral, number, next)
        {
            return None;
        }
        let is_strong = is_joined && self.measures.number.strong.contains(self.lower(next_piece));
        if is_strong {
            let quantity = Quantity { value: numeral.value, unit: Unit::People, modifier };
            return Some(self.plain(numeral, tokens, number, quantity, true));
        }
        let part =
            self.measures.number.parts_behind.iter().any(|p| self.pieces.starts_with(behind, p));
        let counted = match (part, is_joined) {
            (true, _) => None,
            // "25-day", "880-mile": other hyphens make a kind, no amount.
            (_, true) => {
                let counted = self.finder.measured(next.min(self.analysis.len() - 1));
                matches!(counted.measure.unit, Unit::Days | Unit::Km).then_some(counted)
            }
            _ => self.finder.counted(number, next),
        };
        if is_joined && counted.is_none() {
            return None;
        }
        let is_one = numeral.value == 1.0 && !numeral.is_digits;
        match counted {
            Some(counted) => {
                let is_year = self.is_year(numeral);
                if counted.measure.unit == Unit::Km && self.is_distance(numeral, counted.head) {
                    return None;
                }
                if (is_year || is_one || numeral.value.fract() != 0.0) && !counted.is_named {
                    return None;
                }
                let mut count = self.of(numeral, tokens, counted);
                // "One of the women" is one, "one of the worst days" is no day.
                let is_of = is_one && self.lower(behind) == "of";
                let is_thing = !matches!(
                    count.quantity.unit,
                    Unit::People | Unit::Troops | Unit::Vehicles | Unit::Deaths
                );
                if is_of && is_thing {
                    return None;
                }
                count.is_part |= is_of;
                count.is_singular = is_one && !is_thing;
                Some(count)
            }
            None => {
                if self.is_year(numeral)
                    || numeral.value.fract() != 0.0
                    || !self.stands_alone(numeral, number)
                {
                    return None;
                }
                let unit = match numeral.value {
                    _ if self.is_toll(numeral) => Unit::Deaths,
                    value if value > PEOPLE_MAX => Unit::Other,
                    _ => Unit::People,
                };
                let quantity = Quantity { value: numeral.value, unit, modifier };
                let mut count = self.plain(numeral, tokens, number, quantity, unit == Unit::Deaths);
                count.is_singular = is_one;
                Some(count)
            }
        }
    }

    /// A count of a noun.
    fn of(&self, numeral: &Numeral, tokens: Range<usize>, counted: Counted) -> Count {
        let Counted { head, measure: Measure { unit, factor }, class, is_named } = counted;
        let unit = if self.is_bodies_of(numeral, unit) { Unit::Deaths } else { unit };
        let value = numeral.value * factor;
        let value = match factor {
            1.0 => value,
            _ if value < 10.0 => (value * 10.0).round() / 10.0,
            _ => value.round(),
        };
        let quantity = Quantity { value, unit, modifier: numeral.modifier };
        let mut count = self.plain(numeral, tokens, head, quantity, is_named);
        count.class = class;
        count
    }

    fn plain(
        &self,
        numeral: &Numeral,
        tokens: Range<usize>,
        head: usize,
        quantity: Quantity,
        is_named: bool,
    ) -> Count {
        let parts = &self.measures.number.parts_before;
        Count {
            tokens,
            head,
            quantity,
            class: Class::default(),
            is_named,
            is_singular: false,
            is_part: parts.iter().any(|phrase| self.pieces.ends_with(numeral.start, phrase)),
            joins: None,
        }
    }

    /// "The seventh migrant to die" makes seven.
    fn ordinal(
        &self,
        numeral: &Numeral,
        tokens: Range<usize>,
        number: usize,
        next: usize,
    ) -> Option<Count> {
        let counted = self.finder.counted(number, next)?;
        let follows_to = self.analysis.lower(counted.head + 1) == "to"
            && self.analysis.tag(counted.head + 2) == Tag::VB;
        let is_person =
            counted.measure.unit == Unit::People || counted.measure.unit == Unit::Deaths;
        let is_one = matches!(self.analysis.tag(counted.head), Tag::NN);
        let is_death = counted.measure.unit == Unit::Deaths;
        (is_person && is_one && (follows_to || is_death)).then(|| self.of(numeral, tokens, counted))
    }

    /// "Within half a mile of the line", "40 km from the border" tell where, not how much.
    fn is_distance(&self, numeral: &Numeral, unit: usize) -> bool {
        let behind = self.analysis.lower(unit + 1);
        let is_of_place = behind == "of"
            && matches!(self.analysis.tag(unit + 2), Tag::DT | Tag::PRPS | Tag::NNP | Tag::NNPS);
        self.pieces.before(numeral.start, 1) == "within"
            || is_of_place
            || matches!(
                behind,
                "from"
                    | "away"
                    | "off"
                    | "inside"
                    | "into"
                    | "north"
                    | "south"
                    | "east"
                    | "west"
                    | "northeast"
                    | "northwest"
                    | "southeast"
                    | "southwest"
                    | "outside"
                    | "beyond"
            )
    }

    /// Shares, times, ages in years, lengths: what the words behind the number make of it.
    fn is_no_amount(&self, numeral: &Numeral, next: usize, taken: &[bool]) -> bool {
        let words = &self.measures.number.no_amount;
        let end = numeral.end;
        let is_time =
            self.lower(end) == ":" && self.pieces.is_glued(end) && self.pieces.is_number(end + 1);
        let is_fraction = self.lower(end) == "/" && self.pieces.is_glued(end);
        // "Two more months".
        let after =
            if matches!(self.lower(next), "more" | "full" | "long" | "other" | "consecutive") {
                next + 1
            } else {
                next
            };
        let is_code = |at: usize| {
            self.pieces.is_number(at) && !self.pieces.is_glued(at) && !self.is_taken(taken, at)
        };
        let is_code =
            numeral.is_digits && (numeral.first > 0 && is_code(numeral.first - 1) || is_code(end));
        let is_out_of = self.pieces.before(numeral.first, 1) == "in"
            && self.measures.number.words.contains_key(self.pieces.before(numeral.first, 2));
        let is_share = self.lower(end) == "in"
            && (self.pieces.is_number(end + 1)
                || self.measures.number.words.contains_key(self.lower(end + 1)))
            && numeral.value < 10.0;
        is_time
            || is_fraction
            || is_share
            || is_code
            || is_out_of
            || words.contains(self.lower(next))
            || words.contains(self.lower(after))
            || numeral.first > 0 && matches!(self.lower(numeral.first - 1), "°" | "#" | "@" | "×")
    }

    /// "Aged 12", "Ahmed, 24,", "the age of 16", "under 18".
    fn is_age(&self, numeral: &Numeral) -> bool {
        let ages = &self.measures.number.ages;
        let start = numeral.start;
        if numeral.value > AGE_MAX {
            return false;
        }
        let near = (1..=4)
            .map(|back| self.pieces.before(start, back))
            .take_while(|word| !matches!(*word, "," | ";" | "(" | ")"));
        if near.into_iter().any(|word| ages.contains(word)) {
            return true;
        }
        let first = numeral.first;
        let opens = matches!(self.pieces.before(first, 1), "," | "(")
            && numeral.is_digits
            && first == start;
        let closes =
            matches!(self.lower(numeral.end), "," | ")" | ".") || numeral.end == self.pieces.len();
        let token =
            |at: usize| self.pieces.get(at).map_or(Tag::Stop, |p| self.analysis.tag(p.token));
        opens
            && closes
            && first >= 2
            && token(first - 2).is_noun()
            && numeral.value >= 1.0
            && (token(first - 2).is_name() || self.lower(numeral.end) == ",")
    }

    /// "Title 42", "Article 8", "Sea Watch 4": a number that is a name.
    fn is_index(&self, numeral: &Numeral, number: usize, next: usize) -> bool {
        if !numeral.is_digits || numeral.first != numeral.start || numeral.first == 0 {
            return false;
        }
        let Some(before) = self.pieces.get(numeral.first - 1) else { return false };
        let hangs_ahead =
            self.analysis.label(number) == Label::Nummod && self.analysis.head(number) > number;
        if hangs_ahead
            && self.analysis.head(number) >= next
            && self.finder.measure(self.analysis.head(number)).is_some()
        {
            return false;
        }
        let text = self.pieces.get(numeral.first).map_or("", |piece| piece.text);
        let is_short = !text.contains(',') && numeral.value < 10_000.0;
        let is_number_of = matches!(before.lower.as_str(), "." | "°")
            && matches!(self.pieces.before(numeral.first, 2), "no" | "nr");
        let hangs_behind = self.analysis.head(number) < number
            && matches!(self.analysis.label(number), Label::Nummod | Label::Appos)
            && self.analysis.head(number) + 1 == number;
        is_short
            && (is_number_of
                || self.measures.number.indices.contains(&before.lower) && !hangs_ahead
                || hangs_behind && self.analysis.tag(self.analysis.head(number)).is_name())
    }

    /// Four digits that may be a year.
    fn is_year(&self, numeral: &Numeral) -> bool {
        let text = self.pieces.get(numeral.first).map_or("", |piece| piece.text);
        text.len() == 4
            && numeral.end == numeral.first + 1
            && (1900.0..2100.0).contains(&numeral.value)
    }

    /// Returns whether a number without a noun stands where a noun would.
    fn stands_alone(&self, numeral: &Numeral, number: usize) -> bool {
        let analysis = self.analysis;
        let before = self.pieces.before(numeral.start, 1);
        let behind = self.lower(numeral.end);
        let is_one = numeral.value == 1.0;
        if is_one
            && (matches!(behind, "of" | "another" | "by" | "day" | "-" | "side" | "or")
                || matches!(
                    before,
                    "no" | "any"
                        | "every"
                        | "each"
                        | "this"
                        | "that"
                        | "another"
                        | "number"
                        | "some"
                        | "only"
                        | "the"
                        | "at"
                        | "by"
                        | "in"
                ))
        {
            return false;
        }
        if matches!(self.pieces.before(numeral.first, 1), "at" | "by")
            && numeral.value < 25.0
            && numeral.first == numeral.start
        {
            return false;
        }
        // "Nearly 30 degrees", "seven to three": a number that hangs on a thing was looked at before.
        matches!(
            analysis.label(number),
            Label::Nsubj
                | Label::Nsubjpass
                | Label::Dobj
                | Label::Pobj
                | Label::Attr
                | Label::Conj
                | Label::Appos
                | Label::Root
                | Label::Dep
                | Label::Oprd
                | Label::Npadvmod
                | Label::Pcomp
                | Label::Ccomp
        ) || analysis.label(number) == Label::Nummod && numeral.value > 1.0
    }

    /// "The bodies of 34 people".
    fn is_bodies_of(&self, numeral: &Numeral, unit: Unit) -> bool {
        let body = self.pieces.before(numeral.start, 2);
        unit == Unit::People
            && self.pieces.before(numeral.start, 1) == "of"
            && matches!(
                body,
                "bodies"
                    | "body"
                    | "corpses"
                    | "remains"
                    | "deaths"
                    | "death"
                    | "killing"
                    | "killings"
                    | "drowning"
            )
    }

    /// "The toll rose to 34", "20 dead".
    fn is_toll(&self, numeral: &Numeral) -> bool {
        let is_toll = |word: &str| self.measures.number.tolls.contains(word);
        let from = numeral.start.saturating_sub(6);
        matches!(self.lower(numeral.after), "dead" | "deaths")
            || (from..numeral.start).any(|at| self.lower(at) == "toll" && is_toll(self.lower(at)))
    }

    /// "A man", "a Syrian woman", "the body": one of what is counted.
    fn singles(&self, taken: &[bool]) -> Vec<Count> {
        let analysis = self.analysis;
        let mut singles = Vec::new();
        for at in 0..analysis.len() {
            if analysis.label(at) != Label::Det {
                continue;
            }
            let head = analysis.head(at);
            let is_body = matches!(analysis.lemma(head), "body" | "corpse");
            let is_one = matches!(analysis.lower(at), "a" | "an" | "another") || is_body;
            if !is_one || head <= at || head - at > 8 || !self.finder.is_single(head) {
                continue;
            }
            if taken.get(at..=head).is_some_and(|taken| taken.contains(&true)) {
                continue;
            }
            if analysis.hit_at(head).is_some_and(|hit| hit.entry.sort == Sort::Office) {
                continue;
            }
            let Counted { measure, class, .. } = self.finder.measured(head);
            let of_whom = analysis.lower(head + 1) == "of" && is_body;
            let quantity = Quantity { value: 1.0, unit: measure.unit, modifier: Modifier::Exact };
            let unit = if of_whom { Unit::Deaths } else { quantity.unit };
            singles.push(Count {
                tokens: at..at + 1,
                head,
                quantity: Quantity { unit, ..quantity },
                class,
                is_named: true,
                is_singular: true,
                is_part: false,
                joins: None,
            });
        }
        singles
    }

    /// Returns whether a nationality stands between the number and its noun, or is the noun.
    fn is_national(&self, count: &Count) -> bool {
        let to = count.head.min(count.tokens.end + 8);
        (count.tokens.end..=to).any(|at| {
            let sort = self.analysis.hit_at(at).map(|hit| hit.entry.sort);
            matches!(sort, Some(Sort::Demonym | Sort::Nationals | Sort::State))
        })
    }

    /// Marks the counts whose nouns the parser coordinates with that of a count before.
    fn join(&self, counts: &mut [Count]) {
        let mut by_head = vec![None; self.analysis.len()];
        for index in 0..counts.len() {
            let head = counts[index].head;
            // "Two Afghan guards and a Pakistani one" are told as two.
            let is_national = self.is_national(&counts[index]);
            if self.analysis.label(head) == Label::Conj && !counts[index].is_part && !is_national {
                counts[index].joins = by_head[self.analysis.head(head)];
            }
            if !is_national {
                by_head[head] = by_head[head].or(Some(index));
            }
        }
    }
}
