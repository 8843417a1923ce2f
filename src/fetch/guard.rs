//! Which addresses may be asked: a pure decision over URLs and over what names resolve to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Ports of services that take a line of text for a command, so that a feed's address could make
/// us speak to them. In order.
///
/// Source: WHATWG Fetch, "port blocking".
const PORTS_REFUSED: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666,
    6667, 6668, 6669, 6679, 6697, 10080, 11211,
];

/// IPv4 addresses that are not public, each with what it is.
///
/// Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890), and the address under which one
/// large cloud tells its machines their secrets.
const RESERVED_V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "an unspecified address"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "a carrier's shared address"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "a loopback address"),
    (Ipv4Addr::new(168, 63, 129, 16), 32, "a cloud's metadata address"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "a protocol's reserved address"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "a documentation address"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a 6to4 relay's address"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "a benchmarking address"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "a documentation address"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "a documentation address"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
];

/// IPv6 addresses that are not public. What is not in `2000::/3` and not here is reserved too.
///
/// Source: IANA IPv6 Special-Purpose Address Registry; RFC 4291, RFC 3879 (site-local).
const RESERVED_V6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "an unspecified address"),
    (Ipv6Addr::LOCALHOST, 128, "a loopback address"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "a protocol's reserved address"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "a documentation address"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "a documentation address"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "a private address behind NAT64"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "a private address"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "a link-local address"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "a site-local address"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "a multicast address"),
];

/// The part of IPv6 from which public addresses are given out.
const GLOBAL_UNICAST: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Says which addresses may be asked: public ones, and those that the owner allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    names: Vec<String>,
    blocks: Vec<(IpAddr, u8)>,
}

/// Why an address is not asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither `http` nor `https`.
    #[error("feeds are asked over http and https, not {0}")]
    Scheme(String),
    /// Nobody to ask.
    #[error("it names no host")]
    Host,
    /// A port where something else than the web listens.
    #[error("port {0} is not the web's")]
    Port(u16),
    /// Not a public address.
    #[error("{address} is {kind}; if it is yours, name it or its host in fetch.allow")]
    Address {
        /// As resolved or written.
        address: IpAddr,
        /// What it is, with its article.
        kind: Kind,
    },
}

/// What an address is that is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    what: &'static str,
    inside: Option<&'static str>,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        match self.inside {
            Some(wrapping) => write!(f, " inside {wrapping}"),
            None => Ok(()),
        }
    }
}

/// An entry of the allow-list that cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is neither a host name (intranet.example), an address (192.168.1.5) nor a block of them (10.0.0.0/8)"
)]
pub struct NotAnAddress(String);

impl Guard {
    /// Returns a guard that lets public addresses pass, and these: host names, addresses, CIDR
    /// blocks. A name is trusted wherever it resolves to; a block covers addresses as they are
    /// written, not those that are wrapped in others.
    ///
    /// # Errors
    /// The first entry that is none of them.
    pub fn new(allow: &[String]) -> Result<Self, NotAnAddress> {
        let mut guard = Self::default();
        for entry in allow {
            guard.allow(entry).ok_or_else(|| NotAnAddress(entry.clone()))?;
        }
        Ok(guard)
    }

    fn allow(&mut self, entry: &str) -> Option<()> {
        let entry = entry.trim();
        if let Some((address, prefix)) = entry.split_once('/') {
            let address: IpAddr = address.parse().ok()?;
            let prefix = prefix.parse().ok().filter(|prefix| *prefix <= bits(address))?;
            self.blocks.push((address, prefix));
            return Some(());
        }
        let bare = entry.strip_prefix('[').and_then(|e| e.strip_suffix(']')).unwrap_or(entry);
        if let Ok(address) = bare.parse::<IpAddr>() {
            self.blocks.push((address, bits(address)));
            return Some(());
        }
        match Host::parse(entry).ok()? {
            Host::Domain(name) if !name.contains(':') => self.names.push(canonical(&name)),
            Host::Ipv4(address) => self.blocks.push((address.into(), 32)),
            _ => return None,
        }
        Some(())
    }

