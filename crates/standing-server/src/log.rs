//! Structured logs: one JSON object a line, to standard error.

use tracing::Level;

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verbosity {
    /// Nothing.
    Off,
    /// The life of the server, and what went wrong.
    #[default]
    Info,
    /// Also every request: its route, status and time.
    Requests,
}

/// Starts logging. A second call has no effect.
pub fn start(verbosity: Verbosity) {
    let level = match verbosity {
        Verbosity::Off => return,
        Verbosity::Info => Level::INFO,
        Verbosity::Requests => Level::DEBUG,
    };
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(level)
        .with_writer(std::io::stderr)
        // A log that lies on a full disk must not take the server with it: to say so on standard error would panic there.
        .log_internal_errors(false)
        .finish();
    // Somebody else's subscriber is as good as ours.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
