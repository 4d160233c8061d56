//! The accounts that a document asks to be paid to, as blind indexes and masked: claims, never paid.

use crate::params;
use crate::payables::bills::rules::axes::FactSource;
use crate::payables::ids::{BillId, FactId, VendorId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::row;

const INSERT: Sql = Sql::change(
    "bill_account_claims",
    "INSERT INTO bill_account_claims (org_id, id, bill_id, account_index, account_masked, source, claimed_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
);
const OF_BILL: Sql = Sql::read(
    "SELECT account_index, account_masked, source FROM bill_account_claims WHERE org_id = $1 AND bill_id = $2 ORDER BY id",
);
const VERIFIED: Sql = Sql::read(
    "SELECT a.iban_index, a.iban_masked FROM bank_account_verifications v \
     JOIN vendor_bank_accounts a ON a.org_id = v.org_id AND a.id = v.account_id \
     WHERE v.org_id = $1 AND v.vendor_id = $2 AND NOT EXISTS (SELECT 1 FROM vendor_bank_account_steps s \
     WHERE s.org_id = $1 AND s.account_id = a.id AND (s.status = 'rejected' OR s.status = 'superseded')) \
     ORDER BY v.verified_us DESC, v.id DESC LIMIT 1",
);

row! {
    /// One account that a document names.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Claim {
        pub index: [u8; 32],
        pub masked: String,
        pub source: FactSource,
    }
}

row! {
    /// The vendor's newest verified account, as its rows tell it. For comparison alone: what is paid is verified anew.
    #[derive(Debug, Clone)]
    pub struct KnownAccount {
        pub index: [u8; 32],
        pub masked: String,
    }
}

/// Notes an account that the document or the typist names.
pub fn insert(tx: &mut Tx<'_>, bill: BillId, claim: &Claim) -> Result<(), StoreError> {
    let (id, now): (FactId, _) = (tx.id(), tx.now());
    tx.change_one(
        &INSERT,
        params![id, bill, claim.index, &claim.masked, claim.source, now],
    )
}

/// What counts: what a person typed last, or else what the document says.
pub fn of_bill(reads: &mut impl Reads, bill: BillId) -> Result<Vec<Claim>, StoreError> {
    let mut all: Vec<Claim> = reads.all(&OF_BILL, params![bill])?;
    let typed = all.iter().rposition(|c| c.source == FactSource::Typed);
    if let Some(typed) = typed {
        return Ok(vec![all.swap_remove(typed)]);
    }
    Ok(all)
}

/// The account that a payment to this vendor would go to, if it stands. One that was replaced or rejected after its
/// verification is none: that it was known once is no comfort to whoever reads a document that names it.
pub fn known_account(
    reads: &mut impl Reads,
    vendor: VendorId,
) -> Result<Option<KnownAccount>, StoreError> {
    reads.maybe(&VERIFIED, params![vendor])
}
