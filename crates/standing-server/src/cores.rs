//! One runtime for each core, each on a thread of its own: a connection stays on the one that it was given.
//!
//! Answers are short. With a runtime that shares its work among threads, much of a request's cost was threads waking each other; here a
//! core sleeps until one of its own connections has something to say. What takes long runs on threads that may block, so no connection
//! waits for another's question.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;

/// Threads of each core's runtime that may block, at most.
const BLOCKING: usize = 32;

#[derive(Debug)]
struct Core {
    runtime: Handle,
    connections: Arc<AtomicUsize>,
    thread: std::thread::JoinHandle<()>,
}

/// The runtimes.
#[derive(Debug)]
pub struct Cores {
    all: Vec<Core>,
    stop: watch::Sender<bool>,
}

/// Counts a connection as long as it lives.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Cores {
    /// Starts as many as the machine has cores; what still blocks a while after the end is left behind.
    pub fn start(patience: Duration) -> std::io::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        let all = (0..count)
            .map(|_| {
                let runtime = Builder::new_current_thread()
                    .enable_all()
                    .thread_name("question")
                    .max_blocking_threads(BLOCKING)
                    .build()?;
                let handle = runtime.handle().clone();
                let mut stopped = stopped.clone();
                let thread = std::thread::Builder::new().name("core".into()).spawn(move || {
                    // Nobody left to tell means the same as being told.
                    let _ = runtime.block_on(stopped.wait_for(|stop| *stop));
                    runtime.shutdown_timeout(patience);
                })?;
                Ok(Core {
                    runtime: handle,
                    connections: Arc::default(),
                    thread,
                })
            })
            .collect::<std::io::Result<Vec<_>>>()?;
        Ok(Self { all, stop })
    }

    /// Runs a connection on the core that has the fewest.
    pub fn spawn(&self, connection: impl Future<Output = ()> + Send + 'static) {
        let Some(core) = self.all.iter().min_by_key(|c| c.connections.load(Ordering::Relaxed)) else {
            // There is always one; without any the connection is dropped, and so closed.
            return;
        };
        core.connections.fetch_add(1, Ordering::Relaxed);
        let counted = Counted(Arc::clone(&core.connections));
        core.runtime.spawn(async move {
            let _counted = counted;
            connection.await;
        });
    }

    /// Ends them.
    pub fn stop(self) {
        // A core that is gone needs not be told.
        let _ = self.stop.send(true);
        for core in self.all {
            // Its panic, if it had one, was printed.
            let _ = core.thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_spread_over_the_cores_and_end_with_them() {
        let cores = Cores::start(Duration::from_millis(100)).unwrap();
        let count = cores.all.len();
        for _ in 0..2 * count {
            cores.spawn(std::future::pending());
        }
        assert!(cores.all.iter().all(|c| c.connections.load(Ordering::Relaxed) == 2));
        let counted: Vec<_> = cores.all.iter().map(|c| Arc::clone(&c.connections)).collect();
        cores.stop();
        assert!(counted.iter().all(|c| c.load(Ordering::Relaxed) == 0));
    }
}
