//! The transaction that makes a bill of a document.

use std::sync::Arc;

use countersign_einvoice::check::{Finding, Level, RuleId};
use countersign_einvoice::model::Invoice;
use data_encoding::HEXLOWER;

use super::claims::{claims, note_seller, seal_reading, seller};
use super::{IntakeError, Outcome, Sender, TakenIn};
use crate::identity::access::Reach;
use crate::identity::organisations::EntityId;
use crate::payables::bills::holds::{self, HoldKind};
use crate::payables::bills::rules::axes::{
    BillField, BillKind, FactSource, MatchState, Payment, Posting, Processing, Via,
};
use crate::payables::bills::rules::{missing, number_key};
use crate::payables::bills::store::findings::{FindingLevel, FindingRow};
use crate::payables::bills::store::{self as bills, Bill, BillLine, VatRow};
use crate::payables::ids::VendorId;
use crate::payables::intake::rules::draft::{Draft, clean};
use crate::payables::intake::rules::einvoice::DocumentReading;
use crate::payables::intake::store;
use crate::payables::vendors::match_or_request;
use crate::payables::vendors::rules::tax_ids;
use crate::platform::app::App;
use crate::platform::documents::{self, Blob};
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::ENTITY_VAT_ID;
use crate::platform::store::{Committed, Entry, StoreError, Tx};

const MESSAGE_CHARS: usize = 2_000;
const TERM_CHARS: usize = 80;

/// A document whose bytes are kept and read.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub blob: Blob,
    pub media_type: &'static str,
    pub file_name: String,
    pub via: Via,
    pub sender: Sender,
    pub reading: Arc<DocumentReading>,
}

/// The bill of these bytes, if they were taken in before.
pub(super) async fn known(
    app: &App,
    sender: &Sender,
    sha256: [u8; 32],
) -> Result<Option<TakenIn>, IntakeError> {
    let (scope, reach) = (sender.caller.scope, sender.reach.clone());
    app.store
        .read(scope, move |read| {
            let Some(document) = documents::find_by_sha256(read, sha256)? else {
                return Ok(None);
            };
            let bill = bills::find_by_document(read, document.id)?;
            bill.map(|bill| duplicate(&bill, sha256, &reach))
                .transpose()
        })
        .await
}

/// The bill that the bytes became before; whoever does not reach it learns no more than that they are of another entity.
fn duplicate(bill: &Bill, sha256: [u8; 32], reach: &Reach) -> Result<TakenIn, IntakeError> {
    if !reach.includes(bill.entity_id) {
        return Err(IntakeError::OtherEntity);
    }
    Ok(TakenIn {
        bill: bill.id,
        outcome: Outcome::Duplicate,
        sha256,
        findings: Vec::new(),
    })
}

/// Makes the bill.
pub(super) async fn keep(
    app: &App,
    keys: &Arc<OrgKeys>,
    arrived: &Kept,
) -> Result<TakenIn, IntakeError> {
    let (keys, arrived) = (Arc::clone(keys), arrived.clone());
    app.store
        .write(arrived.sender.caller, move |tx| {
            keep_in(tx, &keys, &arrived)
        })
        .await
}

