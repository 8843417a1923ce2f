//! What of a document's text is read: its lines without what agencies and web pages put around them.
//!
//! Nothing is taken out of the text: what is passed over is told as ranges of it, so that every
//! later offset is one of the document's text.

mod dateline;
mod noise;
mod phrases;

use std::ops::Range;

pub(in crate::parser) use self::dateline::Dateline;
use self::dateline::Stands;
use self::noise::Cut;

/// What stands in a text and is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::parser) enum Noise {
    /// "ATHENS (Reuters) –": where and by whom a report was written.
    Dateline,
    /// "By Jane Doe".
    Byline,
    /// "BREAKING:", "UPDATE 2-".
    Kicker,
    /// Who took a photograph, and captions that are marked as such.
    Credit,
    /// "Reporting by …; editing by …".
    Reporters,
    /// "Read more: …", "The post … appeared first on …".
    Pointer,
    /// "Sign up for …".
    SignUp,
    /// "Advertisement".
    Advertisement,
    /// "Share this", "Follow us".
    Sharing,
    /// "© …".
    Copyright,
    /// "Tags: …", a line of hashtags.
    Tags,
    /// An address of the web or of mail, alone.
    Address,
    /// "Published 8 November 2021 12:30 GMT", alone.
    Time,
    /// Bullets, numbers of a list, rows of stars, "[…]".
    Mark,
    /// The name of the publisher behind a headline.
    Publisher,
}

/// A stretch that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parser) struct Skipped {
    /// Bytes of the text.
    pub(in crate::parser) range: Range<usize>,
    pub(in crate::parser) noise: Noise,
}

/// What a name at the head of a text stands for, as far as the codebook knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Known {
    /// A place, a state or a capital.
    Place,
    /// Anything else: a body, a person, a word.
    Other,
    /// Nothing that the codebook has.
    Unknown,
}

/// A text as it is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::parser) struct Readable {
    /// Bytes of the text that are read: in order, apart from each other, never empty, without white
    /// space around them, none across the end of a line.
    pub(in crate::parser) passages: Vec<Range<usize>>,
    /// What is passed over, in order and apart from each other and from the passages.
    pub(in crate::parser) skipped: Vec<Skipped>,
    /// Where the report says that it was written, in order; nearly always none or one.
    pub(in crate::parser) datelines: Vec<Dateline>,
}

/// Returns what is read of a document's text; a line is a block, headings and list items are too.
///
/// `known` is asked for names at the heads of lines. Time is linear in the length of the text.
pub(in crate::parser) fn readable(text: &str, known: impl Fn(&str) -> Known) -> Readable {
    let mut readable = Readable::default();
    for line in lines(text) {
        readable.read_line(text, line, &known);
    }
    readable
}

/// Returns what is read of a headline: all but kickers, datelines that are marked as such, and the
/// publisher's name at the end ("… | Border Daily").
pub(in crate::parser) fn headline(title: &str, known: impl Fn(&str) -> Known) -> Readable {
    let mut readable = Readable::default();
    for line in lines(title) {
        let line = readable.without_head(title, line, Stands::Elsewhere, &known);
        readable.read(title, line);
    }
    if let Some(last) = readable.passages.last_mut()
        && let Some(end) = noise::publisher(&title[last.clone()])
    {
        let end = last.start + end;
        readable.skipped.push(Skipped { range: end..last.end, noise: Noise::Publisher });
        *last = trimmed(title, last.start..end);
        readable.skipped.sort_by_key(|skipped| skipped.range.start);
    }
    readable
}

impl Readable {
    fn read_line(&mut self, text: &str, line: Range<usize>, known: &impl Fn(&str) -> Known) {
        if let Some(noise) = noise::of_line(&text[line.clone()]) {
            self.skip(line, noise);
            return;
        }
        let stands = if self.passages.is_empty() { Stands::First } else { Stands::Elsewhere };
        let line = self.without_head(text, line, stands, known);
        let mut from = line.start;
        for Cut { range, noise } in noise::inside(&text[line.clone()]) {
            let range = line.start + range.start..line.start + range.end;
            self.read(text, from..range.start);
            from = range.end;
            self.skip(range, noise);
        }
        self.read(text, from..line.end);
    }

    /// Passes over list marks, kickers, bylines and datelines; returns the rest of the line.
    fn without_head(
        &mut self,
        text: &str,
        mut line: Range<usize>,
        stands: Stands,
        known: &impl Fn(&str) -> Known,
    ) -> Range<usize> {
        while let Some((length, noise)) = noise::head(&text[line.clone()], known) {
            self.skip(line.start..line.start + length, noise);
            line = trimmed(text, line.start + length..line.end);
        }
        if let Some(found) = dateline::at_head(&text[line.clone()], stands, known) {
            let found = found.moved(line.start);
            self.skip(found.range.clone(), Noise::Dateline);
            line = trimmed(text, found.range.end..line.end);
            self.datelines.push(found);
        }
        line
    }

    fn skip(&mut self, range: Range<usize>, noise: Noise) {
        if !range.is_empty() {
            self.skipped.push(Skipped { range, noise });
        }
    }

    fn read(&mut self, text: &str, range: Range<usize>) {
        let range = trimmed(text, range);
        if range.is_empty() {
            return;
        }
        if text[range.clone()].contains(char::is_alphanumeric) {
            self.passages.push(range);
        } else {
            self.skip(range, Noise::Mark);
        }
    }
}

/// Returns the lines that hold something, without the white space around them.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let ends_line =
        |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut start = 0;
    text.split_inclusive(ends_line).filter_map(move |line| {
        let range = trimmed(text, start..start + line.len());
        start += line.len();
        (!range.is_empty()).then_some(range)
    })
}

/// Returns the range without white space and invisible characters at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let is_blank = |c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let within = text[range.clone()].trim_end_matches(is_blank);
    let end = range.start + within.len();
    end - within.trim_start_matches(is_blank).len()..end
}

#[cfg(test)]
mod tests;
