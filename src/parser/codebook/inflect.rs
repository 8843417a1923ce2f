//! Forms of English verbs and nouns, made from the base form that the codebook gives.

/// Base, past and participle of the verbs that do not just take -ed; one form where both agree.
const IRREGULAR: &[(&str, &[&str], &[&str])] = &[
    ("abide", &["abided"], &["abided"]),
    ("be", &["was", "were"], &["been"]),
    ("bear", &["bore"], &["borne"]),
    ("beat", &["beat"], &["beaten"]),
    ("become", &["became"], &["become"]),
    ("beg", &["begged"], &["begged"]),
    ("begin", &["began"], &["begun"]),
    ("break", &["broke"], &["broken"]),
    ("bring", &["brought"], &["brought"]),
    ("build", &["built"], &["built"]),
    ("burn", &["burned", "burnt"], &["burned", "burnt"]),
    ("buy", &["bought"], &["bought"]),
    ("catch", &["caught"], &["caught"]),
    ("choose", &["chose"], &["chosen"]),
    ("come", &["came"], &["come"]),
    ("cut", &["cut"], &["cut"]),
    ("deal", &["dealt"], &["dealt"]),
    ("draw", &["drew"], &["drawn"]),
    ("drive", &["drove"], &["driven"]),
    ("eat", &["ate"], &["eaten"]),
    ("fall", &["fell"], &["fallen"]),
    ("feed", &["fed"], &["fed"]),
    ("feel", &["felt"], &["felt"]),
    ("fight", &["fought"], &["fought"]),
    ("find", &["found"], &["found"]),
    ("flee", &["fled"], &["fled"]),
    ("fly", &["flew"], &["flown"]),
    ("freeze", &["froze"], &["frozen"]),
    ("get", &["got"], &["got", "gotten"]),
    ("give", &["gave"], &["given"]),
    ("go", &["went"], &["gone"]),
    ("grow", &["grew"], &["grown"]),
    ("have", &["had"], &["had"]),
    ("hear", &["heard"], &["heard"]),
    ("hit", &["hit"], &["hit"]),
    ("hold", &["held"], &["held"]),
    ("hurt", &["hurt"], &["hurt"]),
    ("keep", &["kept"], &["kept"]),
    ("know", &["knew"], &["known"]),
    ("lay", &["laid"], &["laid"]),
    ("lead", &["led"], &["led"]),
    ("learn", &["learned", "learnt"], &["learned", "learnt"]),
    ("leave", &["left"], &["left"]),
    ("let", &["let"], &["let"]),
    ("lie", &["lay", "lied"], &["lain", "lied"]),
    ("lose", &["lost"], &["lost"]),
    ("make", &["made"], &["made"]),
    ("mean", &["meant"], &["meant"]),
    ("meet", &["met"], &["met"]),
    ("pay", &["paid"], &["paid"]),
    ("put", &["put"], &["put"]),
    ("read", &["read"], &["read"]),
    ("rise", &["rose"], &["risen"]),
    ("run", &["ran"], &["run"]),
    ("say", &["said"], &["said"]),
    ("see", &["saw"], &["seen"]),
    ("seek", &["sought"], &["sought"]),
    ("sell", &["sold"], &["sold"]),
    ("send", &["sent"], &["sent"]),
    ("set", &["set"], &["set"]),
    ("shine", &["shone", "shined"], &["shone", "shined"]),
    ("shoot", &["shot"], &["shot"]),
    ("show", &["showed"], &["shown"]),
    ("shut", &["shut"], &["shut"]),
    ("sink", &["sank"], &["sunk"]),
    ("sit", &["sat"], &["sat"]),
    ("sleep", &["slept"], &["slept"]),
    ("speak", &["spoke"], &["spoken"]),
    ("spend", &["spent"], &["spent"]),
    ("stand", &["stood"], &["stood"]),
    ("stick", &["stuck"], &["stuck"]),
    ("strike", &["struck"], &["struck"]),
    ("string", &["strung"], &["strung"]),
    ("sweep", &["swept"], &["swept"]),
    ("swell", &["swelled"], &["swollen"]),
    ("swim", &["swam"], &["swum"]),
    ("take", &["took"], &["taken"]),
    ("teach", &["taught"], &["taught"]),
    ("tear", &["tore"], &["torn"]),
    ("tell", &["told"], &["told"]),
    ("think", &["thought"], &["thought"]),
    ("throw", &["threw"], &["thrown"]),
    ("uphold", &["upheld"], &["upheld"]),
    ("understand", &["understood"], &["understood"]),
    ("wear", &["wore"], &["worn"]),
    ("win", &["won"], &["won"]),
    ("withdraw", &["withdrew"], &["withdrawn"]),
    ("write", &["wrote"], &["written"]),
];

/// Verbs of one stressed syllable, or stressed on the last, that double their last consonant.
const DOUBLING: &[&str] = &[
    "abet", "admit", "ban", "bar", "beg", "chat", "commit", "cram", "dip", "drag", "drop", "equip",
    "expel", "get", "grab", "hit", "let", "nab", "patrol", "permit", "plan", "pin", "propel",
    "put", "refer", "repel", "rob", "run", "set", "ship", "shut", "sit", "slam", "slip", "spot",
    "stab", "stop", "step", "strip", "submit", "swim", "tap", "throb", "trap", "transfer",
    "transmit", "traffic", "win", "cut", "flog", "plot", "scrap", "cap", "begin", "rebut", "dub",
    "whip",
];

/// Verbs in -l that Britain doubles and America does not: both are met.
const DOUBLING_IN_BRITAIN: &[&str] =
    &["cancel", "channel", "counsel", "fuel", "label", "model", "signal", "travel", "tunnel"];

