//! Groups, and the roles that two say they give.

use countersign::identity::access::{Permission, Role};
use countersign::identity::powers::Verdict;
use countersign::identity::provisioning::{
    self as scim, GroupId, MappingId, ProvisioningError, State,
};
use countersign::identity::roles;
use countersign::platform::ids::PersonId;
use countersign::platform::store::StoreError;
use serde_json::{Value, json};

use super::{House, patch};
use crate::support::stores::on_both;

const TOM: &str = "tom@harbour.example";

/// A group with Tom in it.
struct Payers {
    house: House,
    group: String,
    tom: String,
    person: PersonId,
}

impl Payers {
    async fn new(t: &std::sync::Arc<crate::support::stores::TestStore>) -> Self {
        let house = House::new(t).await;
        let tom = house.send(TOM).await;
        let sent = json!({
            "schemas": [super::GROUP], "displayName": "Payers", "externalId": "G-1", "members": [{ "value": tom }],
        });
        let group = house.ask("POST", "/Groups", sent).await.is(201).id();
        let (person, ..) = house.account(TOM).await.expect("an account");
        Self {
            group,
            tom,
            person,
            house,
        }
    }

    fn id(&self) -> GroupId {
        self.group.parse().expect("an id")
    }

    /// Ada asks that the group gives a role; the request.
    async fn proposed(&self, role: Role) -> MappingId {
        let (app, ada) = (self.house.app(), self.house.ada.access().await);
        scim::map(app, &ada, self.id(), role)
            .await
            .expect("proposed");
        let listed = scim::list(app, &ada).await.expect("listed");
        let mut mappings = listed[0].mappings.iter();
        let waits = mappings.find(|sight| sight.mapping.state == State::Open);
        waits.expect("it waits").mapping.id
    }

    async fn confirm(&self, id: MappingId) -> Result<(), ProvisioningError> {
        let ben = self.house.ben.access().await;
        scim::decide_mapping(self.house.app(), &ben, id, Verdict::Confirm).await
    }

    async fn mapped(&self, role: Role) -> MappingId {
        let id = self.proposed(role).await;
        self.confirm(id).await.expect("confirmed");
        id
    }

    async fn change(&self, operations: Value) -> Value {
        let path = format!("/Groups/{}", self.group);
        let changed = self.house.ask("PATCH", &path, patch(operations)).await;
        changed.is(200).body
    }

    async fn roles(&self) -> Vec<Role> {
        self.house.roles(self.person).await
    }
}

#[test]
fn a_group_is_kept_as_it_was_sent() {
    on_both(|t| async move {
        let payers = Payers::new(&t).await;
        let (house, path) = (&payers.house, format!("/Groups/{}", payers.group));
        let found = house.ask("GET", &path, Value::Null).await.is(200).body;
        assert_eq!(
            (&found["displayName"], &found["externalId"]),
            (&json!("Payers"), &json!("G-1"))
        );
        assert_eq!(found["members"][0]["value"], payers.tom);
        let user = house
            .ask("GET", &format!("/Users/{}", payers.tom), Value::Null)
            .await
            .body;
        assert_eq!(user["groups"][0]["value"], payers.group);
        assert_eq!(user["groups"][0]["display"], "Payers");
        for (filter, count) in [
            ("displayName%20eq%20%22payers%22".to_owned(), 1),
            (format!("members.value%20eq%20%22{}%22", payers.tom), 1),
            ("members%5Bvalue%20eq%20%22x%22%5D".to_owned(), 0),
        ] {
            let path = format!("/Groups?excludedAttributes=members&filter={filter}");
            let list = house.ask("GET", &path, Value::Null).await.is(200).body;
            assert_eq!(list["totalResults"], count, "{filter}");
            assert!(list["Resources"][0].get("members").is_none());
        }
        let tim = house.send("tim@harbour.example").await;
        let both = payers.change(json!([{ "op": "add", "path": "members", "value": [{ "value": tim }, { "value": payers.tom }] }])).await;
        assert_eq!(both["members"].as_array().map(Vec::len), Some(2));
        let one = payers
            .change(json!([{ "op": "remove", "path": "members", "value": [{ "value": tim }] }]))
            .await;
        assert_eq!(one["members"].as_array().map(Vec::len), Some(1));
        let stranger = patch(
            json!([{ "op": "add", "path": "members", "value": [{ "value": payers.group }] }]),
        );
        house
            .ask("PATCH", &path, stranger)
            .await
            .fails(400, "invalidValue");
        house.ask("DELETE", &path, Value::Null).await.is(204);
        house.ask("GET", &path, Value::Null).await.is(404);
        let user = house
            .ask("GET", &format!("/Users/{}", payers.tom), Value::Null)
            .await
            .body;
        assert!(user.get("groups").is_none());
    });
}

