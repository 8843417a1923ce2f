//! Single answers: good, odd, broken, slow, endless.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use borderwire::config;
use borderwire::fetch::{Client, Request};
use borderwire::parser;
use borderwire::schedule::retry_after;

use super::server::{Server, Step, answer, raw};
use super::{client, get, settings, told};

const FEED: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Border desk</title>
<item><guid>1</guid><title>Crossing closed</title></item></channel></rss>"#;

/// What the client makes of an answer: its status with the body, or the code of an error.
struct Case {
    name: &'static str,
    steps: Vec<Step>,
    told: &'static str,
    body: Vec<u8>,
}

fn good(name: &'static str, steps: Vec<Step>, body: impl AsRef<[u8]>) -> Case {
    Case { name, steps, told: "200", body: body.as_ref().to_vec() }
}

fn status(name: &'static str, steps: Vec<Step>, told: &'static str) -> Case {
    Case { name, steps, told, body: Vec::new() }
}

fn bad(name: &'static str, steps: Vec<Step>, told: &'static str) -> Case {
    Case { name, steps, told, body: Vec::new() }
}

async fn check(client: &Client, cases: Vec<Case>) {
    for Case { name, steps, told: want, body } in cases {
        let server = Server::start(move |_| steps.clone()).await;
        let got = get(client, server.url("/feed")).await;
        assert_eq!(told(&got), want, "{name}: {:?}", got.err().map(|error| error.to_string()));
        if let Ok(fetched) = got {
            let got = fetched.capture.body;
            assert!(got == body, "{name}: {} bytes in place of {}", got.len(), body.len());
        }
    }
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut sent = Vec::new();
    brotli::CompressorWriter::new(&mut sent, 4096, 5, 22).write_all(plain).unwrap();
    sent
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    zstd::encode_all(plain, 3).unwrap()
}

fn coded(coding: &str, body: Vec<u8>) -> Vec<Step> {
    answer(200, &format!("content-encoding: {coding}"), body)
}

#[tokio::test]
async fn good_and_odd_answers_are_captured() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
                   3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\ntrailer: x\r\n\r\n";
    let cases = vec![
        good("with its length", answer(200, "", FEED), FEED),
        good("in chunks, with an extension and a trailer", raw(chunked), "abcdefg"),
        good("until the connection closes", raw("HTTP/1.1 200 OK\r\n\r\nabc"), "abc"),
        good("over HTTP/1.0", raw("HTTP/1.0 200 OK\r\n\r\nabc"), "abc"),
        good("without a reason", raw("HTTP/1.1 200\r\ncontent-length: 3\r\n\r\nabc"), "abc"),
        good("empty", answer(200, "", ""), ""),
        good("empty, and said to be compressed", coded("gzip", Vec::new()), ""),
        good(
            "more bytes than it says",
            raw("HTTP/1.1 200 X\r\ncontent-length: 3\r\n\r\nabcdef"),
            "abc",
        ),
        good("lines that end in LF alone", raw("HTTP/1.1 200 OK\ncontent-length: 3\n\nabc"), "abc"),
        good(
            "a header line that is none",
            raw("HTTP/1.1 200 OK\r\nno colon here\r\nb@d: 1\r\ncontent-length: 3\r\n\r\nabc"),
            "abc",
        ),
        good(
            "a header folded as of old",
            raw("HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length : 3\r\n\r\nabc"),
            "abc",
        ),
        good(
            "early hints before",
            raw(
                "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc",
            ),
            "abc",
        ),
        good("gzip", coded("gzip", gzip(FEED.as_bytes())), FEED),
        good("brotli", coded("br", brotli(FEED.as_bytes())), FEED),
        good("zstd", coded("zstd", zstd(FEED.as_bytes())), FEED),
        good("deflate", coded("deflate", zlib(FEED.as_bytes())), FEED),
        good("a charset for a coding", coded("utf-8", FEED.into()), FEED),
        status("no content", raw("HTTP/1.1 204 X\r\n\r\n"), "204"),
        status("not modified", raw("HTTP/1.1 304 X\r\netag: \"1\"\r\n\r\n"), "304"),
        status(
            "not modified, and yet with a length",
            raw("HTTP/1.1 304 X\r\ncontent-length: 99\r\n\r\n"),
            "304",
        ),
        status("not found", answer(404, "", ""), "404"),
        status("gone", answer(410, "", ""), "410"),
        status("too many", answer(429, "retry-after: 7", ""), "429"),
        status("broken inside", answer(500, "", ""), "500"),
        status("unavailable", answer(503, "", ""), "503"),
        status("a status that nobody knows", answer(999, "", ""), "999"),
        status(
            "a refusal that breaks off",
            raw("HTTP/1.1 404 X\r\ncontent-length: 9\r\n\r\n"),
            "404",
        ),
        status("a refusal in an unknown coding", answer(403, "content-encoding: foo", "x"), "403"),
        status("a choice without a place", answer(302, "", ""), "302"),
    ];
    check(&client(), cases).await;
}

