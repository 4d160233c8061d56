//! Which event class of the Open Cybersecurity Schema Framework each action of the journal is.
//!
//! What concerns accounts and ways in has the classes of identity and access management; what people do with bills, vendors
//! and payments is activity on web resources. An activity that a class has no word for is its `Other`.

/// An event class of OCSF 1.3.0, by its `class_uid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    AccountChange = 3001,
    Authentication = 3002,
    EntityManagement = 3004,
    UserAccess = 3005,
    WebResources = 6001,
}

impl Class {
    pub(super) const fn uid(self) -> u16 {
        self as u16
    }

    pub(super) const fn caption(self) -> &'static str {
        match self {
            Self::AccountChange => "Account Change",
            Self::Authentication => "Authentication",
            Self::EntityManagement => "Entity Management",
            Self::UserAccess => "User Access Management",
            Self::WebResources => "Web Resources Activity",
        }
    }

    /// Number and caption of the category, which is the thousands of the class.
    pub(super) const fn category(self) -> (u16, &'static str) {
        match self {
            Self::WebResources => (6, "Application Activity"),
            _ => (3, "Identity & Access Management"),
        }
    }

    /// What an `activity_id` of the class is called.
    pub(super) fn activity(self, id: u8) -> Option<&'static str> {
        let names: &[&str] = match self {
            Self::AccountChange => &[
                "Create",
                "Enable",
                "Password Change",
                "Password Reset",
                "Disable",
                "Delete",
                "Attach Policy",
                "Detach Policy",
                "Lock",
                "MFA Factor Enable",
                "MFA Factor Disable",
            ],
            Self::Authentication => &["Logon", "Logoff"],
            Self::EntityManagement => &["Create", "Read", "Update", "Delete"],
            Self::UserAccess => &["Assign Privileges", "Revoke Privileges"],
            Self::WebResources => &[
                "Create", "Read", "Update", "Delete", "Search", "Import", "Export", "Share",
            ],
        };
        let place = usize::from(id).checked_sub(1)?;
        names.get(place).copied()
    }
}

/// The activity of every class that has no word of its own.
pub(super) const OTHER: u8 = 99;

const CREATE: u8 = 1;
const READ: u8 = 2;
const UPDATE: u8 = 3;
const DELETE: u8 = 4;
const IMPORT: u8 = 6;
const EXPORT: u8 = 7;

/// Class and activity of an action; none where it is not known here.
pub(super) fn of(action: &str) -> Option<(Class, u8)> {
    authentication(action)
        .or_else(|| account(action))
        .or_else(|| administration(action))
        .or_else(|| business(action))
}

fn authentication(action: &str) -> Option<(Class, u8)> {
    let activity = match action {
        "session.started" | "sign-in.failed" => 1,
        "session.ended" => 2,
        "break-glass.used"
        | "factor.used"
        | "link.used"
        | "passkey.used"
        | "recovery-code.used"
        | "session.advanced"
        | "session.factor-shown"
        | "session.token-renewed"
        | "sign-in.disowned"
        | "sign-in.vouched-for" => OTHER,
        _ => return None,
    };
    Some((Class::Authentication, activity))
}

fn account(action: &str) -> Option<(Class, u8)> {
    let activity = match action {
        "role.granted" | "directory-role.given" => return Some((Class::UserAccess, 1)),
        "role.revoked" | "directory-role.taken" => return Some((Class::UserAccess, 2)),
        "person.created" | "person.invited" | "service-account.created" => 1,
        "directory-user.created" => 1,
        "person.joined" | "person.resumed" => 2,
        "password.changed" | "password.set" => 3,
        "password.reset" | "reset.asked" => 4,
        "person.suspended" => 5,
        "directory-user.deleted" => 6,
        "factor.confirmed" | "passkey.added" => 10,
        "factor.removed" | "factors.reset" | "factors.reset-by-operator" | "passkey.removed" => 11,
        "directory-user.changed"
        | "factor.prepared"
        | "identity.linked"
        | "identity.unlinked"
        | "passkey.named"
        | "password.disowned"
        | "password.emptied"
        | "password.kept"
        | "password.rehashed"
        | "person.language-chosen"
        | "person.readdressed"
        | "person.renamed"
        | "recovery-codes.made"
        | "service-account.taken-over" => OTHER,
        _ => return None,
    };
    Some((Class::AccountChange, activity))
}

