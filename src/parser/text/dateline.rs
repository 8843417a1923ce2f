//! The dateline of a report: where, when and by which agency it was written.

use std::ops::Range;

use super::Known;
use super::phrases::PHRASES;

/// Longest head of a line that is searched, in bytes: "KUALA LUMPUR, Malaysia, Nov. 8, 2021
/// (Thomson Reuters Foundation) –" has 70.
const HEAD_BYTES_MAX: usize = 160;

/// Longest content of brackets that names an agency or a day, in bytes.
const BRACKET_BYTES_MAX: usize = 48;

/// Words of one part of a place: "Santa Cruz de la Sierra" has five.
const PART_WORDS_MAX: usize = 6;

/// Where a report was written; ranges are bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parser) struct Dateline {
    /// All of it, with the dash behind it.
    pub(in crate::parser) range: Range<usize>,
    /// The place with its region ("KASTANIES, Greece"), where one is told.
    pub(in crate::parser) place: Option<Range<usize>>,
    /// The agency, without its brackets.
    pub(in crate::parser) agency: Option<Range<usize>>,
    /// The day ("Nov 8", "8 November 2021").
    pub(in crate::parser) day: Option<Range<usize>>,
}

impl Dateline {
    /// Returns it with all ranges moved on.
    pub(super) fn moved(self, by: usize) -> Self {
        let moved = |range: Range<usize>| range.start + by..range.end + by;
        Self {
            range: moved(self.range),
            place: self.place.map(moved),
            agency: self.agency.map(moved),
            day: self.day.map(moved),
        }
    }
}

/// Where a line stands that may begin with a dateline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// Nothing is read before it.
    First,
    /// Further down, or as a headline.
    Elsewhere,
}

/// Returns the dateline that the line begins with.
///
/// With an agency, a day or a place in capitals before a dash it is one wherever it stands; a known
/// place and a dash, or capitals alone ("ATHENS Greek police …"), make one only in the first line
/// that is read.
pub(super) fn at_head(
    line: &str,
    stands: Stands,
    known: impl Fn(&str) -> Known,
) -> Option<Dateline> {
    let head = &line[..line.floor_char_boundary(HEAD_BYTES_MAX)];
    let mut reader = Reader { line, stands, pieces: pieces(head), at: 0, found: Found::default() };
    let end = reader.read(&known)?;
    // A line that is a dateline as a whole is one too.
    let rest = line[end..].trim_start();
    if !rest.is_empty() && !begins_sentence(rest) {
        return None;
    }
    let Found { place, agency, day, .. } = reader.found;
    Some(Dateline { range: 0..line.len() - rest.len(), place, agency, day })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Word,
    Comma,
    Dash,
    Colon,
    /// In brackets or between slashes; the range is what stands in them.
    Bracket,
    /// Whatever no dateline has.
    Other,
}

#[derive(Clone, Debug)]
struct Piece {
    sort: Sort,
    range: Range<usize>,
    /// Where the next piece may begin.
    end: usize,
}

/// Takes the head of a line apart.
fn pieces(head: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    while let Some(c) = head[at..].chars().next() {
        let rest = &head[at..];
        let one = c.len_utf8();
        let (sort, range, length) = match c {
            _ if c.is_whitespace() => {
                at += one;
                continue;
            }
            ',' => (Sort::Comma, 0..one, one),
            ':' => (Sort::Colon, 0..one, one),
            '–' | '—' | '―' | '-' => {
                let run = rest.trim_start_matches(['–', '—', '―', '-']);
                (Sort::Dash, 0..one, rest.len() - run.len())
            }
            '(' | '[' | '/' => match bracket(rest, c) {
                Some(length) => (Sort::Bracket, one..length - 1, length),
                None => (Sort::Other, 0..one, one),
            },
            _ if c.is_alphanumeric() => {
                let length = word(rest);
                (Sort::Word, 0..length, length)
            }
            _ => (Sort::Other, 0..one, one),
        };
        pieces.push(Piece { sort, range: at + range.start..at + range.end, end: at + length });
        at += length;
        if sort == Sort::Other {
            break;
        }
    }
    pieces
}

