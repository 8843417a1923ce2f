//! One message as one line for a person.

use serde_json::Value;

/// How long the part of a sentence is that a line shows, in characters.
const SENTENCE_CHARS: usize = 110;

/// How long other texts of a line are at most, in characters.
const TEXT_CHARS: usize = 60;

/// Width of the column of kinds: the longest, with its status.
const KIND_CHARS: usize = 26;

/// Whether the line goes to a terminal that shows colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Text alone.
    Plain,
    /// With ANSI colours.
    Colours,
}

impl Paint {
    /// Returns colours for a terminal, unless its user set `NO_COLOR` (<https://no-color.org>).
    pub fn for_output(is_terminal: bool) -> Self {
        let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if is_terminal && !is_unwanted { Self::Colours } else { Self::Plain }
    }

    /// Returns the text in the colour, the parameter of an ANSI sequence.
    pub(super) fn on(self, colour: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colours if text.is_empty() => String::new(),
            Self::Colours => format!("\x1b[{colour}m{text}\x1b[0m"),
        }
    }
}

/// Returns a message as one line, by its value and its header `ce_type`; what is missing is left
/// out. Control characters of texts are shown as spaces.
pub fn line(value: &Value, ce_type: &str, paint: Paint) -> String {
    let line = Line { paint, parts: vec![time(value)] };
    let parts = if value["event"].is_object() {
        line.event(value, ce_type)
    } else if ce_type.starts_with("borderwire.entry.") {
        line.entry(value)
    } else if ce_type.starts_with("borderwire.feed.") || value["condition"].is_string() {
        line.feed(value)
    } else {
        line.other(value, ce_type)
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
}

struct Line {
    paint: Paint,
    parts: Vec<String>,
}

impl Line {
    fn event(mut self, value: &Value, ce_type: &str) -> Vec<String> {
        let event = &value["event"];
        let change =
            text(&value["change"]).or_else(|| ce_type.split('.').nth(2).map(str::to_owned));
        let sign = match change.as_deref() {
            Some("corrected") => "~",
            Some("retracted") => "-",
            _ => "+",
        };
        let kind = text(&event["kind"]).unwrap_or_else(|| "event".to_owned());
        let told = match text(&event["status"]) {
            Some(status) if status != "occurred" => format!("{kind}, {status}"),
            _ => kind,
        };
        let colour = match sign {
            "-" => DIM,
            _ => family_colour(event["family"].as_str().unwrap_or_default()),
        };
        self.parts.push(self.paint(colour, &format!("{sign} {told:<KIND_CHARS$}")));
        self.parts.push(who(event));
        self.parts.push(place(event));
        self.parts.push(days(&event["date"]));
        self.parts.push(quantity(&event["quantity"]));
        if let Some(source) = somebody(&event["attribution"]) {
            self.parts.push(format!("says {source}"));
        }
        if let Some(reason) = text(&value["reason"]) {
            self.parts.push(format!("({reason})"));
        }
        let feed = source(value);
        self.parts.push(self.paint(DIM, &feed));
        self.parts.push(self.sentence(&event["evidence"]));
        self.parts
    }

    /// The part of the sentence around the trigger, which stands out.
    fn sentence(&self, evidence: &Value) -> String {
        let Some(sentence) = text(&evidence["sentence"]) else { return String::new() };
        let trigger = text(&evidence["trigger"]).unwrap_or_default();
        let at = if trigger.is_empty() { None } else { sentence.find(&trigger) };
        let (before, trigger, after) = match at {
            Some(at) => (&sentence[..at], &trigger[..], &sentence[at + trigger.len()..]),
            None => ("", "", &sentence[..]),
        };
        let room = SENTENCE_CHARS.saturating_sub(trigger.chars().count());
        let behind = after.chars().count().min(room / 2);
        let before = end_of(before, room - behind);
        let after = start_of(after, room - before.chars().count().min(room));
        format!("“{before}{}{after}”", self.paint(BOLD, trigger))
    }

    fn entry(mut self, value: &Value) -> Vec<String> {
        let novelty = text(&value["novelty"]).unwrap_or_default();
        let kind = format!("entry, {novelty}");
        let kind = if novelty.is_empty() { "entry" } else { &kind };
        self.parts.push(format!("  {kind:<KIND_CHARS$}"));
        self.parts.extend(short(&value["title"]).map(|title| format!("“{title}”")));
        self.parts.extend(text(&value["link"]));
        self.parts
    }

    fn feed(mut self, value: &Value) -> Vec<String> {
        let condition = text(&value["condition"]).unwrap_or_default();
        let colour = if condition == "ok" { DIM } else { YELLOW };
        let kind = format!("  {:<KIND_CHARS$}", format!("feed, {condition}"));
        self.parts.push(self.paint(colour, &kind));
        self.parts.extend(short(&value["title"]).or_else(|| short(&value["url"])));
        self.parts.extend(short(&value["error"]["detail"]));
        if let Some(next) = text(&value["next_poll_at"]) {
            self.parts.push(format!("asked again {}", clock(&next)));
        }
        self.parts
    }

    fn other(mut self, value: &Value, ce_type: &str) -> Vec<String> {
        let kind = ce_type.strip_prefix("borderwire.").unwrap_or(ce_type);
        self.parts.push(format!("  {kind:<KIND_CHARS$}"));
        let about = [&value["url"], &value["error"]["detail"], &value["title"]];
        let known: Vec<String> = about.into_iter().filter_map(short).collect();
        match (&known[..], value) {
            ([], Value::Null) => self.parts.push("(no value)".to_owned()),
            ([], _) => self.parts.push(start_of(&plain(&value.to_string()), SENTENCE_CHARS)),
            _ => self.parts.extend(known),
        }
        self.parts
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        self.paint.on(colour, text)
    }
}

pub(super) const BOLD: &str = "1";
pub(super) const DIM: &str = "2";
const YELLOW: &str = "33";

/// Returns the colour of the family's events.
pub(super) fn family_colour(family: &str) -> &'static str {
    match family {
        "movement" => "36",
        "control" => YELLOW,
        "security" => "31",
        "harm" => "35",
        "help" => "32",
        "diplomacy" => "34",
        _ => "37",
    }
}

