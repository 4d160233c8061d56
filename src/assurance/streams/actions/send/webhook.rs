//! A batch as a signed request.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, Request, header};
use url::Url;

use super::Stop;
use crate::assurance::streams::StreamId;
use crate::assurance::streams::rules::webhook::{Answer, Secret, id, judge, signatures};
use crate::assurance::streams::rules::{Batch, Trouble};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::outgoing::deliver;

/// For everything until the status.
const TIME: Duration = Duration::from_secs(10);

/// Posts a batch. It was taken where nothing is given back.
pub(super) async fn post(
    app: &App,
    url: &Url,
    (stream, epoch): (StreamId, i64),
    batch: &Batch,
    secrets: &[Secret],
) -> Result<(), Stop> {
    let body = batch.lines.concat();
    let (now, id) = (app.now(), id(stream, epoch, (batch.first, batch.end)));
    let at_s = now.0.div_euclid(Micros::SECOND);
    let request = Request::builder()
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .header(header::USER_AGENT, "countersign")
        .header("webhook-id", &id)
        .header("webhook-timestamp", at_s)
        .header("webhook-signature", signatures(secrets, &id, at_s, &body))
        .header("countersign-epoch", epoch)
        .body(Bytes::from(body));
    let request = request.map_err(|_| Stop::Trouble(Trouble::Network, None))?;
    let delivered = deliver(&app.outgoing, url, request, TIME).await?;
    let retry_after = delivered.retry_after.as_deref();
    match judge(delivered.status.as_u16(), retry_after, now) {
        Answer::Taken => Ok(()),
        Answer::Gone => Err(Stop::Gone),
        Answer::Not(trouble, wait) => Err(Stop::Trouble(trouble, wait)),
    }
}
