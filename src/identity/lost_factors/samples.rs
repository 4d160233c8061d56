//! The page behind the link with sample data.

use super::views::NewFactorPage;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::check;
use crate::platform::web::view::FormErrors;

#[test]
fn the_page_behind_the_link_renders() {
    check("new-factor", |locale| {
        let mut errors = FormErrors::default();
        errors.add("password", "The password is not accepted.".into());
        NewFactorPage {
            page: Page::signed_out(locale, NewFactorPage::TITLE, "sample-token".into()),
            token: "k3v9-sample".into(),
            email: "ann@harbour.example".into(),
            errors,
        }
    });
}
