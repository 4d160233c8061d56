//! Sending a request of our own to an address that the operator configured.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use tokio::time::timeout;
use url::Url;
use zeroize::Zeroizing;

use super::{Exchange, Outgoing, Unfetched};

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
    request: Request<Bytes>,
    most: usize,
) -> Result<(StatusCode, Zeroizing<Vec<u8>>), Unfetched> {
    let exchange = Exchange::of(outgoing, url, request, most).await?;
    let status = exchange.status();
    Ok((status, Zeroizing::new(exchange.body().await?.to_vec())))
}
