//! The client: kept connections, redirects followed by hand, every error given its name.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION,
};
use reqwest::{Certificate, Response};
use tokio::time::{Instant, timeout};
use url::Url;

use super::body::{self, Body, Coding};
use super::error::{FetchError, Phase};
use super::guard::{Guard, Refusal};
use super::resolver::GuardedResolver;
use super::{Fetched, Hop, Request};
use crate::capture::Capture;
use crate::{clock, config};

/// Feeds first; but some servers answer 406 to whom does not take everything.
const ACCEPT_FEEDS: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
     application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, \
     */*;q=0.1";

/// Bytes kept of the body of an answer that is no success: enough to see what it is.
const REFUSAL_BYTES_MAX: usize = 64 << 10;

/// Connections kept to a host while nobody asks it. More are of no use: few of its feeds are
/// asked at once.
const IDLE_CONNECTIONS_MAX: usize = 2;

/// How long they are kept: feeds of one host come due in each other's neighbourhood.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Bytes of all header fields over HTTP/2. Over HTTP/1 it is the parser's own 400 KiB.
const HEADER_BYTES_MAX: u32 = 256 << 10;

/// Variables that name a proxy.
const PROXY_VARIABLES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// Asks feeds. One for the whole daemon, for it keeps the connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    guard: Arc<Guard>,
    settings: config::Fetch,
}

impl Client {
    /// Returns a client that asks as configured.
    ///
    /// # Errors
    /// What is wrong with the settings, or with the certificates of the system.
    pub fn new(settings: &config::Fetch) -> Result<Self, FetchError> {
        let mut guard = Guard::new(&settings.allow)?;
        for host in PROXY_VARIABLES.iter().filter_map(|variable| proxy_host(variable)) {
            guard.trust(&host);
        }
        let guard = Arc::new(guard);
        // An error says that it was done before, by whichever client was first.
        let _ = rustls::crypto::ring::default_provider().install_default();

        let mut builder = reqwest::Client::builder()
            .default_headers(headers(settings)?)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .dns_resolver(GuardedResolver::new(Arc::clone(&guard)))
            .connect_timeout(settings.connect_timeout)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http2_max_header_list_size(HEADER_BYTES_MAX);
        if let Some(path) = &settings.ca_file {
            builder = builder.tls_certs_merge(certificates(path)?);
        }
        let http = builder.build().map_err(|error| FetchError::Setup {
            reason: format!(
                "{}; is the system's list of certificate authorities there (package \
                 ca-certificates), or should fetch.ca-file name one?",
                innermost(&error)
            ),
        })?;
        Ok(Self { http, guard, settings: settings.clone() })
    }

    /// Asks, follows redirects, and returns the last answer, whatever its status.
    ///
    /// # Errors
    /// Why there is no answer, or none that is whole.
    pub async fn get(&self, request: &Request) -> Result<Fetched, FetchError> {
        self.get_telling(request, &mut |_| {}).await
    }

    /// The same, and tells each hop when its answer is there, also where a later one fails.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn get_telling(
        &self,
        request: &Request,
        tell: &mut (dyn FnMut(&Hop) + Send),
    ) -> Result<Fetched, FetchError> {
        let after = self.settings.total_timeout;
        timeout(after, self.follow(request, tell))
            .await
            .map_err(|_| FetchError::TimedOut { phase: Phase::Total, after })?
    }

    async fn follow(
        &self,
        request: &Request,
        tell: &mut (dyn FnMut(&Hop) + Send),
    ) -> Result<Fetched, FetchError> {
        let start = Instant::now();
        let mut url = without_secrets(request.url.clone());
        let mut hops: Vec<Hop> = Vec::new();
        loop {
            let asked = Instant::now();
            let response = self.ask(&url, request).await?;
            let hop = Hop {
                url: url.clone(),
                status: response.status().as_u16(),
                address: response.remote_addr(),
                elapsed: asked.elapsed(),
            };
            tell(&hop);
            hops.push(hop);
            match redirect(&url, &response)? {
                Some(next) => url = self.next_hop(&hops, next)?,
                None => {
                    let capture = self.capture(url, response).await?;
                    return Ok(Fetched { capture, hops, elapsed: start.elapsed() });
                }
            }
        }
    }

    /// Asks one address.
    async fn ask(&self, url: &Url, request: &Request) -> Result<Response, FetchError> {
        let refused = |why| FetchError::Refused { url: url.to_string(), why };
        self.guard.check_url(url).map_err(refused)?;
        let mut get = self.http.get(with_secrets(url, &request.url));
        for (name, validator) in
            [(IF_NONE_MATCH, &request.etag), (IF_MODIFIED_SINCE, &request.last_modified)]
        {
            // A validator that cannot be sent as it came is of no use: ask without.
            let value = validator.as_ref().and_then(|v| HeaderValue::from_bytes(v.as_bytes()).ok());
            if let Some(value) = value {
                get = get.header(name, value);
            }
        }
        let after = self.settings.read_timeout;
        // The connection has its own time-out, within `send`.
        match timeout(self.settings.connect_timeout.saturating_add(after), get.send()).await {
            Ok(sent) => sent.map_err(|error| self.name_error(url, &error)),
            Err(_) => Err(FetchError::TimedOut { phase: Phase::Headers, after }),
        }
    }

    /// Returns the next address, where it may be asked at all.
    fn next_hop(&self, hops: &[Hop], next: Url) -> Result<Url, FetchError> {
        let from = &hops[hops.len() - 1].url;
        if from.scheme() == "https" && next.scheme() == "http" {
            return Err(FetchError::Downgrade { from: from.to_string(), to: next.to_string() });
        }
        if hops.iter().any(|hop| hop.url == next) {
            return Err(FetchError::RedirectLoop { url: next.to_string() });
        }
        let redirects_max = self.settings.redirects_max;
        if hops.len() > redirects_max {
            return Err(FetchError::TooManyRedirects { redirects_max, url: next.to_string() });
        }
        Ok(next)
    }

    async fn capture(&self, url: Url, response: Response) -> Result<Capture, FetchError> {
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let body = match status {
            204 | 304 => Vec::new(),
            200..=299 => self.body(&url, response).await?,
            _ => self.body_of_refusal(response).await,
        };
        Ok(Capture { url, captured_at: clock::now(), status, headers, body })
    }

    async fn body(&self, url: &Url, mut response: Response) -> Result<Vec<u8>, FetchError> {
        let bytes_max = self.settings.body_bytes_max;
        if response.content_length().is_some_and(|length| length > bytes_max as u64) {
            return Err(FetchError::TooLarge { bytes_max });
        }
        let mut body = Body::new(coding(&response)?, bytes_max)?;
        let after = self.settings.read_timeout;
        loop {
            match timeout(after, response.chunk()).await {
                Ok(Ok(Some(chunk))) => body.push(&chunk)?,
                Ok(Ok(None)) => return body.finish(),
                Ok(Err(error)) => return Err(self.name_error(url, &error)),
                Err(_) => return Err(FetchError::TimedOut { phase: Phase::Body, after }),
            }
        }
    }

    /// Returns what can be had of a body that is only looked at: its status is the answer.
    async fn body_of_refusal(&self, mut response: Response) -> Vec<u8> {
        let body = coding(&response).and_then(|coding| Body::new(coding, REFUSAL_BYTES_MAX));
        let Ok(mut body) = body else { return Vec::new() };
        while let Ok(Ok(Some(chunk))) = timeout(self.settings.read_timeout, response.chunk()).await
        {
            if body.push(&chunk).is_err() {
                break;
            }
        }
        body.into_bytes()
    }

    /// Finds out of reqwest's chain of errors what happened.
    fn name_error(&self, url: &Url, error: &reqwest::Error) -> FetchError {
        if let Some(why) = cause::<Refusal>(error) {
            return FetchError::Refused { url: url.to_string(), why: why.clone() };
        }
        let host = authority(url);
        if let Some(tls) = cause::<rustls::Error>(error) {
            return FetchError::Tls { host, reason: tls_reason(tls) };
        }
        if error.is_timeout() && error.is_connect() {
            let after = self.settings.connect_timeout;
            return FetchError::TimedOut { phase: Phase::Connect, after };
        }
        let reason = innermost(error);
        if error.is_dns() {
            let host = url.host_str().unwrap_or_default().to_owned();
            return FetchError::Name { host, reason };
        }
        if error.is_connect() {
            return FetchError::Connect { host, reason };
        }
        FetchError::Broken { host, reason }
    }
}

fn headers(settings: &config::Fetch) -> Result<HeaderMap, FetchError> {
    let agent = HeaderValue::from_str(&settings.user_agent).map_err(|_| FetchError::Setup {
        reason: format!(
            "fetch.user-agent {:?} has characters that no header may have",
            settings.user_agent
        ),
    })?;
    Ok(HeaderMap::from_iter([
        (reqwest::header::USER_AGENT, agent),
        (ACCEPT, HeaderValue::from_static(ACCEPT_FEEDS)),
        (ACCEPT_ENCODING, HeaderValue::from_static(body::ACCEPT_ENCODING)),
    ]))
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, FetchError> {
    let pem = std::fs::read(path)
        .map_err(|source| FetchError::CaFileUnread { path: path.to_owned(), source })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(FetchError::CaFileEmpty { path: path.to_owned() }),
    }
}

/// Returns the name of the proxy in that variable: where a proxy is, its owner has said so.
fn proxy_host(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok()?;
    let url = if value.contains("://") { value } else { format!("http://{value}") };
    Url::parse(&url).ok()?.host_str().map(str::to_owned)
}

/// Returns where the answer leads, `None` where it is the last one.
fn redirect(from: &Url, response: &Response) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
    let location = String::from_utf8_lossy(location.as_bytes());
    match from.join(&location) {
        Ok(next) => Ok(Some(without_secrets(next))),
        Err(error) => Err(FetchError::Location {
            from: from.to_string(),
            location: location.into_owned(),
            reason: error.to_string(),
        }),
    }
}

fn coding(response: &Response) -> Result<Coding, FetchError> {
    match response.headers().get(reqwest::header::CONTENT_ENCODING) {
        Some(value) => Coding::of(&String::from_utf8_lossy(value.as_bytes())),
        None => Ok(Coding::Identity),
    }
}

/// Returns the address as it may be shown and kept. A publisher's redirect does not make us log
/// in anywhere either.
fn without_secrets(mut url: Url) -> Url {
    // These fail where an address can have no user, and so has none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url
}

/// Returns the address with the user and password of the feed, where it is of the same origin.
fn with_secrets(url: &Url, feed: &Url) -> Url {
    let mut url = url.clone();
    if url.origin() == feed.origin() {
        let _ = url.set_username(feed.username());
        let _ = url.set_password(feed.password());
    }
    url
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Returns the first error of the chain that is of this type.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref())
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// Returns the error and what it comes from, with the errors that an [`io::Error`] carries: its
/// own `source` skips them.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(carrier) => carrier.get_ref().map(|carried| carried as &(dyn Error + 'static)),
        None => error.source(),
    })
}

fn tls_reason(error: &rustls::Error) -> String {
    use rustls::CertificateError::UnknownIssuer;
    match error {
        rustls::Error::InvalidCertificate(UnknownIssuer) => {
            "nobody we trust has signed its certificate; a CA of your own goes into fetch.ca-file"
                .to_owned()
        }
        rustls::Error::InvalidCertificate(error) => format!("its certificate is bad: {error}"),
        error => error.to_string(),
    }
}
