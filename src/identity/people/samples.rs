//! The pages of people with sample data.

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

fn list(locale: Locale) -> PeoplePage {
    let mut page = sample_page(locale, Section::People, "");
    page.title = page.t(PeoplePage::TITLE);
    let row = |name: &str, roles: &str, state: Badge, seen: Option<&str>| PersonRow {
        href: "/people/0197".into(),
        name: name.into(),
        email: "someone@harbour.example".into(),
        roles: roles.into(),
        state,
        last_seen: seen.map(Into::into),
    };
    PeoplePage {
        can_invite: true,
        waiting: 1,
        alone: Some("Ann Lindqvist is the only administrator.".into()),
        link: Some(InvitationLink("/invitations/k3v9-sample".into())),
        rows: vec![
            row(
                "Ann Lindqvist",
                "administrator, AP clerk",
                Badge::new(Tone::Good, "Active"),
                Some("today, 09:14"),
            ),
            row(
                "Tomás Okafor",
                "approver, payer",
                Badge::new(Tone::Warn, "Invited"),
                None,
            ),
        ],
        page,
    }
}

#[test]
fn every_page_of_people_renders() {
    check("people-list", list);
    check("people-invite", |locale| {
        let mut page = sample_page(locale, Section::People, "");
        page.title = page.t(InvitePage::TITLE);
        let role = |value: &str, label: &str, explained: &str, checked| RoleChoice {
            value: value.into(),
            label: label.into(),
            explained: explained.into(),
            checked,
        };
        let mut errors = FormErrors::default();
        errors.add("roles", "Choose at least one role.".into());
        InvitePage {
            page,
            name: String::new(),
            email: String::new(),
            roles: vec![
                role(
                    "clerk",
                    "AP clerk",
                    "Adds bills and types what is missing.",
                    false,
                ),
                role(
                    "approver",
                    "Approver",
                    "Decides on bills that reach her.",
                    true,
                ),
            ],
            within: vec![EntityRoles {
                name: "Harbour Trading GmbH".into(),
                roles: vec![role("coder@0197", "Coder", "Codes lines.", false)],
                is_open: false,
            }],
            errors,
        }
    });
    check("people-person", |locale| {
        let list = list(locale);
        let row = list.rows.into_iter().next().expect("a sample");
        PersonPage {
            page: list.page,
            id: "0197".into(),
            row,
            waiting: vec!["Payer waits.".into()],
            roles: vec![RoleChoice {
                value: "clerk".into(),
                label: "AP clerk".into(),
                explained: "Adds bills.".into(),
                checked: true,
            }],
            within: vec![EntityRoles {
                name: "Harbour Trading GmbH".into(),
                roles: vec![RoleChoice {
                    value: "clerk@0197".into(),
                    label: "AP clerk".into(),
                    explained: "Adds bills.".into(),
                    checked: true,
                }],
                is_open: true,
            }],
            can_change: true,
            can_reset_factor: true,
            is_oneself: false,
            is_suspended: false,
            by_directory: false,
            is_invited: true,
            joins: [None, Some("Ben asks.".into())]
                .map(|asked| JoinRow {
                    id: "0197".into(),
                    text: "One human with Ann B., as Ben said.".into(),
                    is_own: asked.is_none(),
                    asked,
                })
                .to_vec(),
            others: vec![Choice::new("0198", "Tomás Okafor", "")],
        }
    });
    check("people-accept", |locale| AcceptPage {
        page: Page::signed_out(locale, AcceptPage::TITLE, "sample-token".into()),
        token: "k3v9-sample".into(),
        organisation: "Harbour Foods".into(),
        roles: "approver, payer".into(),
        name: "Tomás Okafor".into(),
        email: "tomas@harbour.example".into(),
        errors: FormErrors::default(),
    });
}

#[test]
fn an_invitation_link_does_not_reach_a_log() {
    assert!(!format!("{:?}", list(Locale::En)).contains("k3v9"));
}

#[test]
fn what_was_typed_comes_back_after_an_error() {
    use askama::Template;
    let page = Page::signed_out(Locale::En, AcceptPage::TITLE, "sample-token".into());
    let html = AcceptPage {
        page,
        token: "k3v9-sample".into(),
        organisation: "Harbour Foods".into(),
        roles: "approver".into(),
        name: "Tomás Okafor".into(),
        email: "tomas@harbour.example".into(),
        errors: FormErrors::default(),
    }
    .render()
    .expect("renders");
    assert!(html.contains("value=\"Tomás Okafor\""), "{html}");
}
