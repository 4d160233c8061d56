//! The server keeps the journals' heads where a backup does not put them back, and is alarmed by an older database.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use countersign::assurance::restores::actions::{Alarm, Kept, Wrong, keep};
use countersign::identity::access::Role;
use countersign::params;
use countersign::platform::app::HeadsFolder;
use countersign::platform::clock::Micros;
use countersign::platform::folder;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::sequence_pending;
use countersign::platform::store::{Reads as _, Sql, Store, StoreError};

use super::journal_command::{kept_heads, put};
use super::restored::{ENTRIES, declared, more, newest};
use super::support::app::{Browser, between};
use super::support::desk::{Desk, Typed};
use super::support::server::{Launch, Server};
use super::support::stores::{TestStore, id, on_both};
use super::support::temp::TempDir;
use super::support::world::{Somebody, World};
use super::tamper::house::{House, ours};
use super::tamper::run;

const DECLARATION: Sql = Sql::read(
    "SELECT e.canonical, e.mac FROM journal_leaves l JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     WHERE l.org_id = $1 AND l.seq = $2",
);
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
        assert!(
            matches!(
                alarms[..],
                [Alarm {
                    wrong: Wrong::Journal {
                        kept: Kept::NoHead,
                        ..
                    },
                    ..
                }]
            ),
            "{alarms:?}"
        );
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

/// The file of the journal that is tampered with, and what is wrong with it after heads were kept.
async fn kept_of_ours(store: &Store, folder: &Path, head: &str) -> (String, Option<Wrong>) {
    let file = folder.join(format!("{}.head", ours()));
    std::fs::write(&file, head).expect("our own folder");
    let alarms = keep(store, folder).await.expect("kept");
    let wrong = alarms
        .into_iter()
        .find(|alarm| alarm.organisation == Some(ours()))
        .map(|alarm| alarm.wrong);
    (std::fs::read_to_string(&file).expect("a note"), wrong)
}

/// What a note signs: one of its signatures is another each time.
fn signed(note: &str) -> &str {
    note.split_once("\n\n").expect("a note").0
}

/// Puts the declaration of one database, which this installation wrote, into the place of another's.
async fn transplant(from: &TestStore, to: &TestStore) {
    let (canonical, mac) = from
        .store
        .read::<_, StoreError, _>(Scope::of(ours()), |read| {
            read.one::<(Vec<u8>, Vec<u8>)>(&DECLARATION, params![ENTRIES as i64])
        })
        .await
        .expect("it is there");
    to.without_triggers(&format!(
        "UPDATE journal_entries SET canonical = {}, mac = {} WHERE org_id = '{}' AND id = \
         (SELECT entry_id FROM journal_leaves WHERE org_id = '{}' AND seq = {ENTRIES})",
        to.blob(&canonical),
        to.blob(&mac),
        ours(),
        ours()
    ))
    .await;
}

/// A database of long ago is put back, and a restore declared that gives up one entry, where the head that was kept counts many.
async fn given_up_too_little(house: House) {
    let morning = house.night().await;
    let night = newest(&morning.store).await.note;
    more(&morning.store, ENTRIES, ENTRIES + 1).await;
    let short = newest(&morning.store).await.note;
    more(&morning.store, ENTRIES + 1, ENTRIES + 50).await;
    let long = newest(&morning.store).await.note;
    let folder = TempDir::new("heads");

    let false_one = house.night().await;
    declared(&false_one.store, &short).await.expect("declared");
    more(&false_one.store, ENTRIES, ENTRIES + 90).await;
    let (file, wrong) = kept_of_ours(&false_one.store, folder.path(), &long).await;
    let Some(Wrong::Journal {
        kept: Kept::Rewritten { size },
        ..
    }) = wrong
    else {
        panic!("{wrong:?}");
    };
    assert_eq!((size, file), (ENTRIES + 50, long.clone()), "it stays");
    // What it did give up, and what it still contains, are no alarm.
    for fine in [&short, &night] {
        let (file, wrong) = kept_of_ours(&false_one.store, folder.path(), fine).await;
        assert!(wrong.is_none(), "{wrong:?}");
        assert_eq!(signed(&file), signed(&newest(&false_one.store).await.note));
    }

    let honest = house.night().await;
    declared(&honest.store, &long).await.expect("declared");
    for fine in [&long, &short, &night] {
        let (file, wrong) = kept_of_ours(&honest.store, folder.path(), fine).await;
        assert!(wrong.is_none(), "{wrong:?}");
        assert_eq!(signed(&file), signed(&newest(&honest.store).await.note));
    }
    transplant(&honest, &false_one).await;
    let (file, wrong) = kept_of_ours(&false_one.store, folder.path(), &long).await;
    assert!(matches!(wrong, Some(Wrong::Failed(_))), "{wrong:?}");
    assert_eq!(file, long);
}

