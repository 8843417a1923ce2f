//! The dependency tree, by the arc-eager transition system with the moves that spaCy adds to it.

use std::collections::VecDeque;
use std::ops::Range;

use super::kernel::Path;
use super::scorer::{Part, Scorer, Shares};
use super::weights::Reader;
use crate::parser::syntax::Label;

/// Words of the state that moves are scored by.
const PARTS: usize = 8;

/// What a move does. See Nivre (2008), and Honnibal and Johnson (2014) for `Reduce` without a head.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Move {
    Shift,
    Reduce,
    Left(Relation),
    Right(Relation),
    /// Begins a sentence: sentences come in apart from each other, so it is never valid.
    Break,
}

/// A label, and the label of the true head where the arc was lifted to make the tree projective.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Relation {
    label: Label,
    lifted_from: Option<Label>,
}

impl Move {
    /// Reads a move as the model names it: `S`, `D`, `L-nsubj`, `R-relcl||dobj`.
    fn named(name: &str) -> Option<Self> {
        let (kind, relation) = name.split_once('-').unwrap_or((name, ""));
        let (label, lifted) = relation.split_once("||").unwrap_or((relation, ""));
        let relation =
            || Some(Relation { label: Label::named(label)?, lifted_from: Label::named(lifted) });
        match kind {
            "S" => Some(Self::Shift),
            "D" => Some(Self::Reduce),
            "L" => Some(Self::Left(relation()?)),
            "R" => Some(Self::Right(relation()?)),
            "B" => Some(Self::Break),
            _ => None,
        }
    }
}

/// The parser: a scorer of moves.
pub(super) struct Arcs {
    scorer: Scorer,
    moves: Vec<Move>,
    /// Which of the moves is which; the first of two with one score is made.
    shift: usize,
    reduce: usize,
    arcs: Range<usize>,
}

/// Head (its own index for a root) and label of each word.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) heads: Vec<u32>,
    pub(super) labels: Vec<Label>,
}

impl Arcs {
    pub(super) fn read(reader: &mut Reader, names: &str) -> Self {
        let moves: Vec<_> = names
            .split('\t')
            .map(|name| Move::named(name).expect("the model's moves are known"))
            .collect();
        let is_arc = |action: &Move| matches!(action, Move::Left(_) | Move::Right(_));
        let first = moves.iter().position(is_arc).unwrap_or(0);
        let arcs = first..first + moves[first..].iter().take_while(|action| is_arc(action)).count();
        let place = |wanted| moves.iter().position(|action| *action == wanted).unwrap_or(0);
        let (shift, reduce) = (place(Move::Shift), place(Move::Reduce));
        assert!(shift < reduce && reduce < arcs.start, "moves are in spaCy's order");
        Self { scorer: Scorer::read(reader, PARTS, moves.len()), moves, shift, reduce, arcs }
    }

    /// Builds the tree of the words whose vectors these are.
    pub(super) fn run(
        &self,
        path: Path,
        words: usize,
        vectors: &[f32],
        shares: &mut Shares,
    ) -> Tree {
        self.scorer.prepare(path, vectors, shares);
        let mut state = State::new(words);
        // Each move pops a word, takes one in, or puts one back that then gets a head or goes.
        for _ in 0..8 * words + 8 {
            let valid = state.valid();
            if valid == Valid::NONE {
                break;
            }
            let scores = self.scorer.score(path, state.parts(), shares);
            let shift = valid.shift.then_some(self.shift);
            let reduce = valid.reduce.then_some(self.reduce);
            let arc = valid.arc.then(|| self.arcs.start + path.best(&scores[self.arcs.clone()]));
            let better = |best, next| if scores[next] > scores[best] { next } else { best };
            let Some(best) = [shift, reduce, arc].into_iter().flatten().reduce(better) else {
                break;
            };
            state.take(self.moves[best]);
        }
        state.into_tree()
    }
}

/// Which kinds of moves can be made.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Valid {
    shift: bool,
    reduce: bool,
    arc: bool,
}

impl Valid {
    const NONE: Self = Self { shift: false, reduce: false, arc: false };
}

/// A word as the state knows it.
#[derive(Clone, Copy, Default)]
struct Node {
    arc: Option<(u32, Relation)>,
    /// The dependents that were attached last, before and after the word.
    newest: [Part; 2],
    /// Its neighbours among the dependents of its head at the same side, by time of attachment.
    older: Part,
    newer: Part,
    /// It was put back from the stack and may not go there again before an arc reaches it.
    put_back: bool,
}

/// The words that are being read: a stack, those put back, and those not yet read.
struct State {
    nodes: Vec<Node>,
    stack: Vec<u32>,
    put_back: Vec<u32>,
    next: usize,
}

impl State {
    fn new(words: usize) -> Self {
        Self {
            nodes: vec![Node::default(); words],
            stack: Vec::new(),
            put_back: Vec::new(),
            next: 0,
        }
    }

    fn left_to_read(&self) -> usize {
        self.nodes.len() - self.next + self.put_back.len()
    }

    /// Returns a word of the buffer, from its front.
    fn buffer(&self, at: usize) -> Part {
        let back = self.put_back.len();
        if at < back {
            return Some(self.put_back[back - 1 - at]);
        }
        let word = self.next + at - back;
        (word < self.nodes.len()).then_some(word as u32)
    }

