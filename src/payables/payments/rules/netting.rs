//! Credit notes are never paid. They lower what the same vendor gets in the run, as long as something is left to pay.

use std::collections::BTreeMap;

use crate::payables::ids::{BillId, VendorId};

/// What joins the texts of the documents that one transfer pays.
pub const SEPARATOR: &str = ", ";

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

/// One document of a run, as far as it matters to which transfer it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub vendor: VendorId,
    /// Below zero for a credit note.
    pub minor: i64,
    /// Characters of the text that tells the vendor of it, as the bank counts them.
    pub chars: usize,
}

/// Rows that one transfer pays, by index, with what they sum to and tell.
#[derive(Debug, Clone, Default)]
struct Bundle {
    rows: Vec<usize>,
    minor: i128,
    chars: usize,
}

impl Bundle {
    fn add(&mut self, index: usize, row: &Row) {
        self.chars = self.chars_with(row);
        self.minor += i128::from(row.minor);
        self.rows.push(index);
    }

    fn chars_with(&self, row: &Row) -> usize {
        let joined = if self.rows.is_empty() {
            0
        } else {
            self.chars + SEPARATOR.len()
        };
        joined + row.chars
    }
}

/// Which rows of a run are paid together: the transfers, each with its rows (by index) and its amount. A vendor without
/// credit notes gets one transfer for each bill. One with credit notes gets a single transfer, as long as it can name every
/// document; otherwise each credit note goes with the fewest bills that cover it, since what a vendor is not told of it
/// cannot book.
///
/// None: a vendor's rows do not add up to more than nothing or to more than an amount can be, or no transfer can name a
/// credit note beside the bills that cover it.
#[must_use]
pub fn transfers(rows: &[Row], most_chars: usize) -> Option<Vec<(Vec<usize>, i64)>> {
    let mut by_vendor: BTreeMap<VendorId, Vec<(usize, Row)>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let of_vendor = by_vendor.entry(row.vendor).or_default();
        of_vendor.push((index, *row));
    }
    let mut bundles = Vec::new();
    for of_vendor in by_vendor.values() {
        bundles.extend(of_one_vendor(of_vendor, most_chars)?);
    }
    let mut transfers: Vec<(Vec<usize>, i64)> = bundles
        .into_iter()
        .map(|mut bundle| {
            bundle.rows.sort_unstable();
            let minor = i64::try_from(bundle.minor)
                .ok()
                .filter(|minor| *minor > 0)?;
            Some((bundle.rows, minor))
        })
        .collect::<Option<_>>()?;
    transfers.sort_unstable();
    Some(transfers)
}

fn of_one_vendor(rows: &[(usize, Row)], most_chars: usize) -> Option<Vec<Bundle>> {
    let alone = |(index, row): &(usize, Row)| {
        let mut bundle = Bundle::default();
        bundle.add(*index, row);
        bundle
    };
    if rows.iter().all(|(_, row)| row.minor >= 0) {
        return Some(rows.iter().map(alone).collect());
    }
    let mut all = Bundle::default();
    for (index, row) in rows {
        all.add(*index, row);
    }
    if all.chars <= most_chars {
        return Some(vec![all]);
    }
    // The largest first, so that a credit note finds its cover in few bills; by index where they are equal.
    let (mut credits, mut bills): (Vec<_>, Vec<_>) =
        rows.iter().copied().partition(|(_, row)| row.minor < 0);
    credits.sort_by_key(|(index, row)| (row.minor, *index));
    bills.sort_by_key(|(index, row)| (std::cmp::Reverse(row.minor), *index));
    let mut bills = bills.into_iter();
    let mut bundles: Vec<Bundle> = Vec::new();
    for (index, credit) in credits {
        let takes = |bundle: &Bundle| {
            bundle.minor + i128::from(credit.minor) > 0 && bundle.chars_with(&credit) <= most_chars
        };
        let bundle = match bundles.iter().position(takes) {
            Some(at) => &mut bundles[at],
            None => {
                let mut cover = Bundle::default();
                while cover.minor + i128::from(credit.minor) <= 0 {
                    let (index, bill) = bills.next()?;
                    cover.add(index, &bill);
                }
                if !takes(&cover) {
                    return None;
                }
                bundles.push(cover);
                bundles.last_mut()?
            }
        };
        bundle.add(index, &credit);
    }
    bundles.extend(bills.map(|bill| alone(&bill)));
    Some(bundles)
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

    fn row(of: u8, minor: i64, chars: usize) -> Row {
        let vendor = vendor(of);
        Row {
            vendor,
            minor,
            chars,
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
        let rows = [row(1, 100, 5), row(2, 7, 5), row(2, 8, 5), row(1, -60, 5)];
        assert_eq!(
            transfers(&rows, 140),
            Some(vec![(vec![0, 3], 40), (vec![1], 7), (vec![2], 8)])
        );
        assert_eq!(transfers(&[row(1, 5, 5), row(1, -5, 5)], 140), None);
        let most = [row(1, i64::MAX, 1), row(1, i64::MAX, 1), row(1, -1, 1)];
        assert_eq!(transfers(&most, 140), None);
    }

    #[test]
    fn what_one_transfer_cannot_name_is_split_and_never_cut() {
        let rows = [
            row(1, 100, 60),
            row(1, 300, 60),
            row(1, -250, 60),
            row(1, -90, 60),
        ];
        assert_eq!(
            transfers(&rows, 140),
            Some(vec![(vec![0, 3], 10), (vec![1, 2], 50)])
        );
        let crowded = [row(1, 100, 60), row(1, 100, 60), row(1, -150, 60)];
        assert_eq!(transfers(&crowded, 140), None, "one needs both bills");
    }

    proptest! {
        /// What is left after `uncovered` can be transferred where it can be named, and nothing is lost or made up on the way.
        #[test]
        fn what_fits_is_transferable(
            amounts in proptest::collection::vec((1_u8..4, prop_oneof![1_i64..500, -500_i64..0], 1_usize..70), 1..20),
            is_short: bool,
        ) {
            let items: Vec<Item> = amounts.iter().enumerate().map(|(number, (of, minor, _))| item(number, *of, *minor)).collect();
            let out = uncovered(&items);
            let rows: Vec<Row> = items
                .iter()
                .zip(&amounts)
                .filter(|(item, _)| !out.contains(&item.bill))
                .map(|(_, (of, minor, chars))| row(*of, *minor, if is_short { 1 } else { *chars }))
                .collect();
            let found = transfers(&rows, 140);
            prop_assert!(found.is_some() || !is_short, "every vendor gets more than nothing");
            for (members, minor) in found.iter().flatten() {
                prop_assert!(*minor > 0);
                let chars: usize = members.iter().map(|at| rows[*at].chars + 2).sum();
                prop_assert!(chars <= 142, "each names its documents");
                prop_assert_eq!(*minor, members.iter().map(|at| rows[*at].minor).sum::<i64>());
            }
            if let Some(transfers) = found {
                let mut seen: Vec<usize> = transfers.iter().flat_map(|(rows, _)| rows.clone()).collect();
                seen.sort_unstable();
                prop_assert_eq!(seen, (0..rows.len()).collect::<Vec<_>>());
            }
        }
    }
}
