//! The pages of bills.

mod list;

use std::sync::Arc;

use axum::Router;

use crate::platform::app::App;

pub fn routes() -> Router<Arc<App>> {
    list::routes()
}
