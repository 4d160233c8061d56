//! Who is let in, and as whom.

use countersign::identity::access::Role;
use countersign::identity::factors::{Holder, code_at, confirm, shown_first, step_of};
use countersign::identity::lost_factors::reset_by_operator;
use countersign::identity::people::set_suspended;
use countersign::identity::policy::{self, Terms};
use countersign::identity::powers::Verdict;
use countersign::identity::sessions::Stage;
use countersign::identity::sso::{
    Configuration, Connection, Metadata, NameId, Oidc, Protocol, Reason, Saml, SsoError, end,
};

use super::{Two, arrival, open_connection, reason, request};
use crate::support::stores::on_both;

#[test]
fn the_first_arrival_is_matched_by_an_address_of_an_own_domain_alone() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let tom = two.world.somebody("tom", &[Role::Clerk]).await;
        let email = two.email(tom.person).await;
        let through = two.connected(open_connection()).await;
        let refused = reason(two.arrives(&through, arrival("s-1", &email)).await);
        assert_eq!(refused, Some(Reason::Domain));
        // The twin: two administrators say that the domain is theirs.
        let domain = two.own_domain("example.org").await;
        let done = two
            .arrives(&through, arrival("s-1", &email))
            .await
            .expect("let in");
        assert_eq!(two.person(&done).await, tom.person);
        // The link stands without the domain, and whatever address is said.
        let access = two.ada.access().await;
        end(&two.world.app, &access, domain).await.expect("ended");
        let done = two
            .arrives(&through, arrival("s-1", "else@evil.example"))
            .await;
        assert_eq!(two.person(&done.expect("known")).await, tom.person);
        let other = reason(two.arrives(&through, arrival("s-2", &email)).await);
        assert_eq!(other, Some(Reason::Domain));
    });
}

#[test]
fn addresses_that_could_be_read_in_two_ways_name_nobody() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(open_connection()).await;
        for email in [
            "",
            "ann",
            "ann@evil.example@example.org",
            "ann@example.org,ben@example.org",
            "\u{212a}im@example.org",
            "ann @example.org",
        ] {
            let refused = reason(two.arrives(&through, arrival("s-1", email)).await);
            assert_eq!(refused, Some(Reason::NoEmail), "{email}");
        }
        let done = two
            .arrives(&through, arrival("s-1", "kim@example.org"))
            .await;
        assert_eq!(reason(done), None);
    });
}

#[test]
fn accounts_are_made_only_where_the_connection_makes_them() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let closed = Connection {
            just_in_time: false,
            ..open_connection()
        };
        let through = two.connected(closed).await;
        let refused = reason(
            two.arrives(&through, arrival("s-1", "new@example.org"))
                .await,
        );
        assert_eq!(refused, Some(Reason::Unknown));
        let through = two.connected(open_connection()).await;
        let done = two
            .arrives(&through, arrival("s-1", "new@example.org"))
            .await;
        let person = two.person(&done.expect("made")).await;
        assert_eq!(two.email(person).await, "new@example.org");
        assert_eq!(two.roles(person).await, []);
    });
}

#[test]
fn a_second_identity_is_permitted_by_two_and_once() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let (first, second) = (
            two.connected(open_connection()).await,
            two.connected(open_connection()).await,
        );
        let done = two.arrives(&first, arrival("s-1", "kim@example.org")).await;
        let kim = two.person(&done.expect("made")).await;
        for (through, subject) in [(&second, "s-1"), (&first, "s-2")] {
            let refused = reason(
                two.arrives(through, arrival(subject, "kim@example.org"))
                    .await,
            );
            assert_eq!(refused, Some(Reason::LinkedElsewhere), "{subject}");
        }
        let permission = Configuration::Link {
            connection: second.id,
            person: kim,
        };
        two.confirmed(permission).await;
        let wrong = reason(two.arrives(&first, arrival("s-2", "kim@example.org")).await);
        assert_eq!(
            wrong,
            Some(Reason::LinkedElsewhere),
            "of another connection"
        );
        let done = two
            .arrives(&second, arrival("s-1", "kim@example.org"))
            .await;
        assert_eq!(two.person(&done.expect("permitted")).await, kim);
        let again = reason(
            two.arrives(&second, arrival("s-3", "kim@example.org"))
                .await,
        );
        assert_eq!(again, Some(Reason::LinkedElsewhere), "it is used up");
    });
}

