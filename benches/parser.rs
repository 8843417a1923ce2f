//! Sentences parsed, and sentences read for events, a second of one core: beside spaCy, in one run.
//!
//! `cargo bench --bench parser --no-default-features --features parser [-- ROW]`, where a part of its
//! name picks a row of the table (spaCy's begin with `spaCy`); `-- worst` measures how the time grows
//! with the length of texts that mean harm. Dense border news is that of
//! `SHARED/eval/dev.docs.jsonl` where this machine has it, else made of `tests/coding/`; other news is
//! made by chance, and that of `SHARED/gold/meantime_en.jsonl` where that is. Times are those of the
//! processor where the system tells them, so that neighbours on the machine disturb less.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use borderwire::parser::{Document, Parser};
use serde_json::Value;

#[path = "../src/parser"]
#[allow(dead_code, unused_imports, reason = "what is measured is a part of it")]
mod parser {
    //! The parse alone: no part of the library's interface, so it is taken by its path.

    mod chance;
    mod english;
    mod syntax;

    use self::english::{English, Entities, Scratch};

    /// Returns texts that make careless code slow, each of about so many bytes, with their names.
    pub fn hostile(bytes: usize) -> Vec<(&'static str, String)> {
        chance::hostile(bytes)
    }

    /// The model on one of this processor's ways to compute.
    pub struct Kernel {
        pub name: &'static str,
        english: English,
        scratch: Scratch,
    }

    impl Kernel {
        /// The slowest first.
        pub fn all() -> Vec<Self> {
            let kernel = |(name, english)| Self { name, english, scratch: Scratch::default() };
            English::each().into_iter().map(kernel).collect()
        }

        /// Parses a sentence; returns how many words it has.
        pub fn parse(&mut self, sentence: &str) -> usize {
            self.run(sentence, Entities::Skip)
        }

        /// Parses a sentence and looks for names; returns how many words it has.
        pub fn parse_with_names(&mut self, sentence: &str) -> usize {
            self.run(sentence, Entities::Find)
        }

        fn run(&mut self, sentence: &str, entities: Entities) -> usize {
            self.english.parse(sentence, 0..sentence.len(), &mut self.scratch, entities).len()
        }
    }
}

mod news;

use self::news::Random;
use self::parser::Kernel;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Rounds of each measure, of which the median counts.
const ROUNDS: usize = 5;
/// How long a round lasts at least.
const ROUND: Duration = Duration::from_millis(400);
/// Of so many sentences of mixed news, one is about a border.
const MIX: usize = 30;
/// Sentences of a report that is made.
const REPORT: usize = 10;
/// The argument of the process that measures nothing but its memory.
const MEMORY: &str = "--memory";

/// The argument that asks for texts that mean harm.
const WORST: &str = "worst";
/// Lengths of those, in bytes; the last is all that is read of a document.
const LENGTHS: [usize; 3] = [50_000, 100_000, 200_000];

/// What the parser is to reach.
struct Goals;

impl Goals {
    const PARSED: f64 = 8_000.0;
    const TIMES_SPACY: f64 = 20.0;
    const MIXED: f64 = 50_000.0;
    const PEAK_MB: f64 = 150.0;
}

/// One line of the table.
struct Row {
    what: String,
    rate: f64,
    about: String,
}

/// Documents, and how many sentences they have.
struct Corpus {
    what: &'static str,
    documents: Vec<Document>,
    sentences: usize,
}

/// spaCy's sentences a second, and its memory.
struct Spacy {
    about: String,
    parse: f64,
    whole: f64,
    peak_mb: Option<f64>,
}

