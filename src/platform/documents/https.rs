//! HTTP to the object store: over TLS alone, as all our clients speak it, to a server whose certificate is verified.
//!
//! The library that speaks S3 brings its own HTTP client where it is let; it would bring TLS settings and authorities of
//! its own. This one takes ours ([`client_tls`](crate::platform::edge::client_tls)) and knows no other way to connect.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::header::{HOST, HeaderValue};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// For the connection with its handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// From the request's first byte to the answer's head.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);
/// Connections that wait for their next request.
const IDLE_MAX: usize = 8;

/// Why a request got no answer. Says nothing of what was sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    #[error("{host} was asked for without TLS")]
    Insecure { host: String },
    #[error("{host} has no name that a certificate could hold")]
    NoName { host: String },
    #[error("{host} cannot be reached")]
    Unreachable {
        host: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{host} did not answer in time")]
    Late { host: String },
    #[error("the connection to {host} broke")]
    Broken {
        host: String,
        #[source]
        source: hyper::Error,
    },
}

impl Unanswered {
    fn kind(&self) -> HttpErrorKind {
        match self {
            Self::Insecure { .. } | Self::NoName { .. } => HttpErrorKind::Unknown,
            Self::Unreachable { .. } => HttpErrorKind::Connect,
            Self::Late { .. } => HttpErrorKind::Timeout,
            Self::Broken { .. } => HttpErrorKind::Interrupted,
        }
    }
}

/// Makes the one client of a store.
#[derive(Debug)]
pub(super) struct Https(pub Arc<ClientConfig>);

impl HttpConnector for Https {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Connections {
            tls: TlsConnector::from(Arc::clone(&self.0)),
            idle: Mutex::default(),
        }))
    }
}

type Connection = SendRequest<HttpRequestBody>;

/// Where a request goes: the host and the port.
type Target = (String, u16);

struct Connections {
    tls: TlsConnector,
    idle: Mutex<Vec<(Target, Connection)>>,
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

#[async_trait::async_trait]
impl HttpService for Connections {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.answer(request)
            .await
            .map_err(|error| HttpError::new(error.kind(), error))
    }
}

impl Connections {
    async fn answer(&self, mut request: HttpRequest) -> Result<HttpResponse, Unanswered> {
        let uri = request.uri();
        let host = uri.host().unwrap_or_default().to_owned();
        if uri.scheme_str() != Some("https") {
            return Err(Unanswered::Insecure { host });
        }
        let target = (host.clone(), uri.port_u16().unwrap_or(443));
        // Over one connection a request names its path alone, and its host in a header (RFC 9112, 3.2).
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        let named = HeaderValue::from_str(&authority)
            .map_err(|_| Unanswered::NoName { host: host.clone() })?;
        request.headers_mut().entry(HOST).or_insert(named);
        let uri = request.uri();
        if let Some(path) = uri.path_and_query().cloned() {
            *request.uri_mut() = path.into();
        }
        let mut connection = match self.take_idle(&target) {
            Some(connection) => connection,
            None => timeout(CONNECT_TIMEOUT, self.open(&target))
                .await
                .map_err(|_| Unanswered::Late { host: host.clone() })??,
        };
        let answer = timeout(ANSWER_TIMEOUT, connection.send_request(request))
            .await
            .map_err(|_| Unanswered::Late { host: host.clone() })?
            .map_err(|source| Unanswered::Broken {
                host: host.clone(),
                source,
            })?;
        self.keep(target, connection);
        Ok(answer.map(|body| {
            HttpResponseBody::new(body.map_err(move |source| {
                let error = Unanswered::Broken {
                    host: host.clone(),
                    source,
                };
                HttpError::new(error.kind(), error)
            }))
        }))
    }

    async fn open(&self, target: &Target) -> Result<Connection, Unanswered> {
        let (host, port) = target;
        let unreachable = |source| Unanswered::Unreachable {
            host: host.clone(),
            source,
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(bare.to_owned())
            .map_err(|_| Unanswered::NoName { host: host.clone() })?;
        let tcp = TcpStream::connect((bare, *port))
            .await
            .map_err(unreachable)?;
        tcp.set_nodelay(true).map_err(unreachable)?;
        let stream = self.tls.connect(name, tcp).await.map_err(unreachable)?;
        let (connection, work) =
            handshake(TokioIo::new(stream))
                .await
                .map_err(|source| Unanswered::Broken {
                    host: host.clone(),
                    source,
                })?;
        // Ends with the connection; what went wrong is told to the request that was on it.
        tokio::spawn(async move {
            let _ = work.await;
        });
        Ok(connection)
    }

    /// A connection whose last answer was read to its end.
    fn take_idle(&self, target: &Target) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, connection)| !connection.is_closed());
        let at = idle
            .iter()
            .position(|(of, connection)| of == target && connection.is_ready())?;
        Some(idle.swap_remove(at).1)
    }

    fn keep(&self, target: Target, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() == IDLE_MAX {
            idle.remove(0);
        }
        idle.push((target, connection));
    }
}
