//! Guessing which names have an account, by the clock: the times of known and unknown names are told apart no better than by a coin.
//!
//! The clock of the program is moved by hand, so that a sample does not wait for the throttle. Pairs are taken in turns, in an order
//! that changes, so that what else the machine does falls on both alike.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use countersign::platform::app::Hashing;
use countersign::platform::clock::Micros;
use countersign::platform::pace::Pace;
use serde_json::json;

use super::single_sign_on::rule::only_way;
use super::support::app::{Browser, Member, PASSWORD, TestApp};
use super::support::post::Post;
use super::support::stores::TestStore;
use super::support::{counts, measured};

const PART: &str = "identity_alike";
const RESULT: &str = "known and unknown names";

/// A form as somebody sends it, from a network of its own.
struct Try {
    /// The page whose token comes along.
    page: &'static str,
    path: String,
    fields: Vec<(&'static str, String)>,
}

/// What somebody sees of an answer, without what differs each time and what she typed herself.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: u16,
    headers: Vec<String>,
    said: String,
}

impl Try {
    fn sign_in(email: &str, password: &str) -> Self {
        Self {
            page: "/sign-in",
            path: "/sign-in".to_owned(),
            fields: vec![
                ("email", email.to_owned()),
                ("password", password.to_owned()),
            ],
        }
    }

    fn forgotten(email: &str) -> Self {
        Self {
            page: "/forgot-password",
            path: "/forgot-password".to_owned(),
            fields: vec![("email", email.to_owned())],
        }
    }

