//! An event: who did what to whom, where, when, how many, according to whom, and how sure it is.
//!
//! Kinds and fields stand on PLOVER, the successor of CAMEO (Open Event Data Alliance), with kinds
//! of our own for people who move and for what border states do.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// All values, in the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the name that messages and files use.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Returns the value of that name.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

named! {
    /// What happens.
    Kind {
        /// People cross a border or arrive, without leave or in flight.
        Crossing = "crossing",
        /// People try to cross, or are stopped at the line before they are across.
        CrossingAttempt = "crossing-attempt",
        /// People gather, are stuck or held up at a border.
        Stranding = "stranding",
        /// Bringing people to or over a border.
        Smuggling = "smuggling",
        /// People forced back over the line without procedure.
        Pushback = "pushback",
        /// People arrested or held.
        Detention = "detention",
        /// Removal, return or expulsion by a procedure or a flight.
        Deportation = "deportation",
        /// A border or crossing point closed or restricted.
        BorderClosure = "border-closure",
        /// A border or crossing point opened again.
        BorderOpening = "border-opening",
        /// A fence, wall or surveillance line announced, built or taken down.
        Barrier = "barrier",
        /// State of emergency, exclusion zone, emergency powers, curfew.
        EmergencyMeasure = "emergency-measure",
        /// A law, policy or decision on asylum, visas or admission.
        AsylumRule = "asylum-rule",
        /// Troops, police or equipment sent, massed or withdrawn.
        Deployment = "deployment",
        /// A military or police exercise.
        Exercise = "exercise",
        /// Entry into another's territory or airspace; fire across the line.
        Incursion = "incursion",
        /// Force used.
        Assault = "assault",
        /// People killed, found dead or missing.
        Death = "death",
        /// Hunger, cold, illness, injury, lack of shelter.
        Hardship = "hardship",
        /// People saved, at sea or on land.
        Rescue = "rescue",
        /// Food, shelter, money or help given, offered or blocked.
        Aid = "aid",
        /// Solidarity, backing, praise.
        Support = "support",
        /// Talks, a meeting, a visit, a summit.
        Consult = "consult",
        /// An agreement or a joint decision.
        Agree = "agree",
        /// An appeal or a demand.
        Request = "request",
        /// Blame, condemnation, criticism.
        Accuse = "accuse",
        /// A denial or a refusal.
        Deny = "deny",
        /// A threat or a warning of consequences.
        Threaten = "threaten",
        /// Sanctions imposed, prepared or proposed.
        Sanction = "sanction",
        /// Sanctions lifted, people released, a demand met.
        Concede = "concede",
        /// A demonstration, strike or riot.
        Protest = "protest",
        /// A court ruling, a charge, an investigation.
        LegalAction = "legal-action",
    }
}

named! {
    /// A group of kinds.
    Family {
        /// People who move.
        Movement = "movement",
        /// What border states do to them and to the border.
        Control = "control",
        /// Armed and police force.
        Security = "security",
        /// What people suffer.
        Harm = "harm",
        /// What is done for them.
        Help = "help",
        /// What states say to each other.
        Diplomacy = "diplomacy",
        /// What citizens and courts do.
        Society = "society",
    }
}

impl Kind {
    /// Returns the family that the kind belongs to.
    pub fn family(self) -> Family {
        use Kind::*;
        match self {
            Crossing | CrossingAttempt | Stranding | Smuggling => Family::Movement,
            Pushback | Detention | Deportation | BorderClosure | BorderOpening | Barrier
            | EmergencyMeasure | AsylumRule => Family::Control,
            Deployment | Exercise | Incursion | Assault => Family::Security,
            Death | Hardship => Family::Harm,
            Rescue | Aid => Family::Help,
            Support | Consult | Agree | Request | Accuse | Deny | Threaten | Sanction | Concede => {
                Family::Diplomacy
            }
            Protest | LegalAction => Family::Society,
        }
    }

    /// Returns PLOVER's root type, `None` where PLOVER has nothing of the kind.
    ///
    /// Source: PLOVER codebook (Open Event Data Alliance).
    pub fn plover(self) -> Option<&'static str> {
        use Kind::*;
        Some(match self {
            Crossing | CrossingAttempt | Stranding | Smuggling | AsylumRule | Death | Hardship
            | LegalAction => return None,
            Pushback | Detention | Deportation | BorderClosure | Barrier | EmergencyMeasure => {
                "COERCE"
            }
            BorderOpening | Concede => "CONCEDE",
            Deployment | Exercise => "MOBILIZE",
            Incursion | Assault => "ASSAULT",
            Rescue | Aid => "AID",
            Support => "SUPPORT",
            Consult => "CONSULT",
            Agree => "AGREE",
            Request => "REQUEST",
            Accuse => "ACCUSE",
            Deny => "REJECT",
            Threaten => "THREATEN",
            Sanction => "SANCTION",
            Protest => "PROTEST",
        })
    }
}