/// How a verb stands in the sentence, as far as its ending tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Form {
    /// "deploy".
    Base,
    /// "deploys".
    Third,
    /// "deploying".
    Gerund,
    /// "fled", "gave": a past that is no participle.
    Past,
    /// "given", "beaten": a participle that is no past.
    Participle,
    /// "deployed": both.
    PastOrParticiple,
}

/// Returns the forms of the verb with what each is.
pub(super) fn verb(base: &str) -> Vec<(String, Form)> {
    let mut forms = vec![(base.to_owned(), Form::Base), (third(base), Form::Third)];
    if base == "be" {
        forms.extend(["is", "are", "am"].map(|form| (form.to_owned(), Form::Third)));
    }
    forms.push((gerund(base), Form::Gerund));
    match IRREGULAR.iter().find(|(verb, ..)| *verb == base) {
        None => forms.push((past(base), Form::PastOrParticiple)),
        Some((_, pasts, participles)) => {
            for form in *pasts {
                let both = participles.contains(form);
                forms.push((
                    (*form).to_owned(),
                    if both { Form::PastOrParticiple } else { Form::Past },
                ));
            }
            for form in participles.iter().filter(|form| !pasts.contains(form)) {
                forms.push(((*form).to_owned(), Form::Participle));
            }
        }
    }
    if DOUBLING_IN_BRITAIN.contains(&base) {
        forms.push((format!("{base}led"), Form::PastOrParticiple));
        forms.push((format!("{base}ling"), Form::Gerund));
    }
    forms.dedup_by(|a, b| a.0 == b.0);
    forms
}

/// Returns the forms of the verb.
pub(super) fn verb_forms(base: &str) -> Vec<String> {
    verb(base).into_iter().map(|(form, _)| form).collect()
}

/// Returns all that may be a regular form of the word, a verb, a noun or an adjective, with some that
/// are none.
pub(super) fn all_forms(base: &str) -> Vec<String> {
    let mut forms = verb_forms(base);
    let last = base.chars().next_back().unwrap_or_default();
    let stem = base.strip_suffix(['e', 'y']).unwrap_or(base);
    for ending in ["s", "es", "d", "ed", "ing", "er", "est"] {
        forms.push(format!("{base}{ending}"));
        forms.push(format!("{base}{last}{ending}"));
        forms.push(format!("{stem}{ending}"));
        forms.push(format!("{stem}i{ending}"));
    }
    forms.push(format!("{base}ked"));
    forms.push(format!("{base}king"));
    if let Some(stem) = base.strip_suffix("man") {
        forms.push(format!("{stem}men"));
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Returns singular and plural of a noun or of the last word of a phrase.
pub(super) fn noun_forms(noun: &str) -> Vec<String> {
    const UNCHANGED: &[&str] = &[
        "people",
        "children",
        "police",
        "men",
        "women",
        "troops",
        "media",
        "military",
        "personnel",
        "caravan",
        "exile",
        "countries",
        "governments",
        "leaders",
        "allies",
        "sides",
        "sources",
        "others",
        "authorities",
        "forces",
        "marines",
        "rescuers",
        "rangers",
    ];
    let last = noun.rsplit([' ', '-']).next().unwrap_or(noun);
    if UNCHANGED.contains(&last) || last.ends_with("men") {
        return vec![noun.to_owned()];
    }
    vec![noun.to_owned(), third(noun)]
}

fn ends_in_consonant_y(word: &str) -> bool {
    let mut back = word.chars().rev();
    back.next() == Some('y') && back.next().is_some_and(|c| !"aeiou".contains(c))
}

fn third(word: &str) -> String {
    if ends_in_consonant_y(word) {
        format!("{}ies", &word[..word.len() - 1])
    } else if ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end)) || word == "go" {
        format!("{word}es")
    } else if word == "have" {
        "has".to_owned()
    } else {
        format!("{word}s")
    }
}

fn doubled(base: &str) -> String {
    match base.chars().next_back() {
        Some('c') => format!("{base}k"),
        Some(last) if DOUBLING.contains(&base) => format!("{base}{last}"),
        _ => base.to_owned(),
    }
}

fn gerund(base: &str) -> String {
    if let Some(stem) = base.strip_suffix("ie") {
        return format!("{stem}ying");
    }
    let keeps_e = base.ends_with("ee") || base.ends_with("ye") || base == "be";
    match base.strip_suffix('e') {
        Some(stem) if !keeps_e => format!("{stem}ing"),
        _ => format!("{}ing", doubled(base)),
    }
}

fn past(base: &str) -> String {
    if base.ends_with('e') {
        format!("{base}d")
    } else if ends_in_consonant_y(base) {
        format!("{}ied", &base[..base.len() - 1])
    } else {
        format!("{}ed", doubled(base))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_inflected_as_english_writes_them() {
        for (base, forms) in [
            ("deploy", "deploy deploys deploying deployed"),
            ("deny", "deny denies denying denied"),
            ("flee", "flee flees fleeing fled"),
            ("die", "die dies dying died"),
            ("expel", "expel expels expelling expelled"),
            ("beat", "beat beats beating beat beaten"),
            ("traffic", "traffic traffics trafficking trafficked"),
            ("travel", "travel travels traveling traveled travelled travelling"),
            ("close", "close closes closing closed"),
        ] {
            assert_eq!(verb_forms(base).join(" "), forms);
        }
    }

    #[test]
    fn nouns_get_their_plural() {
        assert_eq!(noun_forms("border crossing"), ["border crossing", "border crossings"]);
        assert_eq!(noun_forms("ferry"), ["ferry", "ferries"]);
        assert_eq!(noun_forms("police"), ["police"]);
    }
}
