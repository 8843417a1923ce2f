//! Where an event happens: the states of its own words about a place, or of the story's.

use super::reader::{Reader, once};
use super::{Grounds, PlaceMention};
use crate::parser::Kind;
use crate::parser::codebook::{Codebook, Id, PlaceKind, Way};
use crate::parser::coding::analysis::Analysis;
use crate::parser::syntax::Label;

/// An event whose place is asked for.
#[derive(Clone, Debug)]
pub(in crate::parser::coding) struct Happening {
    /// Index of its sentence in the text.
    pub(in crate::parser::coding) sentence: usize,
    /// The head of its trigger.
    pub(in crate::parser::coding) trigger: usize,
    pub(in crate::parser::coding) kind: Kind,
    pub(in crate::parser::coding) actor: Option<Id>,
    pub(in crate::parser::coding) recipient: Option<Id>,
    /// The states whose people they are who move or are moved.
    pub(in crate::parser::coding) nations: Vec<Id>,
}

/// Where an event happens.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::parser::coding) struct Site {
    /// In the order of their codes.
    pub(in crate::parser::coding) countries: Vec<Id>,
    /// The words that tell, among the sentence's places.
    pub(in crate::parser::coding) mention: Option<usize>,
    /// The rule that gave the countries.
    pub(in crate::parser::coding) rule: &'static str,
}

/// Cost of a path through the tree beyond which a place is another event's.
const COST_MAX: u32 = 22;

/// Sentences back in which a place still holds.
const HOLDS: usize = 2;

/// How a kind of event takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Said, wherever: only where the sentence tells where it was said.
    Speech,
    /// Talks and deals, which have a seat.
    Meeting,
    /// Decreed and judged at home.
    Decree,
    /// People move: where from and where to belong to it.
    Movement,
    /// Somebody is sent from one state to another.
    Removal,
    /// About a line between states.
    Line,
    /// Done by a state's forces in another state.
    Abroad,
    /// Done by a state at home, unless it is told where.
    Home,
    /// Anything else that happens somewhere.
    Plain,
}

fn manner(kind: Kind) -> Manner {
    use Kind::*;
    match kind {
        Support | Request | Accuse | Deny | Threaten | Sanction => Manner::Speech,
        Consult | Agree => Manner::Meeting,
        AsylumRule | LegalAction => Manner::Decree,
        Crossing | CrossingAttempt | Smuggling => Manner::Movement,
        Pushback | Deportation => Manner::Removal,
        BorderClosure | BorderOpening | Barrier | Stranding => Manner::Line,
        Incursion => Manner::Abroad,
        Detention | EmergencyMeasure | Aid | Rescue | Concede => Manner::Home,
        _ => Manner::Plain,
    }
}

impl Grounds {
    /// Returns where the event happens.
    pub(in crate::parser::coding) fn site(
        &self,
        codebook: &Codebook,
        analysis: &Analysis<'_>,
        event: &Happening,
    ) -> Site {
        let places = self.mentions.get(event.sentence).map_or(&[][..], Vec::as_slice);
        let finder = Finder { grounds: self, codebook, analysis, event, places };
        let mut site = match manner(event.kind) {
            Manner::Speech => finder.seat(1),
            Manner::Meeting => finder.meeting(),
            Manner::Decree => finder.decree(),
            Manner::Movement => finder.movement(),
            Manner::Removal => finder.removal(),
            Manner::Line => finder.line(),
            Manner::Abroad => finder.abroad(),
            Manner::Home => finder.home(),
            Manner::Plain => finder.plain(),
        };
        once(&mut site.countries);
        site.countries.retain(|id| codebook.lexicon.is_state(*id));
        site.countries.sort_by_key(|id| codebook.lexicon.id_name(*id));
        site
    }
}

struct Finder<'f, 'a> {
    grounds: &'f Grounds,
    codebook: &'f Codebook,
    analysis: &'f Analysis<'a>,
    event: &'f Happening,
    places: &'f [PlaceMention],
}

