//! The security policy: changed by two, and held at every door from the moment it is in force.

use countersign::identity::access::{Denied, Permission, Role};
use countersign::identity::policy::{
    Pci, PolicyError, PolicyRequestId, Terms, decide, of_organisation, propose, view,
};
use countersign::identity::powers::Verdict;
use countersign::identity::roles;
use countersign::platform::clock::Micros;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;

use super::{SESSION, change_password, organisation, sign_in};
use crate::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};
use crate::support::authenticator::Authenticator;
use crate::support::post::Post;
use crate::support::stores::on_both;
use crate::support::world::{Somebody, World};

const PCI_PASSWORD: &str = "42 jars of kiwi jam";

const PASSKEYS: Terms = Terms {
    passkeys_only: true,
    ..Terms::STANDARD
};
const PCI: Terms = Terms {
    pci: Pci::Days,
    ..Terms::STANDARD
};

/// Ada and Ben administer.
struct Two {
    world: World,
    ada: Somebody,
    ben: Somebody,
}

impl Two {
    async fn new(t: &std::sync::Arc<crate::support::stores::TestStore>) -> Self {
        let world = World::new(t).await;
        Self {
            ada: world.somebody("Ada", &[Role::Administrator]).await,
            ben: world.somebody("Ben", &[Role::Administrator]).await,
            world,
        }
    }

    /// Ada proposes; the request.
    async fn asks(&self, terms: Terms) -> PolicyRequestId {
        let (app, access) = (&self.world.app, self.ada.access().await);
        propose(app, &access, terms).await.expect("proposed");
        let sight = view(app, &access).await.expect("seen");
        sight.waiting.last().expect("it waits").request.id
    }

    async fn confirm(&self, by: &Somebody, id: PolicyRequestId) -> Result<(), PolicyError> {
        decide(&self.world.app, &by.access().await, id, Verdict::Confirm).await
    }

    async fn in_force(&self) -> Terms {
        let scope = Scope::of(self.world.organisation);
        let policy = of_organisation(&self.world.app, scope).await;
        policy.expect("the database answers").terms
    }
}

const SHORT: Terms = Terms {
    fresh_minutes: 5,
    ..Terms::STANDARD
};

#[test]
fn a_change_is_in_force_once_another_human_confirms_it() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.asks(SHORT).await;
        assert_eq!(two.in_force().await, Terms::STANDARD);
        let own = two.confirm(&two.ada, id).await;
        assert!(matches!(own, Err(PolicyError::SameHuman)), "{own:?}");
        let roles = [Role::Administrator];
        let too = two
            .world
            .somebody_as("Ada too", &roles, two.ada.human)
            .await;
        let own = two.confirm(&too, id).await;
        assert!(matches!(own, Err(PolicyError::SameHuman)), "{own:?}");
        two.confirm(&two.ben, id).await.expect("another human");
        assert_eq!(two.in_force().await, SHORT);
        let again = two.confirm(&two.ben, id).await;
        assert!(matches!(again, Err(PolicyError::NotOpen)), "{again:?}");
        // A later proposal ends an earlier one.
        let first = two.asks(Terms::STANDARD).await;
        let second = two.asks(PCI).await;
        let late = two.confirm(&two.ben, first).await;
        assert!(matches!(late, Err(PolicyError::NotOpen)), "{late:?}");
        t.clock.advance(7 * Micros::DAY);
        let ben = two.world.somebody_as("Ben", &roles, two.ben.human).await;
        let late = two.confirm(&ben, second).await;
        assert!(matches!(late, Err(PolicyError::NotOpen)), "{late:?}");
        assert_eq!(two.in_force().await, SHORT);
    });
}

/// Whoever edits settings by a role of the organisation's own reads the policy, and no more.
#[test]
fn a_role_that_edits_settings_alone_decides_nothing_about_the_policy() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (app, ada) = (&two.world.app, two.ada.access().await);
        let edits = [Permission::SettingsEdit].into_iter().collect();
        let role = roles::make(app, &ada, "Settings desk", edits).await;
        let role = Role::Custom(role.expect("made"));
        let sue = two.world.somebody("Sue", &[role]).await;
        let sue = sue.access().await;
        let id = two.asks(SHORT).await;
        assert_eq!(
            view(app, &sue).await.expect("she reads it").waiting.len(),
            1
        );
        let lacks = |denied: &PolicyError| {
            let lacked = Denied::Lacks(Permission::PeopleAdminister);
            matches!(denied, PolicyError::Denied(found) if *found == lacked)
        };
        let proposed = propose(app, &sue, PCI).await.expect_err("not hers");
        assert!(lacks(&proposed), "{proposed:?}");
        for verdict in [Verdict::Confirm, Verdict::Refuse] {
            let decided = decide(app, &sue, id, verdict).await;
            let decided = decided.expect_err("not hers");
            assert!(lacks(&decided), "{verdict:?}: {decided:?}");
        }
        assert_eq!(two.in_force().await, Terms::STANDARD);
        // The twin: it waits as before, for somebody who administers.
        two.confirm(&two.ben, id).await.expect("it was not ended");
        assert_eq!(two.in_force().await, SHORT);
    });
}

