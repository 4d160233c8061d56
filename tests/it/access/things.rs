//! One of each kind of thing that a path can name.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use countersign::assurance::audit::rules::Format;
use countersign::assurance::keys::disposal::actions::propose as propose_disposal;
use countersign::assurance::keys::reveals::Purpose;
use countersign::assurance::keys::reveals::actions::{Wanted, ask_for_later};
use countersign::assurance::streams::actions::{self as streams, Proposal};
use countersign::assurance::streams::rules::{Begins, Kind};
use countersign::identity::access::{Access, Grant, Permission, PermissionSet, Role};
use countersign::identity::delegations::{NewDelegation, delegate_for};
use countersign::identity::policy::{Terms, propose, view};
use countersign::identity::powers::Verdict;
use countersign::identity::provisioning::{self, DirectorySight, Which};
use countersign::identity::{self, roles, services, tokens};
use countersign::payables::bills::holds;
use countersign::payables::ids::{BillId, VendorId};
use countersign::payables::vendors::rules::VendorStatus;
use countersign::platform::ids::PersonId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, StoreError};

use crate::support::app::Browser;
use crate::support::world::{Somebody, World};
use crate::vendors::Office;

/// The id of a request that waits: power for somebody, proposed where two administer.
pub async fn proposed(world: &World, receiver: &Somebody) -> String {
    let ada = world.somebody("Ada", &[Role::Administrator]).await;
    world.somebody("Ida", &[Role::Administrator]).await;
    let (app, access) = (&world.app, ada.access().await);
    let roles = [Role::Coder, Role::Approver];
    identity::people::set_roles(app, &access, receiver.person, &roles)
        .await
        .expect("proposed");
    let requests = identity::powers::list(app, &access).await.expect("listed");
    requests.open[0].request.id.to_string()
}

/// The id of a request that waits: the key of a vendor that is no longer used.
pub async fn disposal(office: &Office) -> String {
    let vendor = office.active_vendor("Former OHG").await;
    office.set_status(vendor, VendorStatus::Archived).await;
    let asks = office.world.somebody("Asa", &[Role::Administrator]).await;
    let (app, access) = (&office.world.app, asks.access().await);
    let vendor = vendor.to_string();
    let asked = propose_disposal(app, &access, "vendor", &vendor, "It is over.");
    asked.await.expect("nothing needs it").to_string()
}

/// The ids of a connection in force, and of a domain that waits for a second administrator.
pub async fn sign_in_settings(world: &World) -> (String, String) {
    use crate::single_sign_on::{Two, open_connection};
    let two = Two::of(world.here()).await;
    let connection = two.connected(open_connection()).await;
    let domain = identity::sso::Configuration::Domain {
        domain: "example.org".to_owned(),
    };
    let change = two.proposed(domain).await;
    (connection.id.to_string(), change.to_string())
}

/// What is sealed for a person, such as an app's seed, is sealed under a key of hers.
pub async fn give_key(world: &World, person: PersonId) {
    let keys = world.keys().await;
    let made: Result<(), StoreError> = world
        .app
        .store
        .write(world.caller(), move |tx| {
            keys.create_subject(tx, person)
                .map_err(|_| StoreError::Missing)?;
            tx.commit(Entry::new("test.key-made", "person", person), ())
        })
        .await;
    made.expect("a key");
}

/// The id of a security policy that waits, proposed where two administer.
pub async fn proposed_policy(world: &World) -> String {
    let cara = world.somebody("Cara", &[Role::Administrator]).await;
    let (app, access) = (&world.app, cara.access().await);
    let terms = Terms {
        fresh_minutes: 8,
        ..Terms::STANDARD
    };
    propose(app, &access, terms).await.expect("proposed");
    let sight = view(app, &access).await.expect("seen");
    sight.waiting[0].request.id.to_string()
}

/// The ids of a role of the organisation's own, and of power for it that waits, proposed where two administer.
pub async fn role(world: &World) -> (String, String) {
    let dora = world.somebody("Dora", &[Role::Administrator]).await;
    let (app, access) = (&world.app, dora.access().await);
    let permissions = |words: &str| PermissionSet::parse(words);
    let id = roles::make(app, &access, "Mail room", permissions("bills.read"))
        .await
        .expect("made");
    let wider = ("Mail room", permissions("bills.read runs.release"));
    roles::change(app, &access, id, wider).await.expect("asked");
    let sight = roles::list(app, &access).await.expect("listed");
    (id.to_string(), sight.waiting[0].change.id.to_string())
}

/// Two accounts that are one human's, and the end of it that waits: the join, and an account that is for itself.
pub async fn humans(world: &World, receiver: PersonId) -> (String, String) {
    let gil = world.somebody("Gil", &[Role::Administrator]).await;
    let twin = world.somebody("Otto too", &[Role::Coder]).await;
    let alone = world.somebody("Otto no more", &[Role::Coder]).await;
    let (app, access) = (&world.app, gil.access().await);
    let id = identity::humans::join(app, &access, (receiver, twin.person))
        .await
        .expect("joined");
    identity::humans::propose_split(app, &access, id)
        .await
        .expect("asked");
    (id.to_string(), alone.person.to_string())
}

