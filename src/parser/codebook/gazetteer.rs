//! Places by name: what each is, which states it lies in, and where.

use super::lexicon::{Id, Lexicon};
use super::source::{Places, Row};
use crate::parser::Point;

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::parser) enum PlaceKind {
    /// A part of the world with many states, or none in particular ("the Balkans").
    Area,
    Camp,
    Capital,
    Corridor,
    /// A crossing point, or a place that stands for one.
    Crossing,
    Island,
    Lake,
    Landmark,
    /// A border, or a part of one.
    Line,
    /// A province, or a stretch of land.
    Region,
    River,
    Sea,
    Strait,
    Town,
}

impl PlaceKind {
    /// Whether it is water that states lie around, not a line between them.
    pub(in crate::parser) fn is_sea(self) -> bool {
        matches!(self, Self::Sea | Self::Strait)
    }
}

/// Where coordinates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::parser) enum Source {
    /// GeoNames' populated places, CC BY 4.0.
    Geonames,
    /// UN/LOCODE of UNECE, PDDL; minutes of arc.
    Locode,
    /// Natural Earth 1:10 million, public domain: towns, label points of provinces, middles of
    /// islands.
    NaturalEarth,
    /// General knowledge, good to some kilometres; a middle for what is long or wide.
    Own,
}

/// Which place of the gazetteer, in the order of its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::parser) struct PlaceIndex(u16);

impl PlaceIndex {
    pub(super) fn new(index: usize) -> Self {
        Self(u16::try_from(index).expect("fewer than 65,536 places"))
    }
}

/// A place that news of borders name.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::parser) struct Place {
    pub(in crate::parser) kind: PlaceKind,
    /// Where it lies: none for what belongs to nobody, two for what lies on a border.
    pub(in crate::parser) countries: Vec<Id>,
    /// The state on the other side of the border or strait that it is known for.
    pub(in crate::parser) border: Option<Id>,
    /// Rounded to hundredths of a degree; `None` for an area.
    pub(in crate::parser) point: Option<(Point, Source)>,
    /// Other things have the name too ("Van", "Sid"): it needs words about a place around it.
    pub(in crate::parser) is_ambiguous: bool,
}

/// All places.
#[derive(Debug, Default)]
pub(in crate::parser) struct Gazetteer {
    places: Vec<Place>,
}

impl Gazetteer {
    /// Compiles the files, whose states the lexicon knows.
    pub(super) fn compile(files: &[Places], lexicon: &Lexicon) -> Self {
        let id = |code: &String| lexicon.id(code).expect("states of places are known");
        let mut places = Vec::new();
        for group in files.iter().flat_map(|file| &file.place) {
            for row in &group.at {
                places.push(Place {
                    kind: group.kind,
                    countries: group.countries.iter().map(id).collect(),
                    border: group.border.as_ref().and_then(|code| lexicon.id(code)),
                    point: row.point(),
                    is_ambiguous: row.is_ambiguous(),
                });
            }
        }
        Self { places }
    }

    pub(in crate::parser) fn place(&self, index: PlaceIndex) -> &Place {
        &self.places[usize::from(index.0)]
    }
}

impl Row {
    fn text(&self) -> &str {
        match self {
            Self::At(names, ..) | Self::Told(names, ..) | Self::Somewhere((names,)) => names,
        }
    }

