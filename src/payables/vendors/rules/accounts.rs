//! When a bank account may be paid (invariant 4). Pure: what was read is judged here, and nothing that was read is
//! believed unless a tag under the field root says so.

use countersign_bankfile::account::{Bic, Iban};
use countersign_sealing::Sealed;

use crate::identity::access::HumanId;
use crate::identity::humans::Humans;
use crate::payables::ids::{AccountId, VendorId};
use crate::payables::vendors::{StepId, VerificationId};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::{row, text_enum};

/// How long a change of account rests after its verification, so that a vendor who did not ask for it can be heard.
pub const COOLING_OFF_CHANGE_US: i64 = 24 * Micros::HOUR;
/// A vendor's first account rests no time: nobody is robbed of an account that is already known.
pub const COOLING_OFF_FIRST_US: i64 = 0;

const ACCOUNT_DOMAIN: &str = "bank-account/v1";
const STEP_DOMAIN: &str = "bank-account-step/v1";
const VERIFICATION_DOMAIN: &str = "bank-account-verification/v1";

text_enum! {
    /// The steps of a bank account; the newest is where it stands.
    pub enum AccountStatus {
        /// Somebody entered it.
        Submitted = "submitted",
        /// Somebody else has to call the vendor.
        CallBackPending = "call-back-pending",
        /// The other person called and approved it.
        SecondApproval = "second-approval",
        /// Approved, and not payable before the end of the rest.
        CoolingOff = "cooling-off",
        Verified = "verified",
        /// Another account of the vendor took its place.
        Superseded = "superseded",
        Rejected = "rejected",
    }
}

impl AccountStatus {
    /// Whether nothing will ever be paid to it again.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Superseded | Self::Rejected)
    }

    /// Whether it waits for the person who verifies.
    #[must_use]
    pub const fn awaits_verification(self) -> bool {
        matches!(self, Self::Submitted | Self::CallBackPending)
    }
}

row! {
    /// What was entered.
    #[derive(Debug)]
    pub struct Account {
        pub id: AccountId,
        pub vendor: VendorId,
        pub holder: String,
        pub iban_sealed: Sealed<String>,
        pub iban_masked: String,
        pub iban_index: Vec<u8>,
        pub bic: Option<String>,
        pub currency: String,
        pub entered_by: PersonId,
        pub entered_human: HumanId,
        pub entered: Micros,
    }
}

row! {
    /// One step of an account.
    #[derive(Debug, Clone)]
    pub struct Step {
        pub id: StepId,
        pub account: AccountId,
        /// From 1, without gaps.
        pub position: i64,
        pub status: AccountStatus,
        pub person: PersonId,
        pub human: HumanId,
        pub note: String,
        pub at: Micros,
        pub tag: Vec<u8>,
    }
}

row! {
    /// The record of a verification.
    #[derive(Debug, Clone)]
    pub struct Verification {
        pub id: VerificationId,
        pub vendor: VendorId,
        pub account: AccountId,
        pub account_digest: [u8; 32],
        pub entered_human: HumanId,
        pub verified_human: HumanId,
        pub cooling_off_end: Micros,
        pub verified: Micros,
        pub tag: Vec<u8>,
    }
}

impl Step {
    fn with_parts<R>(&self, use_parts: impl FnOnce(&[&[u8]]) -> R) -> R {
        use_parts(&[
            self.account.as_bytes(),
            &self.position.to_be_bytes(),
            self.status.as_str().as_bytes(),
            self.person.as_bytes(),
            self.human.as_bytes(),
            self.note.as_bytes(),
            &self.at.0.to_be_bytes(),
        ])
    }

    /// The step's tag under the field root.
    #[must_use]
    pub fn authenticate(&self, keys: &OrgKeys) -> Vec<u8> {
        self.with_parts(|parts| keys.authenticate(STEP_DOMAIN, parts))
            .to_vec()
    }

    fn is_authentic(&self, keys: &OrgKeys) -> bool {
        self.with_parts(|parts| keys.is_authentic(STEP_DOMAIN, parts, &self.tag))
    }
}

