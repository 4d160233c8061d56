//! What the journal's canonical words are called in the reader's language: actions, and who acted by which credential.
//!
//! The canonical word stays beside it wherever a detail is shown: it is what the journal commits to and what programs see.

use super::page::Page;
use crate::msg;

/// The message of an action; none where it is not known here.
fn message(action: &str) -> Option<&'static str> {
    Some(match action {
        "approval-policy.set" => msg!("did-approval-policy-set"),
        "approval.voided" => msg!("did-approval-voided"),
        "bank-account.awaits-verification" => msg!("did-bank-account-awaits-verification"),
        "bank-account.closed" => msg!("did-bank-account-closed"),
        "bank-account.entered" => msg!("did-bank-account-entered"),
        "bank-account.holds-rechecked" => msg!("did-bank-account-holds-rechecked"),
        "bank-account.rejected" => msg!("did-bank-account-rejected"),
        "bank-account.revealed" => msg!("did-bank-account-revealed"),
        "bank-account.verified" => msg!("did-bank-account-verified"),
        "bill.approved" => msg!("did-bill-approved"),
        "bill.cancelled" => msg!("did-bill-cancelled"),
        "bill.coded" => msg!("did-bill-coded"),
        "bill.corrected" => msg!("did-bill-corrected"),
        "bill.disputed" => msg!("did-bill-disputed"),
        "bill.held" => msg!("did-bill-held"),
        "bill.received" => msg!("did-bill-received"),
        "bill.rejected" => msg!("did-bill-rejected"),
        "bill.sent-back" => msg!("did-bill-sent-back"),
        "bill.settled-without-payment" => msg!("did-bill-settled-without-payment"),
        "bill.submitted" => msg!("did-bill-submitted"),
        "break-glass.used" => msg!("did-break-glass-used"),
        "chart.imported" => msg!("did-chart-imported"),
        "chart.seeded" => msg!("did-chart-seeded"),
        "cost-centre.added" => msg!("did-cost-centre-added"),
        "cost-centre.renamed" => msg!("did-cost-centre-renamed"),
        "cost-centre.restored" => msg!("did-cost-centre-restored"),
        "cost-centre.retired" => msg!("did-cost-centre-retired"),
        "delegation.ended" => msg!("did-delegation-ended"),
        "delegation.made" => msg!("did-delegation-made"),
        "delegation.made-alone" => msg!("did-delegation-made-alone"),
        "delegation.proposed" => msg!("did-delegation-proposed"),
        "delegation.refused" => msg!("did-delegation-refused"),
        "device.forgotten" => msg!("did-device-forgotten"),
        "device.remembered" => msg!("did-device-remembered"),
        "directory-group.changed" => msg!("did-directory-group-changed"),
        "directory-group.created" => msg!("did-directory-group-created"),
        "directory-group.deleted" => msg!("did-directory-group-deleted"),
        "directory-mapping.confirmed" => msg!("did-directory-mapping-confirmed"),
        "directory-mapping.ended" => msg!("did-directory-mapping-ended"),
        "directory-mapping.made-alone" => msg!("did-directory-mapping-made-alone"),
        "directory-mapping.proposed" => msg!("did-directory-mapping-proposed"),
        "directory-mapping.refused" => msg!("did-directory-mapping-refused"),
        "directory-member.added" => msg!("did-directory-member-added"),
        "directory-member.removed" => msg!("did-directory-member-removed"),
        "directory-role.given" => msg!("did-directory-role-given"),
        "directory-role.taken" => msg!("did-directory-role-taken"),
        "directory-token.confirmed" => msg!("did-directory-token-confirmed"),
        "directory-token.made-alone" => msg!("did-directory-token-made-alone"),
        "directory-token.proposed" => msg!("did-directory-token-proposed"),
        "directory-token.refused" => msg!("did-directory-token-refused"),
        "directory-token.revoked" => msg!("did-directory-token-revoked"),
        "directory-user.changed" => msg!("did-directory-user-changed"),
        "directory-user.created" => msg!("did-directory-user-created"),
        "directory-user.deleted" => msg!("did-directory-user-deleted"),
        "directory.created" => msg!("did-directory-created"),
        "document.opened" => msg!("did-document-opened"),
        "document.resealed" => msg!("did-document-resealed"),
        "document.received" => msg!("did-document-received"),
        "factor.confirmed" => msg!("did-factor-confirmed"),
        "factor.prepared" => msg!("did-factor-prepared"),
        "factor.removed" => msg!("did-factor-removed"),
        "factor.used" => msg!("did-factor-used"),
        "factors.reset" => msg!("did-factors-reset"),
        "factors.reset-by-operator" => msg!("did-factors-reset-by-operator"),
        "gl-account.added" => msg!("did-gl-account-added"),
        "gl-account.renamed" => msg!("did-gl-account-renamed"),
        "gl-account.restored" => msg!("did-gl-account-restored"),
        "gl-account.retired" => msg!("did-gl-account-retired"),
        "hold.released" => msg!("did-hold-released"),
        "human.joined" => msg!("did-human-joined"),
        "human.split" => msg!("did-human-split"),
        "human.split-proposed" => msg!("did-human-split-proposed"),
        "human.split-refused" => msg!("did-human-split-refused"),
        "journal.bundled" => msg!("did-journal-bundled"),
        "identity.linked" => msg!("did-identity-linked"),
        "identity.unlinked" => msg!("did-identity-unlinked"),
        "journal.exported" => msg!("did-journal-exported"),
        "journal.heartbeat" => msg!("did-journal-heartbeat"),
        "journal.restored" => msg!("did-journal-restored"),
        "journal.verified" => msg!("did-journal-verified"),
        "key-disposal.confirmed" => msg!("did-key-disposal-confirmed"),
        "key-disposal.proposed" => msg!("did-key-disposal-proposed"),
        "key-disposal.refused" => msg!("did-key-disposal-refused"),
        "key.destroyed" => msg!("did-key-destroyed"),
        "key.destroyed-again" => msg!("did-key-destroyed-again"),
        "keys.activated" => msg!("did-keys-activated"),
        "keys.backed-up" => msg!("did-keys-backed-up"),
        "keys.destroyed" => msg!("did-keys-destroyed"),
        "keys.resealed" => msg!("did-keys-resealed"),
        "keys.restored" => msg!("did-keys-restored"),
        "keys.rewrapped" => msg!("did-keys-rewrapped"),
        "keys.rotation-finished" => msg!("did-keys-rotation-finished"),
        "keys.rotation-ordered" => msg!("did-keys-rotation-ordered"),
        "keys.subject-destroyed" => msg!("did-keys-subject-destroyed"),
        "keys.told-again" => msg!("did-keys-told-again"),
        "legal-entity.created" => msg!("did-legal-entity-created"),
        "link.issued" => msg!("did-link-issued"),
        "link.used" => msg!("did-link-used"),
        "link.voided" => msg!("did-link-voided"),
        "organisation.created" => msg!("did-organisation-created"),
        "organisation.decided" => msg!("did-organisation-decided"),
        "passkey.added" => msg!("did-passkey-added"),
        "passkey.named" => msg!("did-passkey-named"),
        "passkey.removed" => msg!("did-passkey-removed"),
        "passkey.used" => msg!("did-passkey-used"),
        "password.changed" => msg!("did-password-changed"),
        "password.disowned" => msg!("did-password-disowned"),
        "password.emptied" => msg!("did-password-emptied"),
        "password.kept" => msg!("did-password-kept"),
        "password.rehashed" => msg!("did-password-rehashed"),
        "password.reset" => msg!("did-password-reset"),
        "password.set" => msg!("did-password-set"),
        "payment-run.countersigned" => msg!("did-payment-run-countersigned"),
        "payment-run.file-fetched" => msg!("did-payment-run-file-fetched"),
        "payment-run.file-generated" => msg!("did-payment-run-file-generated"),
        "payment-run.payment-removed" => msg!("did-payment-run-payment-removed"),
        "payment-run.payment-returned" => msg!("did-payment-run-payment-returned"),
        "payment-run.proposed" => msg!("did-payment-run-proposed"),
        "payment-run.released" => msg!("did-payment-run-released"),
        "payment-run.settled" => msg!("did-payment-run-settled"),
        "payment-run.voided" => msg!("did-payment-run-voided"),
        "person.created" => msg!("did-person-created"),
        "person.invited" => msg!("did-person-invited"),
        "person.joined" => msg!("did-person-joined"),
        "person.language-chosen" => msg!("did-person-language-chosen"),
        "person.readdressed" => msg!("did-person-readdressed"),
        "person.renamed" => msg!("did-person-renamed"),
        "person.resumed" => msg!("did-person-resumed"),
        "person.suspended" => msg!("did-person-suspended"),
        "policy.confirmed" => msg!("did-policy-confirmed"),
        "policy.proposed" => msg!("did-policy-proposed"),
        "policy.refused" => msg!("did-policy-refused"),
        "policy.replaced" => msg!("did-policy-replaced"),
        "policy.set" => msg!("did-policy-set"),
        "policy.set-alone" => msg!("did-policy-set-alone"),
        "power.confirmed" => msg!("did-power-confirmed"),
        "power.granted-alone" => msg!("did-power-granted-alone"),
        "power.proposed" => msg!("did-power-proposed"),
        "power.refused" => msg!("did-power-refused"),
        "power.replaced" => msg!("did-power-replaced"),
        "recovery-code.used" => msg!("did-recovery-code-used"),
        "recovery-codes.made" => msg!("did-recovery-codes-made"),
        "reveal.approved" => msg!("did-reveal-approved"),
        "reveal.asked" => msg!("did-reveal-asked"),
        "reveal.refused" => msg!("did-reveal-refused"),
        "reveal.withdrawn" => msg!("did-reveal-withdrawn"),
        "reset.asked" => msg!("did-reset-asked"),
        "role-change.confirmed" => msg!("did-role-change-confirmed"),
        "role-change.made-alone" => msg!("did-role-change-made-alone"),
        "role-change.proposed" => msg!("did-role-change-proposed"),
        "role-change.refused" => msg!("did-role-change-refused"),
        "role-change.replaced" => msg!("did-role-change-replaced"),
        "role.changed" => msg!("did-role-changed"),
        "role.granted" => msg!("did-role-granted"),
        "role.made" => msg!("did-role-made"),
        "role.retired" => msg!("did-role-retired"),
        "role.revoked" => msg!("did-role-revoked"),
        "root.introduced" => msg!("did-root-introduced"),
        "secret.revealed" => msg!("did-secret-revealed"),
        "service-account.created" => msg!("did-service-account-created"),
        "service-account.taken-over" => msg!("did-service-account-taken-over"),
        "session.advanced" => msg!("did-session-advanced"),
        "session.ended" => msg!("did-session-ended"),
        "session.factor-shown" => msg!("did-session-factor-shown"),
        "session.token-renewed" => msg!("did-session-token-renewed"),
        "session.started" => msg!("did-session-started"),
        "sign-in-key.made" => msg!("did-sign-in-key-made"),
        "sign-in-key.retired" => msg!("did-sign-in-key-retired"),
        "sign-in-metadata.fetched" => msg!("did-sign-in-metadata-fetched"),
        "sign-in-setting.confirmed" => msg!("did-sign-in-setting-confirmed"),
        "sign-in-setting.ended" => msg!("did-sign-in-setting-ended"),
        "sign-in-setting.made-alone" => msg!("did-sign-in-setting-made-alone"),
        "sign-in-setting.proposed" => msg!("did-sign-in-setting-proposed"),
        "sign-in-setting.refused" => msg!("did-sign-in-setting-refused"),
        "sign-in-setting.replaced" => msg!("did-sign-in-setting-replaced"),
        "sign-in-setting.used" => msg!("did-sign-in-setting-used"),
        "sign-in.disowned" => msg!("did-sign-in-disowned"),
        "sign-in.failed" => msg!("did-sign-in-failed"),
        "sign-in.vouched-for" => msg!("did-sign-in-vouched-for"),
        "stream.confirmed" => msg!("did-stream-confirmed"),
        "stream.failing" => msg!("did-stream-failing"),
        "stream.paused" => msg!("did-stream-paused"),
        "stream.proposed" => msg!("did-stream-proposed"),
        "stream.recovered" => msg!("did-stream-recovered"),
        "stream.refused" => msg!("did-stream-refused"),
        "stream.removed" => msg!("did-stream-removed"),
        "stream.replaced" => msg!("did-stream-replaced"),
        "stream.resumed" => msg!("did-stream-resumed"),
        "stream.secret-rotated" => msg!("did-stream-secret-rotated"),
        "stream.tested" => msg!("did-stream-tested"),
        "token.created" => msg!("did-token-created"),
        "token.revoked" => msg!("did-token-revoked"),
        "vendor.activated" => msg!("did-vendor-activated"),
        "vendor.archived" => msg!("did-vendor-archived"),
        "vendor.blocked" => msg!("did-vendor-blocked"),
        "vendor.changed" => msg!("did-vendor-changed"),
        "vendor.created" => msg!("did-vendor-created"),
        "vendor.holds-rechecked" => msg!("did-vendor-holds-rechecked"),
        "vendor.onboarding-begun" => msg!("did-vendor-onboarding-begun"),
        "vendor.requested" => msg!("did-vendor-requested"),
        "vendor.review-begun" => msg!("did-vendor-review-begun"),
        "vendor.suspended" => msg!("did-vendor-suspended"),
        _ => return None,
    })
}

