//! The page of the security policy with sample data.

use super::views::{PolicyPage, WaitingRow};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Choice, FormErrors};

#[test]
fn the_page_of_the_policy_renders() {
    check("settings-security", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(PolicyPage::TITLE);
        let row = |is_own| WaitingRow {
            id: "0197".into(),
            lines: vec!["Passkeys alone are second factors.".into()],
            proposed: "Proposed by Ann Lindqvist, 05 Nov 2026, 14:03.".into(),
            until: "Until 12 Nov 2026, 14:03.".into(),
            is_own,
        };
        let mut errors = FormErrors::default();
        errors.add("idle_minutes", "This cannot be asked.".into());
        PolicyPage {
            page,
            lines: vec!["An app or a passkey.".into()],
            waiting: vec![row(false), row(true)],
            factors: vec![Choice::new("any", "An app or a passkey", "any")],
            are_passkeys_possible: false,
            can_change: true,
            fresh_minutes: "10".into(),
            idle_minutes: String::new(),
            longest_minutes: "480".into(),
            idle_hint: "At most 60.".into(),
            longest_hint: "At most 720.".into(),
            pci: vec![Choice::new("off", "Off", "off")],
            reveals_per_hour: "5".into(),
            errors,
        }
    });
}