impl Finder<'_, '_> {
    fn is_state(&self, id: Id) -> bool {
        self.codebook.lexicon.is_state(id)
    }

    fn actor_state(&self) -> Option<Id> {
        self.event.actor.filter(|id| self.is_state(*id))
    }

    /// The places of the sentence that may be the event's, the nearest in the tree first.
    fn near(&self) -> Vec<(u32, usize)> {
        let mut near: Vec<(u32, usize)> = self
            .places
            .iter()
            .enumerate()
            .map(|(index, place)| (self.cost(place), index))
            .filter(|(cost, _)| *cost <= COST_MAX)
            .collect();
        near.sort_unstable();
        near
    }

    /// How far the place is from the trigger: steps in the tree, more over the bounds of clauses.
    fn cost(&self, place: &PlaceMention) -> u32 {
        let sentence = &self.analysis.sentence;
        let up =
            |at: usize| -> Vec<usize> { std::iter::once(at).chain(sentence.heads(at)).collect() };
        let (from, to) = (up(self.event.trigger), up(place.head));
        let Some(meeting) = from.iter().position(|at| to.contains(at)) else { return COST_MAX };
        let top = from[meeting];
        let steps = |path: &[usize], out: u32| -> u32 {
            path.iter().take_while(|at| **at != top).map(|at| self.step(*at) + out).sum()
        };
        let weak = if place.is_weak { 12 } else { 0 };
        steps(&from, 1) + steps(&to, 0) + weak
    }

    /// The cost of the step from a token to its head.
    fn step(&self, at: usize) -> u32 {
        use Label::*;
        match self.analysis.label(at) {
            Ccomp | Advcl | Relcl | Parataxis | Csubj => 6,
            Acl | Xcomp | Pcomp => 2,
            Conj if self.analysis.tag(at).is_verb() => 5,
            Conj => 1,
            _ => 2,
        }
    }

    fn named(&self, place: &PlaceMention) -> Option<PlaceKind> {
        place.place.map(|index| self.codebook.gazetteer.place(index).kind)
    }

    /// The states of a place, with the one across where it is known for its land border and the
    /// document speaks of that one.
    fn states(&self, place: &PlaceMention) -> Vec<Id> {
        let mut states = place.countries.clone();
        if let (Some(index), [own]) = (place.place, &states[..])
            && let Some(other) = self.codebook.gazetteer.place(index).border
            && self.codebook.neighbours.share_land(*own, other)
        {
            let is_line = manner(self.event.kind) == Manner::Line
                || matches!(self.event.kind, Kind::CrossingAttempt | Kind::Pushback);
            let kind = self.named(place);
            let is_ground = matches!(kind, Some(PlaceKind::Region | PlaceKind::Island));
            if is_line && !is_ground && self.grounds.weight(other) >= 2.0 {
                states.push(other);
            }
        }
        states
    }

    /// Where something is said or agreed: "in Brussels", as near as the cost allows.
    fn seat(&self, cost_max: u32) -> Site {
        let seat = self.places.iter().enumerate().find(|(_, place)| {
            let link = place.governor.map_or("", |at| self.analysis.lower(at));
            let is_ground = self.named(place).is_none_or(|kind| kind != PlaceKind::Area);
            let is_first = place.governor == Some(0);
            let is_told = matches!(link, "in" | "at") && is_ground && !place.countries.is_empty();
            is_told && (is_first || self.cost(place) <= cost_max)
        });
        match seat {
            Some((index, place)) => Site {
                countries: place.countries.clone(),
                mention: Some(index),
                rule: "the seat of what is said",
            },
            None => Site { rule: "speech has no place", ..Site::default() },
        }
    }

