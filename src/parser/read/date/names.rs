//! Names in dates: months in the languages that feeds come in, and zones.

/// Returns the month, 1 to 12, that the word begins with in one of the languages feeds come in.
///
/// English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech, Hungarian, Greek,
/// Russian, Ukrainian, Belarusian, Turkish, Latvian, Lithuanian, Estonian, Finnish, Swedish. The
/// longest beginning wins; weekdays and zones share none but French and Spanish "mar".
pub fn month(word: &str) -> Option<i8> {
    // What nearly all dates have, before the search in all languages.
    if matches!(word, "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun") {
        return None;
    }
    const ENGLISH: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if let Some(month) = ENGLISH.iter().zip(1_i8..).find(|(name, _)| **name == word) {
        return Some(month.1);
    }
    const MONTHS: [&[&str]; 12] = [
        &[
            "jan", "ene", "gen", "sty", "led", "янв", "січ", "сту", "ιαν", "oca", "jaan", "tammi",
            "sausi",
        ],
        &[
            "feb", "fév", "fev", "lut", "úno", "фев", "лют", "φεβ", "şub", "veebr", "helmi",
            "vasari",
        ],
        &[
            "mar", "mär", "maart", "már", "mrt", "bře", "мар", "бер", "сак", "μαρ", "μάρ", "märts",
            "maalis", "kovo", "kova",
        ],
        &[
            "apr", "avr", "abr", "ápr", "kwi", "dub", "апр", "кві", "кра", "απρ", "nis", "huhti",
            "baland",
        ],
        &[
            "may", "mai", "maj", "mag", "mei", "máj", "kvě", "мая", "май", "тра", "μαϊ", "μάι",
            "μαΐ", "touko", "geguž",
        ],
        &[
            "jun", "juin", "jún", "jūn", "giu", "cze", "červen", "чвн", "июн", "чер", "чэр",
            "ιουν", "ιούν", "haz", "juuni", "kesä", "birž",
        ],
        &[
            "jul",
            "juil",
            "júl",
            "jūl",
            "lug",
            "lip",
            "červenec",
            "čvc",
            "июл",
            "лип",
            "ліп",
            "ιουλ",
            "ιούλ",
            "tem",
            "juuli",
            "heinä",
            "liepo",
        ],
        &[
            "aug", "aoû", "aou", "ago", "sie", "srp", "авг", "сер", "жні", "αυγ", "αύγ", "ağu",
            "elo", "rugpj",
        ],
        &["sep", "set", "szept", "wrz", "zář", "сен", "вер", "σεπ", "eyl", "syys", "rugs"],
        &[
            "oct", "okt", "out", "ott", "paź", "říj", "окт", "жов", "кас", "οκτ", "eki", "loka",
            "spal",
        ],
        &["nov", "lis", "ноя", "лис", "νοε", "νοέ", "kas", "marras", "lapkr"],
        &[
            "dec", "dez", "déc", "dic", "gru", "pro", "дек", "гру", "сне", "δεκ", "ara", "dets",
            "joulu", "gruod",
        ],
    ];
    let longest =
        |names: &[&str]| names.iter().filter(|n| word.starts_with(**n)).map(|n| n.len()).max();
    let found =
        MONTHS.iter().zip(1_i8..).filter_map(|(names, month)| Some((longest(names)?, month)));
    found.max_by_key(|(length, _)| *length).map(|(_, month)| month)
}

/// Returns the hours east of Greenwich of a zone's name; `None` where nobody agrees on it.
///
/// Names stand for what feeds mean by them: `IST` is India's, `BST` Britain's, `CST` America's.
pub fn zone(word: &str) -> Option<f64> {
    Some(match word {
        "z" | "utc" | "gmt" | "ut" | "wet" | "etc/gmt" | "etc/utc" => 0.0,
        "bst" | "west" | "cet" | "mez" | "met" | "wat" => 1.0,
        "cest" | "mesz" | "mest" | "eet" | "sast" | "cat" => 2.0,
        "eest" | "msk" | "trt" | "eat" | "ast/riyadh" | "fet" => 3.0,
        "msd" | "gst" => 4.0,
        "pkt" | "uzt" => 5.0,
        "ist" => 5.5,
        "ict" | "wib" => 7.0,
        "hkt" | "sgt" | "pht" | "awst" => 8.0,
        "jst" | "kst" => 9.0,
        "acst" => 9.5,
        "aest" => 10.0,
        "aedt" => 11.0,
        "nzst" => 12.0,
        "nzdt" => 13.0,
        "ndt" => -2.5,
        "adt" | "brt" | "art" => -3.0,
        "nst" => -3.5,
        "ast" | "at" | "edt" => -4.0,
        "est" | "et" | "cdt" => -5.0,
        "cst" | "ct" | "mdt" => -6.0,
        "mst" | "mt" | "pdt" => -7.0,
        "pst" | "pt" | "akdt" => -8.0,
        "akst" => -9.0,
        "hst" => -10.0,
        _ => return None,
    })
}
