//! Idempotency keys on both engines: one execution for one key, whoever hangs up, and no answer in clear.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use countersign::identity::access::{Permission, Role};
use countersign::identity::tokens::create;
use countersign::platform::clock::Micros;
use countersign::platform::ids::PersonId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use countersign::platform::web::Problem;
use countersign::platform::web::idempotency::{Answer, Attempt, KEPT_US, once, purge};
use tokio::sync::Notify;

use super::support::app::Browser;
use super::support::stores::on_both;
use super::support::world::{World, fresh};

const TOKEN: &str = "csk_shown-once";

fn answer() -> Answer {
    Answer {
        status: 201,
        body: format!("{{\"token\":\"{TOKEN}\"}}"),
    }
}

/// One caller of a world, and how often her work was done.
struct House {
    world: World,
    person: PersonId,
    done: Arc<AtomicUsize>,
}

impl House {
    async fn new(t: &Arc<super::support::stores::TestStore>) -> Self {
        let world = World::new(t).await;
        Self {
            person: fresh(&world),
            world,
            done: Arc::default(),
        }
    }

    fn attempt(&self, key: &str, request: &str) -> Attempt {
        Attempt {
            scope: Scope::of(self.world.organisation),
            person: self.person,
            key: key.to_owned(),
            request: request.as_bytes().to_vec(),
            now: self.world.app.now(),
        }
    }

    async fn send(
        &self,
        key: &str,
        request: &str,
        gives: Result<Answer, Problem>,
    ) -> Result<Answer, Problem> {
        let done = Arc::clone(&self.done);
        once(&self.world.app, self.attempt(key, request), async move {
            done.fetch_add(1, Ordering::SeqCst);
            gives
        })
        .await
    }

    fn times(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }
}

fn code(result: Result<Answer, Problem>) -> &'static str {
    result.expect_err("refused").code
}

#[test]
fn of_32_tries_of_one_key_one_is_done() {
    on_both(|t| async move {
        let house = Arc::new(House::new(&t).await);
        let tries: Vec<_> = (0..32)
            .map(|_| {
                let house = Arc::clone(&house);
                tokio::spawn(async move { house.send("key", "POST /x", Ok(answer())).await })
            })
            .collect();
        let mut answered = 0;
        for result in tries {
            match result.await.expect("no panic") {
                Ok(given) => {
                    assert_eq!(given, answer());
                    answered += 1;
                }
                Err(problem) => assert_eq!(problem.status, StatusCode::CONFLICT),
            }
        }
        assert_eq!(house.times(), 1);
        assert!(answered >= 1);
        let again = house.send("key", "POST /x", Ok(answer())).await;
        assert_eq!(again.expect("the kept answer"), answer());
        assert_eq!(house.times(), 1);
        // The key is one person's: another's is another.
        let other = House {
            person: fresh(&house.world),
            world: World::new(&t).await,
            done: Arc::clone(&house.done),
        };
        other
            .send("key", "POST /x", Ok(answer()))
            .await
            .expect("hers");
        assert_eq!(house.times(), 2);
    });
}

#[test]
fn a_sender_who_hangs_up_finds_her_answer_later() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (go, done) = (Arc::new(Notify::new()), Arc::clone(&house.done));
        let gate = Arc::clone(&go);
        let sent = once(
            &house.world.app,
            house.attempt("key", "POST /x"),
            async move {
                gate.notified().await;
                done.fetch_add(1, Ordering::SeqCst);
                Ok(answer())
            },
        );
        tokio::time::timeout(Duration::from_millis(200), sent)
            .await
            .expect_err("she hangs up while it runs");
        let under_way = house.send("key", "POST /x", Ok(answer())).await;
        assert_eq!(code(under_way), "error-idempotency-under-way");
        go.notify_one();
        let mut given = None;
        for _ in 0..100 {
            given = house.send("key", "POST /x", Ok(answer())).await.ok();
            if given.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(given, Some(answer()));
        assert_eq!(house.times(), 1);
    });
}