    /// Where they met: a seat, or what was visited.
    fn meeting(&self) -> Site {
        let site = self.seat(8);
        let verb = self.analysis.lemma(self.event.trigger);
        let goes = matches!(verb, "visit" | "travel" | "fly" | "arrive" | "come" | "go" | "tour");
        if !site.countries.is_empty() || !goes {
            return site;
        }
        let visited = self.near().into_iter().find(|(cost, index)| {
            *cost <= 6
                && self.places[*index].way != Way::From
                && !self.places[*index].countries.is_empty()
        });
        visited.map_or(site, |(_, index)| self.at(index, "what is visited"))
    }

    /// What forces do in another state: in a place that is named, else in the state that suffers it.
    fn abroad(&self) -> Site {
        let own = self.actor_state();
        let foreign = |index: usize| {
            let states = &self.places[index].countries;
            !states.is_empty() && !states.iter().all(|id| Some(*id) == own)
        };
        let near = self.near();
        let told = near.iter().find(|(cost, index)| *cost <= 12 && foreign(*index));
        if let Some((_, index)) = told {
            return self.at(*index, "the nearest place that is not the actor's");
        }
        if let Some(state) =
            self.event.recipient.filter(|id| self.is_state(*id) && Some(*id) != own)
        {
            return Site {
                countries: vec![state],
                mention: None,
                rule: "the state that suffers it",
            };
        }
        self.plain()
    }

    /// What a state does with people whom it has: at home, where no place is told.
    fn home(&self) -> Site {
        let mut site = self.plain();
        if let (None, Some(own)) = (site.mention, self.actor_state())
            && site.countries.len() > 1
            && site.countries.contains(&own)
        {
            site.countries = vec![own];
            site.rule = "at home";
        }
        site
    }

    /// What a state decrees or judges holds at home.
    fn decree(&self) -> Site {
        let near = self.near();
        let own = near.iter().find(|(cost, index)| {
            let place = &self.places[*index];
            *cost <= 8 && place.way == Way::At && !place.is_border && !place.countries.is_empty()
        });
        if let Some(state) = self.actor_state() {
            return Site { countries: vec![state], mention: None, rule: "decreed at home" };
        }
        if let Some((_, index)) = own {
            return self.at(*index, "the nearest place");
        }
        if let Some(body) = self.event.actor
            && matches!(self.codebook.lexicon.id_name(body), "EU" | "UN" | "COE" | "NATO" | "AU")
        {
            return Site { rule: "decreed by a body of states", ..Site::default() };
        }
        let state = self.event.recipient.filter(|id| self.is_state(*id)).or(self.grounds.home);
        Site { countries: state.into_iter().collect(), mention: None, rule: "decreed at home" }
    }

    fn at(&self, index: usize, rule: &'static str) -> Site {
        Site { countries: self.states(&self.places[index]), mention: Some(index), rule }
    }

