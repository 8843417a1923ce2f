//! What is read of texts of every make.

use super::*;
use crate::parser::chance::{PIECES, Random, assert_in_order, hostile};

/// What a codebook might know.
fn known(name: &str) -> Known {
    const PLACES: &[&str] = &[
        "athens",
        "greece",
        "washington",
        "poland",
        "berlin",
        "new delhi",
        "kyiv",
        "texas",
        "warsaw",
        "ankara",
        "turkey",
        "india",
        "tijuana",
        "mexico",
        "moscow",
        "minsk",
        "geneva",
        "london",
        "vilnius",
        "baku",
    ];
    const OTHERS: &[&str] = &["nato", "unhcr", "frontex", "migrants", "angela merkel"];
    let name = name.to_lowercase();
    match () {
        () if PLACES.contains(&name.as_str()) => Known::Place,
        () if OTHERS.contains(&name.as_str()) => Known::Other,
        () => Known::Unknown,
    }
}

fn read(text: &str) -> String {
    let readable = readable(text, known);
    let passages: Vec<_> = readable.passages.iter().map(|range| &text[range.clone()]).collect();
    passages.join("|")
}

fn check(cases: &[(&str, &str)]) {
    for (text, want) in cases {
        assert_eq!(read(text), *want, "{text:?}: {:#?}", readable(text, known).skipped);
    }
}

#[test]
fn datelines_are_not_read_and_told() {
    let cases = [
        ("ATHENS (Reuters) – Guards saw a boat.", "ATHENS", "Reuters", ""),
        ("KASTANIES, Greece (AP) — Guards saw a boat.", "KASTANIES, Greece", "AP", ""),
        ("WASHINGTON, Nov 8 - Guards saw a boat.", "WASHINGTON", "", "Nov 8"),
        ("ATHENS Guards saw a boat.", "ATHENS", "", ""),
        ("PIRAEUS Guards in the harbour saw a boat.", "PIRAEUS", "", ""),
        ("EAGLE PASS, Texas (AP) — “A boat,” he said.", "EAGLE PASS, Texas", "AP", ""),
        ("SANTA FE, N.M. — Guards saw a boat.", "SANTA FE, N.M.", "", ""),
        ("Warsaw (dpa) - Guards saw a boat.", "Warsaw", "dpa", ""),
        ("GENEVA (8 November 2021) – Guards saw a boat.", "GENEVA", "", "8 November 2021"),
        ("Geneva, 8 November 2021 — Guards saw a boat.", "Geneva", "", "8 November 2021"),
        ("MOSCOW. Nov 8 (Interfax) - Guards saw a boat.", "MOSCOW.", "Interfax", "Nov 8"),
        ("MOSCOW, November 8. /TASS/. Guards saw a boat.", "MOSCOW", "TASS", "November 8."),
        ("ANKARA, Nov. 8 (Xinhua) -- Guards saw a boat.", "ANKARA", "Xinhua", "Nov. 8"),
        (
            "New Delhi [India], November 8 (ANI): Guards saw a boat.",
            "New Delhi [India]",
            "ANI",
            "November 8",
        ),
        ("New Delhi, Nov 8 (PTI) Guards saw a boat.", "New Delhi", "PTI", "Nov 8"),
        ("NEW DELHI: Guards saw a boat.", "NEW DELHI", "", ""),
        ("VILNIUS, Nov 08, BNS – Guards saw a boat.", "VILNIUS", "BNS", "Nov 08"),
        ("Tijuana, Mexico – Guards saw a boat.", "Tijuana, Mexico", "", ""),
        ("Berlin – Guards saw a boat.", "Berlin", "", ""),
        ("BAKU/YEREVAN (Reuters) - Guards saw a boat.", "BAKU/YEREVAN", "Reuters", ""),
        ("London CNN — Guards saw a boat.", "London", "CNN", ""),
        ("(Reuters) - Guards saw a boat.", "", "Reuters", ""),
        ("ATHENS, Greece—Guards saw a boat.", "ATHENS, Greece", "", ""),
        ("By Jane Doe and John Roe ATHENS (Reuters) - Guards saw a boat.", "ATHENS", "Reuters", ""),
        ("By Jane Doe\nATHENS, Nov 8 (Reuters)\nGuards saw a boat.", "ATHENS", "Reuters", "Nov 8"),
    ];
    for (text, place, agency, day) in cases {
        let readable = readable(text, known);
        let [found] = &readable.datelines[..] else { panic!("{text}: {readable:?}") };
        let words = |range: &Option<Range<usize>>| range.clone().map_or("", |range| &text[range]);
        assert_eq!(words(&found.place), place, "{text}");
        assert_eq!(words(&found.agency), agency, "{text}");
        assert_eq!(words(&found.day), day, "{text}");
        let [passage] = &readable.passages[..] else { panic!("{text}: {readable:?}") };
        let kept = &text[passage.clone()];
        assert!(kept.starts_with(['G', '“']) && kept.ends_with('.'), "{text}: {kept}");
    }
}

