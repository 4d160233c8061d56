//! Where the values lie that can be shown.

use countersign_sealing::{Sealed, Secret};

use crate::assurance::keys::reveals::rules::{Masked, Named, Revealable};
use crate::assurance::keys::reveals::{OwnerId, SealedRowId};
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::store::{Reads, Sql, StoreError};
use crate::{params, row};

const VENDOR_IBAN: Sql = Sql::read(
    "SELECT a.vendor_id, v.name, a.iban_masked, a.iban_sealed FROM vendor_bank_accounts a \
     JOIN vendors v ON v.org_id = a.org_id AND v.id = a.vendor_id WHERE a.org_id = $1 AND a.id = $2",
);
const VENDOR_VAT_ID: Sql = Sql::read(
    "SELECT id, name, vat_id_masked, vat_id_sealed FROM vendors \
     WHERE org_id = $1 AND id = $2 AND vat_id_sealed IS NOT NULL AND vat_id_masked IS NOT NULL",
);
const VENDOR_LEGAL_ID: Sql = Sql::read(
    "SELECT id, name, legal_id_masked, legal_id_sealed FROM vendors \
     WHERE org_id = $1 AND id = $2 AND legal_id_sealed IS NOT NULL AND legal_id_masked IS NOT NULL",
);
// While it waits for its verification nobody is shown it: whoever verifies brings it from the bank's papers.
const ENTITY_IBAN: Sql = Sql::read(
    "SELECT a.entity_id, e.name, a.iban_masked, a.iban_sealed FROM entity_bank_accounts a \
     JOIN legal_entities e ON e.org_id = a.org_id AND e.id = a.entity_id WHERE a.org_id = $1 AND a.id = $2 \
     AND (NOT EXISTS (SELECT 1 FROM entity_bank_account_steps s WHERE s.org_id = $1 AND s.account_id = a.id) \
     OR EXISTS (SELECT 1 FROM entity_bank_account_steps s WHERE s.org_id = $1 AND s.account_id = a.id AND s.status <> 'entered'))",
);
const ENTITY_VAT_ID: Sql = Sql::read(
    "SELECT id, name, vat_id_masked, vat_id_sealed FROM legal_entities \
     WHERE org_id = $1 AND id = $2 AND vat_id_sealed IS NOT NULL AND vat_id_masked IS NOT NULL",
);
const ACCOUNTS_OF_VENDOR: Sql = Sql::read(
    "SELECT id FROM vendor_bank_accounts WHERE org_id = $1 AND vendor_id = $2 ORDER BY id",
);
const VENDORS: Sql = Sql::read(
    "SELECT v.id, v.name, CAST(COUNT(a.id) AS BIGINT) FROM vendors v \
     JOIN vendor_bank_accounts a ON a.org_id = v.org_id AND a.vendor_id = v.id \
     WHERE v.org_id = $1 AND v.name_key >= $2 GROUP BY v.id, v.name, v.name_key ORDER BY v.name_key, v.id LIMIT $3",
);

row! {
    /// Where a value lies.
    #[derive(Debug)]
    struct Lying {
        owner: OwnerId,
        owner_name: String,
        masked: String,
        sealed: Sealed<String>,
    }
}

row! {
    /// A vendor with accounts to choose.
    #[derive(Debug, Clone)]
    pub struct Vendor {
        pub id: OwnerId,
        pub name: String,
        pub accounts: i64,
    }
}

fn lying(reads: &mut impl Reads, value: Named) -> Result<Lying, StoreError> {
    let sql = match value.what {
        Revealable::VendorIban => &VENDOR_IBAN,
        Revealable::VendorVatId => &VENDOR_VAT_ID,
        Revealable::VendorLegalId => &VENDOR_LEGAL_ID,
        Revealable::EntityIban => &ENTITY_IBAN,
        Revealable::EntityVatId => &ENTITY_VAT_ID,
    };
    reads.one(sql, params![value.row])
}

/// A value as lists show it; `Missing` where there is none.
pub fn masked(reads: &mut impl Reads, value: Named) -> Result<Masked, StoreError> {
    let lying = lying(reads, value)?;
    Ok(Masked {
        named: value,
        owner: lying.owner,
        owner_name: lying.owner_name,
        masked: lying.masked,
    })
}

/// Opens a value.
///
/// # Errors
/// `Forged` where its row is not ours, and where it was sealed for another row.
pub fn open(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    value: Named,
) -> Result<(Masked, Secret<String>), KeyError> {
    let field = value.what.field();
    reads.authentic(field.table, value.row)?;
    let lying = lying(reads, value)?;
    let key = keys.subject(reads, lying.owner)?;
    let secret = key.open(field, value.row, &lying.sealed)?;
    let masked = Masked {
        named: value,
        owner: lying.owner,
        owner_name: lying.owner_name,
        masked: lying.masked,
    };
    Ok((masked, secret))
}

/// All accounts of a vendor.
pub fn accounts_of(reads: &mut impl Reads, vendor: OwnerId) -> Result<Vec<Named>, StoreError> {
    let rows: Vec<(SealedRowId,)> = reads.all(&ACCOUNTS_OF_VENDOR, params![vendor])?;
    let what = Revealable::VendorIban;
    Ok(rows.into_iter().map(|(row,)| Named { what, row }).collect())
}

/// Vendors that have accounts, by name from `from` on.
pub fn vendors(reads: &mut impl Reads, from: &str, limit: i64) -> Result<Vec<Vendor>, StoreError> {
    reads.all(&VENDORS, params![from, limit])
}
