//! A sentence as parsed: tokens with tags, lemmas, heads, labels and named entities.

use std::ops::Range;

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(clippy::upper_case_acronyms, reason = "the annotation scheme's own names")]
        pub(in crate::parser) enum $name {
            $($variant,)*
        }

        impl $name {
            /// Returns the label of that name.
            pub(in crate::parser) fn named(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Returns its name in the annotation scheme.
            #[allow(dead_code, reason = "what explains an event names them")]
            pub(in crate::parser) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

labels! {
    /// Part of speech, as OntoNotes 5 extends the Penn Treebank's tags.
    Tag {
        Dollar = "$", CloseQuote = "''", Comma = ",", LRB = "-LRB-", RRB = "-RRB-", Stop = ".",
        Colon = ":", ADD = "ADD", AFX = "AFX", CC = "CC", CD = "CD", DT = "DT", EX = "EX",
        FW = "FW", HYPH = "HYPH", IN = "IN", JJ = "JJ", JJR = "JJR", JJS = "JJS", LS = "LS",
        MD = "MD", NFP = "NFP", NN = "NN", NNP = "NNP", NNPS = "NNPS", NNS = "NNS", PDT = "PDT",
        POS = "POS", PRP = "PRP", PRPS = "PRP$", RB = "RB", RBR = "RBR", RBS = "RBS", RP = "RP",
        SYM = "SYM", TO = "TO", UH = "UH", VB = "VB", VBD = "VBD", VBG = "VBG", VBN = "VBN",
        VBP = "VBP", VBZ = "VBZ", WDT = "WDT", WP = "WP", WPS = "WP$", WRB = "WRB", XX = "XX",
        SP = "_SP", OpenQuote = "``",
    }
}

impl Tag {
    /// Any form of a verb; modals are not.
    pub(in crate::parser) fn is_verb(self) -> bool {
        matches!(self, Self::VB | Self::VBD | Self::VBG | Self::VBN | Self::VBP | Self::VBZ)
    }

    /// A common or proper noun.
    pub(in crate::parser) fn is_noun(self) -> bool {
        matches!(self, Self::NN | Self::NNS | Self::NNP | Self::NNPS)
    }

    /// A proper noun.
    pub(in crate::parser) fn is_name(self) -> bool {
        matches!(self, Self::NNP | Self::NNPS)
    }
}

labels! {
    /// Dependency relation to the head, ClearNLP's labels as spaCy's English models give them.
    Label {
        Root = "ROOT", Acl = "acl", Acomp = "acomp", Advcl = "advcl", Advmod = "advmod",
        Agent = "agent", Amod = "amod", Appos = "appos", Attr = "attr", Aux = "aux",
        Auxpass = "auxpass", Case = "case", Cc = "cc", Ccomp = "ccomp", Compound = "compound",
        Conj = "conj", Csubj = "csubj", Csubjpass = "csubjpass", Dative = "dative", Dep = "dep",
        Det = "det", Dobj = "dobj", Expl = "expl", Intj = "intj", Mark = "mark", Meta = "meta",
        Neg = "neg", Nmod = "nmod", Npadvmod = "npadvmod", Nsubj = "nsubj",
        Nsubjpass = "nsubjpass", Nummod = "nummod", Oprd = "oprd", Parataxis = "parataxis",
        Pcomp = "pcomp", Pobj = "pobj", Poss = "poss", Preconj = "preconj", Predet = "predet",
        Prep = "prep", Prt = "prt", Punct = "punct", Quantmod = "quantmod", Relcl = "relcl",
        Xcomp = "xcomp",
    }
}

labels! {
    /// Type of a named entity, OntoNotes 5.
    Entity {
        Org = "ORG", Date = "DATE", Person = "PERSON", Gpe = "GPE", Money = "MONEY",
        Cardinal = "CARDINAL", Norp = "NORP", Percent = "PERCENT", Work = "WORK_OF_ART",
        Loc = "LOC", Time = "TIME", Quantity = "QUANTITY", Fac = "FAC", Event = "EVENT",
        Ordinal = "ORDINAL", Product = "PRODUCT", Law = "LAW", Language = "LANGUAGE",
    }
}

/// One token of a parsed sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parser) struct Token<'t> {
    /// As the text has it.
    pub(in crate::parser) text: &'t str,
    /// Byte offset in the text.
    pub(in crate::parser) start: usize,
    /// In lower case, with straight apostrophes.
    pub(in crate::parser) lower: String,
    /// Dictionary form in lower case ("fled" → "flee", "refugees" → "refugee").
    pub(in crate::parser) lemma: String,
    /// Part of speech.
    pub(in crate::parser) tag: Tag,
    /// Index of the head in the sentence; its own index for a root.
    pub(in crate::parser) head: usize,
    /// Relation to the head.
    pub(in crate::parser) label: Label,
}

impl Token<'_> {
    /// Byte offset after its last byte.
    pub(in crate::parser) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// A name or amount that the entity recognizer found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parser) struct Named {
    /// Tokens.
    pub(in crate::parser) tokens: Range<usize>,
    /// What it is.
    pub(in crate::parser) entity: Entity,
}

