//! The page of one's own factors with sample data.

use super::views::{EnrolPasskeyPage, PasskeyRow, SecurityPage};
use crate::platform::web::messages::Messages;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::FormErrors;

#[test]
fn the_page_of_ones_own_factors_renders() {
    for (name, has_app, is_fresh, count) in [
        ("security", true, true, 2),
        ("security-step-up", true, false, 1),
        ("security-passkeys-only", false, true, 1),
        ("security-none", true, true, 0),
    ] {
        check(name, |locale| {
            let title = Messages::text(locale, SecurityPage::TITLE);
            let mut errors = FormErrors::default();
            if count == 1 {
                errors.add("factors", "Show a factor first.".into());
            }
            if count == 1 && is_fresh {
                errors.add("passkey", "The passkey is not accepted.".into());
            }
            SecurityPage {
                page: sample_page(locale, Section::Home, &title),
                has_app,
                are_codes_taken: true,
                is_app_last: false,
                passkeys: (0..count)
                    .map(|number| PasskeyRow {
                        id: format!("01970000-0000-7000-8000-00000000000{number}"),
                        name: format!("Laptop {number}"),
                        created: "05 Nov 2026, 14:03".into(),
                        used: (number == 0).then(|| "06 Nov 2026, 09:12".into()),
                        is_last: !has_app && count == 1,
                    })
                    .collect(),
                is_fresh,
                are_possible: true,
                errors,
            }
        });
    }
}

#[test]
fn the_page_of_whoever_needs_a_passkey_renders() {
    use crate::platform::web::page::Page;
    check("enrol-passkey", |locale| {
        let mut errors = FormErrors::default();
        errors.add("passkey", "The passkey is not accepted.".into());
        EnrolPasskeyPage {
            page: Page::signed_out(locale, EnrolPasskeyPage::TITLE, "sample-token".into()),
            errors,
        }
    });
}
