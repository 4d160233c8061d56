//! Taking a document in: keep the bytes, read them in a worker, make the bill in one transaction.

mod arrive;
mod claims;
mod error;
mod keep;

pub use arrive::{Arriving, File};
pub use error::{IntakeError, size_text, too_large};

use std::sync::Arc;

use countersign_einvoice::check::{CheckReport, Finding, Level, RuleId};

use crate::identity::access::{Access, Denied, HumanId, Permission, Reach};
use crate::payables::bills::rules::Via;
use crate::payables::ids::BillId;
use crate::payables::intake::rules::draft::clean;
use crate::payables::intake::rules::einvoice::{
    self, CHECK_DOCUMENT, DocumentReading, READ_DOCUMENT,
};
use crate::payables::intake::store;
use crate::payables::vendors::actions::ask_about_number;
use crate::payables::vendors::rules::questions::Asking;
use crate::platform::app::App;
use crate::platform::documents::Arrived;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::scope::Caller;
use crate::platform::store::StoreError;
use crate::platform::workers::WorkerError;
use crate::platform::workers::pool::WorkerPool;
use crate::text_enum;

/// The largest document taken in, in bytes.
pub const MAX_BYTES: u64 = 200 * 1024 * 1024;
/// Longest file name kept, in characters.
const FILE_NAME_CHARS: usize = 200;

text_enum! {
    /// What became of a document.
    pub enum Outcome {
        /// A bill with its facts.
        New = "new",
        /// The bytes are known: it is the bill that they became before.
        Duplicate = "duplicate",
        /// A bill that waits for somebody to type it.
        KeptForTyping = "kept-for-typing",
    }
}

/// What taking a document in came to.
#[derive(Debug, Clone)]
pub struct TakenIn {
    pub bill: BillId,
    pub outcome: Outcome,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    pub findings: Vec<Finding>,
}

/// Who brings a document: a person, or the operator at the command line.
#[derive(Debug, Clone)]
pub struct Sender {
    pub caller: Caller,
    pub person: Option<PersonId>,
    pub human: Option<HumanId>,
    /// For which legal entities.
    pub reach: Reach,
}

impl Sender {
    /// # Errors
    /// Where she may bring documents for no entity.
    fn of(who: &Access) -> Result<Self, Denied> {
        Ok(Self {
            caller: who.caller(),
            person: Some(who.person()),
            human: Some(who.human()),
            reach: who.reach(Permission::BillsEnter)?,
        })
    }
}

/// Takes in what a person sends.
///
/// # Errors
/// [`IntakeError`]: not allowed, too large, or the installation cannot work. Whatever the document itself is, it becomes a bill.
pub async fn take_in(
    app: &App,
    who: &Access,
    file_name: &str,
    file: File,
    via: Via,
) -> Result<TakenIn, IntakeError> {
    take_in_from(app, Sender::of(who)?, file_name, file, via).await
}

/// Takes in what the operator brings, who needs no permission of the application: the machine is his.
///
/// # Errors
/// As [`take_in`].
pub async fn take_in_from(
    app: &App,
    sender: Sender,
    file_name: &str,
    file: File,
    via: Via,
) -> Result<TakenIn, IntakeError> {
    let scope = sender.caller.scope;
    let keys = app.keys.organisation(&app.store, scope).await?;
    let arrived = &file.arrived;
    // The bytes are where they stay before anything is tried with them: whatever goes wrong later loses nothing.
    let blob = app
        .documents
        .keep(&keys, arrived, app.store.entropy())
        .await?;
    if let Some(known) = keep::known(app, &sender, blob.sha256).await? {
        return Ok(known);
    }
    let pool = app.workers.as_ref().ok_or(IntakeError::NoWorkers)?;
    let _room = app.reading.enter(arrived.size_bytes).await;
    let reading = read(pool, arrived).await?;
    let document = keep::Kept {
        blob,
        media_type: media_type(&reading),
        file_name: clean(file_name, FILE_NAME_CHARS),
        via,
        sender,
        reading: Arc::new(reading),
    };
    // The operator is bounded by nothing here: the index is on his machine.
    if let Some(human) = document
        .sender
        .human
        .filter(|_| names_number(&document.reading))
    {
        ask_about_number(app, scope, human, Asking::Document).await?;
    }
    for attempt in 0.. {
        match keep::keep(app, &keys, &document).await {
            // Somebody else sent the same bytes at the same time, and has won.
            Err(IntakeError::Store(StoreError::Unique { .. })) if attempt < 3 => {}
            other => return other,
        }
        if let Some(known) = keep::known(app, &document.sender, document.blob.sha256).await? {
            return Ok(known);
        }
    }
    Err(IntakeError::Store(StoreError::Contended))
}

