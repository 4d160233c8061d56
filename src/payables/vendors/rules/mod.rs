//! What may become of a vendor, what it must have, and how it is found. Pure.

pub mod accounts;
pub mod matching;
pub mod names;
pub mod questions;
pub mod tax_ids;

use countersign_bankfile::account::Country;

use crate::text_enum;

text_enum! {
    /// Where a vendor stands. Only an active one is paid.
    pub enum VendorStatus {
        /// Made from a document; somebody has to look at it.
        Requested = "requested",
        /// Its data are being gathered.
        Onboarding = "onboarding",
        /// Complete, and looked at.
        InReview = "in-review",
        Active = "active",
        /// Not paid for now.
        Suspended = "suspended",
        /// Not paid, and only a new review opens it again.
        Blocked = "blocked",
        /// No longer used.
        Archived = "archived",
    }
}

impl VendorStatus {
    /// Whether a person may move a vendor from here to `to`.
    #[must_use]
    pub const fn may_become(self, to: Self) -> bool {
        use VendorStatus as S;
        match self {
            S::Requested => matches!(
                to,
                S::Onboarding | S::InReview | S::Active | S::Blocked | S::Archived
            ),
            S::Onboarding => matches!(to, S::InReview | S::Active | S::Blocked | S::Archived),
            S::InReview => matches!(to, S::Onboarding | S::Active | S::Blocked | S::Archived),
            S::Active => matches!(to, S::Suspended | S::Blocked | S::Archived),
            S::Suspended => matches!(to, S::Active | S::Blocked | S::Archived),
            S::Blocked => matches!(to, S::InReview | S::Archived),
            S::Archived => matches!(to, S::InReview),
        }
    }

    /// Whether the step to this state has to be explained.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Suspended | Self::Blocked | Self::Archived)
    }

    /// Whether bank accounts can be entered and verified.
    #[must_use]
    pub const fn takes_accounts(self) -> bool {
        !matches!(self, Self::Blocked | Self::Archived)
    }
}

/// The longest terms that a vendor gives, in days.
pub const MAX_TERMS_DAYS: i64 = 365;
/// The longest explanation of a step.
pub const MAX_REASON_CHARS: usize = 1000;

/// A vendor's data as typed or read, but for its ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// BT-27.
    pub name: String,
    /// Others by which it is known, one a line: a document that bears one of them names this vendor.
    pub other_names: String,
    /// BT-40, ISO 3166-1.
    pub country: String,
    /// BT-35 without the number.
    pub street: String,
    pub building: String,
    /// BT-38.
    pub post_code: String,
    /// BT-37.
    pub town: String,
    /// Days from a bill's date to its due date where the document has none.
    pub terms_days: i64,
    pub default_gl_account: Option<String>,
    pub default_cost_centre: Option<String>,
}

/// A field of a vendor and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The form field's name.
    pub field: &'static str,
    pub kind: FaultKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    Empty,
    TooLong {
        most: usize,
    },
    NotACountry,
    NotATerm,
    TooManyNames,
    /// An id without a letter or a digit, or a longer one than any register gives.
    NotAnId,
    /// A VAT id that has not the form of its country, and an example of one that has.
    NotAVatId {
        example: &'static str,
    },
}

/// How many other names a vendor has at most, each as long as its name.
const MAX_OTHER_NAMES: usize = 20;
/// BT-27 as ISO 20022 lets a name be.
const MAX_NAME_CHARS: usize = 140;

