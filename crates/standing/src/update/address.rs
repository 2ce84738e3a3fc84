//! Which addresses a download may go to.
//!
//! Only `http` and `https`, and only public addresses: a publisher's server, or somebody in its place, must not be able to turn a
//! download into a request to the user's own network. The check is made on what a name resolves to at the moment of connecting, so
//! that a name that answers differently the second time gains nothing. Hosts that the user wrote down are allowed whatever they are.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Is it an address on the public internet?
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => public_v4(v4),
        IpAddr::V6(v6) => public_v6(v6),
    }
}

fn public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn public_v6(v6: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match v6.segments() {
        // IPv4 in IPv6: mapped, compatible, NAT64, 6to4.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Global unicast, without documentation and Teredo.
        [first, second, ..] => first & 0xe000 == 0x2000 && !(first == 0x2001 && (second == 0xdb8 || second == 0)),
    }
}

/// A host that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host} is a private or local address ({address}); if that is meant: --allow-private {host}")]
pub(super) struct PrivateAddress {
    pub host: String,
    pub address: String,
}

/// Hosts that may be private: `host` for every port, `host:port` for one.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowed(Vec<String>);

impl Allowed {
    pub fn new(hosts: impl IntoIterator<Item = String>) -> Self {
        Self(hosts.into_iter().map(|h| h.to_ascii_lowercase()).collect())
    }

    pub fn with(&self, host: &str) -> Self {
        Self(self.0.iter().cloned().chain([host.to_ascii_lowercase()]).collect())
    }

    fn holds(&self, uri: &Uri) -> bool {
        let (Some(host), with_port) = (uri.host(), host_and_port(uri)) else {
            return false;
        };
        self.0
            .iter()
            .any(|a| a.eq_ignore_ascii_case(host) || a.eq_ignore_ascii_case(&with_port))
    }
}

/// `host:port`, the port of the scheme where none is written.
pub(super) fn host_and_port(uri: &Uri) -> String {
    let port = uri
        .port_u16()
        .unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    format!("{}:{port}", uri.host().unwrap_or_default())
}

/// Resolves names, and refuses what is not public.
pub(super) struct Guarded {
    pub allowed: Allowed,
    pub inner: DefaultResolver,
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guarded").field(&self.allowed).finish()
    }
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if !self.allowed.holds(uri)
            && let Some(address) = found.iter().find(|a| !is_public(a.ip()))
        {
            return Err(ureq::Error::Other(Box::new(PrivateAddress {
                host: host_and_port(uri),
                address: address.ip().to_string(),
            })));
        }
        Ok(found)
    }
}

/// Checks an address as written: the scheme, no password in it, and no private address in figures (behind a proxy nothing else is
/// resolved here).
pub(super) fn check(url: &str, allowed: &Allowed) -> Result<Uri, String> {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    if !["http", "https"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) {
        return Err(format!("{url}: only http and https are followed"));
    }
    let uri: Uri = url.parse().map_err(|e| format!("{url} is no web address: {e}"))?;
    let (Some(host), Some(authority)) = (uri.host(), uri.authority()) else {
        return Err(format!("{url} names no host"));
    };
    if authority.as_str().contains('@') {
        return Err(format!(
            "{url}: an address with a user name or password in it is not followed"
        ));
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let local_name = host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost");
    let private = match literal {
        Ok(address) => !is_public(address),
        Err(_) => local_name,
    };
    if private && !allowed.holds(&uri) {
        return Err(PrivateAddress {
            host: host_and_port(&uri),
            address: host.to_owned(),
        }
        .to_string());
    }
    Ok(uri)
}

/// Where a redirect leads: its `Location`, as seen from the address that gave it.
pub(super) fn follow(from: &Uri, location: &str) -> String {
    let location = location.trim().split('#').next().unwrap_or_default();
    let scheme = from.scheme_str().unwrap_or("https");
    let authority = from.authority().map_or("", |a| a.as_str());
    let has_scheme = location
        .split_once(':')
        .is_some_and(|(s, _)| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)));
    if has_scheme {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", from.path())
    } else {
        let folder = from.path().rfind('/').map_or("/", |end| &from.path()[..=end]);
        format!("{scheme}://{authority}{folder}{location}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_local_addresses_in_all_their_dresses() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
            "4000::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2a00:1450::1",
            "2606:4700::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_address_as_written() {
        let none = Allowed::default();
        let own = Allowed::new(["127.0.0.1:8080".to_owned(), "Mirror".to_owned()]);
        assert!(check("https://example.org/list.xml", &none).is_ok());
        for (url, why) in [
            ("ftp://example.org/list.xml", "only http and https"),
            ("file:///etc/passwd", "only http and https"),
            ("/etc/passwd", "only http and https"),
            ("http://127.0.0.1:8080/", "private or local"),
            ("http://[::1]/", "private or local"),
            ("http://localhost/", "private or local"),
            ("https://a:b@example.org/", "password"),
        ] {
            assert!(check(url, &none).unwrap_err().contains(why), "{url}");
        }
        assert!(check("http://127.0.0.1:8080/", &own).is_ok());
        assert!(
            check("http://127.0.0.1:8081/", &own).is_err(),
            "another port is another host"
        );
        assert!(check("http://mirror:99/", &own).is_ok());
    }

    #[test]
    fn redirects_are_seen_from_where_they_were_given() {
        let from: Uri = "https://a.example/x/y.xml?q=1".parse().unwrap();
        for (location, to) in [
            ("https://b.example/z", "https://b.example/z"),
            ("//b.example/z", "https://b.example/z"),
            ("/z?w#part", "https://a.example/z?w"),
            ("z.xml", "https://a.example/x/z.xml"),
            ("?w", "https://a.example/x/y.xml?w"),
            ("file:///etc/passwd", "file:///etc/passwd"),
        ] {
            assert_eq!(follow(&from, location), to);
        }
    }
}
