//! Who opens a bill's document is told of by the journal, before she sees anything of it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use countersign::assurance;
use countersign::identity::access::{Permission, Role};
use countersign::identity::tokens::create;
use countersign::payables;
use countersign::payables::bills::actions::open;
use countersign::payables::ids::BillId;
use countersign::platform::clock::Micros;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;
use countersign::platform::store::journal::read::{Filter, Told, entries};
use futures_util::future::join_all;

use super::pages::{browser, read};
use crate::intake::{Desk, IBAN, VAT_ID, ubl};
use crate::support::app::Browser;
use crate::support::stores::{Home, on_both};
use crate::support::world::Somebody;

/// Tests begin with an hour; a session does not live through one without a request.
const NEARLY_AN_HOUR: i64 = 59 * Micros::MINUTE;

async fn taken(desk: &Desk) -> BillId {
    let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    desk.send("a.xml", &bytes).await.expect("taken").bill
}

/// What the journal tells of openings, the newest first.
async fn told(desk: &Desk) -> Vec<Told> {
    let filter = Filter {
        action: "document.opened".to_owned(),
        ..Filter::default()
    };
    let scope = Scope::of(desk.world.organisation);
    let read = desk
        .app()
        .store
        .read::<_, StoreError, _>(scope, move |read| entries(read, &filter, None, 100));
    read.await.expect("it reads")
}

/// Everything that a browser and a program find.
fn router(desk: &Desk) -> Router {
    let (api, _) = payables::api().merge(assurance::api()).split_for_parts();
    payables::routes()
        .merge(assurance::routes())
        .merge(api)
        .with_state(std::sync::Arc::clone(&desk.world.app))
}

async fn by_token(desk: &Desk, who: &Somebody, path: &str) -> u16 {
    let access = who.access().await;
    let token = create(desk.app(), &access, "test", &[Permission::BillsRead], 7);
    let token = token.await.expect("a token").expose().to_string();
    let mut program = Browser::new(router(desk));
    let mut answer = 0;
    for _ in 0..2 {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        answer = program.send(request, Body::empty()).await.status;
    }
    answer
}

#[test]
fn whoever_opens_a_document_is_told_once_an_hour_by_what_she_opened_it_with() {
    on_both(|t| async move {
        t.clock.advance(NEARLY_AN_HOUR);
        let desk = Desk::new(&t).await;
        let bill = taken(&desk).await;
        let mut clerk = Browser::new(router(&desk)).with_cookie(&desk.clerk.cookie);
        // The list says what there is and shows no document.
        read(&mut clerk, "/bills").await;
        assert_eq!(told(&desk).await.len(), 0);
        let page = read(&mut clerk, &format!("/bills/{bill}")).await;
        let seen = format!("/bills/{bill}/seen");
        assert!(page.body.contains(&seen), "{}", page.body);
        for path in ["", "?document=data", "/document", "/edit", "/pages/1.png"] {
            clerk.get(&format!("/bills/{bill}{path}")).await;
        }
        let first = told(&desk).await;
        assert_eq!(first.len(), 1, "{first:?}");
        assert_eq!(first[0].actor, Some(desk.clerk.person));
        assert_eq!(first[0].after("bill"), Some(bill.to_string().as_str()));
        // A program with her token is another way out of the house.
        let status = by_token(
            &desk,
            &desk.clerk,
            &format!("/api/v1/bills/{bill}/document"),
        )
        .await;
        assert_eq!(status, 200);
        let dora = desk.world.somebody("Dora", &[Role::Approver]).await;
        read(
            &mut browser(&desk.world, &dora),
            &format!("/bills/{bill}/document"),
        )
        .await;
        let three = told(&desk).await;
        let kinds: Vec<&str> = three
            .iter()
            .map(|one| one.credential_kind.as_str())
            .collect();
        assert_eq!(kinds, ["session", "token", "session"]);
        t.clock.advance(Micros::MINUTE);
        read(&mut clerk, &format!("/bills/{bill}")).await;
        assert_eq!(told(&desk).await.len(), 4);
        let page = read(&mut clerk, &seen).await;
        for shown in ["Clara", "Dora", "a.xml", "by API token"] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        let own = read(&mut clerk, "/me/seen").await;
        assert!(own.body.contains("a.xml") && !own.body.contains("Dora"));
    });
}

