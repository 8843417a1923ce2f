//! Words that embed what happens: "said", "plans to", "a threat of", "unable to".

use std::collections::{BTreeMap, HashMap};

use super::frame::Embed;

/// Classes of embedding words by lemma, and the classes whose sense the clause reader knows.
#[derive(Debug, Default)]
pub(in crate::parser) struct Embeds {
    names: HashMap<String, Embed>,
    by_lemma: HashMap<String, Embed>,
}

impl Embeds {
    pub(super) fn compile(table: &BTreeMap<String, Vec<String>>) -> Self {
        let mut embeds = Self::default();
        for (index, (name, words)) in table.iter().enumerate() {
            let class = Embed(1_u32.checked_shl(index as u32).expect("at most 32 classes"));
            embeds.names.insert(name.clone(), class);
            for word in words {
                // "ready to", "threat of": the word itself decides.
                let lemma = word.split(' ').next().unwrap_or(word);
                let known = embeds.by_lemma.entry(lemma.to_owned()).or_default();
                *known = known.and(class);
            }
        }
        embeds
    }

    /// Returns the class of that name.
    pub(in crate::parser) fn class(&self, name: &str) -> Option<Embed> {
        self.names.get(name).copied()
    }

    pub(super) fn class_names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Returns the words of the class, in no order.
    pub(super) fn words_of(&self, name: &str) -> Vec<String> {
        let class = self.class(name).unwrap_or_default();
        let of = self.by_lemma.iter().filter(|(_, classes)| classes.meets(class));
        of.map(|(lemma, _)| lemma.clone()).collect()
    }

    /// Returns the classes of words whose subject is credited with what they embed.
    pub(in crate::parser) fn tellers(&self) -> Embed {
        ["say", "claim", "accuse", "condemn", "deny", "show", "know"]
            .into_iter()
            .filter_map(|name| self.class(name))
            .fold(Embed::default(), Embed::and)
    }

    /// Returns the classes of a word.
    pub(in crate::parser) fn of(&self, lemma: &str) -> Embed {
        self.by_lemma.get(lemma).copied().unwrap_or_default()
    }
}
