//! What programs send and get.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::payables::digests::{from_hex, to_hex};
use crate::payables::ids::{BillId, RunId};
use crate::payables::payments::actions::{NewRun, PaymentError, RunView, Seen, word};
use crate::payables::payments::store::Run;

/// A page of runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunsBody {
    pub runs: Vec<ListedRun>,
    /// `after` of the next page; none on the last.
    pub next: Option<String>,
}

/// A run in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedRun {
    pub id: String,
    pub reference: String,
    /// `proposed`, `countersigned`, `file-generated`, `released`, `acknowledged`, `settled`, `partly-returned`,
    /// `reconciled` or `voided`.
    pub status: String,
    pub execution_date: String,
    /// ISO 4217.
    pub currency: String,
    /// In minor units of the currency.
    pub total_minor: i64,
    pub payment_count: i64,
}

impl From<&Run> for ListedRun {
    fn from(run: &Run) -> Self {
        Self {
            id: run.id.to_string(),
            reference: run.reference.clone(),
            status: run.status.to_string(),
            execution_date: run.execution_date.to_string(),
            currency: run.currency.clone(),
            total_minor: run.total_minor,
            payment_count: run.payment_count,
        }
    }
}

/// A run with its payments.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunBody {
    #[serde(flatten)]
    pub run: ListedRun,
    pub version: i64,
    /// What a step has to name: 64 hexadecimal digits over the payments as they are now.
    pub digest: String,
    pub payments: Vec<PaymentBody>,
    /// What stops the run now, while it is not released.
    pub troubles: Vec<TroubleBody>,
    /// SHA-256 of the payment file in hexadecimal digits, once it exists.
    pub file_sha256: Option<String>,
}

/// A payment of a run.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentBody {
    pub id: String,
    pub bill: String,
    pub vendor: String,
    pub number: String,
    pub account_masked: String,
    pub status: String,
    /// Below zero for a credit note, which is netted.
    pub amount_minor: i64,
}

/// A payment that stops its run.
#[derive(Debug, Serialize, ToSchema)]
pub struct TroubleBody {
    pub bill: String,
    pub number: String,
    pub why: Vec<String>,
}

pub(super) fn run_body(view: &RunView) -> RunBody {
    let payments = view.rows.iter().map(|row| PaymentBody {
        id: row.id.to_string(),
        bill: row.bill.to_string(),
        vendor: row.vendor.clone(),
        number: row.number.clone(),
        account_masked: row.account_masked.clone(),
        status: row.status.to_string(),
        amount_minor: row.amount_minor,
    });
    let troubles = view.troubles.iter().map(|trouble| TroubleBody {
        bill: trouble.bill.to_string(),
        number: trouble.number.clone(),
        why: trouble.why.iter().map(word).collect(),
    });
    RunBody {
        run: (&view.run).into(),
        version: view.run.version,
        digest: to_hex(&view.digest),
        payments: payments.collect(),
        troubles: troubles.collect(),
        file_sha256: view.run.file_sha256.map(|sha256| to_hex(&sha256)),
    }
}

/// A run to propose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRunBody {
    /// The account to pay from.
    account: String,
    /// YYYY-MM-DD.
    execution_date: String,
    /// The bills and credit notes; each must be payable.
    bills: Vec<String>,
}

impl NewRunBody {
    pub(super) fn into_run(self) -> Result<NewRun, PaymentError> {
        let bills: Result<Vec<BillId>, _> = self.bills.iter().map(|bill| bill.parse()).collect();
        Ok(NewRun {
            account: self
                .account
                .parse()
                .map_err(|_| PaymentError::Field("account"))?,
            execution_date: self
                .execution_date
                .parse()
                .map_err(|_| PaymentError::Field("execution_date"))?,
            bills: bills.map_err(|_| PaymentError::Field("bills"))?,
        })
    }
}

/// The id of a run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunIdBody {
    pub id: String,
}

/// A step of a run as it was read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepBody {
    version: i64,
    /// From `GET /payment-runs/{id}`.
    digest: String,
    /// Needed to void, and to return a payment.
    #[serde(default)]
    reason: String,
    /// The id of the payment that the bank returned.
    #[serde(default)]
    payment: String,
}

impl StepBody {
    pub(super) fn seen(self, run: RunId) -> Result<(Seen, String, String), PaymentError> {
        let seen = Seen {
            run,
            version: self.version,
            digest: from_hex(&self.digest).ok_or(PaymentError::Conflict)?,
        };
        Ok((seen, self.reason, self.payment))
    }
}
