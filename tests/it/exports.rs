//! The journal as files for people and other programs: whole, filtered, and itself journaled.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use countersign::assurance::audit::actions::{AuditError, Export, follow, take};
use countersign::assurance::audit::rules::Format;
use countersign::identity::access::Role;
use countersign::platform::store::journal::read::{Filter, Told, entries};
use countersign::platform::store::journal::sequence_pending;
use countersign::platform::store::{Entry, StoreError};
use serde_json::Value;

use super::support::client::Client;
use super::support::desk::{Desk, Typed};
use super::support::poll;
use super::support::server::{Launch, Server};
use super::support::stores::{START, TestStore, on_both};
use super::support::world::World;

async fn write(world: &World, numbers: std::ops::Range<i64>) {
    world
        .t
        .store
        .write::<_, StoreError, _>(world.caller(), move |tx| {
            for n in numbers.clone() {
                tx.journal(Entry::new("note.written", "note", n).fact("text", "=1+1"))?;
            }
            tx.done(())
        })
        .await
        .expect("written");
}

async fn sequence(t: &TestStore) {
    sequence_pending(&t.store, "node", START)
        .await
        .expect("sequenced");
}

async fn exported(world: &World) -> Vec<Told> {
    let filter = Filter {
        action: "journal.exported".to_owned(),
        ..Filter::default()
    };
    world
        .t
        .store
        .read::<_, StoreError, _>(world.caller().scope, move |reads| {
            entries(reads, &filter, None, 10)
        })
        .await
        .expect("it reads")
}

fn notes() -> Filter {
    Filter {
        action: "note.written".to_owned(),
        ..Filter::default()
    }
}

async fn piece(export: &mut Export) -> Option<String> {
    let piece = export.next().await.expect("it reads");
    piece.map(|bytes| String::from_utf8(bytes).expect("text"))
}

#[test]
fn an_export_is_whole_though_the_journal_grows_and_no_piece_holds_more_than_a_page() {
    on_both(|t: Arc<TestStore>| async move {
        let world = World::new(&t).await;
        let auditor = world.somebody("Otto", &[Role::Auditor]).await;
        write(&world, 0..2_000).await;
        sequence(&t).await;
        // These wait for their numbers when the export begins, and get them while it runs.
        write(&world, 2_000..2_300).await;
        let mut export = take(
            &t.store,
            &auditor.access().await,
            notes(),
            Format::JsonLines,
        )
        .await
        .expect("an auditor takes it");
        assert_eq!(export.count(), 2_300);
        let mut objects = Vec::new();
        while let Some(text) = piece(&mut export).await {
            assert!(text.lines().count() <= 1_000, "{}", text.lines().count());
            for line in text.lines() {
                let entry: Value = serde_json::from_str(line).expect("JSON");
                objects.push(entry["object_id"].as_str().expect("an id").to_owned());
            }
            write(&world, 9_000..9_010).await;
            sequence(&t).await;
        }
        let expected: Vec<String> = (0..2_300).rev().map(|n: i64| n.to_string()).collect();
        assert!(objects == expected, "{} entries", objects.len());
    });
}

#[test]
fn an_export_is_an_entry_before_its_first_byte_and_whoever_may_not_read_takes_none() {
    on_both(|t: Arc<TestStore>| async move {
        let world = World::new(&t).await;
        let auditor = world.somebody("Otto", &[Role::Auditor]).await;
        let clerk = world.somebody("Cleo", &[Role::Clerk]).await;
        write(&world, 0..3).await;
        let refused = take(&t.store, &clerk.access().await, notes(), Format::Csv).await;
        assert!(matches!(refused, Err(AuditError::Denied(_))));
        assert!(exported(&world).await.is_empty());

        let filter = Filter {
            object_id: "1".to_owned(),
            ..notes()
        };
        let begun = take(&t.store, &auditor.access().await, filter, Format::Csv).await;
        let mut export = begun.expect("an auditor takes it");
        let told = exported(&world).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].actor, Some(auditor.person));
        let said: Vec<(&str, Option<&str>)> = told[0]
            .changes
            .iter()
            .map(|change| (change.field.as_str(), change.after.as_deref()))
            .collect();
        let expected = [
            ("count", Some("1")),
            ("format", Some("csv")),
            ("action", Some("note.written")),
            ("object", Some("1")),
        ];
        assert_eq!(said, expected);
        let text = piece(&mut export).await.expect("one piece");
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains(",'=1+1,"), "a formula is text: {text}");
        assert_eq!(piece(&mut export).await, None);
    });
}