fn openid(issuer: &str) -> Protocol {
    Protocol::Oidc(Oidc {
        issuer: issuer.to_owned(),
        client_id: "countersign".to_owned(),
    })
}

fn saml(entity_id: &str) -> Protocol {
    Protocol::Saml(Saml {
        metadata: Metadata::Document {
            document: "<md:EntityDescriptor/>".to_owned(),
        },
        entity_id: entity_id.to_owned(),
        name_id: NameId::Persistent,
        unsolicited: false,
    })
}

#[test]
fn a_connection_that_changes_its_provider_keeps_nobody_of_the_one_before() {
    const FIRST: &str = "https://first.example";
    const SECOND: &str = "https://second.example";
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        for (name, from, to) in [
            ("issuer", openid(FIRST), openid(SECOND)),
            ("entity", saml(FIRST), saml(SECOND)),
            ("protocol", openid(FIRST), saml(FIRST)),
        ] {
            let speaking = |protocol: &Protocol| Connection {
                protocol: protocol.clone(),
                ..open_connection()
            };
            let hers = format!("kim.{name}@example.org");
            let his = format!("lou.{name}@example.org");
            let through = two.connected(speaking(&from)).await;
            let done = two.arrives(&through, arrival("1001", &hers)).await;
            let first = done.expect("made");
            let kim = two.person(&first).await;
            // The twin: something else is changed, and 1001 is who she was.
            let mut mapped = speaking(&from);
            mapped.mapping.name = "displayName".to_owned();
            let through = two.changed(through.id, mapped).await;
            let done = two.arrives(&through, arrival("1001", &his)).await;
            let second = done.expect("known by her subject");
            assert_eq!(two.person(&second).await, kim, "{name}");
            assert!(!two.has_ended(&first).await, "{name}");
            // Of another provider 1001 is somebody else.
            let through = two.changed(through.id, speaking(&to)).await;
            assert!(two.has_ended(&first).await && two.has_ended(&second).await);
            let done = two.arrives(&through, arrival("1001", &his)).await;
            let lou = two.person(&done.expect("made")).await;
            assert_ne!(lou, kim, "{name}");
            assert_eq!(two.email(lou).await, his);
            // She is found by her address, as when she came first.
            let done = two.arrives(&through, arrival("7", &hers)).await;
            assert_eq!(two.person(&done.expect("found")).await, kim, "{name}");
        }
    });
}

#[test]
fn a_connection_that_was_ended_comes_back_by_no_older_proposal() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let speaking = |issuer: &str| Connection {
            protocol: openid(issuer),
            ..open_connection()
        };
        let through = two.connected(speaking("https://first.example")).await;
        let id = through.id;
        let done = two
            .arrives(&through, arrival("1001", "kim@example.org"))
            .await;
        let kim = two.person(&done.expect("made")).await;
        let connection = speaking("https://second.example");
        let again = || Configuration::Connection {
            id,
            connection: connection.clone(),
        };
        let waits = two.proposed(again()).await;
        let ada = two.ada.access().await;
        end(&two.world.app, &ada, through.setting)
            .await
            .expect("it is in force");
        let refused = two.confirm(&two.ben, waits).await;
        assert!(matches!(refused, Err(SsoError::NotOpen)), "{refused:?}");
        // By a new one it does, and 1001 of the other provider is somebody else.
        two.confirmed(again()).await;
        let through = two.in_force(id).await.expect("it is in force");
        let done = two
            .arrives(&through, arrival("1001", "lou@example.org"))
            .await;
        assert_ne!(two.person(&done.expect("made")).await, kim);
    });
}

#[test]
fn the_same_name_at_another_organisations_connection_is_somebody_else() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(open_connection()).await;
        two.arrives(&through, arrival("s-1", "kim@example.org"))
            .await
            .expect("made");
        let other = Two::of(two.world.beside().await).await;
        let elsewhere = other.connected(open_connection()).await;
        let refused = reason(
            other
                .arrives(&elsewhere, arrival("s-1", "kim@example.org"))
                .await,
        );
        assert_eq!(
            refused,
            Some(Reason::Domain),
            "another's domain is no domain here"
        );
    });
}

