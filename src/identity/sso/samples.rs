//! The pages of single sign-on with sample data.

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, Fact, FormErrors, Notice, Tone};

fn active(name: &str, href: Option<&str>) -> ActiveRow {
    ActiveRow {
        id: "0197".into(),
        name: name.into(),
        href: href.map(Into::into),
        detail: "SAML".into(),
    }
}

fn change(is_own: bool) -> ChangeRow {
    ChangeRow {
        id: "0197".into(),
        what: "Connection Head office".into(),
        facts: vec![Fact::new("Name", Some("Head office".into()), None)],
        proposed: "Proposed by Ann Lindqvist.".into(),
        is_own,
    }
}

#[test]
fn the_settings_of_signing_in_render() {
    check("sso-overview", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(OverviewPage::TITLE);
        let mut errors = FormErrors::default();
        errors.add("domain", "This is no domain.".into());
        OverviewPage {
            page,
            waiting: vec![change(false), change(true)],
            connections: vec![active(
                "Head office",
                Some("/settings/sign-in/connections/0197"),
            )],
            domains: vec![active("harbour.example", None)],
            links: vec![active("Ann Lindqvist", None)],
            decided: vec![DecidedRow {
                what: "Connection Head office".into(),
                state: Badge::new(Tone::Bad, "Refused"),
                proposed_by: "Ann Lindqvist".into(),
                decided_by: "Nia Brandt".into(),
                time: "05 Nov 2026, 14:03".into(),
            }],
            sso_only: true,
            break_glass: vec![MarkedRow {
                id: "0198".into(),
                name: "Ann Lindqvist".into(),
                checked: true,
            }],
            choices: vec![Choice::new("0197", "Head office", "")],
            domain: "harbour".into(),
            email: String::new(),
            errors,
        }
    });
}

fn connection(locale: Locale, kind: &str, is_change: bool) -> ConnectionPage {
    let mut page = sample_page(locale, Section::Settings, "");
    page.title = page.t(ConnectionPage::TITLE);
    ConnectionPage {
        page,
        action: "/settings/sign-in/connections/new".into(),
        is_change,
        addresses: vec![Fact::new(
            "Entity id",
            Some("https://ap.example/".into()),
            None,
        )],
        try_it: is_change.then(|| "/sso/0197/start".into()),
        form: ConnectionForm {
            kind: kind.into(),
            name: "Head office".into(),
            client_secret: ClientSecret("correct horse".into()),
            ..ConnectionForm::default()
        },
        formats: vec![Choice::new("persistent", "Persistent", "persistent")],
        role_words: "clerk, payer".into(),
        fetched: is_change.then(|| "Fetched last: 05 Nov 2026, 14:03".into()),
        certificates: vec!["ab".repeat(32), "cd".repeat(32)],
        told: is_change.then(|| Notice {
            tone: Tone::Good,
            text: "The file was read.".into(),
        }),
        failures: vec![FailureRow {
            time: "05 Nov 2026, 14:03".into(),
            reason: "The response is not accepted.".into(),
            reference: "0197".into(),
            checks: vec![CheckRow {
                badge: Badge::new(Tone::Bad, "audience"),
                said: "The assertion is for somebody else.".into(),
            }],
        }],
        errors: FormErrors::default(),
    }
}

#[test]
fn a_connection_renders_and_shows_no_secret() {
    check("sso-connection", |locale| connection(locale, "saml", true));
    check("sso-connection-oidc", |locale| {
        let view = connection(locale, "oidc", false);
        let printed = format!(
            "{view:?} {}",
            askama::Template::render(&view).expect("it renders")
        );
        assert!(!printed.contains("correct horse"));
        view
    });
}

#[test]
fn the_way_in_renders() {
    let page = |locale, id| Page::signed_out(locale, id, "sample-token".into());
    check("sso-choose", |locale| ChoosePage {
        page: page(locale, ChoosePage::TITLE),
        organisation: "harbour-foods".into(),
        buttons: vec![Choice::new("0197", "Head office", "")],
        next: "/bills".into(),
        errors: FormErrors::default(),
    });
    check("sso-refused", |locale| RefusedPage {
        page: page(locale, RefusedPage::TITLE),
        text: "Your account may not sign in here.".into(),
        reference: "0197".into(),
    });
    check("sso-send", |locale| SendPage {
        page: page(locale, SendPage::TITLE),
        name: "Head office".into(),
        action: "https://idp.example/sso".into(),
        values: SendValues {
            request: "PHNhbWw+".into(),
            state: "opaque".into(),
        },
    });
}