#[test]
fn a_group_gives_what_two_said_and_nothing_before() {
    on_both(|t| async move {
        let payers = Payers::new(&t).await;
        assert_eq!(payers.roles().await, []);
        let id = payers.proposed(Role::Payer).await;
        let (app, ada) = (payers.house.app(), payers.house.ada.access().await);
        let own = scim::decide_mapping(app, &ada, id, Verdict::Confirm).await;
        assert!(matches!(own, Err(ProvisioningError::SameHuman)), "{own:?}");
        assert_eq!(payers.roles().await, []);
        payers.confirm(id).await.expect("another human");
        assert_eq!(payers.roles().await, [Role::Payer]);
        // Whoever comes later has it too; a group of the same name does not give it.
        let tim = payers.house.send("tim@harbour.example").await;
        let (person, ..) = payers
            .house
            .account("tim@harbour.example")
            .await
            .expect("an account");
        let sent = json!({ "schemas": [super::GROUP], "displayName": "Payers", "members": [{ "value": tim }] });
        payers.house.ask("POST", "/Groups", sent).await.is(201);
        assert_eq!(payers.house.roles(person).await, []);
        payers
            .change(json!([{ "op": "add", "path": "members", "value": [{ "value": tim }] }]))
            .await;
        assert_eq!(payers.house.roles(person).await, [Role::Payer]);
    });
}

#[test]
fn a_role_of_the_organisations_own_comes_with_a_group_and_goes_with_it() {
    on_both(|t| async move {
        let payers = Payers::new(&t).await;
        let (app, ada) = (payers.house.app(), payers.house.ada.access().await);
        let desk = [Permission::BillsRead, Permission::BillsEnter];
        let made = roles::make(app, &ada, "Desk", desk.into_iter().collect());
        let desk = Role::Custom(made.await.expect("made"));
        let id = payers.proposed(desk).await;
        assert_eq!(payers.roles().await, []);
        payers.confirm(id).await.expect("another human");
        assert_eq!(payers.roles().await, [desk]);
        payers
            .change(json!([{ "op": "remove", "path": "members" }]))
            .await;
        assert_eq!(payers.roles().await, []);
    });
}

#[test]
fn a_mapping_that_was_changed_behind_the_back_gives_nothing() {
    on_both(|t| async move {
        let payers = Payers::new(&t).await;
        let id = payers.proposed(Role::Clerk).await;
        t.behind_the_back("UPDATE directory_mappings SET role = 'administrator'")
            .await;
        let forged = payers.confirm(id).await;
        assert!(
            matches!(
                forged,
                Err(ProvisioningError::Store(StoreError::Forged {
                    table: "directory_mappings",
                    ..
                }))
            ),
            "{forged:?}"
        );
        // Confirmed in the database, it stops the request that would follow it.
        t.behind_the_back("UPDATE directory_mappings SET state = 'confirmed'")
            .await;
        let path = format!("/Groups/{}", payers.group);
        let tim = payers.house.send("tim@harbour.example").await;
        let add = patch(json!([{ "op": "add", "path": "members", "value": [{ "value": tim }] }]));
        payers.house.ask("PATCH", &path, add).await.is(409);
        assert_eq!(payers.roles().await, []);
    });
}

#[test]
fn what_a_group_gave_is_taken_with_it_and_nothing_else() {
    for way in ["leaves", "group ends", "mapping ends", "user ends"] {
        on_both(|t| async move {
            let payers = Payers::new(&t).await;
            let (app, ada) = (payers.house.app(), payers.house.ada.access().await);
            // Given by hand: it is not the directory's to take, but with the user herself.
            countersign::identity::people::set_roles(app, &ada, payers.person, &[Role::Clerk])
                .await
                .expect("given");
            let id = payers.mapped(Role::Payer).await;
            payers.mapped(Role::Clerk).await;
            assert_eq!(payers.roles().await, [Role::Clerk, Role::Payer]);
            match way {
                "leaves" => drop(
                    payers
                        .change(json!([{ "op": "remove", "path": "members" }]))
                        .await,
                ),
                "group ends" => {
                    let path = format!("/Groups/{}", payers.group);
                    payers.house.ask("DELETE", &path, Value::Null).await.is(204);
                }
                "mapping ends" => scim::end_mapping(app, &ada, id).await.expect("ended"),
                _ => {
                    let path = format!("/Users/{}", payers.tom);
                    payers.house.ask("DELETE", &path, Value::Null).await.is(204);
                }
            }
            let wanted: &[Role] = if way == "user ends" {
                &[]
            } else {
                &[Role::Clerk]
            };
            assert_eq!(payers.roles().await, wanted, "{way}");
        });
    }
}

#[test]
fn a_mapping_waits_a_week_and_can_be_refused() {
    on_both(|t| async move {
        let payers = Payers::new(&t).await;
        let id = payers.proposed(Role::Payer).await;
        t.clock
            .advance(7 * countersign::platform::clock::Micros::DAY);
        let ben = payers
            .house
            .world
            .somebody_as("Ben", &[Role::Administrator], payers.house.ben.human)
            .await;
        let late = scim::decide_mapping(
            payers.house.app(),
            &ben.access().await,
            id,
            Verdict::Confirm,
        )
        .await;
        assert!(matches!(late, Err(ProvisioningError::Late)), "{late:?}");
    });
    on_both(|t| async move {
        let payers = Payers::new(&t).await;
        let id = payers.proposed(Role::Payer).await;
        let (app, ben) = (payers.house.app(), payers.house.ben.access().await);
        scim::decide_mapping(app, &ben, id, Verdict::Refuse)
            .await
            .expect("refused");
        let again = payers.confirm(id).await;
        assert!(
            matches!(again, Err(ProvisioningError::NotOpen)),
            "{again:?}"
        );
        assert_eq!(payers.roles().await, []);
    });
}