/// A parsed sentence; a tree, or several where the parser found several roots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::parser) struct Sentence<'t> {
    /// In the order of the text.
    pub(in crate::parser) tokens: Vec<Token<'t>>,
    /// In the order of the text; empty where entities were not asked for.
    pub(in crate::parser) entities: Vec<Named>,
    /// The dependents of all tokens, head by head, and where those of each head begin.
    dependents: Vec<u32>,
    starts: Vec<u32>,
}

impl<'t> Sentence<'t> {
    pub(in crate::parser) fn new(tokens: Vec<Token<'t>>, entities: Vec<Named>) -> Self {
        // By counting: how many each head has, where they begin, then each in its place.
        let mut starts = vec![0; tokens.len() + 2];
        let arcs = || tokens.iter().enumerate().filter(|(at, token)| token.head != *at);
        for (_, token) in arcs() {
            starts[token.head + 2] += 1;
        }
        for at in 2..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut dependents = vec![0; starts[tokens.len() + 1] as usize];
        for (at, token) in arcs() {
            let next = &mut starts[token.head + 1];
            dependents[*next as usize] = at as u32;
            *next += 1;
        }
        Self { tokens, entities, dependents, starts }
    }

    fn dependents(&self, head: usize) -> &[u32] {
        match self.starts.get(head..head + 2) {
            Some(&[start, end]) => &self.dependents[start as usize..end as usize],
            _ => &[],
        }
    }
    /// Returns how many tokens it has.
    pub(in crate::parser) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns the dependents of a token, in the order of the text.
    pub(in crate::parser) fn children(
        &self,
        head: usize,
    ) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.dependents(head).iter().map(|at| *at as usize)
    }

    /// Returns the stretch of tokens that hang on the token, itself and what stands between included.
    pub(in crate::parser) fn subtree(&self, head: usize) -> Range<usize> {
        let mut range = head..head + 1;
        let mut done = head..head;
        while done != range {
            let at = if done.start > range.start {
                done.start -= 1;
                done.start
            } else {
                done.end += 1;
                done.end - 1
            };
            if let [first, .., last] | [first @ last] = self.dependents(at) {
                range = range.start.min(*first as usize)..range.end.max(*last as usize + 1);
            }
        }
        range
    }

    /// Returns the first dependent with the label.
    pub(in crate::parser) fn child(&self, head: usize, label: Label) -> Option<usize> {
        self.children(head).find(|at| self.tokens[*at].label == label)
    }

    /// Returns whether the token is a root.
    pub(in crate::parser) fn is_root(&self, at: usize) -> bool {
        self.tokens[at].head == at
    }

    /// Returns the heads above the token, from its own to the root.
    pub(in crate::parser) fn heads(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let up = move |at: &usize| (!self.is_root(*at)).then(|| self.tokens[*at].head);
        std::iter::successors(up(&at), up)
    }

    /// Returns whether `above` is the token itself or one of its heads.
    pub(in crate::parser) fn is_under(&self, at: usize, above: usize) -> bool {
        at == above || self.heads(at).any(|head| head == above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::chance::Random;

    #[test]
    fn subtrees_reach_as_far_as_their_words_and_what_stands_between_hang_on_them() {
        let mut random = Random(24_112_026);
        for _ in 0..300 {
            let count = 1 + random.below(20);
            let token = |at: usize, head: usize| Token {
                text: "x",
                start: at,
                lower: String::new(),
                lemma: String::new(),
                tag: Tag::NN,
                head,
                label: Label::Dep,
            };
            let tokens: Vec<_> = (0..count).map(|at| token(at, random.below(count))).collect();
            let heads: Vec<usize> = tokens.iter().map(|token| token.head).collect();
            let sentence = Sentence::new(tokens, Vec::new());
            for head in 0..count {
                let hangs = |at: &usize| *at != head && heads[*at] == head;
                let children: Vec<usize> = (0..count).filter(hangs).collect();
                assert_eq!(sentence.children(head).collect::<Vec<_>>(), children, "{heads:?}");
                let mut range = head..head + 1;
                while let Some(at) =
                    (0..count).find(|at| !range.contains(at) && range.contains(&heads[*at]))
                {
                    range = range.start.min(at)..range.end.max(at + 1);
                }
                assert_eq!(sentence.subtree(head), range, "{head} of {heads:?}");
            }
            assert_eq!(sentence.children(count).next(), None);
        }
    }
}