#[test]
fn a_refusal_frees_the_key_and_a_failure_does_not() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let refusal = || Err(Problem::invalid("error-stale"));
        assert_eq!(
            code(house.send("a", "POST /x", refusal()).await),
            "error-stale"
        );
        house
            .send("a", "POST /x", Ok(answer()))
            .await
            .expect("done now");
        assert_eq!(house.times(), 2);
        let other = house.send("a", "POST /y", Ok(answer())).await;
        assert_eq!(code(other), "error-idempotency-other-request");

        for (key, status) in [("b", 500), ("c", 503)] {
            let status = StatusCode::from_u16(status).expect("a status");
            let failure = Err(Problem::new(status, "error-internal"));
            assert_eq!(
                code(house.send(key, "POST /x", failure).await),
                "error-internal"
            );
            let again = house.send(key, "POST /x", Ok(answer())).await;
            assert_eq!(code(again), "error-idempotency-under-way");
        }
        t.clock.advance(15 * Micros::MINUTE);
        for key in ["b", "c"] {
            let later = house.send(key, "POST /x", Ok(answer())).await;
            assert_eq!(code(later), "error-idempotency-unknown");
        }
        assert_eq!(house.times(), 4);
        for bad in [String::new(), "k".repeat(201)] {
            let refused = house.send(&bad, "POST /x", Ok(answer())).await;
            assert_eq!(code(refused), "error-idempotency-key");
        }
    });
}

#[test]
fn no_answer_stands_in_the_database_in_clear_and_none_fits_another_key() {
    const KEPT: Sql =
        Sql::read("SELECT answer_sealed FROM idempotency_keys WHERE org_id = $1 ORDER BY key_hash");
    on_both(|t| async move {
        let house = House::new(&t).await;
        let other = Answer {
            status: 200,
            body: "{}".to_owned(),
        };
        house
            .send("a", "POST /x", Ok(answer()))
            .await
            .expect("done");
        house.send("b", "POST /x", Ok(other)).await.expect("done");
        let scope = Scope::of(house.world.organisation);
        let kept: Result<Vec<(Vec<u8>,)>, StoreError> = house
            .world
            .app
            .store
            .read(scope, |read| read.all(&KEPT, []))
            .await;
        let kept = kept.expect("the database answers");
        assert_eq!(kept.len(), 2);
        for (bytes,) in kept {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(!text.contains("csk_"), "{text}");
        }
        let swap = "UPDATE idempotency_keys SET answer_sealed = \
                    (SELECT k.answer_sealed FROM idempotency_keys k WHERE k.status = 201) WHERE status = 200";
        t.behind_the_back(swap).await;
        let moved = house.send("b", "POST /x", Ok(answer())).await;
        assert_eq!(code(moved), "error-internal");
        let stays = house.send("a", "POST /x", Ok(answer())).await;
        assert_eq!(stays.expect("its own answer"), answer());

        let printed = format!("{:?} {:?}", answer(), house.attempt("the-key", "the-body"));
        for secret in ["csk_", "the-key", "the-body"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    });
}

#[test]
fn a_key_is_forgotten_after_three_days_and_not_before() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let send = || house.send("old", "POST /x", Ok(answer()));
        send().await.expect("done");
        t.clock.advance(KEPT_US);
        house
            .send("young", "POST /x", Ok(answer()))
            .await
            .expect("done");
        let store = &house.world.app.store;
        let now = || house.world.app.now();
        assert_eq!(purge(store, now()).await.expect("it answers"), 0);
        send().await.expect("the kept answer");
        assert_eq!(house.times(), 2);
        t.clock.advance(1);
        assert_eq!(purge(store, now()).await.expect("it answers"), 1);
        send().await.expect("done anew");
        assert_eq!(house.times(), 3);
        house
            .send("young", "POST /x", Ok(answer()))
            .await
            .expect("the kept answer");
        assert_eq!(house.times(), 3);
    });
}

#[test]
fn a_new_token_of_the_same_person_finds_what_the_old_one_did() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let (api, _) = countersign::payables::api().split_for_parts();
        let router = api.with_state(Arc::clone(&world.app));
        let ann = world.somebody("Ann", &[Role::VendorManager]).await;
        let ben = world.somebody("Ben", &[Role::VendorManager]).await;
        let mut answers = Vec::new();
        for who in [&ann, &ann, &ben] {
            let access = who.access().await;
            let token = create(&world.app, &access, "a", &[Permission::VendorsEdit], 7)
                .await
                .expect("a token")
                .expose();
            let request = Request::post("/api/v1/vendors")
                .header("authorization", format!("Bearer {}", *token))
                .header("idempotency-key", "the same");
            let body = Body::from(r#"{"name": "Nordwind", "country": "DE", "terms_days": 30}"#);
            let answer = Browser::new(router.clone()).send(request, body).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
            answers.push(answer.body);
        }
        assert_eq!(answers[0], answers[1]);
        assert_ne!(answers[0], answers[2]);
    });
}
