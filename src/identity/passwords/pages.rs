//! `/password-strength`: what the meter beside a new password shows. Without script the advice comes with the refusal.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::actions::bounded;
use super::rules::{Password, Strength, Weakness, strength, weakness};
use crate::identity::sessions::Visitor;
use crate::identity::throttles;
use crate::msg;
use crate::platform::app::{App, Lane};
use crate::platform::clock::Micros;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/password-strength", post(measure))
}

#[derive(Debug, Deserialize)]
struct Typed {
    password: Password,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

#[derive(Debug, Serialize)]
struct Measured {
    /// From 0 to 4; below 2 it is refused.
    score: u8,
    label: String,
    advice: Vec<String>,
}

/// One browser's typing, and a network's: whoever asks faster than people type waits.
const ASKING: throttles::Limit = throttles::Limit {
    free: 600,
    lock_at: 1200,
    locked_us: Micros::MINUTE,
    forget_us: Micros::MINUTE,
};

/// Nothing of what is typed is kept. It is work for a slot of those that hash, not for a thread that answers.
async fn measure(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Checked(typed): Checked<Typed>,
) -> Result<Json<Measured>, Problem> {
    let network = visitor.request.address_prefix();
    let key = throttles::Key::address(&format!("strength {network}"), ASKING);
    if !throttles::attempt(&app, &[key]).await? {
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            msg!("error-too-many"),
        ));
    }
    let page = visitor.page(msg!("setup-password"));
    let measured = bounded(&app, Lane::Anybody, move || measured(&page, &typed)).await?;
    Ok(Json(measured))
}

fn measured(page: &Page, typed: &Typed) -> Measured {
    let context = [typed.name.as_str(), typed.email.as_str()];
    let found = strength(&typed.password, &context);
    let refused = refusal(&typed.password, &context, page);
    let score = match refused {
        Some(_) => found.score.min(Strength::ENOUGH - 1),
        None => found.score,
    };
    let advice = found.advice.into_iter().map(|id| page.t(id)).collect();
    Measured {
        score,
        label: page.t(match score {
            0 | 1 => msg!("setup-strength-weak"),
            2 => msg!("setup-strength-fair"),
            3 => msg!("setup-strength-good"),
            _ => msg!("setup-strength-strong"),
        }),
        advice: refused.map_or(advice, |why| vec![why]),
    }
}

/// Why a new password is refused, and what would help.
#[must_use]
pub fn refusal(password: &Password, context: &[&str], page: &Page) -> Option<String> {
    Some(match weakness(password, context)? {
        Weakness::TooShort => page.t(msg!("setup-password-too-short")),
        Weakness::TooLong => page.t(msg!("setup-password-too-long")),
        Weakness::Common => page.t(msg!("setup-password-common")),
        Weakness::Context => page.t(msg!("setup-password-context")),
        Weakness::Guessable => {
            let advice = strength(password, context).advice;
            let texts = std::iter::once(msg!("setup-password-guessable")).chain(advice);
            texts.map(|id| page.t(id)).collect::<Vec<_>>().join(" ")
        }
    })
}
