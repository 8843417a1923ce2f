//! Feeds of other projects' tests, read as captures: none panics, none is read worse than by peers.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use borderwire::capture::Capture;
use borderwire::parser::{self, Document, NotAFeed, Reading};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

/// Returns the folder of feeds, `None` where this machine has none.
///
/// # Panics
/// Where it is missing and `BORDERWIRE_CI` says that it must be there.
fn corpora(test: &str) -> Option<PathBuf> {
    let shared = env::var_os("BORDERWIRE_SHARED").unwrap_or_else(|| "../shared".into());
    let feeds = Path::new(&shared).join("feeds");
    if feeds.is_dir() {
        return Some(feeds);
    }
    assert!(env::var_os("BORDERWIRE_CI").is_none(), "{test} needs {}", feeds.display());
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    {
        eprintln!("skipped: {test}: needs {}", feeds.display());
    }
    None
}

/// Returns the files of the folders, in the order of their names.
fn files(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = folders.to_vec();
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    assert!(!files.is_empty());
    files
}

fn read(body: Vec<u8>) -> Result<Reading, NotAFeed> {
    let capture = Capture {
        url: Url::parse("http://example.org/feed").unwrap(),
        captured_at: Timestamp::UNIX_EPOCH,
        status: 200,
        headers: Vec::new(),
        body,
    };
    let reading = parser::read(&capture);
    if let Err(NotAFeed::Unknown(says)) = &reading {
        assert!(!says.contains("panicked"), "{says}");
    }
    if let Ok(reading) = &reading {
        for entry in &reading.entries {
            Document::from_entry(entry);
        }
    }
    reading
}

#[test]
fn no_file_of_the_corpora_makes_the_reader_panic() {
    let Some(feeds) = corpora("no_file_of_the_corpora_makes_the_reader_panic") else { return };
    let folders =
        [feeds.join("feedparser/files"), feeds.join("gofeed/files"), feeds.join("hostile")];
    for path in files(&folders) {
        let reading = std::panic::catch_unwind(|| read(fs::read(&path).unwrap()));
        assert!(reading.is_ok(), "{}", path.display());
    }
}

/// One document of each kind, with what is easily broken in it.
const SAMPLES: [&str; 4] = [
    "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE rss [<!ENTITY hq 'the desk'>]><rss version='2.0'><channel><title>Desk</title>\
     <item><title>Ferry &amp; quay at &hq; – &#8217;</title><link>/1?a=1&b=2</link><guid isPermaLink='false'>g</guid>\
     <pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><description><![CDATA[<p>Two <b>boats</b> & €]]></description>\
     <media:group><media:title>x</media:title></media:group><itunes:category text='a'><itunes:category text='b'/></itunes:category>\
     <author>a@example.org (Ana)</author></item><item><title>Gate</title></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/a/' xml:lang='lv'><entry><id>urn:1</id><title type='html'>&lt;b>x</title>\
     <link href='b'/><updated>2026-11-23T10:00:00+02:00</updated><author><name>Ana</name></author>\
     <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p onclick='x()'>Robeža <script>no</script></p></div></content></entry></feed>",
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel/>\
     <item rdf:about='1'><title>a</title><dc:date>23 ноя 2026 10:00 MSK</dc:date></item></rdf:RDF>",
    r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"title":"a\u00e9","content_text":"x","authors":[{"name":"A"}]}]}"#,
];

