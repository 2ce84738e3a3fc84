//! The life of a server: it opens what it needs or refuses, answers, and stops when it is told to.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use axum::Router;
use standing::home;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc as channel, watch};
use tokio_rustls::TlsAcceptor;

use crate::connection::drive;
use crate::cores::Cores;
use crate::follow::Follower;
use crate::options::{Limits, Options, ServeError};
use crate::router::router;
use crate::screening::keep_fresh;
use crate::shared::Shared;
use crate::tls;
use crate::tokens::Tokens;

/// For a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// After the system had no descriptor left.
const BREATH: Duration = Duration::from_millis(50);

/// Serves until SIGTERM or SIGINT. `ready` is told the address once questions are answered.
pub fn serve(options: Options, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    drop(home::open(&options.ledger)?);
    let tokens = Tokens::read(&crate::tokens::file_of(&options.ledger))?;
    if !options.listen.ip().is_loopback() && options.open.is_none() && !tokens.any() {
        return Err(ServeError::Unguarded { listen: options.listen });
    }
    let acceptor = options.tls.as_ref().map(tls::acceptor).transpose()?;
    let started = |source| ServeError::System {
        what: "starting the runtime",
        source,
    };
    // This one takes connections and hands each to a core.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_name("standing")
        .build()
        .map_err(started)?;
    // Questions that outlived their clients end by themselves; they hold nothing that has to be put away.
    let patience = options.limits.drain.min(Duration::from_secs(2));
    let cores = Cores::start(patience).map_err(started)?;
    let served = runtime.block_on(run(options, acceptor, &cores, ready));
    cores.stop();
    runtime.shutdown_timeout(patience);
    served
}

async fn run(
    options: Options,
    acceptor: Option<TlsAcceptor>,
    cores: &Cores,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let listen = options.listen;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|source| ServeError::Listen { listen, source })?;
    let address = listener
        .local_addr()
        .map_err(|source| ServeError::Listen { listen, source })?;
    let shared = Arc::new(Shared::new(options));
    let threads = Threads::start(&shared)?;
    let stopped = stop_signal()?;
    ready(address);
    // On a core: what takes connections has nothing else to do.
    cores.spawn(crate::pages::make_ahead(Arc::clone(&shared)));
    accept(listener, &shared, acceptor, cores, stopped).await;
    threads.stop(&shared).await;
    tracing::info!("stopped");
    Ok(())
}

/// The threads that follow the ledger and keep the index.
struct Threads {
    following: std::thread::JoinHandle<()>,
    indexing: std::thread::JoinHandle<()>,
}

impl Threads {
    /// Looks at the ledger once, and goes on looking.
    fn start(shared: &Arc<Shared>) -> Result<Self, ServeError> {
        let thread = |source| ServeError::System {
            what: "starting a thread",
            source,
        };
        let mut follower = Follower::new(Arc::clone(shared));
        follower.look();
        let (nudge, nudged) = mpsc::channel();
        shared.follow_with(nudge);
        let (wake, woken) = mpsc::channel();
        shared.index_with(wake);
        let following = std::thread::Builder::new()
            .name("follow".into())
            .spawn(move || follower.run(&nudged))
            .map_err(thread)?;
        let indexing = std::thread::Builder::new()
            .name("index".into())
            .spawn({
                let shared = Arc::clone(shared);
                move || keep_fresh(&shared, &woken)
            })
            .map_err(thread)?;
        Ok(Self { following, indexing })
    }

    async fn stop(self, shared: &Shared) {
        shared.stop_following();
        let following = self.following;
        // The thread looks only a moment longer; its panic, if it had one, was printed.
        let _ = tokio::task::spawn_blocking(move || following.join()).await;
        // A build under way is not waited for: its file is put into place whole or not at all.
        drop(self.indexing);
    }
}

/// Serves one assistant over standard input and output.
pub fn serve_standard_io(options: Options) -> Result<(), ServeError> {
    drop(home::open(&options.ledger)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .build()
        .map_err(|source| ServeError::System {
            what: "starting the runtime",
            source,
        })?;
    let served = runtime.block_on(async {
        let shared = Arc::new(Shared::new(options));
        let threads = Threads::start(&shared)?;
        let served = crate::mcp::over_standard_io(Arc::clone(&shared)).await;
        threads.stop(&shared).await;
        served
    });
    // A read of standard input cannot be cancelled; nothing waits for it.
    runtime.shutdown_background();
    served
}

/// Completes when the server is told to stop.
fn stop_signal() -> Result<impl Future<Output = ()>, ServeError> {
    let signal = |source| ServeError::System {
        what: "listening for signals",
        source,
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal as on};
        let mut terminate = on(SignalKind::terminate()).map_err(signal)?;
        let mut interrupt = on(SignalKind::interrupt()).map_err(signal)?;
        Ok(async move {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        })
    }
    #[cfg(not(unix))]
    {
        let _ = signal;
        Ok(async {
            // Without a way to be told, it runs until it is ended.
            let _ = tokio::signal::ctrl_c().await;
        })
    }
}