fn time(value: &Value) -> String {
    text(&value["observed_at"]).map(|time| clock(&time)).unwrap_or_default()
}

/// Day and second of a time in UTC, as far as it is one.
fn clock(time: &str) -> String {
    match time.parse::<jiff::Timestamp>() {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        Err(_) => time.to_owned(),
    }
}

fn who(event: &Value) -> String {
    match (somebody(&event["actor"]), somebody(&event["recipient"])) {
        (None, None) => String::new(),
        (Some(actor), None) => actor,
        (actor, Some(recipient)) => format!("{} → {recipient}", actor.unwrap_or("…".to_owned())),
    }
}

/// `POL “border guards”`; the code alone where the text says no more.
fn somebody(actor: &Value) -> Option<String> {
    let id = text(&actor["id"]);
    match (id, short(&actor["text"])) {
        (Some(id), Some(words)) if words != id => Some(format!("{id} “{words}”")),
        (Some(id), _) => Some(id),
        (None, words) => words.map(|words| format!("“{words}”")),
    }
}

fn place(event: &Value) -> String {
    let countries: Vec<String> =
        event["countries"].as_array().into_iter().flatten().filter_map(text).collect();
    match (countries.is_empty(), short(&event["place"])) {
        (true, None) => String::new(),
        (false, None) => format!("in {}", countries.join(" ")),
        (true, Some(place)) => format!("({place})"),
        (false, Some(place)) => format!("in {} ({place})", countries.join(" ")),
    }
}

fn days(date: &Value) -> String {
    match (text(&date["start"]), text(&date["end"])) {
        (None, _) => String::new(),
        (Some(start), None) => format!("since {start}"),
        (Some(start), Some(end)) if start == end => format!("on {start}"),
        (Some(start), Some(end)) => format!("{start} to {end}"),
    }
}

fn quantity(quantity: &Value) -> String {
    let Some(value) = quantity["value"].as_f64() else { return String::new() };
    let modifier = match quantity["modifier"].as_str() {
        Some("about") => "about ",
        Some("at-least") => "at least ",
        Some("at-most") => "at most ",
        _ => "",
    };
    let unit = text(&quantity["unit"]).filter(|unit| unit != "other").unwrap_or_default();
    format!("{modifier}{} {unit}", grouped(value)).trim_end().to_owned()
}

/// `1,250,000`, and up to two decimals where there are any.
fn grouped(value: f64) -> String {
    let text = format!("{value:.2}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match decimals.trim_end_matches('0') {
        "" => grouped,
        decimals => format!("{grouped}.{decimals}"),
    }
}

/// What people call the feed, else the host of its address or of the entry's page, else its id.
fn source(value: &Value) -> String {
    let host = |url: &Value| {
        let url = url::Url::parse(url.as_str()?).ok()?;
        url.host_str().map(str::to_owned)
    };
    short(&value["feed"]["title"])
        .or_else(|| host(&value["feed"]["url"]))
        .or_else(|| host(&value["entry"]["link"]))
        .or_else(|| text(&value["feed_id"]))
        .map(|source| format!("[{source}]"))
        .unwrap_or_default()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(plain).filter(|text| !text.is_empty())
}

fn short(value: &Value) -> Option<String> {
    text(value).map(|text| start_of(&text, TEXT_CHARS))
}

/// One line without control characters: texts come from anywhere, and a terminal obeys them.
pub(super) fn plain(text: &str) -> String {
    let seen = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    seen.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn start_of(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((end, _)) => {
            let cut = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
            format!("{}…", &text[..cut])
        }
    }
}

