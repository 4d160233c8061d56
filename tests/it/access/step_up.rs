//! What needs a factor that was shown a moment ago: the whole list, and that nothing else does.

use std::collections::BTreeSet;

use countersign::identity::access::{Denied, FRESH_US, STEP_UP};
use countersign::payables::payments::actions::{PaymentError, download_file};

use super::people::House;
use super::table::{self, Route};
use crate::payments::house;
use crate::support::app::Answer;
use crate::support::stores::on_both;
use crate::vendors::IBAN;

/// Pages and forms, as the table has them.
const ASKED: &[(&str, &str)] = &[
    ("POST", "/payments/{id}/countersign"),
    ("POST", "/payments/{id}/release"),
    ("GET", "/payments/{id}/file"),
    ("POST", "/vendors/{id}/accounts/{account}/verify"),
    ("POST", "/settings/accounts/{id}"),
    ("POST", "/people/invite"),
    ("POST", "/people/{id}/roles"),
    ("POST", "/people/{id}/reset-factor"),
    ("POST", "/settings/security"),
    ("POST", "/people/{id}/joins/split"),
    ("POST", "/people/delegations"),
    ("POST", "/settings/roles/new"),
    ("POST", "/settings/roles/{id}"),
    ("POST", "/settings/roles/{id}/retire"),
    ("POST", "/me/tokens"),
    ("GET", "/me/security/app"),
    ("POST", "/me/security/app"),
    ("POST", "/me/security/app/confirm"),
    ("POST", "/me/security/app/remove"),
    ("POST", "/me/passkeys"),
    ("POST", "/me/passkeys/options"),
    ("POST", "/me/passkeys/remove"),
    ("POST", "/me/recovery-codes"),
];

/// What a person's token may not do, whatever her roles are: it cannot show a factor. `{step}` is also `release`.
const NOT_BY_TOKEN: &[(&str, &str)] = &[
    (
        "POST",
        "/api/v1/vendors/{id}/accounts/{account}/verification",
    ),
    ("GET", "/api/v1/payment-runs/{id}/file"),
    ("POST", "/api/v1/payment-runs/{id}/{step}"),
];

fn is_of(list: &[(&str, &str)], route: &Route) -> bool {
    list.contains(&(route.method, route.path))
}

pub fn is_not_by_token(route: &Route) -> bool {
    is_of(NOT_BY_TOKEN, route)
}

pub fn is_asked(answer: &Answer) -> bool {
    answer.status == 403 && answer.problem == Some(STEP_UP)
}

/// Its twin is the matrix itself: the same requests with a factor that was shown a moment ago are not asked for one.
#[test]
fn with_a_factor_of_long_ago_the_listed_routes_ask_and_no_others() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut callers = house.callers().await;
        t.clock.advance(FRESH_US);
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        // The listed ones first: others end sessions.
        let mut routes: Vec<&Route> = table::all()
            .filter(|route| !route.path.starts_with("/api/") && !route.is_of_the_whole_program())
            .collect();
        routes.sort_by_key(|route| !is_of(ASKED, route));
        for route in routes {
            for caller in &mut callers {
                if !route.needs.are_met_by(&caller.access) {
                    continue;
                }
                let spare = caller.spare.clone();
                let answer = caller.call(&house, route, &spare).await;
                let is_listed = is_of(ASKED, route);
                if is_asked(&answer) != is_listed {
                    problems.push(format!(
                        "{}: {} {}: {} {:?}",
                        caller.name, route.method, route.path, answer.status, answer.problem
                    ));
                }
                if is_listed {
                    seen.insert((route.method, route.path));
                }
            }
        }
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
        assert_eq!(seen.len(), ASKED.len(), "each is tried: {seen:?}");
    });
}

/// The guard taken away: the very same access, for which any factor counts, does what was refused.
#[test]
fn what_a_stale_session_may_not_do_it_does_without_the_guard() {
    on_both(|t| async move {
        let house = house::House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 10_000).await;
        let run = house.countersigned(&[bill]).await;
        house.generate(run).await.expect("a file");
        house.release(run).await.expect("released");
        t.clock.advance(FRESH_US - 1);
        let app = &house.world().app;
        let fresh = house.releases.as_shown().await;
        download_file(app, &fresh, run).await.expect("a moment ago");
        t.clock.advance(1);
        let stale = house.releases.as_shown().await;
        let refused = download_file(app, &stale, run).await;
        let is_asked = matches!(refused, Err(PaymentError::Denied(Denied::NotFresh)));
        assert!(is_asked, "{refused:?}");
        let unguarded = stale.fresh_for(i64::MAX);
        download_file(app, &unguarded, run).await.expect("given");
    });
}