    /// People move: from where and to where, or a border, or where they are.
    fn movement(&self) -> Site {
        let near = self.near();
        let Some((least, _)) = near.first().copied() else { return self.story() };
        let own = || near.iter().filter(move |(cost, _)| *cost <= least + 8);
        let codebook = self.codebook;
        let verb = self.analysis.lemma(self.event.trigger);
        let leaves = codebook.place_words.way_of_verb(verb) == Some(Way::From);
        let reach = if leaves { 4 } else { least + 3 };
        let border = near.iter().find(|(cost, index)| *cost <= reach && self.is_pair(*index));
        if let Some((_, index)) = border {
            return self.at(*index, "the border that is named");
        }
        let towards =
            |way: Way| own().find(|(_, index)| self.leads(*index, way)).map(|(_, at)| *at);
        let (from, to) = (towards(Way::From), towards(Way::To).or_else(|| towards(Way::At)));
        match (from, to) {
            (Some(from), _) if leaves => self.at(from, "where they leave"),
            (None, None) if leaves => self.origin(),
            (Some(from), Some(to)) => {
                let mut site = self.at(to, "where from and where to");
                let left = self.states(&self.places[from]);
                let meets =
                    |a: &Id| site.countries.iter().any(|b| codebook.neighbours.meet(*a, *b));
                let left: Vec<Id> = left.into_iter().filter(|id| meets(id)).collect();
                site.countries.extend(left);
                site
            }
            (Some(from), None) => {
                // "arrived from Turkey", in a story about Greece.
                let mut site = self.at(from, "where from, and the story's place");
                if let [one] = site.countries[..] {
                    let here = self.grounds.theatre.iter().chain(&self.grounds.home);
                    let near = here.copied().find(|id| codebook.neighbours.meet(one, *id));
                    site.countries.extend(near);
                }
                site
            }
            (None, Some(to)) => {
                // "Ukrainians have fled to Poland".
                let mut site = self.at(to, "where to");
                if let [one] = site.countries[..] {
                    let near = |id: &Id| codebook.neighbours.share_land(one, *id);
                    site.countries.extend(self.event.nations.iter().copied().filter(near));
                }
                site
            }
            (None, None) => {
                let at_large = own().any(|(_, index)| self.is_at_large(*index));
                if at_large { Site { rule: "at large", ..Site::default() } } else { self.story() }
            }
        }
    }

    /// "Afghans fleeing the Taliban": out of the state that they are of.
    fn origin(&self) -> Site {
        let reader =
            Reader { codebook: self.codebook, analysis: self.analysis, grounds: self.grounds };
        let trigger = self.event.trigger;
        let mut countries = reader.states_of_subject(trigger);
        let head = self.analysis.head(trigger);
        if countries.is_empty() && self.analysis.label(trigger) == Label::Acl {
            countries =
                self.analysis.hit_at(head).map_or_else(Vec::new, |hit| hit.entry.countries.clone());
        }
        let site = Site { countries, mention: None, rule: "where those who leave are of" };
        self.or_story(site)
    }

    fn leads(&self, index: usize, way: Way) -> bool {
        let place = &self.places[index];
        place.way == way && !place.countries.is_empty()
    }

    fn is_pair(&self, index: usize) -> bool {
        let place = &self.places[index];
        place.is_border && place.countries.len() >= 2
    }

    /// Somebody is sent away: from the state that sends to the one that takes.
    fn removal(&self) -> Site {
        let near = self.near();
        if self.event.kind == Kind::Pushback
            && let Some((_, index)) = near.iter().find(|(_, index)| self.is_pair(*index))
        {
            return self.at(*index, "the border that is named");
        }
        let least = near.first().map_or(0, |(cost, _)| *cost);
        let mut site = Site { rule: "who sends and where to", ..Site::default() };
        for (cost, index) in near {
            let place = &self.places[index];
            let is_path = place.way != Way::At;
            let reach = if is_path { 7 } else { 5 };
            let is_near = cost <= least + reach && !place.countries.is_empty();
            if is_near && (is_path || site.countries.is_empty()) {
                site.mention.get_or_insert(index);
                site.countries.extend(self.states(place));
            }
        }
        let is_path = site.mention.is_some_and(|index| self.places[index].way != Way::At);
        site.countries.extend(self.actor_state());
        // "The United States repatriated 300 Guatemalans".
        if self.event.kind == Kind::Deportation && !is_path && site.countries.len() <= 1 {
            site.countries.extend(&self.event.nations);
        }
        once(&mut site.countries);
        if let [one] = site.countries[..] {
            let other = match self.event.kind {
                Kind::Pushback => self.grounds.partner(self.codebook, one),
                _ if is_path => self.grounds.besides(one),
                _ => None,
            };
            site.countries.extend(other);
        }
        let last = &self.grounds.removal;
        if self.event.kind == Kind::Deportation && site.countries.len() < 2 && !last.is_empty() {
            let told = site.countries.iter().all(|id| last.contains(id));
            if told {
                site.countries.clone_from(last);
            }
        }
        self.or_story(site)
    }

