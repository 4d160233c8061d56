//! One connection: its handshake, its protocol and its end, each within bounds.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt as _;

use super::activity::{Activity, Answer};
use super::proxied;
use super::rest::{self, Arriving};
use crate::platform::config::{Limits, Prefixes};

/// Requests at one time in one HTTP/2 connection.
const STREAMS: u32 = 64;
/// Streams that a client opened and reset before we looked at them (CVE-2023-44487), and resets that we answered
/// faults with: more than these ends the connection.
const RESETS: usize = 20;
const LOCAL_RESETS: usize = 64;
/// What a client may send ahead: a stream's share, and all streams together.
const STREAM_WINDOW_BYTES: u32 = 256 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;
const SEND_BUFFER_BYTES: usize = 256 * 1024;
const HEADERS: usize = 100;
/// How long an HTTP/2 client has to answer a ping, and a told-off one to hang up.
const PING: Duration = Duration::from_secs(20);
const GOODBYE: Duration = Duration::from_secs(1);

/// How far the server's end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Serving,
    /// Running requests are finished, new ones refused.
    Finishing,
    /// The bound is over.
    Over,
}

/// What all connections share.
#[derive(Clone)]
pub struct Shared {
    pub tls: TlsAcceptor,
    pub app: Router,
    pub limits: Limits,
    /// Who speaks for others.
    pub proxies: Arc<Prefixes>,
    pub phase: watch::Receiver<Phase>,
}

/// Serves one connection to its end.
pub async fn serve(stream: TcpStream, peer: SocketAddr, mut shared: Shared) {
    let begun = tokio::time::timeout(
        shared.limits.handshake_timeout,
        begin((stream, peer), &shared.proxies, &shared.tls),
    );
    let (tls, client) = tokio::select! {
        done = begun => match done {
            Ok(Ok(begun)) => begun,
            // Scanners and plain HTTP end here; nothing of what they sent is worth a line.
            Ok(Err(_)) | Err(_) => return,
        },
        () = reached(&mut shared.phase, Phase::Finishing) => return,
    };
    let is_http2 = tls.get_ref().1.alpn_protocol() == Some(b"h2");
    let activity = Arc::new(Activity::default());
    let rest = (!is_http2).then(|| rest::Bounds::of(&shared.limits));
    let service = answering(shared.app.clone(), client, Arc::clone(&activity), rest);
    let io = TokioIo::new(tls);
    let bounds = Bounds {
        activity,
        limits: shared.limits.clone(),
        phase: shared.phase,
    };
    if is_http2 {
        let connection = http2_builder(&shared.limits).serve_connection(io, service);
        bounds
            .drive(connection, |connection| connection.graceful_shutdown())
            .await;
    } else {
        let connection = http1_builder(&shared.limits).serve_connection(io, service);
        bounds
            .drive(connection, |connection| connection.graceful_shutdown())
            .await;
    }
}

/// The handshake, and whose the connection is: whose it says that it is, where a load balancer says so.
async fn begin(
    (mut stream, peer): (TcpStream, SocketAddr),
    proxies: &Prefixes,
    tls: &TlsAcceptor,
) -> io::Result<(TlsStream<TcpStream>, SocketAddr)> {
    let mut client = peer;
    if proxies.contains(peer.ip()) {
        client = proxied::client(&mut stream, peer)
            .await
            .inspect_err(|error| {
                // It knocks without a word where it looks whether we live; a wrong word is a wrong setting.
                if error.kind() == io::ErrorKind::Other {
                    tracing::warn!(%error, "a connection from `proxy_from` was closed");
                }
            })?;
    }
    Ok((tls.accept(stream).await?, client))
}

/// `rest`: what is read of a body that nobody wants; HTTP/2 ends a stream without it.
fn answering(
    app: Router,
    client: SocketAddr,
    activity: Arc<Activity>,
    rest: Option<rest::Bounds>,
) -> impl Service<Request<Incoming>, Response = Response<Answer>, Error = Infallible, Future: Send>
{
    service_fn(move |request: Request<Incoming>| {
        let running = activity.begin();
        let mut request = match rest {
            Some(bounds) => Arriving::of(request, activity.begin(), bounds).map(Body::new),
            None => request.map(Body::new),
        };
        let app = app.clone();
        async move {
            request.extensions_mut().insert(ConnectInfo(client));
            let response = app.oneshot(request).await?;
            Ok(response.map(|body| Answer::new(body, running)))
        }
    })
}

fn http1_builder(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        // Without a timer the timeout below never fires.
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_header_size(limits.header_bytes)
        .max_headers(HEADERS)
        .max_buf_size(limits.header_bytes.max(64 * 1024))
        .half_close(false);
    builder
}

fn http2_builder(limits: &Limits) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING)
        .max_concurrent_streams(STREAMS)
        .max_pending_accept_reset_streams(RESETS)
        .max_local_error_reset_streams(LOCAL_RESETS)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(SEND_BUFFER_BYTES);
    builder
}

/// Ready when the server's end has come as far as `phase`, or the server is gone.
async fn reached(watched: &mut watch::Receiver<Phase>, phase: Phase) {
    let _ = watched.wait_for(|now| *now >= phase).await;
}

struct Bounds {
    activity: Arc<Activity>,
    limits: Limits,
    phase: watch::Receiver<Phase>,
}

impl Bounds {
    /// Runs a connection until it ends, is idle for too long, keeps an answer for too long, or the server ends.
    async fn drive<C>(mut self, connection: C, finish: impl Fn(Pin<&mut C>))
    where
        C: Future<Output = hyper::Result<()>>,
    {
        let mut connection = pin!(connection);
        let mut finishing = false;
        loop {
            let mark = self.activity.mark();
            let idle = self.activity.is_idle();
            // One that takes its answer drop by drop gets as long as one that sends its files drop by drop.
            let patience = match (finishing, idle) {
                (true, true) => GOODBYE,
                (false, true) => self.limits.idle_timeout,
                (_, false) => self.limits.upload_timeout,
            };
            tokio::select! {
                // How a connection ended is the client's affair: there is nobody left to tell.
                _ = connection.as_mut() => return,
                () = reached(&mut self.phase, if finishing { Phase::Over } else { Phase::Finishing }) => {
                    if finishing {
                        return;
                    }
                    finish(connection.as_mut());
                    finishing = true;
                }
                () = tokio::time::sleep(patience) => {
                    if self.activity.mark() != mark {
                        continue;
                    }
                    if finishing || !idle {
                        return;
                    }
                    finish(connection.as_mut());
                    finishing = true;
                }
            }
        }
    }
}
