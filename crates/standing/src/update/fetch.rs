//! One download: asked conditionally, continued where it broke off, followed through redirects, bounded in size and time.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use ureq::http::{Response, StatusCode, Uri, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Proxy};

use super::address::{self, Allowed, Guarded, PrivateAddress};
use super::keep::{PartOf, Place, State, Validators};
use crate::error::StandingError;

/// How many redirects are followed.
const REDIRECTS: usize = 5;
/// The longest that a server's `Retry-After` is heeded.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// Limits of one download.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes.
    pub size: u64,
    /// From the first request to the last byte.
    pub total: Duration,
    /// Without a byte.
    pub idle: Duration,
}

/// What came of asking.
#[derive(Debug)]
pub(super) enum Answer {
    /// The server has nothing newer.
    Unchanged,
    /// The part is whole now.
    Whole(Whole),
    /// Only asked, not fetched: what would come.
    Would {
        /// Bytes that would be received, where the server says.
        bytes: Option<u64>,
        /// From which byte on.
        from: u64,
    },
}

/// A download that is complete.
#[derive(Debug)]
pub(super) struct Whole {
    /// Bytes received by this attempt.
    pub received: u64,
    /// Where it was continued from.
    pub from: u64,
    /// What the server said of it.
    pub validators: Validators,
}

/// Why a download did not come about.
#[derive(Debug)]
pub(super) struct Trouble {
    /// In words.
    pub why: String,
    /// Whether another attempt may help.
    pub again: Again,
    /// Bytes received all the same.
    pub received: u64,
}

/// Whether another attempt at a download may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    Never,
    Soon,
    /// The server asks to wait so long.
    After(Duration),
}

impl Trouble {
    fn lasting(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            again: Again::Never,
            received: 0,
        }
    }

    fn passing(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            again: Again::Soon,
            received: 0,
        }
    }
}

/// A failure of the disk is nobody's network trouble.
pub(super) enum Failure {
    Trouble(Trouble),
    Local(StandingError),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// The certificates that `SSL_CERT_FILE` (a PEM file) or `SSL_CERT_DIR` (a folder of them) names; they take the place of the built-in
/// ones, as OpenSSL has it.
fn own_certificates() -> Result<Option<RootCerts>, StandingError> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(std::path::PathBuf::from)
    };
    let paths = match (variable("SSL_CERT_FILE"), variable("SSL_CERT_DIR")) {
        (None, None) => return Ok(None),
        (Some(file), _) => vec![file],
        (None, Some(folder)) => {
            let error = |source| StandingError::File {
                path: folder.display().to_string(),
                source,
            };
            let mut files = Vec::new();
            for entry in std::fs::read_dir(&folder).map_err(error)? {
                let path = entry.map_err(error)?.path();
                if path.is_file() {
                    files.push(path);
                }
            }
            files.sort();
            files
        }
    };
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for path in &paths {
        let bytes = crate::files::read(path)?;
        for item in parse_pem(&bytes) {
            match item {
                Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
                Ok(_) => {}
                Err(e) => {
                    return Err(StandingError::Refused(format!(
                        "{}: no certificates in PEM form: {e}",
                        path.display()
                    )));
                }
            }
        }
    }
    if certificates.is_empty() {
        return Err(StandingError::Refused(
            "SSL_CERT_FILE or SSL_CERT_DIR is set, and no certificate was found there".into(),
        ));
    }
    Ok(Some(RootCerts::new_with_certs(&certificates)))
}

