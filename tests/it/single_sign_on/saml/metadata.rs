//! Metadata that is fetched from an address: followed each day and when a response does not verify by it, held to what was
//! confirmed, and never left without.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use countersign::platform::clock::Micros;
use countersign::platform::outgoing::{Networks, Outgoing};
use rustls::{ServerConnection, Stream};

use super::{House, OURS};
use crate::identity::{actions, organisation};
use crate::support::app::{Browser, TestApp, on_both_apps};
use crate::support::certificate::Authority;
use crate::support::idp::{Idp, time};
use crate::support::post::Post;
use crate::support::temp::TempDir;

/// A page of somebody else's over TLS, which says what it is told to.
struct Page {
    says: Arc<Mutex<(u16, String)>>,
    asked: Arc<AtomicUsize>,
    port: u16,
    folder: TempDir,
}

impl Page {
    fn new(text: String) -> Self {
        let (authority, folder) = (Authority::new(), TempDir::new("page"));
        fs::write(folder.path().join("ca.pem"), &authority.ca_pem).expect("our own folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let port = listener.local_addr().expect("bound").port();
        let says = Arc::new(Mutex::new((200, text)));
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let (config, shared) = (authority.server_config(), Arc::clone(&says));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut stream = stream;
                let connection = ServerConnection::new(Arc::clone(&config));
                let mut connection = connection.expect("our own configuration");
                let mut tls = Stream::new(&mut connection, &mut stream);
                let _ = tls.read(&mut [0; 4096]);
                counted.fetch_add(1, Ordering::SeqCst);
                let (status, body) = shared.lock().expect("no holder panics").clone();
                let length = body.len();
                let _ = write!(
                    tls,
                    "HTTP/1.1 {status} Said\r\nContent-Length: {length}\r\nLocation: https://127.0.0.1/\r\n\r\n{body}"
                );
                let _ = tls.flush();
            }
        });
        Self {
            says,
            asked,
            port,
            folder,
        }
    }

    /// How often it was fetched.
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn say(&self, status: u16, text: &str) {
        *self.says.lock().expect("no holder panics") = (status, text.to_owned());
    }

    fn address(&self) -> String {
        format!("https://localhost:{}/metadata", self.port)
    }

    /// The application reaches it, and knows who signed its certificate.
    fn reached_by(&self, t: &mut TestApp, networks: Networks) {
        let app = Arc::get_mut(&mut t.app).expect("nobody has it yet");
        app.outgoing = Outgoing {
            ca_file: Some(self.folder.path().join("ca.pem")),
            networks,
        };
    }
}

/// A house whose connection is fetched from the page, which says what the house's identity provider says.
async fn house(mut t: TestApp, page: &Page, networks: Networks) -> House {
    page.reached_by(&mut t, networks);
    let mut house = House::new(t).await;
    page.say(200, &house.idp.metadata());
    let fields = [
        ("metadata", ""),
        ("metadata_address", &page.address()),
        ("entity_id", crate::support::idp::ENTITY),
    ];
    house.connection = house.connect(&fields).await;
    house
}

async fn arrives(house: &House) -> u16 {
    let mut browser = house.t.browser();
    house.arrives(&mut browser, |_| {}).await.status
}

#[test]
fn keys_roll_over_by_the_daily_fetch_and_everybody_who_administers_is_told() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let mut house = house(t, &page, Networks::Private).await;
        assert_eq!(arrives(&house).await, 303);
        deliver(&house).await;
        house.idp = Arc::new(Idp::new());
        page.say(500, "");
        assert_eq!(arrives(&house).await, 403, "not to be fetched");
        page.say(200, &house.idp.metadata());
        assert_eq!(arrives(&house).await, 403, "tried a moment ago");
        house.t.store.clock.advance(Micros::DAY);
        let told = deliver(&house).await;
        assert!(
            told.iter().any(|mail| mail.contains("other keys")),
            "{told:?}"
        );
        assert_eq!(arrives(&house).await, 303, "the new key");
    });
}

/// Does what is due, and gives the mails.
async fn deliver(house: &House) -> Vec<String> {
    let post = Post::of(&house.t);
    post.deliver().await;
    post.mails().into_iter().map(|(_, text)| text).collect()
}

#[test]
fn what_cannot_be_used_leaves_what_was() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let house = house(t, &page, Networks::Private).await;
        deliver(&house).await;
        let other = house
            .idp
            .metadata()
            .replace(crate::support::idp::ENTITY, "https://evil.example/");
        let bad = [
            (200, "<html/>".to_owned()),
            (200, other),
            (500, house.idp.metadata()),
            (302, Idp::new().metadata()),
            (200, " ".repeat(5 * 1024 * 1024)),
        ];
        for (status, text) in bad {
            page.say(status, &text);
            house.t.store.clock.advance(Micros::DAY);
            deliver(&house).await;
            assert_eq!(arrives(&house).await, 303, "{status}");
        }
    });
}

