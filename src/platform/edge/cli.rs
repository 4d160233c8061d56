//! `countersign serve`, as far as the edge goes: certificate, sockets, signals.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use countersign_sealing::Entropy;

use super::certificate::Certificates;
use super::headers::Guard;
use super::listen::{BindError, bind};
use super::serve::{Ended, serve, told_to_stop};
use super::tls::{TlsError, install_provider, server_tls};
use crate::platform::clock::Clock;
use crate::platform::config::Config;

/// How often the certificate's files are looked at.
const FOLLOW: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the server has no certificate")]
    Tls(#[from] TlsError),
    #[error("the server cannot listen")]
    Bind(#[from] BindError),
    #[error("the system tells nothing of signals")]
    Signals(#[source] io::Error),
}

/// Serves `app` with the edge around it until the process is told to stop; `uploads` are the patterns of its routes that
/// take files, a list of each wing. `ready` runs when connections are taken.
///
/// # Errors
/// What keeps the server from starting; afterwards nothing ends it but a signal.
pub async fn run(
    config: &Config,
    clock: Clock,
    entropy: Arc<dyn Entropy>,
    (app, uploads): (Router, &'static [&'static [&'static str]]),
    ready: impl FnOnce(),
) -> Result<Ended, ServeError> {
    install_provider();
    let certificates = Arc::new(Certificates::open(config, clock.now())?);
    let tls = server_tls(Arc::<Certificates>::clone(&certificates))?;
    let listeners = bind(&config.listen)?;
    let stop = told_to_stop().map_err(ServeError::Signals)?;
    let following = tokio::spawn(follow(certificates, clock.clone()));
    let guard = Guard::new(clock, entropy, config.limits.clone()).with_uploads(uploads);
    let app = guard.around(app);
    ready();
    let (limits, proxies) = (&config.limits, &config.proxies);
    let ended = serve(listeners, Arc::new(tls), limits, proxies, app, stop).await;
    following.abort();
    Ok(ended)
}

/// For what watches the server from outside: it answers, and says nothing of what it holds.
pub fn health() -> Router {
    Router::new().route("/health", get(async || "ok\n"))
}

async fn follow(certificates: Arc<Certificates>, clock: Clock) {
    let mut timer = tokio::time::interval(FOLLOW);
    timer.tick().await;
    loop {
        timer.tick().await;
        let certificates = Arc::clone(&certificates);
        let now = clock.now();
        match tokio::task::spawn_blocking(move || certificates.refresh(now)).await {
            Ok(Ok(true)) => tracing::info!("the certificate was replaced"),
            Ok(Ok(false)) | Err(_) => {}
            Ok(Err(error)) => {
                tracing::error!(%error, "the certificate's files cannot be used; the present one stays")
            }
        }
    }
}
