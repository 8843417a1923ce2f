//! The wire form of an event: what stands under `event` in a message and in the lines of `extract`.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cloud_event::all_required;
use crate::parser::{
    Actor, DateSpan, Event, Evidence, Family, Kind, Modifier, Point, Quantity, Status, Unit,
};

/// One thing that somebody did, announced, claimed or suffered at or about a border, as one
/// sentence of a document reports it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Event", transform = all_required)]
pub struct EventBody {
    /// What happens.
    #[serde(with = "names::kind")]
    #[schemars(schema_with = "names::kind::schema")]
    pub kind: Kind,
    /// The group of kinds that `kind` belongs to.
    #[serde(with = "names::family")]
    #[schemars(schema_with = "names::family::schema")]
    pub family: Family,
    /// Root type of the PLOVER ontology; null where it has nothing of the kind.
    pub plover: Option<String>,
    /// Who does it; null when not told.
    pub actor: Option<ActorBody>,
    /// To whom, or against whom; null when not told.
    pub recipient: Option<ActorBody>,
    /// Where it happens: sorted ISO 3166-1 alpha-3 codes, both for a border; empty when not told.
    pub countries: Vec<String>,
    /// The words for the place.
    pub place: Option<String>,
    /// When it happens; null when not told.
    pub date: Option<DateBody>,
    /// Of how many or how much; null when not told.
    pub quantity: Option<QuantityBody>,
    /// How the text tells it.
    #[serde(with = "names::status")]
    #[schemars(schema_with = "names::status::schema")]
    pub status: Status,
    /// Whom the text credits for it; never the speaker of a speech act, who is the actor.
    pub attribution: Option<ActorBody>,
    /// Where it stands in the text.
    pub evidence: EvidenceBody,
    /// Where the place is; null for a place without known coordinates.
    #[serde(default)]
    pub point: Option<PointBody>,
    /// How far the words leave room for doubt: of a hundred events at 0.8 eighty or so are right.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: f64,
    /// The codebook's frame that gave it.
    pub frame: String,
}

/// A place on the Earth, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Point", transform = all_required)]
pub struct PointBody {
    /// Degrees north.
    #[schemars(range(min = -90.0, max = 90.0))]
    pub latitude: f64,
    /// Degrees east.
    #[schemars(range(min = -180.0, max = 180.0))]
    pub longitude: f64,
}

/// Somebody who does, suffers or says something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Actor", transform = all_required)]
pub struct ActorBody {
    /// The words of the text.
    pub text: String,
    /// An ISO 3166-1 alpha-3 code, a body (`EU`, `NATO`, `UN`, `IOM`, `FRONTEX`, `OSCE`, `COE`,
    /// `ICRC`, `AU`, `OAS`), a group (`MIG`, `NGO`, `SMG`, `REB`, `BUS`, `MED`, `CVL`), or `OTH`.
    #[schemars(regex(pattern = "^[A-Z]{2,7}$"))]
    pub id: String,
}

/// Days on which something happens, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Date", transform = all_required)]
pub struct DateBody {
    /// First day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub start: Date,
    /// Last day; null while it goes on.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub end: Option<Date>,
}

/// How many, of what.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Quantity", transform = all_required)]
pub struct QuantityBody {
    /// Not negative.
    #[schemars(range(min = 0.0))]
    pub value: f64,
    /// What is counted; money is in the currency of the text.
    #[serde(with = "names::unit")]
    #[schemars(schema_with = "names::unit::schema")]
    pub unit: Unit,
    /// How exact it is: `at-least` for "more than", `at-most` for "up to".
    #[serde(with = "names::modifier")]
    #[schemars(schema_with = "names::modifier::schema")]
    pub modifier: Modifier,
}

/// The sentence that tells it, and the words that carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Evidence", transform = all_required)]
pub struct EvidenceBody {
    /// First code point of the sentence in the document's text, or in its title.
    pub start: u64,
    /// One past the last code point.
    pub end: u64,
    /// The word or short phrase that carries the event.
    pub trigger: String,
    /// The sentence itself.
    pub sentence: String,
    /// The offsets are those of the title.
    pub in_title: bool,
}

impl From<&Event> for EventBody {
    fn from(event: &Event) -> Self {
        Self {
            kind: event.kind,
            family: event.kind.family(),
            plover: event.kind.plover().map(str::to_owned),
            actor: event.actor.as_ref().map(ActorBody::from),
            recipient: event.recipient.as_ref().map(ActorBody::from),
            countries: event.countries.clone(),
            place: event.place.clone(),
            date: event.date.map(DateBody::from),
            quantity: event.quantity.map(QuantityBody::from),
            status: event.status,
            attribution: event.attribution.as_ref().map(ActorBody::from),
            evidence: EvidenceBody::from(&event.evidence),
            point: event
                .point
                .map(|point| PointBody { latitude: point.latitude, longitude: point.longitude }),
            confidence: event.confidence,
            frame: event.frame.clone(),
        }
    }
}

impl From<&Actor> for ActorBody {
    fn from(actor: &Actor) -> Self {
        Self { text: actor.text.clone(), id: actor.id.clone() }
    }
}

impl From<DateSpan> for DateBody {
    fn from(span: DateSpan) -> Self {
        Self { start: span.start, end: span.end }
    }
}

