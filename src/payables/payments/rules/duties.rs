//! One human, one duty per transaction (invariant 5): entering, approving, verifying a bank account and releasing are
//! compared by the human, whichever account or token she acts by.
//! See `docs/decisions/0016-three-humans-can-pay-a-bill.md`.

use crate::identity::access::HumanId;
use crate::identity::humans::Humans;
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

/// How far the duties of one payment are apart: as far as the organisation has humans for it. Three
/// humans are on every payment whatever happens: one enters, one checks, one releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separation {
    /// Each duty has a human of its own.
    Four,
    /// Three humans or fewer take part in payments at all: approving the bill and verifying the account, the two checks
    /// of what others entered, may be one human's.
    Three,
}

/// Humans who take part in payments, from which on each duty has one of its own.
pub const HUMANS_FOR_FOUR: usize = 4;

/// The duties of which a human may have only one in a payment, pair by pair. This is the one place that says it; the last
/// pair is the one that three humans cannot keep.
const APART: [(Duty, Duty); 6] = [
    (Duty::Entering, Duty::Approving),
    (Duty::Entering, Duty::Verifying),
    (Duty::Entering, Duty::Releasing),
    (Duty::Approving, Duty::Releasing),
    (Duty::Verifying, Duty::Releasing),
    (Duty::Approving, Duty::Verifying),
];

impl Separation {
    /// What `humans` who take part in payments can keep apart.
    #[must_use]
    pub const fn of(humans: usize) -> Self {
        if humans >= HUMANS_FOR_FOUR {
            Self::Four
        } else {
            Self::Three
        }
    }

    fn apart(self) -> &'static [(Duty, Duty)] {
        match self {
            Self::Four => &APART,
            Self::Three => &APART[..5],
        }
    }
}

/// Who had which duty in one payment. A human can stand there several times with one duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duties {
    held: Vec<(Duty, HumanId)>,
    separation: Separation,
    /// Which humans are one: each stands here under one name.
    humans: Humans,
}

impl Duties {
    #[must_use]
    pub const fn new(separation: Separation, humans: Humans) -> Self {
        Self {
            held: Vec::new(),
            separation,
            humans,
        }
    }

    pub fn add(&mut self, duty: Duty, human: HumanId) {
        self.held.push((duty, self.humans.of(human)));
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
        self.shared(self.separation.apart())
    }

    /// Pairs of duties that one human holds because there are not enough others: shown wherever the payment is.
    #[must_use]
    pub fn conceded(&self) -> Vec<(Duty, Duty)> {
        self.shared(&APART[self.separation.apart().len()..])
    }

    fn shared(&self, pairs: &[(Duty, Duty)]) -> Vec<(Duty, Duty)> {
        let holds = |duty: Duty, human: HumanId| self.held.contains(&(duty, human));
        pairs
            .iter()
            .copied()
            .filter(|(one, other)| {
                self.held
                    .iter()
                    .any(|(duty, human)| duty == one && holds(*other, *human))
            })
            .collect()
    }
}

/// Whether somebody is left to countersign what one human is about to propose. A run that nobody can countersign is never
/// paid, and is better not proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftToCountersign {
    Somebody,
    /// Nobody but the one who proposes may countersign at all.
    NobodyElse,
    /// Everybody who may countersign had another duty in these, by the bills' numbers.
    NobodyFor(Vec<String>),
    /// Each bill has somebody, and no one human all of them: several runs, or fewer bills.
    NobodyForAll,
}

impl LeftToCountersign {
    /// `others` may countersign; each bill has those of them who had no duty in it.
    #[must_use]
    pub fn of(others: &[HumanId], per_bill: &[(String, Vec<HumanId>)]) -> Self {
        if per_bill.is_empty() {
            return Self::Somebody;
        }
        if others.is_empty() {
            return Self::NobodyElse;
        }
        let none: Vec<String> = per_bill
            .iter()
            .filter(|(_, free)| free.is_empty())
            .map(|(number, _)| number.clone())
            .collect();
        if !none.is_empty() {
            return Self::NobodyFor(none);
        }
        let for_all = |human: &HumanId| per_bill.iter().all(|(_, free)| free.contains(human));
        if others.iter().any(for_all) {
            Self::Somebody
        } else {
            Self::NobodyForAll
        }
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

    fn duties(separation: Separation, held: impl IntoIterator<Item = (Duty, u128)>) -> Duties {
        let mut duties = Duties::new(separation, Humans::default());
        for (duty, number) in held {
            duties.add(duty, human(number));
        }
        duties
    }

    #[test]
    fn four_humans_may_and_any_three_may_not() {
        let of =
            |humans: [u128; 4]| duties(Separation::Four, Duty::ALL.iter().copied().zip(humans));
        assert!(of([1, 2, 3, 4]).conflicts().is_empty());
        for (at, humans) in [
            [1, 1, 3, 4],
            [1, 2, 1, 4],
            [1, 2, 3, 1],
            [1, 2, 3, 2],
            [1, 2, 3, 3],
            [1, 2, 2, 4],
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(of(humans).conflicts(), [APART[at]]);
            assert!(of(humans).conceded().is_empty());
        }
    }

    #[test]
    fn where_there_are_three_one_checks_both_and_nobody_else_shares() {
        assert_eq!(Separation::of(3), Separation::Three);
        assert_eq!(Separation::of(4), Separation::Four);
        // Every way in which two humans, or three, can hold four duties.
        for code in 0..81_u128 {
            let humans = [code % 3, code / 3 % 3, code / 9 % 3, code / 27];
            let held = duties(Separation::Three, Duty::ALL.iter().copied().zip(humans));
            let [enters, approves, verifies, releases] = humans;
            let stands = approves == verifies
                && approves != enters
                && releases != enters
                && releases != approves;
            assert_eq!(held.conflicts().is_empty(), stands, "{humans:?}");
            assert_eq!(
                !held.conceded().is_empty(),
                approves == verifies,
                "{humans:?}"
            );
        }
    }

    #[test]
    fn a_run_needs_one_human_who_is_free_in_all_its_bills() {
        let bill = |number: &str, free: &[u128]| {
            let free = free.iter().map(|number| human(*number)).collect();
            (number.to_owned(), free)
        };
        let others = [human(1), human(2)];
        for (per_bill, left) in [
            (vec![], LeftToCountersign::Somebody),
            (
                vec![bill("a", &[1]), bill("b", &[1, 2])],
                LeftToCountersign::Somebody,
            ),
            (
                vec![bill("a", &[1]), bill("b", &[2])],
                LeftToCountersign::NobodyForAll,
            ),
            (
                vec![bill("a", &[1]), bill("b", &[])],
                LeftToCountersign::NobodyFor(vec!["b".into()]),
            ),
        ] {
            assert_eq!(LeftToCountersign::of(&others, &per_bill), left);
        }
        let alone = LeftToCountersign::of(&[], &[bill("a", &[])]);
        assert_eq!(alone, LeftToCountersign::NobodyElse);
    }

    proptest! {
        /// Nothing is found exactly where each human holds one duty alone.
        #[test]
        fn a_conflict_is_a_human_with_two_duties(held in proptest::collection::vec((0_usize..4, 1_u128..6), 0..12)) {
            let all = duties(Separation::Four, held.iter().map(|(duty, number)| (Duty::ALL[*duty], *number)));
            let two = held.iter().any(|(duty, number)| held.iter().any(|(d, n)| n == number && d != duty));
            prop_assert_eq!(!all.conflicts().is_empty(), two);
        }
    }
}
