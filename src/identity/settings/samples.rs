//! The pages of the settings with sample data.

use super::views::*;
use crate::identity::setup::views::EntityForm;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, Fact, FormErrors, Tone};

fn account(state: &str, can_verify: bool) -> AccountRow {
    AccountRow {
        href: "/settings/accounts/0197".into(),
        label: "Main".into(),
        masked: "DE•• •••• 2051".into(),
        currency: "EUR".into(),
        state: Badge::new(Tone::Warn, state),
        people: "Entered by Ann".into(),
        can_verify,
        can_close: true,
    }
}

#[test]
fn every_page_of_the_settings_renders() {
    check("settings", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(SettingsPage::TITLE);
        SettingsPage {
            page,
            facts: vec![Fact::new("Name", Some("Harbour Foods".into()), None)],
            entities: vec![EntityBlock {
                id: "0197".into(),
                name: "Harbour Foods GmbH".into(),
                facts: vec![Fact::new("Country", Some("DE".into()), None)],
                has_vat_id: true,
                can_edit: true,
                accounts: vec![account("Waits", true), account("Verified", false)],
            }],
            can_edit: true,
            sees_people: true,
        }
    });
    check("settings-entity", |locale| {
        let page = sample_page(locale, Section::Settings, "Add a legal entity");
        NewEntityPage {
            page,
            form: EntityForm::default(),
            countries: vec![Choice::new("IE", "Ireland", "IE")],
            currencies: vec![Choice::new("EUR", "EUR", "EUR")],
            errors: FormErrors::default(),
        }
    });
    check("settings-account-new", |locale| {
        let page = sample_page(locale, Section::Settings, "Add an account");
        let mut errors = FormErrors::default();
        errors.add("iban", "This is no IBAN.".into());
        let view = NewAccountPage {
            page,
            entity_id: "0197".into(),
            entity: "Harbour Foods GmbH".into(),
            label: "Payroll".into(),
            iban: "DE02".into(),
            bic: String::new(),
            currencies: vec![Choice::new("EUR", "EUR", "EUR")],
            errors,
        };
        assert!(!format!("{view:?}").contains("DE02"));
        view
    });
    check("settings-account", |locale| AccountPage {
        page: sample_page(locale, Section::Settings, "Verify an account"),
        id: "0197".into(),
        facts: vec![Fact::new("Entity", Some("Harbour Foods GmbH".into()), None)],
        lead: "Take the bank's own papers to hand.".into(),
        waits: false,
        blocked: None,
        asks_iban: true,
        can_close: true,
        reason: String::new(),
        errors: FormErrors::default(),
    });
}
