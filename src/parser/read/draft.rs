//! An entry or a channel while it is read: the best value of each field so far.

use jiff::Timestamp;

use crate::parser::entry::{Channel, Entry, Warning};

/// Warnings of one entry; an element that is wrong a thousand times is told a few.
const WARNINGS_MAX: usize = 16;

/// Authors and categories of one entry, each.
const LIST_MAX: usize = 256;

/// The best value so far.
#[derive(Debug)]
pub struct Slot<T> {
    best: Option<(u8, T)>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { best: None }
    }
}

impl<T> Slot<T> {
    /// Takes the value if its rank is lower than what is there.
    pub fn offer(&mut self, rank: u8, value: T) {
        if self.wants(rank) {
            self.best = Some((rank, value));
        }
    }

    /// Takes the value if its rank is not higher than what is there: of equals the last counts.
    pub fn offer_last(&mut self, rank: u8, value: T) {
        if self.best.as_ref().is_none_or(|(best, _)| rank <= *best) {
            self.best = Some((rank, value));
        }
    }

    /// Returns whether a value of that rank would be taken.
    pub fn wants(&self, rank: u8) -> bool {
        self.best.as_ref().is_none_or(|(best, _)| rank < *best)
    }

    /// Returns the value so far.
    pub fn value(&self) -> Option<&T> {
        self.best.as_ref().map(|(_, value)| value)
    }

    fn take(self) -> Option<T> {
        self.best.map(|(_, value)| value)
    }
}

/// A channel or an entry: the fields are nearly the same.
#[derive(Debug, Default)]
pub struct Draft {
    pub id: Slot<String>,
    pub title: Slot<String>,
    pub link: Slot<String>,
    pub published: Slot<Timestamp>,
    pub updated: Slot<Timestamp>,
    pub summary: Slot<String>,
    pub content: Slot<String>,
    pub language: Slot<String>,
    authors: Vec<(u8, String)>,
    categories: Vec<String>,
    pub ttl_minutes: Option<u32>,
    /// Length of `sy:updatePeriod` in minutes, and how often in it.
    pub period: (Option<u32>, Option<u32>),
    warnings: Vec<Warning>,
}

impl Draft {
    /// Notes what was wrong, once for each code.
    pub fn warn(&mut self, code: &'static str, detail: impl FnOnce() -> String) {
        if self.warnings.len() < WARNINGS_MAX && self.warnings.iter().all(|w| w.code != code) {
            self.warnings.push(Warning { code, detail: detail() });
        }
    }

    /// Adds an author; those of the lowest rank are kept in the end.
    pub fn author(&mut self, rank: u8, name: String) {
        let known = self.authors.iter().any(|(_, known)| *known == name);
        if !name.is_empty() && !known && self.authors.len() < LIST_MAX {
            self.authors.push((rank, name));
        }
    }

    /// Adds a category.
    pub fn category(&mut self, term: String) {
        let wanted = !term.is_empty() && self.categories.len() < LIST_MAX;
        if wanted && !self.categories.contains(&term) {
            self.categories.push(term);
        }
    }

    /// Returns the authors of the lowest rank.
    pub fn authors(&self) -> Vec<String> {
        let best = self.authors.iter().map(|(rank, _)| *rank).min();
        let authors = self.authors.iter().filter(|(rank, _)| Some(*rank) == best);
        authors.map(|(_, name)| name.clone()).collect()
    }

    /// Returns the entry.
    pub fn entry(self) -> Entry {
        let authors = self.authors();
        Entry {
            id: self.id.take(),
            title: self.title.take(),
            link: self.link.take(),
            published: self.published.take(),
            updated: self.updated.take(),
            summary: self.summary.take(),
            content: self.content.take(),
            authors,
            categories: self.categories,
            language: self.language.take(),
            warnings: self.warnings,
        }
    }

    /// Returns the channel, and what was wrong with it.
    pub fn channel(self) -> (Channel, Vec<Warning>) {
        let by_period = match self.period {
            (Some(minutes), times) => Some(minutes / times.unwrap_or(1).max(1)),
            (None, _) => None,
        };
        let channel = Channel {
            id: self.id.take(),
            title: self.title.take(),
            link: self.link.take(),
            description: self.summary.take(),
            language: self.language.take(),
            updated: self.updated.take().or(self.published.take()),
            ttl_minutes: self.ttl_minutes.or(by_period),
        };
        (channel, self.warnings)
    }
}