    /// Checks scheme, port, and the address where it is written as such. Names are checked when
    /// they are resolved, by [`Guard::check_address`].
    ///
    /// # Errors
    /// The rule that refuses it.
    pub fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        if let Some(port) = url.port().filter(|port| PORTS_REFUSED.binary_search(port).is_ok()) {
            return Err(Refusal::Port(port));
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.check_address(address.into()),
            Some(Host::Ipv6(address)) => self.check_address(address.into()),
            Some(Host::Domain(_)) => Ok(()),
            None => Err(Refusal::Host),
        }
    }

    /// Checks an address to connect to.
    ///
    /// # Errors
    /// What it is, where it is not public and not allowed.
    pub fn check_address(&self, address: IpAddr) -> Result<(), Refusal> {
        let allowed = self.blocks.iter().any(|(block, prefix)| within(address, *block, *prefix));
        match reserved(address) {
            Some(kind) if !allowed => Err(Refusal::Address { address, kind }),
            _ => Ok(()),
        }
    }

    /// Returns whether the name may be asked wherever it resolves to.
    pub fn trusts(&self, name: &str) -> bool {
        let name = canonical(name);
        self.names.contains(&name)
    }

    /// Trusts one more name: that of a proxy, which the environment names.
    pub(super) fn trust(&mut self, name: &str) {
        self.names.push(canonical(name));
    }
}

/// Returns what the address is, `None` where it is public.
fn reserved(address: IpAddr) -> Option<Kind> {
    match address {
        IpAddr::V4(address) => reserved_v4(address).map(|what| Kind { what, inside: None }),
        IpAddr::V6(address) => reserved_v6(address),
    }
}

fn reserved_v4(address: Ipv4Addr) -> Option<&'static str> {
    RESERVED_V4
        .iter()
        .find(|(block, prefix, _)| within(address.into(), (*block).into(), *prefix))
        .map(|(_, _, what)| *what)
}

fn reserved_v6(address: Ipv6Addr) -> Option<Kind> {
    if let Some((wrapped, wrapping)) = unwrap_v4(address) {
        return reserved_v4(wrapped).map(|what| Kind { what, inside: Some(wrapping) });
    }
    let what = RESERVED_V6
        .iter()
        .find(|(block, prefix, _)| within(address.into(), (*block).into(), *prefix))
        .map(|(_, _, what)| *what);
    let (global, prefix) = GLOBAL_UNICAST;
    let what = what.or_else(|| {
        (!within(address.into(), global.into(), prefix)).then_some("a reserved address")
    });
    match what {
        Some(what) => Some(Kind { what, inside: None }),
        None => {
            reserved_v4(isatap(address)?).map(|what| Kind { what, inside: Some("an ISATAP one") })
        }
    }
}

/// Returns the IPv4 address that an IPv6 address leads to by its prefix, and which prefix that is.
///
/// Source: RFC 4291 §2.5.5 (mapped, compatible), RFC 6052 (NAT64), RFC 3056 (6to4), RFC 4380
/// (Teredo, whose last 32 bits are the client's address inverted).
fn unwrap_v4(address: Ipv6Addr) -> Option<(Ipv4Addr, &'static str)> {
    let number = address.to_bits();
    let last = Ipv4Addr::from_bits(number as u32);
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] => Some((last, "an IPv4-mapped one")),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 || low > 1 => {
            Some((last, "an IPv4-compatible one"))
        }
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some((last, "a NAT64 one")),
        [0x2002, ..] => Some((Ipv4Addr::from_bits((number >> 80) as u32), "a 6to4 one")),
        [0x2001, 0, ..] => Some((Ipv4Addr::from_bits(!(number as u32)), "a Teredo one")),
        _ => None,
    }
}