#[test]
fn the_house_is_reached_only_where_the_operator_says_so() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let house = house(t, &page, Networks::Public).await;
        let answer = house.t.browser().get(&house.at("start")).await;
        assert_eq!(answer.status, 409, "{}", answer.body);
    });
}

#[test]
fn a_new_key_is_known_by_metadata_of_the_moment_and_everybody_who_administers_is_told() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let mut house = house(t, &page, Networks::Private).await;
        assert_eq!(arrives(&house).await, 303);
        deliver(&house).await;
        house.idp = Arc::new(Idp::new());
        page.say(200, &house.idp.metadata());
        assert_eq!(arrives(&house).await, 303, "the new key");
        let told = deliver(&house).await;
        let of_keys = told.iter().filter(|mail| mail.contains("other keys"));
        assert_eq!(of_keys.count(), 1, "{told:?}");
    });
}

#[test]
fn a_logout_request_by_a_new_key_counts_by_metadata_of_the_moment() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let mut house = house(t, &page, Networks::Private).await;
        let mut hers = house.t.browser();
        assert_eq!(house.arrives(&mut hers, |_| {}).await.status, 303);
        house.idp = Arc::new(Idp::new());
        let before = page.asked();
        leaves(&house, "l-1").await;
        assert_eq!(page.asked(), before + 1);
        let stays = hers.get("/bills").await;
        assert_eq!(stays.status, 200, "a key that nobody named");
        page.say(200, &house.idp.metadata());
        leaves(&house, "l-2").await;
        assert_eq!(page.asked(), before + 1, "tried a moment ago");
        house.t.store.clock.advance(5 * Micros::MINUTE);
        leaves(&house, "l-3").await;
        assert_eq!(page.asked(), before + 2);
        let out = hers.get("/bills").await;
        assert!(out.location().starts_with("/sign-in"), "the new key");
    });
}

/// The identity provider says that Ingrid has left.
async fn leaves(house: &House, id: &str) {
    let destination = format!("{OURS}{}", house.at("logout"));
    let who = ("s-ingrid", "session-1");
    let now = house.t.app.now();
    let query = house.idp.logout((id, &destination), who, now);
    let path = format!("{}?{query}", house.at("logout"));
    house.t.browser().get(&path).await;
}

/// As somebody else's identity provider would answer.
async fn attack(house: &mut House, stranger: &Arc<Idp>) {
    let own = std::mem::replace(&mut house.idp, Arc::clone(stranger));
    assert_eq!(arrives(house).await, 403);
    house.idp = own;
}

#[test]
fn a_flood_of_responses_with_made_up_keys_makes_no_flood_of_fetches() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let mut house = house(t, &page, Networks::Private).await;
        assert_eq!(arrives(&house).await, 303);
        let (before, stranger) = (page.asked(), Arc::new(Idp::new()));
        for _ in 0..4 {
            attack(&mut house, &stranger).await;
        }
        // The database counts, so that another node asks no more than this one does.
        let mut elsewhere = Browser::new(house.t.second_node());
        let begun = house.begin(&mut elsewhere).await;
        let facts = house.facts(Some(&begun.request));
        let made_up = stranger.response(&facts);
        let answer = house.post(&mut elsewhere, &made_up, &begun.relay).await;
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert_eq!(page.asked(), before + 1, "one for them all");
        assert_eq!(arrives(&house).await, 303, "whoever is honest comes in");
        assert_eq!(page.asked(), before + 1);

        house.t.store.clock.advance(5 * Micros::MINUTE);
        attack(&mut house, &stranger).await;
        assert_eq!(page.asked(), before + 2, "and one five minutes later");
        // The bound taken away: the very same response makes us fetch again.
        house.t.store.behind_the_back("DELETE FROM sso_seen").await;
        attack(&mut house, &stranger).await;
        assert_eq!(page.asked(), before + 3);
        assert_eq!(kept(&house).await, 1, "strangers do not fill the journal");
    });
}

/// How often what was fetched was written.
async fn kept(house: &House) -> usize {
    let scope = organisation(&house.t.app).await;
    let did = actions(&house.t.app, scope).await;
    did.iter()
        .filter(|did| *did == "sign-in-metadata.fetched")
        .count()
}

