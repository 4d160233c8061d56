//! What programs send and get. Sealed values go in and never come out.

use countersign_sealing::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::payables::vendors::actions::{AccountView, IdChanges};
use crate::payables::vendors::rules::Facts;
use crate::payables::vendors::store::accounts::ClosedBefore;
use crate::payables::vendors::store::{IdChange, Listed, Vendor};

/// A page of vendors.
#[derive(Debug, Serialize, ToSchema)]
pub struct VendorsBody {
    pub vendors: Vec<ListedBody>,
    /// `after` of the next page; none on the last.
    pub next: Option<String>,
}

/// A vendor in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedBody {
    pub id: String,
    pub name: String,
    pub status: String,
    pub country: String,
    pub town: String,
    /// Bills that are neither paid, rejected nor cancelled.
    pub open_bills: i64,
}

impl From<Listed> for ListedBody {
    fn from(listed: Listed) -> Self {
        Self {
            id: listed.id.to_string(),
            name: listed.name,
            status: listed.status.to_string(),
            country: listed.country,
            town: listed.town,
            open_bills: listed.open_bills,
        }
    }
}

/// A vendor.
#[derive(Debug, Serialize, ToSchema)]
pub struct VendorBody {
    pub id: String,
    pub version: i64,
    pub name: String,
    /// Others by which it is known: a document that bears one of them names this vendor.
    pub other_names: Vec<String>,
    /// `requested`, `onboarding`, `in-review`, `active`, `suspended`, `blocked` or `archived`.
    pub status: String,
    /// ISO 3166-1.
    pub country: String,
    pub street: String,
    pub building: String,
    pub post_code: String,
    pub town: String,
    pub vat_id_masked: Option<String>,
    pub legal_id_masked: Option<String>,
    pub terms_days: i64,
    pub default_gl_account: Option<String>,
    pub default_cost_centre: Option<String>,
}

impl From<Vendor> for VendorBody {
    fn from(vendor: Vendor) -> Self {
        Self {
            id: vendor.id.to_string(),
            version: vendor.version,
            name: vendor.name,
            other_names: vendor
                .other_names
                .unwrap_or_default()
                .lines()
                .map(ToOwned::to_owned)
                .collect(),
            status: vendor.status.to_string(),
            country: vendor.country,
            street: vendor.street,
            building: vendor.building,
            post_code: vendor.post_code,
            town: vendor.town,
            vat_id_masked: vendor.vat_id_masked,
            legal_id_masked: vendor.legal_id_masked,
            terms_days: vendor.terms_days,
            default_gl_account: vendor.default_gl_account,
            default_cost_centre: vendor.default_cost_centre,
        }
    }
}

/// A new vendor. No Debug: it holds tax ids.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVendorBody {
    name: String,
    #[serde(default)]
    other_names: Vec<String>,
    #[serde(default)]
    country: String,
    #[serde(default)]
    street: String,
    #[serde(default)]
    building: String,
    #[serde(default)]
    post_code: String,
    #[serde(default)]
    town: String,
    #[serde(default)]
    vat_id: Option<String>,
    #[serde(default)]
    legal_id: Option<String>,
    /// 30 without it.
    #[serde(default)]
    terms_days: Option<i64>,
    #[serde(default)]
    default_gl_account: Option<String>,
    #[serde(default)]
    default_cost_centre: Option<String>,
}

impl NewVendorBody {
    pub(super) fn into_facts(self) -> (Facts, IdChanges) {
        let change = |id: Option<String>| match id {
            Some(id) if !id.trim().is_empty() => IdChange::Set(Secret::new(id)),
            _ => IdChange::Keep,
        };
        let facts = Facts {
            name: self.name,
            other_names: self.other_names.join("\n"),
            country: self.country,
            street: self.street,
            building: self.building,
            post_code: self.post_code,
            town: self.town,
            terms_days: self.terms_days.unwrap_or(30),
            default_gl_account: self.default_gl_account,
            default_cost_centre: self.default_cost_centre,
        };
        let ids = IdChanges {
            vat_id: change(self.vat_id),
            legal_id: change(self.legal_id),
        };
        (facts, ids)
    }
}

/// A step of a vendor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusBody {
    /// The version as it was read.
    pub version: i64,
    pub status: String,
    /// Needed to suspend, block and archive, and to open again.
    #[serde(default)]
    pub reason: String,
}

/// The id of what was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdBody {
    pub id: String,
}

/// The version afterwards.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionBody {
    pub version: i64,
}

/// A bank account, masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountBody {
    pub id: String,
    pub iban_masked: String,
    pub holder: String,
    pub bic: Option<String>,
    pub currency: String,
    /// `submitted`, `call-back-pending`, `second-approval`, `cooling-off`, `verified`, `superseded` or `rejected`.
    pub status: String,
    /// From when it is payable, in microseconds since 1970 UTC; none before its verification.
    pub payable_from_us: Option<i64>,
}

impl From<AccountView> for AccountBody {
    fn from(account: AccountView) -> Self {
        Self {
            id: account.id.to_string(),
            iban_masked: account.masked,
            holder: account.holder,
            bic: account.bic,
            currency: account.currency,
            status: account.status.to_string(),
            payable_from_us: account.cooling_off_end.map(|at| at.0),
        }
    }
}

/// A bank account to enter. No Debug: it holds an IBAN.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccountBody {
    pub holder: String,
    pub iban: String,
    #[serde(default)]
    pub bic: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// How it became known, and what was seen.
    pub source: String,
}

/// An account that was entered.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnteredBody {
    pub id: String,
    /// Names of other vendors with the same IBAN: a group's common account, or a forger's.
    pub vendors_with_same_iban: Vec<String>,
    /// Where the same IBAN was rejected or replaced before. Ask who did it before the account is verified.
    pub closed_before: Vec<ClosedBeforeBody>,
}

/// An earlier account with the same IBAN that is closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosedBeforeBody {
    pub account: String,
    pub vendor: String,
    pub vendor_name: String,
    /// `rejected` or `superseded`.
    pub status: String,
    /// Who closed it.
    pub by: String,
    /// In microseconds since 1970 UTC.
    pub at_us: i64,
    pub reason: String,
}

impl From<ClosedBefore> for ClosedBeforeBody {
    fn from(closed: ClosedBefore) -> Self {
        Self {
            account: closed.account.to_string(),
            vendor: closed.vendor.to_string(),
            vendor_name: closed.vendor_name,
            status: closed.status.to_string(),
            by: closed.person,
            at_us: closed.at.0,
            reason: closed.note,
        }
    }
}

/// A verification after a call to the vendor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationBody {
    /// The account's last four characters as the vendor read them out.
    pub last_four: String,
    pub spoke_with: String,
    pub number: String,
    /// From where the number is known: never from the request itself.
    pub number_known_from: String,
    #[serde(default)]
    pub comment: String,
}

/// From when the account may be paid, in microseconds since 1970 UTC.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerifiedBody {
    pub payable_from_us: i64,
}
