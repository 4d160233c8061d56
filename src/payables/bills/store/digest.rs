//! What a decision binds (invariant 6): one digest over everything that an approver sees and a payment follows.

use aws_lc_rs::digest::{Context, SHA256};

use super::{Bill, lines};
use crate::payables::ids::BillId;
use crate::payables::vendors::chosen_account_digest;
use crate::platform::documents;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Reads, Sql, StoreError};

const NEWEST_POLICY: Sql = Sql::read(
    "SELECT CAST(COALESCE(MAX(policy_version), 0) AS BIGINT) FROM approval_policies WHERE org_id = $1",
);

/// Names the layout of what follows; another layout gets another name.
const LAYOUT: &[u8] = b"countersign bill facts/v1";

/// A list of parts, each behind its length, so that nothing moves from one into its neighbour.
struct Canonical(Context);

impl Canonical {
    fn new() -> Self {
        let mut canonical = Self(Context::new(&SHA256));
        canonical.bytes(LAYOUT);
        canonical
    }

    fn bytes(&mut self, part: &[u8]) {
        let length = u64::try_from(part.len()).expect("a length fits 64 bits");
        self.0.update(&length.to_be_bytes());
        self.0.update(part);
    }

    fn text(&mut self, part: &str) {
        self.bytes(part.as_bytes());
    }

    fn number(&mut self, part: i64) {
        self.bytes(&part.to_be_bytes());
    }

    /// Absent is not the same as empty.
    fn maybe(&mut self, part: Option<&[u8]>) {
        self.number(i64::from(part.is_some()));
        self.bytes(part.unwrap_or_default());
    }

    fn amount(&mut self, part: Option<i64>) {
        self.maybe(part.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    }

    fn count(&mut self, count: usize) {
        self.number(i64::try_from(count).expect("a count of rows fits 63 bits"));
    }

    fn finish(self) -> [u8; 32] {
        self.0
            .finish()
            .as_ref()
            .try_into()
            .expect("SHA-256 gives 32 bytes")
    }
}

/// The digest under the newest approval policy. See [`facts_digest_under`].
pub fn facts_digest(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    bill: BillId,
) -> Result<[u8; 32], StoreError> {
    let (policy,): (i64,) = reads.one(&NEWEST_POLICY, [])?;
    facts_digest_under(reads, keys, bill, policy)
}

/// SHA-256 over the bill as its rows are now: organisation, legal entity, vendor and the account that would be paid, kind,
/// number, dates, currency, amounts, references, the document's hash, lines with their coding, VAT, and the policy's version.
pub fn facts_digest_under(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    bill: BillId,
    policy_version: i64,
) -> Result<[u8; 32], StoreError> {
    let bill = super::find(reads, bill)?;
    let mut canonical = Canonical::new();
    canonical.bytes(keys.organisation().as_bytes());
    canonical.number(policy_version);
    header(&mut canonical, &bill);
    let document = match bill.document_id {
        Some(id) => Some(documents::find(reads, id)?.sha256),
        None => None,
    };
    canonical.maybe(document.as_ref().map(<[u8; 32]>::as_slice));
    let account = match bill.vendor_id {
        Some(vendor) => chosen_account_digest(reads, keys, vendor)?,
        None => None,
    };
    canonical.maybe(account.as_ref().map(<[u8; 32]>::as_slice));
    rows(&mut canonical, reads, bill.id)?;
    Ok(canonical.finish())
}

fn header(canonical: &mut Canonical, bill: &Bill) {
    canonical.bytes(bill.id.as_bytes());
    canonical.bytes(bill.entity_id.as_bytes());
    canonical.maybe(bill.vendor_id.as_ref().map(|v| v.as_bytes().as_slice()));
    canonical.text(&bill.vendor_name);
    canonical.text(bill.kind.as_str());
    canonical.text(&bill.number);
    for date in [bill.issue_date, bill.due_date] {
        canonical.maybe(date.map(|d| d.to_string()).as_ref().map(String::as_bytes));
    }
    canonical.maybe(bill.currency.map(|c| c.code().as_bytes()));
    for amount in [
        bill.net_minor,
        bill.tax_minor,
        bill.gross_minor,
        bill.prepaid_minor,
        bill.rounding_minor,
        bill.payable_minor,
    ] {
        canonical.amount(amount);
    }
    canonical.text(&bill.payment_reference);
    canonical.text(&bill.purchase_order);
}

fn rows(canonical: &mut Canonical, reads: &mut impl Reads, bill: BillId) -> Result<(), StoreError> {
    let lines = lines::of_bill(reads, bill)?;
    canonical.count(lines.len());
    for line in lines {
        canonical.bytes(line.id.as_bytes());
        for text in [
            &line.label,
            &line.description,
            &line.quantity,
            &line.unit,
            &line.unit_price,
            &line.vat_category,
            &line.vat_rate,
        ] {
            canonical.text(text);
        }
        canonical.amount(line.net_minor);
    }
    let distributions = lines::distributions_of_bill(reads, bill)?;
    canonical.count(distributions.len());
    for share in distributions {
        canonical.bytes(share.line_id.as_bytes());
        canonical.text(&share.gl_account);
        canonical.text(&share.cost_centre);
        canonical.number(share.amount_minor);
    }
    let vat = lines::vat_of_bill(reads, bill)?;
    canonical.count(vat.len());
    for entry in vat {
        canonical.text(&entry.category);
        canonical.text(&entry.rate);
        canonical.amount(entry.basis_minor);
        canonical.amount(entry.tax_minor);
    }
    Ok(())
}
