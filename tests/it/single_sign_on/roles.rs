//! Roles that follow from groups.

use countersign::identity::access::{Access, Permission, Role};
use countersign::identity::people::{set_roles, set_suspended};
use countersign::identity::roles;
use countersign::identity::sso::{Arrival, Confirmed, Connection, GroupRole, Mapping};
use countersign::platform::ids::PersonId;

use super::{Two, arrival, open_connection};
use crate::support::stores::on_both;
use crate::support::world::Somebody;

fn mapped() -> Connection {
    let given = |group: &str, role| GroupRole {
        group: group.to_owned(),
        role,
    };
    let connection = open_connection();
    Connection {
        mapping: Mapping {
            roles: vec![
                given("clerks", Role::Clerk),
                given("payers", Role::Payer),
                given("admins", Role::Administrator),
            ],
            ..connection.mapping
        },
        ..connection
    }
}

fn of_groups(groups: &[&str]) -> Arrival {
    Arrival {
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        ..arrival("s-1", "kim@example.org")
    }
}

#[test]
fn a_role_comes_with_the_group_and_goes_with_it() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(mapped()).await;
        let first = two
            .arrives(&through, of_groups(&["clerks", "payers"]))
            .await;
        let kim = two.person(&first.expect("let in")).await;
        assert_eq!(two.roles(kim).await, [Role::Clerk, Role::Payer]);
        two.arrives(&through, of_groups(&["clerks"]))
            .await
            .expect("let in");
        assert_eq!(two.roles(kim).await, [Role::Clerk]);
        two.arrives(&through, of_groups(&["PAYERS", "payer"]))
            .await
            .expect("let in");
        assert_eq!(two.roles(kim).await, []);
    });
}

#[test]
fn a_role_of_the_organisations_own_comes_with_the_group_and_goes_with_it() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let ada = two.ada.access().await;
        let desk = [Permission::BillsRead, Permission::BillsEnter];
        let made = roles::make(&two.world.app, &ada, "Desk", desk.into_iter().collect());
        let desk = Role::Custom(made.await.expect("made"));
        let mut connection = mapped();
        connection.mapping.roles.push(GroupRole {
            group: "desk".to_owned(),
            role: desk,
        });
        let through = two.connected(connection).await;
        let first = two.arrives(&through, of_groups(&["desk"])).await;
        let kim = two.person(&first.expect("let in")).await;
        assert_eq!(two.roles(kim).await, [desk]);
        two.arrives(&through, of_groups(&[])).await.expect("let in");
        assert_eq!(two.roles(kim).await, []);
    });
}

#[test]
fn a_role_that_is_taken_ends_the_sessions_that_had_it() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(mapped()).await;
        let open = async |groups: &[&str]| {
            let done = two
                .arrives(&through, of_groups(groups))
                .await
                .expect("let in");
            done.opened.id
        };
        let first = open(&["clerks"]).await;
        let second = open(&["clerks"]).await;
        assert!(!is_ended(&two, first).await, "nothing was taken");
        let third = open(&[]).await;
        assert!(is_ended(&two, first).await && is_ended(&two, second).await);
        assert!(!is_ended(&two, third).await);
    });
}

async fn is_ended(two: &Two, session: countersign::platform::ids::CredentialId) -> bool {
    use countersign::platform::store::{Reads as _, Sql, StoreError};
    const ENDED: Sql = Sql::read("SELECT ended_us FROM sessions WHERE org_id = $1 AND id = $2");
    let found: Result<(Option<i64>,), StoreError> = two
        .world
        .app
        .store
        .read(two.scope(), move |read| {
            read.one(&ENDED, countersign::params![session])
        })
        .await;
    found.expect("a session").0.is_some()
}

#[test]
fn what_people_gave_by_hand_stays() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(mapped()).await;
        let first = two.arrives(&through, of_groups(&[])).await;
        let kim = two.person(&first.expect("let in")).await;
        let access = two.ada.access().await;
        set_roles(&two.world.app, &access, kim, &[Role::Clerk, Role::Coder])
            .await
            .expect("given");
        two.arrives(&through, of_groups(&["clerks", "payers"]))
            .await
            .expect("let in");
        two.arrives(&through, of_groups(&[])).await.expect("let in");
        assert_eq!(two.roles(kim).await, [Role::Clerk, Role::Coder]);
    });
}

#[test]
fn the_last_who_administers_stays_so() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(mapped()).await;
        let first = two.arrives(&through, of_groups(&["admins"])).await;
        let kim = two.person(&first.expect("let in")).await;
        // The twin: while somebody else administers, the role goes with the group.
        two.arrives(&through, of_groups(&[])).await.expect("let in");
        assert_eq!(two.roles(kim).await, []);
        two.arrives(&through, of_groups(&["admins"]))
            .await
            .expect("let in");
        let suspend = async |by: &Somebody, whom: PersonId| {
            let access = by.access().await;
            set_suspended(&two.world.app, &access, whom, true).await
        };
        suspend(&two.ada, two.ben.person).await.expect("suspended");
        let last = two.world.somebody("Lou", &[Role::Administrator]).await;
        suspend(&last, two.ada.person).await.expect("suspended");
        let kims = kims_access(&two, &through).await;
        set_suspended(&two.world.app, &kims, last.person, true)
            .await
            .expect("suspended");
        two.arrives(&through, of_groups(&[])).await.expect("let in");
        assert_eq!(two.roles(kim).await, [Role::Administrator]);
    });
}

/// Kim's access, by a session that came through the connection.
async fn kims_access(two: &Two, through: &Confirmed) -> Access {
    let done = two
        .arrives(through, of_groups(&["admins"]))
        .await
        .expect("let in");
    two.world.access_by(&done.opened.token.expose()).await
}
