//! How much of our own sentences the parser codes as they say.
//!
//! `cargo run --release --no-default-features --features parser --example sentences -- FILE.toml… [--errors]`
//!
//! A file holds `[[sentence]]` tables: `text`, `gives` (kinds with the slots that must hold) and
//! sometimes a `title`; a `title` of the file stands over those that give something and have none.
//! Only the kinds that the file names somewhere count against it.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use borderwire::parser::{Actor, Document, Event, Parser};
use jiff::civil::date;
use toml::{Table, Value};

/// Right, wanted and missed, given and unwanted.
#[derive(Clone, Copy, Default)]
struct Tally {
    right: usize,
    missed: usize,
    unwanted: usize,
    slots: usize,
    slots_right: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, paths): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let errors = flags.iter().any(|flag| flag == "--errors");
    let parser = Parser::embedded();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for path in paths {
        let file: Table = std::fs::read_to_string(&path)?.parse()?;
        let sentences = tables(file.get("sentence"));
        let kinds: BTreeSet<&str> = sentences
            .iter()
            .flat_map(|s| tables(s.get("gives")))
            .map(|w| word(w, "kind"))
            .collect();
        for sentence in sentences {
            let wanted = tables(sentence.get("gives"));
            let title = sentence.get("title").or(file.get("title").filter(|_| !wanted.is_empty()));
            let document = Document {
                title: title.and_then(Value::as_str).map(str::to_owned),
                text: word(sentence, "text").to_owned(),
                published: Some(date(2021, 11, 16)),
                language: Some("en".to_owned()),
                ..Document::default()
            };
            let given = parser.extract(&document).events;
            let faults = compare(&given, &wanted, &kinds, &mut tallies);
            if errors && !faults.is_empty() {
                println!("{}\n{}", document.text, faults.join("\n"));
            }
        }
    }
    println!(
        "{:18} {:>5} {:>6} {:>8} {:>6} {:>5}",
        "kind", "right", "missed", "unwanted", "F1", "slots"
    );
    let mut all = Tally::default();
    for (kind, tally) in &tallies {
        print_row(kind, *tally);
        all.right += tally.right;
        all.missed += tally.missed;
        all.unwanted += tally.unwanted;
        all.slots += tally.slots;
        all.slots_right += tally.slots_right;
    }
    print_row("all", all);
    Ok(())
}

fn print_row(name: &str, tally: Tally) {
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let f1 = share(2 * tally.right, 2 * tally.right + tally.missed + tally.unwanted);
    println!(
        "{name:18} {:5} {:6} {:8} {f1:6.3} {:5.3}",
        tally.right,
        tally.missed,
        tally.unwanted,
        share(tally.slots_right, tally.slots),
    );
}

fn compare(
    given: &[Event],
    wanted: &[&Table],
    kinds: &BTreeSet<&str>,
    tallies: &mut BTreeMap<String, Tally>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut used = vec![false; given.len()];
    for want in wanted {
        let tally = tallies.entry(word(want, "kind").to_owned()).or_default();
        let best = (0..given.len())
            .filter(|at| !used[*at] && given[*at].kind.as_str() == word(want, "kind"))
            .max_by_key(|at| (slots(&given[*at], want).0, std::cmp::Reverse(*at)));
        let Some(at) = best else {
            tally.missed += 1;
            faults.push(format!("  - missed   {want}").replace('\n', " "));
            continue;
        };
        used[at] = true;
        tally.right += 1;
        let (right, all) = slots(&given[at], want);
        tally.slots += all;
        tally.slots_right += right;
        if right < all {
            let wish = want.to_string().replace('\n', " ");
            faults.push(format!("  ~ slots    {wish}\n      given  {}", shown(&given[at])));
        }
    }
    for (event, _) in given.iter().zip(used).filter(|(_, used)| !used) {
        if kinds.contains(event.kind.as_str()) {
            tallies.entry(event.kind.to_string()).or_default().unwanted += 1;
            faults.push(format!("  + unwanted {}", shown(event)));
        }
    }
    faults
}

/// Returns how many of the wanted slots hold, and how many are wanted.
fn slots(event: &Event, want: &Table) -> (usize, usize) {
    let id = |actor: &Option<Actor>| actor.as_ref().map(|actor| actor.id.clone());
    let mut counts = (0, 0);
    for (name, value) in want {
        let have = match name.as_str() {
            "actor" => id(&event.actor),
            "recipient" => id(&event.recipient),
            "attribution" => id(&event.attribution),
            "status" => Some(event.status.to_string()),
            "countries" => Some(format!("{:?}", event.countries)),
            "date" => event.date.map(|span| match span.end {
                None => format!("{}..", span.start),
                Some(end) if end == span.start => span.start.to_string(),
                Some(end) => format!("{}..{end}", span.start),
            }),
            "quantity" => event.quantity.map(|q| format!("{} {} {}", q.value, q.unit, q.modifier)),
            _ => continue,
        };
        let want = match value {
            Value::String(text) => text.clone(),
            Value::Array(all) => {
                format!("{:?}", all.iter().filter_map(Value::as_str).collect::<Vec<_>>())
            }
            other => other.to_string(),
        };
        counts.1 += 1;
        counts.0 += usize::from(have == Some(want));
    }
    counts
}

fn shown(event: &Event) -> String {
    let id = |actor: &Option<Actor>| actor.as_ref().map_or("-", |actor| &actor.id).to_owned();
    format!(
        "{} {} > {} {} {:?} [{}] by {}",
        event.kind,
        id(&event.actor),
        id(&event.recipient),
        event.status,
        event.evidence.trigger,
        event.frame,
        id(&event.attribution),
    )
}

fn tables(value: Option<&Value>) -> Vec<&Table> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table).collect()
}

fn word<'t>(table: &'t Table, key: &str) -> &'t str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}
