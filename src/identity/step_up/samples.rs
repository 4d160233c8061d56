//! The pages in between with sample data.

use super::views::*;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::FormErrors;

#[test]
fn the_pages_in_between_render() {
    for (name, has_app, has_passkey, is_from_elsewhere) in [
        ("step-up-either", true, true, false),
        ("step-up-app", true, false, false),
        ("step-up-there", false, false, true),
        ("step-up-none", false, false, false),
    ] {
        check(name, |locale| {
            let mut page = sample_page(locale, Section::Payments, "");
            page.title = page.t(StepUpPage::TITLE);
            let mut errors = FormErrors::default();
            errors.add("code", "The code is not accepted.".into());
            StepUpPage {
                page,
                has_app,
                has_passkey,
                takes_recovery: has_app,
                there: is_from_elsewhere.then(|| There {
                    name: "Head office".into(),
                    to: "/sso/0197/start?again=1&next=%2Fme".into(),
                }),
                carried: CarriedFields {
                    to: "/payments/0197/release".into(),
                    form: Some("version=1".into()),
                    code: "sample".into(),
                },
                errors: if has_app {
                    errors
                } else {
                    FormErrors::default()
                },
            }
        });
    }
    check("step-up-go-on", |locale| {
        let mut page = sample_page(locale, Section::Payments, "");
        page.title = page.t(GoOnPage::TITLE);
        GoOnPage {
            page,
            to: "/payments/0197/release".into(),
            fields: vec![("version".into(), "1".into())],
        }
    });
}