#[test]
fn no_damage_makes_the_reader_panic() {
    let seed =
        env::var("BORDERWIRE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20261123_u64);
    let rounds = env::var("BORDERWIRE_ROUNDS").ok().and_then(|s| s.parse().ok()).unwrap_or(4_000);
    println!("BORDERWIRE_SEED={seed}");
    let mut state = seed;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let scraps: [&[u8]; 14] = [
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<![CDATA[",
        b"</item>",
        b"<item>",
        b"\xff",
        b"\"",
        b"<!--",
        b"\xc3",
        b"&#",
        b"",
        b"</",
    ];
    for _ in 0..rounds {
        let mut body = SAMPLES[random(SAMPLES.len())].as_bytes().to_vec();
        body.truncate(random(body.len() * 2).max(1));
        for _ in 0..=random(6) {
            let at = random(body.len());
            let until = body.len().min(at + random(12));
            body.splice(at..until, scraps[random(scraps.len())].iter().copied());
        }
        read(body).ok();
    }
}

/// feed-rs reads what is well-formed; what it finds there has to be found here too.
#[test]
fn no_entry_that_feed_rs_finds_is_missed() {
    let Some(feeds) = corpora("no_entry_that_feed_rs_finds_is_missed") else { return };
    let (mut compared, mut missed) = (0, Vec::new());
    for path in files(&[feeds.join("gofeed/files"), feeds.join("feedparser/files/wellformed")]) {
        let body = fs::read(&path).unwrap();
        let peer = || {
            let parser = feed_rs::parser::Builder::new()
                .id_generator(|_, _, _| String::new())
                .sanitize_content(false);
            parser.build().parse(body.as_slice()).ok()
        };
        // It panics on some encodings.
        let Ok(Some(peer)) = std::panic::catch_unwind(peer) else { continue };
        let path = path.display();
        if peer.entries.is_empty() {
            continue;
        }
        let ours = read(body.clone()).unwrap_or_else(|error| panic!("{path}: {error}"));
        if ours.entries.len() != peer.entries.len() {
            missed.push(format!("{path}: {} entries, {}", ours.entries.len(), peer.entries.len()));
            continue;
        }
        for (ours, peer) in ours.entries.iter().zip(&peer.entries) {
            let id = Some(peer.id.trim()).filter(|id| !id.is_empty());
            let text = peer.title.as_ref().map(|title| title.content.trim()).unwrap_or_default();
            // An entity that the document declares is one that feed-rs leaves as it is.
            if id.is_some_and(|id| ours.id.as_deref() != Some(id) && !id.contains('&')) {
                missed.push(format!("{path}: id {:?}, {id:?}", ours.id));
            }
            if ours.title.is_none() && !text.is_empty() {
                missed.push(format!("{path}: no title, {text:?}"));
            }
            if ours.published.is_none() && peer.published.is_some() {
                missed.push(format!("{path}: no date, {:?}", peer.published));
            }
            compared += 1;
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(compared > 500, "{compared}");
}

#[test]
fn the_command_writes_one_line_for_each_capture() {
    let capture = |body: &str| {
        json!({ "url": "http://example.org/f", "status": 200, "headers": { "Content-Language": "lv" },
                "body": STANDARD.encode(body) })
        .to_string()
    };
    let lines = [
        capture(
            "<rss><channel><title>Desk</title><item><title>Ferry &amp; quay</title><link>/1</link>\
                 <pubDate>23 Nov 2026 10:00 +0200</pubDate><guid>g</guid></item></channel></rss>",
        ),
        capture(""),
        "{}".to_owned(),
        "no json".to_owned(),
        capture(r#"{"items":[{"id":1}]}"#),
    ];
    let mut child = Command::new(env!("CARGO_BIN_EXE_borderwire"))
        .args(["entries", "--captures", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let told: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told.len(), lines.len());
    assert_eq!(
        told[0],
        json!({
            "feed": { "title": "Desk", "link": null, "id": null, "description": null, "language": "lv", "updated": null },
            "entries": [{ "id": "g", "title": "Ferry & quay", "link": "http://example.org/1",
                          "published": "2026-11-23T08:00:00Z", "updated": null, "summary": null, "content": null,
                          "authors": [], "categories": [], "language": "lv" }],
            "warnings": [],
            "error": null,
        })
    );
    assert_eq!(told[1]["error"], "the body is empty");
    for line in &told[2..4] {
        assert!(line["feed"].is_null() && line["error"].is_string(), "{line}");
    }
    assert_eq!(told[4]["entries"][0]["id"], "1");
    assert_eq!(told[4]["warnings"][0], "entry 1: bad-field: `id` is no string and was made one");
}
