//! Who a server says it is, and whether we believe it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use borderwire::config;
use borderwire::fetch::Client;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use tokio_rustls::TlsAcceptor;

use super::server::{Server, Step, answer};
use super::{get, settings, told};

/// A certificate authority of the test, and its file.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
    _folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "an authority of a test");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file, _folder: folder }
    }

    /// Returns what a server needs to prove that it has these names.
    fn acceptor(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> TlsAcceptor {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        acceptor(certificate.der().clone(), &key)
    }
}

fn acceptor(certificate: rustls::pki_types::CertificateDer<'static>, key: &KeyPair) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn trusting(file: &Path) -> Client {
    Client::new(&config::Fetch { ca_file: Some(file.to_owned()), ..settings() }).unwrap()
}

fn feed(_: &super::server::Asked) -> Vec<Step> {
    answer(200, "", "over TLS")
}

#[tokio::test]
async fn a_certificate_of_an_authority_in_the_ca_file_is_accepted_and_without_it_refused() {
    let authority = Authority::new();
    let server = Server::start_tls(authority.acceptor(&["127.0.0.1"], |_| {}), feed).await;
    assert_eq!(told(&get(&trusting(&authority.file), server.url("/")).await), "200");
    let error = get(&super::client(), server.url("/")).await.unwrap_err();
    assert_eq!(error.code(), "tls", "{error:?}");
    assert!(error.to_string().contains("fetch.ca-file"), "{error}");
    assert!(!error.is_temporary());
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_unless_it_is_in_the_ca_file() {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("self.pem");
    std::fs::write(&file, certificate.pem()).unwrap();
    let server = Server::start_tls(acceptor(certificate.der().clone(), &key), feed).await;
    assert_eq!(told(&get(&super::client(), server.url("/")).await), "tls");
    assert_eq!(told(&get(&trusting(&file), server.url("/")).await), "200");
}

#[tokio::test]
async fn bad_certificates_are_refused_even_of_an_authority_that_is_trusted() {
    let authority = Authority::new();
    type Change = fn(&mut CertificateParams);
    let cases: [(&str, &[&str], Change); 3] = [
        ("of another host", &["feeds.example"], |_| {}),
        ("expired", &["127.0.0.1"], |params| params.not_after = date_time_ymd(2020, 1, 1)),
        ("of the future", &["127.0.0.1"], |params| params.not_before = date_time_ymd(3000, 1, 1)),
    ];
    for (name, hosts, change) in cases {
        let server = Server::start_tls(authority.acceptor(hosts, change), feed).await;
        let got = get(&trusting(&authority.file), server.url("/")).await;
        assert_eq!(told(&got), "tls", "{name}: {got:?}");
        let error = got.unwrap_err().to_string();
        assert!(error.contains("its certificate is bad"), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_to_http_is_not_followed() {
    let plain = Server::start(|_| answer(200, "", "in the open")).await;
    let target = format!("location: {}", plain.url("/"));
    let authority = Authority::new();
    let acceptor = authority.acceptor(&["127.0.0.1"], |_| {});
    let server = Server::start_tls(acceptor, move |_| answer(301, &target, "")).await;
    let got = get(&trusting(&authority.file), server.url("/")).await;
    assert_eq!(told(&got), "redirect-downgrade");
    assert_eq!(plain.asked().len(), 0);
}

#[tokio::test]
async fn a_redirect_from_http_to_https_is_followed() {
    let authority = Authority::new();
    let secure = Server::start_tls(authority.acceptor(&["127.0.0.1"], |_| {}), feed).await;
    let target = format!("location: {}", secure.url("/feed"));
    let plain = Server::start(move |_| answer(301, &target, "")).await;
    let fetched = get(&trusting(&authority.file), plain.url("/feed")).await.unwrap();
    assert_eq!((fetched.capture.url, fetched.hops.len()), (secure.url("/feed"), 2));
}

#[tokio::test]
async fn http_2_is_offered() {
    let authority = Authority::new();
    let mut config =
        rustls::ServerConfig::clone(authority.acceptor(&["127.0.0.1"], |_| {}).config());
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let agreed = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&agreed);
    let serving = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await.unwrap();
        *noted.lock().unwrap() = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
    });
    let got = get(&trusting(&authority.file), url).await;
    serving.await.unwrap();
    assert_eq!(told(&got), "broken", "the server left after the handshake");
    assert_eq!(agreed.lock().unwrap().as_deref(), Some(&b"h2"[..]));
}

#[tokio::test]
async fn a_server_that_never_shakes_hands_runs_into_the_time_out_of_the_connection() {
    let server = Server::start(|_| Vec::new()).await;
    let mut url = server.url("/");
    url.set_scheme("https").unwrap();
    let connect_timeout = Duration::from_millis(200);
    let client = Client::new(&config::Fetch { connect_timeout, ..settings() }).unwrap();
    let got = get(&client, url).await;
    assert_eq!(told(&got), "timeout-connect", "{got:?}");
}

#[tokio::test]
async fn http_where_https_is_expected_is_named() {
    let server = Server::start(feed).await;
    let mut url = server.url("/");
    url.set_scheme("https").unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    let serving = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        stream
    });
    let got = get(&super::client(), url).await;
    assert_eq!(told(&got), "tls", "{got:?}");
    drop(serving.await);
}
