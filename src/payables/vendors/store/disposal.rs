//! What of a vendor goes with its key, what stays, and what still needs it.

use crate::msg;
use crate::params;
use crate::platform::keys::disposals::{Disposable, Erases, Standing, Stays};
use crate::platform::store::{Reads as _, Sql, StoreError, Tx};

const CANDIDATES: Sql = Sql::read(
    "SELECT v.id, v.name FROM vendors v WHERE v.org_id = $1 AND v.status = 'archived' \
     AND EXISTS (SELECT 1 FROM subject_keys k WHERE k.org_id = $1 AND k.subject_id = v.id) ORDER BY v.name_key, v.id",
);
const NAME: Sql = Sql::read("SELECT name FROM vendors WHERE org_id = $1 AND id = $2");
const STATUS: Sql = Sql::read("SELECT name, status FROM vendors WHERE org_id = $1 AND id = $2");
const OPEN_BILL: Sql = Sql::read(
    "SELECT id FROM bills WHERE org_id = $1 AND vendor_id = $2 AND payment <> 'paid' \
     AND processing <> 'rejected' AND processing <> 'cancelled' LIMIT 1",
);
const UNSETTLED: Sql = Sql::read(
    "SELECT id FROM payments WHERE org_id = $1 AND vendor_id = $2 AND removed_us IS NULL \
     AND status <> 'settled' AND status <> 'removed' AND status <> 'returned' LIMIT 1",
);

const TOLD_OF: Sql = Sql::read(
    "SELECT 'vendor', v.id FROM vendors v WHERE v.org_id = $1 AND v.id = $2 \
     UNION ALL SELECT 'bank-account', a.id FROM vendor_bank_accounts a WHERE a.org_id = $1 AND a.vendor_id = $2",
);

/// A vendor as a subject whose key can be destroyed.
pub const DISPOSABLE: Disposable = Disposable {
    kind: "vendor",
    label: msg!("disposal-of-vendor"),
    candidates: CANDIDATES,
    name: NAME,
    standing,
    destroys: &[
        "vendors.vat_id_sealed",
        "vendors.legal_id_sealed",
        "vendor_bank_accounts.iban_sealed",
    ],
    erases: Erases {
        objects: TOLD_OF,
        fields: &[
            "name",
            "other-names",
            "street",
            "building",
            "post-code",
            "town",
            "vat-id",
            "legal-id",
            "holder",
            "iban",
            "call-back",
        ],
    },
    stays: &[
        Stays {
            why: msg!("disposal-stays-vendor-clear"),
            columns: &[
                "vendors.name",
                "vendors.street",
                "vendors.post_code",
                "vendors.town",
                "vendor_bank_accounts.holder",
                "vendor_bank_accounts.bic",
            ],
        },
        Stays {
            why: msg!("disposal-stays-masked"),
            columns: &[
                "vendors.vat_id_masked",
                "vendors.legal_id_masked",
                "vendor_bank_accounts.iban_masked",
            ],
        },
        Stays {
            why: msg!("disposal-stays-index"),
            columns: &[
                "vendors.vat_id_index",
                "vendors.legal_id_index",
                "vendor_bank_accounts.iban_index",
            ],
        },
        Stays {
            why: msg!("disposal-stays-bills"),
            columns: &[
                "bills.vendor_name",
                "bills.gross_minor",
                "bill_sellers.id",
                "bill_readings.reading_sealed",
                "documents.sha256",
            ],
        },
        Stays {
            why: msg!("disposal-stays-journal"),
            columns: &["journal_entries.canonical", "journal_openings.opening"],
        },
    ],
};

fn standing(tx: &mut Tx<'_>, id: &str) -> Result<Standing, StoreError> {
    let found: Option<(String, String)> = tx.maybe(&STATUS, params![id])?;
    let Some((name, status)) = found else {
        return Ok(Standing::Missing);
    };
    // An archived one takes no new bill.
    if status != "archived" {
        return Ok(Standing::Needed(msg!("error-disposal-vendor-in-use")));
    }
    for (needs, message) in [
        (&OPEN_BILL, msg!("error-disposal-open-bill")),
        (&UNSETTLED, msg!("error-disposal-unsettled")),
    ] {
        let open: Option<(String,)> = tx.maybe(needs, params![id])?;
        if open.is_some() {
            return Ok(Standing::Needed(message));
        }
    }
    Ok(Standing::Free(name))
}
