//! What can be shown, what for, and when it takes two.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};

use super::{OwnerId, SealedRowId};
use crate::identity::organisations::EntityId;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::fields::{
    ENTITY_IBAN, ENTITY_VAT_ID, SealedField, VENDOR_IBAN, VENDOR_LEGAL_ID, VENDOR_VAT_ID,
};
use crate::text_enum;

text_enum! {
    /// The sealed fields that are ever shown to a person.
    pub enum Revealable {
        VendorIban = "vendor-iban",
        VendorVatId = "vendor-vat-id",
        VendorLegalId = "vendor-legal-id",
        EntityIban = "entity-iban",
        EntityVatId = "entity-vat-id",
    }
}

impl Revealable {
    #[must_use]
    pub const fn field(self) -> SealedField {
        match self {
            Self::VendorIban => VENDOR_IBAN,
            Self::VendorVatId => VENDOR_VAT_ID,
            Self::VendorLegalId => VENDOR_LEGAL_ID,
            Self::EntityIban => ENTITY_IBAN,
            Self::EntityVatId => ENTITY_VAT_ID,
        }
    }
}

text_enum! {
    /// What a value is shown for.
    pub enum Purpose {
        /// The bank asks about a payment or a return.
        Bank = "bank",
        /// The one whom it is about compares or corrects it.
        Owner = "owner",
        /// A tax authority or a court asks.
        Authority = "authority",
        /// An auditor compares it with a paper.
        Audit = "audit",
        /// A fraud or an incident is looked into.
        Incident = "incident",
    }
}

text_enum! {
    pub enum State {
        /// Waits for a second human.
        Open = "open",
        Approved = "approved",
        /// Was shown, and never is again.
        Opened = "opened",
        Refused = "refused",
        /// Whoever asked does not want it any more.
        Withdrawn = "withdrawn",
    }
}

/// Values of one batch, at most.
pub const MOST: usize = 500;
/// How long somebody can approve what was asked for.
pub const OPEN_US: i64 = Micros::DAY;
/// How long what was approved can be opened.
pub const APPROVED_US: i64 = 30 * Micros::MINUTE;
/// The time in which the values are counted that somebody sees alone.
pub const COUNTED_US: i64 = Micros::HOUR;
/// A reason in fewer characters says nothing, in more it is no reason.
pub const REASON_CHARS: std::ops::RangeInclusive<usize> = 5..=500;

/// A value by its field and its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub what: Revealable,
    pub row: SealedRowId,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.what, self.row)
    }
}

impl Named {
    /// Reads what [`fmt::Display`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (what, row) = text.split_once(':')?;
        Some(Self {
            what: Revealable::parse(what)?,
            row: row.parse().ok()?,
        })
    }
}

/// Each value once, in one order.
#[must_use]
pub fn set_of(mut values: Vec<Named>) -> Vec<Named> {
    values.sort_unstable();
    values.dedup();
    values
}

/// The SHA-256 of a set's names, one a line: the order in which they were named does not matter.
#[must_use]
pub fn set_digest(values: &[Named]) -> [u8; 32] {
    let lines = set_of(values.to_vec())
        .iter()
        .map(|value| format!("{value}\n"))
        .collect::<String>();
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, lines.as_bytes()).as_ref());
    bytes
}

/// Whether a second human is needed: for several values always, for one where `alone_before` others within the hour used up what
/// the policy lets somebody see alone.
#[must_use]
pub fn takes_two(count: usize, alone_before: usize, per_hour: i64) -> bool {
    let may_alone = usize::try_from(per_hour).unwrap_or(0);
    count != 1 || alone_before >= may_alone
}

/// A value as it is shown, with whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    pub named: Named,
    pub owner: OwnerId,
    pub owner_name: String,
    pub masked: String,
}

/// Whose page asks who saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    Vendor(OwnerId),
    /// A vendor's account.
    Account(OwnerId, OwnerId),
    Entity(EntityId),
    /// An account of ours.
    OwnAccount(OwnerId),
    /// What she saw.
    Person(PersonId),
    /// Whoever fetched a run's payment file.
    Run(OwnerId),
    /// Whoever opened a bill's document.
    Bill(OwnerId),
}

impl Object {
    /// The id by which the journal names it.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Self::Vendor(id)
            | Self::Account(_, id)
            | Self::OwnAccount(id)
            | Self::Run(id)
            | Self::Bill(id) => id.to_string(),
            Self::Entity(id) => id.to_string(),
            Self::Person(id) => id.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::keys::fields::{
        ALL, BILL_READING, IDEMPOTENT_ANSWER, JOB_SECRET, SSO_KEY, SSO_SECRET, SSO_SESSION_INDEX,
        SSO_SUBJECT, STREAM_SECRET, TOTP_SEED,
    };

    fn named(what: Revealable, last: u32) -> Named {
        let row = format!("01970000-0000-7000-8000-{last:012}");
        Named {
            what,
            row: row.parse().expect("an id"),
        }
    }

    /// A sealed field that somebody adds is decided on here.
    #[test]
    fn every_sealed_field_is_shown_to_people_or_to_nobody() {
        let to_nobody = [
            TOTP_SEED,
            BILL_READING,
            IDEMPOTENT_ANSWER,
            JOB_SECRET,
            SSO_SECRET,
            SSO_SUBJECT,
            SSO_SESSION_INDEX,
            SSO_KEY,
            STREAM_SECRET,
        ]
        .map(|field| field.number);
        for field in ALL {
            let mut shown = Revealable::ALL.iter().map(|one| one.field().number);
            let is_shown = shown.any(|number| number == field.number);
            let is_secret = to_nobody.contains(&field.number);
            assert_ne!(is_shown, is_secret, "{}.{}", field.table, field.column);
        }
    }

    #[test]
    fn a_value_is_read_back_from_its_name_and_nothing_else_is_one() {
        for what in Revealable::ALL {
            let value = named(*what, 7);
            assert_eq!(Named::parse(&value.to_string()), Some(value));
        }
        let row = named(Revealable::VendorIban, 7).row;
        for wrong in [
            "vendor-iban",
            "vendor-iban:7",
            &format!("totp-seed:{row}"),
            "",
        ] {
            assert_eq!(Named::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_sets_digest_knows_its_values_and_not_their_order() {
        let (one, two) = (
            named(Revealable::VendorIban, 1),
            named(Revealable::VendorIban, 2),
        );
        let other_field = named(Revealable::EntityIban, 1);
        assert_eq!(set_digest(&[one, two]), set_digest(&[two, one, two]));
        for set in [&[one][..], &[two], &[one, other_field], &[]] {
            assert_ne!(set_digest(&[one, two]), set_digest(set));
        }
    }

    #[test]
    fn one_human_sees_single_values_and_as_many_as_the_policy_says() {
        assert!(!takes_two(1, 0, 5) && !takes_two(1, 4, 5));
        assert!(takes_two(1, 5, 5) && takes_two(1, 6, 5));
        assert!(takes_two(1, 0, 0), "every one");
        assert!(takes_two(2, 0, 5) && takes_two(0, 0, 5));
    }
}