#[test]
fn what_only_looks_like_a_dateline_is_read() {
    for text in [
        "NATO Secretary General Jane Doe met guards.",
        "FRONTEX – the agency – saw a boat.",
        "UNIFIL Commander Doe met guards in Naqoura.",
        "Angela Merkel – then chancellor – met guards.",
        "Migrants, guards and police – All of them met.",
        "AFTER Belarus opened its side, people came.",
        "THE BOAT sank off Crete.",
        "NOBODY Was Seen at the Border",
        "Poland, Lithuania and Latvia met.",
        "Poland’s guards saw a boat.",
        "On Nov 8 – a Monday – guards saw a boat.",
        "A boat (Reuters photographs show it) sank.",
        "GUARDS SAW A BOAT",
        "Doe: “They came at night.”",
    ] {
        check(&[(text, text)]);
        assert!(readable(text, known).datelines.is_empty(), "{text}");
    }
}

#[test]
fn lines_of_noise_are_not_read() {
    for noise in [
        "By Jane Doe",
        "By Jane Doe and John van der Roe, Reuters",
        "Read more: A boat sank",
        "ALSO READ | A boat sank",
        "» Read more «",
        "Sign up for our weekly letter.",
        "Subscribe",
        "Advertisement",
        "ADVERTISEMENT - SCROLL TO CONTINUE",
        "Photo: X/AFP",
        "(Photo by Jane Doe)",
        "[Image: Jane Doe/EPA]",
        "FILE PHOTO: A boat off Crete. REUTERS/Jane Doe",
        "FILE - A boat sinks off Crete, Nov. 8, 2021.",
        "Jane Doe/Getty Images",
        "Image caption, A boat off Crete",
        "Click here to read more.",
        "Share this article",
        "Follow us on Facebook",
        "Reporting by Jane Doe; Editing by John Roe",
        "(Reporting by Jane Doe; Editing by John Roe)",
        "Jane Doe in Athens contributed to this report.",
        "© 2021 Border Daily. All rights reserved.",
        "https://news.example/a?b=c",
        "desk@news.example",
        "8 November 2021",
        "Published 8 Nov 2021, 12:30 GMT",
        "Updated 2021-11-08T12:30:00Z",
        "5 min read",
        "#Border #Crete",
        "Tags: border, Crete",
        "* * *",
        "—",
        "“”",
    ] {
        check(&[(&format!("A boat sank.\n{noise}\nNobody died."), "A boat sank.|Nobody died.")]);
        assert!(readable(noise, known).passages.is_empty(), "{noise}");
    }
}

#[test]
fn lines_that_begin_as_noise_does_are_read() {
    for text in [
        "By noon, guards had seen a boat.",
        "By the border fence stood guards.",
        "Readers of the paper met guards.",
        "Photographs show guards at a boat.",
        "Sharing borders, both states met.",
        "For more than a week, guards saw boats.",
        "At least 30 died.",
        "About 300",
        "Follow the boat",
        "Related talks began.",
        "Sources said that a boat sank.",
        "Updated figures show 300 boats.",
    ] {
        check(&[(text, text)]);
    }
}

#[test]
fn noise_inside_of_lines_is_cut_out() {
    check(&[
        ("A boat sank. (Photo by Jane Doe/AFP) Nobody died.", "A boat sank.|Nobody died."),
        ("A boat sank (Photo: AFP)", "A boat sank"),
        ("(AP Photo/Jane Doe) A boat sank.", "A boat sank."),
        ("The boat (see photo by Jane Doe) sank.", "The boat (see photo by Jane Doe) sank."),
        ("A boat sank. Read more: All that is known", "A boat sank."),
        ("A boat sank. Read more about it. Nobody died.", "A boat sank."),
        ("A boat sank. Click here for a map. Nobody died.", "A boat sank.|Nobody died."),
        ("A boat sank. Advertisement Nobody died.", "A boat sank.|Nobody died."),
        ("A boat sank. (Reporting by Jane Doe; Editing by J. Roe)", "A boat sank."),
        ("A boat sank. The post A boat sank appeared first on Border Daily.", "A boat sank."),
        ("A boat sank. The post was closed.", "A boat sank. The post was closed."),
        ("A boat sank. https://t.co/x pic.twitter.com/y", "A boat sank."),
        ("A boat sank. #border #crete", "A boat sank."),
        ("A boat sank […]", "A boat sank"),
        ("A boat sank [+1234 chars]", "A boat sank [+1234 chars]"),
        ("He said: “Click here.”", "He said: “Click here.”"),
    ]);
}

