//! On the embedded engine the one process that serves also rotates: it is killed in the middle of each level. Who asks meanwhile is refused
//! a connection, and what was acknowledged is there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use countersign::assurance::keys::rotation::actions::standing_of;
use countersign::platform::store::journal::verify;
use serde_json::Value;
use uuid::Uuid;

use super::node::Node;
use crate::support::client::Client;
use crate::support::desk::{Desk, Typed};
use crate::support::server::{Launch, Server};

const VALUES: u64 = 300;
const DOCUMENTS: u64 = 50;
const VAT_ID: &str = "DE173205089";
const LEVELS: [&str; 3] = ["subjects", "values", "documents"];
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// What came of somebody's requests.
#[derive(Debug, Default)]
struct Entered {
    acknowledged: Vec<Uuid>,
    /// Answers that say neither yes nor that nobody is there.
    failed: Vec<String>,
    refused: usize,
}

static STOP: AtomicBool = AtomicBool::new(false);

/// Enters vendors until it is told to stop.
fn enters(name: &'static str, mut client: Client, csrf: String) -> JoinHandle<Entered> {
    thread::spawn(move || {
        let mut entered = Entered::default();
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        for number in 0.. {
            if STOP.load(Ordering::Relaxed) {
                break;
            }
            let name = format!("{name} {number}");
            let form = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("csrf", &csrf)
                .append_pair("name", &name)
                .append_pair("vat_id", VAT_ID)
                .append_pair("country", "DE")
                .append_pair("terms_days", "30")
                .finish();
            match client.try_request("POST", "/vendors", &kind, form.as_bytes()) {
                Ok(answer) => match id_in(answer.header("location")) {
                    Some(id) => entered.acknowledged.push(id),
                    None => entered
                        .failed
                        .push(format!("{}: {}", answer.status, answer.text())),
                },
                // Nobody serves: the process was killed, or has not started again.
                Err(_) => entered.refused += 1,
            }
            sleep(Duration::from_millis(100));
        }
        entered
    })
}

fn id_in(location: Option<&str>) -> Option<Uuid> {
    let id = location?.strip_prefix("/vendors/")?;
    id.split('?').next()?.parse().ok()
}

/// The levels as programs see them.
fn levels(client: &mut Client) -> Vec<Value> {
    let answer = client.get("/api/v1/keys");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    body["levels"].as_array().expect("a list").clone()
}

/// Kills the server once in the work of each level, and waits until all are done.
fn rotates(server: &mut Server, watch: &mut Client) {
    let (started, mut to_kill) = (Instant::now(), LEVELS.to_vec());
    loop {
        let all = levels(watch);
        let of = |name: &str| {
            let found = all.iter().find(|level| level["level"] == name);
            found.expect("every level").clone()
        };
        let is_rotating = |level: &Value| level["is_rotating"] == true;
        if !all.iter().any(is_rotating) {
            break;
        }
        let is_at_work = |name: &&str| {
            let level = of(name);
            // A version that waits for its time has nothing to be cut off in. Subjects wait for none, and their work begins at once.
            let has_begun = match *name {
                "subjects" => started.elapsed() > Duration::from_millis(800),
                _ => level["version"] == 2,
            };
            is_rotating(&level) && has_begun
        };
        if let Some(at) = to_kill.iter().position(is_at_work) {
            to_kill.remove(at);
            server.kill();
            server.restart();
        }
        assert!(started.elapsed() < PATIENCE, "{all:?}");
        sleep(Duration::from_millis(100));
    }
    assert_eq!(to_kill, [""; 0], "the server was not killed in these");
}

#[test]
fn what_was_acknowledged_is_there_however_the_one_process_that_rotates_is_killed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut server = Server::start(Launch::embedded());
    let mut ann = Desk::set_up(&server, &Typed::default()).0;
    let token = ann.api_token("watch", &["journal.read"]);
    let mut watch = server
        .client()
        .always("Authorization", &format!("Bearer {token}"));
    assert!(server.stop());
    let (ids, filed) = runtime.block_on(async {
        let node = Node::open(server.data(), &[]).await;
        node.fill(VALUES, DOCUMENTS).await
    });
    server.restart();

    for level in LEVELS {
        ann.get("/settings/keys");
        let ordered = ann.submit("/settings/keys/rotate", &[("level", level)]);
        assert_eq!(ordered.status, 303, "{}", ordered.text());
    }
    ann.get("/vendors/new");
    let csrf = ann.csrf();
    let writers =
        ["Nordlicht", "Südlicht"].map(|name| enters(name, ann.client.clone(), csrf.clone()));
    rotates(&mut server, &mut watch);
    STOP.store(true, Ordering::Relaxed);
    let mut acknowledged = Vec::new();
    for writer in writers {
        let entered = writer.join().expect("it does not panic");
        assert!(entered.failed.is_empty(), "{:?}", entered.failed);
        assert!(entered.refused > 0, "the process was away for a while");
        acknowledged.extend(entered.acknowledged);
    }
    assert!(!acknowledged.is_empty());
    assert!(server.stop());

    runtime.block_on(async {
        let node = Node::open(server.data(), &[]).await;
        for id in &acknowledged {
            let value = node.value(*id).await.expect("it opens");
            assert_eq!(value.as_deref(), Some(VAT_ID), "{id}");
        }
        for id in &ids {
            assert!(node.is_there(*id).await.expect("it opens"), "{id} is lost");
        }
        for one in &filed {
            let is_filed = node.is_filed(one).await;
            assert!(is_filed.expect("it opens"), "{} is lost", one.1);
        }
        for standing in standing_of(&node.app, node.scope).await.expect("it reads") {
            assert_eq!(standing.left, 0, "{standing:?}");
            assert_eq!(standing.version.unwrap_or(2), 2, "{standing:?}");
        }
        let verified = verify(&node.app.store, node.scope, node.app.now()).await;
        let bad = verified.expect("it reads").bad;
        assert!(bad.is_none(), "{bad:?}");
    });
}
