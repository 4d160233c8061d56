//! The page of one's own devices with sample data.

use super::views::{DeviceRow, DevicesPage};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};

#[test]
fn the_page_of_devices_renders() {
    check("me-devices", |locale| {
        let mut page = sample_page(locale, Section::Home, "");
        page.title = page.t(DevicesPage::TITLE);
        let row = |is_this| DeviceRow {
            id: "0197".into(),
            remembered: "05 Nov 2026, 14:03".into(),
            is_this,
        };
        DevicesPage {
            page,
            devices: vec![row(true), row(false)],
        }
    });
}
