//! Where identity providers are the only way to sign in, through the pages.

use crate::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};
use crate::support::post::Post;

/// Ann, who administers alone, so that what she proposes is in force at once; and Tom.
struct House {
    t: TestApp,
    ann: Member,
    tom: Member,
}

async fn house(t: TestApp) -> House {
    let mut ann = t.set_up().await;
    let tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
    House { t, ann, tom }
}

/// The id of somebody as the page of the rule lists her.
async fn listed(ann: &mut Member, email: &str) -> String {
    let page = ann.browser.get("/settings/sign-in").await;
    let line = page
        .body
        .split("<label class=\"check\">")
        .skip(1)
        .find(|line| line.contains(email))
        .expect("she is listed");
    between(line, "value=\"", "\"").expect("an id").to_owned()
}

async fn set(ann: &mut Member, fields: &[(&str, &str)]) -> Answer {
    ann.browser.get("/settings/sign-in").await;
    ann.browser.submit("/settings/sign-in/rule", fields).await
}

async fn connect(ann: &mut Member) {
    let fields = [
        ("kind", "saml"),
        ("name", "Head office"),
        ("metadata_address", "https://idp.example/metadata"),
        ("entity_id", "https://idp.example/"),
        ("name_id", "persistent"),
        ("email", "mail"),
    ];
    let path = "/settings/sign-in/connections/new";
    ann.browser.get(path).await;
    let answer = ann.browser.submit(path, &fields).await;
    assert_eq!(answer.location(), "/settings/sign-in", "{}", answer.body);
}

/// No other way to sign in than a connection, but for Ann, who administers alone.
pub async fn only_way(ann: &mut Member) {
    connect(ann).await;
    let marked = listed(ann, "ann@harbour.example").await;
    let answer = set(ann, &[("sso_only", "yes"), ("break_glass", &marked)]).await;
    assert_eq!(answer.location(), "/settings/sign-in", "{}", answer.body);
}

/// Every way again.
pub async fn any_way(ann: &mut Member) {
    let answer = set(ann, &[]).await;
    assert_eq!(answer.location(), "/settings/sign-in", "{}", answer.body);
}

impl House {
    async fn person(&mut self, email: &str) -> String {
        listed(&mut self.ann, email).await
    }

    async fn set(&mut self, fields: &[(&str, &str)]) -> Answer {
        set(&mut self.ann, fields).await
    }

    async fn connect(&mut self) {
        connect(&mut self.ann).await;
    }

    async fn sso_only(&mut self) {
        only_way(&mut self.ann).await;
    }

    async fn signs_in(&self, email: &str, password: &str) -> Answer {
        let mut browser: Browser = self.t.browser();
        browser.get("/sign-in").await;
        browser
            .submit("/sign-in", &[("email", email), ("password", password)])
            .await
    }
}

/// An answer without what differs each time.
fn alike(answer: &Answer, email: &str) -> (u16, Vec<String>, String) {
    let headers = answer.headers.iter();
    let headers = headers
        .map(|(name, value)| format!("{name}: {value:?}"))
        .filter(|line| !line.starts_with("x-request-id"))
        .collect();
    let csrf = between(&answer.body, "name=\"csrf\" value=\"", "\"").unwrap_or_default();
    let body = answer.body.replace(csrf, "").replace(email, "");
    (answer.status, headers, body)
}

#[test]
fn whoever_is_not_marked_is_told_what_a_wrong_password_is_told() {
    on_both_apps(|t| async move {
        let mut house = house(t).await;
        let before = house.signs_in("tom@harbour.example", PASSWORD).await;
        assert_eq!(
            before.location(),
            "/sign-in/code",
            "the twin: without the rule"
        );
        house.sso_only().await;
        let turns = || house.t.app.hashing.turns();
        let mut answers = Vec::new();
        for (email, password) in [
            ("tom@harbour.example", PASSWORD),
            ("tom@harbour.example", "another password"),
            // As long as hers: the page says the address again.
            ("tim@harbour.example", PASSWORD),
        ] {
            let was = turns();
            let answer = house.signs_in(email, password).await;
            assert_eq!(turns() - was, 1, "{email}: one hash");
            answers.push(alike(&answer, email));
        }
        assert_eq!(answers[0].0, 422);
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
        let marked = house.signs_in("ann@harbour.example", PASSWORD).await;
        assert_eq!(marked.location(), "/sign-in/code", "she is marked");
    });
}

