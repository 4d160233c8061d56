//! A program with every role and a token with every permission, at every address of the API; beside it a person with the same.

use countersign::identity::access::allows_service;
use countersign::params;
use countersign::platform::ids::PersonId;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::people::House;
use super::table::{self, Needs};
use super::{allowed, denied, is_api, step_up};
use crate::support::stores::on_both;
use crate::support::world::World;

const MAKE_SERVICE: Sql = Sql::change(
    "people",
    "UPDATE people SET kind = 'service', version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);

/// Makes a person's account one of programs, with everything that it was given before.
pub async fn make_service(world: &World, person: PersonId) {
    world
        .app
        .store
        .write::<_, StoreError, _>(world.caller(), move |tx| {
            tx.change_one(&MAKE_SERVICE, params![person])?;
            tx.commit(Entry::new("service-account.created", "person", person), ())
        })
        .await
        .expect("changed");
}

#[test]
fn no_route_of_the_api_lets_a_program_do_what_takes_a_human() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (mut program, mut person) =
            (house.all_roles("Pia").await, house.all_roles("Eve").await);
        make_service(house.world(), program.access.person()).await;
        let (mut refused, mut problems) = (Vec::new(), Vec::new());
        for route in table::all().filter(|route| is_api(route)) {
            let Needs::OneOf(permissions) = route.needs else {
                continue;
            };
            let answer = program.call(&house, route, "").await;
            let may = permissions.iter().any(|one| allows_service(*one));
            let wrong = if may {
                allowed(route, &answer)
            } else {
                denied(route, permissions[0], &answer)
            };
            let (status, what) = (answer.status, format!("{} {}", route.method, route.path));
            problems.extend(wrong.map(|wrong| format!("a program: {what}: {status}, but {wrong}")));
            if !may {
                refused.push(route.path);
                let answer = person.call(&house, route, "").await;
                let wrong = if step_up::is_not_by_token(route) {
                    (!step_up::is_asked(&answer)).then(|| "no token shows a factor".to_owned())
                } else {
                    allowed(route, &answer)
                };
                problems.extend(wrong.map(|wrong| format!("a person: {what}: {wrong}")));
            }
        }
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
        for path in [
            "/api/v1/bills/{id}/decisions",
            "/api/v1/payment-runs/{id}/{step}",
        ] {
            assert!(refused.contains(&path), "{refused:?}");
        }
    });
}
