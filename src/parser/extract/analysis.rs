//! A sentence taken apart: tokens, what the codebook knows of them, coarse tags, noun groups.

use std::ops::Range;

use super::date::{self, DateMention};
use super::group::{self, Group};
use super::quantity::{self, Count};
use super::token::{Token, tokens};
use crate::parser::codebook::{Class, Codebook, Entry, Sort};

/// A phrase of the lexicon in a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit<'c> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) entry: &'c Entry,
}

/// What a token does in its sentence, as far as lists and its neighbours tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Comma,
    Quote,
    /// Dashes, colons, brackets, stops.
    Mark,
    Number,
    Determiner,
    Preposition,
    /// A preposition that begins clauses too ("after", "since").
    Linker,
    Conjunction,
    Subordinator,
    Pronoun,
    Auxiliary,
    Modal,
    Negation,
    Verb,
    Adverb,
    Possessive,
    /// Nouns, adjectives, names.
    Word,
}

/// A sentence with all that is known of it before frames are tried.
#[derive(Debug)]
pub(super) struct Analysis<'a> {
    /// Bytes of the whole text.
    pub(super) range: Range<usize>,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) hits: Vec<Hit<'a>>,
    hit_at: Vec<Option<usize>>,
    pub(super) tags: Vec<Tag>,
    pub(super) groups: Vec<Group>,
    pub(super) dates: Vec<DateMention>,
    pub(super) counts: Vec<Count>,
    /// Classes of all words.
    pub(super) classes: Class,
}

impl<'a> Analysis<'a> {
    pub(super) fn new(
        codebook: &'a Codebook,
        text: &'a str,
        range: Range<usize>,
        published: Option<jiff::civil::Date>,
    ) -> Self {
        let tokens = tokens(text, range.clone());
        let mut sentence = Self {
            range,
            hit_at: vec![None; tokens.len()],
            tags: vec![Tag::Word; tokens.len()],
            hits: Vec::new(),
            groups: Vec::new(),
            dates: Vec::new(),
            counts: Vec::new(),
            classes: Class::default(),
            tokens,
        };
        sentence.look_up(codebook);
        sentence.tag(codebook);
        sentence.groups = group::groups(codebook, &sentence);
        sentence.dates = date::dates(codebook, &sentence, published);
        sentence.counts = quantity::counts(codebook, &sentence);
        sentence
    }

