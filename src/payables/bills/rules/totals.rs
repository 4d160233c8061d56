//! The arithmetic that a document claims (EN 16931 BR-CO-10, -13, -14, -15, -16). Nothing is corrected: what differs is told.

use std::fmt;

use countersign_money::{Currency, Money};

/// A sum of a bill, and the one that it should be. Minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    pub what: Sum,
    /// As the document or the typist gives it.
    pub given: i64,
    /// What its parts add up to.
    pub parts: i64,
    pub currency: Currency,
}

/// Which sum differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// BT-109 = lines (BT-131), allowances and charges.
    Net,
    /// BT-110 = VAT breakdown (BT-117).
    Tax,
    /// BT-112 = BT-109 + BT-110.
    Gross,
    /// BT-115 = BT-112 - BT-113 + BT-114.
    Payable,
}

impl Sum {
    const ALL: [Self; 4] = [Self::Net, Self::Tax, Self::Gross, Self::Payable];

    #[must_use]
    pub const fn term(self) -> &'static str {
        match self {
            Self::Net => "BT-109",
            Self::Tax => "BT-110",
            Self::Gross => "BT-112",
            Self::Payable => "BT-115",
        }
    }
}

/// `BT-112 119.00 EUR / 118.99 EUR`: given, and added up. Figures and terms alone, in no language.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let money = |minor| Money::from_minor(minor, self.currency);
        write!(
            f,
            "{} {} / {}",
            self.what.term(),
            money(self.given),
            money(self.parts)
        )
    }
}

impl Difference {
    /// Reads back what stands in a hold's detail.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (given, parts) = text.split_once(" / ")?;
        let (term, given) = given.split_once(' ')?;
        let (given, currency) = given.rsplit_once(' ')?;
        let (parts, same) = parts.rsplit_once(' ')?;
        let code: Currency = currency.parse().ok()?;
        // A reader of input takes no marks between thousands; here they are our own.
        let money = |text: &str| {
            let plain = text.replace(',', "");
            Money::parse(&plain, code).ok().map(Money::minor)
        };
        Some(Self {
            what: Sum::ALL.into_iter().find(|sum| sum.term() == term)?,
            given: money(given)?,
            parts: money(parts).filter(|_| same == currency)?,
            currency: code,
        })
    }
}

/// The amounts of a bill in minor units of its currency; none where they are not given.
#[derive(Debug, Clone, Default)]
pub struct Amounts {
    pub net: Option<i64>,
    pub tax: Option<i64>,
    pub gross: Option<i64>,
    pub prepaid: Option<i64>,
    pub rounding: Option<i64>,
    pub payable: Option<i64>,
    /// Net amounts of the lines, document-level allowances (negative) and charges among them.
    pub lines: Vec<Option<i64>>,
    /// Tax amounts of the VAT breakdown.
    pub vat: Vec<Option<i64>>,
}

/// BT-115 as BT-112 less what was paid in advance (BT-113) and with the rounding (BT-114); none without a total, or where it
/// is beyond what an amount can be.
#[must_use]
pub fn due(gross: Option<i64>, prepaid: Option<i64>, rounding: Option<i64>) -> Option<i64> {
    gross?
        .checked_sub(prepaid.unwrap_or(0))?
        .checked_add(rounding.unwrap_or(0))
}

/// Every sum that does not add up. What is not given is not compared.
#[must_use]
pub fn differences(amounts: &Amounts, currency: Currency) -> Vec<Difference> {
    let none = |value: Option<i64>| i128::from(value.unwrap_or(0));
    let gross_parts = amounts.net.map(|net| i128::from(net) + none(amounts.tax));
    let payable_parts = amounts
        .gross
        .map(|gross| i128::from(gross) - none(amounts.prepaid) + none(amounts.rounding));
    [
        (Sum::Net, amounts.net, total(&amounts.lines)),
        (Sum::Tax, amounts.tax, total(&amounts.vat)),
        (Sum::Gross, amounts.gross, gross_parts),
        (Sum::Payable, amounts.payable, payable_parts),
    ]
    .into_iter()
    .filter_map(|(what, given, parts)| {
        let (given, parts) = (given?, parts?);
        (i128::from(given) != parts).then(|| Difference {
            what,
            given,
            // Sums beyond an i64 differ from whatever is given; the figure shown is the nearest that can be.
            parts: i64::try_from(parts).unwrap_or(if parts < 0 { i64::MIN } else { i64::MAX }),
            currency,
        })
    })
    .collect()
}

