use countersign_money::Money;

use super::model::{Group, PaymentFile};

/// ISO 20022 `DecimalNumber`: at most 18 digits.
const MAX_DIGITS: usize = 18;
/// Decimals of the finest currency; sums are kept in units of 10^-4.
const SCALE: u32 = 4;

/// Number of transactions and control sum of a file or group (`NbOfTxs`, `CtrlSum`). The control sum adds
/// bare numbers: the standard says “irrespective of currencies”.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    transactions: u64,
    sum_ten_thousandths: i128,
    decimals: u32,
}

impl Totals {
    pub(super) fn of_group(group: &Group) -> Self {
        group
            .transfers
            .iter()
            .fold(Self::default(), |mut totals, transfer| {
                totals.add(transfer.amount);
                totals
            })
    }

    pub(super) fn of_file(file: &PaymentFile) -> Self {
        file.groups
            .iter()
            .map(Self::of_group)
            .fold(Self::default(), |sum, group| Self {
                transactions: sum.transactions + group.transactions,
                sum_ten_thousandths: sum.sum_ten_thousandths + group.sum_ten_thousandths,
                decimals: sum.decimals.max(group.decimals),
            })
    }

    fn add(&mut self, amount: Money) {
        let digits = amount.currency().digits();
        self.transactions += 1;
        self.decimals = self.decimals.max(digits);
        // 2^64 amounts of 63 bits, scaled by 10^4 at most, would not fit; no memory holds as many transfers.
        self.sum_ten_thousandths += i128::from(amount.minor()) * 10_i128.pow(SCALE - digits);
    }

    /// How many transfers.
    pub const fn transactions(&self) -> u64 {
        self.transactions
    }

    /// The control sum as it stands in the file: the decimals of the finest currency among the transfers.
    pub fn control_sum(&self) -> String {
        let unit = 10_i128.pow(SCALE);
        let whole = self.sum_ten_thousandths / unit;
        let decimals = self.decimals as usize;
        if decimals == 0 {
            return whole.to_string();
        }
        let fraction = (self.sum_ten_thousandths % unit) / 10_i128.pow(SCALE - self.decimals);
        format!("{whole}.{fraction:0decimals$}")
    }

    pub(super) fn fits_the_format(&self) -> bool {
        self.control_sum()
            .bytes()
            .filter(u8::is_ascii_digit)
            .count()
            <= MAX_DIGITS
    }
}

#[cfg(test)]
mod tests {
    use countersign_money::Currency;

    use super::*;

    fn totals(amounts: &[(i64, Currency)]) -> Totals {
        let mut totals = Totals::default();
        for &(minor, currency) in amounts {
            totals.add(Money::from_minor(minor, currency));
        }
        totals
    }

    #[test]
    fn sums_have_the_decimals_of_the_finest_currency() {
        assert_eq!(
            totals(&[(1, Currency::EUR), (250, Currency::EUR)]).control_sum(),
            "2.51"
        );
        assert_eq!(totals(&[(1000, Currency::JPY)]).control_sum(), "1000");
        assert_eq!(
            totals(&[(1000, Currency::JPY), (5, Currency::KWD)]).control_sum(),
            "1000.005"
        );
        assert_eq!(totals(&[(1, Currency::CLF)]).control_sum(), "0.0001");
        assert_eq!(totals(&[(10, Currency::EUR)]).transactions(), 1);
    }

    #[test]
    fn eighteen_digits_fit() {
        assert!(totals(&[(999_999_999_999_999_999, Currency::EUR)]).fits_the_format());
        assert!(!totals(&[(1_000_000_000_000_000_000, Currency::EUR)]).fits_the_format());
    }
}
