//! Frames: which words carry an event of a kind, and where its roles stand.

use super::embed::Embeds;
use super::flaw::Flaw;
use super::lexicon::{Class, Lexicon};
use super::source::{Example, FrameSource};
use crate::parser::{Kind, Status, Unit};

/// A compiled frame.
#[derive(Debug)]
pub(in crate::parser) struct Frame {
    pub(in crate::parser) name: String,
    /// Where it stands.
    pub(in crate::parser) file: String,
    pub(in crate::parser) line: usize,
    pub(in crate::parser) kind: Kind,
    /// What the subject of the verb is, in the active voice.
    pub(in crate::parser) subject: Side,
    /// What its object is.
    pub(in crate::parser) object: Side,
    /// The object, or what stands in "of …", must hold a word of these classes.
    pub(in crate::parser) object_is: Classes,
    /// The subject must hold a word of these classes.
    pub(in crate::parser) actor_is: Class,
    /// First words of objects that make it another matter ("opened fire").
    pub(in crate::parser) not_object: Vec<String>,
    /// Who may act; empty is anybody.
    pub(in crate::parser) actor: Class,
    /// Who may be at the other end; empty is anybody.
    pub(in crate::parser) recipient: Class,
    /// Prepositions before the actor.
    pub(in crate::parser) actor_after: Vec<String>,
    /// Prepositions before the recipient.
    pub(in crate::parser) recipient_after: Vec<String>,
    /// What must be found, by how the trigger stands: verb, noun.
    pub(in crate::parser) needs_verb: Vec<Vec<Need>>,
    pub(in crate::parser) needs_noun: Vec<Vec<Need>>,
    /// The document must be about these classes: in this sentence, the one before, the headline, or
    /// again and again.
    pub(in crate::parser) near: Class,
    /// The sentence itself must hold a word of these classes.
    pub(in crate::parser) here: Class,
    /// Phrases that make the sentence another matter.
    pub(in crate::parser) not: Vec<Vec<String>>,
    /// Units that its quantity may have; people where the codebook names none.
    pub(in crate::parser) units: Vec<Unit>,
    /// The unit that a count of people becomes.
    pub(in crate::parser) as_unit: Option<Unit>,
    /// A noun of it is an event only with a number, a date, a place, or a role.
    pub(in crate::parser) adds: bool,
    /// What it is where the actor does it in the actor's own state: troops that go into a province of
    /// their own are a deployment, no incursion.
    pub(in crate::parser) at_home: Option<Kind>,
    /// Without a subject of its own, the actor is who speaks the sentence.
    pub(in crate::parser) speaker: bool,
    /// "Each other" makes two events.
    pub(in crate::parser) mutual: bool,
    /// A condition must be set to it: "unless they leave", "any ship that comes near".
    pub(in crate::parser) conditional: bool,
    /// Verbs that `*`, any verb, does not stand for.
    pub(in crate::parser) not_verbs: Vec<String>,
    /// The deep subject must hold a word of these.
    pub(in crate::parser) subject_is: Classes,
    /// Words of subjects that make it another matter.
    pub(in crate::parser) not_subject: Vec<String>,
    /// What must stand behind prepositions under the trigger, each of them.
    pub(in crate::parser) with: Vec<Behind>,
    /// What may not.
    pub(in crate::parser) with_not: Vec<Behind>,
    /// It must be embedded under a word of these classes.
    pub(in crate::parser) under: Embed,
    /// It may not be.
    pub(in crate::parser) not_under: Embed,
    /// Among the frames of one trigger the highest is taken.
    pub(in crate::parser) priority: i8,
    /// It is given besides another frame's event at the same trigger.
    pub(in crate::parser) beside: bool,
    /// What "not" makes of it.
    pub(in crate::parser) negated: Negated,
    /// It is none when told like this: nobody keeps migrants out by a wall that is to keep them out.
    pub(in crate::parser) not_status: Vec<Status>,
    /// How it stands where nothing else tells.
    pub(in crate::parser) status: Status,
    pub(in crate::parser) examples: Vec<Example>,
    pub(in crate::parser) nothing: Vec<String>,
}

