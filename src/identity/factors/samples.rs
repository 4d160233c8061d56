//! The page of one's own app with sample data.

use super::views::AppPage;
use crate::platform::web::nav::Section;
use crate::platform::web::qr;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::FormErrors;

#[test]
fn the_page_of_ones_own_app_renders() {
    check("me-security-app", |locale| {
        let mut page = sample_page(locale, Section::Home, "");
        page.title = page.t(AppPage::TITLE);
        let mut errors = FormErrors::default();
        errors.add("code", "The code is not accepted.".into());
        AppPage {
            page,
            qr: qr::draw("otpauth://totp/sample").expect("short"),
            secret: "ABCD EFGH".into(),
            errors,
        }
    });
}
