//! Stand-ins until cast, places, dates and quantities are merged.
use super::analysis::Analysis;
use crate::parser::codebook::{Class, Id, Lexicon, Sort};
use crate::parser::{DateSpan, Modifier, Quantity, Unit};
use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) id: Id,
    pub(super) class: Class,
    pub(super) tokens: Range<usize>,
    pub(super) rule: &'static str,
}

pub(super) struct Cast<'c> {
    pub(super) lexicon: &'c Lexicon,
}
impl Cast<'_> {
    pub(super) fn who(&self, a: &Analysis<'_>, head: usize, accepts: Class) -> Option<Who> {
        let phrase = a.noun_phrase(head);
        let found = a
            .hits
            .iter()
            .rev()
            .filter(|h| h.tokens.start < phrase.end && phrase.start < h.tokens.end)
            .find(|h| h.entry.id.is_some() && (accepts.is_empty() || h.entry.class.meets(accepts)));
        if let Some(h) = found {
            return Some(Who {
                id: h.entry.id?,
                class: h.entry.class,
                tokens: phrase,
                rule: "name",
            });
        }
        let office =
            a.hits.iter().find(|h| h.tokens.contains(&head) && h.entry.sort == Sort::Office);
        if a.tag(head) == crate::parser::syntax::Tag::PRP {
            let mig = self.lexicon.classes(["migrant", "people"]);
            if a.lower(head) != "it" && (accepts.is_empty() || accepts.meets(mig)) {
                return Some(Who {
                    id: self.lexicon.id("MIG")?,
                    class: mig,
                    tokens: phrase,
                    rule: "pronoun",
                });
            }
            return Some(Who {
                id: self.lexicon.id("OTH")?,
                class: Class::default(),
                tokens: phrase,
                rule: "pronoun",
            });
        }
        office.and_then(|h| {
            Some(Who {
                id: self.lexicon.id("OTH")?,
                class: h.entry.class,
                tokens: phrase,
                rule: "office",
            })
        })
    }
    pub(super) fn speaker(&self, _a: &Analysis<'_>, _trigger: usize) -> Option<Who> {
        None
    }
}
pub(super) fn date(_: &Analysis<'_>, _trigger: usize) -> Option<DateSpan> {
    None
}
pub(super) fn quantity(a: &Analysis<'_>, head: usize) -> Option<Quantity> {
    let p = a.noun_phrase(head);
    p.into_iter()
        .find_map(|i| a.lower(i).replace(',', "").parse::<f64>().ok())
        .map(|value| Quantity { value, unit: Unit::People, modifier: Modifier::Exact })
}