/// As many identity providers say it, anew for whoever asks.
fn said_anew(idp: &Idp, nonce: usize, until: Option<Micros>) -> String {
    let until = until.map(|until| format!(" validUntil=\"{}\"", time(until)));
    let head = format!(
        "<md:EntityDescriptor ID=\"_{nonce}\"{} ",
        until.unwrap_or_default()
    );
    idp.metadata().replace("<md:EntityDescriptor ", &head)
}

#[test]
fn what_is_signed_anew_each_time_is_not_written_for_strangers_and_what_is_new_is() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let mut house = house(t, &page, Networks::Private).await;
        assert_eq!(arrives(&house).await, 303);
        assert_eq!(kept(&house).await, 1);
        let (before, stranger) = (page.asked(), Arc::new(Idp::new()));
        for nonce in 1..=3 {
            page.say(200, &said_anew(&house.idp, nonce, None));
            house.t.store.clock.advance(5 * Micros::MINUTE);
            attack(&mut house, &stranger).await;
            assert_eq!(page.asked(), before + nonce);
        }
        assert_eq!(kept(&house).await, 1, "strangers do not fill the journal");
        // The twins: one more endpoint, another place to go, another key.
        let more = said_anew(&house.idp, 4, None);
        let slo = "<md:SingleLogoutService ";
        assert!(more.contains(slo));
        let more = more.replace(slo, "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://idp.example/slo/post\"/><md:SingleLogoutService ");
        let elsewhere = more.replace("https://idp.example/sso", "https://idp.example/sso/2");
        let other = said_anew(&Idp::new(), 5, None);
        for (nth, text) in [more, elsewhere, other].iter().enumerate() {
            page.say(200, text);
            house.t.store.clock.advance(5 * Micros::MINUTE);
            attack(&mut house, &stranger).await;
            assert_eq!(kept(&house).await, nth + 2, "{text}");
        }
    });
}

#[test]
fn what_is_about_to_end_is_written_again_and_not_much_before() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let mut house = house(t, &page, Networks::Private).await;
        let says = |house: &House, nonce: usize| {
            let until = house.t.app.now().plus_us(Micros::HOUR);
            page.say(200, &said_anew(&house.idp, nonce, Some(until)));
        };
        says(&house, 0);
        assert_eq!(arrives(&house).await, 303);
        assert_eq!(kept(&house).await, 1);
        let stranger = Arc::new(Idp::new());
        for (nonce, minutes, wanted) in [(1, 20, 1), (2, 15, 2), (3, 20, 2), (4, 15, 3)] {
            house.t.store.clock.advance(minutes * Micros::MINUTE);
            says(&house, nonce);
            attack(&mut house, &stranger).await;
            assert_eq!(kept(&house).await, wanted, "{nonce}");
        }
        // Nothing is won by what ends no later.
        let ended = house.t.app.now();
        page.say(200, &said_anew(&house.idp, 5, Some(ended)));
        house.t.store.clock.advance(40 * Micros::MINUTE);
        attack(&mut house, &stranger).await;
        assert_eq!(kept(&house).await, 3);
        assert_eq!(arrives(&house).await, 303, "and it counts still");
    });
}

#[test]
fn an_administrator_fetches_metadata_when_she_likes_though_not_all_the_time() {
    on_both_apps(|t| async move {
        let page = Page::new(String::new());
        let mut house = house(t, &page, Networks::Private).await;
        assert_eq!(arrives(&house).await, 303);
        let own = format!("/settings/sign-in/connections/{}", house.connection);
        house.idp = Arc::new(Idp::new());
        page.say(200, &house.idp.metadata());
        let before = page.asked();
        let shown = house.ann.browser.get(&own).await.body;
        assert!(shown.contains("Fetched last"), "{shown}");
        let fetch = format!("{own}/fetch");
        let answer = house.ann.browser.submit(&fetch, &[]).await;
        assert_eq!(answer.location(), own, "{}", answer.body);
        assert_eq!(page.asked(), before + 1);
        assert_eq!(arrives(&house).await, 303, "the new key");
        assert_eq!(page.asked(), before + 1, "which is known");
        house.ann.browser.get(&own).await;
        let answer = house.ann.browser.submit(&fetch, &[]).await;
        assert_eq!(answer.problem, Some("error-sso-metadata-soon"));
        assert_eq!(page.asked(), before + 1);
        house.t.store.clock.advance(Micros::MINUTE);
        house.ann.browser.get(&own).await;
        page.say(500, "");
        let answer = house.ann.browser.submit(&fetch, &[]).await;
        assert_eq!(answer.problem, Some("error-sso-metadata"));
        assert_eq!(arrives(&house).await, 303, "what was known stays");
    });
}