impl From<Quantity> for QuantityBody {
    fn from(quantity: Quantity) -> Self {
        Self { value: quantity.value, unit: quantity.unit, modifier: quantity.modifier }
    }
}

impl From<&Evidence> for EvidenceBody {
    fn from(evidence: &Evidence) -> Self {
        Self {
            start: evidence.start as u64,
            end: evidence.end as u64,
            trigger: evidence.trigger.clone(),
            sentence: evidence.sentence.clone(),
            in_title: evidence.in_title,
        }
    }
}

impl From<EventBody> for Event {
    fn from(body: EventBody) -> Self {
        let actor = |actor: ActorBody| Actor { text: actor.text, id: actor.id };
        Self {
            kind: body.kind,
            actor: body.actor.map(actor),
            recipient: body.recipient.map(actor),
            countries: body.countries,
            place: body.place,
            date: body.date.map(|date| DateSpan { start: date.start, end: date.end }),
            quantity: body.quantity.map(|q| Quantity {
                value: q.value,
                unit: q.unit,
                modifier: q.modifier,
            }),
            status: body.status,
            attribution: body.attribution.map(actor),
            evidence: Evidence {
                start: body.evidence.start as usize,
                end: body.evidence.end as usize,
                trigger: body.evidence.trigger,
                sentence: body.evidence.sentence,
                in_title: body.evidence.in_title,
            },
            point: body
                .point
                .map(|point| Point { latitude: point.latitude, longitude: point.longitude }),
            confidence: body.confidence,
            frame: body.frame,
        }
    }
}

/// The enumerations of the parser by their names, which the schema lists.
mod names {
    macro_rules! by_name {
        ($module:ident, $type:ident) => {
            pub(super) mod $module {
                use std::borrow::Cow;

                use schemars::{Schema, SchemaGenerator, json_schema};
                use serde::{Deserialize, Deserializer, Serializer, de::Error};

                use crate::parser::$type;

                pub(in super::super) fn serialize<S: Serializer>(
                    value: &$type,
                    serializer: S,
                ) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(value.as_str())
                }

                pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<$type, D::Error> {
                    let name = Cow::<'de, str>::deserialize(deserializer)?;
                    $type::named(&name).ok_or_else(|| {
                        D::Error::custom(format!(
                            concat!("unknown ", stringify!($module), " {:?}"),
                            name
                        ))
                    })
                }

                pub(in super::super) fn schema(_: &mut SchemaGenerator) -> Schema {
                    let names: Vec<_> = $type::ALL.iter().map(|value| value.as_str()).collect();
                    json_schema!({ "type": "string", "enum": names })
                }
            }
        };
    }

    by_name!(family, Family);
    by_name!(kind, Kind);
    by_name!(modifier, Modifier);
    by_name!(status, Status);
    by_name!(unit, Unit);
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn event() -> Event {
        Event {
            kind: Kind::BorderClosure,
            actor: Some(Actor { text: "Warsaw".into(), id: "POL".into() }),
            recipient: None,
            countries: vec!["BLR".into(), "POL".into()],
            place: Some("the crossing at Kuznica".into()),
            date: Some(DateSpan { start: date(2021, 11, 9), end: None }),
            quantity: Some(Quantity { value: 2.0, unit: Unit::Other, modifier: Modifier::AtLeast }),
            status: Status::Planned,
            attribution: None,
            evidence: Evidence {
                start: 3,
                end: 40,
                trigger: "close".into(),
                sentence: "Warsaw is to close two crossings.".into(),
                in_title: true,
            },
            point: Some(Point { latitude: 53.51, longitude: 23.63 }),
            confidence: 0.75,
            frame: "close-border".into(),
        }
    }

    #[test]
    fn an_event_is_read_back_as_it_was_written() {
        let body = EventBody::from(&event());
        let json = serde_json::to_string(&body).unwrap();
        assert!(json.contains(r#""kind":"border-closure","family":"control","plover":"COERCE""#));
        assert!(json.contains(r#""date":{"start":"2021-11-09","end":null}"#));
        assert!(json.contains(r#""recipient":null"#));
        assert_eq!(serde_json::from_str::<EventBody>(&json).unwrap(), body);
        assert_eq!(Event::from(body), event());
    }

    #[test]
    fn an_unknown_kind_is_refused() {
        let json = serde_json::to_string(&EventBody::from(&event())).unwrap();
        let error = serde_json::from_str::<EventBody>(&json.replace("border-closure", "picnic"));
        assert!(error.unwrap_err().to_string().contains("unknown kind \"picnic\""));
    }

    #[test]
    fn the_schema_lists_the_names_and_accepts_what_is_written() {
        let schema = serde_json::to_value(schemars::schema_for!(EventBody)).unwrap();
        let kinds = schema["properties"]["kind"]["enum"].as_array().unwrap();
        assert_eq!(kinds.len(), Kind::ALL.len());
        let required = schema["required"].as_array().unwrap();
        assert_eq!(required.len(), 15, "every field is always written: {required:?}");
        let body = serde_json::to_value(EventBody::from(&event())).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&body), "{:?}", validator.validate(&body));
        let mut wrong = body;
        wrong["status"] = "maybe".into();
        assert!(!validator.is_valid(&wrong));
    }
}
