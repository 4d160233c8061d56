//! What a document says of its seller and of the accounts to be paid to: claims, sealed or indexed, never believed.

use countersign_bankfile::account::Iban;
use countersign_einvoice::model::{Address, Invoice, Party};
use countersign_sealing::Secret;

use super::IntakeError;
use crate::payables::bills::rules::FactSource;
use crate::payables::bills::store::claims::{self as rows, Claim};
use crate::payables::bills::store::findings;
use crate::payables::ids::{BillId, ReadingId};
use crate::payables::intake::rules::draft::clean;
use crate::payables::vendors::SellerClaim;
use crate::payables::vendors::rules::tax_ids;
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::{BILL_READING, VENDOR_IBAN};
use crate::platform::store::{StoreError, Tx};

/// Lines beyond this number stay out of the sealed reading: their rows and the document have them.
const READING_LINES: usize = 500;
/// Accounts that a document may name; what is beyond is not looked at.
const CLAIMS_MAX: usize = 20;

/// The seller as the document names it.
pub(super) fn seller(party: &Party) -> SellerClaim {
    let empty = Address::default();
    let address = party.address.as_ref().unwrap_or(&empty);
    let text = |text: &Option<String>| clean(text.as_deref().unwrap_or_default(), 140);
    SellerClaim {
        name: text(&party.name),
        country: text(&address.country),
        street: text(&address.line1),
        building: String::new(),
        post_code: text(&address.post_code),
        town: text(&address.city),
        vat_id: party
            .vat_id
            .as_ref()
            .map(|id| Secret::new(id.expose().to_owned())),
        legal_id: party
            .legal_registration
            .as_ref()
            .map(|id| Secret::new(id.value.clone())),
    }
}

/// The accounts that the document names: an IBAN in its one form, anything else as letters and digits.
pub(super) fn claims(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    bill: BillId,
    invoice: &Invoice,
) -> Result<(), StoreError> {
    for transfer in invoice.payment.account_claims().take(CLAIMS_MAX) {
        let Some(account) = transfer.account.as_ref() else {
            continue;
        };
        let (index, masked) = match Iban::parse(account.expose()) {
            Ok(iban) => (keys.blind_index(VENDOR_IBAN, iban.expose()), iban.masked()),
            Err(_) => {
                let plain = tax_ids::normalised(account.expose());
                let index = keys.blind_index(VENDOR_IBAN, &plain);
                (
                    index,
                    tax_ids::masked(&Secret::new(account.expose().to_owned())),
                )
            }
        };
        let claim = Claim {
            index,
            masked,
            source: FactSource::Document,
        };
        rows::insert(tx, bill, &claim)?;
    }
    Ok(())
}

/// The reading is sealed under a key of the bill's own, so that it can be disposed of alone.
pub(super) fn seal_reading(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    bill: BillId,
    invoice: &Invoice,
) -> Result<(), IntakeError> {
    let mut kept = invoice.clone();
    kept.lines.truncate(READING_LINES);
    let json = serde_json::to_vec(&kept).expect("a model of texts and numbers always serialises");
    let id: ReadingId = tx.id();
    let key = keys.create_subject(tx, bill)?;
    let sealed = key.seal(BILL_READING, id, &json, tx.entropy());
    findings::insert_reading(tx, id, bill, sealed)?;
    Ok(())
}