/// The proxy that the environment names (`ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY`, with `NO_PROXY`).
fn own_proxy() -> Result<Option<Proxy>, StandingError> {
    let proxy = Proxy::try_from_env();
    let named = ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"]
        .iter()
        .flat_map(|name| [(*name).to_owned(), name.to_ascii_lowercase()])
        .find(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    match (proxy, named) {
        (None, Some(name)) => Err(StandingError::Refused(format!(
            "the proxy in {name} is not understood; write http://host:port"
        ))),
        (proxy, _) => Ok(proxy),
    }
}

/// What asks servers.
pub(super) struct Fetcher {
    agent: Agent,
    allowed: Allowed,
    bounds: Bounds,
}

impl Fetcher {
    /// `allowed` names hosts that may be private, besides the proxy's.
    pub fn new(allowed: &Allowed, bounds: Bounds, connect: Duration) -> Result<Self, StandingError> {
        let proxy = own_proxy()?;
        let mut tls = TlsConfig::builder();
        if let Some(roots) = own_certificates()? {
            tls = tls.root_certs(roots);
        }
        let resolving = match &proxy {
            Some(proxy) => allowed.with(&format!("{}:{}", proxy.host(), proxy.port())),
            None => allowed.clone(),
        };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("standing/", env!("CARGO_PKG_VERSION")))
            // Ranges count in the bytes of the file itself.
            .accept_encoding("identity")
            .tls_config(tls.build())
            .proxy(proxy)
            .timeout_connect(Some(connect))
            .timeout_resolve(Some(connect))
            .timeout_recv_response(Some(bounds.idle.max(connect)))
            .timeout_per_read(Some(bounds.idle))
            .timeout_global(Some(bounds.total))
            .build();
        let resolver = Guarded {
            allowed: resolving,
            inner: DefaultResolver::default(),
        };
        Ok(Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
            allowed: allowed.clone(),
            bounds,
        })
    }

    /// One attempt. With `only_ask` nothing is fetched or written.
    pub fn attempt(
        &self,
        url: &str,
        place: &Place,
        only_ask: bool,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Answer, Failure> {
        let part = place.part().filter(|(of, _)| of.url == url);
        let kept = place.state().filter(|state| state.url == url);
        let (response, asked) = self.ask(url, part.as_ref(), kept.as_ref())?;
        let status = response.status();
        let headers = Headers(&response);
        match status {
            StatusCode::NOT_MODIFIED if asked == Asked::IfChanged => Ok(Answer::Unchanged),
            StatusCode::PARTIAL_CONTENT if asked == Asked::Rest => {
                let Some((of, length)) = part else {
                    return Err(Trouble::passing("a part was sent that was not asked for").into());
                };
                let fits = headers.content_range().is_some_and(|(start, total)| {
                    start == length && (of.total.is_none() || total.is_none() || of.total == total)
                });
                let moved_on = headers
                    .get(header::ETAG)
                    .is_some_and(|tag| of.validators.etag.as_deref().is_some_and(|before| before != tag));
                if !fits || moved_on {
                    if !only_ask {
                        place.discard();
                    }
                    return Err(Trouble::passing(
                        "the server continued with another part than was asked for; starting over",
                    )
                    .into());
                }
                let total = headers.content_range().and_then(|(_, total)| total).or(of.total);
                if only_ask {
                    return Ok(Answer::Would {
                        bytes: total.map(|t| t.saturating_sub(length)),
                        from: length,
                    });
                }
                let file = place.go_on().map_err(Failure::Local)?;
                self.receive(response, file, length, total, of.validators, place, progress)
            }
            StatusCode::RANGE_NOT_SATISFIABLE if asked == Asked::Rest => {
                let Some((of, length)) = part else {
                    return Err(Trouble::passing("the server refuses the range").into());
                };
                // All of it had been received when the last attempt was broken off.
                if of.total == Some(length) {
                    return Ok(Answer::Whole(Whole {
                        received: 0,
                        from: length,
                        validators: of.validators,
                    }));
                }
                if !only_ask {
                    place.discard();
                }
                Err(Trouble::passing("the server has no such rest any more; starting over").into())
            }
            StatusCode::OK => {
                let encoded = headers
                    .get(header::CONTENT_ENCODING)
                    .is_some_and(|e| !e.eq_ignore_ascii_case("identity"));
                let total = headers
                    .get(header::CONTENT_LENGTH)
                    .and_then(|l| l.trim().parse::<u64>().ok())
                    .filter(|_| !encoded);
                if total.is_some_and(|total| total > self.bounds.size) {
                    return Err(Trouble::lasting(format!(
                        "the server announces {} bytes; at most {} are taken for this source",
                        total.unwrap_or_default(),
                        self.bounds.size
                    ))
                    .into());
                }
                if only_ask {
                    return Ok(Answer::Would { bytes: total, from: 0 });
                }
                let mut validators = headers.validators();
                if encoded {
                    // Its ranges would count in other bytes.
                    validators.etag = validators
                        .etag
                        .map(|tag| if tag.starts_with("W/") { tag } else { format!("W/{tag}") });
                }
                let of = PartOf {
                    url: url.to_owned(),
                    total,
                    validators: validators.clone(),
                };
                let file = place.begin(&of).map_err(Failure::Local)?;
                self.receive(response, file, 0, total, validators, place, progress)
            }
            status => {
                let words = format!(
                    "the server answers {} {}",
                    status.as_u16(),
                    status.canonical_reason().unwrap_or("")
                );
                let words = words.trim_end().to_owned();
                let passing = matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504);
                let wait = headers
                    .get(header::RETRY_AFTER)
                    .and_then(|w| w.trim().parse().ok())
                    .map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT));
                Err(Trouble {
                    why: words,
                    again: match wait {
                        _ if !passing => Again::Never,
                        None => Again::Soon,
                        Some(wait) => Again::After(wait),
                    },
                    received: 0,
                }
                .into())
            }
        }
    }

    /// Sends the request, through redirects.
    fn ask(
        &self,
        url: &str,
        part: Option<&(PartOf, u64)>,
        kept: Option<&State>,
    ) -> Result<(Response<Body>, Asked), Trouble> {
        let mut url = url.to_owned();
        let mut from: Option<Uri> = None;
        for _ in 0..=REDIRECTS {
            let uri = address::check(&url, &self.allowed).map_err(|why| {
                Trouble::lasting(match &from {
                    Some(from) => format!("{from} leads to an address that is refused: {why}"),
                    None => why,
                })
            })?;
            if from.as_ref().is_some_and(|f| f.scheme_str() == Some("https")) && uri.scheme_str() == Some("http") {
                return Err(Trouble::lasting(format!(
                    "a redirect leads from https to unencrypted http: {uri}"
                )));
            }
            let mut request = self.agent.get(uri.clone());
            let mut asked = Asked::All;
            if let Some((of, length)) = part
                && let Some(validator) = of.validators.for_range()
            {
                request = request
                    .header(header::RANGE, format!("bytes={length}-"))
                    .header(header::IF_RANGE, validator);
                asked = Asked::Rest;
            } else if let Some(state) = kept {
                if let Some(tag) = &state.validators.etag {
                    request = request.header(header::IF_NONE_MATCH, tag);
                    asked = Asked::IfChanged;
                }
                if let Some(date) = &state.validators.last_modified {
                    request = request.header(header::IF_MODIFIED_SINCE, date);
                    asked = Asked::IfChanged;
                }
            }
            let response = request.call().map_err(|e| trouble(&e, &uri, from.as_ref()))?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok((response, asked));
            }
            let location = Headers(&response).get(header::LOCATION).map(str::to_owned);
            let Some(location) = location else {
                return Err(Trouble::lasting(format!("{uri} redirects to nowhere (no Location)")));
            };
            url = address::follow(&uri, &location);
            from = Some(uri);
        }
        Err(Trouble::lasting(format!(
            "more than {REDIRECTS} redirects, the last to {url}"
        )))
    }

    #[allow(clippy::too_many_arguments)] // the state of one exchange
    fn receive(
        &self,
        mut response: Response<Body>,
        mut file: std::fs::File,
        from: u64,
        total: Option<u64>,
        validators: Validators,
        place: &Place,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Answer, Failure> {
        let begun = Instant::now();
        let mut received = 0;
        let mut body = response.body_mut().with_config().limit(u64::MAX).reader();
        let mut block = vec![0; 1 << 16];
        let broken = |received: u64, why: String| {
            let of = total.map_or(String::new(), |total| format!(" of {total}"));
            Trouble {
                why: format!("broke off after {}{of} bytes: {why}", from + received),
                again: Again::Soon,
                received,
            }
        };
        loop {
            let read = match body.read(&mut block) {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) => return Err(broken(received, io_words(&e)).into()),
            };
            received += read as u64;
            if from + received > self.bounds.size {
                place.discard();
                return Err(Trouble::lasting(format!(
                    "more than {} bytes came; no more are taken for this source",
                    self.bounds.size
                ))
                .into());
            }
            file.write_all(&block[..read]).map_err(|source| {
                Failure::Local(StandingError::File {
                    path: place.part_file().display().to_string(),
                    source,
                })
            })?;
            progress(from + received, total);
            if begun.elapsed() > self.bounds.total {
                return Err(broken(received, "it took too long".into()).into());
            }
        }
        if total.is_some_and(|total| total != from + received) {
            return Err(broken(received, "the server closed the connection".into()).into());
        }
        Ok(Answer::Whole(Whole {
            received,
            from,
            validators,
        }))
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    All,
    IfChanged,
    Rest,
}

