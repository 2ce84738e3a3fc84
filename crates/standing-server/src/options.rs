//! How the server is run, and why it may refuse to.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use standing::screen::Policy;

use crate::tokens::{Scopes, TokenError};

/// How the server is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The ledger's file.
    pub ledger: PathBuf,
    /// Where it listens.
    pub listen: SocketAddr,
    /// What is allowed without a token. `None`: reading and screening on loopback, nothing elsewhere.
    pub open: Option<Scopes>,
    /// Certificate and key, if it speaks TLS.
    pub tls: Option<TlsFiles>,
    /// Names under which it may be addressed, beside the address it listens on.
    pub hosts: Vec<String>,
    /// Origins of web pages that may read its answers.
    pub cors: Vec<String>,
    /// Limits on requests.
    pub limits: Limits,
    /// What raises an alert when names are screened.
    pub policy: Policy,
    /// The program that builds indexes in a process of its own; without it they are built in this one.
    pub builder: Option<Builder>,
    /// Write whole addresses of requests to the log, which may hold names of customers.
    pub log_names: bool,
}

impl Options {
    /// The defaults for a ledger: loopback, no TLS.
    pub fn new(ledger: PathBuf, listen: SocketAddr) -> Self {
        Self {
            ledger,
            listen,
            open: None,
            tls: None,
            hosts: Vec::new(),
            cors: Vec::new(),
            limits: Limits::default(),
            policy: Policy::standard(),
            builder: None,
            log_names: false,
        }
    }

    /// What may be done without a token.
    pub fn anonymous(&self) -> Scopes {
        self.open.unwrap_or_else(|| {
            if self.listen.ip().is_loopback() {
                Scopes::READING
            } else {
                Scopes::NONE
            }
        })
    }
}

/// How an index is built in another process (`standing index`), so that what the building takes is given back when it is done.
#[derive(Debug, Clone)]
pub struct Builder {
    /// The program.
    pub program: PathBuf,
    /// The file that the policy was read from.
    pub policy: Option<PathBuf>,
}

/// Files of a certificate chain and its key, PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The chain, the server's own certificate first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// What one request, one client and all of them together may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Bytes of an uploaded list or article.
    pub upload: usize,
    /// Queries of one batch.
    pub batch: usize,
    /// From the first byte of a request to the last of its answer's beginning.
    pub request: Duration,
    /// The same for uploads and streams.
    pub upload_time: Duration,
    /// For the head of a request, and between requests of a connection.
    pub head: Duration,
    /// Without any progress while an answer is written.
    pub write: Duration,
    /// How long a request waits for a free reader before it is told to come again.
    pub queue: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address; loopback is exempt.
    pub connections_per_address: usize,
    /// Requests of a second without a token from one address; 0 for no limit.
    pub anonymous_rate: u32,
    /// How long requests under way may take to finish when the server is told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 4 << 20,
            upload: 256 << 20,
            batch: 10_000,
            request: Duration::from_secs(30),
            upload_time: Duration::from_secs(600),
            head: Duration::from_secs(15),
            write: Duration::from_secs(30),
            queue: Duration::from_secs(5),
            connections: 4096,
            connections_per_address: 256,
            anonymous_rate: 0,
            drain: Duration::from_secs(20),
        }
    }
}

/// Why the server does not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The ledger cannot be opened.
    #[error(transparent)]
    Standing(#[from] standing::StandingError),
    /// The address cannot be listened on.
    #[error("cannot listen on {listen}: {source}. Give another address: --listen 127.0.0.1:8700")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// An address that others can reach, and nobody needs a token.
    #[error(
        "{listen} can be reached from other machines, and there is no token. Make one (standing token new --scope read,screen), listen on 127.0.0.1, or say what everybody may do: --open read,screen"
    )]
    Unguarded {
        /// The address.
        listen: SocketAddr,
    },
    /// The file of tokens cannot be used.
    #[error(transparent)]
    Tokens(#[from] TokenError),
    /// Certificate or key cannot be used.
    #[error("{path}: {why}")]
    Tls {
        /// Which file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// Something of the system failed.
    #[error("{what}: {source}")]
    System {
        /// What was being done.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
}

impl ServeError {
    /// The exit code that it means (`docs/CLI.md`).
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Standing(error) => error.exit_code(),
            Self::Unguarded { .. } | Self::Tokens(TokenError::Unknown(_)) => 2,
            Self::Listen { .. } | Self::Tokens(_) | Self::Tls { .. } | Self::System { .. } => 3,
        }
    }
}
