//! The page behind the link with sample data.

use super::views::NewFactorPage;
use crate::platform::web::locale::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::check;
use crate::platform::web::view::{Choice, FormErrors};

fn sample(locale: Locale, connections: Vec<Choice>) -> NewFactorPage {
    let mut errors = FormErrors::default();
    if connections.is_empty() {
        errors.add("password", "The password is not accepted.".into());
    }
    NewFactorPage {
        page: Page::signed_out(locale, NewFactorPage::TITLE, "sample-token".into()),
        token: "k3v9-sample".into(),
        email: "ann@harbour.example".into(),
        connections,
        errors,
    }
}

#[test]
fn the_page_behind_the_link_renders() {
    check("new-factor", |locale| sample(locale, Vec::new()));
}

#[test]
fn the_page_behind_the_link_of_somebody_without_a_password_renders() {
    check("new-factor-connection", |locale| {
        sample(locale, vec![Choice::new("0197", "Head office", "")])
    });
}
