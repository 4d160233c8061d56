//! Sending a request of our own to an address that the operator configured.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Position, Url};
use zeroize::Zeroizing;

use super::{Outgoing, Unfetched, resolved};
use crate::platform::edge::client_tls;

/// Sends `request` to `url`, and gives the status and at most `most` bytes of the answer. `limit` is for everything:
/// resolving, connecting, and the last byte. No other address is followed.
///
/// # Errors
/// Why there is no answer. A status is none.
pub async fn send(
    outgoing: &Outgoing,
    url: &Url,
    request: Request<Bytes>,
    most: usize,
    limit: Duration,
) -> Result<(StatusCode, Zeroizing<Vec<u8>>), Unfetched> {
    if url.scheme() != "https" {
        return Err(Unfetched::Address);
    }
    timeout(limit, answered(outgoing, url, request, most))
        .await
        .map_err(|_| Unfetched::Late)?
}

async fn answered(
    outgoing: &Outgoing,
    url: &Url,
    mut request: Request<Bytes>,
    most: usize,
) -> Result<(StatusCode, Zeroizing<Vec<u8>>), Unfetched> {
    let host = url.host_str().ok_or(Unfetched::Address)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().unwrap_or(443);
    let to = resolved(outgoing.networks, bare, port).await?;
    let tls = client_tls(outgoing.ca_file.as_deref()).map_err(Unfetched::Authorities)?;
    let name = ServerName::try_from(bare.to_owned()).map_err(|_| Unfetched::Address)?;
    let tcp = TcpStream::connect(to)
        .await
        .map_err(Unfetched::Unreachable)?;
    let stream = TlsConnector::from(Arc::new(tls)).connect(name, tcp).await;
    let stream = TokioIo::new(stream.map_err(Unfetched::Unreachable)?);
    let broken = |_| Unfetched::Broken(most);
    let (mut sender, work) = handshake(stream).await.map_err(broken)?;
    // Ends with the connection; what went wrong is told to the request.
    let work = tokio::spawn(async move {
        let _ = work.await;
    });
    let authority = &url[Position::BeforeHost..Position::AfterPort];
    let authority = HeaderValue::from_str(authority).map_err(|_| Unfetched::Address)?;
    request.headers_mut().insert(header::HOST, authority);
    let path = &url[Position::BeforePath..Position::AfterQuery];
    *request.uri_mut() = path.parse().map_err(|_| Unfetched::Address)?;
    let answer = sender
        .send_request(request.map(Full::new))
        .await
        .map_err(broken)?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), most).collect().await;
    let body = body.map_err(|_| Unfetched::Broken(most))?;
    work.abort();
    Ok((status, Zeroizing::new(body.to_bytes().to_vec())))
}