/// Classes of words, where `country` stands for whatever is in or of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::parser) struct Classes {
    pub(in crate::parser) class: Class,
    pub(in crate::parser) country: bool,
}

impl Classes {
    /// Returns whether nothing is asked for.
    pub(in crate::parser) fn is_empty(self) -> bool {
        self.class.is_empty() && !self.country
    }

    fn compile(key: &'static str, names: &[&str], lexicon: &Lexicon) -> Result<Self, Flaw> {
        let mut classes = Self::default();
        for name in names {
            if *name == "country" {
                classes.country = true;
            } else if lexicon.knows_class(name) {
                classes.class = classes.class.and(lexicon.class(name));
            } else {
                return Err(Flaw::unknown(key, "class", name, lexicon.class_names()));
            }
        }
        Ok(classes)
    }
}

/// A guard on what stands behind a preposition: `to|into:country|border`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parser) struct Behind {
    pub(in crate::parser) prepositions: Vec<String>,
    /// Empty for anything.
    pub(in crate::parser) classes: Classes,
}

impl Behind {
    fn compile(key: &'static str, guard: &str, lexicon: &Lexicon) -> Result<Self, Flaw> {
        let (prepositions, classes) = guard.split_once(':').unwrap_or((guard, ""));
        let names: Vec<&str> = classes.split('|').filter(|name| !name.is_empty()).collect();
        Ok(Self {
            prepositions: prepositions.split('|').map(str::to_owned).collect(),
            classes: Classes::compile(key, &names, lexicon)?,
        })
    }
}

/// A set of classes of embedding words, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::parser) struct Embed(pub(super) u32);

impl Embed {
    pub(in crate::parser) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(in crate::parser) fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub(in crate::parser) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What "not" makes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Negated {
    /// None, or a denied one where somebody says so.
    Nothing,
    /// The same: a state that will not take in refugees decides on asylum, too.
    Too,
    /// Only then it is one: to let nobody in is to close.
    Only,
}

/// What a subject or an object is to the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Side {
    Actor,
    Recipient,
    Nobody,
}

/// What a frame may insist on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Need {
    Actor,
    Recipient,
    Quantity,
    Place,
    Date,
    /// A word of the class after the trigger.
    Word(Class),
}