/// The twin: the same bytes by a way that leaves the entry out, which is what the counts above are held against.
#[test]
fn a_document_that_is_read_past_the_door_leaves_no_entry() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = taken(&desk).await;
        let stored = desk.stored(bill).await.bill;
        let keys = desk.world.keys().await;
        let document = stored.document_id.expect("it came as a file");
        let scope = Scope::of(desk.world.organisation);
        let find = desk.app().store.read(scope, move |read| {
            countersign::platform::documents::find(read, document)
        });
        let sha256 = find.await.expect("its row").sha256;
        let bytes = desk.app().documents.get(&keys, sha256).await;
        assert!(!bytes.expect("its bytes").is_empty());
        assert_eq!(told(&desk).await.len(), 0);
        let access = desk.clerk.access().await;
        open(desk.app(), &access, bill).await.expect("by the door");
        assert_eq!(told(&desk).await.len(), 1);
    });
}

#[test]
fn a_page_of_many_images_is_one_opening() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = taken(&desk).await;
        let access = desk.clerk.access().await;
        let each = (0..16).map(|_| open(desk.app(), &access, bill));
        for opened in join_all(each).await {
            opened.expect("opened");
        }
        assert_eq!(told(&desk).await.len(), 1);
    });
}

#[test]
fn nothing_is_shown_where_the_journal_cannot_be_told() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = taken(&desk).await;
        let mut clerk = browser(&desk.world, &desk.clerk);
        let (stop, go_on) = match &t.home {
            Home::Embedded(_) => (
                "CREATE TRIGGER stop BEFORE INSERT ON journal_entries BEGIN SELECT RAISE(ABORT, 'stopped'); END",
                "DROP TRIGGER stop",
            ),
            Home::Grown(_) => (
                "REVOKE INSERT ON journal_entries FROM countersign_server",
                "GRANT INSERT ON journal_entries TO countersign_server",
            ),
        };
        t.behind_the_back(stop).await;
        for path in ["", "/document", "/edit"] {
            let answer = clerk.get(&format!("/bills/{bill}{path}")).await;
            assert!(answer.status >= 400, "{path}: {}", answer.status);
            assert!(!answer.body.contains("Nordwind"), "{path}: {}", answer.body);
        }
        // The twin: the same, once it can be.
        t.behind_the_back(go_on).await;
        read(&mut clerk, &format!("/bills/{bill}/document")).await;
        assert_eq!(told(&desk).await.len(), 1);
    });
}

#[test]
fn a_row_that_says_that_it_was_told_and_is_not_ours_lets_nobody_in() {
    on_both(|t| async move {
        t.clock.advance(NEARLY_AN_HOUR);
        let desk = Desk::new(&t).await;
        let bill = taken(&desk).await;
        let document = desk.stored(bill).await.bill.document_id.expect("a file");
        let access = desk.clerk.access().await;
        let credential = access.caller().actor.credential_id.expect("a session");
        let hour = access.now().0 / Micros::HOUR;
        let (organisation, person) = (desk.world.organisation, desk.clerk.person);
        t.behind_the_back(&format!(
            "INSERT INTO document_openings (org_id, id, document_id, person_id, credential, hour) \
             VALUES ('{organisation}', '{credential}', '{document}', '{person}', '{credential}', {hour})"
        ))
        .await;
        let mut clerk = browser(&desk.world, &desk.clerk);
        let answer = clerk.get(&format!("/bills/{bill}/document")).await;
        assert_ne!(answer.status, 200);
        assert_eq!(told(&desk).await.len(), 0);
        // The twin: nobody wrote a row for the hour after.
        t.clock.advance(Micros::MINUTE);
        read(&mut clerk, &format!("/bills/{bill}/document")).await;
        assert_eq!(told(&desk).await.len(), 1);
    });
}