/// How many connections each address has.
#[derive(Debug, Default)]
struct Addresses(Mutex<HashMap<IpAddr, usize>>);

/// One connection of an address; gives its place back when it ends.
struct Place {
    addresses: Arc<Addresses>,
    ip: IpAddr,
}

impl Addresses {
    fn counts(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(self: &Arc<Self>, ip: IpAddr, most: usize) -> Option<Place> {
        let mut counts = self.counts();
        let count = counts.entry(ip).or_default();
        if *count >= most && !ip.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Place {
            addresses: Arc::clone(self),
            ip,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.addresses.counts();
        if let Some(count) = counts.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.ip);
            }
        }
    }
}

/// Where connections come in, with what each of them is given.
struct Door<'a> {
    cores: &'a Cores,
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    limits: Arc<Limits>,
    places: Arc<Semaphore>,
    addresses: Arc<Addresses>,
    stopping: watch::Receiver<bool>,
}

impl Door<'_> {
    async fn next(&self) -> Next {
        // The semaphore is never closed.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        (place, self.listener.accept().await)
    }

    /// Serves a connection; `alive` is dropped when it ends.
    async fn serve(&self, next: Next, alive: Option<channel::Sender<()>>) {
        let (place, accepted) = next;
        let (socket, peer): (TcpStream, SocketAddr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
                return;
            }
        };
        let Some(counted) = self.addresses.take(peer.ip(), self.limits.connections_per_address) else {
            tracing::warn!("an address has too many connections");
            return;
        };
        // Answers are small; waiting to fill a packet would only delay them. A socket that refuses is as good as closed.
        let _ = socket.set_nodelay(true);
        let (router, limits, stopping) = (self.router.clone(), Arc::clone(&self.limits), self.stopping.clone());
        let told = *self.stopping.borrow();
        let acceptor = self.acceptor.clone();
        // The socket leaves the runtime that took it for that of its core.
        let socket = match socket.into_std() {
            Ok(socket) => socket,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be handed on");
                return;
            }
        };
        self.cores.spawn(async move {
            let _held = (place, counted, alive);
            let socket = match TcpStream::from_std(socket) {
                Ok(socket) => socket,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken over");
                    return;
                }
            };
            match acceptor {
                None => drive(socket, peer, router, limits, told, stopping).await,
                Some(acceptor) => match tokio::time::timeout(HANDSHAKE, acceptor.accept(socket)).await {
                    Ok(Ok(socket)) => drive(socket, peer, router, limits, told, stopping).await,
                    Ok(Err(error)) => tracing::debug!(%error, "no TLS came about"),
                    Err(_) => tracing::debug!("a TLS handshake took too long"),
                },
            }
        });
    }
}

/// A place for a connection, and the connection.
type Next = (
    Option<tokio::sync::OwnedSemaphorePermit>,
    std::io::Result<(TcpStream, SocketAddr)>,
);

/// Takes connections until told to stop, then waits for the requests under way. Who comes meanwhile is told that the server stops, so
/// that a load balancer sees it before the port is closed.
async fn accept(
    listener: TcpListener,
    shared: &Arc<Shared>,
    acceptor: Option<TlsAcceptor>,
    cores: &Cores,
    stopped: impl Future<Output = ()>,
) {
    let limits = Arc::new(shared.options.limits.clone());
    let (stop, stopping) = watch::channel(false);
    let door = Door {
        cores,
        listener,
        acceptor,
        router: router(Arc::clone(shared)),
        places: Arc::new(Semaphore::new(limits.connections)),
        addresses: Arc::new(Addresses::default()),
        limits: Arc::clone(&limits),
        stopping,
    };
    // Every connection holds a sender; when the last is dropped, all are done.
    let (alive, mut done) = channel::channel::<()>(1);
    let mut stopped = std::pin::pin!(stopped);
    loop {
        tokio::select! {
            next = door.next() => door.serve(next, Some(alive.clone())).await,
            () = &mut stopped => break,
        }
    }
    tracing::info!("stopping; requests under way are finished");
    shared.stopping.store(true, Ordering::Release);
    // Nobody may be listening any more; then there is nobody to tell.
    let _ = stop.send(true);
    drop(alive);
    let mut drained = std::pin::pin!(tokio::time::timeout(limits.drain, done.recv()));
    loop {
        tokio::select! {
            all = &mut drained => {
                if all.is_err() {
                    tracing::warn!("some requests did not finish in time");
                }
                return;
            }
            next = door.next() => door.serve(next, None).await,
        }
    }
}