struct Headers<'a>(&'a Response<Body>);

impl<'a> Headers<'a> {
    fn get(&self, name: header::HeaderName) -> Option<&'a str> {
        self.0.headers().get(name).and_then(|v| v.to_str().ok())
    }

    fn validators(&self) -> Validators {
        Validators {
            etag: self.get(header::ETAG).map(str::to_owned),
            last_modified: self.get(header::LAST_MODIFIED).map(str::to_owned),
        }
    }

    /// `bytes 100-199/500`: the first byte, and the whole where it is given.
    fn content_range(&self) -> Option<(u64, Option<u64>)> {
        let (range, total) = self
            .get(header::CONTENT_RANGE)?
            .trim()
            .strip_prefix("bytes")?
            .trim()
            .split_once('/')?;
        let start = range.split('-').next()?.trim().parse().ok()?;
        Some((start, total.trim().parse().ok()))
    }
}

fn io_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "the server closed the connection".into(),
        std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => "nothing came for too long".into(),
        _ => error.to_string(),
    }
}

fn trouble(error: &ureq::Error, uri: &Uri, from: Option<&Uri>) -> Trouble {
    let via = from.map_or(String::new(), |from| format!(" (to which {from} redirects)"));
    let host = format!("{}{via}", uri.host().unwrap_or_default());
    match error {
        ureq::Error::Other(inner) if inner.is::<PrivateAddress>() => Trouble::lasting(match from {
            Some(from) => format!("{from} leads to an address that is refused: {inner}"),
            None => inner.to_string(),
        }),
        ureq::Error::HostNotFound => Trouble::passing(format!("the name {host} is not known")),
        ureq::Error::Timeout(_) => Trouble::passing(format!("{host} did not answer in time")),
        ureq::Error::Io(e) => Trouble::passing(format!("{host}: {}", io_words(e))),
        ureq::Error::Rustls(e) => Trouble::lasting(format!("{host}: the secure connection failed: {e}")),
        ureq::Error::Tls(e) => Trouble::lasting(format!("{host}: the secure connection failed: {e}")),
        ureq::Error::LargeResponseHeader(..) => Trouble::lasting(format!("{host}: the answer's head is too large")),
        ureq::Error::Protocol(e) => Trouble::passing(format!("{host}: that is no HTTP: {e}")),
        error => Trouble::passing(format!("{host}: {error}")),
    }
}
