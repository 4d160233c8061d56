//! Pages offer what their reader may do: every link of every page answers, and every form goes where she may send it.

use std::collections::{BTreeSet, VecDeque};

use super::people::{Caller, House};
use super::table::{self, Needs};
use crate::support::app::unescape;
use crate::support::stores::on_both;

/// Pages that one reader opens: all kinds of them, and no list of a hundred alike.
const PAGES: usize = 150;

/// Values of an attribute in a page's tags that begin with `tag`.
fn values<'a>(page: &'a str, tag: &str, attribute: &str) -> Vec<(&'a str, String)> {
    page.split(tag)
        .skip(1)
        .filter_map(|rest| {
            let head = rest.split('>').next()?;
            let value = head.split_once(attribute)?.1.split('"').next()?;
            Some((head, unescape(value)))
        })
        .collect()
}

/// Whether an address is one of a route's pattern.
fn is_of(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(part, found)| part == found || part.starts_with('{'))
}

/// What the table says a request needs; a pattern that names the address wins over one with a placeholder.
fn needs(method: &str, path: &str) -> Option<&'static Needs> {
    table::all()
        .filter(|route| route.method == method && is_of(route.path, path))
        .min_by_key(|route| route.path.matches('{').count())
        .map(|route| &route.needs)
}

async fn walk(caller: &mut Caller) -> (usize, Vec<String>) {
    let mut open = VecDeque::from(["/".to_owned()]);
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    while let Some(address) = open.pop_front() {
        let path = address
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_owned();
        if seen.len() >= PAGES || !path.starts_with('/') || !seen.insert(address.clone()) {
            continue;
        }
        if path.starts_with("/assets/") {
            continue;
        }
        let answer = caller.get(&address).await;
        if answer.status >= 400 {
            wrong.push(format!(
                "{}: the link to {address}: {}",
                caller.name, answer.status
            ));
            continue;
        }
        if !answer.body.starts_with("<!") {
            continue;
        }
        for (head, action) in values(&answer.body, "<form", " action=\"") {
            let method = if head.contains("method=\"post\"") {
                "POST"
            } else {
                "GET"
            };
            let target = action.split('?').next().unwrap_or_default();
            let may = needs(method, target).is_some_and(|needs| needs.are_met_by(&caller.access));
            if !may {
                wrong.push(format!(
                    "{}: {address} offers {method} {target}",
                    caller.name
                ));
            }
        }
        open.extend(
            values(&answer.body, "<a ", "href=\"")
                .into_iter()
                .map(|(_, href)| href),
        );
    }
    (seen.len(), wrong)
}

#[test]
fn no_page_offers_what_its_reader_may_not_do() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut wrong = Vec::new();
        let mut callers = house.callers().await;
        callers.push(house.scoped("all in one entity", house.entity()).await);
        for caller in &mut callers {
            let (pages, found) = walk(caller).await;
            assert!(pages > 10, "{} saw {pages} pages", caller.name);
            wrong.extend(found);
        }
        wrong.sort();
        wrong.dedup();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    });
}

/// Whoever is signed in leaves from wherever she is (ASVS 5.0, 7.4.4).
#[test]
fn every_page_for_whoever_is_signed_in_offers_to_sign_out() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut ada = house.all_roles("Ada").await;
        let (mut pages, mut wrong) = (0, Vec::new());
        for route in table::all() {
            let is_own = matches!(route.needs, Needs::Anybody | Needs::OneOf(_));
            if route.method != "GET" || route.path.starts_with("/api/") || !is_own {
                continue;
            }
            let answer = ada.call(&house, route, &house.token).await;
            if answer.status != 200 || !answer.body.starts_with("<!") {
                continue;
            }
            pages += 1;
            let forms = values(&answer.body, "<form", " action=\"");
            let leaves = |head: &str, action: &str| {
                action == "/sign-out" && head.contains("method=\"post\"")
            };
            if !forms.iter().any(|(head, action)| leaves(head, action)) {
                wrong.push(route.path);
            }
        }
        assert!(pages > 30, "{pages} pages were seen");
        assert!(wrong.is_empty(), "{wrong:?}");
    });
}