/// Returns the IPv4 address in the lower half, under whatever prefix.
///
/// Source: RFC 5214 §6.1.
fn isatap(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [.., 0 | 0x200, 0x5efe, _, _] => Some(Ipv4Addr::from_bits(address.to_bits() as u32)),
        _ => None,
    }
}

fn within(address: IpAddr, block: IpAddr, prefix: u8) -> bool {
    let (differing, bits) = match (address, block) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits() ^ b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits(), 128),
        _ => return false,
    };
    differing.checked_shr(bits - u32::from(prefix)).unwrap_or(0) == 0
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn canonical(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(allow: &[&str]) -> Guard {
        Guard::new(&allow.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    /// What the guard says to a URL: nothing, or the beginning of its reason.
    #[track_caller]
    fn check(guard: &Guard, cases: &[(&str, &str)]) {
        for (url, want) in cases {
            let got = match guard.check_url(&Url::parse(url).unwrap()) {
                Ok(()) => String::new(),
                Err(refusal) => refusal.to_string(),
            };
            assert!(got.contains(want) && got.is_empty() == want.is_empty(), "{url}: {got:?}");
        }
    }

    #[test]
    fn public_addresses_pass_and_all_others_are_refused() {
        check(
            &guard(&[]),
            &[
                ("https://feeds.example/rss", ""),
                ("http://93.184.215.14/", ""),
                ("http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", ""),
                ("http://feeds.example:8080/", ""),
                ("http://127.0.0.1/", "127.0.0.1 is a loopback address"),
                ("http://127.1/", "loopback"),
                ("http://0x7f.1/", "loopback"),
                ("http://2130706433/", "loopback"),
                ("http://0177.0.0.1/", "loopback"),
                ("http://127.255.255.254:9092/", "loopback"),
                ("http://0.0.0.0/", "unspecified"),
                ("http://0.1.2.3/", "unspecified"),
                ("http://10.0.0.1/", "private"),
                ("http://172.16.0.1/", "private"),
                ("http://172.31.255.255/", "private"),
                ("http://172.32.0.1/", ""),
                ("http://192.168.1.1/", "private"),
                ("http://100.64.0.1/", "shared"),
                ("http://100.100.100.200/", "shared"),
                ("http://100.128.0.1/", ""),
                ("http://169.254.169.254/latest/meta-data/", "link-local"),
                ("http://168.63.129.16/", "metadata"),
                ("http://192.0.0.192/", "reserved"),
                ("http://192.0.2.1/", "documentation"),
                ("http://198.51.100.7/", "documentation"),
                ("http://203.0.113.7/", "documentation"),
                ("http://192.88.99.1/", "6to4"),
                ("http://198.18.0.1/", "benchmarking"),
                ("http://198.20.0.1/", ""),
                ("http://224.0.0.1/", "multicast"),
                ("http://240.0.0.1/", "reserved"),
                ("http://255.255.255.255/", "reserved"),
                ("http://[::1]/", "loopback"),
                ("http://[::]/", "unspecified"),
                ("http://[fc00::1]/", "private"),
                ("http://[fd00:ec2::254]/", "private"),
                ("http://[fe80::1]/", "link-local"),
                ("http://[febf::1]/", "link-local"),
                ("http://[fec0::1]/", "site-local"),
                ("http://[ff02::1]/", "multicast"),
                ("http://[2001:db8::1]/", "documentation"),
                ("http://[3fff::1]/", "documentation"),
                ("http://[2001:2::1]/", "reserved"),
                ("http://[2001:20::1]/", "reserved"),
                ("http://[2001:200::1]/", ""),
                ("http://[100::1]/", "reserved"),
                ("http://[5f00::1]/", "reserved"),
                ("http://[4000::1]/", "reserved"),
            ],
        );
    }

    #[test]
    fn an_address_inside_another_is_unpacked() {
        check(
            &guard(&["127.0.0.1", "10.0.0.0/8"]),
            &[
                ("http://[::ffff:127.0.0.1]/", "loopback address inside an IPv4-mapped one"),
                ("http://[::ffff:a9fe:a9fe]/", "link-local address inside an IPv4-mapped one"),
                ("http://[::ffff:93.184.215.14]/", ""),
                ("http://[::127.0.0.1]/", "inside an IPv4-compatible one"),
                ("http://[::2]/", "unspecified address inside an IPv4-compatible one"),
                ("http://[64:ff9b::10.0.0.1]/", "private address inside a NAT64 one"),
                ("http://[64:ff9b::93.184.215.14]/", ""),
                ("http://[64:ff9b:1::5db8:d70e]/", "private address behind NAT64"),
                ("http://[2002:a9fe:a9fe::1]/", "link-local address inside a 6to4 one"),
                ("http://[2002:5db8:d70e::1]/", ""),
                ("http://[2001:0:53aa:64c:0:fbfd:80ff:fffe]/", "loopback address inside a Teredo"),
                ("http://[2606:2800::5efe:10.0.0.1]/", "private address inside an ISATAP one"),
                ("http://[2606:2800::200:5efe:10.0.0.1]/", "private address inside an ISATAP one"),
                ("http://[2606:2800::5efe:93.184.215.14]/", ""),
                ("http://[fe80::5efe:93.184.215.14]/", "link-local"),
            ],
        );
    }

    #[test]
    fn other_schemes_and_services_are_refused() {
        check(
            &guard(&["127.0.0.1"]),
            &[
                ("file:///etc/passwd", "not file"),
                ("ftp://feeds.example/", "not ftp"),
                ("gopher://feeds.example/", "not gopher"),
                ("data:text/plain,x", "not data"),
                ("http://feeds.example:22/", "port 22"),
                ("https://feeds.example:25/", "port 25"),
                ("http://127.0.0.1:6379/", "port 6379"),
                ("http://feeds.example:0/", "port 0"),
                ("http://127.0.0.1:443/", ""),
            ],
        );
        assert!(PORTS_REFUSED.is_sorted(), "looked up by halving");
    }

    #[test]
    fn what_the_owner_allows_passes() {
        check(
            &guard(&["127.0.0.1", "10.2.0.0/16", "fd00:1::/32", "[::1]", "169.254.169.254/31"]),
            &[
                ("http://127.0.0.1/", ""),
                ("http://127.0.0.2/", "loopback"),
                ("http://10.2.255.255/", ""),
                ("http://10.3.0.0/", "private"),
                ("http://[fd00:1:2::3]/", ""),
                ("http://[fd00:2::3]/", "private"),
                ("http://[::1]/", ""),
                ("http://169.254.169.255/", ""),
                ("http://169.254.169.253/", "link-local"),
            ],
        );
        check(&guard(&["0.0.0.0/0"]), &[("http://10.0.0.1/", ""), ("http://[::1]/", "loopback")]);
        check(&guard(&["::/0"]), &[("http://[::1]/", ""), ("http://10.0.0.1/", "private")]);
    }

    #[test]
    fn a_name_is_trusted_however_it_is_written() {
        let guard = guard(&["Intranet.Example.", "bücher.example"]);
        for name in ["intranet.example", "INTRANET.example.", "xn--bcher-kva.example"] {
            assert!(guard.trusts(name), "{name}");
        }
        for name in ["example", "feeds.intranet.example", "intranet.example.evil.example", ""] {
            assert!(!guard.trusts(name), "{name}");
        }
    }

    #[test]
    fn entries_that_are_no_address_are_named() {
        for entry in
            ["", "10.0.0.0/33", "::/129", "10.0.0.0/", "a b", "http://a.example/", "a/b", "a:80"]
        {
            let error = Guard::new(&[entry.to_owned()]).unwrap_err();
            assert_eq!(error, NotAnAddress(entry.to_owned()));
        }
    }
}
