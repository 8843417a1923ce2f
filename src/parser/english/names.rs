//! Names and amounts, by a transition system over begin, inside, last, unit and outside.

use std::ops::Range;

use super::kernel::Path;
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
    /// Which of the moves begin a name, and which are names of one word.
    begin: Range<usize>,
    unit: Range<usize>,
}

impl Names {
    pub(super) fn read(reader: &mut Reader, names: &str) -> Self {
        let moves: Vec<_> = names
            .split('\t')
            .map(|name| Move::named(name).expect("the model's moves are known"))
            .collect();
        let range = |is: fn(&Move) -> bool| {
            let first = moves.iter().position(is).unwrap_or(0);
            first..first + moves[first..].iter().take_while(|action| is(action)).count()
        };
        let begin = range(|action| matches!(action, Move::Begin(_)));
        let unit = range(|action| matches!(action, Move::Unit(_)));
        Self { scorer: Scorer::read(reader, PARTS, moves.len()), moves, begin, unit }
    }

    /// Finds the names among the words whose vectors these are.
    pub(super) fn run(
        &self,
        path: Path,
        words: usize,
        vectors: &[f32],
        shares: &mut Shares,
    ) -> Vec<Named> {
        self.scorer.prepare(path, vectors, shares);
        let mut found = Vec::new();
        let mut open: Option<(usize, Entity)> = None;
        for at in 0..words {
            let word = at as u32;
            let parts = match open {
                Some((first, _)) => [Some(word), Some(first as u32), Some(word - 1)],
                None => [Some(word), None, None],
            };
            let scores = self.scorer.score(path, parts, shares);
            let place = if at + 1 < words { Place::Before } else { Place::Last };
            let valid = self.valid(path, open.map(|(_, entity)| entity), place, scores);
            let better = |best, next| if scores[next] > scores[best] { next } else { best };
            let Some(best) = valid.into_iter().flatten().reduce(better) else { continue };
            match (self.moves[best], open) {
                (Move::Begin(entity), _) => open = Some((at, entity)),
                (Move::Unit(entity), _) => found.push(Named { tokens: at..at + 1, entity }),
                (Move::Last(entity), Some((first, _))) => {
                    found.push(Named { tokens: first..at + 1, entity });
                    open = None;
                }
                _ => {}
            }
        }
        found
    }

    /// Returns the moves that can be made, of each kind the best one, in the model's order.
    fn valid(
        &self,
        path: Path,
        open: Option<Entity>,
        place: Place,
        scores: &[f32],
    ) -> [Option<usize>; 3] {
        let one = |wanted| self.moves.iter().position(|action| *action == wanted);
        let best = |range: &Range<usize>| range.start + path.best(&scores[range.clone()]);
        let goes_on = place == Place::Before;
        match open {
            Some(entity) => {
                let inside = goes_on.then(|| one(Move::Inside(entity))).flatten();
                [inside, one(Move::Last(entity)), None]
            }
            None => {
                let begin = goes_on.then(|| best(&self.begin));
                [begin, Some(best(&self.unit)), one(Move::Outside)]
            }
        }
    }
}