#[test]
fn a_policy_that_was_changed_in_the_database_is_confirmed_by_nobody_and_lets_nobody_in() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.asks(SHORT).await;
        let widen = "UPDATE policy_requests SET terms = 'factors=any fresh=60 pci=off'";
        t.behind_the_back(widen).await;
        let forged = two.confirm(&two.ben, id).await;
        let is_forged = matches!(
            forged,
            Err(PolicyError::Store(StoreError::Forged {
                table: "policy_requests",
                ..
            }))
        );
        assert!(is_forged, "{forged:?}");
        // The twin: the row as it was is confirmed.
        let back = format!("UPDATE policy_requests SET terms = '{}'", SHORT.text());
        t.behind_the_back(&back).await;
        two.confirm(&two.ben, id).await.expect("as it was proposed");
        let weaken = "UPDATE security_policies SET terms = 'factors=any fresh=60 pci=off'";
        t.behind_the_back(weaken).await;
        let scope = Scope::of(two.world.organisation);
        let refused = of_organisation(&two.world.app, scope).await;
        assert!(
            matches!(refused, Err(StoreError::Forged { .. })),
            "{refused:?}"
        );
    });
}

/// Ann, who alone administers, sets a policy; by the page.
async fn set(t: &TestApp, ann: &mut Member, terms: Terms) -> Answer {
    // Whoever is signed in began before it.
    t.store.clock.advance(1);
    ann.browser.get("/settings/security").await;
    let minutes = |minutes: Option<i64>| minutes.map(|m| m.to_string()).unwrap_or_default();
    let fields = [
        (
            "factors",
            if terms.passkeys_only {
                "passkeys"
            } else {
                "any"
            }
            .to_owned(),
        ),
        ("fresh_minutes", terms.fresh_minutes.to_string()),
        ("idle_minutes", minutes(terms.idle_minutes)),
        ("longest_minutes", minutes(terms.longest_minutes)),
        ("pci", terms.pci.as_str().to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    ann.browser.submit("/settings/security", &fields).await
}

async fn by_app(t: &TestApp, member: &Member, password: &str) -> (Browser, Answer) {
    let mut browser = t.browser();
    sign_in(&mut browser, &member.email, password).await;
    browser.get("/sign-in/code").await;
    let code = t.fresh_code(&member.seed);
    let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
    (browser, answer)
}

#[test]
fn one_who_is_alone_sets_it_at_once_and_everybody_is_told() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        let wrong = Terms {
            idle_minutes: Some(100_000),
            ..Terms::STANDARD
        };
        assert_eq!(set(&t, &mut ann, wrong).await.status, 422);
        assert_eq!(set(&t, &mut ann, Terms::STANDARD).await.status, 422);
        let done = set(&t, &mut ann, SHORT).await;
        assert_eq!(done.location(), "/settings/security", "{}", done.body);
        let post = Post::of(&t);
        post.deliver().await;
        assert!(post.find(&tom.email, "within 5 minutes").is_some());
        // A factor is fresh for five minutes now, for sessions that began before as well.
        t.store.clock.advance(5 * Micros::MINUTE);
        ann.browser.get("/me").await;
        let token = [("name", "t"), ("days", "1"), ("permissions", "bills.read")];
        assert_eq!(ann.browser.submit("/me/tokens", &token).await.status, 403);
    });
}

#[test]
fn sessions_end_when_the_policy_says_and_the_twin_without_it_goes_on() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.store.clock.advance(6 * Micros::MINUTE);
        assert_eq!(ann.browser.get("/me").await.status, 200, "no policy");
        let idle = Terms {
            idle_minutes: Some(5),
            ..Terms::STANDARD
        };
        assert_eq!(set(&t, &mut ann, idle).await.status, 303);
        t.store.clock.advance(4 * Micros::MINUTE);
        assert_eq!(ann.browser.get("/me").await.status, 200);
        t.store.clock.advance(6 * Micros::MINUTE);
        assert_eq!(ann.browser.get("/me").await.status, 303);
    });
}