#[test]
fn the_rule_needs_a_connection_and_somebody_who_can_break_the_glass() {
    on_both_apps(|t| async move {
        let mut house = house(t).await;
        let ann = house.person("ann@harbour.example").await;
        let rule = [("sso_only", "yes"), ("break_glass", ann.as_str())];
        assert_eq!(house.set(&rule).await.status, 422, "no connection");
        house.connect().await;
        assert_eq!(
            house.set(&[("sso_only", "yes")]).await.status,
            422,
            "nobody marked"
        );
        assert_eq!(house.set(&rule).await.status, 303);
        // The last connection stays as long as it is the only way.
        let page = house.ann.browser.get("/settings/sign-in").await;
        let ending = between(&page.body, "action=\"/settings/sign-in/changes/", "/end\"");
        let path = format!(
            "/settings/sign-in/changes/{}/end",
            ending.expect("a connection")
        );
        assert_eq!(house.ann.browser.submit(&path, &[]).await.status, 409);
    });
}

#[test]
fn the_use_of_a_marked_account_is_told_to_all_who_administer() {
    on_both_apps(|t| async move {
        let mut house = house(t).await;
        let jobs = async |house: &House| {
            let scope = crate::identity::organisation(&house.t.app).await;
            count_jobs(&house.t, scope).await
        };
        house.signs_in("ann@harbour.example", PASSWORD).await;
        let before = jobs(&house).await;
        assert_eq!(before, 0, "the twin: no rule, no alarm");
        house.sso_only().await;
        let before = jobs(&house).await;
        house.signs_in("ann@harbour.example", PASSWORD).await;
        assert_eq!(jobs(&house).await - before, 1);
        house.signs_in("tom@harbour.example", PASSWORD).await;
        assert_eq!(jobs(&house).await - before, 1);
    });
}

async fn count_jobs(t: &TestApp, scope: countersign::platform::scope::Scope) -> usize {
    use countersign::platform::store::{Reads as _, Sql, StoreError};
    const JOBS: Sql = Sql::read("SELECT id FROM jobs WHERE org_id = $1 AND kind = 'sso-mail'");
    let found: Result<Vec<(String,)>, StoreError> =
        t.app.store.read(scope, |read| read.all(&JOBS, [])).await;
    found.expect("the database answers").len()
}

#[test]
fn an_invitation_makes_no_password_where_passwords_are_refused() {
    on_both_apps(|t| async move {
        let mut house = house(t).await;
        house.sso_only().await;
        let link = house.ann.invite("lou@harbour.example", &["clerk"]).await;
        let mut browser = house.t.browser();
        browser.get(&link).await;
        let fields = [
            ("name", "Lou"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let answer = browser.submit(&link, &fields).await;
        assert_eq!(answer.status, 409, "{}", answer.body);
        assert_eq!(house.tom.email, "tom@harbour.example");
    });
}

#[test]
fn a_rule_that_was_changed_behind_the_back_lets_nobody_in_by_a_password() {
    on_both_apps(|t| async move {
        let mut house = house(t).await;
        house.sso_only().await;
        let lower = "UPDATE sso_settings SET configuration = REPLACE(configuration, '\"sso_only\":true', '\"sso_only\":false')";
        house.t.store.behind_the_back(lower).await;
        let answer = house.signs_in("tom@harbour.example", PASSWORD).await;
        assert_eq!(answer.status, 422);
    });
}

#[test]
fn a_forgotten_password_is_answered_by_a_hint_alone() {
    on_both_apps(|t| async move {
        let mut house = house(t).await;
        house.sso_only().await;
        let asks = async |email: &str| {
            let mut browser = house.t.browser();
            browser.get("/forgot-password").await;
            let answer = browser
                .submit("/forgot-password", &[("email", email)])
                .await;
            (answer.status, answer.body.replace(email, ""))
        };
        let answers = [
            asks("tom@harbour.example").await,
            asks("ann@harbour.example").await,
            asks("tim@harbour.example").await,
        ];
        assert_eq!(answers[0].0, answers[2].0);
        let post = Post::of(&house.t);
        post.deliver().await;
        let link = |email: &str| post.find(email, "/reset/").is_some();
        assert!(!link("tom@harbour.example"), "no link that would help");
        assert!(
            post.find("tom@harbour.example", "own sign-in alone")
                .is_some()
        );
        assert!(link("ann@harbour.example"), "the twin: she is marked");
    });
}