named! {
    /// How the text tells it.
    Status {
        /// Told as done or going on.
        Occurred = "occurred",
        /// Announced, scheduled, decided for later.
        Planned = "planned",
        /// Considered, conditional, feared.
        Possible = "possible",
        /// Claimed by somebody against somebody who is blamed.
        Alleged = "alleged",
        /// A source says that it did not happen.
        Denied = "denied",
    }
}

named! {
    /// What a quantity counts.
    Unit {
        /// Persons.
        People = "people",
        /// Soldiers, police, guards.
        Troops = "troops",
        /// Dead or missing.
        Deaths = "deaths",
        /// Attempts to cross.
        Attempts = "attempts",
        /// An amount of money, in the currency of the text.
        Money = "money",
        /// Kilometres.
        Km = "km",
        /// Boats, aircraft, drones, lorries.
        Vehicles = "vehicles",
        /// Days.
        Days = "days",
        /// Anything else.
        Other = "other",
    }
}

named! {
    /// How exact a quantity is.
    Modifier {
        /// As told.
        Exact = "exact",
        /// "about", "some".
        About = "about",
        /// "more than", "at least".
        AtLeast = "at-least",
        /// "up to", "nearly", "fewer than".
        AtMost = "at-most",
    }
}

/// The coarse canonical id of an actor: an ISO 3166-1 alpha-3 code, a body (`EU`, `NATO`, `UN`,
/// `IOM`, `FRONTEX`, `OSCE`, `COE`, `ICRC`, `AU`, `OAS`), a group (`MIG`, `NGO`, `SMG`, `REB`, `BUS`,
/// `MED`, `CVL`), or `OTH`.
pub type ActorId = String;

/// Somebody who does, suffers or says something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The words of the text.
    pub text: String,
    /// Who that is.
    pub id: ActorId,
}

/// Days on which something happens, both ends included; `end` is `None` while it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateSpan {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Option<Date>,
}

/// How many, of what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// Finite and not negative.
    pub value: f64,
    /// What is counted.
    pub unit: Unit,
    /// How exact it is.
    pub modifier: Modifier,
}

/// A place on the Earth, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north, in `[-90, 90]`.
    pub latitude: f64,
    /// Degrees east, in `[-180, 180]`.
    pub longitude: f64,
}

/// Where in the document the event stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// First code point of the sentence in the document's text (in its title for an event that
    /// only the title tells: then [`Evidence::in_title`]).
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The word or short phrase that carries the event.
    pub trigger: String,
    /// The sentence itself.
    pub sentence: String,
    /// Offsets are those of the title.
    pub in_title: bool,
}

/// One thing that somebody did, announced, claimed or suffered, as one sentence reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What happens.
    pub kind: Kind,
    /// Who does it; `None` when not told.
    pub actor: Option<Actor>,
    /// To whom, or against whom.
    pub recipient: Option<Actor>,
    /// Where, as sorted ISO 3166-1 alpha-3 codes; empty when not told.
    pub countries: Vec<String>,
    /// The words for the place.
    pub place: Option<String>,
    /// When; `None` when not told.
    pub date: Option<DateSpan>,
    /// How many; `None` when not told.
    pub quantity: Option<Quantity>,
    /// How the text tells it.
    pub status: Status,
    /// Who is credited for it; never the speaker of a speech act.
    pub attribution: Option<Actor>,
    /// Where it stands.
    pub evidence: Evidence,
    /// Where the place is; `None` for a place that the codebook has no coordinates of.
    pub point: Option<Point>,
    /// How far the words leave room for doubt, in `[0, 1]`: of a hundred events at 0.8 eighty or so
    /// should be right.
    pub confidence: f64,
    /// The codebook's frame that gave it, for those who ask why.
    pub frame: String,
}

/// Why a slot of an event holds what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// `kind`, `actor`, `recipient`, `countries`, `place`, `point`, `date`, `quantity`, `status`,
    /// `attribution` or `confidence`; each filled slot has one, in this order.
    pub slot: &'static str,
    /// The rule that gave it; for the kind, the frame and how its trigger stands; for the confidence,
    /// the signs with what each weighs.
    pub rule: String,
    /// The words of the sentence that gave it, as the text has them; empty when others did.
    pub words: String,
    /// Where those words stand: code points of the text that [`Evidence::start`] counts, too. More
    /// than one span where a trigger is in pieces.
    pub spans: Vec<Range<usize>>,
}