#[test]
fn with_passkeys_alone_an_app_leads_to_a_passkey_and_nowhere_else() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        assert_eq!(set(&t, &mut ann, PASSKEYS).await.status, 303);
        for member in [&mut ann, &mut tom] {
            let answer = member.browser.get("/me").await;
            assert_eq!(answer.status, 303, "sessions from before are over");
        }
        // A recovery code is no factor, and the password alone begins nothing.
        let mut browser = t.browser();
        sign_in(&mut browser, &tom.email, PASSWORD).await;
        browser.get("/sign-in/recovery").await;
        let code = [("recovery_code", tom.codes[0].as_str())];
        assert_eq!(browser.submit("/sign-in/recovery", &code).await.status, 422);
        assert_eq!(browser.get("/enrol").await.location(), "/sign-in/code");
        let (mut browser, answer) = by_app(&t, &tom, PASSWORD).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        assert_eq!(browser.get("/").await.location(), "/enrol");
        let page = browser.get("/enrol").await;
        assert!(!page.body.contains("name=\"code\""), "no app is offered");
        let csrf = browser.csrf();
        let given = browser
            .post("/enrol/passkey/options", &[("csrf", &csrf)])
            .await;
        let given = serde_json::from_str(&given.body).expect("JSON");
        let mut device = Authenticator::new(b"toms");
        let mut fields = vec![("csrf", csrf)];
        fields.extend(device.make(&given));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = browser.post("/enrol/passkey", &fields).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        assert_eq!(browser.get("/me").await.status, 200);
        // From now on the app is no factor of his.
        let (browser, answer) = by_app(&t, &tom, PASSWORD).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(browser.cookie(SESSION).is_some(), "his password was right");
    });
}

/// Chooses another password where the policy ended the present one.
async fn renew(browser: &mut Browser, password: &str) -> Answer {
    browser.get("/sign-in/new-password").await;
    let fields = [("password", password), ("password_again", password)];
    browser.submit("/sign-in/new-password", &fields).await
}

#[test]
fn the_pci_profile_ends_passwords_from_before_it_after_90_days_and_the_last_four() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.store.clock.advance(1);
        assert_eq!(set(&t, &mut ann, PCI).await.status, 303);
        assert_eq!(ann.browser.get("/me").await.status, 303, "over");
        let (mut browser, answer) = by_app(&t, &ann, PASSWORD).await;
        assert_eq!(
            answer.location(),
            "/sign-in/new-password",
            "{}",
            answer.body
        );
        assert_eq!(browser.get("/").await.location(), "/sign-in/new-password");
        for wrong in [PASSWORD, "42 jars", "jars of kiwi jam"] {
            let answer = renew(&mut browser, wrong).await;
            assert_eq!(answer.status, 422, "{wrong}: {}", answer.body);
        }
        let answer = renew(&mut browser, PCI_PASSWORD).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        assert_eq!(browser.get("/me").await.status, 200);
        // None of the last four, the present one among them.
        let mut current = PCI_PASSWORD.to_owned();
        for round in 0..4 {
            t.store.clock.advance(Micros::SECOND);
            let answer = change_password(&mut browser, &current, PCI_PASSWORD).await;
            assert_eq!(answer.status, 422, "round {round}: {}", answer.body);
            let next = format!("{round}7 jars of other jam");
            let answer = change_password(&mut browser, &current, &next).await;
            assert_eq!(answer.status, 200, "round {round}: {}", answer.body);
            current = next;
        }
        // Four others have come since: the first one is free again.
        let answer = change_password(&mut browser, &current, PCI_PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        t.store.clock.advance(89 * Micros::DAY);
        let (_, answer) = by_app(&t, &ann, PCI_PASSWORD).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        t.store.clock.advance(Micros::DAY);
        let (_, answer) = by_app(&t, &ann, PCI_PASSWORD).await;
        assert_eq!(
            answer.location(),
            "/sign-in/new-password",
            "{}",
            answer.body
        );
    });
}

#[test]
fn the_profile_holds_where_an_invitation_is_accepted_and_a_password_reset() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite("tom@harbour.example", &["clerk"]).await;
        assert_eq!(set(&t, &mut ann, PCI).await.status, 303);
        let mut browser = t.browser();
        browser.get(&link).await;
        let accept = |password: &'static str| {
            [
                ("name", "Tomás Okafor"),
                ("password", password),
                ("password_again", password),
            ]
        };
        let answer = browser.submit(&link, &accept(PASSWORD)).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(answer.body.contains("digits and letters"));
        browser.get(&link).await;
        let answer = browser.submit(&link, &accept(PCI_PASSWORD)).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        // The reset's page asks the same.
        let post = Post::of(&t);
        let mut browser = t.browser();
        browser.get("/forgot-password").await;
        browser
            .submit("/forgot-password", &[("email", ann.email.as_str())])
            .await;
        post.deliver().await;
        let mail = post.find(&ann.email, "/reset/").expect("a mail");
        let path = between(&mail, "https://ap.example:8443", "\n").expect("a link");
        let path = path.trim().to_owned();
        browser.get(&path).await;
        let fields = [("password", PASSWORD), ("password_again", PASSWORD)];
        assert_eq!(browser.submit(&path, &fields).await.status, 422);
        browser.get(&path).await;
        let fields = [("password", PCI_PASSWORD), ("password_again", PCI_PASSWORD)];
        assert_eq!(browser.submit(&path, &fields).await.status, 303);
        let scope = organisation(&t.app).await;
        let policy = of_organisation(&t.app, scope).await.expect("there");
        assert_eq!(policy.terms, PCI);
    });
}
