//! What a careful reader gets from the story, to measure an extractor with.

use std::str::FromStr;

use serde::Deserialize;

use crate::parser::{ActorId, Document, Kind, Modifier, Quantity, Status, Unit};

/// What is to be found in one version of one item.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// Name of the outlet.
    pub outlet: String,
    /// Minute from which this version stands.
    pub minute: i32,
    /// The id is the item's; one that changes comes once for each version, in order.
    pub document: Document,
    /// In the order of the text; empty where there is none.
    pub events: Vec<Told>,
}

/// One event as the text tells it, without place, date, attribution and evidence.
///
/// Its written form is the kind, then what there is of status (none is `occurred`), actor and
/// recipient (`NOR>SWE`, with `-` for one that is not told) and quantity (`at-least 70 people`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Told {
    /// What happens.
    pub kind: Kind,
    /// How the text tells it.
    pub status: Status,
    /// Who does it.
    pub actor: Option<ActorId>,
    /// To whom.
    pub recipient: Option<ActorId>,
    /// How many.
    pub quantity: Option<Quantity>,
}

impl TryFrom<String> for Told {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Told {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split(' ');
        let kind = words.next().unwrap_or_default();
        let kind = Kind::named(kind).ok_or_else(|| format!("no kind `{kind}` in `{text}`"))?;
        let mut told =
            Self { kind, status: Status::Occurred, actor: None, recipient: None, quantity: None };
        let (mut value, mut unit, mut modifier) = (None, None, Modifier::Exact);
        for word in words {
            if let Some(status) = Status::named(word) {
                told.status = status;
            } else if let Some((actor, recipient)) = word.split_once('>') {
                (told.actor, told.recipient) = (id(actor), id(recipient));
            } else if let Some(named) = Modifier::named(word) {
                modifier = named;
            } else if let Some(named) = Unit::named(word) {
                unit = Some(named);
            } else {
                let number: f64 =
                    word.parse().map_err(|_| format!("cannot read `{word}` in `{text}`"))?;
                value = Some(number);
            }
        }
        told.quantity = match (value, unit) {
            (Some(value), Some(unit)) => Some(Quantity { value, unit, modifier }),
            (None, None) => None,
            _ => return Err(format!("a quantity is a number and a unit, in `{text}`")),
        };
        Ok(told)
    }
}

fn id(text: &str) -> Option<ActorId> {
    (text != "-").then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_from_its_written_form() {
        let told: Told = "smuggling alleged SWE>MIG at-least 70 people".parse().unwrap();
        assert_eq!((told.kind, told.status), (Kind::Smuggling, Status::Alleged));
        assert_eq!(told.actor.as_deref(), Some("SWE"));
        assert_eq!(told.recipient.as_deref(), Some("MIG"));
        let quantity = Quantity { value: 70.0, unit: Unit::People, modifier: Modifier::AtLeast };
        assert_eq!(told.quantity, Some(quantity));
        let told: Told = "death ->-".parse().unwrap();
        assert_eq!((told.status, told.actor, told.recipient), (Status::Occurred, None, None));
        assert_eq!(told.quantity, None);
    }

    #[test]
    fn what_is_no_event_is_refused_with_the_word() {
        for (text, word) in
            [("dearth ->MIG", "dearth"), ("death ->MIG soon", "soon"), ("death 3", "unit")]
        {
            let error = text.parse::<Told>().unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }
}
