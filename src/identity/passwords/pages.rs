//! `/password-strength`: what the meter beside a new password shows. Without script the advice comes with the refusal.

use std::sync::Arc;

use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::rules::{Password, Weakness, weakness};
use super::strength::{Strength, strength};
use crate::identity::sessions::Visitor;
use crate::msg;
use crate::platform::app::App;
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

/// Nothing of what is typed is kept.
async fn measure(visitor: Visitor, Checked(typed): Checked<Typed>) -> Json<Measured> {
    let page = visitor.page(msg!("setup-password"));
    let context = [typed.name.as_str(), typed.email.as_str()];
    let found = strength(&typed.password, &context);
    let refused = refusal(&typed.password, &context, &page);
    let score = match refused {
        Some(_) => found.score.min(Strength::ENOUGH - 1),
        None => found.score,
    };
    let advice = found.advice.into_iter().map(|id| page.t(id)).collect();
    Json(Measured {
        score,
        label: page.t(match score {
            0 | 1 => msg!("setup-strength-weak"),
            2 => msg!("setup-strength-fair"),
            3 => msg!("setup-strength-good"),
            _ => msg!("setup-strength-strong"),
        }),
        advice: refused.map_or(advice, |why| vec![why]),
    })
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