#[tokio::test]
async fn broken_answers_are_named() {
    let many_fields = "x: y\r\n".repeat(2000);
    let long_field = format!("x: {}\r\n", "y".repeat(1 << 20));
    let cases = vec![
        bad("nothing", raw(""), "broken"),
        bad("no HTTP", raw("hello\r\n\r\n"), "broken"),
        bad("TLS where none was asked for", raw([0x15, 3, 1, 0, 2, 2, 70]), "broken"),
        bad("half a head", raw("HTTP/1.1 200 OK\r\ncontent-le"), "broken"),
        bad(
            "too many header fields",
            raw(format!("HTTP/1.1 200 OK\r\n{many_fields}\r\n")),
            "broken",
        ),
        bad(
            "a header field too long",
            raw(format!("HTTP/1.1 200 OK\r\n{long_field}\r\n")),
            "broken",
        ),
        bad("a status that is none", raw("HTTP/1.1 2000 OK\r\n\r\n"), "broken"),
        bad(
            "fewer bytes than it says",
            raw("HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nabc"),
            "broken",
        ),
        bad(
            "two lengths",
            raw("HTTP/1.1 200 X\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd"),
            "broken",
        ),
        bad("a negative length", raw("HTTP/1.1 200 X\r\ncontent-length: -1\r\n\r\nabc"), "broken"),
        bad(
            "chunks that break off",
            raw("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n9\r\nabc"),
            "broken",
        ),
        bad(
            "a chunk of no size",
            raw("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"),
            "broken",
        ),
        bad(
            "a chunk larger than memory",
            raw("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc"),
            "broken",
        ),
        bad("gzip cut short", coded("gzip", gzip(FEED.as_bytes())[..40].to_vec()), "decoding"),
        bad("brotli that is none", coded("br", FEED.into()), "decoding"),
        bad("an unknown coding", coded("compress", FEED.into()), "coding"),
    ];
    check(&client(), cases).await;
}

#[tokio::test]
async fn too_much_is_not_taken_in() {
    let spaces = vec![b' '; 32 << 20];
    let head = b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"1000\r\n".to_vec(), vec![b'x'; 0x1000], b"\r\n".to_vec()].concat();
    let endless = b"HTTP/1.1 200 X\r\n\r\n".to_vec();
    let endless_404 = b"HTTP/1.1 404 X\r\n\r\n".to_vec();
    let mut cases = vec![
        bad(
            "a length above the limit",
            raw("HTTP/1.1 200 X\r\ncontent-length: 99999999999\r\n\r\n"),
            "too-large",
        ),
        bad("chunks without end", vec![Step::Send(head), Step::Pour(chunk)], "too-large"),
        bad(
            "bytes without end",
            vec![Step::Send(endless), Step::Pour(vec![b'x'; 4096])],
            "too-large",
        ),
        Case {
            name: "a refusal without end",
            steps: vec![Step::Send(endless_404), Step::Pour(vec![b'x'; 1024])],
            told: "404",
            body: vec![b'x'; 64 << 10],
        },
    ];
    for (coding, bomb) in [
        ("gzip", gzip(&spaces)),
        ("br", brotli(&spaces)),
        ("zstd", zstd(&spaces)),
        ("deflate", zlib(&spaces)),
    ] {
        cases.push(bad(coding, coded(coding, bomb), "bomb"));
    }
    check(&client(), cases).await;
}

