//! What binds a run (invariant 6): records keyed under the field root, so that an UPDATE in the database pays nothing.

use aws_lc_rs::digest::{Context, SHA256};

use super::{Payment, Run};
use crate::payables::ids::RunId;
use crate::platform::keys::OrgKeys;

const PAYMENT: &str = "payment/v1";
const COUNTERSIGNED: &str = "payment-run-countersigned/v1";
const FILE: &str = "payment-file/v1";

/// What a payment was proposed on.
#[derive(Debug, Clone, Copy)]
pub struct Basis {
    /// Of the vendor's verified account.
    pub account_digest: [u8; 32],
    /// What the approvers' decisions bind.
    pub approved_digest: [u8; 32],
}

fn payment_parts(run: &Run, payment: &Payment, basis: Basis) -> Vec<Vec<u8>> {
    vec![
        run.id.as_bytes().to_vec(),
        run.entity.as_bytes().to_vec(),
        run.account.as_bytes().to_vec(),
        run.reference.clone().into_bytes(),
        run.execution_date.to_string().into_bytes(),
        run.currency.clone().into_bytes(),
        run.proposed_by.as_bytes().to_vec(),
        run.proposed_human.as_bytes().to_vec(),
        run.proposed.0.to_be_bytes().to_vec(),
        payment.id.as_bytes().to_vec(),
        payment.bill.as_bytes().to_vec(),
        payment.vendor.as_bytes().to_vec(),
        payment.account.as_bytes().to_vec(),
        payment.amount_minor.to_be_bytes().to_vec(),
        payment.currency.clone().into_bytes(),
        payment.end_to_end_id.clone().into_bytes(),
        payment.remittance.clone().into_bytes(),
        basis.account_digest.to_vec(),
        basis.approved_digest.to_vec(),
    ]
}

/// The tag of a payment: its run (entity, account to pay from, day, currency, who proposed it when), its bill, vendor,
/// account, amount and texts, and the digests of the account and of what was approved.
#[must_use]
pub fn payment_tag(keys: &OrgKeys, run: &Run, payment: &Payment, basis: Basis) -> Vec<u8> {
    let parts = payment_parts(run, payment, basis);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    keys.authenticate(PAYMENT, &parts).to_vec()
}

/// Whether the payment is the one that was proposed, on what stands now.
#[must_use]
pub fn is_payment(keys: &OrgKeys, run: &Run, payment: &Payment, basis: Basis) -> bool {
    let parts = payment_parts(run, payment, basis);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    keys.is_authentic(PAYMENT, &parts, &payment.tag)
}

/// What a human countersigns: SHA-256 over the run's id and the tags of the payments that stand in it.
#[must_use]
pub fn digest<'a>(run: RunId, payments: impl IntoIterator<Item = &'a Payment>) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(run.as_bytes());
    for payment in payments {
        context.update(
            &u64::try_from(payment.tag.len())
                .unwrap_or(u64::MAX)
                .to_be_bytes(),
        );
        context.update(&payment.tag);
    }
    context
        .finish()
        .as_ref()
        .try_into()
        .expect("SHA-256 gives 32 bytes")
}

fn countersigned_parts(run: &Run) -> Option<[Vec<u8>; 5]> {
    Some([
        run.id.as_bytes().to_vec(),
        run.digest?.to_vec(),
        run.countersigned_by?.as_bytes().to_vec(),
        run.countersigned_human?.as_bytes().to_vec(),
        run.countersigned?.0.to_be_bytes().to_vec(),
    ])
}

/// The tag of a countersignature, for a run whose fields already name what, who and when; none where they do not.
#[must_use]
pub fn countersign_tag(keys: &OrgKeys, run: &Run) -> Option<[u8; 32]> {
    let parts = countersigned_parts(run)?;
    let parts = parts.each_ref().map(Vec::as_slice);
    Some(keys.authenticate(COUNTERSIGNED, &parts))
}

/// Whether the run was countersigned as its row says, over exactly these payments.
#[must_use]
pub fn is_countersigned<'a>(
    keys: &OrgKeys,
    run: &Run,
    payments: impl IntoIterator<Item = &'a Payment>,
) -> bool {
    if run.digest != Some(digest(run.id, payments)) {
        return false;
    }
    match (countersigned_parts(run), &run.countersign_tag) {
        (Some(parts), Some(tag)) => {
            keys.is_authentic(COUNTERSIGNED, &parts.each_ref().map(Vec::as_slice), tag)
        }
        _ => false,
    }
}

fn file_parts<'a>(run: &'a Run, digest: &'a [u8; 32], sha256: &'a [u8; 32]) -> [&'a [u8]; 3] {
    [run.id.as_bytes(), digest, sha256]
}

/// The tag that ties a file's bytes to its countersigned run; none before the countersignature.
#[must_use]
pub fn file_tag(keys: &OrgKeys, run: &Run, sha256: [u8; 32]) -> Option<[u8; 32]> {
    let digest = run.digest?;
    Some(keys.authenticate(FILE, &file_parts(run, &digest, &sha256)))
}

/// The hash of the run's file, if the row's word for it is ours.
#[must_use]
pub fn authentic_file(keys: &OrgKeys, run: &Run) -> Option<[u8; 32]> {
    let (digest, sha256, tag) = (run.digest?, run.file_sha256?, run.file_tag.as_ref()?);
    keys.is_authentic(FILE, &file_parts(run, &digest, &sha256), tag)
        .then_some(sha256)
}