impl Verification {
    fn with_parts<R>(&self, use_parts: impl FnOnce(&[&[u8]]) -> R) -> R {
        use_parts(&[
            self.vendor.as_bytes(),
            self.account.as_bytes(),
            &self.account_digest,
            self.entered_human.as_bytes(),
            self.verified_human.as_bytes(),
            &self.cooling_off_end.0.to_be_bytes(),
            &self.verified.0.to_be_bytes(),
        ])
    }

    /// The record's tag under the field root.
    #[must_use]
    pub fn authenticate(&self, keys: &OrgKeys) -> Vec<u8> {
        self.with_parts(|parts| keys.authenticate(VERIFICATION_DOMAIN, parts))
            .to_vec()
    }

    fn is_authentic(&self, keys: &OrgKeys) -> bool {
        self.with_parts(|parts| keys.is_authentic(VERIFICATION_DOMAIN, parts, &self.tag))
    }
}

/// The digest of an account: vendor, account, IBAN, holder, BIC and currency. It is keyed (HMAC-SHA256 under the field
/// root), since an IBAN has so few possible values that a plain hash beside it could be searched.
#[must_use]
pub fn digest(keys: &OrgKeys, account: &Account, vendor: VendorId, iban: &Iban) -> [u8; 32] {
    let parts: [&[u8]; 6] = [
        vendor.as_bytes(),
        account.id.as_bytes(),
        iban.expose().as_bytes(),
        account.holder.as_bytes(),
        account.bic.as_deref().unwrap_or_default().as_bytes(),
        account.currency.as_bytes(),
    ];
    keys.authenticate(ACCOUNT_DOMAIN, &parts)
}

/// An account with all that was recorded of it.
#[derive(Debug)]
pub struct Dossier {
    pub account: Account,
    /// The oldest first.
    pub steps: Vec<Step>,
    pub verification: Option<Verification>,
}

/// What was altered behind the application's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Altered {
    #[error("the sealed IBAN does not open for this vendor")]
    Iban,
    #[error("the account is not the one that was verified")]
    Account,
    #[error("the record of its verification was not made by Countersign")]
    Verification,
    #[error("the steps of the account were not all made by Countersign")]
    Steps,
}

/// Why an account cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "the bank account is {0}, not verified; another person has to call the vendor and verify it"
    )]
    NotVerified(AccountStatus),
    #[error("the bank account is {0}; enter and verify the vendor's new one")]
    Closed(AccountStatus),
    #[error("the change of bank account rests until {}", .until.timestamp())]
    CoolingOff { until: Micros },
    #[error(
        "one human entered and verified the bank account; enter it anew and have somebody else verify it"
    )]
    SameHuman,
    #[error("{0}; do not pay it, tell the security officer, and enter and verify it anew")]
    Altered(Altered),
}

impl Dossier {
    /// Where the account stands by its newest step.
    #[must_use]
    pub fn status(&self) -> AccountStatus {
        self.steps
            .last()
            .map_or(AccountStatus::Submitted, |step| step.status)
    }

    /// Where it stands at a moment: a rest that is over has made it verified.
    #[must_use]
    pub fn status_at(&self, now: Micros) -> AccountStatus {
        match (self.status(), &self.verification) {
            (AccountStatus::CoolingOff, Some(record)) if now >= record.cooling_off_end => {
                AccountStatus::Verified
            }
            (status, _) => status,
        }
    }

    /// The human who entered it, if the first step and the account agree.
    ///
    /// # Errors
    /// [`Altered::Steps`], so that nobody verifies her own entry after the account's row was given to somebody else.
    pub fn entered_human(&self, keys: &OrgKeys) -> Result<HumanId, Altered> {
        self.check_steps(keys)?;
        let first = self.steps.first().ok_or(Altered::Steps)?;
        let fits = first.status == AccountStatus::Submitted
            && first.human == self.account.entered_human
            && first.person == self.account.entered_by;
        if fits {
            Ok(first.human)
        } else {
            Err(Altered::Steps)
        }
    }

