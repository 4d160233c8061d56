//! What the page of one's own devices shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;

/// `GET /me/devices`.
#[derive(Debug, Template)]
#[template(path = "identity/devices/devices.html")]
pub struct DevicesPage {
    /// The page's context.
    pub page: Page,
    /// The newest first.
    pub devices: Vec<DeviceRow>,
}

impl DevicesPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-devices");
}

/// A device that is remembered.
#[derive(Debug, Clone)]
pub struct DeviceRow {
    /// Its id, which opens nothing.
    pub id: String,
    /// Since when.
    pub remembered: String,
    /// Whether it is the one that shows the page.
    pub is_this: bool,
}