    /// Returns a word of the stack, from its top.
    fn stack(&self, at: usize) -> Part {
        self.stack.iter().rev().nth(at).copied()
    }

    fn node(&self, word: u32) -> &Node {
        &self.nodes[word as usize]
    }

    /// Returns the words that moves are scored by.
    fn parts(&self) -> [Part; PARTS] {
        let newest = |word: Part, side: usize| word.and_then(|word| self.node(word).newest[side]);
        let (front, top) = (self.buffer(0), self.stack(0));
        [
            front,
            self.buffer(1),
            top,
            self.stack(1),
            self.stack(2),
            newest(front, 0),
            newest(top, 0),
            newest(top, 1),
        ]
    }

    fn valid(&self) -> Valid {
        let left = self.left_to_read();
        let deep = self.stack.len();
        let stuck = self.buffer(0).is_some_and(|word| self.node(word).put_back);
        Valid {
            shift: left > 0 && (deep == 0 || (left >= 2 && !stuck)),
            reduce: deep > 0 && (left == 0 || deep > 1),
            arc: deep > 0 && left > 0,
        }
    }

    /// Makes a valid move.
    fn take(&mut self, action: Move) {
        match action {
            Move::Shift => self.shift(),
            Move::Reduce => {
                let Some(top) = self.stack.pop() else { return };
                if self.node(top).arc.is_none() && !self.stack.is_empty() {
                    self.nodes[top as usize].put_back = true;
                    self.put_back.push(top);
                }
            }
            Move::Left(relation) => {
                let (Some(front), Some(top)) = (self.buffer(0), self.stack.pop()) else { return };
                self.attach(top, front, relation);
                self.nodes[front as usize].put_back = false;
            }
            Move::Right(relation) => {
                let (Some(front), Some(top)) = (self.buffer(0), self.stack(0)) else { return };
                self.attach(front, top, relation);
                self.shift();
            }
            Move::Break => {}
        }
    }

    fn shift(&mut self) {
        let Some(front) = self.buffer(0) else { return };
        if self.put_back.pop().is_none() {
            self.next += 1;
        }
        self.stack.push(front);
    }

    /// Gives a word its head, in the place of the one that it may have.
    fn attach(&mut self, word: u32, head: u32, relation: Relation) {
        if let Some((old, _)) = self.node(word).arc {
            let Node { older, newer, .. } = *self.node(word);
            match newer {
                Some(newer) => self.nodes[newer as usize].older = older,
                None => self.nodes[old as usize].newest[usize::from(word > old)] = older,
            }
            if let Some(older) = older {
                self.nodes[older as usize].newer = newer;
            }
        }
        let side = usize::from(word > head);
        let older = self.nodes[head as usize].newest[side].replace(word);
        if let Some(older) = older {
            self.nodes[older as usize].newer = Some(word);
        }
        let node = &mut self.nodes[word as usize];
        (node.older, node.newer, node.arc) = (older, None, Some((head, relation)));
    }

    fn into_tree(self) -> Tree {
        let head = |(at, node): (usize, &Node)| node.arc.map_or(at as u32, |(head, _)| head);
        let label = |node: &Node| node.arc.map_or(Label::Root, |(_, relation)| relation.label);
        let mut tree = Tree {
            heads: self.nodes.iter().enumerate().map(head).collect(),
            labels: self.nodes.iter().map(label).collect(),
        };
        self.lower(&mut tree);
        tree
    }

    /// Moves arcs that were lifted for the sake of projectivity down to their true heads.
    ///
    /// The true head is the first word below the present one, level by level, that has the label
    /// that the relation names. Source: Nivre and Nilsson (2005), Pseudo-Projective Dependency
    /// Parsing, encoding "Head".
    fn lower(&self, tree: &mut Tree) {
        /// Arcs of a sentence that are moved, so that the time stays linear: news has one or two.
        const ARCS_MAX: usize = 32;
        let lifted = self.nodes.iter().enumerate().filter_map(|(word, node)| {
            let (head, relation) = node.arc?;
            Some((word, head as usize, relation.lifted_from?))
        });
        for (word, head, label) in lifted.take(ARCS_MAX) {
            let children = Children::of(&tree.heads);
            let mut below: VecDeque<_> = children.under(head).filter(|at| *at != word).collect();
            while let Some(at) = below.pop_front() {
                if tree.labels[at] == label {
                    tree.heads[word] = at as u32;
                    break;
                }
                below.extend(children.under(at));
            }
        }
    }
}

/// The dependents of each word, in the order of the text.
struct Children {
    first: Vec<Part>,
    next: Vec<Part>,
}

impl Children {
    fn of(heads: &[u32]) -> Self {
        let mut children = Self { first: vec![None; heads.len()], next: vec![None; heads.len()] };
        for (at, head) in heads.iter().enumerate().rev() {
            if at as u32 != *head {
                children.next[at] = children.first[*head as usize].replace(at as u32);
            }
        }
        children
    }

    fn under(&self, head: usize) -> impl Iterator<Item = usize> + '_ {
        let next = |at: &u32| self.next[*at as usize];
        std::iter::successors(self.first[head], next).map(|at| at as usize)
    }
}