    fn check_steps(&self, keys: &OrgKeys) -> Result<(), Altered> {
        let fits = self.steps.iter().zip(1..).all(|(step, position)| {
            step.position == position && step.account == self.account.id && step.is_authentic(keys)
        });
        if fits { Ok(()) } else { Err(Altered::Steps) }
    }

    /// Whether the account may be paid as the vendor's at this moment, given the IBAN that was opened.
    ///
    /// # Errors
    /// [`Refusal`], the gravest first.
    pub fn judge(
        &self,
        (keys, humans): (&OrgKeys, &Humans),
        vendor: VendorId,
        iban: &Iban,
        now: Micros,
    ) -> Result<&Verification, Refusal> {
        let entered = self.entered_human(keys).map_err(Refusal::Altered)?;
        let Some(record) = &self.verification else {
            return Err(match self.status() {
                status if status.is_closed() => Refusal::Closed(status),
                AccountStatus::Submitted | AccountStatus::CallBackPending => {
                    Refusal::NotVerified(self.status())
                }
                // A step says that it was verified, and no record does.
                _ => Refusal::Altered(Altered::Verification),
            });
        };
        if !record.is_authentic(keys) {
            return Err(Refusal::Altered(Altered::Verification));
        }
        let same_account = record.vendor == vendor
            && record.account == self.account.id
            && record.account_digest == digest(keys, &self.account, vendor, iban);
        if !same_account {
            return Err(Refusal::Altered(Altered::Account));
        }
        let approved = |step: &Step| {
            step.status == AccountStatus::SecondApproval && step.human == record.verified_human
        };
        if record.entered_human != entered || !self.steps.iter().any(approved) {
            return Err(Refusal::Altered(Altered::Steps));
        }
        if humans.are_one(record.entered_human, record.verified_human) {
            return Err(Refusal::SameHuman);
        }
        match self.status() {
            status if status.is_closed() => Err(Refusal::Closed(status)),
            AccountStatus::CoolingOff | AccountStatus::Verified => {
                let until = record.cooling_off_end;
                if now < until {
                    return Err(Refusal::CoolingOff { until });
                }
                Ok(record)
            }
            status => Err(Refusal::NotVerified(status)),
        }
    }
}

/// What was typed of a bank account, checked.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub holder: String,
    pub iban: Iban,
    pub bic: Option<Bic>,
    /// ISO 4217.
    pub currency: countersign_money::Currency,
    /// How it became known, and what the person saw.
    pub source: String,
}

/// EPC132-08 gives a creditor's name 70 characters.
pub const MAX_HOLDER_CHARS: usize = 70;

/// What the person who verifies heard and did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallBack {
    /// The account's last four characters as the vendor read them out.
    pub last_four: String,
    /// Who was called.
    pub spoke_with: String,
    /// The number that was called.
    pub number: String,
    /// Since when and from where that number is known: never from the request itself.
    pub number_known_from: String,
    pub comment: String,
}

impl CallBack {
    /// The first field that is missing.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        [
            ("last_four", &self.last_four),
            ("spoke_with", &self.spoke_with),
            ("number", &self.number),
            ("number_known_from", &self.number_known_from),
        ]
        .into_iter()
        .find(|(_, text)| text.trim().is_empty())
        .map(|(field, _)| field)
    }

    /// As the step keeps it.
    #[must_use]
    pub fn note(&self) -> String {
        let mut note = format!(
            "Called {} at {} (known from {}).",
            self.spoke_with.trim(),
            self.number.trim(),
            self.number_known_from.trim()
        );
        if !self.comment.trim().is_empty() {
            note.push(' ');
            note.push_str(self.comment.trim());
        }
        note
    }
}

/// How long an account rests once it is verified.
#[must_use]
pub const fn cooling_off_us(is_first_of_vendor: bool) -> i64 {
    if is_first_of_vendor {
        COOLING_OFF_FIRST_US
    } else {
        COOLING_OFF_CHANGE_US
    }
}
