//! Who may ask what: the host that a request names, where it comes from, its token, its rate, its scope.
//!
//! A browser page of another site may reach a server on loopback: by a name that it makes resolve to 127.0.0.1 (the `Host` check
//! refuses that), or by sending forms and scripts' requests across (refused by `Origin` and `Sec-Fetch-Site`, for everything that is
//! not a plain read).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::shared::Shared;
use crate::tokens::{Scope, Scopes};

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Who asks.
#[derive(Debug, Clone)]
pub struct Client {
    /// What may be asked.
    pub scopes: Scopes,
    /// The token's id, if there was one.
    pub token: Option<String>,
}

impl Client {
    /// Who decides, for the ledger.
    pub fn decider(&self) -> String {
        self.token
            .as_ref()
            .map_or_else(|| "server".to_owned(), |t| format!("server {t}"))
    }
}

/// The host without its port.
fn host_name(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// May the server be addressed by this name?
fn host_is_ours(shared: &Shared, host: &str) -> bool {
    let name = host_name(host);
    let listen = shared.options.listen.ip();
    if shared
        .options
        .hosts
        .iter()
        .any(|h| h.eq_ignore_ascii_case(name) || h.eq_ignore_ascii_case(host))
    {
        return true;
    }
    match name.parse::<IpAddr>() {
        // A name can be made to resolve to any address, an address cannot; on every address any of them is right.
        Ok(ip) => ip == listen || listen.is_unspecified() || (listen.is_loopback() && ip.is_loopback()),
        Err(_) if listen.is_loopback() => name.eq_ignore_ascii_case("localhost"),
        // Elsewhere a token is what protects, unless names were given.
        Err(_) => shared.options.hosts.is_empty(),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// Does a browser send this on behalf of another site's page?
fn is_cross_site(shared: &Shared, headers: &HeaderMap, host: &str) -> bool {
    static FETCH_SITE: header::HeaderName = header::HeaderName::from_static("sec-fetch-site");
    if let Some(origin) = text(headers, &header::ORIGIN) {
        let ours = origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
        return !ours && !shared.options.cors.iter().any(|o| o == origin);
    }
    text(headers, &FETCH_SITE).is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

/// The secret that a request bears.
fn secret(headers: &HeaderMap) -> Option<Result<&str, Problem>> {
    let value = headers.get(header::AUTHORIZATION)?;
    let secret = value.to_str().ok().and_then(|text| {
        let (scheme, secret) = text.split_once(' ')?;
        let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("apikey");
        known.then(|| secret.trim())
    });
    Some(secret.ok_or_else(|| {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "token",
            "The token is not valid",
            "The header Authorization is of no form that is known here.",
        )
        .remedy("Send: Authorization: Bearer TOKEN")
    }))
}

fn admit(shared: &Shared, request: &Request) -> Result<Client, Problem> {
    let headers = request.headers();
    // HTTP/1.1 has exactly one Host; of two, something between here and the client might have read the other.
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(Ok(host)), None) = (hosts.next().map(|h| h.to_str()), hosts.next()) else {
        return Err(Problem::field(
            "Host",
            "The header Host is missing, doubled or unreadable.",
            "Send exactly one.",
        ));
    };
    // A length and chunks at once: something between here and the client might have believed the other.
    if headers.contains_key(header::TRANSFER_ENCODING) && headers.contains_key(header::CONTENT_LENGTH) {
        return Err(Problem::field(
            "Transfer-Encoding",
            "The body is framed in two ways at once.",
            "Send either Content-Length or Transfer-Encoding: chunked.",
        ));
    }
    let elsewhere = request
        .uri()
        .authority()
        .is_some_and(|a| !host_is_ours(shared, a.as_str()));
    if elsewhere || !host_is_ours(shared, host) {
        return Err(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "host",
            "Not a host of this server",
            "The header Host names a host that this server does not answer for.",
        )
        .about("Host")
        .remedy("Use the address that it listens on, or start it with --host NAME."));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        && is_cross_site(shared, headers, host)
    {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "origin",
            "A page of another site may not do this",
            "The request comes from a page of another site.",
        )
        .remedy("Start the server with --cors ORIGIN, if that page is yours."));
    }
    let tokens = shared.tokens();
    // What a browser sends along by itself counts only where it is a token; an old one makes nobody's pages fail.
    let cookie = || crate::pages::secret(headers).filter(|s| tokens.find(s).is_some());
    let borne = secret(headers)
        .map(|s| s.map(str::to_owned))
        .or_else(|| cookie().map(Ok));
    let (client, name, rate) = match borne {
        None => {
            let ip = request
                .extensions()
                .get::<Peer>()
                .map_or_else(String::new, |p| p.0.ip().to_string());
            let client = Client {
                scopes: shared.options.anonymous(),
                token: None,
            };
            (client, ip, shared.options.limits.anonymous_rate)
        }
        Some(secret) => {
            let token = tokens.find(&secret?).ok_or_else(|| {
                Problem::new(
                    StatusCode::UNAUTHORIZED,
                    "token",
                    "The token is not valid",
                    "No such token, or it was revoked.",
                )
                .remedy("Ask whoever runs this server for one (standing token new).")
            })?;
            let client = Client {
                scopes: token.scopes,
                token: Some(token.id.clone()),
            };
            (client, token.id.clone(), token.rate)
        }
    };
    shared.rates.take(&name, rate, Instant::now()).map_err(|seconds| {
        let mut problem = Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate",
            "Too many requests",
            format!("More than {rate} requests a second."),
        )
        .remedy(format!(
            "Repeat the request after {seconds} s; many names go in one batch."
        ));
        problem.retry_after = Some(seconds);
        problem
    })?;
    Ok(client)
}

