use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::identity::humans::Humans;
use crate::platform::ids::Id as _;

fn policy(bands: &[(Option<i64>, u32)]) -> Result<Policy, PolicyError> {
    let bands = bands
        .iter()
        .map(|(up_to, approvals)| Band {
            up_to: *up_to,
            approvals: *approvals,
        })
        .collect();
    Policy::new(1, bands)
}

fn default() -> Policy {
    Policy::new(1, DEFAULT_BANDS.to_vec()).expect("the default is one")
}

fn asked(minor: i64, currency: Currency) -> (u32, Because) {
    let asked = default().band(Money::from_minor(minor, currency), Currency::EUR);
    (asked.approvals, asked.because)
}

#[test]
fn a_limit_belongs_to_its_band_and_a_cent_more_does_not() {
    assert_eq!(asked(100_000, Currency::EUR), (1, Because::UpTo(1_000)));
    assert_eq!(asked(100_001, Currency::EUR), (2, Because::Above(1_000)));
    assert_eq!(
        asked(-100_001, Currency::EUR),
        (2, Because::Above(1_000)),
        "a credit note"
    );
    assert_eq!(asked(i64::MIN, Currency::EUR), (2, Because::Above(1_000)));
    assert_eq!(asked(1, Currency::USD), (2, Because::OtherCurrency));
}

#[test]
fn a_limit_counts_in_whole_units_whatever_the_currencys_decimals() {
    let yen = |minor| default().band(Money::from_minor(minor, Currency::JPY), Currency::JPY);
    assert_eq!((yen(1_000).approvals, yen(1_001).approvals), (1, 2));
}

#[test]
fn a_policy_without_an_end_or_with_a_hole_is_refused() {
    for (bands, error) in [
        (&[][..], PolicyError::Count),
        (&[(None, 1); 11], PolicyError::Count),
        (&[(Some(5), 1)], PolicyError::Limited(1)),
        (&[(None, 1), (None, 2)], PolicyError::Unlimited(1)),
        (
            &[(Some(5), 1), (Some(5), 1), (None, 2)],
            PolicyError::Limit(2),
        ),
        (&[(Some(0), 1), (None, 2)], PolicyError::Limit(1)),
        (&[(None, 0)], PolicyError::Approvals(1)),
        (&[(Some(5), 2), (None, 1)], PolicyError::Fewer(2)),
        (&[(None, 6)], PolicyError::Approvals(1)),
    ] {
        assert_eq!(policy(bands), Err(error), "{bands:?}");
    }
    assert_eq!(Policy::parse(1, "[]"), Err(PolicyError::Count));
    assert_eq!(Policy::parse(1, "nonsense"), Err(PolicyError::Unreadable));
    assert_eq!(Policy::parse(1, &default().stored()), Ok(default()));
}

#[test]
fn one_human_one_duty() {
    let human = |n: u128| HumanId::from_uuid(Uuid::from_u128(n));
    let check = |n| {
        conflict(
            &Humans::default(),
            human(n),
            (&[human(1), human(2)], human(3)),
            &[human(4)],
        )
    };
    assert_eq!(check(1), Some(Duty::Entered));
    assert_eq!(check(2), Some(Duty::Entered));
    assert_eq!(check(3), Some(Duty::Requested));
    assert_eq!(check(4), Some(Duty::Decided));
    assert_eq!(check(5), None);
}

#[test]
fn a_digest_differs_by_how_many_must_approve() {
    assert_ne!(decision_digest(&[7; 32], 1), decision_digest(&[7; 32], 2));
    assert_ne!(decision_digest(&[7; 32], 1), decision_digest(&[8; 32], 1));
}

#[test]
fn reasons_are_kept_as_written_within_bounds() {
    assert_eq!(
        reason("  See the order.\nTwice.  "),
        Some("See the order.\nTwice.".to_owned())
    );
    assert_eq!(reason(&"x".repeat(REASON_MAX + 1)), None);
    assert_eq!(reason("a\0b"), None);
}

proptest! {
    #[test]
    fn more_money_never_needs_fewer_people(a in 0i64..10_000_000, b in 0i64..10_000_000) {
        let (low, high) = (a.min(b), a.max(b));
        prop_assert!(asked(low, Currency::EUR).0 <= asked(high, Currency::EUR).0);
    }
}
