//! News by chance that is about no border: sentences of our own, the same in every run.

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % bound
    }

    fn one<'p>(&mut self, all: &[&'p str]) -> &'p str {
        all[self.below(all.len())]
    }
}

/// What a section of a newspaper writes about.
struct Section {
    who: &'static [&'static str],
    did: &'static [&'static str],
    what: &'static [&'static str],
    how: &'static [&'static str],
}

const SECTIONS: &[Section] = &[
    Section {
        who: &["The striker", "The hosts", "Their coach", "The defending champions", "The rookie"],
        did: &["missed", "won", "played down", "will sit out", "had hoped for", "dominated"],
        what: &["the opening match of the season", "a place in the final", "two early chances"],
        how: &[
            "after a calf injury in training",
            "in front of 41,000 fans",
            "for the third year running",
        ],
    },
    Section {
        who: &[
            "The lender",
            "Shares of the chipmaker",
            "Analysts",
            "The retailer",
            "Two of its rivals",
        ],
        did: &["posted", "fell short of", "expect", "cut its forecast for", "are looking at"],
        what: &[
            "a profit of $1.2 billion for the quarter",
            "a takeover offer",
            "weaker demand in Asia",
        ],
        how: &[
            "as costs of shipping rose",
            "ahead of the holiday season",
            "according to a filing on Tuesday",
        ],
    },
    Section {
        who: &[
            "The director",
            "A museum in Lyon",
            "The novelist",
            "The band",
            "Critics in New York",
        ],
        did: &["will show", "has recorded", "praised", "is said to have sold", "reopened with"],
        what: &[
            "a series of early drawings",
            "the second part of the trilogy",
            "an album of folk songs",
        ],
        how: &[
            "to mark her eightieth birthday",
            "at a festival next spring",
            "in a small hall without heating",
        ],
    },
    Section {
        who: &[
            "Forecasters",
            "A low over the bay",
            "The storm",
            "Farmers in the valley",
            "The reservoir",
        ],
        did: &["warned of", "brought", "may lose", "measured", "are getting ready for"],
        what: &[
            "up to 60 millimetres of rain",
            "the driest October since 1976",
            "gusts of 110 kilometres an hour",
        ],
        how: &[
            "before the weekend",
            "while temperatures stay mild",
            "in the south and along the coast",
        ],
    },
    Section {
        who: &[
            "Doctors at the clinic",
            "The new vaccine",
            "Researchers in Seoul",
            "A study of 4,500 patients",
        ],
        did: &["found", "lowers", "tested", "cast doubt on", "reported"],
        what: &[
            "the risk of a second stroke",
            "a link between sleep and memory",
            "fewer side effects",
        ],
        how: &[
            "over a period of six years",
            "in a paper published on Monday",
            "though the sample was small",
        ],
    },
    Section {
        who: &[
            "The city council",
            "The mayor",
            "Parents",
            "The opposition leader",
            "A committee of lawmakers",
        ],
        did: &["voted against", "wants to double", "has asked for", "defended", "put off"],
        what: &[
            "the budget of the public libraries",
            "a new tram line",
            "the reform of school meals",
        ],
        how: &[
            "by 14 votes to 9",
            "despite a petition with 8,000 names",
            "at a meeting that ran past midnight",
        ],
    },
    Section {
        who: &[
            "A jury",
            "The former accountant",
            "Detectives",
            "The driver of the van",
            "Prosecutors",
        ],
        did: &["cleared", "admitted", "are searching", "pleaded guilty to", "looked into"],
        what: &[
            "the theft of two paintings",
            "tax fraud over ten years",
            "a flat above the bakery",
        ],
        how: &[
            "after a trial of three weeks",
            "the court heard on Thursday",
            "when the alarm went off",
        ],
    },
    Section {
        who: &["The app", "Engineers", "The start-up", "Users in India", "The phone's maker"],
        did: &["will drop", "has fixed", "complained about", "promises", "unveiled"],
        what: &[
            "a bug that drained batteries",
            "a cheaper plan with advertising",
            "its first foldable screen",
        ],
        how: &["in an update this week", "two years later than planned", "without giving a reason"],
    },
];

/// A report: its headline and its sentences.
pub struct Report {
    pub title: String,
    pub sentences: Vec<String>,
}

/// Returns a report of so many sentences.
pub fn report(random: &mut Random, sentences: usize) -> Report {
    let section = &SECTIONS[random.below(SECTIONS.len())];
    let title = format!("{} {}", random.one(section.who), clause(random, section));
    let sentences = (0..sentences).map(|_| sentence(random, section)).collect();
    Report { title, sentences }
}

fn clause(random: &mut Random, section: &Section) -> String {
    format!("{} {}", random.one(section.did), random.one(section.what))
}

fn sentence(random: &mut Random, section: &Section) -> String {
    let who = random.one(section.who);
    let (first, how) = (clause(random, section), random.one(section.how));
    match random.below(4) {
        0 => format!("{who} {first}."),
        1 => format!("{who} {first} {how}."),
        2 => format!("{who} {first} {how}, and nobody {}.", clause(random, section)),
        _ => format!(
            "“It was a long day,” a spokeswoman said, adding that {} {first} {how}.",
            lower(who)
        ),
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
