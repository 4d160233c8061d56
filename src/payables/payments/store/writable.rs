//! Whether a bank takes what would be written, asked before somebody proposes it: what only the finished file refuses is
//! found after two humans have worked on it.

use std::collections::BTreeMap;

use countersign_bankfile::pain001::{Prepared, Rejected, Unmappable};
use jiff::Timestamp;

use super::check::{LeftOut, Payable, Why};
use super::file::{FileError, Part, Payer, transfer};
use crate::payables::ids::VendorId;
use crate::payables::payments::rules::netting::{Row, transfers};
use crate::payables::payments::rules::remittance;
use crate::platform::store::Reads;

/// What of `payable` a payer's bank takes. The rest is left out, each with what is wrong with it.
///
/// # Errors
/// Where nothing at all can be written: the vendor's row is gone, the account to pay from cannot be used.
pub fn sift(
    reads: &mut impl Reads,
    payer: &Payer,
    mut payable: Vec<Payable>,
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<Payable>, FileError> {
    loop {
        // Whatever is taken out can change what is paid together, so that the rest is asked again.
        let mut refused = refused(reads, payer, &payable)?;
        if refused.is_empty() {
            return Ok(payable);
        }
        let mut kept = Vec::with_capacity(payable.len());
        for (index, one) in payable.into_iter().enumerate() {
            match refused.remove(&index) {
                Some(why) => left_out.push(LeftOut {
                    bill: one.bill,
                    why: vec![why],
                }),
                None => kept.push(one),
            }
        }
        payable = kept;
    }
}

fn refused(
    reads: &mut impl Reads,
    payer: &Payer,
    payable: &[Payable],
) -> Result<BTreeMap<usize, Why>, FileError> {
    let parts: Vec<Part<'_>> = payable
        .iter()
        .map(|payable| Part {
            payable,
            minor: payable.amount_minor(),
            text: remittance::of_bill(&payable.bill.payment_reference, &payable.bill.number),
            end_to_end_id: "0",
        })
        .collect();
    let rows: Vec<Row> = parts.iter().map(Part::row).collect();
    let Some(transfers) = transfers(&rows, remittance::MAX_CHARS) else {
        return Ok(crowded(&rows));
    };
    let mut refused = BTreeMap::new();
    for (indexes, minor) in transfers {
        let members: Vec<_> = indexes.iter().filter_map(|at| parts.get(*at)).collect();
        let one = transfer(reads, payer, &members, minor)?;
        let file = payer.file("0".to_owned(), Timestamp::UNIX_EPOCH, vec![one]);
        if let Err(rejected) = Prepared::new(file, Unmappable::FullStop) {
            let text = findings(&rejected);
            let why = |index| (index, Why::Unwritable(text.clone()));
            refused.extend(indexes.into_iter().map(why));
        }
    }
    Ok(refused)
}

/// One credit note of each vendor whose documents cannot be put together: the one with the longest text.
fn crowded(rows: &[Row]) -> BTreeMap<usize, Why> {
    let mut by_vendor: BTreeMap<VendorId, Vec<(usize, Row)>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let of_vendor = by_vendor.entry(row.vendor).or_default();
        of_vendor.push((index, *row));
    }
    let mut out = BTreeMap::new();
    for of_vendor in by_vendor.values() {
        let rows: Vec<Row> = of_vendor.iter().map(|(_, row)| *row).collect();
        if transfers(&rows, remittance::MAX_CHARS).is_some() {
            continue;
        }
        // Bills alone can always be paid, each for itself: where that is not so, the amount is no amount.
        let credits = of_vendor.iter().filter(|(_, row)| row.minor < 0);
        match credits.max_by_key(|(index, row)| (row.chars, *index)) {
            Some((index, _)) => {
                out.insert(*index, Why::Crowded);
            }
            None => out.extend(of_vendor.iter().map(|(index, _)| (*index, Why::NotCovered))),
        }
    }
    out
}

/// What is wrong, without the places in a file that nobody has seen.
fn findings(rejected: &Rejected) -> String {
    let texts: Vec<String> = rejected
        .findings()
        .map(|finding| format!("{} {}", finding.field, finding.problem))
        .collect();
    texts.join("; ")
}
