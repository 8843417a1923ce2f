//! Parts of spans of time: "the first half of 2023", "the night of 12 May".

use super::calendar::Unit;
use super::read::{Read, Reader};
use super::when::{Part, When};

impl Reader<'_, '_> {
    /// "the early hours of Friday", "the night of 12 May", "the month of July", "the year 2015".
    pub(super) fn time_of(&self, at: usize) -> Read {
        let is_year = self.is("year", at);
        if !is_year && !self.is("of", at + 1) {
            return None;
        }
        let end = at + 1 + usize::from(!is_year);
        let end = end + usize::from(self.is("the", end));
        let (when, after) = self.whole(end, Some("of"))?;
        let is_unit = matches!(when, When::Unit { .. } | When::Season { .. });
        (!is_unit).then_some((when, after))
    }

    /// "the first half of 2023", "the last week of August", "the first three months of the year".
    pub(super) fn ordinal_part(&self, at: usize) -> Read {
        let word = self.pieces.lower(at);
        let number = match word {
            "last" | "final" | "closing" => None,
            "opening" => Some(1),
            _ => Some(*self.measures.number.ordinals.get(word).filter(|n| **n <= 5.0)? as i32),
        };
        let next = at + 1;
        let (part, end) = if self.is("half", next) {
            (Part::Half(if number == Some(1) { 0 } else { 1 }), next + 1)
        } else if let Some(unit) = self.unit(next) {
            let is_plural = self.pieces.lower(next).ends_with('s');
            let part = match number {
                None => Part::Closing(1, unit),
                Some(1) if is_plural => Part::Start,
                Some(_) if is_plural => return None,
                Some(number) => Part::Nth(number, unit),
            };
            (part, next + 1)
        } else {
            let (count, end) = self.count(next)?;
            let unit = self.unit(end)?;
            match number {
                None => (Part::Closing(count, unit), end + 1),
                Some(1) => (Part::Opening(count, unit), end + 1),
                Some(_) => return None,
            }
        };
        if !matches!(self.pieces.lower(end), "of" | "in") {
            return None;
        }
        self.part_of(part, end + 1, "of")
    }

    /// Reads what it is a part of: a whole, or "the year", "the month".
    pub(super) fn part_of(&self, part: Part, at: usize, before: &str) -> Read {
        let wrapped = |when: When| When::Part(part, Box::new(when));
        if self.is("the", at)
            && let Some(unit @ (Unit::Week | Unit::Month | Unit::Quarter | Unit::Year)) =
                self.unit(at + 1)
        {
            return Some((wrapped(When::Unit { unit, offset: 0 }), at + 2));
        }
        let the = usize::from(self.is("the", at));
        if let Some((when, end)) = self.time_of(at + the) {
            return Some((wrapped(when), end));
        }
        let (when, end) = self.whole(at + the, Some(before))?;
        // "Early today", "late on Monday": a day has no parts here.
        Some(match when {
            When::Published { .. } | When::Text(_) => (when, end),
            other => (wrapped(other), end),
        })
    }
}