fn end_of(text: &str, chars: usize) -> String {
    let count = text.chars().count();
    let Some((start, _)) = text.char_indices().nth(count.saturating_sub(chars)) else {
        return String::new();
    };
    if start == 0 {
        return text.to_owned();
    }
    let rest = &text[start..];
    let cut = rest.find(' ').filter(|at| *at < rest.len() / 2).map_or(0, |at| at + 1);
    format!("…{}", &rest[cut..])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pushback() -> Value {
        json!({
            "change": "detected",
            "reason": null,
            "event": {
                "kind": "pushback", "family": "control", "status": "alleged",
                "actor": {"text": "Poland's border guards", "id": "POL"},
                "recipient": {"text": "24 Afghans", "id": "MIG"},
                "countries": ["BLR", "POL"], "place": "near Usnarz",
                "date": {"start": "2021-08-20", "end": "2021-08-20"},
                "quantity": {"value": 24.0, "unit": "people", "modifier": "exact"},
                "attribution": {"text": "a charity", "id": "NGO"},
                "evidence": {"trigger": "forced back", "in_title": false, "start": 0, "end": 9,
                    "sentence": "Poland's border guards forced back 24 Afghans near Usnarz on Friday, a charity said."}
            },
            "entry": {"title": "A day at the border", "link": "https://news.example/1"},
            "feed": {"title": "Border Desk", "url": "https://news.example/feed"},
            "observed_at": "2021-08-20T18:03:05.123Z"
        })
    }

    #[test]
    fn an_event_is_a_readable_line() {
        assert_eq!(
            line(&pushback(), "borderwire.event.detected.v1", Paint::Plain),
            "2021-08-20 18:03:05Z  + pushback, alleged           POL “Poland's border guards” → MIG \
             “24 Afghans”  in BLR POL (near Usnarz)  on 2021-08-20  24 people  says NGO “a charity”  \
             [Border Desk]  “Poland's border guards forced back 24 Afghans near Usnarz on Friday, a \
             charity said.”"
        );
    }

    #[test]
    fn what_is_missing_is_left_out() {
        let cases = [
            (json!({"event": {}}), "+ event                     "),
            (
                json!({"event": {"kind": "death", "recipient": {"id": "MIG"}}, "change": "retracted",
                "reason": "source-edit"}),
                "- death                       … → MIG  (source-edit)",
            ),
            (
                json!({"event": {"kind": "death", "quantity": {"value": 1250000.5, "modifier": "at-least",
                "unit": "deaths"}, "date": {"start": "2021-08-20", "end": null}}}),
                "+ death                       since 2021-08-20  at least 1,250,000.5 deaths",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(line(&value, "", Paint::Plain), expected);
        }
    }

    #[test]
    fn other_messages_are_readable_too() {
        let cases = [
            (
                json!({"novelty": "new", "title": "A day", "link": "https://a.example/1"}),
                "borderwire.entry.new.v1",
                "  entry, new                  “A day”  https://a.example/1",
            ),
            (
                json!({"condition": "failing", "url": "https://a.example/feed",
                "error": {"code": "status", "detail": "404 Not Found"}}),
                "borderwire.feed.failing.v1",
                "  feed, failing               https://a.example/feed  404 Not Found",
            ),
            (
                json!({"url": "https://a.example/feed", "error": {"detail": "no feed"}}),
                "borderwire.capture.unreadable.v1",
                "  capture.unreadable.v1       https://a.example/feed  no feed",
            ),
            (json!({"v": 1}), "", "                              {\"v\":1}"),
            (
                Value::Null,
                "borderwire.event.retracted.v1",
                "  event.retracted.v1          (no value)",
            ),
        ];
        for (value, ce_type, expected) in cases {
            assert_eq!(line(&value, ce_type, Paint::Plain), expected);
        }
    }

    #[test]
    fn colours_mark_the_kind_and_the_trigger() {
        let line = line(&pushback(), "", Paint::Colours);
        assert!(line.contains("\x1b[33m+ pushback, alleged"), "{line}");
        assert!(line.contains("\x1b[1mforced back\x1b[0m"), "{line}");
    }

    #[test]
    fn a_long_sentence_is_cut_around_its_trigger() {
        let mut value = pushback();
        let long = format!("{} forced back {}", "before ".repeat(40), "after ".repeat(40));
        value["event"]["evidence"]["sentence"] = json!(long);
        let line = line(&value, "", Paint::Plain);
        let (_, sentence) = line.rsplit_once('“').unwrap();
        assert!(sentence.starts_with("…before ") && sentence.ends_with("after…”"), "{sentence}");
        assert!(sentence.contains(" forced back "), "{sentence}");
        assert!(sentence.chars().count() <= SENTENCE_CHARS + 4, "{sentence}");
    }

    #[test]
    fn a_publishers_text_gives_the_terminal_no_orders() {
        let value = json!({"novelty": "new", "title": "a\u{1b}[2Jb\u{7}\nc\u{9b}d"});
        let line = line(&value, "borderwire.entry.new.v1", Paint::Plain);
        assert!(line.contains("“a [2Jb c d”"), "{line}");
        assert!(!line.contains(char::is_control), "{line}");
    }
}
