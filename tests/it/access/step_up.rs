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
    ("POST", "/vendors/{id}/accounts"),
    ("POST", "/vendors/{id}/accounts/{account}/verify"),
    ("POST", "/approvals/policy"),
    ("POST", "/settings/accounts/{id}"),
    ("POST", "/reveals"),
    ("POST", "/reveals/{id}/open"),
    ("POST", "/people/invite"),
    ("POST", "/people/{id}/roles"),
    ("POST", "/people/{id}/reset-factor"),
    ("POST", "/people/{id}/invite"),
    ("POST", "/people/{id}/resume"),
    ("POST", "/people/services/new"),
    ("POST", "/people/services/{id}/tokens"),
    ("POST", "/settings/sign-in/domains"),
    ("POST", "/settings/sign-in/rule"),
    ("POST", "/settings/sign-in/links"),
    ("POST", "/settings/sign-in/connections/new"),
    ("POST", "/settings/sign-in/connections/{id}"),
    ("POST", "/settings/sign-in/connections/{id}/keys"),
    ("POST", "/settings/sign-in/connections/{id}/keys/retire"),
    ("POST", "/settings/sign-in/changes/{id}/end"),
    ("POST", "/settings/directories"),
    ("POST", "/settings/directories/{id}/tokens"),
    ("POST", "/settings/directories/{id}/mappings"),
    ("POST", "/settings/directories/{id}/accounts"),
    ("POST", "/me/delegations"),
    ("POST", "/settings/security"),
    ("POST", "/keys/disposals"),
    ("POST", "/settings/keys/rotate"),
    ("POST", "/settings/streams"),
    ("POST", "/settings/streams/{id}/resume"),
    ("POST", "/settings/streams/{id}/secret"),
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
    ("POST", "/me/sessions/end"),
    ("POST", "/me/sessions/end-others"),
    ("POST", "/me/sessions/disown"),
];

/// Where a second administrator decides: confirming asks, refusing does not. The table's rows refuse.
const ASKED_TO_CONFIRM: &[&str] = &[
    "/people/requests/{id}",
    "/people/{id}/joins/decide",
    "/people/delegations/{id}",
    "/settings/roles/changes/{id}",
    "/settings/security/requests/{id}",
    "/keys/disposals/{id}",
    "/settings/streams/{id}",
    "/settings/sign-in/changes/{id}",
    "/settings/directory-tokens/{id}",
    "/settings/directory-mappings/{id}",
    "/reveals/{id}/decide",
];

/// Why nothing else that identity takes, or that is done with bills, vendors and payments, asks for a factor.
const NOT_ASKED: &[(&str, &[&str])] = &[
    (
        "shows a password, a link or a factor itself, or is a step of showing them",
        &[
            "/setup/organisation",
            "/setup/entity",
            "/setup/administrator",
            "/sign-in",
            "/sign-in/code",
            "/sign-in/recovery",
            "/sign-in/new-password",
            "/sign-in/passkey/options",
            "/sign-in/passkey",
            "/sign-in/code/passkey/options",
            "/sign-in/code/passkey",
            "/sso/{connection}/acs",
            "/sso/{connection}/logout",
            "/sso/{connection}/backchannel-logout",
            "/forgot-password",
            "/reset/{token}",
            "/invitations/{token}",
            "/new-factor/{token}",
            "/step-up",
            "/step-up/passkey/options",
            "/step-up/passkey",
        ],
    ),
    (
        "is open to a session only that has no factor to show yet",
        &[
            "/enrol",
            "/enrol/done",
            "/enrol/passkey/options",
            "/enrol/passkey",
        ],
    ),
    (
        "asks for the password in use, which a page in between must not carry",
        &["/me/password"],
    ),
    (
        "takes away: whoever stops harm is not kept waiting",
        &[
            "/people/{id}/suspend",
            "/people/{id}/end-sessions",
            "/people/{id}/joins",
            "/people/services/{id}/tokens/{credential}/revoke",
            "/me/tokens/{id}/revoke",
            "/me/devices/forget",
            "/me/delegations/end",
            "/settings/accounts/{id}/close",
            "/settings/streams/{id}/pause",
            "/settings/streams/{id}/remove",
            "/sign-out",
        ],
    ),
    (
        // A hold says that a bill must not be paid yet. Whoever lifts one says why, under her name, and moves nothing: holds are looked at
        // again where the run is countersigned and where it is released, by humans who show their factors there. Clerks and approvers lift
        // dozens a day; one who is asked each time answers without reading. So it is with what comes before a run as a whole.
        "comes before two humans who show theirs: whoever countersigns and whoever releases",
        &[
            "/bills/{id}/holds/{hold}/release",
            "/bills/upload",
            "/bills/{id}/edit",
            "/bills/{id}/coding",
            "/bills/{id}/send",
            "/approvals/{id}",
            "/vendors",
            "/vendors/{id}/edit",
            "/vendors/{id}/status",
            "/payments",
            "/payments/{id}/generate",
        ],
    ),
    (
        "stops a payment, or takes it away",
        &[
            "/bills/{id}/holds",
            "/bills/{id}/cancel",
            "/bills/{id}/reject",
            "/bills/{id}/dispute",
            "/bills/{id}/settle",
            "/vendors/{id}/accounts/{account}/reject",
            "/payments/{id}/remove",
            "/payments/{id}/void",
        ],
    ),
    (
        "writes down what the bank has done",
        &["/payments/{id}/settle", "/payments/{id}/return"],
    ),
    (
        "gives nobody power: what is paid from a new account waits for a second human",
        &["/settings/entities/new", "/settings/entities/{id}/accounts"],
    ),
    (
        "writes nothing: what a file says fills a form",
        &[
            "/settings/sign-in/connections/new/metadata",
            "/settings/sign-in/connections/{id}/metadata",
        ],
    ),
    (
        "fetches what two have agreed is believed",
        &["/settings/sign-in/connections/{id}/fetch"],
    ),
    (
        "sends an entry to where two have agreed that entries go",
        &["/settings/streams/{id}/test"],
    ),
    (
        "changes what somebody reads",
        &["/me/passkeys/name", "/me/language", "/password-strength"],
    ),
];

