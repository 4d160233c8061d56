//! The trust page with sample data.

use super::pages::power;
use super::rules::Power;
use super::views::TrustPage;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};

#[test]
fn the_trust_page_renders() {
    check("trust", |locale| {
        let mut page = sample_page(locale, Section::Trust, "");
        page.title = page.t(TrustPage::TITLE);
        let all = [Power::Two { humans: 2 }, Power::Left, Power::Alone];
        TrustPage {
            checked: page.time(1_793_920_000_000_000),
            claims: all.map(|of| power(&page, of)).into(),
            page,
        }
    });
}
