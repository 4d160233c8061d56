//! A bill's document: the journal knows who opened it before anything of it is shown or handed out.

use super::BillError;
use crate::identity::access::{Access, Permission};
use crate::payables::bills::store as bills;
use crate::payables::ids::BillId;
use crate::payables::intake::rules::pdf_page::PageOptions;
use crate::payables::intake::rules::reading::{PDF_FACTS, PDF_PAGE, PdfFacts};
use crate::platform::app::App;
use crate::platform::documents::openings::{self, Opening};
use crate::platform::documents::{self, Chunks, Document};
use crate::platform::store::{Entry, StoreError};

/// Width of a page's image, in pixels.
pub const PAGE_WIDTH_PX: u16 = 1_240;
/// The media type of what a worker can draw.
pub const PDF: &str = "application/pdf";

/// Opens a bill's document: whatever shows something of it asks for this first. The first time within an hour is an entry of the
/// journal, and nothing is shown where that cannot be written.
pub async fn open(app: &App, who: &Access, id: BillId) -> Result<Document, BillError> {
    let reach = who.reach(Permission::BillsRead)?;
    let (caller, person) = (who.caller(), who.person());
    let (document, opening, is_told) = app
        .store
        .read::<_, StoreError, _>(who.scope(), move |read| {
            let bill = bills::within(read, id, &reach)?;
            let document = bill.document_id.ok_or(StoreError::Missing)?;
            let document = documents::find(read, document)?;
            let opening = Opening::of(document.id, person, &caller);
            let is_told = openings::is_told(read, &opening)?;
            Ok((document, opening, is_told))
        })
        .await?;
    if !is_told {
        let of = document.id;
        app.store
            .write::<_, StoreError, _>(caller, move |tx| {
                if openings::note(tx, &opening)? {
                    let entry = Entry::new("document.opened", "document", of);
                    tx.commit(entry.fact("bill", id), ())
                } else {
                    tx.done(())
                }
            })
            .await?;
    }
    Ok(document)
}

/// A bill's document as it came in, piece by piece, with what its row says of it.
pub async fn document(
    app: &App,
    who: &Access,
    id: BillId,
) -> Result<(Document, Chunks), BillError> {
    let document = open(app, who, id).await?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let chunks = app.documents.read(&keys, document.sha256).await?;
    Ok((document, chunks))
}

/// How many pages of a bill's document can be drawn; none where it is no PDF, or no worker can open it.
pub async fn page_count(app: &App, who: &Access, id: BillId) -> Result<usize, BillError> {
    let (document, mut chunks) = document(app, who, id).await?;
    let Some(workers) = app.workers.as_ref().filter(|_| document.media_type == PDF) else {
        return Ok(0);
    };
    let answer = workers.call_with(PDF_FACTS, b"", &mut chunks).await;
    let facts = answer.ok().and_then(|bytes| PdfFacts::from_bytes(&bytes));
    Ok(facts.and_then(|facts| facts.pages).unwrap_or(0))
}

/// One page of a bill's PDF as a PNG, drawn by a worker: no reader's browser meets the document itself.
///
/// # Errors
/// [`BillError::NoPage`] where there is no such page or nothing that could be drawn.
pub async fn page_image(
    app: &App,
    who: &Access,
    id: BillId,
    page: usize,
) -> Result<Vec<u8>, BillError> {
    let (document, mut chunks) = document(app, who, id).await?;
    if document.media_type != PDF {
        return Err(BillError::NoPage);
    }
    let workers = app.workers.as_ref().ok_or(BillError::NoPage)?;
    let options = PageOptions {
        page,
        width_px: PAGE_WIDTH_PX,
    };
    workers
        .call_with(PDF_PAGE, &options.to_bytes(), &mut chunks)
        .await
        .map_err(|_| BillError::NoPage)
}