    /// Returns how many tokens it has.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns the lower-case word at the position.
    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).map(|token| token.word.as_str())
    }

    /// Returns the tag at the position; past the end, a mark.
    pub(super) fn tag_at(&self, at: usize) -> Tag {
        self.tags.get(at).copied().unwrap_or(Tag::Mark)
    }

    /// Returns the lexicon's phrase that covers the token.
    pub(super) fn hit_at(&self, at: usize) -> Option<&Hit<'a>> {
        self.hit_at.get(at).copied().flatten().map(|index| &self.hits[index])
    }

    /// Returns whether the words right before the position are these.
    pub(super) fn ends_with(&self, at: usize, phrase: &[String]) -> bool {
        at >= phrase.len()
            && phrase
                .iter()
                .enumerate()
                .all(|(i, word)| self.tokens[at - phrase.len() + i].word == *word)
    }

    /// Returns whether the words from the position on are these.
    pub(super) fn starts_with(&self, at: usize, phrase: &[String]) -> bool {
        phrase.iter().enumerate().all(|(i, word)| self.word(at + i) == Some(word))
    }

    /// Returns whether the phrase stands anywhere in the sentence.
    pub(super) fn contains(&self, phrase: &[String]) -> bool {
        (0..self.len()).any(|at| self.starts_with(at, phrase))
    }

    /// Returns whether a noun group ends here.
    pub(super) fn is_break(&self, _codebook: &Codebook, at: usize) -> bool {
        !matches!(
            self.tag_at(at),
            Tag::Word | Tag::Number | Tag::Determiner | Tag::Possessive | Tag::Adverb
        )
    }

    /// Returns the words from one token to before another, as the text has them.
    pub(super) fn words(&self, text: &str, start: usize, end: usize) -> String {
        match (self.tokens.get(start), self.tokens.get(end.saturating_sub(1))) {
            (Some(first), Some(last)) if start < end => text[first.start..last.end].to_owned(),
            _ => String::new(),
        }
    }

    /// Returns the group that holds the token, with its index.
    pub(super) fn group_at(&self, at: usize) -> Option<(usize, &Group)> {
        let index = self.groups.partition_point(|group| group.end <= at);
        self.groups.get(index).filter(|group| group.start <= at).map(|group| (index, group))
    }

    /// Returns the classes of the words of a stretch.
    pub(super) fn classes_in(&self, start: usize, end: usize) -> Class {
        let from = self.hits.partition_point(|hit| hit.end <= start);
        self.hits[from..]
            .iter()
            .take_while(|hit| hit.start < end)
            .fold(Class::default(), |all, hit| all.and(hit.entry.class))
    }

    fn look_up(&mut self, codebook: &'a Codebook) {
        let mut at = 0;
        while at < self.tokens.len() {
            let word = |i: usize| self.tokens.get(at + i).map(|token| token.word.as_str());
            let spelled = |i: usize| self.tokens.get(at + i).map_or("", |token| token.text);
            let Some((entry, length)) = codebook.lexicon.longest(word, spelled) else {
                at += 1;
                continue;
            };
            let index = self.hits.len();
            self.hit_at[at..at + length].fill(Some(index));
            self.hits.push(Hit { start: at, end: at + length, entry });
            self.classes = self.classes.and(entry.class);
            at += length;
        }
    }

    fn tag(&mut self, codebook: &Codebook) {
        for at in 0..self.tokens.len() {
            self.tags[at] = self.tag_of(codebook, at);
        }
        self.mark_dateline();
        // "about 300", "more than 20": the bound belongs to the number, it governs nothing.
        for at in 1..self.tokens.len() {
            if self.tags[at] != Tag::Number {
                continue;
            }
            let bounds = codebook.words.bounds.iter();
            if let Some((phrase, _)) = bounds
                .map(|(phrase, bound)| (phrase, bound))
                .find(|(phrase, _)| self.ends_with(at, phrase))
            {
                let from = at - phrase.len();
                self.tags[from..at].fill(Tag::Adverb);
            }
        }
    }

    /// "ATHENS (Reuters) –", "BAKU/YEREVAN": the words before the sentence proper.
    fn mark_dateline(&mut self) {
        /// Tokens that a dateline has at most.
        const DATELINE_MAX: usize = 12;
        let is_upper = |token: &Token<'_>| {
            token.text.chars().count() >= 3 && token.text.chars().all(|c| !c.is_lowercase())
        };
        if !self.tokens.first().is_some_and(|token| is_upper(token) && token.is_capital()) {
            return;
        }
        let head = &self.tokens[..self.tokens.len().min(DATELINE_MAX)];
        let dash = head.iter().position(|token| matches!(token.text, "—" | "–" | "-"));
        let end = match dash {
            Some(dash) => dash + 1,
            None => {
                let upper = head.iter().position(|t| !(is_upper(t) || matches!(t.text, "/" | ",")));
                let is_place = self.hit_at(0).is_some_and(|hit| hit.entry.is_place);
                match upper {
                    Some(end) if is_place && self.tokens[end].is_capital() => end,
                    _ => return,
                }
            }
        };
        self.tags[..end].fill(Tag::Mark);
    }

    fn tag_of(&self, codebook: &Codebook, at: usize) -> Tag {
        let words = &codebook.words;
        let token = &self.tokens[at];
        let word = token.word.as_str();
        let before = at.checked_sub(1).map(|i| self.tags[i]);
        if let Some(hit) = self.hit_at(at)
            && (hit.end - hit.start > 1
                || !matches!(hit.entry.sort, Sort::Thing | Sort::Noun | Sort::Office))
        {
            return Tag::Word;
        }
        if word == "'s" {
            return if before == Some(Tag::Pronoun) || before == Some(Tag::Subordinator) {
                Tag::Auxiliary
            } else {
                Tag::Possessive
            };
        }
        if matches!(word, "'" | "’") {
            let touches = at > 0 && self.tokens[at - 1].end == token.start;
            let plural = touches && self.tokens[at - 1].word.ends_with('s');
            return if plural && before == Some(Tag::Word) { Tag::Possessive } else { Tag::Quote };
        }
        if token.is_mark() {
            return match word {
                "," => Tag::Comma,
                "\"" | "“" | "”" | "‘" | "«" | "»" => Tag::Quote,
                "$" | "€" | "£" => Tag::Number,
                "-" if before == Some(Tag::Number) => Tag::Word,
                _ => Tag::Mark,
            };
        }
        if token.is_digits()
            || words.numbers.contains_key(word)
            || words.scales.contains_key(word)
            || words.vague.contains_key(word)
        {
            return Tag::Number;
        }
        let is = |list: &std::collections::HashSet<String>| list.contains(word);
        if is(&words.negations) {
            return Tag::Negation;
        }
        if is(&words.auxiliaries) {
            return Tag::Auxiliary;
        }
        // "May" and "will" with a capital inside a sentence are names.
        if is(&words.modals) && (at == 0 || !token.is_capital()) {
            return Tag::Modal;
        }
        if is(&words.prepositions) && !(at > 0 && token.is_capital()) {
            return if is(&words.subordinators) { Tag::Linker } else { Tag::Preposition };
        }
        if is(&words.conjunctions) {
            return Tag::Conjunction;
        }
        if is(&words.subordinators) {
            return Tag::Subordinator;
        }
        if is(&words.pronouns) && token.text != "US" {
            return Tag::Pronoun;
        }
        if is(&words.determiners) {
            return Tag::Determiner;
        }
        if is(&words.adverbs) {
            return Tag::Adverb;
        }
        if words.verbs.contains(word) && (at == 0 || !token.is_capital()) {
            return self.verb_or_noun(at);
        }
        if self.looks_like_verb(at) {
            return Tag::Verb;
        }
        if word.ends_with("ly") && word.len() > 4 && !token.is_capital() {
            return Tag::Adverb;
        }
        Tag::Word
    }

    fn is_somebody_at(&self, at: usize) -> bool {
        self.hit_at(at).is_some_and(|hit| !matches!(hit.entry.sort, Sort::Thing | Sort::Place))
    }

    /// Decides for a word in no list by its ending and what stands before it.
    fn looks_like_verb(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let Some(last) = at.checked_sub(1) else { return false };
        if token.is_capital() || self.hit_at(at).is_some() || token.is_mark() {
            return false;
        }
        let inflected = token.word.ends_with("ed") || token.word.ends_with("ing");
        match self.tags[last] {
            Tag::Modal => true,
            Tag::Auxiliary | Tag::Pronoun | Tag::Negation => inflected,
            Tag::Word => {
                let sort = self.hit_at(last).map(|hit| hit.entry.sort);
                inflected
                    && matches!(sort, Some(Sort::Noun | Sort::Office | Sort::State | Sort::Named))
            }
            _ => false,
        }
    }

    /// Decides for a word that is in the list of verbs but may be a noun or an adjective here.
    fn verb_or_noun(&self, at: usize) -> Tag {
        let word = self.tokens[at].word.as_str();
        let Some(last) = at.checked_sub(1) else { return Tag::Verb };
        let before = self.tags[last];
        let known_noun = self.hit_at(at).is_some();
        let is_past = word.ends_with("ed");
        let is_gerund = word.ends_with("ing");
        let named = self.hit_at(last).map(|hit| hit.entry.sort);
        const NOUNS: &[&str] = &[
            "beating",
            "bombing",
            "briefing",
            "building",
            "crossing",
            "drowning",
            "fighting",
            "filing",
            "funding",
            "hearing",
            "killing",
            "landing",
            "meeting",
            "opening",
            "ruling",
            "shelling",
            "shooting",
            "smuggling",
            "trafficking",
            "warning",
        ];
        let of_people = matches!(named, Some(Sort::Noun | Sort::Nationals | Sort::Office));
        if before == Tag::Word && NOUNS.contains(&word) && !of_people {
            return Tag::Word;
        }
        match before {
            Tag::Determiner | Tag::Possessive => Tag::Word,
            Tag::Number if !is_past && !is_gerund => Tag::Word,
            // "12 detained drivers" against "12 detained in Calais".
            Tag::Number if is_past && self.is_somebody_at(at + 1) => Tag::Word,
            Tag::Adverb => {
                let start = self.tags[..last].iter().rposition(|tag| *tag != Tag::Adverb);
                match start.map(|i| self.tags[i]) {
                    Some(Tag::Determiner | Tag::Possessive) => Tag::Word,
                    _ => Tag::Verb,
                }
            }
            Tag::Preposition if self.tokens[last].word == "to" => Tag::Verb,
            Tag::Preposition | Tag::Linker if !is_gerund && !is_past => Tag::Word,
            Tag::Preposition if is_past => Tag::Word,
            Tag::Word => match named {
                Some(Sort::Demonym) if !is_past => Tag::Word,
                Some(Sort::Thing | Sort::Place) if known_noun && !is_past => Tag::Word,
                Some(_) => Tag::Verb,
                None if is_past || is_gerund => Tag::Verb,
                None if self.tokens[last].is_capital() => Tag::Verb,
                None if known_noun => Tag::Word,
                // A plural takes the bare form, a singular the one with s.
                None if self.tokens[last].word.ends_with('s') && word.ends_with('s') => Tag::Word,
                None if self.tokens[last].word.ends_with('s') => Tag::Verb,
                None => {
                    // "tense standoff", "new talks" against "the boat sank", "he arrived".
                    let ends_like_noun = word.ends_with('s') || word.ends_with("ion");
                    if ends_like_noun || is_common_past(word).is_none() {
                        Tag::Word
                    } else {
                        Tag::Verb
                    }
                }
            },
            Tag::Conjunction if known_noun && !is_past && !is_gerund => Tag::Word,
            _ => Tag::Verb,
        }
    }
}

/// Irregular pasts cannot be nouns: "fled", "drowned" are met elsewhere.
fn is_common_past(word: &str) -> Option<&str> {
    const PASTS: &[&str] = &[
        "fled", "sank", "came", "went", "began", "broke", "brought", "built", "caught", "drove",
        "fell", "flew", "fought", "found", "froze", "gave", "got", "grew", "held", "kept", "knew",
        "left", "lost", "made", "met", "paid", "ran", "rose", "said", "saw", "sent", "shot",
        "spoke", "stood", "struck", "swam", "took", "told", "threw", "tore", "won", "wrote",
        "beat", "hit", "shut", "died",
    ];
    PASTS.contains(&word).then_some(word)
}