/// The sum of a list that has entries, all of them given.
fn total(parts: &[Option<i64>]) -> Option<i128> {
    if parts.is_empty() {
        return None;
    }
    parts.iter().map(|part| part.map(i128::from)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sound() -> Amounts {
        Amounts {
            net: Some(10_000),
            tax: Some(1_900),
            gross: Some(11_900),
            prepaid: Some(900),
            rounding: Some(-1),
            payable: Some(10_999),
            lines: vec![Some(12_000), Some(-2_000)],
            vat: vec![Some(1_900)],
        }
    }

    fn off(amounts: &Amounts) -> Vec<Sum> {
        differences(amounts, Currency::EUR)
            .into_iter()
            .map(|difference| difference.what)
            .collect()
    }

    #[test]
    fn each_sum_that_is_one_cent_off_is_told_alone() {
        assert_eq!(off(&sound()), []);
        let mut amounts = sound();
        amounts.lines[0] = Some(12_001);
        assert_eq!(off(&amounts), [Sum::Net]);
        let mut amounts = sound();
        amounts.vat.push(Some(1));
        assert_eq!(off(&amounts), [Sum::Tax]);
        let mut amounts = sound();
        amounts.payable = Some(11_000);
        assert_eq!(off(&amounts), [Sum::Payable]);
        let mut amounts = sound();
        (amounts.gross, amounts.payable) = (Some(11_901), Some(11_000));
        assert_eq!(off(&amounts), [Sum::Gross]);
    }

    #[test]
    fn what_is_not_given_is_not_compared_and_nothing_overflows() {
        assert_eq!(off(&Amounts::default()), []);
        let mut amounts = sound();
        amounts.lines[1] = None;
        assert_eq!(off(&amounts), []);
        let huge = Amounts {
            net: Some(i64::MAX),
            tax: Some(i64::MAX),
            gross: Some(i64::MAX),
            lines: vec![Some(i64::MAX), Some(i64::MAX)],
            ..Amounts::default()
        };
        assert_eq!(off(&huge), [Sum::Net, Sum::Gross]);
    }

    #[test]
    fn a_difference_reads_as_figures() {
        let text = differences(
            &Amounts {
                net: Some(10_000),
                gross: Some(10_001),
                ..Amounts::default()
            },
            Currency::EUR,
        )[0]
        .to_string();
        assert_eq!(text, "BT-112 100.01 EUR / 100.00 EUR");
    }

    proptest! {
        #[test]
        fn sums_made_from_parts_add_up(lines in prop::collection::vec(-1_000_000i64..1_000_000, 1..9), vat in prop::collection::vec(0i64..100_000, 1..4), prepaid in 0i64..1000) {
            let (net, tax): (i64, i64) = (lines.iter().sum(), vat.iter().sum());
            let amounts = Amounts {
                net: Some(net), tax: Some(tax), gross: Some(net + tax), prepaid: Some(prepaid), rounding: None,
                payable: Some(net + tax - prepaid),
                lines: lines.iter().map(|l| Some(*l)).collect(), vat: vat.iter().map(|v| Some(*v)).collect(),
            };
            prop_assert!(differences(&amounts, Currency::EUR).is_empty());
        }
    }

    proptest! {
        #[test]
        fn a_difference_reads_back_from_its_figures(given: i64, parts: i64) {
            for what in Sum::ALL {
                for currency in [Currency::EUR, Currency::JPY] {
                    let told = Difference { what, given, parts, currency };
                    prop_assert_eq!(Difference::parse(&told.to_string()), Some(told));
                }
            }
        }
    }
}
