//! Redirects, and where they may not lead.

use borderwire::config;
use borderwire::fetch::{Client, Request};
use url::Url;

use super::server::{Server, Step, answer};
use super::{client, get, settings, told};

fn to(location: &str) -> Vec<Step> {
    answer(302, &format!("location: {location}"), "moved")
}

#[tokio::test]
async fn redirects_are_followed_and_told_hop_by_hop() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/old" => answer(301, "location: newer?x=1#part", ""),
        "/newer?x=1" => answer(
            308,
            "location: //{host}/new".replace("{host}", asked.header("host").unwrap()).as_str(),
            "",
        ),
        "/new" => answer(200, "", "here"),
        _ => answer(404, "", ""),
    })
    .await;
    let mut seen = Vec::new();
    let request = Request::of(server.url("/old"));
    let fetched = client().get_telling(&request, &mut |hop| seen.push(hop.clone())).await.unwrap();
    assert_eq!(fetched.capture.body, b"here");
    assert_eq!(fetched.capture.url, server.url("/new"));
    let hops: Vec<_> = fetched.hops.iter().map(|hop| (hop.url.clone(), hop.status)).collect();
    let want = [("/old", 301), ("/newer?x=1", 308), ("/new", 200)];
    assert_eq!(hops, want.map(|(path, status)| (server.url(path), status)));
    assert_eq!(seen, fetched.hops);
    assert!(seen.iter().all(|hop| hop.address == Some(server.address)));
}

#[tokio::test]
async fn redirects_that_lead_nowhere_good_are_refused() {
    let cases = [
        ("http://169.254.169.254/latest/meta-data/", "refused-address"),
        ("http://[::ffff:127.0.0.1]/", "refused-address"),
        ("http://127.0.0.2/", "refused-address"),
        ("http://0x7f000002/", "refused-address"),
        ("http://10.0.0.1:8080/", "refused-address"),
        ("http://127.0.0.1:22/", "refused-port"),
        ("file:///etc/passwd", "refused-scheme"),
        ("gopher://127.0.0.1/", "refused-scheme"),
        ("javascript:alert(1)", "refused-scheme"),
        ("http://", "redirect-location"),
        ("http://a b/", "redirect-location"),
        ("http://127.0.0.1:99999/", "redirect-location"),
        ("", "redirect-loop"),
        ("/here", "redirect-loop"),
        ("#again", "redirect-loop"),
    ];
    for (location, want) in cases {
        let server = Server::start(move |_| to(location)).await;
        let got = get(&client(), server.url("/here")).await;
        assert_eq!(told(&got), want, "{location:?}: {got:?}");
        assert_eq!(server.asked().len(), 1, "{location:?} was not asked");
    }
}

#[tokio::test]
async fn a_name_that_leads_home_is_refused_unless_it_is_allowed() {
    let server = Server::start(|_| answer(200, "", "inside")).await;
    let url: Url = format!("http://localhost:{}/", server.address.port()).parse().unwrap();
    let asking = |allow: &[&str]| {
        let allow = allow.iter().map(|entry| (*entry).to_owned()).collect();
        Client::new(&config::Fetch { allow, ..settings() }).unwrap()
    };
    let refused = get(&asking(&[]), url.clone()).await;
    assert_eq!(told(&refused), "refused-address", "{refused:?}");
    let error = refused.unwrap_err();
    assert!(error.to_string().contains("loopback"), "{error}");
    assert!(error.to_string().contains("fetch.allow"), "{error}");
    assert!(!error.is_temporary());
    assert_eq!(server.asked().len(), 0);
    assert_eq!(told(&get(&asking(&["localhost"]), url.clone()).await), "200");
    assert_eq!(told(&get(&asking(&["127.0.0.0/8"]), url).await), "200");
    assert_eq!(told(&get(&asking(&[]), server.url("/")).await), "refused-address");
}

#[tokio::test]
async fn as_many_redirects_as_allowed_are_followed_and_no_more() {
    let server = Server::start(|asked| {
        let step: usize = asked.path[1..].parse().unwrap();
        if step == 0 { answer(200, "", "there") } else { to(&format!("/{}", step - 1)) }
    })
    .await;
    for (steps, redirects_max, want) in [
        (10, 10, "200"),
        (11, 10, "redirects-too-many"),
        (20, 10, "redirects-too-many"),
        (0, 0, "200"),
        (1, 0, "redirects-too-many"),
    ] {
        let client = Client::new(&config::Fetch { redirects_max, ..settings() }).unwrap();
        let got = get(&client, server.url(&format!("/{steps}"))).await;
        assert_eq!(told(&got), want, "{steps} of {redirects_max}");
    }
}

#[tokio::test]
async fn circles_are_seen() {
    let server = Server::start(|asked| to(if asked.path == "/a" { "/b" } else { "/a" })).await;
    let error = get(&client(), server.url("/a")).await.unwrap_err();
    assert_eq!(error.code(), "redirect-loop");
    assert!(error.to_string().contains(server.url("/a").as_str()), "{error}");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_password_stays_with_the_origin_of_the_feed_and_is_never_shown() {
    let other = Server::start(|_| answer(200, "", "elsewhere")).await;
    let target = other.url("/").to_string();
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/feed" => to("/private"),
        "/private" if asked.header("authorization").is_some() => to(&target),
        _ => answer(401, "", ""),
    })
    .await;
    let mut url = server.url("/feed");
    url.set_username("reader").unwrap();
    url.set_password(Some("pass word")).unwrap();
    let fetched = get(&client(), url).await.unwrap();
    assert_eq!(fetched.capture.body, b"elsewhere");
    // base64 of "reader:pass word"
    let basic = Some("Basic cmVhZGVyOnBhc3Mgd29yZA==");
    let sent: Vec<_> =
        server.asked().iter().map(|a| a.header("authorization").map(str::to_owned)).collect();
    assert_eq!(sent, [basic.map(str::to_owned), basic.map(str::to_owned)]);
    assert_eq!(other.asked()[0].header("authorization"), None);
    let shown = format!("{:?} {:?}", fetched.hops, fetched.capture);
    assert!(!shown.contains("reader") && !shown.contains("pass%20word"), "{shown}");
}

#[tokio::test]
async fn a_redirect_does_not_make_us_log_in() {
    let server = Server::start(|asked| {
        let host = asked.header("host").unwrap();
        if asked.path == "/" {
            to(&format!("http://admin:admin@{host}/in"))
        } else {
            answer(200, "", "")
        }
    })
    .await;
    let fetched = get(&client(), server.url("/")).await.unwrap();
    assert_eq!(server.asked()[1].header("authorization"), None);
    assert_eq!(fetched.capture.url, server.url("/in"));
}

#[tokio::test]
async fn an_error_keeps_the_password_to_itself() {
    let url: Url = "http://reader:secret@10.0.0.1/".parse().unwrap();
    let error = get(&client(), url).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
}
