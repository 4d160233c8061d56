//! The document of a bill: shown as images that a worker draws or as rows that we write, handed out only as a download.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use futures_util::stream;

use super::{id, readable};
use crate::identity::access::Access;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::actions::{self, BillError, PAGE_WIDTH_PX, PDF, Shown};
use crate::payables::bills::views::{DocumentView, PageImage};
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::documents::DocumentsError;
use crate::platform::web::page::Page;
use crate::platform::web::view::Tab;
use crate::platform::web::{DOWNLOAD_POLICY, Problem};

/// Pages that are drawn at most.
const MOST_PAGES: usize = 50;
/// Height of an A4 page of [`PAGE_WIDTH_PX`], which keeps the place until the image is there.
const PAGE_HEIGHT_PX: u32 = 1_754;

/// The document beside the facts: a PDF's pages, or what the structured invoice says. `at` is the address of the page that
/// shows it; `wants_data` asks for the invoice where there are both.
pub async fn view(
    app: &App,
    by: &SignedIn,
    page: &Page,
    shown: &Shown,
    (at, wants_data): (&str, bool),
) -> Result<DocumentView, BillError> {
    let bill = shown.bill.id;
    let pages = match &shown.document {
        Some(document) if document.media_type == PDF => {
            actions::page_count(app, &by.access, bill).await?
        }
        // What was read from it stands in its place.
        Some(_) => {
            actions::open(app, &by.access, bill).await?;
            0
        }
        None => 0,
    };
    let invoice = shown.invoice.as_ref();
    let is_data = pages == 0 || (wants_data && invoice.is_some());
    let tab = |label: &str, href: String, current| Tab {
        label: page.t(label),
        href,
        count: None,
        current,
    };
    let tabs = if pages > 0 && invoice.is_some() {
        vec![
            tab(msg!("bills-tab-pages"), at.to_owned(), !is_data),
            tab(
                msg!("bills-tab-data"),
                format!("{at}?document=data"),
                is_data,
            ),
        ]
    } else {
        Vec::new()
    };
    let drawn = if is_data { 0 } else { pages.min(MOST_PAGES) };
    let image = |number| PageImage {
        src: format!("/bills/{bill}/pages/{number}.png"),
        width: u32::from(PAGE_WIDTH_PX),
        height: PAGE_HEIGHT_PX,
    };
    Ok(DocumentView {
        name: shown
            .document
            .as_ref()
            .map(|document| document.file_name.clone())
            .unwrap_or_default(),
        download_href: shown
            .document
            .as_ref()
            .map(|_| format!("/bills/{bill}/document")),
        tabs,
        images: (1..=drawn).map(image).collect(),
        cut: (drawn > 0 && drawn < pages).then(|| page.t1("bills-more-pages", "count", drawn)),
        readable: invoice
            .filter(|_| is_data)
            .map(|invoice| readable::invoice(page, invoice)),
    })
}

/// The original as a file to keep.
pub async fn download(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
) -> Result<Response, Problem> {
    handed_out(&app, &by.access, id(&bill)?).await
}

/// The original, byte for byte. No browser shows it: it may be anything that a stranger sent.
///
/// # Errors
/// 404 where there is no such bill, or none with a document.
pub async fn handed_out(app: &App, who: &Access, bill: BillId) -> Result<Response, Problem> {
    let (document, chunks) = actions::document(app, who, bill).await?;
    let disposition =
        HeaderValue::from_str(&attachment(&document.file_name)).map_err(Problem::internal)?;
    let headers = [
        // A download that ends before this many bytes was refused on the way, and a browser says so.
        (header::CONTENT_LENGTH, HeaderValue::from(chunks.length())),
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(harmless(&document.media_type)),
        ),
        (header::CONTENT_DISPOSITION, disposition),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(DOWNLOAD_POLICY),
        ),
    ];
    let pieces = stream::try_unfold(chunks, |mut chunks| async move {
        let piece = chunks.next().await.inspect_err(|error| {
            tracing::error!(%error, "a document broke off while it was handed out");
        })?;
        Ok::<_, DocumentsError>(piece.map(|piece| (piece, chunks)))
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// What we call the content: only kinds that run nothing keep their name.
fn harmless(media_type: &str) -> &'static str {
    match media_type {
        PDF => PDF,
        "image/png" => "image/png",
        "image/jpeg" => "image/jpeg",
        "image/tiff" => "image/tiff",
        _ => "application/octet-stream",
    }
}

/// `Content-Disposition` with the sender's file name (RFC 6266, RFC 8187): in ASCII for the old, percent-encoded for the rest.
fn attachment(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = if name.is_empty() { "document" } else { name };
    let plain: String = name
        .chars()
        .map(|c| {
            let is_safe = c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
            if is_safe { c } else { '_' }
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// One page of a PDF: `{number}.png`, from 1.
pub async fn image(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path((bill, image)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = image
        .strip_suffix(".png")
        .and_then(|number| number.parse::<usize>().ok())
        .filter(|number| (1..=MOST_PAGES).contains(number))
        .ok_or_else(Problem::not_found)?;
    let png = actions::page_image(&app, &by.access, id(&bill)?, number).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, png).into_response())
}

#[cfg(test)]
mod tests {
    use super::{attachment, harmless};

    #[test]
    fn no_file_name_leaves_its_header() {
        assert_eq!(
            attachment("Müller \"1\".pdf"),
            "attachment; filename=\"M_ller _1_.pdf\"; filename*=UTF-8''M%C3%BCller%20%221%22.pdf"
        );
        for hostile in [
            "a\r\nset-cookie: x",
            "../../etc/passwd",
            "\"; x=\"",
            "",
            "\u{202e}fdp.exe",
        ] {
            let header = attachment(hostile);
            assert!(
                header.is_ascii() && !header.contains(['\r', '\n', '/']),
                "{header}"
            );
            assert_eq!(header.matches('"').count(), 2, "{header}");
        }
    }

    #[test]
    fn what_runs_in_a_browser_keeps_no_name_that_would_run_it() {
        for media_type in [
            "text/html",
            "application/xml",
            "image/svg+xml",
            "text/plain",
            "",
        ] {
            assert_eq!(harmless(media_type), "application/octet-stream");
        }
        assert_eq!(harmless("application/pdf"), "application/pdf");
    }
}
