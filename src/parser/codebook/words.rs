//! The closed word lists, compiled: verbs of saying, words of other topics, nouns that only count.

use std::collections::HashSet;

use super::inflect;
use super::source::Words;

/// The closed word lists, lower-case.
#[derive(Debug)]
pub(in crate::parser) struct WordLists {
    /// Every form of the verbs of saying.
    pub(in crate::parser) say: HashSet<String>,
    /// Words of texts that are about no border, whatever words they use.
    pub(in crate::parser) off_topic: HashSet<String>,
    /// Nouns that only say how many: who is counted stands behind "of".
    pub(in crate::parser) partitives: HashSet<String>,
}

impl WordLists {
    pub(super) fn compile(words: &Words) -> Self {
        let set = |list: &[String]| list.iter().cloned().collect::<HashSet<_>>();
        Self {
            say: words.say.verbs.iter().flat_map(|verb| inflect::verb_forms(verb)).collect(),
            off_topic: set(&words.off_topic.words),
            partitives: set(&words.partitive.words),
        }
    }
}
