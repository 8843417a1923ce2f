//! Names to addresses that may be asked.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard::Guard;

/// The system's resolver behind the guard.
///
/// The connector connects to what comes out of here and asks nobody else, so a name that changes
/// between check and use (DNS rebinding) gains nothing.
#[derive(Clone, Debug)]
pub(super) struct GuardedResolver {
    guard: Arc<Guard>,
}

impl GuardedResolver {
    pub(super) fn new(guard: Arc<Guard>) -> Self {
        Self { guard }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.guard);
        Box::pin(async move {
            // The connector puts the port of the URL in place of this one.
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let passing = if guard.trusts(name.as_str()) { found } else { check(&guard, found)? };
            Ok(Box::new(passing.into_iter()) as Addrs)
        })
    }
}

/// Returns those addresses that pass.
///
/// # Errors
/// Why the first does not, where none does.
fn check(
    guard: &Guard,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
    let mut passing = Vec::with_capacity(found.len());
    let mut refusal = None;
    for address in found {
        match guard.check_address(address.ip()) {
            Ok(()) => passing.push(address),
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    match refusal {
        _ if !passing.is_empty() => Ok(passing),
        Some(why) => Err(why.into()),
        None => Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::guard::Refusal;
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn of_mixed_answers_only_public_addresses_are_left() {
        let guard = Guard::default();
        let passing = check(&guard, addresses(&["10.0.0.1", "93.184.215.14", "::1"])).unwrap();
        assert_eq!(passing, addresses(&["93.184.215.14"]));
    }

    #[test]
    fn a_name_of_private_addresses_alone_is_refused_with_the_first() {
        let error = check(&Guard::default(), addresses(&["10.0.0.1", "::1"])).unwrap_err();
        let refusal = error.downcast_ref::<Refusal>().unwrap();
        assert!(refusal.to_string().starts_with("10.0.0.1 is a private address"), "{refusal}");
    }

    #[test]
    fn a_name_without_addresses_says_so() {
        let error = check(&Guard::default(), Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the name has no address");
    }
}
