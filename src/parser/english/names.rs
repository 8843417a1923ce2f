//! Names and amounts, by a transition system over begin, inside, last, unit and outside.

use super::scorer::{Scorer, Shares};
use super::weights::Reader;
use crate::parser::syntax::{Entity, Named};

/// Words of the state that moves are scored by: the word, the open name's first, the one before.
const PARTS: usize = 3;

/// What a word is to a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Move {
    Begin(Entity),
    Inside(Entity),
    Last(Entity),
    Unit(Entity),
    Outside,
    /// A blocked word; nothing is blocked here, so it is never valid.
    Blocked,
}

impl Move {
    /// Reads a move as the model names it: `B-GPE`, `O`.
    fn named(name: &str) -> Option<Self> {
        let (kind, entity) = name.split_once('-').unwrap_or((name, ""));
        Some(match (kind, Entity::named(entity)) {
            ("B", Some(entity)) => Self::Begin(entity),
            ("I", Some(entity)) => Self::Inside(entity),
            ("L", Some(entity)) => Self::Last(entity),
            ("U", Some(entity)) => Self::Unit(entity),
            ("O", None) => Self::Outside,
            ("U", None) => Self::Blocked,
            _ => return None,
        })
    }

    /// Whether it can be made; `last` is the sentence's last word.
    fn is_valid(self, open: Option<Entity>, at: Place) -> bool {
        match self {
            Self::Begin(_) => open.is_none() && at == Place::Before,
            Self::Inside(entity) => open == Some(entity) && at == Place::Before,
            Self::Last(entity) => open == Some(entity),
            Self::Unit(_) | Self::Outside => open.is_none(),
            Self::Blocked => false,
        }
    }
}

/// Where a word stands in its sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Others follow.
    Before,
    Last,
}

/// The entity recognizer: a scorer of moves.
pub(super) struct Names {
    scorer: Scorer,
    moves: Vec<Move>,
}

impl Names {
    pub(super) fn read(reader: &mut Reader, names: &str) -> Self {
        let moves: Vec<_> = names
            .split('\t')
            .map(|name| Move::named(name).expect("the model's moves are known"))
            .collect();
        Self { scorer: Scorer::read(reader, PARTS, moves.len()), moves }
    }

    /// Finds the names among the words whose vectors these are.
    pub(super) fn run(&self, words: usize, vectors: &[f32], shares: &mut Shares) -> Vec<Named> {
        self.scorer.prepare(vectors, shares);
        let mut found = Vec::new();
        let mut open: Option<(usize, Entity)> = None;
        for at in 0..words {
            let place = if at + 1 < words { Place::Before } else { Place::Last };
            let word = at as u32;
            let parts = match open {
                Some((first, _)) => [Some(word), Some(first as u32), Some(word - 1)],
                None => [Some(word), None, None],
            };
            let scores = self.scorer.score(&parts, shares);
            let mut best = (Move::Outside, f32::NEG_INFINITY);
            for (action, score) in self.moves.iter().zip(scores) {
                if *score > best.1 && action.is_valid(open.map(|(_, entity)| entity), place) {
                    best = (*action, *score);
                }
            }
            match best.0 {
                Move::Begin(entity) => open = Some((at, entity)),
                Move::Unit(entity) => found.push(Named { tokens: at..at + 1, entity }),
                Move::Last(entity) => {
                    if let Some((first, _)) = open.take() {
                        found.push(Named { tokens: first..at + 1, entity });
                    }
                }
                Move::Inside(_) | Move::Outside | Move::Blocked => {}
            }
        }
        found
    }
}