    fn invitation(path: &str) -> Self {
        let fields = [
            ("name", "Lou"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        Self {
            page: "/sign-in",
            path: path.to_owned(),
            fields: fields.map(|(name, typed)| (name, typed.to_owned())).into(),
        }
    }

    fn reset(path: &str) -> Self {
        let fields = [("password", PASSWORD), ("password_again", PASSWORD)];
        Self {
            page: "/sign-in",
            path: path.to_owned(),
            fields: fields.map(|(name, typed)| (name, typed.to_owned())).into(),
        }
    }

    fn new_factor(path: &str) -> Self {
        Self {
            page: "/sign-in",
            path: path.to_owned(),
            fields: vec![("password", PASSWORD.to_owned())],
        }
    }

    /// How long the answer takes, the page with the form aside, and what is seen of it.
    async fn time(&self, browser: &mut Browser, n: usize) -> (Duration, Seen) {
        browser.get(self.page).await;
        let csrf = browser.csrf();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &csrf)
            .extend_pairs(&self.fields)
            .finish();
        let network = format!("10.{}.{}.7:4711", n / 250 % 250, n % 250);
        let address: SocketAddr = network.parse().expect("an address");
        let request = Request::post(&self.path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .extension(ConnectInfo(address));
        let began = Instant::now();
        let answer = browser.send(request, Body::from(body)).await;
        let took = began.elapsed();
        let headers = answer.headers.iter().map(|(name, value)| {
            let value = value.to_str().expect("our headers are ASCII");
            match name.as_str() {
                // Their values are new each time.
                "x-request-id" => format!("{name}"),
                "set-cookie" => format!("{name}: {:?}", value.split_once('=').map(|of| of.0)),
                _ => format!("{name}: {value}"),
            }
        });
        let headers = headers.collect();
        let typed = self.fields.iter().map(|(_, typed)| typed.as_str());
        let own = [csrf.as_str(), &self.path];
        let said = typed
            .filter(|typed| !typed.is_empty())
            .chain(own)
            .fold(answer.body, |said, typed| said.replace(typed, ""));
        let seen = Seen {
            status: answer.status,
            headers,
            said: said.replace(&browser.csrf(), ""),
        };
        (took, seen)
    }
}

/// How often a time of `a` is above one of `b`: 0.5 where nothing is told.
fn told_apart(a: &[Duration], b: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = a
        .iter()
        .map(|time| (*time, true))
        .chain(b.iter().map(|time| (*time, false)))
        .collect();
    all.sort();
    let (mut below, mut wins) = (0u64, 0u64);
    for (_, is_a) in all {
        if is_a {
            wins += below;
        } else {
            below += 1;
        }
    }
    let pairs = u64::try_from(a.len() * b.len()).expect("it fits");
    f64::from(u32::try_from(wins * 10_000 / pairs.max(1)).expect("it fits")) / 10_000.0
}

/// Locks a name: ten failures, each when it is let through.
async fn lock(t: &TestApp, email: &str) {
    for n in 0..10 {
        Try::sign_in(email, "a wrong guess")
            .time(&mut t.browser(), n)
            .await;
        t.store.clock.advance(20 * Micros::SECOND);
    }
}

/// The houses in which names are tried. Hashing costs next to nothing there: what else is done for a name that is known, and not
/// for one that is not, stands out the more.
struct Houses {
    open: TestApp,
    locked: TestApp,
    /// Identity providers are the only way to sign in, but for Ann.
    only: TestApp,
    /// The path of an invitation that was accepted.
    used: String,
    /// Of one whose week is over.
    late: String,
    /// Of a reset whose password was chosen.
    reset: String,
}

const HASH_KIB: u32 = 64;
/// As far above the work of one answer as the program's own step is above its own.
const STEP: Duration = Duration::from_millis(20);
/// So many sets of houses are tried at once: most of the time is waiting.
const SETS: u64 = 6;
const ANN: &str = "ann@harbour.example";
const NIA: &str = "nia@harbour.example";
const TOM: &str = "tom@harbour.example";
/// Nobody's, as long as theirs.
const WHO: &str = "who@harbour.example";

async fn house() -> (TestApp, Member) {
    let store = std::sync::Arc::new(TestStore::embedded().await);
    let app = TestApp::changed(store, |app| {
        app.hashing = Hashing::costing(HASH_KIB);
        app.pace = Pace::of(STEP);
    });
    let ann = app.set_up().await;
    (app, ann)
}

/// Ann has forgotten her password, and chosen another by the link that was mailed to her: its path.
async fn used_reset(t: &TestApp) -> String {
    let post = Post::of(t);
    Try::forgotten(ANN).time(&mut t.browser(), 0).await;
    post.deliver().await;
    let mail = post.find(ANN, "choose another password").expect("a mail");
    let link = mail
        .split_whitespace()
        .find(|word| word.contains("/reset/"));
    let path = link.and_then(|link| link.strip_prefix("https://ap.example:8443"));
    let path = path.expect("our own address").to_owned();
    let answer = Try::reset(&path).time(&mut t.browser(), 0).await;
    assert_eq!(answer.1.status, 303);
    path
}

impl Houses {
    async fn new() -> Self {
        let (open, mut ann) = house().await;
        ann.invite(NIA, &["clerk"]).await;
        let used = ann.invite(TOM, &["clerk"]).await;
        let mut toms = open.browser();
        toms.get(&used).await;
        Try::invitation(&used).time(&mut toms, 0).await;
        let late = ann.invite("late@harbour.example", &["clerk"]).await;
        let reset = used_reset(&open).await;
        open.store.clock.advance(8 * Micros::DAY);
        let (locked, _) = house().await;
        for name in [ANN, WHO] {
            lock(&locked, name).await;
        }
        let (only, mut ann) = house().await;
        only.join(&mut ann, TOM, &["clerk"]).await;
        only_way(&mut ann).await;
        Self {
            open,
            locked,
            only,
            used,
            late,
            reset,
        }
    }

    /// In which house, somebody who is there, and somebody who is not.
    fn pairs(&self) -> Vec<(&'static str, &TestApp, Try, Try)> {
        let signs_in = |name, password| (Try::sign_in(name, password), Try::sign_in(WHO, password));
        let forgets = |name| (Try::forgotten(name), Try::forgotten(WHO));
        let nobodys = "A".repeat(self.used.len() - "/invitations/".len());
        let invited = |path: &str| {
            let never_given = format!("/invitations/{nobodys}");
            (Try::invitation(path), Try::invitation(&never_given))
        };
        let never_given = format!("/reset/{nobodys}");
        let chosen = (Try::reset(&self.reset), Try::reset(&never_given));
        let (open, locked, only) = (&self.open, &self.locked, &self.only);
        [
            ("a wrong password", open, signs_in(ANN, "a wrong guess")),
            ("no password", open, signs_in(ANN, "")),
            ("an invited name", open, signs_in(NIA, "a wrong guess")),
            ("a locked name", locked, signs_in(ANN, "a wrong guess")),
            (
                "a right password that is refused",
                only,
                signs_in(TOM, PASSWORD),
            ),
            ("a forgotten password", open, forgets(ANN)),
            ("an invited name's forgotten password", open, forgets(NIA)),
            ("a locked name's forgotten password", locked, forgets(ANN)),
            ("a refused name's forgotten password", only, forgets(TOM)),
            ("an invitation that was used", open, invited(&self.used)),
            ("an invitation that is over", open, invited(&self.late)),
            ("a reset that was used", open, chosen),
        ]
        .into_iter()
        .map(|(what, house, (there, not_there))| (what, house, there, not_there))
        .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_alike_by_the_clock() {
    if measured::already(PART, RESULT) {
        return;
    }
    let (count, began) = (counts::of(PART, 24, 10_000), Instant::now());
    let is_full = counts::running() == PART;
    let sets = if is_full { SETS } else { SETS / 2 };
    let each = usize::try_from(count.div_ceil(sets)).expect("it fits");
    let sets = (0..sets).map(|_| tokio::spawn(timed(each)));
    let mut all: Vec<Timed> = Vec::new();
    for set in futures_util::future::join_all(sets).await {
        for (place, timed) in set.expect("a set of houses").into_iter().enumerate() {
            match all.get_mut(place) {
                None => all.push(timed),
                Some(before) => before.take(timed),
            }
        }
    }
    let mut figures = serde_json::Map::new();
    for Timed { what, a, b } in all {
        let chance = told_apart(&a, &b);
        eprintln!("{what}: known is slower in {chance} of all pairs");
        // A few samples show only that the work is not left out; all of them show that nothing is told.
        let fair = if is_full { 0.45..=0.55 } else { 0.1..=0.9 };
        assert!(fair.contains(&chance), "{what}: {chance}");
        figures.insert(what.to_owned(), json!(chance));
    }
    measured::record(PART, RESULT, count, 0, began.elapsed(), figures.into());
}

/// How long the answers took, for who is there and who is not.
struct Timed {
    what: &'static str,
    a: Vec<Duration>,
    b: Vec<Duration>,
}

impl Timed {
    fn take(&mut self, more: Self) {
        self.a.extend(more.a);
        self.b.extend(more.b);
    }
}

/// So many samples of each pair, in houses of their own.
async fn timed(count: usize) -> Vec<Timed> {
    let houses = Houses::new().await;
    let pairs = houses.pairs();
    let mut times = vec![(Vec::new(), Vec::new()); pairs.len()];
    for n in 0..count {
        for (place, (what, t, there, not_there)) in pairs.iter().enumerate() {
            if !std::ptr::eq(*t, &houses.locked) {
                // Yesterday's failures are forgotten.
                t.store.clock.advance(Micros::DAY);
            }
            let (mut first, mut second) = (t.browser(), t.browser());
            let (a, b) = if n % 2 == 0 {
                let a = there.time(&mut first, n).await;
                (a, not_there.time(&mut second, n).await)
            } else {
                let b = not_there.time(&mut second, n).await;
                (there.time(&mut first, n).await, b)
            };
            assert_eq!(a.1, b.1, "{what}: the answers differ");
            times[place].0.push(a.0);
            times[place].1.push(b.0);
        }
    }
    let named = pairs.iter().zip(times);
    named
        .map(|((what, ..), (a, b))| Timed { what, a, b })
        .collect()
}

/// The pace holds back every answer that could tell of a name; taken away, answers leave when they are ready.
#[tokio::test(flavor = "multi_thread")]
async fn answers_about_names_wait_for_their_step() {
    let step = Duration::from_millis(400);
    let quickest = async |pace: Pace| {
        let store = std::sync::Arc::new(TestStore::embedded().await);
        let t = TestApp::changed(store, |app| {
            app.hashing = Hashing::costing(HASH_KIB);
            app.pace = pace;
        });
        drop(t.set_up().await);
        let mut quickest = Vec::new();
        for asks in [
            Try::sign_in(ANN, "a wrong guess"),
            Try::sign_in(WHO, "a wrong guess"),
            Try::forgotten(ANN),
            Try::forgotten(WHO),
            Try::invitation(&format!("/invitations/{}", "A".repeat(43))),
            Try::reset(&format!("/reset/{}", "A".repeat(43))),
            Try::new_factor(&format!("/new-factor/{}", "A".repeat(43))),
        ] {
            let mut took = Vec::new();
            for n in 0..3 {
                took.push(asks.time(&mut t.browser(), n).await.0);
            }
            quickest.extend(took.into_iter().min());
        }
        quickest
    };
    let with = quickest(Pace::of(step)).await;
    assert!(with.iter().all(|took| *took >= step), "{with:?}");
    let without = quickest(Pace::of(Duration::ZERO)).await;
    assert!(without.iter().all(|took| *took < step), "{without:?}");
}

#[test]
fn a_name_that_costs_less_work_is_told_apart() {
    let ms = |ms| Duration::from_millis(ms);
    let slow: Vec<Duration> = (30..60).map(ms).collect();
    let fast: Vec<Duration> = (0..30).map(ms).collect();
    assert!(told_apart(&slow, &fast) > 0.99 && told_apart(&fast, &slow) < 0.01);
    let same = told_apart(&slow, &slow);
    assert!((0.45..=0.55).contains(&same), "{same}");
}
