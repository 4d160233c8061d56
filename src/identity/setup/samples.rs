//! The pages of the setup with sample data.

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::qr;
use crate::platform::web::render_check::check;
use crate::platform::web::view::{Choice, FormErrors};

fn page(locale: Locale, id: &str) -> Page {
    Page::signed_out(locale, id, "sample-token".into())
}

#[test]
fn every_page_of_the_setup_renders() {
    check("setup-organisation", |locale| {
        let page = page(locale, OrganisationPage::TITLE);
        OrganisationPage {
            steps: steps(&page, 0),
            carried: Carried::default(),
            form: OrganisationForm::default(),
            locales: vec![
                Choice::new("en", "English", "en"),
                Choice::new("de", "Deutsch", "en"),
            ],
            zones: vec![Choice::new("Europe/Dublin", "Europe/Dublin", "")],
            errors: FormErrors::default(),
            page,
        }
    });
    check("setup-entity", |locale| {
        let page = page(locale, EntityPage::TITLE);
        let mut errors = FormErrors::default();
        errors.add("vat_id", "An Irish VAT id has the form IE1234567X.".into());
        EntityPage {
            steps: steps(&page, 1),
            carried: Carried::default(),
            form: EntityForm {
                name: "Harbour Foods Ltd".into(),
                vat_id: "IE12".into(),
                ..EntityForm::default()
            },
            countries: vec![Choice::new("IE", "Ireland", "IE")],
            currencies: vec![Choice::new("EUR", "EUR", "EUR")],
            errors,
            page,
        }
    });
    check("setup-administrator", |locale| {
        let page = page(locale, AdministratorPage::TITLE);
        AdministratorPage {
            steps: steps(&page, 2),
            carried: Carried::default(),
            form: AdministratorForm::default(),
            errors: FormErrors::default(),
            page,
        }
    });
    check("setup-totp", |locale| {
        let page = page(locale, TotpPage::TITLE);
        TotpPage {
            steps: steps(&page, 3), action: "/setup/totp".into(), secret: "JBSW Y3DP EHPK 3PXP".into(), are_passkeys_possible: true, errors: FormErrors::default(),
            qr: qr::draw("otpauth://totp/Countersign:ann@harbour.example?secret=JBSWY3DPEHPK3PXP&issuer=Countersign").expect("short enough"), page,
        }
    });
    check("setup-recovery", |locale| {
        let page = page(locale, RecoveryCodesPage::TITLE);
        RecoveryCodesPage {
            steps: steps(&page, 4),
            action: "/setup/recovery".into(),
            codes: (0..10).map(|n| format!("k7d{n}-p2mw-x9q{n}")).collect(),
            errors: FormErrors::default(),
            page,
        }
    });
}
