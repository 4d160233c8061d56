//! Where nothing is sent: to what two did not agree on, into the house, to whoever cannot show a certificate. And what is told of it.

use std::sync::Arc;

use countersign::assurance::streams::actions::Node;
use countersign::assurance::streams::rules::{Health, Kind, Trouble};
use countersign::identity::access::Role;
use countersign::platform::outgoing::{Networks, Outgoing};
use countersign::platform::store::journal::read;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use countersign_translog::Hash;
use countersign_translog::entry::Entry as Canonical;
use countersign_translog::epoch::{Head, Rollback};
use countersign_translog::time::UtcMicros;

use super::receiver::{Reply, SyslogReceiver, WebhookReceiver};
use super::{House, missing, numbers, proposal};
use crate::support::app::Browser;
use crate::support::stores::{TestStore, on_both};
use crate::tamper::forger::lines;

const MAILS: Sql = Sql::read("SELECT id FROM jobs WHERE org_id = $1 AND kind = 'news-mail'");
const DUMP: Sql = Sql::read("SELECT opening FROM journal_openings WHERE org_id = $1");

#[test]
fn a_stream_that_somebody_pointed_elsewhere_is_sent_nowhere() {
    on_both(|t: Arc<TestStore>| async move {
        let (receiver, thief) = (WebhookReceiver::start(), WebhookReceiver::start());
        for (column, value) in [("address", thief.address()), ("state", "paused".into())] {
            let house = House::new(&t, thief.outgoing()).await;
            let (id, _) = house
                .agreed(proposal(Kind::Webhook, &receiver.address()))
                .await;
            t.behind_the_back(&format!(
                "UPDATE journal_streams SET {column} = '{value}' WHERE id = '{id}'"
            ))
            .await;
            house.round(&Node::new("one")).await;
            assert_eq!(thief.posted().len(), 0, "{column}");
            let position = house.sight(id).await.position.expect("it has begun");
            assert_eq!(position.last_error, Some(Trouble::Forged), "{column}");
        }
        // The twin: the same address, agreed on by two, is sent to.
        let house = House::new(&t, thief.outgoing()).await;
        house
            .agreed(proposal(Kind::Webhook, &thief.address()))
            .await;
        house.round(&Node::new("one")).await;
        assert_eq!(thief.posted().len(), 1);
    });
}

#[test]
fn nothing_is_sent_into_the_house_or_to_a_certificate_that_nobody_trusts() {
    on_both(|t: Arc<TestStore>| async move {
        let (hook, log) = (WebhookReceiver::start(), SyslogReceiver::start());
        for (outgoing, trouble) in [
            (
                Outgoing {
                    networks: Networks::Public,
                    ..hook.outgoing()
                },
                Trouble::Network,
            ),
            (WebhookReceiver::start().outgoing(), Trouble::Certificate),
            (
                Outgoing {
                    ca_file: Some("/nowhere/ca.pem".into()),
                    ..hook.outgoing()
                },
                Trouble::Authorities,
            ),
        ] {
            for (kind, address) in [
                (Kind::Webhook, hook.address()),
                (Kind::Syslog, log.address()),
            ] {
                let house = House::new(&t, outgoing.clone()).await;
                let (id, _) = house.agreed(proposal(kind, &address)).await;
                house.round(&Node::new("one")).await;
                let position = house.sight(id).await.position.expect("it has begun");
                assert_eq!(position.last_error, Some(trouble), "{kind}");
                assert_eq!(position.next, 0, "{kind}");
            }
        }
        assert_eq!((hook.posted().len(), log.kept().len()), (0, 0));
        // A certificate of another name, by an authority that is trusted.
        let house = House::new(&t, log.outgoing()).await;
        let other = log.address().replace("127.0.0.1", "127.0.0.2");
        let (id, _) = house.agreed(proposal(Kind::Syslog, &other)).await;
        house.round(&Node::new("one")).await;
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!(position.last_error, Some(Trouble::Certificate));
        assert_eq!(log.kept().len(), 0);
    });
}

/// How many mails wait to be sent.
async fn mails(house: &House) -> usize {
    let scope = house.world.caller().scope;
    let rows: Result<Vec<(String,)>, StoreError> = house
        .app()
        .store
        .read(scope, |reads| reads.all(&MAILS, []))
        .await;
    rows.expect("it reads").len()
}

async fn trust_page(house: &House) -> String {
    let auditor = house.world.somebody("Audra", &[Role::Auditor]).await;
    let router = countersign::assurance::routes().with_state(Arc::clone(house.app()));
    let mut browser = Browser::new(router).with_cookie(auditor.cookie());
    browser.get("/trust").await.body
}

#[test]
fn a_stream_that_fails_for_an_hour_is_red_and_told_of_once() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        let (node, before) = (Node::new("one"), mails(&house).await);
        receiver.replies([0; 12].map(|_| Reply::Status(500)));
        for n in 0..12 {
            house.round(&node).await;
            let is_long = n >= 7;
            let health = house.sight(id).await.health;
            let expected = [Health::Trying, Health::Failing][usize::from(is_long)];
            assert_eq!(health, expected, "after {n}0 minutes");
            assert_eq!(house.done("stream.failing").await, i64::from(is_long));
            if !is_long {
                assert_eq!(mails(&house).await, before, "after {n}0 minutes");
            }
            let says = trust_page(&house).await;
            assert_eq!(
                says.contains("Does not hold"),
                is_long,
                "after {n}0 minutes"
            );
            house.later();
        }
        let told = mails(&house).await - before;
        assert_eq!(told, 3, "two administrators and the security officer, once");
        assert_eq!(house.done("stream.recovered").await, 0);
        house.round(&node).await;
        assert_eq!(house.sight(id).await.health, Health::Fine);
        let size = house.numbered().await;
        house.round(&node).await;
        assert_eq!(house.done("stream.recovered").await, 1);
        assert_eq!(missing(&receiver.entries(), size), [0; 0]);
        assert!(!trust_page(&house).await.contains("Does not hold"));
    });
}