/// An action in words. One that a later version wrote shows as it is.
#[must_use]
pub fn action(page: &Page, action: &str) -> String {
    match message(action) {
        Some(id) => page.t(id),
        None => action.replace(['.', '-'], " "),
    }
}

/// Who did it: the person, by a token where it was one; else what acted without one.
#[must_use]
pub fn actor(page: &Page, name: Option<&str>, credential_kind: &str) -> String {
    match (name, credential_kind) {
        (Some(name), "token") => page.t1("did-by-token", "name", name),
        (Some(name), _) => name.to_owned(),
        (None, "command-line") => page.t(msg!("did-by-operator")),
        (None, "directory") => page.t(msg!("did-by-directory")),
        (None, "link") => page.t(msg!("did-by-link")),
        (None, _) => page.t(msg!("did-by-itself")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of ours") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                into.push(path);
            }
        }
    }

    /// Tables whose columns are named where a key is disposed of.
    const TABLES: [&str; 2] = ["people", "vendors"];

    /// Whether a literal has the form of an action: two words of small letters around one full stop. A column that is named with
    /// its table has it as well.
    fn is_action(text: &str) -> bool {
        let word = |part: &str| {
            let fits = |c: char| c.is_ascii_lowercase() || c == '-';
            !part.is_empty() && part.chars().all(fits) && !part.starts_with('-')
        };
        text.split_once('.')
            .is_some_and(|(kind, did)| word(kind) && word(did) && !TABLES.contains(&kind))
    }

    /// What the rooms that write entries name, but for permissions and file names.
    #[test]
    fn every_action_that_the_program_journals_has_its_words() {
        let mut files = Vec::new();
        let wings = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for wing in ["identity", "payables", "assurance"] {
            sources(&wings.join(wing), &mut files);
        }
        let (mut known, mut missing) = (0, Vec::new());
        for file in files {
            let shown = file.display().to_string();
            if !shown.contains("/actions") && !shown.contains("/store") {
                continue;
            }
            let text = std::fs::read_to_string(&file).expect("a text");
            for literal in text.split('"').skip(1).step_by(2) {
                match message(literal) {
                    Some(_) => known += 1,
                    None if is_action(literal) => missing.push(format!("{shown}: {literal}")),
                    None => {}
                }
            }
        }
        assert!(known > 60, "{known} found");
        assert!(missing.is_empty(), "\n{}", missing.join("\n"));
    }

    #[test]
    fn those_without_an_account_are_named_by_what_acted() {
        let page = Page::signed_out(
            crate::platform::web::locale::Locale::En,
            "nav-journal",
            String::new(),
        );
        assert_eq!(actor(&page, Some("Ann"), "session"), "Ann");
        assert_eq!(actor(&page, Some("Ann"), "token"), "Ann, by API token");
        assert_eq!(
            actor(&page, None, "command-line"),
            "Command line (operator)"
        );
        assert_eq!(action(&page, "bill.received"), "Bill received");
        assert_eq!(action(&page, "moon.landed-on"), "moon landed on");
    }
}
