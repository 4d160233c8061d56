//! What a document says of its seller and of the accounts to be paid to: claims, sealed or indexed, never believed.

use countersign_bankfile::account::Iban;
use countersign_einvoice::model::{Address, Invoice, Party};
use countersign_sealing::Secret;

use super::IntakeError;
use crate::payables::bills::rules::FactSource;
use crate::payables::bills::rules::seller::NAME_CHARS;
use crate::payables::bills::store::claims::{self as rows, Claim};
use crate::payables::bills::store::findings;
use crate::payables::bills::store::sellers::{self, Seller};
use crate::payables::ids::{BillId, ReadingId};
use crate::payables::intake::rules::draft::clean;
use crate::payables::vendors::SellerClaim;
use crate::payables::vendors::rules::tax_ids;
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::{BILL_READING, VENDOR_IBAN, VENDOR_LEGAL_ID, VENDOR_VAT_ID};
use crate::platform::store::{StoreError, Tx};

/// Lines beyond this number stay out of the sealed reading: their rows and the document have them.
const READING_LINES: usize = 500;
/// Accounts that a document may name; what is beyond is not looked at.
const CLAIMS_MAX: usize = 20;

/// The seller as the document names it.
pub(super) fn seller(party: &Party) -> SellerClaim {
    let empty = Address::default();
    let address = party.address.as_ref().unwrap_or(&empty);
    let text = |text: &Option<String>| clean(text.as_deref().unwrap_or_default(), NAME_CHARS);
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

/// Notes the seller as the document names it, for comparison with the vendor as long as the bill is open.
pub(super) fn note_seller(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    bill: BillId,
    party: &Party,
) -> Result<(), StoreError> {
    let claim = seller(party);
    let usable = |id: &Secret<String>| {
        let characters = tax_ids::normalised(id.expose()).chars().count();
        (1..=tax_ids::MAX_CHARS).contains(&characters)
    };
    let vat_id = claim.vat_id.as_ref().filter(|id| usable(id));
    let legal_id = claim.legal_id.as_ref().filter(|id| usable(id));
    let country = claim.country.trim().to_uppercase();
    let noted = Seller {
        trading_name: clean(
            party.trading_name.as_deref().unwrap_or_default(),
            NAME_CHARS,
        ),
        vat_id_masked: vat_id.map(tax_ids::masked),
        vat_id_index: vat_id.map(|id| {
            let normalised = tax_ids::normalised(id.expose());
            keys.blind_index(VENDOR_VAT_ID, &normalised).to_vec()
        }),
        legal_id_masked: legal_id.map(tax_ids::masked),
        legal_id_index: legal_id.map(|id| {
            let key = tax_ids::legal_id_key(&country, id.expose());
            keys.blind_index(VENDOR_LEGAL_ID, &key).to_vec()
        }),
        name: claim.name,
        country,
    };
    sellers::insert(tx, bill, &noted)
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
