//! Forms with files, read at the speed at which they are used.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::header;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::part_heads::PartHeads;

/// Lets the request's body come in one piece at a time.
///
/// The reader of multipart forms takes whatever there is before it gives out the first byte, so that a client on a fast
/// line would put a large part of its file into our memory. After each piece the body says once that there is nothing
/// yet; the reader then gives out what it holds. Names of files reach that reader without control characters.
#[must_use]
pub fn paced(request: Request) -> Request {
    let media_type = request.headers().get(header::CONTENT_TYPE);
    let heads = media_type
        .and_then(|value| value.to_str().ok())
        .and_then(PartHeads::of);
    request.map(|body| {
        Body::new(Paced {
            body,
            heads,
            is_pause: false,
        })
    })
}

struct Paced {
    body: Body,
    heads: Option<PartHeads>,
    is_pause: bool,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if std::mem::take(&mut self.is_pause) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.is_pause = frame.is_some();
        let heads = &mut self.heads;
        Poll::Ready(frame.map(|frame| {
            let readable = |piece| match heads {
                Some(heads) => heads.readable(piece),
                None => piece,
            };
            frame.map(|frame| frame.map_data(readable))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::{FromRequest as _, Multipart};
    use futures_util::stream;

    /// The largest piece that the reader of forms gives out, of a file of 64 pieces that are all there at once.
    async fn largest(pace: fn(Request) -> Request) -> usize {
        let head = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n";
        let pieces = std::iter::once(Bytes::from(head))
            .chain(std::iter::repeat_n(Bytes::from(vec![b'x'; 64 * 1024]), 64))
            .chain(std::iter::once(Bytes::from("\r\n--b--\r\n")))
            .map(Ok::<_, std::io::Error>);
        let mut request = Request::post("/")
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from_stream(stream::iter(pieces)))
            .unwrap();
        axum::extract::DefaultBodyLimit::disable().apply(&mut request);
        let mut form = Multipart::from_request(pace(request), &()).await.unwrap();
        let mut field = form.next_field().await.unwrap().unwrap();
        let (mut largest, mut total) = (0, 0);
        while let Some(piece) = field.chunk().await.unwrap() {
            largest = largest.max(piece.len());
            total += piece.len();
        }
        assert_eq!(total, 64 * 64 * 1024);
        largest
    }

    #[tokio::test]
    async fn a_form_that_is_there_at_once_is_not_in_memory_at_once() {
        assert!(largest(paced).await <= 3 * 64 * 1024);
        assert!(
            largest(|request| request).await > 1024 * 1024,
            "the guard is needed"
        );
    }

    #[tokio::test]
    async fn a_name_with_a_control_character_does_not_lose_the_form() {
        async fn name(pace: fn(Request) -> Request) -> Option<String> {
            let form = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\u{1}.pdf\"\r\n\r\nx\r\n--b--\r\n";
            let request = Request::post("/")
                .header("content-type", "multipart/form-data; boundary=b")
                .body(Body::from(form))
                .unwrap();
            let mut form = Multipart::from_request(pace(request), &()).await.unwrap();
            let field = form.next_field().await.ok()??;
            field.file_name().map(str::to_owned)
        }
        assert_eq!(name(paced).await.as_deref(), Some("a_.pdf"));
        assert_eq!(name(|request| request).await, None, "the guard is needed");
    }
}
