//! Stand-ins until cast, places, dates and quantities are merged.
use super::analysis::Analysis;
use crate::parser::{DateSpan, Modifier, Quantity, Unit};

pub(super) fn date(_: &Analysis<'_>, _trigger: usize) -> Option<DateSpan> {
    None
}
pub(super) fn quantity(a: &Analysis<'_>, head: usize) -> Option<Quantity> {
    let p = a.noun_phrase(head);
    p.into_iter()
        .find_map(|i| a.lower(i).replace(',', "").parse::<f64>().ok())
        .map(|value| Quantity { value, unit: Unit::People, modifier: Modifier::Exact })
}