    /// Returns its names, the commonest first.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.text().trim_end_matches('?').split('|')
    }

    fn is_ambiguous(&self) -> bool {
        self.text().ends_with('?')
    }

    fn point(&self) -> Option<(Point, Source)> {
        match self {
            Self::At(_, latitude, longitude, source) => {
                Some((Point { latitude: *latitude, longitude: *longitude }, *source))
            }
            Self::Told(_, latitude, longitude) => {
                Some((Point { latitude: *latitude, longitude: *longitude }, Source::Own))
            }
            Self::Somewhere(_) => None,
        }
    }

    /// Returns degrees north and east.
    pub(super) fn degrees(&self) -> Option<(f64, f64)> {
        self.point().map(|(point, _)| (point.latitude, point.longitude))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use unicode_normalization::is_nfc;

    use super::*;
    use crate::parser::codebook::{Codebook, PLACES};

    fn files() -> Vec<Places> {
        PLACES.iter().map(|text| toml::from_str(text).unwrap()).collect()
    }

    /// Kilometres over the ground.
    fn distance(a: Point, b: Point) -> f64 {
        let (p, q) = (a.latitude.to_radians(), b.latitude.to_radians());
        let turn = (b.longitude - a.longitude).to_radians();
        let half = ((q - p) / 2.0).sin().powi(2) + p.cos() * q.cos() * (turn / 2.0).sin().powi(2);
        12_742.0 * half.sqrt().asin()
    }

    #[test]
    fn names_are_normal_and_stand_once() {
        let mut seen = HashSet::new();
        for row in files().iter().flat_map(|file| &file.place).flat_map(|group| &group.at) {
            for name in row.names() {
                assert!(is_nfc(name), "{name} is not NFC");
                assert_eq!(name, name.trim(), "spaces around");
                assert!(!name.contains(['(', ')', ';', '?']), "{name}");
                let is_small = name.starts_with(char::is_lowercase);
                let article = name.starts_with("al-") || name.starts_with("el-");
                assert!(!is_small || article || name.contains(' '), "{name} needs a capital");
                assert!(seen.insert(name.to_owned()), "{name} stands twice");
            }
        }
        assert!(seen.len() > 4_000, "{}", seen.len());
    }

    #[test]
    fn every_place_has_known_states_and_a_point_on_the_earth() {
        let codebook = Codebook::embedded();
        for group in files().iter().flat_map(|file| &file.place) {
            let states = group.countries.iter().chain(&group.border);
            for code in states {
                let id = codebook.lexicon.id(code).unwrap_or_else(|| panic!("{code} is unknown"));
                assert!(codebook.lexicon.is_state(id), "{code} is no state");
            }
            assert!(group.countries.len() <= 2, "{:?}", group.countries);
            assert!(group.border.is_none() || group.countries.len() == 1);
            for row in &group.at {
                let Some((point, _)) = row.point() else {
                    assert_eq!(group.kind, PlaceKind::Area, "{} has no point", row.text());
                    continue;
                };
                assert!(point.latitude.abs() <= 90.0 && point.longitude.abs() <= 180.0);
                for degrees in [point.latitude, point.longitude] {
                    let hundredths = degrees * 100.0;
                    assert!((hundredths - hundredths.round()).abs() < 1e-6, "{}", row.text());
                }
            }
        }
    }

    /// A slip of a sign or of two numbers moves a place by thousands of kilometres: none may lie far
    /// from all others of its state.
    #[test]
    fn no_place_lies_apart_from_its_state() {
        let codebook = Codebook::embedded();
        let mut by_state: HashMap<Id, Vec<Point>> = HashMap::new();
        for place in &codebook.gazetteer.places {
            for id in &place.countries {
                by_state.entry(*id).or_default().extend(place.point.map(|(point, _)| point));
            }
        }
        // The widest gaps between known towns of one state, in Russia and Canada, stay below it.
        const APART_KM_MAX: f64 = 1_100.0;
        let far = ["Alaska", "Chukotka", "Hawaii", "Kamchatka", "Nunavut", "Yukon"];
        for group in files().iter().flat_map(|file| &file.place) {
            for row in &group.at {
                let Some((point, _)) = row.point() else { continue };
                let wide = matches!(group.kind, PlaceKind::Sea | PlaceKind::Island);
                if wide || far.contains(&row.names().next().unwrap()) {
                    continue;
                }
                for code in &group.countries {
                    let others = &by_state[&codebook.lexicon.id(code).unwrap()];
                    let nearest = others
                        .iter()
                        .filter(|other| **other != point)
                        .map(|other| distance(*other, point))
                        .fold(f64::MAX, f64::min);
                    let alone = others.len() < 2;
                    assert!(
                        alone || nearest < APART_KM_MAX,
                        "{} of {code}: {nearest:.0} km",
                        row.text()
                    );
                }
            }
        }
    }

    #[test]
    fn a_place_is_found_with_its_states_and_point() {
        let codebook = Codebook::embedded();
        let find = |words: &[&str]| {
            let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
            let word = |i: usize| lower.get(i).map(String::as_str);
            let spelled = |i: usize| words.get(i).copied().unwrap_or("");
            let (entry, _) = codebook.lexicon.longest(word, spelled).unwrap();
            codebook.gazetteer.place(entry.place.unwrap()).clone()
        };
        let names = |place: &Place| -> Vec<String> {
            place.countries.iter().map(|id| codebook.lexicon.id_name(*id).to_owned()).collect()
        };
        let torkham = find(&["Torkham"]);
        assert_eq!(
            (torkham.kind, names(&torkham)),
            (PlaceKind::Crossing, vec!["AFG".to_owned(), "PAK".to_owned()])
        );
        assert!((torkham.point.unwrap().0.latitude - 34.1).abs() < 0.1);
        let narva = find(&["Narva"]);
        assert_eq!(
            (names(&narva), narva.border),
            (vec!["EST".to_owned()], codebook.lexicon.id("RUS"))
        );
        let athens = find(&["Athens"]);
        assert_eq!((athens.kind, names(&athens)), (PlaceKind::Capital, vec!["GRC".to_owned()]));
        assert_eq!(names(&find(&["Nagorno", "-", "Karabakh"])), ["AZE"]);
        assert_eq!(names(&find(&["Cox", "'s", "Bazar"])), ["BGD"]);
    }
}