/// Returns the length of what stands in brackets, with them.
fn bracket(rest: &str, open: char) -> Option<usize> {
    let close = match open {
        '(' => ')',
        '[' => ']',
        other => other,
    };
    let within = &rest[1..rest.floor_char_boundary(BRACKET_BYTES_MAX)];
    within.find(close).filter(|end| *end > 0).map(|end| end + 2)
}

/// Returns the length of the word; stops, hyphens and apostrophes belong to it, dashes do not.
fn word(rest: &str) -> usize {
    let mut last = ' ';
    for (at, c) in rest.char_indices() {
        let next = rest[at + c.len_utf8()..].chars().next();
        let goes_on = match c {
            '.' => true,
            '-' | '/' => next.is_some_and(char::is_alphanumeric) && last != '.',
            '\'' | '’' => next.is_some_and(char::is_alphabetic),
            _ => c.is_alphanumeric(),
        };
        if !goes_on {
            return at;
        }
        last = c;
    }
    rest.len()
}

#[derive(Debug, Default)]
struct Found {
    place: Option<Range<usize>>,
    agency: Option<Range<usize>>,
    day: Option<Range<usize>>,
    /// The first part of the place is written in capitals.
    is_upper: bool,
    /// The place stands in more than one part.
    has_region: bool,
}

struct Reader<'t> {
    line: &'t str,
    stands: Stands,
    pieces: Vec<Piece>,
    at: usize,
    found: Found,
}

impl<'t> Reader<'t> {
    fn sort(&self, at: usize) -> Option<Sort> {
        self.pieces.get(at).map(|piece| piece.sort)
    }

