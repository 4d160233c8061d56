//! Credit notes are never paid. They lower what the same vendor gets in the run, as long as something is left to pay.

use std::collections::BTreeMap;

use crate::payables::ids::{BillId, VendorId};

/// A bill or credit note that could stand in a run, in the order in which they are considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    pub bill: BillId,
    pub vendor: VendorId,
    /// Above zero; what a credit note gives back.
    pub owed_minor: i64,
    pub is_credit: bool,
}

/// Which credit notes do not fit: each vendor's are taken in order, as long as the vendor still gets more than nothing.
#[must_use]
pub fn uncovered(items: &[Item]) -> Vec<BillId> {
    let mut left: BTreeMap<VendorId, i128> = BTreeMap::new();
    for item in items.iter().filter(|item| !item.is_credit) {
        *left.entry(item.vendor).or_default() += i128::from(item.owed_minor);
    }
    let mut out = Vec::new();
    for credit in items.iter().filter(|item| item.is_credit) {
        let rest = left.entry(credit.vendor).or_default();
        let after = *rest - i128::from(credit.owed_minor);
        if after > 0 {
            *rest = after;
        } else {
            out.push(credit.bill);
        }
    }
    out
}

/// What one payment row is part of: the transfers of a run, each with its rows (by index) and its amount.
/// A vendor without credit notes gets one transfer for each bill; one with credit notes a single transfer.
///
/// None: a vendor's rows do not add up to more than nothing, or to more than an amount can be.
#[must_use]
pub fn transfers(rows: &[(VendorId, i64)]) -> Option<Vec<(Vec<usize>, i64)>> {
    let nets = |vendor: VendorId| rows.iter().any(|(v, minor)| *v == vendor && *minor < 0);
    let mut together: BTreeMap<VendorId, usize> = BTreeMap::new();
    let mut transfers: Vec<(Vec<usize>, i128)> = Vec::new();
    for (index, (vendor, minor)) in rows.iter().enumerate() {
        let amount = i128::from(*minor);
        match together.get(vendor) {
            Some(at) => {
                transfers[*at].0.push(index);
                transfers[*at].1 += amount;
            }
            None => {
                if nets(*vendor) {
                    together.insert(*vendor, transfers.len());
                }
                transfers.push((vec![index], amount));
            }
        }
    }
    transfers
        .into_iter()
        .map(|(rows, amount)| {
            let minor = i64::try_from(amount).ok().filter(|minor| *minor > 0)?;
            Some((rows, minor))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::ids::Id as _;

    fn vendor(number: u8) -> VendorId {
        VendorId::from_uuid(uuid::Uuid::from_u128(u128::from(number)))
    }

    fn item(number: usize, of: u8, minor: i64) -> Item {
        Item {
            bill: BillId::from_uuid(uuid::Uuid::from_u128(number as u128 + 1)),
            vendor: vendor(of),
            owed_minor: minor.abs(),
            is_credit: minor < 0,
        }
    }

    #[test]
    fn credit_notes_lower_and_never_turn_a_payment() {
        let items = [
            item(0, 1, 100),
            item(1, 1, -60),
            item(2, 1, -40),
            item(3, 2, -5),
        ];
        assert_eq!(uncovered(&items), [items[2].bill, items[3].bill]);
        let rows = [
            (vendor(1), 100),
            (vendor(2), 7),
            (vendor(2), 8),
            (vendor(1), -60),
        ];
        assert_eq!(
            transfers(&rows),
            Some(vec![(vec![0, 3], 40), (vec![1], 7), (vec![2], 8)])
        );
        assert_eq!(transfers(&[(vendor(1), 5), (vendor(1), -5)]), None);
        assert_eq!(
            transfers(&[
                (vendor(1), i64::MAX),
                (vendor(1), i64::MAX),
                (vendor(1), -1)
            ]),
            None
        );
    }

    proptest! {
        /// What is left after `uncovered` can always be transferred, and nothing is lost or made up on the way.
        #[test]
        fn what_fits_is_transferable(amounts in proptest::collection::vec((1_u8..4, prop_oneof![1_i64..500, -500_i64..0]), 1..20)) {
            let items: Vec<Item> = amounts.iter().enumerate().map(|(number, (of, minor))| item(number, *of, *minor)).collect();
            let out = uncovered(&items);
            let rows: Vec<(VendorId, i64)> = items
                .iter()
                .filter(|item| !out.contains(&item.bill))
                .map(|item| (item.vendor, if item.is_credit { -item.owed_minor } else { item.owed_minor }))
                .collect();
            let transfers = transfers(&rows).expect("every vendor gets more than nothing");
            prop_assert!(transfers.iter().all(|(_, minor)| *minor > 0));
            let sum: i64 = transfers.iter().map(|(_, minor)| minor).sum();
            prop_assert_eq!(sum, rows.iter().map(|(_, minor)| minor).sum::<i64>());
            let mut seen: Vec<usize> = transfers.iter().flat_map(|(rows, _)| rows.clone()).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..rows.len()).collect::<Vec<_>>());
        }
    }
}
