//! The client against a server on loopback that misbehaves in every way we know of.

mod answers;
mod command;
mod redirects;
pub mod server;
mod tls;

use std::time::Duration;

use borderwire::config;
use borderwire::fetch::{Client, FetchError, Fetched, Request};
use url::Url;

/// Settings that let loopback pass, with time-outs that no slow machine trips over.
fn settings() -> config::Fetch {
    config::Fetch {
        connect_timeout: Duration::from_secs(30),
        read_timeout: Duration::from_secs(30),
        total_timeout: Duration::from_secs(60),
        body_bytes_max: 2 << 20,
        allow: vec!["127.0.0.1".to_owned()],
        ..config::Fetch::default()
    }
}

fn client() -> Client {
    Client::new(&settings()).unwrap()
}

async fn get(client: &Client, url: Url) -> Result<Fetched, FetchError> {
    client.get(&Request::of(url)).await
}

/// The status, or the code of the error: what most tests want to know.
fn told(result: &Result<Fetched, FetchError>) -> String {
    match result {
        Ok(fetched) => fetched.capture.status.to_string(),
        Err(error) => error.code().to_owned(),
    }
}