/// Settings, what gives power, and what is proposed and decided about it.
fn administration(action: &str) -> Option<(Class, u8)> {
    let activity = match action {
        "chart.imported"
        | "chart.seeded"
        | "cost-centre.added"
        | "delegation.made"
        | "delegation.made-alone"
        | "delegation.proposed"
        | "device.remembered"
        | "directory-group.created"
        | "directory-mapping.made-alone"
        | "directory-mapping.proposed"
        | "directory-member.added"
        | "directory-token.made-alone"
        | "directory-token.proposed"
        | "directory.created"
        | "gl-account.added"
        | "human.joined"
        | "human.split-proposed"
        | "key-disposal.proposed"
        | "keys.backed-up"
        | "keys.rotation-ordered"
        | "legal-entity.created"
        | "link.issued"
        | "organisation.created"
        | "policy.proposed"
        | "power.granted-alone"
        | "power.proposed"
        | "role-change.made-alone"
        | "reveal.asked"
        | "role-change.proposed"
        | "role.made"
        | "root.introduced"
        | "sign-in-key.made"
        | "sign-in-setting.made-alone"
        | "sign-in-setting.proposed"
        | "stream.proposed"
        | "token.created" => CREATE,
        "journal.verified" | "sign-in-metadata.fetched" | "sign-in-setting.used" => READ,
        "approval-policy.set"
        | "cost-centre.renamed"
        | "cost-centre.restored"
        | "directory-group.changed"
        | "directory-mapping.confirmed"
        | "directory-token.confirmed"
        | "gl-account.renamed"
        | "gl-account.restored"
        | "document.resealed"
        | "key-disposal.confirmed"
        | "keys.activated"
        | "keys.resealed"
        | "keys.restored"
        | "keys.rewrapped"
        | "keys.rotation-finished"
        | "keys.told-again"
        | "organisation.decided"
        | "policy.confirmed"
        | "policy.set"
        | "policy.set-alone"
        | "power.confirmed"
        | "reveal.approved"
        | "role-change.confirmed"
        | "role.changed"
        | "sign-in-setting.confirmed"
        | "stream.confirmed"
        | "stream.paused"
        | "stream.resumed"
        | "stream.secret-rotated" => UPDATE,
        "cost-centre.retired"
        | "delegation.ended"
        | "delegation.refused"
        | "device.forgotten"
        | "directory-group.deleted"
        | "directory-mapping.ended"
        | "directory-mapping.refused"
        | "directory-member.removed"
        | "directory-token.refused"
        | "directory-token.revoked"
        | "gl-account.retired"
        | "human.split"
        | "human.split-refused"
        | "key-disposal.refused"
        | "key.destroyed"
        | "key.destroyed-again"
        | "keys.destroyed"
        | "keys.subject-destroyed"
        | "link.voided"
        | "policy.refused"
        | "policy.replaced"
        | "power.refused"
        | "power.replaced"
        | "reveal.refused"
        | "reveal.withdrawn"
        | "role-change.refused"
        | "role-change.replaced"
        | "role.retired"
        | "sign-in-key.retired"
        | "sign-in-setting.ended"
        | "sign-in-setting.refused"
        | "sign-in-setting.replaced"
        | "stream.refused"
        | "stream.removed"
        | "stream.replaced"
        | "token.revoked" => DELETE,
        "journal.heartbeat" | "journal.restored" | "stream.failing" | "stream.recovered"
        | "stream.tested" => OTHER,
        _ => return None,
    };
    Some((Class::EntityManagement, activity))
}

/// Bills, vendors, accounts and payments, and the journal where it leaves the house.
fn business(action: &str) -> Option<(Class, u8)> {
    let activity = match action {
        "bank-account.entered"
        | "payment-run.file-generated"
        | "payment-run.proposed"
        | "vendor.created"
        | "vendor.requested" => CREATE,
        "bank-account.revealed" | "document.opened" | "secret.revealed" => READ,
        "approval.voided"
        | "bank-account.awaits-verification"
        | "bank-account.holds-rechecked"
        | "bank-account.rejected"
        | "bank-account.verified"
        | "bill.approved"
        | "bill.cancelled"
        | "bill.coded"
        | "bill.corrected"
        | "bill.disputed"
        | "bill.held"
        | "bill.rejected"
        | "bill.sent-back"
        | "bill.settled-without-payment"
        | "bill.submitted"
        | "hold.released"
        | "payment-run.countersigned"
        | "payment-run.payment-removed"
        | "payment-run.payment-returned"
        | "payment-run.released"
        | "payment-run.settled"
        | "vendor.activated"
        | "vendor.blocked"
        | "vendor.changed"
        | "vendor.holds-rechecked"
        | "vendor.onboarding-begun"
        | "vendor.review-begun"
        | "vendor.suspended" => UPDATE,
        "bank-account.closed" | "payment-run.voided" | "vendor.archived" => DELETE,
        "bill.received" | "document.received" => IMPORT,
        "journal.bundled" | "journal.exported" | "payment-run.file-fetched" => EXPORT,
        _ => return None,
    };
    Some((Class::WebResources, activity))
}
