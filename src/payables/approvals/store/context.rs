//! What an approver looks at beside the bill itself.

use countersign_money::Currency;
use jiff::civil::Date;

use crate::identity::access::Reach;
use crate::params;
use crate::payables::bills::rules::{Payment, Processing};
use crate::payables::ids::{BillId, VendorId};
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError};
use crate::row;

const NAME: Sql = Sql::read("SELECT name FROM people WHERE org_id = $1 AND id = $2");
const PREVIOUS: Sql = Sql::read(
    "SELECT id, number, issue_date, payable_minor, currency, processing, payment FROM bills \
     WHERE org_id = $1 AND vendor_id = $2 AND id <> $3 AND processing <> 'cancelled' \
     AND ($5 = '' OR REPLACE($5, entity_id, '') <> $5) \
     ORDER BY COALESCE(issue_date, '') DESC, id DESC LIMIT $4",
);

/// The name of a person's account.
pub fn name(reads: &mut impl Reads, person: PersonId) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = reads.maybe(&NAME, params![person])?;
    Ok(row.map(|(name,)| name))
}

row! {
    /// An earlier bill of the same vendor.
    #[derive(Debug, Clone)]
    pub struct Previous {
        pub id: BillId,
        pub number: String,
        pub issue_date: Option<Date>,
        pub payable_minor: Option<i64>,
        pub currency: Option<Currency>,
        pub processing: Processing,
        pub payment: Payment,
    }
}

/// Other bills of a vendor within reach, the latest first.
pub fn previous(
    reads: &mut impl Reads,
    (vendor, reach): (VendorId, &Reach),
    than: BillId,
    limit: i64,
) -> Result<Vec<Previous>, StoreError> {
    reads.all(&PREVIOUS, params![vendor, than, limit, reach])
}
