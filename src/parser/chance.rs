//! Texts by chance and texts that mean harm, for tests: the same in every run.

use std::ops::Range;

/// SplitMix64.
///
/// Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
pub(in crate::parser) struct Random(pub(in crate::parser) u64);

impl Random {
    /// Returns a number below the bound.
    pub(in crate::parser) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % bound
    }

    /// Returns one of the pieces.
    pub(in crate::parser) fn one<'p>(&mut self, pieces: &[&'p str]) -> &'p str {
        pieces[self.below(pieces.len())]
    }

    /// Returns a text of up to that many pieces, with bytes of chance between them here and there.
    pub(in crate::parser) fn text(&mut self, pieces: &[&str], pieces_max: usize) -> String {
        let mut text = String::new();
        for _ in 0..self.below(pieces_max) {
            if self.below(16) == 0 {
                let bytes: Vec<u8> = (0..self.below(9)).map(|_| self.below(256) as u8).collect();
                text.push_str(&String::from_utf8_lossy(&bytes));
            }
            text.push_str(self.one(pieces));
            if self.below(3) > 0 {
                text.push(' ');
            }
        }
        text
    }
}

/// Pieces of texts that are about borders, are not, or are no words at all.
pub(in crate::parser) const PIECES: &[&str] = &[
    "migrants",
    "border",
    " ",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\u{2028}",
    "'s",
    "’",
    "n't",
    "U.S.",
    "3,000",
    "1.",
    ".5",
    "-",
    "–",
    "—",
    "--",
    "of",
    "by",
    "the",
    "The",
    ".",
    ",",
    ":",
    ";",
    "?!",
    "…",
    "...",
    "\u{0}",
    "\u{202e}",
    "e\u{301}",
    "🚢",
    "ß",
    "İ",
    "ŉ",
    "ﬁ",
    "hundreds of",
    "was pushed",
    "back",
    "accused",
    "each other",
    "said",
    "according to",
    "Belarus",
    "Poland",
    "Greek-Turkish",
    "on Nov.",
    "31",
    "Feb. 30",
    "2021-13-45",
    "9999",
    "since",
    "last",
    "next week",
    "two days ago",
    "a million",
    "$",
    "km",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "“",
    "”",
    "«",
    "‘",
    "state of emergency",
    "who",
    "which",
    "N'Djamena",
    "Cox’s Bazar",
    "'",
    "half a",
    "tens of thousands",
    "between",
    "and",
    "\u{a0}",
    "\u{feff}",
    "\u{200b}",
    "ЖЖ",
    "国境",
    "99999999999999999999999999999999999999999999",
    "was",
    "be",
    "sent to",
    "not",
    "will",
    "to",
    "ATHENS",
    "(Reuters)",
    "KASTANIES, Greece (AP) —",
    "WASHINGTON, Nov 8 -",
    "/TASS/.",
    "By Jane Doe",
    "BREAKING:",
    "UPDATE 2-",
    "Read more:",
    "Advertisement",
    "Photo: X/AFP",
    "(Photo by",
    "[Image:",
    "FILE PHOTO:",
    "Click here",
    "Share this",
    "Follow us on",
    "Reporting by",
    "The post",
    "appeared first on",
    "©",
    "https://t.co/x",
    "#border",
    "@guard",
    "[…]",
    "• ",
    "1. ",
    "| ",
    "Gen.",
    "J.",
    "a.m.",
    "No.",
    "St.",
    "etc.",
    "vs.",
];

