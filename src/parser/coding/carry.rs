//! What events take from those told before them: the day of a happening told again, and who had accused
//! whoever denies it.

use std::collections::HashMap;

use super::cast::Who;
use super::draft::{Draft, is_speech};
use crate::parser::codebook::Id;
use crate::parser::{DateSpan, Kind, Status};

/// Sentences within which a happening of the same kind is the same day's.
const SENTENCES_MAX: usize = 3;

/// The days told so far, with the sentence and the kind of what happened.
#[derive(Debug, Default)]
pub(super) struct Days {
    told: Vec<(usize, Kind, DateSpan)>,
}

impl Days {
    /// Gives an event that has no date the day of the last of its kind shortly before, and notes
    /// the day of one that has.
    ///
    /// Only what occurred is told again so; a speech is another one.
    pub(super) fn carry(&mut self, sentence: usize, draft: &mut Draft<'_>) {
        let kind = draft.candidate.frame.kind;
        if let Some(date) = draft.date {
            if date.end == Some(date.start) {
                self.told.push((sentence, kind, date));
            }
        } else if draft.status == Status::Occurred && !is_speech(kind) {
            let is_near = |(at, _, _): &&(usize, Kind, DateSpan)| sentence - at <= SENTENCES_MAX;
            let same = |(at, told, _): &&(usize, Kind, DateSpan)| *told == kind && *at < sentence;
            let mut near = self.told.iter().rev().take_while(is_near);
            draft.date = near.find(same).map(|(_, _, date)| *date);
            draft.why.date.rule = "day of the same happening told before";
        }
    }
}

/// Who accused whom last.
#[derive(Debug, Default)]
pub(super) struct Quarrel {
    /// By who was accused.
    accusers: HashMap<Id, Who>,
}

impl Quarrel {
    /// Gives a denial without an addressee whoever accused its speaker last, and notes accusations.
    pub(super) fn carry(&mut self, draft: &mut Draft<'_>) {
        let (Some(actor), recipient) = (&draft.actor, &draft.recipient) else { return };
        match (draft.candidate.frame.kind, recipient) {
            (Kind::Accuse, Some(recipient)) => {
                self.accusers.insert(recipient.id, actor.clone());
            }
            (Kind::Deny, None) => {
                let by = self.accusers.get(&actor.id).filter(|by| by.id != actor.id);
                draft.recipient = by.map(|by| Who {
                    tokens: 0..0,
                    rule: "who had accused the speaker",
                    ..by.clone()
                });
            }
            _ => {}
        }
    }
}