#[test]
fn a_restore_that_gave_up_less_than_was_kept_replaces_no_head() {
    run(async { given_up_too_little(House::embedded(ENTRIES).await).await });
}

#[test]
fn a_restore_that_gave_up_less_than_was_kept_replaces_no_head_on_postgresql() {
    run(given_up_too_little(House::Grown(ENTRIES)));
}

async fn numbered(world: &World) {
    sequence_pending(&world.app.store, "test", world.app.now())
        .await
        .expect("numbers");
}

#[test]
fn a_journal_that_is_wrong_keeps_no_other_from_being_looked_at() {
    on_both(|t| async move {
        let first = World::new(&t).await;
        let mut others = Vec::new();
        for _ in 0..3 {
            others.push(first.beside().await);
        }
        numbered(&first).await;
        let folder = TempDir::new("heads");
        let file = |organisation| folder.path().join(format!("{organisation}.head"));
        let [bad, unreadable, another] = [0, 1, 2].map(|at: usize| others[at].organisation);
        t.behind_the_back(&format!(
            "UPDATE journal_heads SET size = size + 1 WHERE org_id = '{bad}'"
        ))
        .await;
        std::fs::create_dir(file(unreadable)).expect("our own folder");
        std::fs::write(file(another), "no head").expect("our own folder");
        let alarms = keep(&t.store, folder.path()).await.expect("it goes on");
        let of = |organisation: OrgId| {
            let mut alarms = alarms.iter();
            alarms
                .find(|alarm| alarm.organisation == Some(organisation))
                .map(|alarm| &alarm.wrong)
        };
        for failed in [bad, unreadable] {
            let wrong = of(failed);
            assert!(matches!(wrong, Some(Wrong::Failed(_))), "{wrong:?}");
        }
        let wrong = of(another);
        assert!(matches!(wrong, Some(Wrong::Journal { .. })), "{wrong:?}");
        assert_eq!(alarms.len(), 3, "{alarms:?}");
        assert!(file(first.organisation).is_file(), "the healthy one's");
    });
}

#[test]
fn a_kept_head_without_a_journal_is_an_alarm() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        numbered(&world).await;
        let folder = TempDir::new("heads");
        let file = |organisation| folder.path().join(format!("{organisation}.head"));
        let alarms = keep(&t.store, folder.path()).await.expect("kept");
        assert!(alarms.is_empty(), "{alarms:?}");
        // Of an organisation that the database does not know any more, and of nobody's.
        let unknown: OrgId = id();
        std::fs::copy(file(world.organisation), file(unknown)).expect("our own folder");
        std::fs::write(folder.path().join("odd.head"), "odd").expect("our own folder");
        // And a journal that was emptied.
        t.behind_the_back(&format!(
            "DELETE FROM journal_heads WHERE org_id = '{}'",
            world.organisation
        ))
        .await;
        let alarms = keep(&t.store, folder.path()).await.expect("it goes on");
        for gone in [None, Some(unknown), Some(world.organisation)] {
            let found = alarms.iter().find(|alarm| alarm.organisation == gone);
            let wrong = found.map(|alarm| &alarm.wrong);
            assert!(matches!(wrong, Some(Wrong::Gone)), "{gone:?}: {alarms:?}");
        }
        assert_eq!(alarms.len(), 3, "{alarms:?}");
        assert!(file(unknown).is_file() && file(world.organisation).is_file());
    });
}

#[test]
fn whoever_keeps_heads_waits_for_who_does_and_sees_what_they_wrote() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        numbered(&world).await;
        let dir = TempDir::new("heads");
        let file = dir.path().join(format!("{}.head", world.organisation));
        // Of somebody who was killed while writing.
        let half = file.with_extension("0123.new");
        std::fs::write(&half, "half").expect("our own folder");
        let other = folder::lock(&dir.path().join("LOCK")).expect("our own folder");
        assert!(other.is_some());
        let (store, path) = (t.store.clone(), dir.path().to_owned());
        let waits = tokio::spawn(async move { keep(&store, &path).await });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert!(!waits.is_finished() && !file.exists(), "nothing beside us");
        std::fs::write(&file, "written meanwhile").expect("our own folder");
        drop(other);
        let alarms = waits.await.expect("it ends").expect("the lock is free");
        assert_eq!(alarms.len(), 1, "{alarms:?}");
        let there = std::fs::read_to_string(&file).expect("it stays");
        assert_eq!(there, "written meanwhile", "read before, it was replaced");
        assert!(!half.exists());
    });
}