#[test]
fn kickers_and_marks_of_lists_are_cut_off() {
    check(&[
        ("BREAKING: Guards saw a boat.", "Guards saw a boat."),
        ("UPDATE 2-Guards saw a boat.", "Guards saw a boat."),
        ("• Guards saw a boat.\n- Nobody died.", "Guards saw a boat.|Nobody died."),
        ("1. Guards saw a boat.\n2) Nobody died.", "Guards saw a boat.|Nobody died."),
        ("2. boats came", "2. boats came"),
        ("– ATHENS (AP) – Guards saw a boat.", "Guards saw a boat."),
        ("WATCH the boat sink.", "WATCH the boat sink."),
    ]);
}

#[test]
fn a_line_is_never_joined_with_the_next() {
    check(&[
        ("A heading\nA boat sank", "A heading|A boat sank"),
        ("A heading\r\n\r\n A boat sank\u{2028}Nobody died", "A heading|A boat sank|Nobody died"),
        ("\u{feff}A boat sank\u{200b}\n", "A boat sank"),
    ]);
}

#[test]
fn a_headline_is_read_without_its_publisher() {
    for (title, want) in [
        ("Guards see a boat | Border Daily", "Guards see a boat"),
        ("Guards see a boat - The Border Times", "Guards see a boat"),
        ("Guards see a boat - border.example.org", "Guards see a boat"),
        ("Guards see a boat – Reuters", "Guards see a boat"),
        ("Guards see a boat – and wait", "Guards see a boat – and wait"),
        ("Guards see a boat - Greece", "Guards see a boat - Greece"),
        ("EXCLUSIVE-Guards see a boat", "Guards see a boat"),
        ("By Land and Sea", "By Land and Sea"),
        ("NATO Offers Support to Poland", "NATO Offers Support to Poland"),
        ("POLAND Offers Support to the Guards", "POLAND Offers Support to the Guards"),
        ("", ""),
    ] {
        let readable = headline(title, known);
        let words: Vec<_> = readable.passages.iter().map(|range| &title[range.clone()]).collect();
        assert_eq!(words.join("|"), want, "{title}");
    }
}

/// Passages and what is passed over lie apart from each other and leave nothing but white space and
/// invisible characters between them.
fn assert_whole(text: &str, readable: &Readable) {
    let skipped = readable.skipped.iter().map(|skipped| &skipped.range);
    let mut all: Vec<_> = readable.passages.iter().chain(skipped.clone()).collect();
    assert_in_order(text, &readable.passages);
    assert_in_order(text, skipped);
    all.sort_by_key(|range| range.start);
    assert_in_order(text, all.iter().copied());
    let mut end = 0;
    for range in all.into_iter().chain([&(text.len()..text.len())]) {
        let between = &text[end..range.start];
        assert!(!between.contains(char::is_alphanumeric), "{between:?} is lost: {text:?}");
        end = range.end;
    }
    for passage in &readable.passages {
        let words = &text[passage.clone()];
        assert!(!words.contains('\n') && words.trim() == words, "{words:?}");
    }
    for found in &readable.datelines {
        for range in [&found.place, &found.agency, &found.day].into_iter().flatten() {
            assert!(found.range.start <= range.start && range.end <= found.range.end);
            assert!(text.get(range.clone()).is_some_and(|words| !words.is_empty()));
        }
    }
}

#[test]
fn any_text_is_divided_without_loss() {
    const SEED: u64 = 8_112_021;
    let mut random = Random(SEED);
    for _ in 0..3_000 {
        let text = random.text(PIECES, 60);
        assert_whole(&text, &readable(&text, known));
        let title = headline(&text, known);
        assert_in_order(&text, &title.passages);
    }
    for (_, text) in hostile(20_000) {
        assert_whole(&text, &readable(&text, known));
    }
}