/// Reads a document in a worker. What the document does to its worker is a finding; that there is none to be had is an error.
async fn read(pool: &WorkerPool, arrived: &Arrived) -> Result<DocumentReading, IntakeError> {
    let mut chunks = arrived.chunks().await?;
    match pool.call_with(READ_DOCUMENT, b"", &mut chunks).await {
        Ok(answer) => Ok(DocumentReading::from_bytes(&answer).unwrap_or_else(|| {
            DocumentReading::of_failure(
                &arrived.head,
                "The reader gave no answer that could be understood. Type the bill.",
            )
        })),
        Err(error) if is_ours(&error) => Err(IntakeError::Worker(error)),
        Err(error) => Ok(DocumentReading::of_failure(
            &arrived.head,
            &error.to_string(),
        )),
    }
}

/// Whether the document names a tax number that is looked up: its seller's or its buyer's.
fn names_number(reading: &DocumentReading) -> bool {
    let invoice = reading.read.as_ref().map(|read| &read.invoice);
    invoice.is_some_and(|invoice| {
        let seller = &invoice.seller;
        let ids = [&seller.vat_id, &invoice.buyer.vat_id];
        ids.iter().any(|id| id.is_some()) || seller.legal_registration.is_some()
    })
}

/// Whether the installation is at fault, not the document.
fn is_ours(error: &WorkerError) -> bool {
    matches!(
        error,
        WorkerError::Busy { .. }
            | WorkerError::Input { .. }
            | WorkerError::UnknownTask { .. }
            | WorkerError::Unavailable { .. }
    )
}

fn media_type(reading: &DocumentReading) -> &'static str {
    use crate::payables::intake::rules::sniff::FileKind as K;
    match reading.kind {
        K::Pdf => "application/pdf",
        K::Xml => "application/xml",
        K::Html => "text/html",
        K::Zip => "application/zip",
        K::Png => "image/png",
        K::Jpeg => "image/jpeg",
        K::Tiff => "image/tiff",
        K::Gif => "image/gif",
        K::Webp => "image/webp",
        K::Text => "text/plain",
        K::Empty | K::Unknown => "application/octet-stream",
    }
}

/// Checks a document without keeping it. What goes wrong in the worker is a finding of an unreadable document.
///
/// # Errors
/// [`IntakeError::Worker`] where the installation cannot work.
pub async fn check(
    pool: &WorkerPool,
    sha256: &str,
    bytes: &[u8],
) -> Result<CheckReport, IntakeError> {
    let failed = |message: String| {
        let finding = Finding {
            rule: RuleId::of("CS-INTAKE-WORKER"),
            level: Level::Fatal,
            position: None,
            term: None,
            message,
        };
        einvoice::unreadable(sha256.to_owned(), finding)
    };
    match pool.call(CHECK_DOCUMENT, b"", bytes).await {
        Ok(answer) => Ok(serde_json::from_slice(&answer).unwrap_or_else(|_| {
            failed("The reader gave no answer that could be understood.".to_owned())
        })),
        Err(error) if is_ours(&error) => Err(IntakeError::Worker(error)),
        Err(error) => Ok(failed(error.to_string())),
    }
}

/// The organisation with this short name: the operator names one before anything is known of it.
///
/// # Errors
/// Of the store alone.
pub async fn organisation(app: &App, slug: &str) -> Result<Option<OrgId>, StoreError> {
    let slug = slug.to_owned();
    app.store
        .lookup(move |lookup| store::organisation(lookup, &slug))
        .await
}