#[test]
fn what_is_followed_is_dense_and_in_order_while_two_nodes_number_and_others_write() {
    on_both(|t: Arc<TestStore>| async move {
        let world = World::new(&t).await;
        let auditor = world.somebody("Otto", &[Role::Auditor]).await;
        let clerk = world.somebody("Cleo", &[Role::Clerk]).await;
        let access = auditor.access().await;
        let refused = follow(&t.store, &clerk.access().await, 0, 10).await;
        assert!(matches!(refused, Err(AuditError::Denied(_))));
        let other = t.another_node().await;
        let (mut next, mut numbers) = (0, Vec::new());
        for round in 0..12 {
            write(&world, round * 20..round * 20 + 20).await;
            let a = sequence_pending(&t.store, "a", START);
            let b = sequence_pending(&other, "b", START);
            let (first, second) = tokio::join!(a, b);
            // Who comes second has lost to the first's lease, or found nothing left.
            assert!(first.is_ok() || second.is_ok());
            write(&world, 9_000..9_003).await;
            let (_, told) = follow(&other, &access, next, 17).await.expect("it reads");
            numbers.extend(told.iter().map(|entry| entry.seq.expect("a number")));
            next = numbers.last().map_or(0, |last| last + 1);
        }
        sequence(&t).await;
        loop {
            let (_, told) = follow(&t.store, &access, next, 17).await.expect("it reads");
            let Some(last) = told.last() else { break };
            next = last.seq.expect("a number") + 1;
            numbers.extend(told.iter().map(|entry| entry.seq.expect("a number")));
        }
        assert!(numbers.len() > 12 * 20, "{}", numbers.len());
        assert!(numbers.iter().copied().eq(0..next), "{numbers:?}");
    });
}

fn events(server: &Server, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["journal", "events", "--org", "harbour-foods", "--data"])
        .arg(server.data())
        .args(arguments)
        .output()
        .expect("the binary was built");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn page_api_and_command_find_what_one_request_did_and_give_it_in_every_form() {
    let mut server = Server::start(Launch::embedded());
    let (mut ann, _) = Desk::set_up(&server, &Typed::default());
    let token = ann.api_token("program", &["journal.read"]);
    ann.get("/journal");
    let verified = ann.submit("/journal/verify", &[]);
    let request = verified.header("x-request-id").expect("an id").to_owned();
    ann.get("/journal");
    let other = ann.submit("/journal/verify", &[]);
    assert_ne!(other.header("x-request-id"), Some(request.as_str()));

    let page = ann.get(&format!("/journal?request={request}")).text();
    assert_eq!(page.matches("<tr data-row>").count(), 1, "{page}");
    let mut program = server
        .client()
        .always("Authorization", &format!("Bearer {token}"));
    let listed = program.get(&format!("/api/v1/journal?request={request}"));
    assert_eq!(listed.json()["entries"][0]["request"], request.as_str());
    assert_eq!(listed.json()["entries"].as_array().map(Vec::len), Some(1));

    let of = |format: &str| format!("/api/v1/journal/export?request={request}&format={format}");
    let event: Value = serde_json::from_str(&program.get(&of("ocsf")).text()).expect("one line");
    assert_eq!(event["metadata"]["correlation_uid"], request.as_str());
    assert_eq!(event["metadata"]["version"], "1.3.0");
    assert_eq!(event["class_uid"], 3004);
    assert_eq!(program.get(&of("xml")).status, 422);
    let by_other = program.get(&format!("{}&action=bill.coded", of("jsonl")));
    assert_eq!(by_other.text(), "", "filters hold together");
    ann.get(&format!("/journal?request={request}"));
    let file = ann.submit(
        "/journal/export",
        &[("request", &request), ("format", "ocsf")],
    );
    assert_eq!(file.text().lines().count(), 1);
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"journal.ocsf.jsonl\"")
    );

    // The log ties to the journal by the same id, and its page shows how long it stays.
    let logs = ann.get("/journal/logs").text();
    assert!(logs.contains("Kept as long as asked for"), "{logs}");
    assert!(logs.contains("kept for 366 days, 92 of them"), "{logs}");
    let file = std::fs::read_dir(server.data().join("logs")).expect("the standard folder");
    let file = file.last().expect("today's").expect("an entry").path();
    let lines = std::fs::read_to_string(&file).expect("text");
    assert!(lines.contains(&request), "{lines}");
    std::fs::write(file.with_file_name("countersign-2020-01-01.log"), "").expect("our folder");
    let overdue = ann.get("/journal/logs").text();
    assert!(overdue.contains("Older ones are still there"), "{overdue}");

    assert!(server.stop(), "{}", server.said());
    let csv = events(&server, &["--request", &request, "--format", "csv"]);
    let actions: BTreeSet<&str> = csv
        .lines()
        .skip(1)
        .filter_map(|l| l.split(',').nth(7))
        .collect();
    assert_eq!(actions, BTreeSet::from(["journal.verified"]), "{csv}");
    assert_eq!(events(&server, &["--to", "2001-01-01"]), "");
    // What was taken is told: twice by the API, once on the page, twice on the command line.
    let told = events(&server, &["--action", "journal.exported"]);
    assert_eq!(told.lines().count(), 5, "{told}");
}