    /// A border that is named, else as anything else.
    fn line(&self) -> Site {
        let near = self.near();
        if let Some((_, index)) =
            near.iter().find(|(cost, index)| *cost <= 16 && self.is_pair(*index))
        {
            return self.at(*index, "the border that is named");
        }
        let mut site = self.plain();
        let is_made =
            matches!(self.event.kind, Kind::BorderClosure | Kind::BorderOpening | Kind::Barrier);
        if let (true, [one]) = (is_made, &site.countries[..]) {
            // "Helsinki shut the crossings with Russia", "the wire that Texas laid".
            let one = *one;
            let other = match self.actor_state() {
                Some(own) if own != one => self.codebook.neighbours.meet(own, one).then_some(own),
                _ if self.event.kind == Kind::Barrier => {
                    self.grounds.dyad().and_then(|(a, b)| match one {
                        one if one == a => Some(b),
                        one if one == b => Some(a),
                        _ => None,
                    })
                }
                _ => None,
            };
            site.countries.extend(other);
        }
        site
    }

    fn plain(&self) -> Site {
        let near = self.near();
        let fits = |(cost, index): &&(u32, usize)| self.places[*index].way == Way::At || *cost <= 6;
        let Some((least, first)) = near.iter().find(fits).copied() else { return self.story() };
        let close = || near.iter().filter(fits).filter(move |(cost, _)| *cost <= least + 5);
        let border = close().find(|(_, index)| self.is_pair(*index));
        let told = close().find(|(_, index)| !self.places[*index].countries.is_empty());
        match border.or(told) {
            Some((_, index)) => self.at(*index, "the nearest place"),
            None if self.is_at_large(first) => {
                Site { mention: Some(first), rule: "at large", ..Site::default() }
            }
            None => self.story(),
        }
    }

    fn or_story(&self, site: Site) -> Site {
        if !site.countries.is_empty() {
            return site;
        }
        Site { mention: site.mention, ..self.story() }
    }

    /// "in the Mediterranean", "across Europe": a place, but no state's.
    fn is_at_large(&self, index: usize) -> bool {
        let place = &self.places[index];
        let link = place.governor.map_or("", |at| self.analysis.lower(at));
        match self.named(place) {
            Some(PlaceKind::Area) => !matches!(link, "for" | "with" | "of"),
            Some(_) => place.countries.is_empty(),
            None => false,
        }
    }

    /// Where the sentences before were, or the whole story is.
    fn story(&self) -> Site {
        let sentence = self.event.sentence;
        let before = (sentence.saturating_sub(HOLDS)..sentence).rev();
        let mut places =
            before.filter_map(|index| self.grounds.mentions.get(index)).flat_map(|places| {
                places.iter().filter(|place| !place.is_weak && place.way == Way::At)
            });
        let scene = places.next();
        let theatre = &self.grounds.theatre;
        let story = |rule| Site { countries: theatre.clone(), mention: None, rule };
        let is_sea = |index: usize| self.named(&self.places[index]).is_some_and(PlaceKind::is_sea);
        let seas = (0..self.places.len()).filter(|index| is_sea(*index)).count();
        if seas > 0 && self.places.iter().all(|place| place.countries.is_empty()) {
            return Site { rule: "at large", ..Site::default() };
        }
        let Some(place) = scene else { return story("the story's place") };
        let fits = self.actor_state().is_none_or(|actor| place.countries.contains(&actor));
        // A story about a border stays there when a sentence names one side.
        let is_half =
            matches!(&place.countries[..], [one] if theatre.len() == 2 && theatre.contains(one));
        let is_line = matches!(manner(self.event.kind), Manner::Line | Manner::Movement);
        if !fits || is_half && is_line {
            return story("the story's place");
        }
        let countries = place.countries.clone();
        Site { countries, mention: None, rule: "the place of the sentence before" }
    }
}
