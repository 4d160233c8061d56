//! A role in one legal entity shows and does nothing in another: every route is tried by somebody who holds every role in one
//! entity, while everything there is belongs to another. A new route is tried as well, since the table must have a row for it.

use countersign::identity::access::{Access, Extent, Grant, Permission, Role, extent};
use countersign::identity::people::{list, set_grants};
use countersign::identity::powers::{self, Verdict};
use countersign::payables::bills::actions::show;
use countersign::payables::bills::rules::Via;
use countersign::payables::intake::actions::{File, IntakeError, Outcome, take_in};
use countersign::platform::ids::PersonId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, StoreError};

use super::people::{Caller, House, PDF};
use super::table::{self, Needs, Route};
use super::{is_api, is_stranger};
use crate::support::app::Answer;
use crate::support::stores::on_both;

const DONE: Sql = Sql::read(
    "SELECT DISTINCT action, object_id FROM journal_entries WHERE org_id = $1 AND actor_id = $2 ORDER BY action",
);

/// Whether the answer refuses, as it would if nothing were there or her role did not give it.
fn refuses(answer: &Answer) -> bool {
    matches!(answer.status, 403 | 404)
}

/// What is wrong with an answer to somebody whose entity has nothing.
fn problem(route: &Route, caller: &Caller, answer: &Answer, hidden: &[String]) -> Option<String> {
    let Needs::OneOf(permissions) = route.needs else {
        return shown(answer, hidden);
    };
    let may = permissions
        .iter()
        .any(|permission| caller.access.may_anywhere(*permission));
    if !may {
        return (!refuses(answer)).then(|| "her role does not give it in one entity".to_owned());
    }
    let is_shared = permissions
        .iter()
        .all(|permission| extent(*permission) == Extent::Shared);
    if route.names_a_thing() && !is_shared && !refuses(answer) {
        return Some("the thing is another entity's".to_owned());
    }
    shown(answer, hidden)
}

/// What an answer shows of another entity.
fn shown(answer: &Answer, hidden: &[String]) -> Option<String> {
    let found = hidden.iter().find(|id| answer.body.contains(id.as_str()))?;
    // What the request itself named may come back in the refusal of it.
    (!refuses(answer)).then(|| format!("it shows {found}"))
}

/// Everything that goes wrong when this person tries every route, and how many answered her.
async fn tried(house: &House, caller: &mut Caller) -> (usize, Vec<String>) {
    let hidden = house.of_the_entity();
    let (mut answered, mut problems) = (0, Vec::new());
    for route in table::all() {
        let is_hers = is_api(route) && caller.token.is_none();
        if route.is_of_the_whole_program()
            || is_hers
            || matches!(route.needs, Needs::Nobody | Needs::Directory)
        {
            continue;
        }
        let spare = caller.spare.clone();
        let answer = caller.call(house, route, &spare).await;
        assert!(answer.status < 500, "{} {}", route.method, route.path);
        assert!(!is_stranger(route, &answer), "{}", route.path);
        answered += usize::from(!refuses(&answer));
        if let Some(what) = problem(route, caller, &answer, &hidden) {
            problems.push(format!(
                "{} {}: {}, but {what}",
                route.method, route.path, answer.status
            ));
        }
    }
    (answered, problems)
}

/// What this person did to things of the house's entity.
async fn done_to(house: &House, person: PersonId) -> Vec<(String, String)> {
    let (world, hidden) = (house.world(), house.of_the_entity());
    let all: Vec<(String, String)> = world
        .app
        .store
        .read::<_, StoreError, _>(Scope::of(world.organisation), move |read| {
            read.all(&DONE, countersign::params![person])
        })
        .await
        .expect("the journal");
    all.into_iter()
        .filter(|(_, object)| hidden.contains(object))
        .collect()
}

