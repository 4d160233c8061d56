//! What a bill must have before it can go to approval.

use super::axes::BillField;
use crate::payables::bills::store::Bill;

/// The fields that are missing, in the order of the form.
#[must_use]
pub fn missing(bill: &Bill) -> Vec<BillField> {
    [
        (BillField::Vendor, bill.vendor_id.is_none()),
        (BillField::Number, bill.number.trim().is_empty()),
        (BillField::IssueDate, bill.issue_date.is_none()),
        (BillField::DueDate, bill.due_date.is_none()),
        (BillField::Currency, bill.currency.is_none()),
        (BillField::Net, bill.net_minor.is_none()),
        (BillField::Gross, bill.gross_minor.is_none()),
        (BillField::Payable, bill.payable_minor.is_none()),
    ]
    .into_iter()
    .filter_map(|(field, is_missing)| is_missing.then_some(field))
    .collect()
}

/// As a hold keeps it: the names of the fields.
#[must_use]
pub fn named(fields: &[BillField]) -> String {
    let names: Vec<_> = fields.iter().map(|field| field.as_str()).collect();
    names.join(" ")
}