impl Frame {
    /// # Errors
    /// The first key that is wrong, for the codebook's author.
    pub(super) fn compile(
        source: FrameSource,
        lexicon: &Lexicon,
        embeds: &Embeds,
    ) -> Result<Self, Flaw> {
        let kind = named("kind", "kind", &source.kind, Kind::named, Kind::ALL)?;
        let at_home = match &source.at_home {
            Some(name) => Some(named("at-home", "kind", name, Kind::named, Kind::ALL)?),
            None => None,
        };
        let classes = |key: &'static str, names: &[String]| -> Result<Class, Flaw> {
            let named = |class: &'_ String| match class.as_str() {
                "country" => "state".to_owned(),
                other => other.to_owned(),
            };
            let names: Vec<String> = names.iter().map(named).collect();
            match names.iter().find(|class| !lexicon.knows_class(class)) {
                Some(class) => Err(Flaw::unknown(key, "class", class, lexicon.class_names())),
                None => Ok(lexicon.classes(names.iter().map(String::as_str))),
            }
        };
        let side = |key, given: &Option<String>, default| match given.as_deref() {
            None => Ok(default),
            Some("actor") => Ok(Side::Actor),
            Some("recipient") => Ok(Side::Recipient),
            Some("none") => Ok(Side::Nobody),
            Some(other) => Err(Flaw::unknown(key, "side", other, ["actor", "recipient", "none"])),
        };
        let need = |key, word: &str| match word {
            "actor" => Ok(Need::Actor),
            "recipient" => Ok(Need::Recipient),
            "quantity" => Ok(Need::Quantity),
            "place" => Ok(Need::Place),
            "date" => Ok(Need::Date),
            class => classes(key, &[class.to_owned()]).map(Need::Word),
        };
        let needs = |key, own: &[String]| -> Result<Vec<Vec<Need>>, Flaw> {
            let all = source.needs.iter().map(|any| ("needs", any));
            let all = all.chain(own.iter().map(|any| (key, any)));
            all.map(|(key, any)| any.split('|').map(|word| need(key, word)).collect()).collect()
        };
        let unit = |key, name: &String| named(key, "unit", name, Unit::named, Unit::ALL);
        let status = |key, name: &String| named(key, "status", name, Status::named, Status::ALL);
        let strict = |key, names: &[String]| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Classes::compile(key, &names, lexicon)
        };
        let behind = |key, guards: &[String]| -> Result<Vec<Behind>, Flaw> {
            guards.iter().map(|guard| Behind::compile(key, guard, lexicon)).collect()
        };
        let embed = |key, names: &[String]| {
            names.iter().try_fold(Embed::default(), |all, class| {
                let unknown =
                    || Flaw::unknown(key, "class of [embed]", class, embeds.class_names());
                Ok(all.and(embeds.class(class).ok_or_else(unknown)?))
            })
        };
        Ok(Self {
            kind,
            subject_is: strict("subject-is", &source.subject_is)?,
            not_subject: source.not_subject.clone(),
            with: behind("with", &source.with)?,
            with_not: behind("with-not", &source.with_not)?,
            under: embed("under", &source.under)?,
            not_under: embed("not-under", &source.not_under)?,
            priority: source.priority,
            beside: source.beside,
            negated: match source.negated.as_deref() {
                None => Negated::Nothing,
                Some("too") => Negated::Too,
                Some("only") => Negated::Only,
                Some(other) => {
                    return Err(Flaw::unknown("negated", "word", other, ["too", "only"]));
                }
            },
            not_status: source
                .not_status
                .iter()
                .map(|name| status("not-status", name))
                .collect::<Result<_, _>>()?,
            subject: side("subject", &source.subject, Side::Actor)?,
            object: side("object", &source.object, Side::Recipient)?,
            object_is: strict("object-is", &source.object_is)?,
            actor_is: classes("actor-is", &source.actor_is)?,
            actor: classes("actor", &source.actor)?,
            recipient: classes("recipient", &source.recipient)?,
            actor_after: source.actor_after.clone().unwrap_or_else(|| vec!["by".to_owned()]),
            needs_verb: needs("needs-verb", &source.needs_verb)?,
            needs_noun: needs("needs-noun", &source.needs_noun)?,
            near: classes("near", &source.near)?,
            here: classes("here", &source.here)?,
            not: source.not.iter().map(|phrase| super::lexicon::split(phrase)).collect(),
            units: match &source.unit {
                None => vec![Unit::People],
                Some(units) => {
                    units.iter().map(|name| unit("unit", name)).collect::<Result<_, _>>()?
                }
            },
            as_unit: source.as_unit.as_ref().map(|name| unit("as-unit", name)).transpose()?,
            status: match &source.status {
                None => Status::Occurred,
                Some(name) => status("status", name)?,
            },
            not_object: source.not_object,
            recipient_after: source.recipient_after,
            adds: source.adds,
            at_home,
            speaker: source.speaker,
            mutual: source.mutual,
            conditional: source.conditional,
            not_verbs: source.not_verbs,
            examples: source.examples,
            nothing: source.nothing,
            name: source.name,
            file: String::new(),
            line: 0,
        })
    }
}

/// Returns the value of that name, or which were possible.
fn named<T: Copy + std::fmt::Display>(
    key: &'static str,
    sort: &str,
    name: &str,
    find: impl Fn(&str) -> Option<T>,
    all: &[T],
) -> Result<T, Flaw> {
    find(name).ok_or_else(|| {
        let names: Vec<String> = all.iter().map(ToString::to_string).collect();
        Flaw::unknown(key, sort, name, names.iter().map(String::as_str))
    })
}