#[tokio::test]
async fn slow_servers_run_into_the_time_out_of_what_they_are_slow_at() {
    const SOON: Duration = Duration::from_millis(200);
    const PAUSE: Duration = Duration::from_millis(20);
    let head = b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n".to_vec();
    let slow_to_read = config::Fetch { connect_timeout: SOON, read_timeout: SOON, ..settings() };
    let slow_in_all = config::Fetch { total_timeout: SOON, ..settings() };
    let by_read_timeout = vec![
        bad("silent", vec![Step::Hang], "timeout-headers"),
        bad(
            "a head by drops",
            vec![Step::Drip(b"HTTP/1.1 200 X\r\nx: y".to_vec(), PAUSE)],
            "timeout-headers",
        ),
        bad("half a head", vec![Step::Send(head[..20].to_vec()), Step::Hang], "timeout-headers"),
        bad("half a body", vec![Step::Send(head.clone()), Step::Hang], "timeout-body"),
        status(
            "half the body of a refusal",
            vec![Step::Send(b"HTTP/1.1 503 X\r\ncontent-length: 9\r\n\r\n".to_vec()), Step::Hang],
            "503",
        ),
    ];
    check(&Client::new(&slow_to_read).unwrap(), by_read_timeout).await;
    let by_total_timeout = vec![bad(
        "a body by drops",
        vec![Step::Send(head), Step::Drip(vec![b'x'], PAUSE)],
        "timeout-total",
    )];
    check(&Client::new(&slow_in_all).unwrap(), by_total_timeout).await;
}

#[tokio::test]
async fn a_server_that_hangs_does_not_keep_others_waiting() {
    let hanging = Server::start(|_| vec![Step::Hang]).await;
    let lively = Server::start(|_| answer(200, "", FEED)).await;
    let client = client();
    let waiting = tokio::spawn({
        let (client, url) = (client.clone(), hanging.url("/"));
        async move { get(&client, url).await.is_ok() }
    });
    for _ in 0..20 {
        assert_eq!(told(&get(&client, lively.url("/")).await), "200");
    }
    assert!(!waiting.is_finished());
    waiting.abort();
}