/// What is answered even when the server stops: whoever watches it has to see that.
const WATCHED: [&str; 2] = ["/healthz", "/readyz"];

/// Before everything else: is this request for us, and who asks?
pub async fn guard(State(shared): State<Arc<Shared>>, mut request: Request, next: Next) -> Response {
    match admit(&shared, &request) {
        Ok(_) if shared.is_stopping() && !WATCHED.contains(&request.uri().path()) => {
            Problem::busy("The server is stopping; only requests under way are finished.").into_response()
        }
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Lets only those pass whose token has a scope.
pub async fn need(scope: Scope, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>();
    if client.is_some_and(|c| c.scopes.allow(scope)) {
        return next.run(request).await;
    }
    let known = client.is_some_and(|c| c.token.is_some());
    let (status, detail) = if known {
        (
            StatusCode::FORBIDDEN,
            format!("This token does not have the scope \"{}\".", scope.word()),
        )
    } else {
        (
            StatusCode::UNAUTHORIZED,
            format!("This needs a token with the scope \"{}\".", scope.word()),
        )
    };
    Problem::new(status, "scope", "Not allowed", detail)
        .remedy(format!(
            "Make a token: standing token new --scope {}; send it as Authorization: Bearer TOKEN.",
            scope.word()
        ))
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn shared(listen: &str, hosts: &[&str]) -> Shared {
        let mut options = Options::new("s.db".into(), listen.parse().unwrap());
        options.hosts = hosts.iter().map(|h| (*h).to_owned()).collect();
        Shared::new(options)
    }

    #[test]
    fn on_loopback_only_loopback_names_are_answered() {
        let ours = shared("127.0.0.1:8700", &[]);
        for host in [
            "127.0.0.1:8700",
            "localhost:8700",
            "LOCALHOST",
            "[::1]:8700",
            "127.0.0.2",
        ] {
            assert!(host_is_ours(&ours, host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8700",
            "localhost.evil.example",
            "10.0.0.1",
            "",
            "127.0.0.1.evil.example",
        ] {
            assert!(!host_is_ours(&ours, host), "{host}");
        }
        let named = shared("127.0.0.1:8700", &["standing.example"]);
        assert!(host_is_ours(&named, "standing.example") && !host_is_ours(&named, "evil.example"));
        let wide = shared("0.0.0.0:8700", &["standing.example"]);
        assert!(host_is_ours(&wide, "10.0.0.1:8700") && !host_is_ours(&wide, "evil.example"));
    }

    #[test]
    fn requests_on_behalf_of_other_pages_are_known() {
        let ours = shared("127.0.0.1:8700", &[]);
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs
                .iter()
                .map(|(k, v)| (header::HeaderName::from_static(k), header::HeaderValue::from_static(v)))
                .collect::<HeaderMap>()
        };
        let cross = |pairs| is_cross_site(&ours, &headers(pairs), "127.0.0.1:8700");
        assert!(!cross(&[]));
        assert!(!cross(&[("origin", "http://127.0.0.1:8700")]));
        assert!(cross(&[("origin", "http://evil.example")]));
        assert!(cross(&[("origin", "null")]));
        assert!(cross(&[("sec-fetch-site", "cross-site")]));
        assert!(!cross(&[("sec-fetch-site", "same-origin")]));
    }
}
