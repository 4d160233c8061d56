//! The pages of roles with sample data.

use super::views::{RolePage, RoleRow, RolesPage, WaitingRow};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

#[test]
fn the_pages_of_roles_render() {
    check("settings-roles", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(RolesPage::TITLE);
        let waiting = |is_own| WaitingRow {
            id: "0197".into(),
            what: "The role Travel desk shall give runs.release as well.".into(),
            proposed: "Proposed by Ann Lindqvist, 05 Nov 2026, 14:03.".into(),
            until: "Until 12 Nov 2026, 14:03.".into(),
            is_own,
        };
        let row = |holders: &str, state| RoleRow {
            href: "/settings/roles/0197".into(),
            name: "Travel desk".into(),
            permissions: "bills.read, bills.enter".into(),
            state,
            holders: holders.into(),
        };
        RolesPage {
            page,
            can_change: true,
            waiting: vec![waiting(false), waiting(true)],
            rows: vec![
                row("Tom Okafor", Badge::new(Tone::Good, "In use")),
                row("", Badge::new(Tone::Neutral, "Retired")),
            ],
        }
    });
    check("settings-role", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(RolePage::TITLE);
        let mut errors = FormErrors::default();
        errors.add("permissions", "Choose at least one permission.".into());
        RolePage {
            page,
            id: Some("0197".into()),
            action: "/settings/roles/0197".into(),
            retire: Some("/settings/roles/0197/retire".into()),
            can_change: true,
            name: "Travel desk".into(),
            permissions: vec![Choice::new(
                "bills.enter",
                "Enter and correct bills",
                "bills.enter",
            )],
            meeting: Some("Several duties meet in this role: entering, approving.".into()),
            holders: vec!["Tom Okafor".into()],
            errors,
        }
    });
}
