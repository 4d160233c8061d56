//! The pages of signing in with sample data.

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::{check, with_notice};
use crate::platform::web::view::{Choice, FormErrors};

fn page(locale: Locale, id: &str) -> Page {
    Page::signed_out(locale, id, "sample-token".into())
}

#[test]
fn every_page_of_signing_in_renders() {
    check("sign-in", |locale| PasswordPage {
        page: page(locale, PasswordPage::TITLE),
        next: "/".into(),
        email: String::new(),
        organisation: None,
        are_passkeys_possible: true,
        connections: vec![Choice::new("0197", "Head office", "")],
        errors: FormErrors::default(),
    });
    check("sign-in-wrong", |locale| {
        let mut errors = FormErrors::default();
        errors.add("password", "E-mail address or password is wrong.".into());
        PasswordPage {
            page: page(locale, PasswordPage::TITLE),
            next: "/".into(),
            email: "ann@harbour.example".into(),
            organisation: Some("harbour-foods".into()),
            are_passkeys_possible: false,
            connections: Vec::new(),
            errors,
        }
    });
    check("sign-in-code", |locale| CodePage {
        page: with_notice(page(locale, CodePage::TITLE), "Your password is right."),
        next: "/bills".into(),
        has_app: true,
        has_passkey: false,
        errors: FormErrors::default(),
    });
    for (name, has_app) in [("sign-in-passkey", false), ("sign-in-either", true)] {
        check(name, |locale| {
            let mut errors = FormErrors::default();
            errors.add("passkey", "The passkey is not accepted.".into());
            CodePage {
                page: page(locale, CodePage::TITLE),
                next: "/".into(),
                has_app,
                has_passkey: true,
                errors,
            }
        });
    }
    check("sign-in-renew", |locale| {
        let mut errors = FormErrors::default();
        errors.add("password", "Twelve characters at least.".into());
        RenewPage {
            page: page(locale, RenewPage::TITLE),
            next: "/bills".into(),
            email: "ann@harbour.example".into(),
            errors,
        }
    });
    check("sign-in-recovery", |locale| RecoveryPage {
        page: page(locale, RecoveryPage::TITLE),
        next: "/".into(),
        errors: FormErrors::default(),
    });
    check("sign-out-onward", |locale| OnwardPage {
        page: page(locale, OnwardPage::TITLE),
        address: "https://idp.example/slo?SAMLRequest=x".into(),
    });
}