#[test]
fn whoever_is_suspended_stays_out() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(open_connection()).await;
        let done = two
            .arrives(&through, arrival("s-1", "kim@example.org"))
            .await;
        let kim = two.person(&done.expect("made")).await;
        let access = two.ada.access().await;
        set_suspended(&two.world.app, &access, kim, true)
            .await
            .expect("suspended");
        let refused = reason(
            two.arrives(&through, arrival("s-1", "kim@example.org"))
                .await,
        );
        assert_eq!(refused, Some(Reason::Suspended));
        set_suspended(&two.world.app, &access, kim, false)
            .await
            .expect("resumed");
        let done = two
            .arrives(&through, arrival("s-1", "kim@example.org"))
            .await;
        assert_eq!(reason(done), None);
    });
}

#[test]
fn whose_factors_were_reset_sets_up_none_by_arriving() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let own_factor = Connection {
            trusts_factor: false,
            ..open_connection()
        };
        let through = two.connected(own_factor).await;
        let kim = || arrival("s-1", "kim@example.org");
        let done = two.arrives(&through, kim()).await.expect("let in");
        assert_eq!(done.opened.stage, Stage::Enrolling);
        let (app, caller) = (&two.world.app, two.world.caller());
        let holder = Holder {
            person: two.person(&done).await,
            session: done.opened.id,
            known: None,
            request: request(&two.world),
        };
        let of = (holder.person, holder.session);
        let seed = shown_first(app, caller, of).await.expect("her own");
        let code = code_at(seed.expose(), step_of(app.now()));
        confirm(app, caller, &holder, &code).await.expect("hers");
        // The twin: with a factor she goes on to it.
        let again = two.arrives(&through, kim()).await.expect("let in");
        assert_eq!(again.opened.stage, Stage::Password);
        reset_by_operator(app, "kim@example.org", None)
            .await
            .expect("reset");
        let refused = reason(two.arrives(&through, kim()).await);
        assert_eq!(refused, Some(Reason::FactorsReset));
    });
}

#[test]
fn a_connection_that_was_ended_or_changed_meanwhile_lets_nobody_in() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(open_connection()).await;
        two.arrives(&through, arrival("s-1", "kim@example.org"))
            .await
            .expect("in force");
        let access = two.ada.access().await;
        end(&two.world.app, &access, through.setting)
            .await
            .expect("ended");
        let refused = reason(
            two.arrives(&through, arrival("s-1", "kim@example.org"))
                .await,
        );
        assert_eq!(refused, Some(Reason::NotAccepted));
        assert!(two.in_force(through.id).await.is_none());
    });
}

#[test]
fn a_second_factor_elsewhere_counts_where_the_connection_is_believed() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let believed = two.connected(open_connection()).await;
        let through = two.connected(Connection {
            trusts_factor: false,
            ..open_connection()
        });
        let doubted = through.await;
        let stage = |done: &countersign::identity::factors::Through| done.opened.stage;
        let kim = |factor| {
            let mut kim = arrival("s-1", "kim@example.org");
            kim.factor = factor;
            kim
        };
        let vouched = two.arrives(&believed, kim(true)).await.expect("let in");
        assert_eq!(stage(&vouched), Stage::Full);
        let without = two.arrives(&believed, kim(false)).await.expect("let in");
        assert_eq!(stage(&without), Stage::Enrolling, "ours is asked for");
        let mut lou = arrival("s-2", "lou@example.org");
        lou.factor = true;
        let doubted = two.arrives(&doubted, lou).await.expect("let in");
        assert_eq!(stage(&doubted), Stage::Enrolling, "its word does not count");
    });
}

#[test]
fn where_passkeys_alone_count_no_factor_elsewhere_does() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.own_domain("example.org").await;
        let through = two.connected(open_connection()).await;
        let kim = || arrival("s-1", "kim@example.org");
        // The twin: while any factor counts.
        let before = two.arrives(&through, kim()).await.expect("let in");
        assert_eq!(before.opened.stage, Stage::Full);
        let app = &two.world.app;
        let passkeys = Terms {
            passkeys_only: true,
            ..Terms::STANDARD
        };
        let (ada, ben) = (two.ada.access().await, two.ben.access().await);
        policy::propose(app, &ada, passkeys)
            .await
            .expect("proposed");
        let sight = policy::view(app, &ada).await.expect("seen");
        let id = sight.waiting.last().expect("it waits").request.id;
        policy::decide(app, &ben, id, Verdict::Confirm)
            .await
            .expect("another human");
        let after = two.arrives(&through, kim()).await.expect("let in");
        assert_eq!(after.opened.stage, Stage::Enrolling, "her own passkey");
    });
}
