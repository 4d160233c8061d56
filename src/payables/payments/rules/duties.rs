//! One human, one duty per transaction (invariant 5): entering, approving, verifying a bank account and releasing are
//! compared by the human, whichever account or token she acts by.

use crate::identity::access::HumanId;
use crate::text_enum;

text_enum! {
    /// What a human has to do with a payment.
    pub enum Duty {
        /// Entered the bill, or the bank account.
        Entering = "entering",
        /// Approved the bill.
        Approving = "approving",
        /// Verified the vendor's bank account.
        Verifying = "verifying",
        /// Countersigns the run, fetches its file or releases it.
        Releasing = "releasing",
    }
}

/// The duties of which a human may have only one in a payment: all of them, pair by pair. A smaller list is a weaker
/// promise; this is the one place that says it.
pub const APART: [(Duty, Duty); 6] = [
    (Duty::Entering, Duty::Approving),
    (Duty::Entering, Duty::Verifying),
    (Duty::Entering, Duty::Releasing),
    (Duty::Approving, Duty::Verifying),
    (Duty::Approving, Duty::Releasing),
    (Duty::Verifying, Duty::Releasing),
];

/// Who had which duty in one payment. A human can stand there several times with one duty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Duties(pub Vec<(Duty, HumanId)>);

impl Duties {
    pub fn add(&mut self, duty: Duty, human: HumanId) {
        self.0.push((duty, human));
    }

    /// The same with one more, who is about to act.
    #[must_use]
    pub fn with(&self, duty: Duty, human: HumanId) -> Self {
        let mut all = self.clone();
        all.add(duty, human);
        all
    }

    /// Pairs of duties that one human holds and that must be apart.
    #[must_use]
    pub fn conflicts(&self) -> Vec<(Duty, Duty)> {
        let holds = |duty: Duty, human: HumanId| self.0.contains(&(duty, human));
        APART
            .into_iter()
            .filter(|(one, other)| {
                self.0
                    .iter()
                    .any(|(duty, human)| duty == one && holds(*other, *human))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::ids::Id as _;

    fn human(number: u128) -> HumanId {
        HumanId::from_uuid(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn four_humans_may_and_any_three_may_not() {
        let duties =
            |humans: [u128; 4]| Duties(Duty::ALL.iter().copied().zip(humans.map(human)).collect());
        assert!(duties([1, 2, 3, 4]).conflicts().is_empty());
        for (at, humans) in [
            [1, 1, 3, 4],
            [1, 2, 1, 4],
            [1, 2, 3, 1],
            [1, 2, 2, 4],
            [1, 2, 3, 2],
            [1, 2, 3, 3],
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(duties(humans).conflicts(), [APART[at]]);
        }
    }

    proptest! {
        /// Nothing is found exactly where each human holds one duty alone.
        #[test]
        fn a_conflict_is_a_human_with_two_duties(held in proptest::collection::vec((0_usize..4, 1_u128..6), 0..12)) {
            let duties = Duties(held.iter().map(|(duty, number)| (Duty::ALL[*duty], human(*number))).collect());
            let two = held.iter().any(|(duty, number)| held.iter().any(|(d, n)| n == number && d != duty));
            prop_assert_eq!(!duties.conflicts().is_empty(), two);
        }
    }
}
