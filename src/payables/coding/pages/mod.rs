//! The pages of coding: a bill's lines, and the chart behind them.

mod bill;
mod chart;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::platform::app::App;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/bills/{id}/coding", get(bill::show).post(bill::save))
        .merge(chart::routes())
}
