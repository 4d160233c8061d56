//! A request's body, of which whoever answers early leaves a rest.
//!
//! A client of HTTP/1.1 sends all of its body before it reads the answer. If we close the connection with bytes unread, the
//! system resets it, and the answer that says what is wrong may be lost with it. So the rest is read and thrown away, within
//! bounds: no more bytes than a file may have, no longer than a file may take, no pause longer than a header may take.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::{Request, header};

use super::activity::Running;
use crate::platform::config::Limits;

/// What is thrown away at most.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    bytes: u64,
    whole: Duration,
    pause: Duration,
}

impl Bounds {
    pub fn of(limits: &Limits) -> Self {
        Self {
            bytes: limits.upload_bytes,
            whole: limits.upload_timeout,
            pause: limits.header_timeout,
        }
    }
}

/// A body whose rest is read to its end when nobody wants it any more.
#[derive(Debug)]
pub struct Arriving {
    left: Option<(Incoming, Running)>,
    bounds: Bounds,
    /// The client waits for our word before it sends (RFC 9110, 10.1.1). Nothing comes where none was given.
    waits: bool,
}

impl Arriving {
    /// The request's body; `running` keeps its connection from being taken for idle.
    pub fn of(request: Request<Incoming>, running: Running, bounds: Bounds) -> Request<Self> {
        let waits = request.headers().contains_key(header::EXPECT);
        request.map(|body| Self {
            left: Some((body, running)),
            bounds,
            waits,
        })
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.waits = false;
        match &mut self.left {
            Some((body, _)) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left
            .as_ref()
            .is_none_or(|(body, _)| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.left.as_ref();
        left.map_or_else(|| SizeHint::with_exact(0), |(body, _)| body.size_hint())
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if self.waits || self.is_end_stream() {
            return;
        }
        if let (Some((body, running)), Ok(runtime)) =
            (self.left.take(), tokio::runtime::Handle::try_current())
        {
            let bounds = self.bounds;
            runtime.spawn(async move {
                // A client that outstays its bounds is cut off, as it was before it was listened to.
                let _ = tokio::time::timeout(bounds.whole, thrown_away(body, bounds)).await;
                drop(running);
            });
        }
    }
}

async fn thrown_away(mut body: Incoming, bounds: Bounds) {
    let mut left = bounds.bytes;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(bounds.pause, body.frame()).await {
        let read = frame.data_ref().map_or(0, |data| data.len() as u64);
        match left.checked_sub(read) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}