/// Where the forms of identity lie.
const OF_IDENTITY: &[&str] = &[
    "enrol",
    "forgot-password",
    "invitations",
    "keys",
    "me",
    "new-factor",
    "password-strength",
    "people",
    "reset",
    "settings",
    "setup",
    "sign-in",
    "sign-out",
    "sso",
    "step-up",
];

/// Where those lie that decide on money.
const OF_MONEY: &[&str] = &["approvals", "bills", "payments", "vendors"];

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

#[test]
fn each_form_of_identity_and_of_money_asks_or_says_why_not() {
    let known: Vec<&str> = ASKED
        .iter()
        .filter(|(method, _)| *method == "POST")
        .map(|(_, path)| *path)
        .chain(ASKED_TO_CONFIRM.iter().copied())
        .chain(
            NOT_ASKED
                .iter()
                .flat_map(|(_, paths)| paths.iter().copied()),
        )
        .collect();
    let is_of_either = |path: &str| {
        let first = path.split('/').nth(1).unwrap_or_default();
        OF_IDENTITY.contains(&first) || OF_MONEY.contains(&first)
    };
    let mut forms = 0;
    for route in table::all().filter(|route| route.method == "POST") {
        if !is_of_either(route.path) {
            continue;
        }
        let named = known.iter().filter(|path| **path == route.path).count();
        assert_eq!(
            named, 1,
            "{} stands in ASKED, in ASKED_TO_CONFIRM or, with the reason, in NOT_ASKED",
            route.path
        );
        forms += 1;
    }
    assert!(forms > 90, "the table was read: {forms}");
    for path in known {
        let is_there = table::all().any(|route| route.method == "POST" && route.path == path);
        assert!(is_there, "{path} is no form any more");
    }
}

/// The row of the table with this decision in the place of its own.
fn deciding(path: &'static str, decision: &'static str) -> Route {
    let joins = path.contains("/joins/");
    table::form(
        path,
        table::Needs::Anybody,
        match (decision, joins) {
            ("confirm", true) => &[("join", "@join"), ("decision", "confirm")],
            ("confirm", false) => &[("decision", "confirm")],
            (_, true) => &[("join", "@join"), ("decision", "refuse")],
            (_, false) => &[("decision", "refuse")],
        },
    )
}

#[test]
fn with_a_factor_of_long_ago_nobody_confirms_what_another_proposed() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut everything = house.all_roles("everything").await;
        t.clock.advance(FRESH_US);
        for path in ASKED_TO_CONFIRM {
            let confirming = deciding(path, "confirm");
            let answer = everything.call(&house, &confirming, "").await;
            assert!(
                is_asked(&answer),
                "{path}: {} {}",
                answer.status,
                answer.body
            );
            let refusing = deciding(path, "refuse");
            let answer = everything.call(&house, &refusing, "").await;
            assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        }
    });
}

/// Its twin: with a factor of a moment ago what waits is confirmed, so that nothing else stopped it above.
#[test]
fn with_a_factor_of_a_moment_ago_what_another_proposed_is_confirmed() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut everything = house.all_roles("everything").await;
        for path in ASKED_TO_CONFIRM {
            let confirming = deciding(path, "confirm");
            let answer = everything.call(&house, &confirming, "").await;
            assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        }
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
