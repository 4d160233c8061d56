//! The pages of service accounts with sample data.

use super::views::{NewServicePage, ServicePage};
use crate::identity::people::{EntityRoles, RoleChoice};
use crate::identity::tokens::views::{NewToken, TokenRow};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

fn clerk() -> RoleChoice {
    RoleChoice {
        value: "clerk".into(),
        label: "AP clerk".into(),
        explained: "Adds bills.".into(),
        checked: true,
    }
}

fn within() -> Vec<EntityRoles> {
    vec![EntityRoles {
        name: "Harbour Trading GmbH".into(),
        roles: vec![clerk()],
        is_open: true,
    }]
}

#[test]
fn the_pages_of_service_accounts_render() {
    check("people-service-new", |locale| {
        let mut page = sample_page(locale, Section::People, "");
        page.title = page.t(NewServicePage::TITLE);
        let mut errors = FormErrors::default();
        errors.add("name", "This is missing.".into());
        NewServicePage {
            page,
            name: String::new(),
            roles: vec![clerk()],
            within: within(),
            errors,
        }
    });
    check("people-service", |locale| {
        let view = ServicePage {
            page: sample_page(locale, Section::People, "Scanner"),
            id: "0197".into(),
            answers: "Ann Lindqvist answers for it.".into(),
            held: "AP clerk".into(),
            roles: vec![clerk()],
            within: within(),
            tokens: vec![TokenRow {
                id: "0198".into(),
                name: "import".into(),
                permissions: "bills.enter".into(),
                last_four: Some("x1Qz".into()),
                last_used: Some("05 Nov 2026, 14:03".into()),
                expires: "05 Dec 2026".into(),
                state: Badge::new(Tone::Good, "Works"),
                works: true,
            }],
            permissions: vec![Choice::new("bills.enter", "bills.enter", "")],
            shown: Some(NewToken("csk_sample".into())),
            can_change: true,
            is_suspended: false,
            typed_name: String::new(),
            typed_days: "30".into(),
            errors: FormErrors::default(),
        };
        assert!(!format!("{view:?}").contains("csk_sample"));
        view
    });
}