fn keep_in(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    arrived: &Kept,
) -> Result<Committed<TakenIn>, IntakeError> {
    let sha256 = arrived.blob.sha256;
    let (document, is_new) =
        documents::record(tx, &arrived.blob, arrived.media_type, &arrived.file_name)?;
    if is_new {
        tx.journal(
            Entry::new("document.received", "document", document.id)
                .fact("sha256", HEXLOWER.encode(&sha256))
                .fact("bytes", arrived.blob.size_bytes),
        )?;
    } else if let Some(bill) = bills::find_by_document(tx, document.id)? {
        let duplicate = duplicate(&bill, sha256, &arrived.sender.reach)?;
        return Ok(tx.done(duplicate)?);
    }
    let invoice = arrived.reading.read.as_ref().map(|read| &read.invoice);
    let draft = invoice.map(Draft::of).unwrap_or_default();
    let mut findings = arrived.reading.findings.clone();
    findings.extend(draft.findings.iter().cloned());
    let (entity, stranger) = entity(tx, keys, invoice, &arrived.sender.reach)?;
    findings.extend(stranger);
    let vendor = match invoice {
        Some(invoice) => match_or_request(tx, keys, &seller(&invoice.seller))?.vendor,
        None => None,
    };
    let mut bill = header(tx, arrived, &draft, entity, vendor);
    bill.document_id = Some(document.id);
    let by_terms = due_by_terms(tx, &mut bill)?;
    if missing(&bill).is_empty() {
        bill.processing = Processing::Captured;
    }
    bills::insert(tx, &bill)?;
    rows(tx, &bill, &draft)?;
    if by_terms {
        bills::facts::note(tx, bill.id, BillField::DueDate, FactSource::Terms)?;
    }
    for finding in &findings {
        bills::findings::insert(tx, bill.id, &row_of(finding))?;
    }
    if let Some(invoice) = invoice {
        claims(tx, keys, bill.id, invoice)?;
        note_seller(tx, keys, bill.id, &invoice.seller)?;
        seal_reading(tx, keys, bill.id, invoice)?;
    }
    bills::search::index(tx, &bill)?;
    hold(tx, &bill, invoice.is_some(), &findings)?;
    let outcome = match invoice {
        Some(_) => Outcome::New,
        None => Outcome::KeptForTyping,
    };
    let entry = received(&bill, &findings)
        .fact("document", document.id)
        .fact("documents", HEXLOWER.encode(&sha256))
        .fact("outcome", outcome);
    let taken_in = TakenIn {
        bill: bill.id,
        outcome,
        sha256,
        findings,
    };
    Ok(tx.commit(entry, taken_in)?)
}

/// The legal entity that the document names by its VAT id, or the first one within the sender's reach; and a finding where it
/// names a stranger.
fn entity(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    invoice: Option<&Invoice>,
    reach: &Reach,
) -> Result<(EntityId, Option<Finding>), IntakeError> {
    let all = store::buyers(tx)?;
    let within = all.iter().find(|buyer| reach.includes(buyer.id));
    let first = within.ok_or(IntakeError::NoEntity)?.id;
    let Some(named) = invoice.and_then(|invoice| invoice.buyer.vat_id.as_ref()) else {
        return Ok((first, None));
    };
    let index = keys.blind_index(ENTITY_VAT_ID, &tax_ids::normalised(named.expose()));
    let is_named = |buyer: &&store::Buyer| buyer.vat_id_index.as_deref() == Some(index.as_slice());
    if let Some(buyer) = all.iter().find(is_named) {
        if !reach.includes(buyer.id) {
            return Err(IntakeError::OtherEntity);
        }
        return Ok((buyer.id, None));
    }
    let finding = all.iter().any(|buyer| buyer.vat_id_index.is_some()).then(|| Finding {
        rule: RuleId::of("CS-INTAKE-BUYER"),
        level: Level::Warning,
        position: None,
        term: None,
        message: "The document names a buyer whose VAT id is none of your legal entities'. Check that the bill is for \
                  you before you approve it."
            .to_owned(),
    });
    Ok((first, finding))
}

fn header(
    tx: &Tx<'_>,
    arrived: &Kept,
    draft: &Draft,
    entity: EntityId,
    vendor: Option<VendorId>,
) -> Bill {
    let read = arrived.reading.read.as_ref();
    Bill {
        id: tx.id(),
        entity_id: entity,
        document_id: None,
        vendor_id: vendor,
        vendor_name: draft.vendor_name.clone(),
        kind: draft.kind.unwrap_or(BillKind::Standard),
        number: draft.number.clone(),
        number_key: number_key(&draft.number),
        issue_date: draft.issue_date,
        due_date: draft.due_date,
        currency: draft.currency,
        net_minor: draft.net_minor,
        tax_minor: draft.tax_minor,
        gross_minor: draft.gross_minor,
        prepaid_minor: draft.prepaid_minor,
        rounding_minor: draft.rounding_minor,
        payable_minor: draft.payable_minor,
        payment_reference: draft.payment_reference.clone(),
        purchase_order: draft.purchase_order.clone(),
        syntax: read
            .map(|read| read.syntax.name())
            .unwrap_or_default()
            .to_owned(),
        profile: read
            .map(|read| read.profile.name())
            .unwrap_or_default()
            .to_owned(),
        processing: Processing::Received,
        processing_reason: String::new(),
        posting: Posting::NotExported,
        payment: Payment::Unpaid,
        match_state: MatchState::None,
        received_via: arrived.via,
        received_us: tx.now(),
        entered_by_id: arrived.sender.person,
        entered_human_id: arrived.sender.human,
        version: 1,
    }
}

