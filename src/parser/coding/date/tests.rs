//! Dates in sentences of our own, and in texts that must not trouble the reader.

mod measure;

use jiff::civil::date;

use super::*;
use crate::parser::coding::trial::{bare, parse, random, tools};

/// A Tuesday.
const PUBLISHED: Date = date(2021, 11, 16);

fn span(span: Option<DateSpan>) -> String {
    match span {
        None => "?".to_owned(),
        Some(DateSpan { start, end: None }) => format!("{start}.."),
        Some(DateSpan { start, end: Some(end) }) if start == end => start.to_string(),
        Some(DateSpan { start, end: Some(end) }) => format!("{start}..{end}"),
    }
}

/// The dates of a sentence as `words = span`, a yardstick in brackets.
fn shown(text: &str, published: Option<Date>) -> String {
    let sentence = parse(text);
    let mentions = dates(&sentence, &tools().codebook.measures, published);
    let shown = mentions.iter().map(|mention| {
        let tokens = &sentence.tokens[mention.tokens.clone()];
        let words = &text[tokens[0].start..tokens[tokens.len() - 1].end()];
        let span = span(mention.span(mention.tense));
        if mention.is_yardstick {
            format!("[{words} = {span}]")
        } else {
            format!("{words} = {span}")
        }
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .filter_map(|(text, want)| {
            let got = shown(text, Some(PUBLISHED));
            (got != *want).then(|| format!("{text}\n  want {want}\n  got  {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn weekdays_look_back_and_ahead_with_the_verb() {
    check(&[
        ("Guards closed the crossing on Monday.", "on Monday = 2021-11-15"),
        ("Guards closed the crossing Tuesday.", "Tuesday = 2021-11-16"),
        ("The army moved in on Wednesday night.", "on Wednesday night = 2021-11-10"),
        ("Ministers will meet on Friday.", "on Friday = 2021-11-19"),
        ("Ministers are expected to meet on Tuesday.", "on Tuesday = 2021-11-16"),
        ("The minister plans to visit the border on Thursday.", "on Thursday = 2021-11-18"),
        (
            "Talks are due on Wednesday, the ministry said on Monday.",
            "on Wednesday = 2021-11-17; on Monday = 2021-11-15",
        ),
        ("The ministry said Monday that it would send troops.", "Monday = 2021-11-15"),
        ("The crossing will stay shut until Friday.", "until Friday = 2021-11-16..2021-11-19"),
        ("The crossing was closed until Friday.", "until Friday = 2021-11-16..2021-11-19"),
        ("Hundreds have camped there since Saturday.", "since Saturday = 2021-11-13.."),
        ("They crossed last Tuesday.", "last Tuesday = 2021-11-09"),
        ("They crossed last Friday.", "last Friday = 2021-11-12"),
        ("They will be flown home next Friday.", "next Friday = 2021-11-26"),
        ("They crossed on Friday of last week.", "on Friday of last week = 2021-11-12"),
        ("Police found the body early on Sunday.", "early on Sunday = 2021-11-14"),
        (
            "Police found them in the early hours of Sunday morning.",
            "in the early hours of Sunday morning = 2021-11-14",
        ),
        ("The boat left on Monday, Nov. 8, from the port.", "on Monday, Nov. 8 = 2021-11-08"),
        ("The boat left on Thursday 4 November.", "on Thursday 4 November = 2021-11-04"),
        (
            "Dozens crossed on Saturday and Sunday.",
            "on Saturday and Sunday = 2021-11-13..2021-11-14",
        ),
        ("Dozens crossed on Monday and Friday.", "on Monday = 2021-11-15; Friday = 2021-11-12"),
        (
            "Dozens crossed between Monday night and Tuesday morning.",
            "between Monday night and Tuesday morning = 2021-11-15..2021-11-16",
        ),
        (
            "The bridge was shut from Friday to Sunday.",
            "from Friday to Sunday = 2021-11-12..2021-11-14",
        ),
        (
            "Fighting went on for a third day on Sunday.",
            "for a third day on Sunday = 2021-11-12..2021-11-14",
        ),
        ("By Monday afternoon hundreds had arrived.", "By Monday afternoon = 2021-11-15"),
        ("He wrote in the Sunday Times.", ""),
        ("Shops were full on Black Friday.", ""),
    ]);
}

#[test]
fn days_are_counted_from_publication() {
    check(&[
        ("The army left today.", "today = 2021-11-16"),
        ("Shots were fired last night.", "last night = 2021-11-15"),
        ("Shots were fired overnight.", "overnight = 2021-11-15..2021-11-16"),
        ("Yesterday, police cleared the camp.", "Yesterday = 2021-11-15"),
        ("They will be sent back tomorrow.", "tomorrow = 2021-11-17"),
        ("The ship docked three days ago.", "three days ago = 2021-11-13"),
        ("The ship docked a week ago.", "a week ago = 2021-11-09"),
        ("The wall was built two years ago.", "two years ago = 2019-01-01..2019-12-31"),
        (
            "The wall was built two-and-a-half years ago.",
            "two-and-a-half years ago = 2019-05-01..2019-05-31",
        ),
        (
            "Over the past 24 hours, 40 people crossed.",
            "Over the past 24 hours = 2021-11-15..2021-11-16",
        ),
        ("Over the past week, 40 people crossed.", "Over the past week = 2021-11-09..2021-11-16"),
        (
            "In the last three days, 40 people crossed.",
            "In the last three days = 2021-11-13..2021-11-16",
        ),
        ("The fence will be finished in two weeks' time.", "in two weeks' time = 2021-11-30"),
        ("Clashes broke out in recent days.", ""),
        ("They were held for three days.", ""),
        ("A 24-hour strike began.", ""),
        ("They walked for the next two days.", "for the next two days = 2021-11-16..2021-11-18"),
        ("Two days later they were sent back.", "Two days later = ?"),
        ("He was sent back the next day.", "the next day = ?"),
    ]);
}

#[test]
fn weeks_months_and_years_are_spans() {
    check(&[
        ("The troops arrived last week.", "last week = 2021-11-08..2021-11-14"),
        ("The troops arrived this week.", "this week = 2021-11-15..2021-11-16"),
        ("The troops arrived earlier this week.", "earlier this week = 2021-11-15..2021-11-16"),
        ("The troops arrived this weekend.", "this weekend = 2021-11-13..2021-11-14"),
        ("The troops will arrive this weekend.", "this weekend = 2021-11-20..2021-11-21"),
        ("The troops arrived over the weekend.", "over the weekend = 2021-11-13..2021-11-14"),
        ("The troops will leave next month.", "next month = 2021-12-01..2021-12-31"),
        ("Poland shut the crossing last month.", "last month = 2021-10-01..2021-10-31"),
        ("Poland shut the crossing late last month.", "late last month = 2021-10-21..2021-10-31"),
        ("Poland shut the crossing in August.", "in August = 2021-08-01..2021-08-31"),
        ("Poland shut the crossing in December.", "in December = 2020-12-01..2020-12-31"),
        ("Poland will open the crossing in March.", "in March = 2022-03-01..2022-03-31"),
        ("Poland shut the crossing in early May.", "in early May = 2021-05-01..2021-05-10"),
        ("Poland shut the crossing in mid-May.", "in mid-May = 2021-05-11..2021-05-20"),
        ("Poland shut the crossing in May 2020.", "in May 2020 = 2020-05-01..2020-05-31"),
        ("The crossing has been shut since August.", "since August = 2021-08-01.."),
        ("The crossing has been shut since 2015.", "since 2015 = 2015-01-01.."),
        ("The crossing was shut in 2015 and 2016.", "in 2015 and 2016 = 2015-01-01..2016-12-31"),
        (
            "The crossing was shut from March to May 2020.",
            "from March to May 2020 = 2020-03-01..2020-05-31",
        ),
        (
            "The crossing was shut between December 2020 and March 2021.",
            "between December 2020 and March 2021 = 2020-12-01..2021-03-31",
        ),
        (
            "The crossing was shut in July and August.",
            "in July and August = 2021-07-01..2021-08-31",
        ),
        ("So far this year, 400 have drowned.", "So far this year = 2021-01-01..2021-11-16"),
        (
            "In the first six months of this year 400 drowned.",
            "In the first six months of this year = 2021-01-01..2021-06-30",
        ),
        (
            "In the first half of 2023 the number fell.",
            "In the first half of 2023 = 2023-01-01..2023-06-30",
        ),
        (
            "In the third quarter of 2020 the number fell.",
            "In the third quarter of 2020 = 2020-07-01..2020-09-30",
        ),
        ("Camps were set up this summer.", "this summer = 2021-06-01..2021-08-31"),
        ("Camps were set up last winter.", "last winter = 2020-12-01..2021-02-28"),
        (
            "Camps were set up in the summer of 2015.",
            "in the summer of 2015 = 2015-06-01..2015-08-31",
        ),
        ("Camps were set up during the summer.", "during the summer = 2021-06-01..2021-08-31"),
        ("In the 1990s thousands fled.", "In the 1990s = 1990-01-01..1999-12-31"),
        ("The 2016 deal with Turkey holds.", "The 2016 = 2016-01-01..2016-12-31"),
        ("At the end of June the guards left.", "At the end of June = 2021-06-21..2021-06-30"),
        (
            "Since the beginning of the year, 20 have died.",
            "Since the beginning of the year = 2021-01-01..",
        ),
        (
            "Numbers fell in the winter of 2015-16.",
            "in the winter of 2015-16 = 2015-12-01..2016-02-29",
        ),
        ("Seven have died since the crisis began this summer.", "this summer = 2021-06-01.."),
    ]);
}

#[test]
fn days_of_months_come_in_any_order() {
    check(&[
        ("The drill ended on 12 December 2020.", "on 12 December 2020 = 2020-12-12"),
        ("The drill ended on Dec. 12, 2020.", "on Dec. 12, 2020 = 2020-12-12"),
        ("The drill ended on December 12th.", "on December 12th = 2021-12-12"),
        ("The drill ended on the 3rd of May.", "on the 3rd of May = 2021-05-03"),
        ("The drill ended on 2021-05-03.", "on 2021-05-03 = 2021-05-03"),
        ("The drill ended on 25/12/2020.", "on 25/12/2020 = 2020-12-25"),
        ("The drill will last until Dec. 12.", "until Dec. 12 = 2021-11-16..2021-12-12"),
        ("The drill will be held on January 10.", "on January 10 = 2022-01-10"),
        ("The drill was held on January 10.", "on January 10 = 2021-01-10"),
        (
            "The drill was held from 3 to 5 November.",
            "from 3 to 5 November = 2021-11-03..2021-11-05",
        ),
        ("The drill was held on November 3-5.", "on November 3-5 = 2021-11-03..2021-11-05"),
        (
            "The drill was held from Oct. 30 to Nov. 2.",
            "from Oct. 30 to Nov. 2 = 2021-10-30..2021-11-02",
        ),
        ("The August 9 vote was followed by protests.", "The August 9 = 2021-08-09"),
        ("They arrived on Christmas Eve.", "on Christmas Eve = 2021-12-24"),
    ]);
}

#[test]
fn numbers_and_names_are_no_dates() {
    check(&[
        ("It may close the border.", ""),
        ("Theresa May met him.", ""),
        ("Thousands march along the road.", ""),
        ("Under Title 42 some 2,015 people were sent back.", ""),
        ("Some 2000 migrants arrived.", ""),
        ("He was aged 12 and had 20 euros.", ""),
        ("They may not leave, he said.", ""),
        ("The fall of the city sent people fleeing.", ""),
        ("They sprang over the fence at 4:38 p.m.", ""),
    ]);
}

#[test]
fn what_is_compared_with_is_a_yardstick() {
    check(&[
        ("More people crossed than in 2015.", "[in 2015 = 2015-01-01..2015-12-31]"),
        ("It closed for the first time since 2015.", "[since 2015 = 2015-01-01..]"),
        ("Arrivals rose to 300, compared with 100 in May.", "[in May = 2021-05-01..2021-05-31]"),
        ("Arrivals were up from 300 in 2014.", "[in 2014 = 2014-01-01..2014-12-31]"),
    ]);
}

#[test]
fn without_publication_only_full_dates_have_days() {
    for (text, want) in [
        ("They left on Monday.", "on Monday = ?"),
        ("They left last week.", "last week = ?"),
        ("They left in May.", "in May = ?"),
        ("They left in May 2020.", "in May 2020 = 2020-05-01..2020-05-31"),
        ("They left on 3 May 2020.", "on 3 May 2020 = 2020-05-03"),
        ("They left in 2015.", "in 2015 = 2015-01-01..2015-12-31"),
    ] {
        assert_eq!(shown(text, None), want, "{text}");
    }
}

#[test]
fn days_of_the_text_count_from_the_day_it_spoke_of() {
    let text = "Two days later they were sent back.";
    let mentions = dates(&parse(text), &tools().codebook.measures, Some(PUBLISHED));
    assert!(mentions[0].is_of_text());
    let got = mentions[0].span_from(Tense::Past, Some(date(2021, 11, 30)));
    assert_eq!(span(got), "2021-12-02");
}

#[test]
fn a_date_hangs_on_what_governs_it() {
    for (text, word) in [
        ("Troops who crossed on Sunday were seen again by farmers.", "crossed"),
        ("The minister said on Monday that troops would leave.", "said"),
        ("Poland rejected the deal of 2016 with Turkey.", "deal"),
    ] {
        let sentence = parse(text);
        let mentions = dates(&sentence, &tools().codebook.measures, Some(PUBLISHED));
        assert_eq!(sentence.tokens[mentions[0].governor].text, word, "{text}");
    }
}

const SCRAPS: &[&str] = &[
    "Monday",
    "May",
    "March",
    "the",
    "last",
    "next",
    "this",
    "past",
    "first",
    "week",
    "of",
    "to",
    "-",
    "and",
    "2015",
    "31",
    "30",
    "29",
    "February",
    "12th",
    "early",
    "late",
    "mid",
    "end",
    "so",
    "far",
    "year",
    "ago",
    "three",
    "a",
    "999999999999",
    "2147483647",
    "00",
    "0",
    "in",
    "until",
    "since",
    "from",
    "between",
    ",",
    ".",
    "'s",
    "s",
    "1990",
    "Q4",
    "half",
    "later",
    "earlier",
    "days",
    "decades",
    "9999",
    "for",
    "day",
    "th",
    "’",
    "é",
    "2021-02-30",
    "30.02.2021",
    "1/2/3",
    "Dec.",
    "weekend",
    "hours",
    "fortnight",
    "quarter",
    "overnight",
    "400",
    "winter",
    "fall",
];

#[test]
fn no_heap_of_scraps_makes_it_panic() {
    let mut state = 0x5eed_u64;
    for round in 0..4000 {
        let words: Vec<_> = (0..12).map(|_| SCRAPS[random(&mut state) % SCRAPS.len()]).collect();
        let glue = if round % 3 == 0 { "" } else { " " };
        let text = words.join(glue);
        let sentence = bare(&text);
        for published in [Some(PUBLISHED), Some(Date::MAX), Some(Date::MIN), None] {
            for mention in dates(&sentence, &tools().codebook.measures, published) {
                assert!(
                    mention.tokens.end <= sentence.len() && !mention.tokens.is_empty(),
                    "{text}"
                );
                for tense in [Tense::Past, Tense::Present, Tense::Future] {
                    if let Some(DateSpan { start, end: Some(end) }) = mention.span(tense) {
                        assert!(start <= end, "{text}");
                    }
                    let _ = mention.span_from(tense, Some(PUBLISHED));
                }
            }
        }
    }
}

#[test]
fn the_time_grows_with_the_text_and_no_faster() {
    for word in ["Monday and ", "from May to ", "1 ", "early ", "the last 3 ", "since ", "12-"] {
        let time = |words: usize| {
            let text = word.repeat(words);
            let sentence = bare(&text);
            let start = std::time::Instant::now();
            let _ = dates(&sentence, &tools().codebook.measures, Some(PUBLISHED));
            start.elapsed()
        };
        time(1000);
        let (short, long) = (time(4000), time(40_000));
        assert!(
            long < short * 40 + std::time::Duration::from_millis(50),
            "{word}: {short:?} {long:?}"
        );
    }
}
