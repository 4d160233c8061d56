//! Comparing humans. Pure.

use std::collections::BTreeMap;

use crate::identity::access::HumanId;
use crate::platform::store::Value;

/// Which humans are one. Without a join each is for herself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Humans {
    /// The first of those with whom a human is one; not there for whoever is for herself.
    first: BTreeMap<HumanId, HumanId>,
}

impl Humans {
    /// From pairs that are one. Whoever is one with one of two who are one is one with both.
    #[must_use]
    pub fn of_pairs(pairs: &[(HumanId, HumanId)]) -> Self {
        let mut humans = Self::default();
        for (one, other) in pairs {
            let (one, other) = (humans.of(*one), humans.of(*other));
            let (first, rest) = (one.min(other), one.max(other));
            for of in humans.first.values_mut().filter(|of| **of == rest) {
                *of = first;
            }
            humans.first.insert(first, first);
            humans.first.insert(rest, first);
        }
        humans
    }

    /// One name for everybody who is this human.
    #[must_use]
    pub fn of(&self, human: HumanId) -> HumanId {
        self.first.get(&human).copied().unwrap_or(human)
    }

    /// Whether two are one human: the one comparison of invariant 5.
    #[must_use]
    pub fn are_one(&self, one: HumanId, other: HumanId) -> bool {
        self.of(one) == self.of(other)
    }

    #[must_use]
    pub fn is_among(&self, human: HumanId, others: &[HumanId]) -> bool {
        others.iter().any(|other| self.are_one(human, *other))
    }

    /// Everybody who is one of these, as statements ask for it: `REPLACE($n, human_id, '') = $n` for somebody else. Ids are of one
    /// length and stand apart, so that one is never found in another or across two.
    #[must_use]
    pub fn listed(&self, humans: &[HumanId]) -> Value {
        let mut all: Vec<HumanId> = humans.to_vec();
        let others = self.first.keys().copied();
        all.extend(others.filter(|other| self.is_among(*other, humans)));
        all.sort();
        all.dedup();
        let ids: Vec<String> = all.iter().map(ToString::to_string).collect();
        Value::from(format!("|{}|", ids.join("|")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::Id as _;

    fn human(n: u128) -> HumanId {
        HumanId::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn whoever_is_one_with_one_of_two_is_one_with_both_in_whatever_order_it_was_said() {
        let said = [(1, 2), (3, 4), (2, 3)];
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let pairs = order.map(|at| (human(said[at].0), human(said[at].1)));
            let humans = Humans::of_pairs(&pairs);
            for one in 1..=4 {
                for other in 1..=4 {
                    assert!(humans.are_one(human(one), human(other)));
                }
                assert!(!humans.are_one(human(one), human(5)));
            }
        }
        assert!(!Humans::default().are_one(human(1), human(2)));
        assert!(Humans::default().are_one(human(1), human(1)));
    }

    #[test]
    fn a_statement_gets_everybody_who_is_one_and_nobody_else() {
        let humans = Humans::of_pairs(&[(human(1), human(2)), (human(3), human(4))]);
        let listed = |numbers: &[u128]| {
            let ids: Vec<String> = numbers.iter().map(|n| human(*n).to_string()).collect();
            Value::from(format!("|{}|", ids.join("|")))
        };
        assert_eq!(humans.listed(&[human(2)]), listed(&[1, 2]));
        assert_eq!(humans.listed(&[human(5)]), listed(&[5]));
        assert_eq!(humans.listed(&[human(1), human(5)]), listed(&[1, 2, 5]));
    }
}
