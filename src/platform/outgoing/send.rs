//! Sending a request of our own to an address that the operator configured.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use tokio::time::timeout;
use url::Url;
use zeroize::Zeroizing;

use super::{Exchange, Outgoing, Unfetched};

/// So much of an answer is read that nobody looks at.
const THROWN_AWAY: usize = 4 * 1024;
/// So long it may take to send it.
const MANNERS: Duration = Duration::from_secs(1);

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

/// What came back for something that was delivered. Its body says nothing to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    pub status: StatusCode,
    /// `Retry-After`, as it was sent (RFC 9110, 10.2.3).
    pub retry_after: Option<String>,
}

/// Sends `request` to `url` for its status alone: a few kilobytes of the body are read and thrown away, so that the other side is not
/// cut off in the middle of a sentence. `limit` is for everything until the status. No other address is followed.
///
/// # Errors
/// Why there is no status.
pub async fn deliver(
    outgoing: &Outgoing,
    url: &Url,
    request: Request<Bytes>,
    limit: Duration,
) -> Result<Delivered, Unfetched> {
    if url.scheme() != "https" {
        return Err(Unfetched::Address);
    }
    let exchange = timeout(limit, Exchange::of(outgoing, url, request, THROWN_AWAY))
        .await
        .map_err(|_| Unfetched::Late)??;
    let retry_after = exchange.header(&header::RETRY_AFTER);
    let delivered = Delivered {
        status: exchange.status(),
        retry_after,
    };
    let _ = timeout(MANNERS, exchange.body()).await;
    Ok(delivered)
}

async fn answered(
    outgoing: &Outgoing,
    url: &Url,
    request: Request<Bytes>,
    most: usize,
) -> Result<(StatusCode, Zeroizing<Vec<u8>>), Unfetched> {
    let exchange = Exchange::of(outgoing, url, request, most).await?;
    let status = exchange.status();
    Ok((status, wiped_body(exchange).await?))
}

/// As [`Exchange::body`], in memory that is wiped. All of its room is there from the beginning: what grows leaves copies behind.
async fn wiped_body(exchange: Exchange) -> Result<Zeroizing<Vec<u8>>, Unfetched> {
    let mut body = Limited::new(exchange.answer.into_body(), exchange.most);
    let mut whole = Zeroizing::new(Vec::<u8>::with_capacity(exchange.most));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Unfetched::Broken(exchange.most))?;
        if let Some(data) = frame.data_ref() {
            whole.extend_from_slice(data);
        }
    }
    exchange.work.abort();
    Ok(whole)
}
