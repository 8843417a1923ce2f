//! `borderwire fetch` as a person runs it.

use std::process::{Command, Output};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::server::{Server, answer};

/// Runs the command in an environment without proxies.
async fn fetch(args: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_borderwire"));
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(proxy).env_remove(proxy.to_ascii_lowercase());
    }
    command.env_remove("BORDERWIRE_CONFIG").arg("fetch").args(args);
    command.envs(environment.iter().copied());
    tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test]
async fn a_poll_is_shown_hop_by_hop() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/old" => answer(301, "location: /new", ""),
        _ => answer(200, "etag: \"7\"\ncontent-type: text/html", "<html></html>"),
    })
    .await;
    let (old, new) = (server.url("/old"), server.url("/new"));
    let output = fetch(&["--allow", "127.0.0.1", old.as_str()], &[]).await;
    let shown = stdout(&output);
    assert!(output.status.success(), "{}", stderr(&output));
    for want in [
        &format!("301 {old} from {}", server.address),
        &format!("200 {new} from {}", server.address),
        "  etag: \"7\"",
        "  13 bytes after decoding",
        "no feed: ",
    ] {
        assert!(shown.contains(want), "{want:?} is not in:\n{shown}");
    }
}

#[tokio::test]
async fn a_hostile_redirect_is_shown_up_to_where_it_is_refused() {
    let server = Server::start(|_| answer(302, "location: http://169.254.169.254/", "")).await;
    let url = server.url("/feed");
    let output = fetch(&["--allow", "127.0.0.1", url.as_str()], &[]).await;
    assert!(!output.status.success());
    assert!(stdout(&output).starts_with(&format!("302 {url} from ")));
    let said = stderr(&output);
    assert!(said.contains("169.254.169.254 is a link-local address"), "{said}");
}

#[tokio::test]
async fn validators_are_sent_and_a_304_is_called_so() {
    let server = Server::start(|asked| {
        let known = asked.header("if-none-match") == Some("\"7\"")
            && asked.header("if-modified-since") == Some("Sun, 01 Mar 2026 12:00:00 GMT");
        answer(if known { 304 } else { 200 }, "", "")
    })
    .await;
    let url = server.url("/feed");
    let args = [
        "--allow",
        "127.0.0.1",
        "--etag",
        "\"7\"",
        "--last-modified",
        "Sun, 01 Mar 2026 12:00:00 GMT",
        url.as_str(),
    ];
    let shown = stdout(&fetch(&args, &[]).await);
    assert!(shown.contains("not modified"), "{shown}");
}

#[tokio::test]
async fn body_and_capture_are_written_alone() {
    let server = Server::start(|_| answer(200, "x-two: 1\nx-two: 2", b"\xff\x00feed")).await;
    let url = server.url("/feed");
    let output = fetch(&["--allow", "127.0.0.1", "--body", url.as_str()], &[]).await;
    assert_eq!(output.stdout, b"\xff\x00feed");
    let output = fetch(&["--allow", "127.0.0.1", "--capture", url.as_str()], &[]).await;
    let shown = stdout(&output);
    assert_eq!(shown.lines().count(), 1);
    let line: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(line["url"], url.as_str());
    assert_eq!(line["status"], 200);
    assert_eq!(line["headers"]["x-two"], "1, 2");
    assert_eq!(STANDARD.decode(line["body"].as_str().unwrap()).unwrap(), b"\xff\x00feed");
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_used_and_may_be_on_this_network() {
    let proxy = Server::start(|asked| answer(200, "", format!("proxied {}", asked.path))).await;
    let address = format!("http://localhost:{}", proxy.address.port());
    let output = fetch(&["--body", "http://feeds.example/rss"], &[("HTTP_PROXY", &address)]).await;
    assert_eq!(stdout(&output), "proxied http://feeds.example/rss", "{}", stderr(&output));
}

#[tokio::test]
async fn a_system_without_certificates_is_told_what_to_do() {
    let none = [("SSL_CERT_FILE", "/nonexistent/file"), ("SSL_CERT_DIR", "/nonexistent")];
    let output = fetch(&["http://feeds.example/"], &none).await;
    let said = stderr(&output);
    assert!(!output.status.success());
    assert!(said.contains("ca-certificates") && said.contains("fetch.ca-file"), "{said}");
}

#[tokio::test]
async fn the_configuration_counts() {
    let server = Server::start(|_| answer(200, "", "inside")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("borderwire.toml");
    std::fs::write(&file, "[fetch]\nallow = [\"127.0.0.1\"]\nuser-agent = \"desk/1\"\n").unwrap();
    let (file, url) = (file.display().to_string(), server.url("/feed"));
    let output = fetch(&["--config", &file, "--body", url.as_str()], &[]).await;
    assert_eq!(stdout(&output), "inside", "{}", stderr(&output));
    assert_eq!(server.asked()[0].header("user-agent"), Some("desk/1"));
    let output = fetch(&["--body", url.as_str()], &[]).await;
    assert!(stderr(&output).contains("127.0.0.1 is a loopback address"), "{}", stderr(&output));
}