fn main() -> Outcome<()> {
    let (dense, source) = dense()?;
    let sentences: Vec<String> = dense.iter().flat_map(|report| report.sentences.clone()).collect();
    let corpora = corpora(&dense);
    if env::args().any(|argument| argument == MEMORY) {
        let parser = Parser::embedded();
        for corpus in &corpora {
            extract(&parser, corpus);
        }
        println!("{}", peak_mb().unwrap_or_default());
        return Ok(());
    }
    println!("border news: {} sentences of {source}; load {}", sentences.len(), load());
    let wanted: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let is_wanted = |row: &str| wanted.is_empty() || wanted.iter().any(|word| row.contains(word));
    if wanted.iter().any(|word| word == WORST) {
        worst();
        return Ok(());
    }
    let spacy = if is_wanted("spaCy") { spacy(&sentences)? } else { None };
    let mut rows = Vec::new();
    let mut kernels = Kernel::all();
    for kernel in &mut kernels {
        let what = format!("parse, {}", kernel.name);
        if !is_wanted(&what) {
            continue;
        }
        let words: usize = sentences.iter().map(|sentence| kernel.parse(sentence)).sum();
        let rate =
            rate(sentences.len(), || sentences.iter().map(|sentence| kernel.parse(sentence)).sum());
        let words = rate * words as f64 / sentences.len() as f64;
        let about = format!("{words:.0} words/s");
        rows.push(Row { what, rate, about });
    }
    let parsed = rows.last().map(|row| row.rate);
    if let Some(kernel) = kernels.last_mut().filter(|_| is_wanted("parse and names")) {
        let rate = rate(sentences.len(), || {
            sentences.iter().map(|sentence| kernel.parse_with_names(sentence)).sum()
        });
        let what = format!("parse and names, {}", kernel.name);
        rows.push(Row { what, rate, about: String::new() });
    }
    drop(kernels);
    let parser = Parser::embedded();
    let mut mixed = f64::INFINITY;
    for corpus in &corpora {
        let what = format!("extract, {}", corpus.what);
        if !is_wanted(&what) {
            continue;
        }
        let events = extract(&parser, corpus);
        let rate = rate(corpus.sentences, || extract(&parser, corpus));
        if corpus.what.starts_with("mixed") {
            mixed = mixed.min(rate);
        }
        let about = format!("{events} events in {} documents", corpus.documents.len());
        rows.push(Row { what, rate, about });
    }
    print(&rows, spacy.as_ref());
    if !wanted.is_empty() {
        return Ok(());
    }
    let peak = memory()?;
    let own = peak.map_or_else(|| "-".to_owned(), |peak| format!("{peak:.0} MB"));
    let theirs = spacy.as_ref().and_then(|spacy| spacy.peak_mb);
    let theirs = theirs.map_or_else(|| "-".to_owned(), |peak| format!("{peak:.0} MB"));
    println!("peak memory: {own}, spaCy {theirs}; load {}", load());
    if let Some(parsed) = parsed {
        goal("parsed sentences a second", parsed, Goals::PARSED);
    }
    if let (Some(parsed), Some(spacy)) = (parsed, &spacy) {
        goal("times spaCy's whole pipeline", parsed / spacy.whole, Goals::TIMES_SPACY);
    }
    goal("sentences of mixed news a second, the slowest", mixed, Goals::MIXED);
    if let Some(peak) = peak {
        goal("of the memory allowed is free, MB", Goals::PEAK_MB - peak, 0.0);
    }
    Ok(())
}

/// Prints how long texts that mean harm take, and how the time grows when they do: twice is linear.
fn worst() {
    let parser = Parser::embedded();
    println!("{:<32} {:>9} {:>9} {:>9} {:>7}", "ms", "50 kB", "100 kB", "200 kB", "growth");
    let texts = LENGTHS.map(parser::hostile);
    let mut rows: Vec<_> = (0..texts[0].len())
        .map(|at| {
            let times = [0, 1, 2].map(|length| {
                let text = texts[length][at].1.clone();
                // So that it is read at all.
                let title = Some("Migrants crossed the border of Poland and Belarus".to_owned());
                let language = Some("en".to_owned());
                let document = Document { title, text, language, ..Document::default() };
                let start = (Instant::now(), processor_time());
                std::hint::black_box(parser.extract(&document));
                match (start.1, processor_time()) {
                    (Some(start), Some(end)) => end - start,
                    _ => start.0.elapsed(),
                }
            });
            (texts[0][at].0, times.map(|time| time.as_secs_f64() * 1e3))
        })
        .collect();
    rows.sort_by(|a, b| b.1[2].total_cmp(&a.1[2]));
    for (what, [short, middle, long]) in rows {
        println!("{what:<32} {short:>9.1} {middle:>9.1} {long:>9.1} {:>7.2}", long / middle);
    }
}

