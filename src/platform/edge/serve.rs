//! The accept loop: so many connections and no more, and an end that finishes what it began.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rustls::ServerConfig;
use socket2::SockRef;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::connection::{self, Phase, Shared};
use crate::platform::config::{Limits, Prefixes};

/// How long the loop rests when the system has no descriptor left.
const REST: Duration = Duration::from_millis(100);
/// A client that acknowledges nothing for this long is gone.
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// How the server came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every running request was finished.
    Clean,
    /// Some were cut off at the bound.
    CutOff,
}

/// Serves `app` on all listeners until `stop` is ready, then finishes running requests within the bound. Connections from
/// `proxies` say first whose they are.
pub async fn serve(
    listeners: Vec<TcpListener>,
    tls: Arc<ServerConfig>,
    limits: &Limits,
    proxies: &Prefixes,
    app: Router,
    stop: impl Future<Output = ()>,
) -> Ended {
    let (phase, watched) = watch::channel(Phase::Serving);
    let shared = Shared {
        tls: TlsAcceptor::from(tls),
        app,
        limits: limits.clone(),
        proxies: Arc::new(proxies.clone()),
        phase: watched,
    };
    let room = Arc::new(Semaphore::new(limits.connections));
    let accepting: Vec<_> = listeners
        .into_iter()
        .map(|listener| tokio::spawn(accept(listener, Arc::clone(&room), shared.clone())))
        .collect();
    drop(shared);
    stop.await;
    // First no new connections, then the word to those that there are.
    for task in accepting {
        task.abort();
        let _ = task.await;
    }
    phase.send_replace(Phase::Finishing);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let finished = tokio::time::timeout(limits.shutdown_timeout, room.acquire_many(all)).await;
    phase.send_replace(Phase::Over);
    if finished.is_ok() {
        Ended::Clean
    } else {
        Ended::CutOff
    }
}

async fn accept(listener: TcpListener, room: Arc<Semaphore>, shared: Shared) {
    loop {
        // Room first: those that find none wait in the system's queue and cost us nothing.
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Refused only for a connection that is gone already.
                let _ = stream.set_nodelay(true);
                let _ = SockRef::from(&stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED));
                let shared = shared.clone();
                tokio::spawn(async move {
                    connection::serve(stream, peer, shared).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Ready when the system (SIGTERM) or the operator (SIGINT) wants the server to end.
///
/// # Errors
/// When the system refuses to tell of signals.
pub fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
