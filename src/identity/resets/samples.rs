//! The pages of a forgotten password with sample data.

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::check;
use crate::platform::web::view::FormErrors;

fn page(locale: Locale, id: &str) -> Page {
    Page::signed_out(locale, id, "sample-token".into())
}

#[test]
fn every_page_of_a_forgotten_password_renders() {
    check("forgot-password", |locale| ForgotPage {
        page: page(locale, ForgotPage::TITLE),
        organisation: Some(String::new()),
        errors: FormErrors::default(),
    });
    check("forgot-password-asked", |locale| AskedPage {
        page: page(locale, ForgotPage::TITLE),
    });
    check("reset-password", |locale| {
        let mut errors = FormErrors::default();
        errors.add("password", "The password is too short.".into());
        ResetPage {
            page: page(locale, ResetPage::TITLE),
            token: "sample".into(),
            email: "ann@harbour.example".into(),
            errors,
        }
    });
}
