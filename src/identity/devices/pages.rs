//! The device's cookie, and the page of one's own devices.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions;
use super::views::{DeviceRow, DevicesPage};
use crate::identity::credential::ShownToken;
use crate::identity::sessions::SignedIn;
use crate::platform::app::App;
use crate::platform::store::StoreError;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::{Problem, cookies};

/// The device token that came with a request, whether or not it is worth anything.
pub struct Presented(pub Option<ShownToken>);

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Presented(..)")
    }
}

impl FromRequestParts<Arc<App>> for Presented {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Infallible> {
        let value = cookies::get(&parts.headers, cookies::DEVICE);
        Ok(Self(value.and_then(ShownToken::parse)))
    }
}

/// The answer, with the cookie of a device that was just remembered.
#[must_use]
pub fn with_device(mut response: Response, token: Option<&ShownToken>) -> Response {
    if let Some(token) = token {
        response.headers_mut().append(
            header::SET_COOKIE,
            cookies::keep(cookies::DEVICE, &token.expose()),
        );
    }
    response
}

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/me/devices", get(list))
        .route("/me/devices/forget", post(forget))
}

async fn list(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Presented(device): Presented,
) -> Result<Response, Problem> {
    let here = actions::find(&app, device.as_ref()).await?;
    let here = here.filter(|known| known.person == by.access.person());
    let devices = actions::list(&app, &by.access).await?;
    let page = by.page(DevicesPage::TITLE);
    Ok(html(&DevicesPage {
        devices: devices
            .into_iter()
            .map(|(id, remembered)| DeviceRow {
                id: id.to_string(),
                remembered: page.time(remembered.0),
                is_this: here.is_some_and(|known| known.id == id),
            })
            .collect(),
        page,
    }))
}

#[derive(Debug, Deserialize)]
struct OneForm {
    device: String,
}

async fn forget(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<OneForm>,
) -> Result<Redirect, Problem> {
    let gone = || Problem::conflict(crate::msg!("error-device-gone"));
    let id = form.device.parse().map_err(|_| gone())?;
    match actions::forget(&app, &by.access, id).await {
        Ok(()) => Ok(Redirect::to("/me/devices")),
        Err(StoreError::Missing) => Err(gone()),
        Err(other) => Err(other.into()),
    }
}