/// Follows from a number to the end of what has one.
fn asked_onwards(program: &mut Client, from: i64, limit: i64) -> (i64, Vec<i64>) {
    let (mut next, mut numbers) = (from, Vec::new());
    loop {
        let answer = program.get(&format!(
            "/api/v1/journal/onwards?from={next}&limit={limit}&format=ocsf"
        ));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        let events = body["events"].as_array().expect("a list");
        assert!(events.len() <= usize::try_from(limit).expect("small"));
        let sequence = |event: &Value| event["metadata"]["sequence"].as_i64().expect("a number");
        numbers.extend(events.iter().map(sequence));
        next = body["next"].as_i64().expect("a number");
        if events.is_empty() {
            return (next, numbers);
        }
    }
}

#[test]
fn who_follows_the_journal_misses_nothing_when_the_server_is_killed_and_gets_nothing_twice() {
    let mut server = Server::start(Launch::embedded());
    let (mut ann, _) = Desk::set_up(&server, &Typed::default());
    let token = ann.api_token("program", &["journal.read"]);
    let bearer = format!("Bearer {token}");
    let mut program = server.client().always("Authorization", &bearer);
    // The first entries have their numbers about a second after they were written.
    let begun = poll(Duration::from_secs(20), || {
        let begun = asked_onwards(&mut program, 0, 3);
        (!begun.1.is_empty()).then_some(begun)
    });
    let (next, mut numbers) = begun.expect("entries get their numbers");
    for _ in 0..5 {
        ann.get("/journal");
        ann.submit("/journal/verify", &[]);
    }
    // What was answered is committed, and got its number before the kill or gets it after.
    server.kill();
    server.restart();
    let mut program = server.client().always("Authorization", &bearer);
    let verified = poll(Duration::from_secs(20), || {
        let listed = program.get("/api/v1/journal?action=journal.verified");
        let listed = listed.json();
        let all = listed["entries"].as_array().cloned().unwrap_or_default();
        let is_numbered = all.iter().all(|entry| entry["number"].is_i64());
        (is_numbered && all.len() == 5).then_some(all)
    });
    let verified = verified.expect("all five got numbers");
    let (end, rest) = asked_onwards(&mut program, next, 3);
    numbers.extend(rest);
    let dense: Vec<i64> = (0..end).collect();
    assert_eq!(numbers, dense);
    for entry in verified {
        let number = entry["number"].as_i64().expect("a number");
        assert!(numbers.contains(&number), "{number} of {numbers:?}");
    }
    let table = program.get("/api/v1/journal/onwards?format=csv");
    assert_eq!(table.status, 422);
}