    fn text(&self, at: usize) -> &'t str {
        self.pieces.get(at).map_or("", |piece| &self.line[piece.range.clone()])
    }

    fn lower(&self, at: usize) -> String {
        self.text(at).trim_end_matches('.').to_lowercase()
    }

    /// Returns the byte after the dateline.
    fn read(&mut self, known: &impl Fn(&str) -> Known) -> Option<usize> {
        self.place_part();
        loop {
            let piece = self.pieces.get(self.at)?.clone();
            match piece.sort {
                Sort::Dash => return self.is_told_by_dash(known).then_some(piece.end),
                Sort::Colon => return self.is_told_by_colon(known).then_some(piece.end),
                Sort::Comma => {
                    self.at += 1;
                    if self.day() || self.named_agency() {
                        continue;
                    }
                    if self.found.agency.is_some() || !self.place_part() {
                        return None;
                    }
                }
                Sort::Bracket => self.bracketed()?,
                Sort::Word if self.day() || self.named_agency() => {}
                Sort::Word | Sort::Other => return self.without_mark(known),
            }
            if self.at == self.pieces.len() {
                return self.at_end(known);
            }
        }
    }

    /// Reads a part of the place: words in capitals, or capitalised words.
    fn place_part(&mut self) -> bool {
        let start = self.at;
        if self.sort(start) != Some(Sort::Word)
            || !is_capitalised(self.text(start))
            || self.is_day_word(start)
            || self.is_agency(start)
        {
            return false;
        }
        let is_upper = is_upper(self.text(start));
        while self.at - start < PART_WORDS_MAX && self.sort(self.at) == Some(Sort::Word) {
            let word = self.text(self.at);
            let fits = |word: &str| {
                if is_upper { is_upper_or_initials(word) } else { is_capitalised(word) }
            };
            let links = PHRASES.is_link(&word.to_lowercase()) && fits(self.text(self.at + 1));
            let stays = fits(word) || self.at > start && links;
            if !stays || self.is_day_word(self.at) || self.is_agency(self.at) {
                break;
            }
            self.at += 1;
            // "MOSCOW. Nov 8 (Interfax) -"
            if word.ends_with('.') && word.len() > 4 {
                break;
            }
        }
        let range = self.pieces[start].range.start..self.pieces[self.at - 1].range.end;
        match &mut self.found.place {
            None => {
                self.found.is_upper = is_upper;
                self.found.place = Some(range);
            }
            Some(place) => {
                self.found.has_region = true;
                place.end = range.end;
            }
        }
        true
    }

    fn is_day_word(&self, at: usize) -> bool {
        let lower = self.lower(at);
        PHRASES.is_month(&lower)
            || PHRASES.is_weekday(&lower)
            || is_number(lower.trim_end_matches(['t', 'h', 's', 'n', 'd', 'r']))
    }

    /// Reads a day: a month and a number in any order, with a year or a day of the week.
    fn day(&mut self) -> bool {
        let start = self.at;
        let mut end = start;
        let mut at = start;
        let mut has_name = false;
        while at - start < 6 {
            match self.sort(at) {
                Some(Sort::Word) if self.is_day_word(at) => {
                    has_name |= !is_number(&self.lower(at));
                    end = at + 1;
                }
                Some(Sort::Comma) if end > start => {}
                _ => break,
            }
            at += 1;
        }
        if !has_name {
            return false;
        }
        self.found.day = Some(self.pieces[start].range.start..self.pieces[end - 1].range.end);
        self.at = end;
        true
    }

    fn is_agency(&self, at: usize) -> bool {
        let ends =
            matches!(self.sort(at + 1), None | Some(Sort::Dash | Sort::Comma | Sort::Bracket));
        self.sort(at) == Some(Sort::Word) && ends && PHRASES.is_agency(self.text(at))
    }

    /// Reads the name of an agency that stands without brackets.
    fn named_agency(&mut self) -> bool {
        if !self.is_agency(self.at) {
            return false;
        }
        self.found.agency = Some(self.pieces[self.at].range.clone());
        self.at += 1;
        true
    }

    /// Reads what stands in brackets: a country, a day, or an agency.
    fn bracketed(&mut self) -> Option<()> {
        let range = self.pieces[self.at].range.clone();
        let content = &self.line[range.clone()];
        let mut words = content.split([' ', ',', '.']).filter(|word| !word.is_empty());
        let is_day = words.clone().any(|word| PHRASES.is_month(&word.to_lowercase()))
            && words.all(|word| is_number(word) || PHRASES.is_time(&word.to_lowercase()));
        if is_day {
            self.found.day = Some(range);
        } else if self.line.as_bytes().get(range.start - 1) == Some(&b'[')
            && !PHRASES.is_agency(content)
        {
            let place = self.found.place.as_mut()?;
            place.end = range.end + 1;
            self.found.has_region = true;
        } else if self.found.agency.is_none()
            && (is_capitalised(content) || PHRASES.is_agency(content))
        {
            self.found.agency = Some(range);
        } else {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Returns what the codebook knows of the place, its first part before its region.
    fn known(&self, known: &impl Fn(&str) -> Known) -> Known {
        let Some(place) = &self.found.place else { return Known::Unknown };
        let words = &self.line[place.clone()];
        let whole = known(words);
        if whole != Known::Unknown {
            return whole;
        }
        let mut parts = words.split([',', '/', '[', ']', '.']).map(str::trim);
        let first = parts.next().map_or(Known::Unknown, known);
        if first == Known::Other || !parts.any(|part| known(part) == Known::Place) {
            return first;
        }
        Known::Place
    }

    fn is_told_by_dash(&self, known: &impl Fn(&str) -> Known) -> bool {
        let Found { place, agency, day, is_upper, has_region } = &self.found;
        if agency.is_some() {
            // "Doe (Labour) – Migrants": whoever stands before brackets must be able to be a place.
            return place.is_none() || self.known(known) != Known::Other || *is_upper;
        }
        let Some(place) = place else { return false };
        match self.known(known) {
            Known::Place => {
                *is_upper || day.is_some() || *has_region || self.stands == Stands::First
            }
            Known::Other => false,
            Known::Unknown => {
                let letters = self.line[place.clone()].chars().filter(|c| c.is_alphabetic());
                day.is_some() || *is_upper && letters.count() >= 4
            }
        }
    }

    fn is_told_by_colon(&self, known: &impl Fn(&str) -> Known) -> bool {
        let Found { place, agency, day, is_upper, .. } = &self.found;
        if place.is_none() {
            return false;
        }
        let is_place = self.known(known) == Known::Place;
        is_place && *is_upper || (is_place || *is_upper) && (agency.is_some() || day.is_some())
    }

    /// Decides where the sentence follows without a dash.
    fn without_mark(&self, known: &impl Fn(&str) -> Known) -> Option<usize> {
        let Found { place, agency, day, is_upper, has_region } = &self.found;
        let end = self.pieces[self.at.checked_sub(1)?].end;
        let next = self.text(self.at);
        if let Some(agency) = agency {
            // "New Delhi, Nov 8 (PTI) The …", "MOSCOW, November 8. /TASS/. The …".
            let is_told = place.is_some() && PHRASES.is_agency(&self.line[agency.clone()]);
            let stop = usize::from(self.line[end..].starts_with('.'));
            return (is_told && (day.is_some() || *is_upper)).then_some(end + stop);
        }
        let place = place.as_ref().filter(|_| *is_upper && self.stands == Stands::First)?;
        if self.sort(self.at) != Some(Sort::Word) || !is_capitalised(next) || is_upper_word(next) {
            return None;
        }
        // In a headline every word of weight has a capital: "NATO Offers Support to Poland".
        let after = self.line[end..].split_whitespace().take(6);
        let is_small = |word: &str| word.len() >= 4 && word.starts_with(char::is_lowercase);
        if !after.into_iter().any(is_small) {
            return None;
        }
        let name = &self.line[place.clone()];
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        let is_told = match self.known(known) {
            Known::Place => letters >= 4,
            Known::Other => false,
            Known::Unknown => {
                letters >= 5
                    && !*has_region
                    && name.contains(['A', 'E', 'I', 'O', 'U', 'Y'])
                    && !name.split(' ').any(|word| PHRASES.is_opener(word))
                    && !PHRASES.is_title(next)
            }
        };
        is_told.then_some(end)
    }

    /// Decides for a line that holds nothing else.
    fn at_end(&self, known: &impl Fn(&str) -> Known) -> Option<usize> {
        let Found { place, agency, day, is_upper, .. } = &self.found;
        let is_place = place.is_some() && self.known(known) == Known::Place;
        let is_told = match (agency, day) {
            (None, None) => is_place && *is_upper,
            (Some(agency), _) => {
                (is_place || *is_upper) && PHRASES.is_agency(&self.line[agency.clone()])
            }
            (None, Some(_)) => is_place,
        };
        let is_whole = self.pieces.last().is_some_and(|last| last.end == self.line.len());
        (is_told && is_whole).then_some(self.line.len())
    }
}

fn is_capitalised(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_upper(word: &str) -> bool {
    is_upper_word(word) && word.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

/// No letter is small, and one is there.
fn is_upper_word(word: &str) -> bool {
    word.contains(char::is_uppercase) && !word.contains(char::is_lowercase)
}

fn is_upper_or_initials(word: &str) -> bool {
    is_upper(word) || is_upper_word(word) && word.ends_with('.')
}

/// Returns whether the text begins as sentences do, quotes and brackets aside.
fn begins_sentence(rest: &str) -> bool {
    let first = rest.chars().find(|c| c.is_alphanumeric() || c.is_whitespace());
    first.is_some_and(|c| !c.is_lowercase() && c.is_alphanumeric())
        || !rest.chars().take(40).any(|c| c.is_lowercase() || c.is_uppercase())
}