#[test]
fn a_role_in_one_entity_reaches_nothing_of_another_by_any_route() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let elsewhere = house.other_entity().await;
        let mut caller = house.scoped("Sol", elsewhere).await;
        let (answered, problems) = tried(&house, &mut caller).await;
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
        assert!(answered > 20, "only {answered} routes answered her");
        let done = done_to(&house, caller.access.person()).await;
        assert!(done.is_empty(), "{done:?}");
    });
}

/// The same roles in the entity itself: what the test above looks for is there to be seen and done.
#[test]
fn the_same_roles_in_the_entity_itself_reach_what_is_there() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut caller = house.scoped("Sol", house.entity()).await;
        let (_, problems) = tried(&house, &mut caller).await;
        for (method, path) in [
            ("GET", "/"),
            ("GET", "/bills"),
            ("GET", "/bills/{id}"),
            ("GET", "/payments"),
            ("GET", "/payments/{id}"),
            ("GET", "/settings"),
            ("GET", "/api/v1/bills"),
            ("GET", "/api/v1/payment-runs"),
            ("GET", "/vendors/{id}"),
        ] {
            let start = format!("{method} {path}:");
            let found = problems.iter().any(|problem| problem.starts_with(&start));
            assert!(found, "{start}\n{}", problems.join("\n"));
        }
        let done = done_to(&house, caller.access.person()).await;
        assert!(!done.is_empty());
    });
}

/// A document that is another entity's by its bill is refused; to whoever enters bills there, it is the bill that she knows.
#[test]
fn a_document_of_another_entity_is_not_taken_in() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let elsewhere = house.other_entity().await;
        let here = house.scoped("Hana", house.entity()).await;
        let there = house.scoped("Theo", elsewhere).await;
        let app = &house.world().app;
        let bring = async |who: &Access, bytes: &[u8]| {
            let file = File::of(app, bytes).await.expect("kept");
            take_in(app, who, "a.pdf", file, Via::Upload).await
        };
        let refused = bring(&there.access, PDF.as_bytes()).await;
        assert!(
            matches!(refused, Err(IntakeError::OtherEntity)),
            "{refused:?}"
        );
        let known = bring(&here.access, PDF.as_bytes()).await.expect("known");
        assert_eq!(known.outcome, Outcome::Duplicate);
        let other = format!("{PDF}%\n");
        let own = bring(&there.access, other.as_bytes()).await.expect("new");
        let shown = show(app, &there.access, own.bill).await.expect("hers");
        assert_eq!(shown.bill.entity_id, elsewhere);
        assert!(show(app, &here.access, own.bill).await.is_err());
    });
}

/// The right to approve in one entity is power too: it waits for a second administrator, and then is there and nowhere else.
#[test]
fn power_in_one_entity_is_granted_by_two_and_for_that_entity() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (world, elsewhere) = (house.world(), house.other_entity().await);
        let admin = async |name| world.somebody(name, &[Role::Administrator]).await;
        let (ada, ben) = (admin("Ada").await, admin("Ben").await);
        let tom = world.somebody("Tom", &[]).await;
        let grant = Grant {
            role: Role::Approver,
            entity: Some(elsewhere),
        };
        set_grants(&world.app, &ada.access().await, tom.person, &[grant])
            .await
            .expect("proposed");
        let may = Permission::BillsDecide;
        assert!(!tom.access().await.may_anywhere(may));
        let open = powers::list(&world.app, &ben.access().await).await;
        let open = open.expect("listed").open;
        let request = open.iter().find(|listed| listed.person.id == tom.person);
        let request = request.expect("it waits").request.id;
        powers::decide(&world.app, &ben.access().await, request, Verdict::Confirm)
            .await
            .expect("confirmed");
        let access = tom.access().await;
        assert!(access.may_in(may, elsewhere) && !access.may_in(may, house.entity()));
        assert!(!access.may(may));
        // It is taken by one.
        set_grants(&world.app, &ada.access().await, tom.person, &[])
            .await
            .expect("taken");
        let members = list(&world.app, &ada.access().await).await.expect("listed");
        let member = members.iter().find(|member| member.person.id == tom.person);
        assert!(member.expect("there").roles.is_empty());
    });
}
