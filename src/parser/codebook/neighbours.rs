//! Which states border on each other, and on which side.

use std::collections::HashMap;

use super::lexicon::{Id, Lexicon};
use super::source::Borders;

/// A side of a state: a set of the four directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::parser) struct Side(u8);

impl Side {
    /// Reads letters of the compass ("NE"); none is all around.
    fn of_letters(letters: &str) -> Option<Self> {
        letters.chars().try_fold(Self::default(), |side, letter| {
            let bit = "NSEW".find(letter)?;
            Some(Self(side.0 | 1 << bit))
        })
    }

    /// Reads an adjective or noun of direction in lower case ("south-eastern", "north").
    pub(in crate::parser) fn named(word: &str) -> Option<Self> {
        let word = word.replace('-', "");
        let word = word.strip_suffix("ern").unwrap_or(&word);
        let letters = match word {
            "north" => "N",
            "south" => "S",
            "east" => "E",
            "west" => "W",
            "northeast" => "NE",
            "northwest" => "NW",
            "southeast" => "SE",
            "southwest" => "SW",
            _ => return None,
        };
        Self::of_letters(letters)
    }

    /// Returns whether all directions of this one are among those of the other.
    fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

/// The borders between states.
#[derive(Debug, Default)]
pub(in crate::parser) struct Neighbours {
    land: HashMap<Id, Vec<(Id, Side)>>,
    sea: HashMap<Id, Vec<Id>>,
}

impl Neighbours {
    /// Compiles the file, whose states the lexicon knows.
    pub(super) fn compile(borders: &Borders, lexicon: &Lexicon) -> Self {
        let id = |code: &str| lexicon.id(code).expect("states with borders are known");
        let side = |letters: &String| Side::of_letters(letters).expect("sides are of the compass");
        let mut neighbours = Self::default();
        for (state, row) in &borders.land {
            let row = row.iter().map(|(other, letters)| (id(other), side(letters))).collect();
            neighbours.land.insert(id(state), row);
        }
        for pair in &borders.sea.pairs {
            let (a, b) = pair.split_once('-').expect("a pair has two states");
            for (a, b) in [(a, b), (b, a)] {
                neighbours.sea.entry(id(a)).or_default().push(id(b));
            }
        }
        neighbours
    }

    /// Returns the states that share a land border with the state.
    pub(in crate::parser) fn by_land(&self, state: Id) -> impl Iterator<Item = Id> + '_ {
        self.land.get(&state).into_iter().flatten().map(|(other, _)| *other)
    }

    /// Returns whether the two share a land border.
    pub(in crate::parser) fn share_land(&self, a: Id, b: Id) -> bool {
        self.by_land(a).any(|other| other == b)
    }

    /// Returns whether the two share a land border, or a strait or sea that counts as one.
    pub(in crate::parser) fn meet(&self, a: Id, b: Id) -> bool {
        self.share_land(a, b) || self.sea.get(&a).is_some_and(|others| others.contains(&b))
    }

    /// Returns the only state that the state borders on by land.
    pub(in crate::parser) fn only(&self, state: Id) -> Option<Id> {
        let mut all = self.by_land(state);
        all.next().filter(|_| all.next().is_none())
    }

    /// Returns the neighbours on a side of the state.
    pub(in crate::parser) fn towards(
        &self,
        state: Id,
        side: Side,
    ) -> impl Iterator<Item = Id> + '_ {
        let row = self.land.get(&state).into_iter().flatten();
        row.filter(move |(_, lies)| side.is_within(*lies)).map(|(other, _)| *other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::codebook::{Codebook, NEIGHBOURS};

    #[test]
    fn each_land_border_stands_on_both_sides_and_each_sea_border_once() {
        let borders: Borders = toml::from_str(NEIGHBOURS).unwrap();
        let mut count = 0;
        for (state, row) in &borders.land {
            for (other, letters) in row {
                assert!(borders.land[other].contains_key(state), "{other} lacks {state}");
                assert!(Side::of_letters(letters).is_some(), "{state}-{other}: {letters}");
                assert_ne!(state, other);
                count += 1;
            }
        }
        assert!(count > 600, "{count}");
        let pairs = &borders.sea.pairs;
        for pair in pairs {
            let (a, b) = pair.split_once('-').unwrap();
            assert!(a < b, "{pair} is not in order");
            assert_eq!(pairs.iter().filter(|other| *other == pair).count(), 1, "{pair}");
            assert!(!borders.land.get(a).is_some_and(|row| row.contains_key(b)), "{pair} by land");
        }
    }

    #[test]
    fn a_side_tells_which_neighbour() {
        let codebook = Codebook::embedded();
        let id = |code: &str| codebook.lexicon.id(code).unwrap();
        let towards = |state: &str, word: &str| -> Vec<&str> {
            let side = Side::named(word).unwrap();
            let all = codebook.neighbours.towards(id(state), side);
            let mut names: Vec<_> = all.map(|id| codebook.lexicon.id_name(id)).collect();
            names.sort_unstable();
            names
        };
        assert_eq!(towards("USA", "southern"), ["MEX"]);
        assert_eq!(towards("MEX", "southern"), ["BLZ", "GTM"]);
        assert_eq!(towards("FIN", "eastern"), ["RUS"]);
        assert_eq!(towards("POL", "eastern"), ["BLR", "LTU", "UKR"]);
        assert_eq!(towards("TUR", "south-eastern"), ["IRQ"]);
        assert_eq!(codebook.neighbours.only(id("KOR")), Some(id("PRK")));
        assert!(codebook.neighbours.meet(id("FRA"), id("GBR")));
        assert!(!codebook.neighbours.share_land(id("FRA"), id("GBR")));
        assert!(!codebook.neighbours.meet(id("POL"), id("GRC")));
    }
}