/// The journal was put back without its streams' positions, or the other way round: what is there is sent, from where it is another one.
#[test]
fn a_position_that_is_none_of_the_journals_goes_back() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        let node = Node::new("one");
        let size = house.notes(5).await;
        house.round(&node).await;
        let put = async |sql: &str| {
            let sql = format!("UPDATE stream_positions SET {sql} WHERE stream_id = '{id}'");
            t.behind_the_back(&sql).await;
        };
        put("next_seq = 900, safe_seq = 900, batch_end = 900").await;
        house.round(&node).await;
        let more = house.notes(2).await;
        house.round(&node).await;
        assert_eq!(numbers(&receiver.entries()), (0..more).collect::<Vec<_>>());
        // An epoch of which the journal does not say what was kept: all of it is sent again.
        put("epoch = 7").await;
        house.round(&node).await;
        let came = numbers(&receiver.entries());
        let twice: Vec<i64> = (0..more).chain(0..more).collect();
        assert_eq!(came, twice);
        assert!(size < more);
    });
}

/// A restore kept so many entries, and the first one behind them declares it: all from there on is sent, under its new epoch.
#[test]
fn after_a_declared_restore_a_stream_goes_back_to_what_was_kept() {
    const KEPT: usize = 4;
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, _) = House::to_webhook(&t).await;
        let node = Node::new("one");
        let size = house.notes(5).await;
        house.round(&node).await;
        let organisation = house.world.organisation;
        let (entry, canonical) = lines(&t, organisation).await.swap_remove(KEPT);
        let old = Head {
            epoch: 1,
            size: size.unsigned_abs(),
            root: Hash::from_slice(&[7; 32]).expect("32 bytes"),
            time: UtcMicros::new(house.app().now().0).expect("a moment"),
        };
        let declared = Canonical {
            rollback: Rollback::new(old, KEPT as u64),
            ..Canonical::parse(&canonical).expect("our own entry")
        };
        t.without_triggers(&format!(
            "UPDATE journal_entries SET canonical = {} WHERE org_id = '{organisation}' AND id = '{entry}'; \
             UPDATE journal_heads SET epoch = 2 WHERE org_id = '{organisation}';",
            t.blob(&declared.to_bytes())
        ))
        .await;
        assert_eq!(house.round(&node).await, 1, "there is no new entry");
        let again = receiver.posted().pop().expect("it was sent");
        assert_eq!(again.header("countersign-epoch"), "2");
        let expected: Vec<i64> = (KEPT as i64..size).collect();
        assert_eq!(numbers(&again.lines()), expected);
        assert_eq!(house.round(&node).await, 0, "once");
    });
}

#[test]
fn behind_a_missing_entry_nothing_is_sent() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        house.notes(5).await;
        let organisation = house.world.organisation;
        t.without_triggers(&format!(
            "DELETE FROM journal_leaves WHERE org_id = '{organisation}' AND seq = 3"
        ))
        .await;
        house.round(&Node::new("one")).await;
        assert_eq!(numbers(&receiver.entries()), [0, 1, 2]);
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!(position.last_error, Some(Trouble::Gap));
    });
}

/// A program that follows the journal sees by the numbers that some are gone, and is not left waiting before them.
#[test]
fn who_reads_on_gets_what_stands_behind_missing_entries() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, ..) = House::to_webhook(&t).await;
        house.notes(8).await;
        let organisation = house.world.organisation;
        let onwards = async |from, limit| {
            let scope = house.world.caller().scope;
            let read = t
                .store
                .read::<_, StoreError, _>(scope, move |read| read::onwards(read, from, limit));
            let told = read.await.expect("it reads").into_iter();
            told.map(|told| told.seq.unwrap_or(-1)).collect::<Vec<_>>()
        };
        assert_eq!(onwards(0, 2).await, [0, 1]);
        t.without_triggers(&format!(
            "DELETE FROM journal_leaves WHERE org_id = '{organisation}' AND seq < 5"
        ))
        .await;
        assert_eq!(onwards(0, 2).await, [5, 6]);
        assert_eq!(onwards(4, 3).await, [5, 6]);
        assert_eq!(onwards(0, 0).await, [0_i64; 0]);
        assert_eq!(onwards(i64::MAX, 2).await, [0_i64; 0]);
    });
}

#[test]
fn a_secret_stands_in_no_entry_and_is_printed_nowhere() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (_, shown)) = House::to_webhook(&t).await;
        let shown = shown.expect("a webhook has one");
        let secret = shown.secret.expose();
        assert!(!format!("{shown:?}").contains(&secret[6..]));
        house.round(&Node::new("one")).await;
        let scope = house.world.caller().scope;
        let openings: Result<Vec<(String,)>, StoreError> = house
            .app()
            .store
            .read(scope, |reads| reads.all(&DUMP, []))
            .await;
        for (opening,) in openings.expect("it reads") {
            assert!(!opening.contains(&secret[6..]), "{opening}");
        }
        for posted in receiver.posted() {
            assert!(!posted.body.contains(&secret[6..]));
        }
    });
}
