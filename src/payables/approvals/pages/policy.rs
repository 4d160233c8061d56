//! The approval policy: who must say yes to how much, since when, and a form for another version.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::super::actions::{self, ApprovalError, Policies, policy_message};
use super::super::rules::form::{TypedBand, TypedPolicy};
use super::super::rules::{Band, Policy};
use super::super::store::PolicyVersion;
use super::super::views::{BandRow, EarlierPolicy, PolicyForm, PolicyPage};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

/// Its address.
pub const POLICY: &str = "/approvals/policy";

pub async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let policies = actions::policies(&app, &by.access).await?;
    let typed = match policies.versions.first() {
        Some(in_force) => TypedPolicy::showing(&in_force.policy),
        None => TypedPolicy::default(),
    };
    let view = view(
        &by,
        &policies,
        typed,
        seen(&policies),
        FormErrors::default(),
    );
    Ok(html(&view))
}

pub async fn set(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(fields): Checked<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    let mut typed = TypedPolicy::of(fields.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let seen: i64 = field("version")
        .parse()
        .map_err(|_| Problem::invalid(msg!("error-form-unreadable")))?;
    by.access.require(Permission::SettingsEdit)?;
    if field("then") == "add" {
        typed.limited.push(TypedBand::default());
        let policies = actions::policies(&app, &by.access).await?;
        return Ok(html(&view(
            &by,
            &policies,
            typed,
            seen,
            FormErrors::default(),
        )));
    }
    // Before what is wrong with it: she corrects it once.
    by.access.require_fresh()?;
    let mut errors = FormErrors::default();
    let page = by.page(PolicyPage::TITLE);
    let status = match typed.read(by.locale.decimal_mark()) {
        Ok(bands) => match actions::set_policy(&app, &by.access, seen, bands).await {
            Ok(_) => return Ok(Redirect::to(POLICY).into_response()),
            // What she typed stays, beside what somebody else set: she decides which of them is right.
            Err(error @ ApprovalError::PolicyChanged) => {
                errors.add("policy", page.t(msg!("approvals-policy-changed")));
                Problem::from(error).status
            }
            Err(error) => return Err(error.into()),
        },
        Err(found) => {
            for (field, error) in found {
                let (id, band) = policy_message(error);
                errors.add(&field, page.t1(id, "band", band));
            }
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let policies = actions::policies(&app, &by.access).await?;
    // After an answer that another version is in force, the form is about that one.
    let seen = if status == StatusCode::CONFLICT {
        self::seen(&policies)
    } else {
        seen
    };
    Ok((status, html(&view(&by, &policies, typed, seen, errors))).into_response())
}

fn seen(policies: &Policies) -> i64 {
    policies
        .versions
        .first()
        .map_or(0, |in_force| in_force.policy.version)
}

fn view(
    by: &SignedIn,
    policies: &Policies,
    typed: TypedPolicy,
    seen: i64,
    errors: FormErrors,
) -> PolicyPage {
    let page = by.page(PolicyPage::TITLE);
    let codes: Vec<&str> = policies.currencies.iter().map(|c| c.code()).collect();
    let mut versions = policies.versions.iter();
    let in_force = versions.next();
    PolicyPage {
        version: in_force.map(|found| found.policy.version),
        set: in_force
            .map(|found| set_by(&page, found))
            .unwrap_or_default(),
        bands: in_force
            .map(|found| bands(&page, &found.policy))
            .unwrap_or_default(),
        units: page.t1("approvals-policy-units", "currencies", codes.join(", ")),
        earlier: versions
            .map(|found| EarlierPolicy {
                version: found.policy.version,
                bands: bands(&page, &found.policy),
                set: set_by(&page, found),
            })
            .collect(),
        form: by
            .access
            .may(Permission::SettingsEdit)
            .then_some(PolicyForm {
                seen,
                typed,
                errors,
            }),
        page,
    }
}

fn set_by(page: &Page, version: &PolicyVersion) -> String {
    let when = page.time(version.set.0);
    match &version.set_by {
        Some(person) => page.t2("approvals-policy-set-by", "person", person, "when", when),
        None => page.t1("approvals-policy-set-at-setup", "when", when),
    }
}

/// The bands in words: "up to 1,000", "above 1,000", or every amount where there is one band.
fn bands(page: &Page, policy: &Policy) -> Vec<BandRow> {
    let mut below = None;
    let mut row = |band: &Band| {
        let amount = match (band.up_to, below) {
            (Some(limit), _) => page.t1("approvals-policy-up-to", "limit", page.amount(limit, 0)),
            (None, Some(limit)) => {
                page.t1("approvals-policy-above", "limit", page.amount(limit, 0))
            }
            (None, None) => page.t(msg!("approvals-policy-every")),
        };
        below = band.up_to;
        BandRow {
            amount,
            approvals: page.t1("approvals-policy-needed", "count", band.approvals),
        }
    };
    policy.bands().iter().map(&mut row).collect()
}