/// A form field, how to read it, and how many characters it may have.
type Length = (&'static str, fn(&Facts) -> &str, usize);

/// Longest texts: what ISO 20022 lets an address have, since they go into payment files.
const LENGTHS: [Length; 5] = [
    ("name", |facts| &facts.name, MAX_NAME_CHARS),
    ("street", |facts| &facts.street, 70),
    ("building", |facts| &facts.building, 16),
    ("post_code", |facts| &facts.post_code, 16),
    ("town", |facts| &facts.town, 35),
];

impl Facts {
    /// Without the white space around what was typed.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let text = |text: &str| text.trim().to_owned();
        let code = |code: &Option<String>| {
            code.as_deref()
                .map(str::trim)
                .filter(|code| !code.is_empty())
                .map(ToOwned::to_owned)
        };
        let lines = self.other_names.lines().map(str::trim);
        let other_names: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        Self {
            name: text(&self.name),
            other_names: other_names.join("\n"),
            country: text(&self.country).to_uppercase(),
            street: text(&self.street),
            building: text(&self.building),
            post_code: text(&self.post_code),
            town: text(&self.town),
            terms_days: self.terms_days,
            default_gl_account: code(&self.default_gl_account),
            default_cost_centre: code(&self.default_cost_centre),
        }
    }

    /// What a person has to mend before these data can be kept.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut found = |field, kind| faults.push(Fault { field, kind });
        if self.name.is_empty() {
            found("name", FaultKind::Empty);
        }
        for (field, text, most) in LENGTHS {
            if text(self).chars().count() > most {
                found(field, FaultKind::TooLong { most });
            }
        }
        if !self.country.is_empty() && self.country.parse::<Country>().is_err() {
            found("country", FaultKind::NotACountry);
        }
        if !(0..=MAX_TERMS_DAYS).contains(&self.terms_days) {
            found("terms_days", FaultKind::NotATerm);
        }
        let mut others = self.other_names.lines();
        if others.clone().count() > MAX_OTHER_NAMES
            || others.any(|name| name.chars().count() > MAX_NAME_CHARS)
        {
            found("other_names", FaultKind::TooManyNames);
        }
        faults
    }

    /// As a document gives them: what cannot be kept is cut or left empty, since a requested vendor is for people to
    /// complete and the document itself is kept.
    #[must_use]
    pub fn as_far_as_it_fits(&self) -> Self {
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        let mut facts = self.trimmed();
        facts.name = cut(&facts.name, MAX_NAME_CHARS);
        facts.street = cut(&facts.street, 70);
        facts.building = cut(&facts.building, 16);
        facts.post_code = cut(&facts.post_code, 16);
        facts.town = cut(&facts.town, 35);
        if facts.country.parse::<Country>().is_err() {
            facts.country.clear();
        }
        facts.terms_days = facts.terms_days.clamp(0, MAX_TERMS_DAYS);
        facts
    }

    /// What is missing before the vendor can become active: the structured address that banks demand (EPC153-22).
    #[must_use]
    pub fn missing_for_activation(&self) -> Vec<&'static str> {
        [
            ("name", &self.name),
            ("country", &self.country),
            ("town", &self.town),
        ]
        .into_iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(field, _)| field)
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requested_vendor_is_reached_by_no_step_and_a_blocked_one_comes_back_by_review_alone() {
        for from in VendorStatus::ALL {
            assert!(!from.may_become(VendorStatus::Requested), "{from}");
            assert!(!from.may_become(*from), "{from}");
        }
        let from_blocked: Vec<_> = VendorStatus::ALL
            .iter()
            .filter(|to| VendorStatus::Blocked.may_become(**to))
            .collect();
        assert_eq!(
            from_blocked,
            [&VendorStatus::InReview, &VendorStatus::Archived]
        );
    }

    #[test]
    fn what_is_wrong_is_named_by_field() {
        let facts = Facts {
            name: String::new(),
            country: "XX".into(),
            town: "t".repeat(36),
            terms_days: 366,
            ..Facts::default()
        };
        let fields: Vec<_> = facts.faults().iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["name", "town", "country", "terms_days"]);
        assert!(facts.as_far_as_it_fits().faults().len() == 1);
        assert_eq!(
            Facts::default().missing_for_activation(),
            ["name", "country", "town"]
        );
    }
}