/// Texts that make careless code slow or wrong, each of about that many bytes, with their names.
pub(in crate::parser) fn hostile(bytes: usize) -> Vec<(&'static str, String)> {
    let repeated = |piece: &str| piece.repeat(bytes / piece.len());
    vec![
        ("no spaces", repeated("a")),
        ("no spaces, in capitals", repeated("A")),
        ("spaces", repeated(" ")),
        ("dots", repeated(".")),
        ("dots apart", repeated(". ")),
        ("quotes", repeated("\"")),
        ("curly quotes", repeated("“”")),
        ("brackets that never close", repeated("(")),
        ("brackets", repeated("(Photo: x) ")),
        ("apostrophes", repeated("'s")),
        ("initials", repeated("J. ")),
        ("capitals", repeated("ATHENS ")),
        ("datelines", repeated("ATHENS (AP) — ")),
        ("kickers", repeated("BREAKING: ")),
        ("posts", repeated("No. The post ")),
        ("advertisements", repeated("No. Advertisement (Photo: x) ")),
        ("numbers of a list", repeated("1. ")),
        ("addresses", repeated("https://a.b ")),
        ("dashes", repeated("– ")),
        ("commas", repeated("a, ")),
        ("lines", repeated("\n")),
        ("short lines", repeated("a\n")),
        ("wide characters", repeated("国境。")),
        ("marks that combine", repeated("e\u{301}")),
        ("invisible characters", repeated("\u{200b}")),
        ("words", repeated("the migrants crossed the border and ")),
        ("sentences", repeated("Poland closed its border with Belarus. ")),
        ("one sentence", repeated("Poland closed its border with Belarus and ")),
        ("nothing but marks", repeated("!?.,;:-–—…'\"()[]{}<>/\\|@#$%^&*_+=~` ")),
        ("nothing but marks, no spaces", repeated("!?.,;:-–—…'\"()[]{}<>/\\|@#$%^&*_+=~`")),
        ("NUL", repeated("\0")),
        ("NUL between words", repeated("border\0guards shot at migrants.\0 ")),
        ("numbers", repeated("3,000 ")),
        ("numbers in words", repeated("between two and three thousand million ")),
        ("numbers of migrants", repeated("300 migrants and 1.5 million refugees, ")),
        ("dates", repeated("on Monday, Nov. 8, 2021, and since last week ")),
        ("border dates", repeated("They crossed the border on Nov. 8, 2021, or last week. ")),
        ("said", repeated("he said ")),
        ("said that", repeated("Poland said that Belarus said that ")),
        ("sayings", repeated("He said. Migrants crossed the border, he said. ")),
        ("pronouns", repeated("They pushed them back to their border, and it sent them to them. ")),
        ("heads", repeated("The head of the alliance told the president of the country. ")),
        ("clauses in clauses", repeated("the migrants who crossed the border that guards who ")),
        (
            "brackets in brackets",
            format!("{}border{}", "(".repeat(bytes / 2), ")".repeat(bytes / 2)),
        ),
        ("names", repeated("Poland, Belarus, Lithuania, Greece and Turkey accused each other. ")),
        ("people", repeated("Interior Minister Jan Kowalski and Prime Minister Anna Nowak met. ")),
        (
            "places",
            repeated("At Kuznica, Lampedusa, Ceuta, Melilla and Torkham migrants drowned. "),
        ),
        (
            "accusations",
            repeated("Poland accused Belarus of pushing migrants back to the border. "),
        ),
        ("quotations", repeated("“Migrants crossed the border,” he said. ")),
        ("denials", repeated("Poland did not deny that it did not push migrants back. ")),
        ("hyphens", repeated("cross-border-migrant-")),
        ("slashes", repeated("border/migrants/")),
        ("exceptions", repeated("can't've ")),
        ("digits", repeated("9")),
        ("letters with marks", repeated("é")),
        ("zalgo", format!("migrants a{} border", "\u{301}".repeat(bytes / 2))),
        ("right to left", repeated("\u{202e}redrob eht dessorc stnargim ")),
        ("titles", repeated("Gen. Lt. Col. Dr. ")),
        ("paragraphs", repeated("Migrants crossed the border.\n\n")),
    ]
}

/// Asserts that ranges of the text are in order, apart, not empty, and on borders of characters.
pub(in crate::parser) fn assert_in_order<'r>(
    text: &str,
    ranges: impl IntoIterator<Item = &'r Range<usize>>,
) {
    let mut end = 0;
    for range in ranges {
        assert!(range.start >= end && range.start < range.end, "{range:?} after {end}: {text:?}");
        assert!(text.get(range.clone()).is_some(), "{range:?} cuts a character: {text:?}");
        end = range.end;
    }
}