/// Where the document gives no due date, the vendor's terms do.
fn due_by_terms(tx: &mut Tx<'_>, bill: &mut Bill) -> Result<bool, StoreError> {
    let (None, Some(issued), Some(vendor)) = (bill.due_date, bill.issue_date, bill.vendor_id)
    else {
        return Ok(false);
    };
    let Some(brief) = bills::vendor_brief(tx, vendor)? else {
        return Ok(false);
    };
    let days = jiff::Span::new().try_days(brief.terms_days).ok();
    bill.due_date = days.and_then(|days| issued.checked_add(days).ok());
    Ok(bill.due_date.is_some())
}

fn rows(tx: &mut Tx<'_>, bill: &Bill, draft: &Draft) -> Result<(), StoreError> {
    for (position, line) in (1..).zip(&draft.lines) {
        let line = BillLine {
            id: tx.id(),
            position,
            label: line.label.clone(),
            description: line.description.clone(),
            quantity: line.quantity.clone(),
            unit: line.unit.clone(),
            unit_price: line.unit_price.clone(),
            net_minor: line.net_minor,
            vat_category: line.vat_category.clone(),
            vat_rate: line.vat_rate.clone(),
            version: 1,
        };
        bills::lines::insert(tx, bill.id, &line)?;
    }
    for (position, entry) in (1..).zip(&draft.vat) {
        let entry = VatRow {
            id: tx.id(),
            position,
            category: entry.category.clone(),
            rate: entry.rate.clone(),
            basis_minor: entry.basis_minor,
            tax_minor: entry.tax_minor,
        };
        bills::lines::insert_vat(tx, bill.id, &entry)?;
    }
    for field in &draft.fields {
        bills::facts::note(tx, bill.id, *field, FactSource::Document)?;
    }
    Ok(())
}

fn row_of(finding: &Finding) -> FindingRow {
    let level = match finding.level {
        Level::Fatal => FindingLevel::Fatal,
        Level::Warning => FindingLevel::Warning,
        Level::Information => FindingLevel::Information,
    };
    let term = finding
        .term
        .map(|term| term.to_string())
        .unwrap_or_default();
    FindingRow {
        rule: clean(finding.rule.as_str(), TERM_CHARS),
        level,
        term: clean(&term, TERM_CHARS),
        line: finding.position.map(|at| i64::from(at.line)),
        message: clean(&finding.message, MESSAGE_CHARS),
        found_us: crate::platform::clock::Micros(0),
    }
}

fn hold(
    tx: &mut Tx<'_>,
    bill: &Bill,
    is_read: bool,
    findings: &[Finding],
) -> Result<(), StoreError> {
    if !is_read {
        holds::place_computed(tx, bill.id, HoldKind::Unreadable, "")?;
    }
    let mut fatal: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.level == Level::Fatal)
        .map(|finding| finding.rule.as_str())
        .collect();
    fatal.sort_unstable();
    fatal.dedup();
    if is_read && !fatal.is_empty() {
        let detail = clean(&fatal.join(", "), 400);
        holds::place_computed(tx, bill.id, HoldKind::DocumentFindings, &detail)?;
    }
    holds::recheck(tx, bill)?;
    Ok(())
}

fn received(bill: &Bill, findings: &[Finding]) -> Entry {
    let mut entry = Entry::new("bill.received", "bill", bill.id)
        .fact("via", bill.received_via)
        .fact("processing", bill.processing)
        .fact("findings", findings.len());
    if !bill.number.is_empty() {
        entry = entry.fact("number", &bill.number);
    }
    if let Some(vendor) = bill.vendor_id {
        entry = entry.fact("vendor", vendor);
    }
    if let Some(payable) = bill.payable() {
        entry = entry.fact("payable", payable);
    }
    entry
}
