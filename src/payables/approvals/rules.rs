//! The policy, the duties, and the bytes that tags are made over.

pub mod form;

use aws_lc_rs::digest::{Context, SHA256};
use countersign_money::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::identity::access::HumanId;
use crate::identity::humans::Humans;
use crate::text_enum;

text_enum! {
    /// What one human says about a bill.
    pub enum Verdict {
        Approve = "approve",
        /// Not to be paid, for good.
        Reject = "reject",
        /// Something has to be corrected first.
        SendBack = "send-back",
    }
}

text_enum! {
    /// How far a request has come. For lists alone: [`super::standing`] believes none of it.
    pub enum RequestStatus {
        Open = "open",
        Approved = "approved",
        Rejected = "rejected",
        SentBack = "sent-back",
        /// The bill changed.
        Voided = "voided",
    }
}

/// The longest reason that is kept, in characters.
pub const REASON_MAX: usize = 2_000;
/// Bands of a policy, at most.
pub const BANDS_MAX: usize = 10;
const APPROVALS_MAX: u32 = 5;

/// Amounts up to a limit, and how many humans must approve them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// In whole units of the legal entity's currency, inclusive; none for the last band.
    pub up_to: Option<i64>,
    pub approvals: u32,
}

/// A version of an organisation's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// From 1; a version never changes.
    pub version: i64,
    bands: Vec<Band>,
}

/// What is wrong with a policy. Bands count from 1, the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("a policy has 1 to 10 bands")]
    Count,
    #[error("band {0} has no limit, and it is not the last one")]
    Unlimited(usize),
    #[error("band {0} is the last one and has a limit: nothing would cover what is above it")]
    Limited(usize),
    #[error("the limit of band {0} is not a whole number above zero and above the limit before it")]
    Limit(usize),
    #[error("band {0} does not need 1 to 5 approvals")]
    Approvals(usize),
    #[error("band {0} needs fewer approvals than the band below it")]
    Fewer(usize),
    #[error("the stored policy cannot be read")]
    Unreadable,
}

/// The policy that an organisation begins with: one approver up to 1,000.00, two above.
pub const DEFAULT_BANDS: [Band; 2] = [
    Band {
        up_to: Some(1_000),
        approvals: 1,
    },
    Band {
        up_to: None,
        approvals: 2,
    },
];

impl Policy {
    /// A policy of these bands.
    ///
    /// # Errors
    /// The first of [`Policy::errors`].
    pub fn new(version: i64, bands: Vec<Band>) -> Result<Self, PolicyError> {
        match Self::errors(&bands).first() {
            Some(error) => Err(*error),
            None => Ok(Self { version, bands }),
        }
    }

    /// Everything that is wrong with bands, from the lowest.
    #[must_use]
    pub fn errors(bands: &[Band]) -> Vec<PolicyError> {
        if !(1..=BANDS_MAX).contains(&bands.len()) {
            return vec![PolicyError::Count];
        }
        let mut errors = Vec::new();
        let (mut limit_before, mut approvals_before) = (0, 0);
        for (number, band) in (1..).zip(bands) {
            match (band.up_to, number == bands.len()) {
                (None, false) => errors.push(PolicyError::Unlimited(number)),
                (Some(_), true) => errors.push(PolicyError::Limited(number)),
                (Some(limit), false) if limit <= limit_before => {
                    errors.push(PolicyError::Limit(number));
                }
                _ => {}
            }
            if !(1..=APPROVALS_MAX).contains(&band.approvals) {
                errors.push(PolicyError::Approvals(number));
            } else if band.approvals < approvals_before {
                errors.push(PolicyError::Fewer(number));
            }
            limit_before = band.up_to.unwrap_or(limit_before);
            approvals_before = band.approvals;
        }
        errors
    }

    /// Reads the bands as stored.
    pub fn parse(version: i64, stored: &str) -> Result<Self, PolicyError> {
        let bands = serde_json::from_str(stored).map_err(|_| PolicyError::Unreadable)?;
        Self::new(version, bands)
    }

    /// The bands as they are stored.
    #[must_use]
    pub fn stored(&self) -> String {
        serde_json::to_string(&self.bands).unwrap_or_default()
    }

    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The band of an amount for an entity that counts in `own`. Of an amount in another currency nobody has said what
    /// it is worth, so it needs what the highest band needs.
    #[must_use]
    pub fn band(&self, amount: Money, own: Currency) -> Asked {
        let highest = self.bands.len() - 1;
        if amount.currency() != own {
            return self.asked(highest, Because::OtherCurrency);
        }
        let magnitude = i128::from(amount.minor()).abs();
        let per_unit = i128::from(own.minor_per_major());
        let fits = |band: &Band| {
            band.up_to
                .is_none_or(|limit| magnitude <= i128::from(limit) * per_unit)
        };
        let index = self.bands.iter().position(fits).unwrap_or(highest);
        let because = match (self.bands[index].up_to, index) {
            (Some(limit), _) => Because::UpTo(limit),
            (None, 0) => Because::Always,
            (None, _) => Because::Above(self.bands[index - 1].up_to.unwrap_or_default()),
        };
        self.asked(index, because)
    }

    fn asked(&self, index: usize, because: Because) -> Asked {
        Asked {
            approvals: self.bands[index].approvals,
            because,
        }
    }
}

/// How many must approve, and by which part of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub approvals: u32,
    pub because: Because,
}

/// Why so many are asked. Limits are whole units of the entity's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    UpTo(i64),
    Above(i64),
    OtherCurrency,
    /// The policy has one band.
    Always,
}

/// Why this human may not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Duty {
    #[error("whoever entered a bill or typed a fact of it does not approve it")]
    Entered,
    #[error("whoever asked for the approval does not give it")]
    Requested,
    #[error("each person decides once")]
    Decided,
}

/// The duties that keep a human from deciding on a request (invariant 5).
#[must_use]
pub fn conflict(
    humans: &Humans,
    human: HumanId,
    (entrants, requested_by): (&[HumanId], HumanId),
    decided: &[HumanId],
) -> Option<Duty> {
    if humans.is_among(human, entrants) {
        Some(Duty::Entered)
    } else if humans.are_one(human, requested_by) {
        Some(Duty::Requested)
    } else if humans.is_among(human, decided) {
        Some(Duty::Decided)
    } else {
        None
    }
}

/// A reason as it is kept.
#[must_use]
pub fn reason(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = text.chars().count() <= REASON_MAX
        && !text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    fits.then(|| text.to_owned())
}

/// SHA-256 over what a decision binds: the facts under their policy version, and how many must approve.
#[must_use]
pub fn decision_digest(facts: &[u8; 32], approvals: u32) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(b"countersign decision/v1");
    context.update(facts);
    context.update(&approvals.to_be_bytes());
    context
        .finish()
        .as_ref()
        .try_into()
        .expect("SHA-256 gives 32 bytes")
}

#[cfg(test)]
mod tests;
