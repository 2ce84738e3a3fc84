//! `standing serve` and `standing token`: the server's life and who may ask it.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use standing::screen::Policy;
use standing::{StandingError, home};
use standing_server::log::{self, Verbosity};
use standing_server::tokens::{self, Tokens};
use standing_server::{Builder, Options, Scopes, ServeError, TlsFiles};

/// How the server is run.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8700")]
    pub listen: SocketAddr,
    /// What everybody may do without a token: read, screen, judge, ingest, admin. By default read,screen on loopback, nothing elsewhere
    #[arg(long, value_name = "SCOPES")]
    pub open: Option<Scopes>,
    /// A name under which it may be addressed (repeat it for more)
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// An origin whose pages may read its answers, such as http://127.0.0.1:3333 (repeat it for more)
    #[arg(long, value_name = "ORIGIN")]
    pub cors: Vec<String>,
    /// The certificate chain, PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// What raises an alert when names are screened: a file as "standing policy" prints it
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Serve a demo ledger, made anew in a temporary place
    #[arg(long)]
    pub demo: bool,
    /// Seconds that requests under way have to finish when it is told to stop
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    pub drain: u32,
    /// What is logged to standard error, as JSON lines
    #[arg(long, value_enum, default_value_t = LogLevel::Info)]
    pub log: LogLevel,
    /// Log whole addresses of requests, which may hold names of customers
    #[arg(long)]
    pub log_names: bool,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LogLevel {
    /// Nothing
    Off,
    /// The server's life, and what went wrong
    Info,
    /// Also every request
    Requests,
}

/// What is done with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenAction {
    /// Make one, and print it: it cannot be shown again
    New {
        /// What it allows: read, screen, judge, ingest, admin
        #[arg(long, value_name = "SCOPES", default_value = "read,screen")]
        scope: Scopes,
        /// Requests a second; 0 for no limit
        #[arg(long, value_name = "N", default_value_t = tokens::DEFAULT_RATE)]
        rate: u32,
        /// What it is for
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// The tokens there are
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Make one useless; a running server notices within a second
    Revoke {
        /// Its id, such as t:1
        id: String,
    },
}

/// Serves until told to stop.
pub fn run(db: &Path, serve: Serve, now: &str) -> Result<(), ServeError> {
    log::start(match serve.log {
        LogLevel::Off => Verbosity::Off,
        LogLevel::Info => Verbosity::Info,
        LogLevel::Requests => Verbosity::Requests,
    });
    let system = |what| move |source| ServeError::System { what, source };
    // The temporary place is removed when the server has stopped.
    let place = serve
        .demo
        .then(tempfile::tempdir)
        .transpose()
        .map_err(system("making a temporary directory"))?;
    let ledger = match &place {
        Some(place) => {
            let path = place.path().join("demo.db");
            drop(home::open_for_writing(&path, now)?);
            path
        }
        None => db.to_owned(),
    };
    let mut options = Options::new(ledger, serve.listen);
    options.open = serve.open;
    options.hosts = serve.host;
    options.cors = serve.cors;
    options.tls = serve
        .tls_cert
        .zip(serve.tls_key)
        .map(|(certificate, key)| TlsFiles { certificate, key });
    options.log_names = serve.log_names;
    options.limits.drain = std::time::Duration::from_secs(u64::from(serve.drain));
    options.policy = policy(serve.policy.as_deref())?;
    // Without a way to this program itself, indexes are built in the server's own process.
    options.builder = std::env::current_exe().ok().map(|program| Builder {
        program,
        policy: serve.policy,
    });
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    standing_server::serve(options, |address| {
        // Whoever started it may not be reading; that is no reason to stop.
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "Serving on {scheme}://{address}/ (stop with Ctrl-C)").and_then(|()| out.flush());
    })
}

fn policy(path: Option<&Path>) -> Result<Policy, StandingError> {
    let Some(path) = path else {
        return Ok(Policy::standard());
    };
    let text = std::fs::read_to_string(path).map_err(|source| StandingError::File {
        path: path.display().to_string(),
        source,
    })?;
    Ok(Policy::read(&path.display().to_string(), &text)?)
}

/// Serves one assistant over standard input and output.
pub fn mcp(db: &Path) -> Result<(), ServeError> {
    // Nothing listens; the address only says that whoever started it is on this machine.
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    standing_server::serve_standard_io(Options::new(db.to_owned(), nowhere))
}

/// Makes a backup and says what it proved.
pub fn back_up(db: &Path, to: &Path) -> Result<String, StandingError> {
    let proved = home::back_up(db, to)?;
    Ok(format!(
        "{} holds {} transactions, proved whole.\nhead {} {}\n",
        to.display(),
        proved.transactions,
        proved.head,
        proved.hash
    ))
}

/// Puts a backup into place and says what it proved.
pub fn restore(db: &Path, backup: &Path, replace: bool) -> Result<String, StandingError> {
    let (proved, aside) = home::restore(backup, db, replace)?;
    let mut text = format!(
        "{} is restored: {} transactions, proved whole.\nhead {} {}\n",
        db.display(),
        proved.transactions,
        proved.head,
        proved.hash
    );
    if let Some(aside) = aside {
        text.push_str(&format!("The former ledger is kept in {}.\n", aside.display()));
    }
    Ok(text)
}

/// What a command about tokens prints.
pub fn token(db: &Path, action: TokenAction, now: &str) -> Result<String, tokens::TokenError> {
    let path = tokens::file_of(db);
    Ok(match action {
        TokenAction::New { scope, rate, note } => {
            let (id, secret) = Tokens::create(&path, scope, rate, &note, now)?;
            format!(
                "{secret}\n{id} allows {scope}. Keep it now: only its hash is stored, in {}.\n",
                path.display()
            )
        }
        TokenAction::List { json } => {
            let mut text = String::new();
            for token in Tokens::read(&path)?.tokens {
                let state = token
                    .revoked
                    .as_ref()
                    .map_or_else(|| "valid".to_owned(), |at| format!("revoked {at}"));
                text.push_str(&if json {
                    serde_json::json!({
                        "id": token.id, "note": token.note, "scopes": token.scopes, "rate": token.rate,
                        "created": token.created, "revoked": token.revoked,
                    })
                    .to_string()
                } else {
                    format!(
                        "{:<6} {:<24} {:>5}/s  {}  {state}  {}",
                        token.id,
                        token.scopes.to_string(),
                        token.rate,
                        token.created,
                        crate::table::safe(&token.note)
                    )
                });
                text.push('\n');
            }
            if text.is_empty() && !json {
                text.push_str("There is no token. Make one: standing token new --scope read,screen\n");
            }
            text
        }
        TokenAction::Revoke { id } => {
            let token = Tokens::revoke(&path, &id, now)?;
            format!("{} is revoked.\n", token.id)
        }
    })
}