/// The id of a delegation for somebody absent that waits for a second administrator.
pub async fn for_absent(world: &World, to: PersonId) -> String {
    let hal = world.somebody("Hal", &[Role::Administrator]).await;
    let uma = world.somebody("Uma", &[Role::Approver]).await;
    let day = jiff::civil::date(2026, 1, 31);
    let new = NewDelegation {
        delegate: to,
        entity: None,
        from: day,
        until: day,
    };
    let access = hal.access().await;
    delegate_for(&world.app, &access, (uma.person, new))
        .await
        .expect("asked")
        .to_string()
}

/// A directory with a token and a group's role that wait for a second administrator.
pub async fn directory(world: &World) -> DirectorySight {
    let ada = world.somebody("Ada", &[Role::Administrator]).await;
    let ida = world.somebody("Ida", &[Role::Administrator]).await;
    let (app, ada, ida) = (&world.app, ada.access().await, ida.access().await);
    let made = async |which| {
        provisioning::propose(app, &ada, which, 7)
            .await
            .expect("made")
    };
    let listed = async || {
        provisioning::list(app, &ada)
            .await
            .expect("listed")
            .remove(0)
    };
    let token = made(Which::New("Entra".to_owned())).await;
    let first = listed().await;
    let id = first.tokens[0].token.id;
    provisioning::decide(app, &ida, id, Verdict::Confirm)
        .await
        .expect("confirmed");
    let group =
        r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Payers"}"#;
    let request = Request::post("/scim/v2/Groups")
        .header(header::AUTHORIZATION, format!("Bearer {}", *token.expose()))
        .header(header::CONTENT_TYPE, "application/scim+json");
    let router = identity::routes().with_state(Arc::clone(app));
    let answer = Browser::new(router).send(request, Body::from(group)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let group = listed().await.groups[0].0;
    provisioning::map(app, &ada, group, Role::Clerk)
        .await
        .expect("proposed");
    made(Which::There(first.id)).await;
    listed().await
}

/// The id of a directory's token that waits.
pub fn waiting_token(directory: &DirectorySight) -> String {
    let mut tokens = directory.tokens.iter();
    let waiting = tokens.find(|sight| sight.token.state == provisioning::State::Open);
    waiting.expect("it was proposed").token.id.to_string()
}

/// A service account with a token.
pub async fn scanner(world: &World) -> (PersonId, String) {
    let ada = world.somebody("Ada", &[Role::Administrator]).await;
    let (app, access) = (&world.app, ada.access().await);
    let grants = [Grant::everywhere(Role::Clerk)];
    let id = services::create(app, &access, "Scanner", &grants)
        .await
        .expect("made");
    let wanted = ("import", &[Permission::BillsEnter][..], 7);
    services::make_token(app, &access, id, wanted)
        .await
        .expect("a token");
    let view = services::view(app, &access, id).await.expect("it is there");
    (id, view.tokens[0].id.to_string())
}

/// The id of a request to see a vendor's accounts in full, which waits.
pub async fn asked_to_see(world: &World, vendor: VendorId) -> String {
    let rita = world.somebody("Rita", &[Role::SecurityOfficer]).await;
    let wanted = Wanted {
        values: Vec::new(),
        vendors: vec![vendor.to_string().parse().expect("an id")],
        purpose: Some(Purpose::Bank),
        reason: "the bank asks".to_owned(),
    };
    ask_for_later(&world.app, &rita.access().await, wanted)
        .await
        .expect("it waits")
        .to_string()
}

/// The id of a stream of the journal that waits, asked for where another can confirm it. Syslog has no secret that a page would show.
pub async fn stream(world: &World) -> String {
    let sia = world.somebody("Sia", &[Role::Administrator]).await;
    world.somebody("Sid", &[Role::SecurityOfficer]).await;
    let wanted = Proposal {
        name: "Archive".to_owned(),
        kind: Kind::Syslog,
        address: "logs.example:6514".to_owned(),
        format: Format::Ocsf,
        begins: Begins::First,
        replaces: None,
    };
    let asked = streams::propose(&world.app, &sia.access().await, wanted).await;
    asked.expect("it is asked for").to_string()
}

/// The id of a token that may be revoked.
pub async fn spare(app: &Arc<countersign::platform::app::App>, access: &Access) -> String {
    tokens::create(app, access, "spare", &[Permission::BillsRead], 7)
        .await
        .expect("a token");
    let listed = tokens::list(app, access).await.expect("the list");
    let spare = listed.iter().find(|token| token.name == "spare");
    spare.expect("it is listed").id.to_string()
}

pub async fn manual_hold(world: &World, bill: BillId) -> String {
    let found = world
        .app
        .store
        .read::<_, StoreError, _>(Scope::of(world.organisation), move |read| {
            holds::of_bill(read, bill)
        })
        .await
        .expect("the database answers");
    let manual = found
        .iter()
        .find(|hold| hold.kind == holds::HoldKind::Manual);
    manual.expect("it was placed").id.to_string()
}
