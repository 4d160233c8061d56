use std::cmp::Reverse;

use crate::{Money, MoneyError};

/// Splits `total` in proportion to `weights` by the method of largest remainders. The parts have the order of
/// the weights and sum exactly to `total`. Every part is within one minor unit of its exact share; a weight of
/// zero gets nothing; of equal remainders the earlier part gets the extra unit, so that equal input always
/// gives equal output. A negative total is split as its magnitude.
///
/// # Errors
/// [`MoneyError::NothingToAllocateTo`] where no weight is above zero.
pub fn allocate(total: Money, weights: &[u64]) -> Result<Vec<Money>, MoneyError> {
    let weight_sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if weight_sum == 0 {
        return Err(MoneyError::NothingToAllocateTo {
            parts: weights.len(),
        });
    }
    let magnitude = u128::from(total.minor().unsigned_abs());
    // At most 2^63 times 2^64: always within a u128.
    let product = |weight: u64| magnitude * u128::from(weight);
    let mut shares: Vec<u128> = weights
        .iter()
        .map(|&weight| product(weight) / weight_sum)
        .collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&index| (Reverse(product(weights[index]) % weight_sum), index));
    // Fewer units are left than there are remainders above zero, so a zero weight is never reached.
    let mut left = magnitude - shares.iter().sum::<u128>();
    for index in by_remainder {
        if left == 0 {
            break;
        }
        shares[index] += 1;
        left -= 1;
    }
    shares
        .into_iter()
        .map(|share| signed(share, total))
        .collect()
}

fn signed(share: u128, total: Money) -> Result<Money, MoneyError> {
    let currency = total.currency();
    let overflow = MoneyError::Overflow { currency };
    let magnitude = i128::try_from(share).map_err(|_| overflow.clone())?;
    let minor = if total.is_negative() {
        -magnitude
    } else {
        magnitude
    };
    i64::try_from(minor)
        .map(|minor| Money::from_minor(minor, currency))
        .map_err(|_| overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Currency;

    fn split(minor: i64, weights: &[u64]) -> Vec<i64> {
        allocate(Money::from_minor(minor, Currency::EUR), weights)
            .expect("a weight above zero")
            .into_iter()
            .map(Money::minor)
            .collect()
    }

    #[test]
    fn largest_remainders_get_the_odd_units() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(101, &[1, 1, 1]), [34, 34, 33]);
        assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(split(10, &[1, 2, 4]), [1, 3, 6]); // remainders 3/7, 6/7, 5/7
        assert_eq!(split(1, &[0, 0, 5]), [0, 0, 1]);
        assert_eq!(split(0, &[3, 4]), [0, 0]);
        assert_eq!(split(i64::MIN, &[u64::MAX]), [i64::MIN]);
        assert_eq!(
            split(i64::MAX, &[u64::MAX, 0, u64::MAX])
                .iter()
                .sum::<i64>(),
            i64::MAX
        );
    }

    #[test]
    fn no_weight_is_an_error() {
        let one = Money::from_minor(1, Currency::EUR);
        assert_eq!(
            allocate(one, &[]),
            Err(MoneyError::NothingToAllocateTo { parts: 0 })
        );
        assert_eq!(
            allocate(one, &[0, 0]),
            Err(MoneyError::NothingToAllocateTo { parts: 2 })
        );
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_total_and_stay_close(
            minor: i64,
            weights in proptest::collection::vec(prop_oneof![Just(0_u64), 0_u64..100, any::<u64>()], 1..40),
        ) {
            prop_assume!(weights.iter().any(|&weight| weight > 0));
            let total = Money::from_minor(minor, Currency::USD);
            let parts = allocate(total, &weights).expect("a weight above zero");
            prop_assert_eq!(parts.len(), weights.len());
            prop_assert_eq!(Money::sum(Currency::USD, parts.iter().copied()), Ok(total));
            prop_assert_eq!(&parts, &allocate(total, &weights).expect("the same again"));
            let weight_sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
            for (part, &weight) in parts.iter().zip(&weights) {
                prop_assert!(weight > 0 || part.is_zero());
                prop_assert!(part.is_zero() || part.is_negative() == (minor < 0));
                let floor = u128::from(minor.unsigned_abs()) * u128::from(weight) / weight_sum;
                let got = u128::from(part.minor().unsigned_abs());
                prop_assert!(got == floor || got == floor + 1);
            }
        }
    }
}