fn print(rows: &[Row], spacy: Option<&Spacy>) {
    println!("{:<44} {:>11} {:>9} {:>9}", "one core", "sentences/s", "x parse", "x whole");
    let ratio = |rate: f64, other: Option<f64>| {
        other.map_or_else(|| "-".to_owned(), |other| format!("{:.1}", rate / other))
    };
    let line = |what: &str, rate: f64, about: &str| {
        let parse = ratio(rate, spacy.map(|spacy| spacy.parse));
        let whole = ratio(rate, spacy.map(|spacy| spacy.whole));
        println!("{what:<44} {rate:>11.0} {parse:>9} {whole:>9}  {about}");
    };
    for row in rows {
        line(&row.what, row.rate, &row.about);
    }
    if let Some(spacy) = spacy {
        line("spaCy: vectors, tags, tree (x parse)", spacy.parse, &spacy.about);
        line("spaCy: its whole pipeline (x whole)", spacy.whole, "");
    }
}

fn goal(what: &str, value: f64, least: f64) {
    let verdict = if value >= least { "reached" } else { "MISSED" };
    println!("goal {verdict}: {value:.1} {what}; wanted {least}");
}

/// Returns pieces of work a second: the median of some rounds, after one that warms up.
fn rate(pieces: usize, mut work: impl FnMut() -> usize) -> f64 {
    let mut times = Vec::new();
    for _ in 0..=ROUNDS {
        let (begun, start) = (Instant::now(), processor_time());
        let mut runs = 0;
        while begun.elapsed() < ROUND {
            std::hint::black_box(work());
            runs += 1;
        }
        let spent = match (start, processor_time()) {
            (Some(start), Some(end)) => end - start,
            _ => begun.elapsed(),
        };
        times.push(spent.as_secs_f64() / f64::from(runs));
    }
    times.remove(0);
    times.sort_by(f64::total_cmp);
    pieces as f64 / times[ROUNDS / 2]
}

/// Returns how long this thread has run on a processor.
fn processor_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn load() -> String {
    let told = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').next().unwrap_or_default().to_owned()
}

/// Returns the largest resident memory of this process so far.
fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1024.0)
}

/// Returns the peak memory of a process that reads all corpora once.
fn memory() -> Outcome<Option<f64>> {
    let output = Command::new(env::current_exe()?).arg(MEMORY).output()?;
    let peak: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok((peak > 0.0).then_some(peak))
}

/// Returns how many events the corpus gives.
fn extract(parser: &Parser, corpus: &Corpus) -> usize {
    corpus.documents.iter().map(|document| parser.extract(document).events.len()).sum()
}

fn shared(path: &str) -> PathBuf {
    let shared = env::var_os("BORDERWIRE_SHARED").unwrap_or_else(|| "../shared".into());
    Path::new(&shared).join(path)
}

