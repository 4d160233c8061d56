//! How attempts slow down.

use crate::platform::clock::Micros;

/// What had no attempt for so long is forgotten under every limit, so that its row can go: nothing else follows from one that is
/// not there.
pub const FORGOTTEN_US: i64 = Micros::DAY;

/// How a kind of key is limited.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// So many failures cost nothing.
    pub free: i64,
    /// At so many, the key is locked.
    pub lock_at: i64,
    pub locked_us: i64,
    /// After so long without an attempt all is forgotten; a day at most.
    pub forget_us: i64,
}

/// One sign-in name, or one person's codes. Ten tries and half an hour are what PCI DSS 4.0.1, 8.3.4, asks; they are the same for
/// every name, known or not, so that a lock tells nothing of an organisation's policy.
pub const ACCOUNT: Limit = Limit {
    free: 4,
    lock_at: 10,
    locked_us: 30 * Micros::MINUTE,
    forget_us: FORGOTTEN_US,
};

/// One network: an office has many people behind one address.
pub const ADDRESS: Limit = Limit {
    free: 30,
    lock_at: 100,
    locked_us: 15 * Micros::MINUTE,
    forget_us: Micros::HOUR,
};

/// What is known of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub failures: i64,
    pub blocked_until: Micros,
    pub last: Micros,
}

impl Tally {
    pub const NONE: Self = Self {
        failures: 0,
        blocked_until: Micros(0),
        last: Micros(0),
    };

    /// Counts one attempt; none where the key is blocked, which an attempt then does not prolong.
    #[must_use]
    pub fn attempt(self, limit: Limit, now: Micros) -> Option<Self> {
        if now < self.blocked_until {
            return None;
        }
        let before = if now.since(self.last) >= limit.forget_us {
            0
        } else {
            self.failures
        };
        let failures = before + 1;
        Some(Self {
            failures,
            blocked_until: now.plus_us(delay_us(failures, limit)),
            last: now,
        })
    }
}

/// Nothing, then 1 s, 2 s, 4 s, ... and at last the lock.
fn delay_us(failures: i64, limit: Limit) -> i64 {
    if failures >= limit.lock_at {
        return limit.locked_us;
    }
    let doublings = failures - limit.free - 1;
    if doublings < 0 {
        return 0;
    }
    (Micros::SECOND << doublings.min(20)).min(limit.locked_us)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Micros = Micros(1_000_000_000_000_000);

    #[test]
    fn attempts_slow_down_and_lock() {
        let mut tally = Tally::NONE;
        let mut at = NOW;
        let mut delays = Vec::new();
        for _ in 0..11 {
            tally = tally.attempt(ACCOUNT, at).expect("its turn");
            delays.push(tally.blocked_until.since(at) / Micros::SECOND);
            at = tally.blocked_until.max(at);
        }
        assert_eq!(delays, [0, 0, 0, 0, 1, 2, 4, 8, 16, 1800, 1800]);
        assert_eq!(tally.attempt(ACCOUNT, at.plus_us(-1)), None);
    }

    /// What lets a row be deleted.
    #[test]
    fn what_is_forgotten_counts_as_what_was_never_tried() {
        let tally = Tally {
            failures: 9,
            blocked_until: NOW,
            last: NOW,
        };
        let later = NOW.plus_us(FORGOTTEN_US);
        for limit in [ACCOUNT, ADDRESS] {
            let never = Tally::NONE.attempt(limit, later);
            assert_eq!(tally.attempt(limit, later), never);
        }
        let sooner = NOW.plus_us(FORGOTTEN_US - 1);
        let never = Tally::NONE.attempt(ACCOUNT, sooner);
        assert_ne!(tally.attempt(ACCOUNT, sooner), never);
    }

    #[test]
    fn a_day_of_silence_forgets() {
        let tally = Tally {
            failures: 9,
            blocked_until: NOW,
            last: NOW,
        };
        let later = tally.attempt(ACCOUNT, NOW.plus_us(Micros::DAY));
        assert_eq!(later.expect("not blocked").failures, 1);
    }
}
