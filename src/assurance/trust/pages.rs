//! `/trust`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::actions;
use super::rules::{PROVED_DAYS, Power, Proof, heads_tone};
use super::views::{Claim, TrustPage};
use crate::assurance::restores::actions::Keeping;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::web::Problem;
use crate::platform::web::messages::Messages;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/trust", get(show))
}

async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let now = app.now();
    let claims = actions::check(&app, &by.access, now).await?;
    let page = by.page(TrustPage::TITLE);
    Ok(html(&TrustPage {
        checked: page.time(now.0),
        claims: [
            power(&page, claims.power),
            proof(&page, &claims.proof),
            silence(&page, claims.spoke),
        ]
        .into_iter()
        .chain(claims.heads.map(|one| heads(&page, one, now)))
        .chain(streams(&page, claims.streams))
        .collect(),
        page,
    }))
}

fn badge(page: &Page, tone: Tone) -> Badge {
    let text = match tone {
        Tone::Good => msg!("trust-holds"),
        Tone::Bad => msg!("trust-broken"),
        _ => msg!("trust-look"),
    };
    Badge::new(tone, page.t(text))
}

pub(super) fn power(page: &Page, power: Power) -> Claim {
    let (evidence, rule) = match power {
        Power::Two { humans } => {
            let text = msg!("trust-power-two");
            let evidence =
                Messages::text_with(page.locale, text, &[("count", &humans.to_string())]);
            (evidence, page.t(msg!("trust-power-two-rule")))
        }
        Power::Left => (
            page.t(msg!("trust-power-left")),
            page.t(msg!("trust-power-left-rule")),
        ),
        Power::Alone => (
            page.t(msg!("trust-power-alone")),
            page.t(msg!("trust-power-alone-rule")),
        ),
    };
    Claim {
        says: page.t(msg!("trust-power")),
        badge: badge(page, power.tone()),
        evidence,
        rule,
    }
}

fn proof(page: &Page, proof: &Proof) -> Claim {
    let evidence = match proof {
        Proof::Sound { at_us, size } => page.t2(
            msg!("trust-proof-sound"),
            "size",
            size.clone(),
            "when",
            page.time(*at_us),
        ),
        Proof::Old { at_us } => page.t2(
            msg!("trust-proof-old"),
            "when",
            page.time(*at_us),
            "days",
            PROVED_DAYS.to_string(),
        ),
        Proof::Bad { at_us, reason } => page.t2(
            msg!("journal-bad"),
            "reason",
            reason.clone(),
            "when",
            page.time(*at_us),
        ),
        Proof::Never => page.t(msg!("journal-never-verified")),
    };
    Claim {
        says: page.t(msg!("trust-proof")),
        badge: badge(page, proof.tone()),
        evidence,
        rule: page.t(msg!("trust-proof-rule")),
    }
}

fn silence(page: &Page, spoke: Option<(i64, bool)>) -> Claim {
    let tone = match spoke {
        Some((_, true)) => Tone::Good,
        _ => Tone::Bad,
    };
    let evidence = match spoke {
        Some((at_us, _)) => {
            let when = page.time(at_us);
            Messages::text_with(page.locale, msg!("trust-silence-last"), &[("when", &when)])
        }
        None => page.t(msg!("trust-silence-never")),
    };
    Claim {
        says: page.t(msg!("trust-silence")),
        badge: badge(page, tone),
        evidence,
        rule: page.t(msg!("trust-silence-rule")),
    }
}

/// Whether a head is kept where a backup does not put it back.
fn heads(page: &Page, keeping: Keeping, now: Micros) -> Claim {
    let evidence = match keeping {
        Keeping::InData => page.t(msg!("trust-heads-in-data")),
        Keeping::None => page.t(msg!("trust-heads-none")),
        Keeping::NoHead => page.t(msg!("trust-heads-no-head")),
        Keeping::Holds(at) => page.t1(msg!("trust-heads-holds"), "when", page.time(at.0)),
        Keeping::Alarm(at) => page.t1(msg!("trust-heads-alarm"), "when", page.time(at.0)),
    };
    Claim {
        says: page.t(msg!("trust-heads")),
        badge: badge(page, heads_tone(keeping, now)),
        evidence,
        rule: page.t(msg!("trust-heads-rule")),
    }
}

/// Whether the journal reaches those who were promised it; none where nobody was.
fn streams(page: &Page, (count, failing): (usize, usize)) -> Option<Claim> {
    let (tone, evidence) = match (count, failing) {
        (0, _) => return None,
        (_, 0) => (
            Tone::Good,
            page.t1(msg!("trust-streams-fine"), "count", count),
        ),
        _ => (
            Tone::Bad,
            page.t2(
                msg!("trust-streams-failing"),
                "failing",
                failing,
                "count",
                count,
            ),
        ),
    };
    Some(Claim {
        says: page.t(msg!("trust-streams")),
        badge: badge(page, tone),
        evidence,
        rule: page.t(msg!("trust-streams-rule")),
    })
}