fn lines(path: &Path) -> Outcome<Vec<Value>> {
    Ok(fs::read_to_string(path)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// Returns reports about borders, and where they are from.
fn dense() -> Outcome<(Vec<news::Report>, &'static str)> {
    let path = shared("eval/dev.docs.jsonl");
    if !path.exists() {
        return Ok((ours()?, "tests/coding"));
    }
    let mut reports = Vec::new();
    for line in lines(&path)? {
        let text: Vec<char> = line["text"].as_str().unwrap_or_default().chars().collect();
        let offset = |at: &Value| at.as_u64().map_or(0, |at| (at as usize).min(text.len()));
        let sentence = |range: &Value| -> String {
            let part: String =
                text[offset(&range["start"])..offset(&range["end"])].iter().collect();
            part.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let sentences = line["sentences"].as_array().map_or(&[][..], Vec::as_slice);
        reports.push(news::Report {
            title: line["title"].as_str().unwrap_or_default().to_owned(),
            sentences: sentences.iter().map(sentence).collect(),
        });
    }
    Ok((reports, "SHARED/eval"))
}

/// Returns reports made of the sentences that the frames are tested with.
fn ours() -> Outcome<Vec<news::Report>> {
    let mut sentences = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/coding");
    for entry in fs::read_dir(folder)? {
        let file: toml::Table = fs::read_to_string(entry?.path())?.parse()?;
        let tables = file.get("sentence").and_then(toml::Value::as_array).into_iter().flatten();
        let gives = |table: &&toml::Value| {
            table.get("gives").and_then(toml::Value::as_array).is_some_and(|all| !all.is_empty())
        };
        let text = |table: &toml::Value| Some(table.get("text")?.as_str()?.to_owned());
        sentences.extend(tables.filter(gives).filter_map(text));
    }
    sentences.sort_unstable();
    let report = |sentences: &[String]| news::Report {
        title: "Migrants stopped at the border".to_owned(),
        sentences: sentences.to_vec(),
    };
    Ok(sentences.chunks(REPORT).map(report).collect())
}

/// Returns dense news, mixed news of three sorts.
fn corpora(dense: &[news::Report]) -> Vec<Corpus> {
    let documents: Vec<Document> = dense.iter().map(document).collect();
    let sentences: usize = dense.iter().map(|report| report.sentences.len()).sum();
    let mut random = Random(9_112_021);
    let others: Vec<Document> = (0..sentences * (MIX - 1) / REPORT)
        .map(|_| document(&news::report(&mut random, REPORT)))
        .collect();
    // Each report has one sentence about a border, in its midst.
    let within: Vec<Document> = dense
        .iter()
        .flat_map(|report| &report.sentences)
        .map(|sentence| {
            let mut report = news::report(&mut random, MIX - 1);
            report.sentences.insert(MIX / 2, sentence.clone());
            document(&report)
        })
        .collect();
    let whole = others.len() * REPORT + sentences;
    let mut corpora = vec![
        Corpus { what: "dense border news", documents: documents.clone(), sentences },
        Corpus {
            what: "mixed news, whole reports",
            documents: documents.iter().cloned().chain(others).collect(),
            sentences: whole,
        },
        Corpus {
            what: "mixed news, a sentence in each report",
            documents: within,
            sentences: sentences * MIX,
        },
    ];
    if let Ok(items) = lines(&shared("gold/meantime_en.jsonl")) {
        let texts: Vec<&str> = items.iter().filter_map(|item| item["text"].as_str()).collect();
        let in_all: usize = texts.iter().map(|text| text.matches(" . ").count() + 1).sum();
        let real = |text: &&str| Document { text: (*text).to_owned(), ..Document::default() };
        let rounds = (sentences * (MIX - 1)).div_ceil(in_all);
        let mut documents = documents;
        for _ in 0..rounds {
            documents.extend(texts.iter().map(real));
        }
        let sentences = sentences + rounds * in_all;
        corpora.push(Corpus { what: "mixed with MEANTIME's reports", documents, sentences });
    }
    corpora
}

fn document(report: &news::Report) -> Document {
    Document {
        title: Some(report.title.clone()),
        text: report.sentences.join(" "),
        published: Some(jiff::civil::date(2021, 11, 16)),
        ..Document::default()
    }
}

/// Measures spaCy on the sentences; `None` where it cannot be had.
fn spacy(sentences: &[String]) -> Outcome<Option<Spacy>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/spacy");
    let path = env::temp_dir().join(format!("borderwire-sentences-{}", std::process::id()));
    fs::write(&path, sentences.join("\n"))?;
    let output = Command::new(script).arg(&path).arg(ROUNDS.to_string()).output();
    fs::remove_file(&path)?;
    let output = match output {
        Ok(output) if output.status.success() => output,
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stderr);
            println!("spaCy: skipped: {}", told.lines().last().unwrap_or_default());
            return Ok(None);
        }
        Err(error) => {
            println!("spaCy: skipped: {error}");
            return Ok(None);
        }
    };
    let told: Value = serde_json::from_slice(&output.stdout)?;
    let number = |key: &str| told[key].as_f64().unwrap_or_default();
    let about = format!(
        "{}, model {}, agrees with its reference in {} %",
        told["version"].as_str().unwrap_or_default(),
        told["model"].as_str().unwrap_or_default(),
        told["agreement"],
    );
    let peak_mb = told["peak_mb"].as_f64();
    Ok(Some(Spacy { about, parse: number("parse"), whole: number("whole"), peak_mb }))
}
