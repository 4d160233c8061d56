//! Who may do what, as a matrix and at every address: nobody, each role, and somebody of another organisation.

mod offers;
mod pages;
mod people;
pub mod routes;
mod scope;
pub mod service;
mod step_up;
mod table;
mod table_api;
mod table_directories;
mod table_passkeys;
mod table_people;
mod table_reveals;
mod table_sso;
mod things;
mod traces;

use countersign::identity::access::{Permission, printed_matrix};

use self::people::{Caller, House};
use self::table::{Needs, Route, Sends};
use crate::support::app::Answer;
use crate::support::root;
use crate::support::stores::on_both;

#[test]
fn the_policy_is_the_matrix_that_was_agreed() {
    insta::assert_snapshot!("matrix", printed_matrix());
}

#[test]
fn the_documentation_has_the_matrix_of_the_program() {
    let page = std::fs::read_to_string(root().join("docs/access.md")).expect("the page");
    assert!(page.contains(&printed_matrix()), "{}", printed_matrix());
}

/// A route that no row covers fails here, and so does a row whose route is gone.
#[test]
fn every_route_of_the_program_has_a_row() {
    let declared = routes::declared();
    assert!(declared.len() > 80, "the finder found {}", declared.len());
    let rows: Vec<_> = table::all()
        .map(|route| (route.method, route.path))
        .collect();
    let mut problems = Vec::new();
    for (method, path) in &declared {
        let found = rows
            .iter()
            .filter(|row| **row == (method.as_str(), path.as_str()))
            .count();
        if found != 1 {
            problems.push(format!("{method} {path}: {found} rows in table.rs"));
        }
    }
    for (method, path) in rows {
        if !declared.contains(&(method.to_owned(), path.to_owned())) {
            problems.push(format!("{method} {path}: no such route"));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// What takes files is told to the edge, which gives it the time that files take.
#[test]
fn the_routes_that_take_files_are_those_that_the_edge_knows() {
    let known = [
        countersign::payables::UPLOADS,
        countersign::identity::UPLOADS,
    ]
    .concat();
    for route in table::all() {
        let takes = matches!(route.sends, Sends::File)
            || (route.method == "POST" && route.path == "/api/v1/bills");
        assert_eq!(
            takes,
            route.method == "POST" && known.contains(&route.path),
            "{}",
            route.path
        );
    }
}

fn is_api(route: &Route) -> bool {
    route.path.starts_with("/api/") || is_of_directories(route)
}

fn is_of_directories(route: &Route) -> bool {
    route.path.starts_with("/scim/")
}

/// Whether the answer says that this caller is not known at all.
fn is_stranger(route: &Route, answer: &Answer) -> bool {
    if is_api(route) {
        return answer.status == 401;
    }
    answer.status == 303 && answer.location().starts_with("/sign-in")
}

/// What is wrong with the answer to somebody who may not.
fn denied(route: &Route, needed: Permission, answer: &Answer) -> Option<String> {
    // What may not be seen is not there, whatever permission shows it; what may be seen but not done says so.
    let (status, code) = if route.method == "GET" || needed.is_reading() {
        (404, "error-not-found")
    } else {
        (403, "error-forbidden")
    };
    let as_promised = answer.status == status && answer.problem == Some(code);
    (!as_promised).then(|| format!("{status} {code} expected"))
}

/// What is wrong with the answer to somebody who may. It may refuse what the matter itself forbids.
fn allowed(route: &Route, answer: &Answer) -> Option<String> {
    let refused = matches!(answer.status, 401 | 403 | 404 | 405 | 415) || answer.status >= 500;
    (refused || is_stranger(route, answer)).then(|| "it may".to_owned())
}

fn expected(route: &Route, caller: &Caller, answer: &Answer) -> Option<String> {
    match route.needs {
        Needs::Nobody => None,
        Needs::Anybody => allowed(route, answer),
        Needs::OneOf(permissions) if step_up::is_not_by_token(route) => {
            let may = permissions.iter().any(|one| caller.access.may(*one));
            let is_asked = step_up::is_asked(answer);
            match (may, is_asked) {
                (true, true) => None,
                (true, false) => Some("no token shows a factor".to_owned()),
                (false, _) => denied(route, permissions[0], answer),
            }
        }
        Needs::Directory => {
            (!is_stranger(route, answer)).then(|| "no person is a directory".to_owned())
        }
        Needs::OneOf(permissions) => {
            let may = permissions
                .iter()
                .any(|permission| caller.access.may(*permission));
            if may {
                allowed(route, answer)
            } else {
                denied(route, permissions[0], answer)
            }
        }
    }
}

#[test]
fn each_route_answers_each_caller_as_the_policy_says() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut callers = house.callers().await;
        let mut foreigner = house.foreigner().await;
        let mut nobody = house.nobody();
        let mut problems = Vec::new();
        let mut note = |who: &str, route: &Route, answer: &Answer, what: Option<String>| {
            if let Some(what) = what {
                problems.push(format!(
                    "{who}: {} {}: {} {:?}, but {what}",
                    route.method, route.path, answer.status, answer.problem
                ));
            }
        };
        for route in table::all() {
            if route.is_of_the_whole_program() {
                continue;
            }
            if !matches!(route.needs, Needs::Nobody) {
                let answer = nobody.call(&house, route, "").await;
                let what = (!is_stranger(route, &answer)).then(|| "nobody is there".to_owned());
                note("nobody", route, &answer, what);
            }
            // Those who may not come first: what those who may do changes the house.
            callers.sort_by_key(|caller| route.needs.are_met_by(&caller.access));
            for caller in &mut callers {
                if is_api(route) && caller.token.is_none() {
                    continue;
                }
                let spare = caller.spare.clone();
                let answer = caller.call(&house, route, &spare).await;
                let what = expected(route, caller, &answer);
                note(&caller.name.clone(), route, &answer, what);
            }
            if route.names_a_thing() && !is_of_directories(route) {
                let answer = foreigner.call(&house, route, &house.token).await;
                // No token shows a factor, wherever the thing is.
                let is_asked = step_up::is_not_by_token(route) && step_up::is_asked(&answer);
                let is_there = answer.status != 404 && !is_asked;
                let what = is_there.then(|| "it is another's".to_owned());
                note("another organisation", route, &answer, what);
            }
        }
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    });
}
