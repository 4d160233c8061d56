//! The server keeps the journals' heads where a backup does not put them back, and is alarmed by an older database.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use countersign::assurance::restores::actions::{Kept, keep};
use countersign::identity::access::Role;
use countersign::platform::app::HeadsFolder;
use countersign::platform::clock::Micros;
use countersign::platform::store::journal::sequence_pending;

use super::journal_command::{kept_heads, put};
use super::support::app::{Browser, between};
use super::support::desk::{Desk, Typed};
use super::support::server::{Launch, Server};
use super::support::stores::on_both;
use super::support::temp::TempDir;
use super::support::world::{Somebody, World};

const ALARM: &str = "does not contain the head";
const HOLDS: &str = "contains the head of";

fn signed_in(server: &Server, code: &str) -> Desk {
    let mut desk = Desk::at(server.client());
    let password = Typed::default().password;
    let answer = desk.sign_in("ann@harbour.example", &password, code);
    assert_eq!(answer.header("location"), Some("/"), "{}", answer.text());
    desk
}

fn heads(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = kept_heads(folder).into_iter();
    files
        .map(|file| (file.clone(), std::fs::read(file).expect("it is there")))
        .collect()
}

#[test]
fn a_server_is_alarmed_by_a_database_that_was_put_back() {
    let elsewhere = TempDir::new("heads");
    let folder = elsewhere.path().join("kept");
    let launch = Launch::embedded().variable(
        "COUNTERSIGN_JOURNAL_HEADS_FOLDER",
        folder.to_str().expect("a path of ours"),
    );
    let mut server = Server::start(launch);
    let (_desk, kept) = Desk::set_up(&server, &Typed::default());
    assert!(server.stop(), "{}", server.said());
    assert_eq!(
        heads(&folder).len(),
        2,
        "the system's and the organisation's"
    );
    let night = TempDir::new("night");
    put(server.data(), night.path());

    server.restart();
    let mut desk = signed_in(&server, &kept.recovery_codes[0]);
    assert!(desk.get("/trust").text().contains(HOLDS));
    assert!(server.stop(), "{}", server.said());
    let newest = heads(&folder);

    put(night.path(), server.data());
    server.restart();
    server.wait_for_line("alarm", |line| {
        line.contains("whose head was kept").then_some(())
    });
    let mut desk = signed_in(&server, &kept.recovery_codes[0]);
    let page = desk.get("/trust").text();
    assert!(page.contains(ALARM), "{page}");
    assert!(server.stop(), "{}", server.said());
    // The system's journal may have lost nothing that night, and go on.
    let now = heads(&folder);
    let stayed = newest
        .iter()
        .filter(|(file, was)| now.get(*file) == Some(*was));
    assert!(stayed.count() >= 1, "no older one in its place");

    // The twin: where nobody kept a head, nothing tells of it.
    std::fs::remove_dir_all(&folder).expect("our own folder");
    server.restart();
    let mut desk = signed_in(&server, &kept.recovery_codes[1]);
    let page = desk.get("/trust").text();
    assert!(!page.contains(ALARM) && page.contains(HOLDS), "{page}");
    assert!(server.stop(), "{}", server.said());
}

async fn claim(world: &World, who: &Somebody) -> Option<String> {
    let router = countersign::assurance::routes().with_state(Arc::clone(&world.app));
    let answer = Browser::new(router)
        .with_cookie(who.cookie())
        .get("/trust")
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let rest = answer
        .body
        .split("A database that was put back is seen")
        .nth(1)?;
    Some(
        between(rest, "class=\"badge ", "\"")
            .expect("its badge")
            .to_owned(),
    )
}

#[test]
fn the_trust_page_tells_where_heads_are_kept_and_how_old_they_are() {
    on_both(|t| async move {
        let mut world = World::new(&t).await;
        let folder = TempDir::new("heads");
        let set = |world: &mut World, is_within_data| {
            let app = Arc::get_mut(&mut world.app).expect("nobody else has it yet");
            app.heads = Some(HeadsFolder {
                path: folder.path().to_owned(),
                is_within_data,
            });
        };
        set(&mut world, false);
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        assert_eq!(
            claim(&world, &ada).await.as_deref(),
            Some("warn"),
            "none yet"
        );
        let store = world.app.store.clone();
        sequence_pending(&store, "test", world.app.now())
            .await
            .expect("numbers");
        let alarms = keep(&store, folder.path()).await.expect("kept");
        assert!(alarms.is_empty(), "{alarms:?}");
        assert_eq!(claim(&world, &ada).await.as_deref(), Some("good"));
        t.clock.advance(Micros::DAY + 1);
        let ben = world.somebody("Ben", &[Role::Administrator]).await;
        assert_eq!(
            claim(&world, &ben).await.as_deref(),
            Some("warn"),
            "too old"
        );
        // Another journal's head in its place.
        let file = folder.path().join(format!("{}.head", world.organisation));
        std::fs::write(&file, "no head").expect("our own folder");
        assert_eq!(claim(&world, &ben).await.as_deref(), Some("bad"));
        let alarms = keep(&store, folder.path()).await.expect("it reads");
        assert_eq!(alarms[0].kept, Kept::NoHead);
        assert_eq!(std::fs::read(&file).expect("it is there"), b"no head");
    });
}

#[test]
fn a_folder_inside_the_data_is_warned_of_and_none_is_no_claim() {
    on_both(|t| async move {
        let mut world = World::new(&t).await;
        let app = Arc::get_mut(&mut world.app).expect("nobody else has it yet");
        app.heads = Some(HeadsFolder {
            path: world.roots.path().to_owned(),
            is_within_data: true,
        });
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        assert_eq!(claim(&world, &ada).await.as_deref(), Some("warn"));
        let beside = World::new(&t).await;
        let ida = beside.somebody("Ida", &[Role::Administrator]).await;
        assert_eq!(claim(&beside, &ida).await, None);
    });
}