#[tokio::test]
async fn nobody_there_is_named() {
    let server = Server::start(|_| Vec::new()).await;
    let address = server.url("/");
    drop(server);
    // The port is given back when the task that listened has ended.
    let result = loop {
        let result = get(&client(), address.clone()).await;
        if told(&result) != "broken" {
            break result;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(told(&result), "connect");
    assert!(result.unwrap_err().is_temporary());
    let result = get(&client(), "http://no-such-name.invalid/".parse().unwrap()).await;
    assert_eq!(told(&result), "name", "{result:?}");
}

#[tokio::test]
async fn header_fields_are_kept_as_they_came() {
    let server = Server::start(|_| {
        raw(b"HTTP/1.1 200 X\r\nX-Two: 1\r\nETag: W/\"a\xfcb\"\r\nx-two: 2\r\ncontent-length: 0\r\n\r\n")
    })
    .await;
    let capture = get(&client(), server.url("/feed")).await.unwrap().capture;
    assert_eq!(capture.header("etag"), Some("W/\"a\u{fffd}b\""));
    let two: Vec<_> = capture.headers.iter().filter(|(name, _)| name == "x-two").collect();
    assert_eq!(two.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(capture.url, server.url("/feed"));
}

#[tokio::test]
async fn validators_are_sent_back_verbatim_and_only_where_there_are_any() {
    let server = Server::start(|asked| {
        let known = asked.header("if-none-match") == Some("W/\"a,b\"")
            && asked.header("if-modified-since") == Some("yesterday, about noon");
        answer(if known { 304 } else { 200 }, "", "")
    })
    .await;
    let client = client();
    let mut request = Request::of(server.url("/feed"));
    assert_eq!(told(&client.get(&request).await), "200");
    request.etag = Some("W/\"a,b\"".to_owned());
    request.last_modified = Some("yesterday, about noon".to_owned());
    let fetched = client.get(&request).await.unwrap();
    assert_eq!((fetched.capture.status, fetched.capture.body.len()), (304, 0));
    request.etag = Some("cannot\r\nx-injected: 1".to_owned());
    assert_eq!(told(&client.get(&request).await), "200");
    request.etag = Some("\"zürich\"".to_owned());
    assert_eq!(told(&client.get(&request).await), "200");

    let asked = server.asked();
    assert_eq!(asked[0].header("if-none-match"), None);
    assert_eq!(asked[0].header("if-modified-since"), None);
    assert_eq!(asked[2].header("x-injected"), None);
    assert_eq!(asked[3].header("if-none-match"), Some("\"zürich\""));
    assert_eq!(asked[0].header("user-agent"), Some(settings().user_agent.as_str()));
    assert_eq!(asked[0].header("accept-encoding"), Some("gzip, br, zstd, deflate"));
    assert!(asked[0].header("accept").unwrap().contains("application/rss+xml"));
    assert_eq!(asked[0].header("cookie"), None);
    assert_eq!(asked[0].header("referer"), None);
}

#[tokio::test]
async fn connections_are_kept() {
    let server = Server::start(|_| answer(200, "", FEED)).await;
    let client = client();
    for _ in 0..5 {
        assert_eq!(told(&get(&client, server.url("/feed")).await), "200");
    }
    assert!(server.asked().iter().all(|asked| asked.connection == 0));
}

#[tokio::test]
async fn retry_after_is_in_the_capture() {
    let server = Server::start(|_| answer(429, "Retry-After: 120", "slow down")).await;
    let fetched = get(&client(), server.url("/feed")).await.unwrap();
    assert_eq!(retry_after(&fetched.capture), Some(Duration::from_secs(120)));
    assert_eq!(fetched.capture.body, b"slow down");
}

#[test]
fn settings_that_cannot_be_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    let cases: Vec<(config::Fetch, &str)> = vec![
        (config::Fetch { allow: vec!["10.0.0.0/40".to_owned()], ..settings() }, "10.0.0.0/40"),
        (config::Fetch { ca_file: Some(folder.path().join("none.pem")), ..settings() }, "none.pem"),
        (config::Fetch { ca_file: Some(empty), ..settings() }, "empty.pem holds no certificate"),
        (config::Fetch { user_agent: "two\nlines".to_owned(), ..settings() }, "fetch.user-agent"),
    ];
    for (settings, want) in cases {
        let error = Client::new(&settings).unwrap_err();
        assert_eq!(error.code(), "setup");
        assert!(error.to_string().contains(want), "{error}");
    }
}

/// Answers that feed readers must survive, from the tests of The Arsse.
#[tokio::test]
async fn answers_of_another_readers_tests_are_survived() {
    let shared = std::env::var("BORDERWIRE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let path = PathBuf::from(shared).join("feeds/arsse-http/cases.jsonl");
    let Ok(cases) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("BORDERWIRE_CI").is_none(), "missing: {}", path.display());
        #[expect(clippy::print_stderr, reason = "where a skipped test is told")]
        {
            eprintln!(
                "skipped: answers_of_another_readers_tests_are_survived: needs {}",
                path.display()
            );
        }
        return;
    };
    let cases: Vec<serde_json::Value> =
        cases.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let served = cases.clone();
    let server = Server::start(move |asked| serve_case(&served, &asked.path)).await;
    let client = client();
    let mut statuses = 0;
    for case in &cases {
        let id = case["id"].as_str().unwrap();
        let want = match id {
            "Feed/Fetching/EndlessLoop.php" => "redirects-too-many".to_owned(),
            "Feed/Fetching/RedirectionDuplicate.php" => "200".to_owned(),
            _ => status_of(case).to_string(),
        };
        let got = get(&client, server.url(&format!("/{id}"))).await;
        assert_eq!(told(&got), want, "{id}");
        if let Ok(fetched) = got {
            statuses += 1;
            // Whatever it says, it says it without a panic.
            let _ = parser::read(&fetched.capture);
            if id != "Feed/Fetching/RedirectionDuplicate.php" && want != "304" {
                assert_eq!(
                    fetched.capture.body,
                    case["content"].as_str().unwrap_or("").as_bytes(),
                    "{id}"
                );
            }
        }
    }
    assert_eq!((cases.len(), statuses), (64, 63));
}

/// The status of a case; those that take it from the question are asked for 400.
fn status_of(case: &serde_json::Value) -> u16 {
    match case["code"].as_str() {
        None => 200,
        Some(code) => code.parse().unwrap_or(400),
    }
}

fn serve_case(cases: &[serde_json::Value], path: &str) -> Vec<Step> {
    let path = path.trim_start_matches('/');
    if let Some(round) = path.strip_prefix("Feed/Fetching/EndlessLoop.php") {
        let location = format!("location: /Feed/Fetching/EndlessLoop.php{round}i");
        return answer(302, &location, "");
    }
    let Some(case) = cases.iter().find(|case| case["id"].as_str() == Some(path)) else {
        return answer(404, "", "");
    };
    let mut fields = String::new();
    if let Some(mime) = case["mime"].as_str() {
        fields.push_str(&format!("content-type: {}\n", mime.trim_matches('"')));
    }
    if path == "Feed/Fetching/RedirectionDuplicate.php" {
        fields.push_str("location: /Feed/Parsing/Valid.php\n");
    }
    match status_of(case) {
        304 => raw(format!("HTTP/1.1 304 X\r\n{}\r\n", fields.replace('\n', "\r\n"))),
        status => answer(status, &fields, case["content"].as_str().unwrap_or("")),
    }
}
