//! Quantities in sentences of our own, and in texts that must not trouble the reader.

mod measure;

use super::*;
use crate::parser::coding::date::dates;
use crate::parser::coding::trial::{bare, parse, random, tools};
use crate::parser::syntax::Sentence;

fn analysis<'a>(text: &'a str, sentence: Sentence<'a>) -> Analysis<'a> {
    Analysis::new(&tools().codebook.lexicon, text, 0..text.len(), sentence)
}

fn counted(analysis: &Analysis<'_>) -> Vec<Count> {
    let measures = &tools().codebook.measures;
    let published = Some(jiff::civil::date(2021, 11, 16));
    counts(analysis, measures, &dates(&analysis.sentence, measures, published))
}

/// A count as `value unit modifier of noun`.
fn shown(analysis: &Analysis<'_>, count: &Count) -> String {
    let Quantity { value, unit, modifier } = count.quantity;
    let mut shown = format!("{value} {unit} {modifier} of {}", analysis.lower(count.head));
    if count.is_part {
        shown += " (part)";
    }
    if count.is_singular {
        shown += " (one)";
    }
    shown
}

fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, want) in cases {
        let analysis = analysis(text, parse(text));
        let got: Vec<_> = counted(&analysis).iter().map(|count| shown(&analysis, count)).collect();
        if got.join("; ") != *want {
            wrong.push(format!("{text}\n  want {want}\n  got  {}", got.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn numbers_are_read_in_digits_and_words() {
    check(&[
        ("Latvia sent 3,000 soldiers.", "3000 troops exact of soldiers"),
        ("Some 1.5 million people fled.", "1500000 people about of people"),
        ("Half a million people fled.", "500000 people exact of people"),
        ("Nearly a million refugees fled.", "1000000 people at-most of refugees"),
        ("Hundreds of migrants crossed.", "100 people at-least of migrants"),
        ("Tens of thousands of refugees crossed.", "10000 people at-least of refugees"),
        ("Hundreds of thousands of refugees crossed.", "100000 people at-least of refugees"),
        ("Dozens of migrants crossed.", "24 people at-least of migrants"),
        ("Scores of migrants crossed.", "40 people at-least of migrants"),
        ("A dozen migrants crossed.", "12 people exact of migrants"),
        ("More than a dozen migrants crossed.", "12 people at-least of migrants"),
        ("Half a dozen boats left.", "6 vehicles exact of boats"),
        ("A couple of migrants crossed.", "2 people about of migrants"),
        ("Several hundred migrants crossed.", "100 people at-least of migrants"),
        ("A few dozen migrants crossed.", "24 people at-least of migrants"),
        ("Twenty-five migrants crossed.", "25 people exact of migrants"),
        ("One hundred and fifty migrants crossed.", "150 people exact of migrants"),
        ("Two thousand three hundred migrants crossed.", "2300 people exact of migrants"),
        ("About 200,000 Rohingya crossed.", "200000 people about of rohingya"),
        ("Some 2000 migrants arrived.", "2000 people about of migrants"),
        ("More than 1m people live in the camps.", "1000000 people at-least of people"),
        ("Three and a half million people fled.", "3500000 people exact of people"),
    ]);
}

#[test]
fn bounds_stand_before_and_behind() {
    check(&[
        ("At least 42 people drowned.", "42 people at-least of people"),
        ("No fewer than 42 people drowned.", "42 people at-least of people"),
        ("Upwards of 42 people drowned.", "42 people at-least of people"),
        ("Up to 150 people arrive there.", "150 people at-most of people"),
        ("As many as 150 people arrived.", "150 people at-most of people"),
        ("Fewer than 150 people arrived.", "150 people at-most of people"),
        ("No more than 150 people arrived.", "150 people at-most of people"),
        ("Around 150 people arrived.", "150 people about of people"),
        ("An estimated 1,200 people arrived.", "1200 people about of people"),
        ("A record 409 migrants landed.", "409 people exact of migrants"),
        ("At least a further 40 migrants landed.", "40 people at-least of migrants"),
        ("A total of 30 boats crossed.", "30 vehicles exact of boats"),
        ("Between 30 and 40 people were aboard.", "30 people at-least of people"),
        ("Groups of 50 to 300 people were sent back.", "50 people at-least of people"),
        ("Some 20,000 to 30,000 Afghans fled.", "20000 people about of afghans"),
        ("20 or so migrants landed.", "20 people about of migrants"),
        ("Two or three migrants landed.", "2 people at-least of migrants"),
        ("They handed over 40 migrants.", "40 people exact of migrants"),
        (
            "The number rose from 300 to 1,200.",
            "300 people exact of 300; 1200 people exact of 1,200",
        ),
        ("Half of the 8,000 migrants were returned.", "4000 people about of migrants"),
        ("Police pulled hundreds of them from the water.", "100 people at-least of hundreds"),
        ("Two thirds of the 900 migrants were returned.", "600 people about of migrants"),
        ("More than half of the 8,000 migrants were returned.", "4000 people at-least of migrants"),
    ]);
}

#[test]
fn units_are_those_of_what_is_counted() {
    check(&[
        ("Police stopped 12 boats.", "12 vehicles exact of boats"),
        ("They shot down six drones.", "6 vehicles exact of drones"),
        ("Warsaw will pay €350m for a wall.", "350000000 money exact of m"),
        ("The deal is worth $1.2bn.", "1200000000 money exact of 1.2bn"),
        ("The deal is worth about 350 million euros.", "350000000 money about of euros"),
        ("The EU paid billions of euros.", "1000000000 money at-least of euros"),
        ("The border is 880 miles long.", "1416 km exact of miles"),
        ("They guard an 880-mile border.", "1416 km exact of mile"),
        ("A 186-km fence was built.", "186 km exact of km"),
        ("A 25-day detention follows.", "25 days exact of day"),
        ("They were held for two weeks.", "14 days exact of weeks"),
        ("Guards found 34 bodies.", "34 deaths exact of bodies"),
        ("Guards found the bodies of 34 migrants.", "34 deaths exact of migrants"),
        ("The UN counted 443 deaths.", "443 deaths exact of deaths"),
        ("Guards foiled 300 attempts to cross.", "300 attempts exact of attempts"),
        ("Poland sent 1,000 special forces police to the border.", "1000 troops exact of police"),
        ("Some 84 members of the parliament voted for it.", "84 people about of members"),
        ("Thirty members of the border guard were hurt.", "30 troops exact of members"),
        ("The boat carried 27 Syrians.", "27 people exact of syrians"),
        ("The ten-strong crew was saved.", "10 people exact of ten"),
        ("A family of four was found.", "4 people exact of four"),
        ("About 18 were killed and 35 injured.", "18 people about of 18; 35 people exact of 35"),
        ("The death toll rose to 34.", "34 deaths exact of 34"),
        ("He was the seventh person to die at the border.", "7 people exact of person"),
        ("All 27 were sent back.", "27 people exact of 27"),
        ("The three men were sent back.", "3 people exact of men"),
        ("Four more “third country” deportees arrived.", "4 people exact of deportees"),
        ("Police killed two people Sunday.", "2 people exact of people"),
    ]);
}

#[test]
fn parts_and_sums_are_told_apart() {
    check(&[
        (
            "At least 42 people, including 17 children, drowned.",
            "42 people at-least of people; 17 people exact of children (part)",
        ),
        (
            "He met six Afghans, five of whom were beaten.",
            "6 people exact of afghans; 5 people exact of five",
        ),
        ("Police held 12 men and 3 women.", "12 people exact of men; 3 people exact of women"),
    ]);
    for (text, want) in [
        ("Six children and two women drowned.", Some(8.0)),
        ("Police held 12 men and 3 women.", Some(15.0)),
        ("They found 3 boats and 40 migrants.", None),
        ("Two Afghan guards and one Pakistani officer were killed.", Some(2.0)),
    ] {
        let analysis = analysis(text, parse(text));
        let counts = counted(&analysis);
        assert_eq!(total(&counts, 0).map(|sum| sum.value), want, "{text} {counts:?}");
    }
}

#[test]
fn one_is_told_without_a_number() {
    check(&[
        ("A Guatemalan woman died.", "1 people exact of woman (one)"),
        ("One man died.", "1 people exact of man (one)"),
        (
            "Police found the body of a man.",
            "1 deaths exact of body (one); 1 people exact of man (one)",
        ),
        ("Armenia downed an Azeri helicopter.", "1 vehicles exact of helicopter (one)"),
        ("A crowd gathered near a charity.", ""),
        ("No one was there and one of the worst days followed.", ""),
    ]);
    let text = "The helicopter was downed.";
    let analysis = analysis(text, parse(text));
    let one = single(&analysis, &tools().codebook.measures, 1);
    assert_eq!(one.map(|quantity| quantity.unit), Some(Unit::Vehicles));
}

#[test]
fn ages_dates_times_and_names_are_no_counts() {
    check(&[
        ("He is a 24-year-old.", ""),
        ("She was aged 12.", ""),
        ("Ahmed, 36, was stopped.", ""),
        ("It was closed in 2015.", ""),
        ("It was closed on 12 May 2021 at 11am.", ""),
        ("It was closed at 4:38 p.m. on Monday.", ""),
        ("Under Title 42 they were sent back.", ""),
        ("They marched on Highway 1.", ""),
        ("The G7 and Article 8 were named.", ""),
        ("About 90 % of them and 12 percent of us left.", ""),
        ("It was closed for three months.", ""),
        ("The Mi-24 and the F-16s flew.", ""),
        ("Covid-19 spread.", ""),
        ("Two years ago it was closed.", ""),
        ("They were seen within half a mile of the line.", ""),
        ("The camp lies 40 km from the border.", ""),
        ("The deal of 2016 holds.", ""),
        ("They climbed a 5m fence.", ""),
        ("One in five left.", ""),
        ("Call 0800 123 456 now.", ""),
    ]);
}

const SCRAPS: &[&str] = &[
    "3,000",
    "1.5",
    "million",
    "half",
    "a",
    "an",
    "and",
    "of",
    "the",
    "hundreds",
    "thousands",
    "dozen",
    "couple",
    "two",
    "thirds",
    "twenty",
    "-",
    "five",
    "hundred",
    "to",
    "between",
    "at",
    "least",
    "more",
    "than",
    "one",
    "over",
    "$",
    "€",
    "bn",
    "m",
    "km",
    "miles",
    "people",
    "migrants",
    "soldiers",
    "bodies",
    "day",
    "%",
    "year",
    "old",
    "aged",
    ",",
    ".",
    "12",
    "99999999999999999999",
    "1,2",
    "0",
    "seventh",
    "7th",
    "or",
    "so",
    "including",
    "whom",
    "toll",
    "’s",
    "é",
    "000",
    "in",
    "2015",
    "Monday",
    "Title",
    "42",
    "several",
    "tens",
    "strong",
    "trillion",
    "boats",
];

#[test]
fn no_heap_of_scraps_makes_it_panic() {
    let mut state = 0xc0de_u64;
    for round in 0..6000 {
        let words: Vec<_> = (0..12).map(|_| SCRAPS[random(&mut state) % SCRAPS.len()]).collect();
        let glue = if round % 3 == 0 { "" } else { " " };
        let text = words.join(glue);
        let analysis = analysis(&text, bare(&text));
        let counts = counted(&analysis);
        let mut end = 0;
        for (index, count) in counts.iter().enumerate() {
            let Quantity { value, .. } = count.quantity;
            assert!(value.is_finite() && value >= 0.0, "{text}: {value}");
            assert!(count.tokens.start >= end && count.tokens.end <= analysis.len(), "{text}");
            assert!(count.head < analysis.len(), "{text}");
            end = count.tokens.end;
            let _ = total(&counts, index);
        }
    }
}

#[test]
fn the_time_grows_with_the_text_and_no_faster() {
    for word in [
        "12 ",
        "one hundred ",
        "million ",
        "a ",
        "at least ",
        "three migrants and ",
        "12-",
        "half of the ",
    ] {
        let time = |words: usize| {
            let text = word.repeat(words);
            let analysis = analysis(&text, bare(&text));
            let start = std::time::Instant::now();
            let _ = counts(&analysis, &tools().codebook.measures, &[]);
            start.elapsed()
        };
        time(500);
        let (short, long) = (time(2000), time(20_000));
        assert!(
            long < short * 40 + std::time::Duration::from_millis(50),
            "{word}: {short:?} {long:?}"
        );
    }
}
