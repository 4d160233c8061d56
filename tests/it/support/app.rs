//! The application as handlers see it, on a fresh database of either engine, with a clock that stands still.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use countersign::identity::factors::{Seed, code_at, step_of};
use countersign::identity::throttles::{self, ADDRESS, Key};
use countersign::identity::{sessions, setup, step_up};
use countersign::platform::app::App;
use countersign::platform::documents::Documents;
use countersign::platform::keys::disposals::Disposable;
use countersign::platform::keys::{Keyring, Roots};
use countersign::platform::pace::Pace;
use countersign::platform::store::Store;
use countersign::platform::workers::WorkerConfig;
use countersign::platform::workers::pool::WorkerPool;
use countersign_sealing::SystemEntropy;

use super::stores::{TestStore, on_both};
use super::temp::TempDir;
pub use super::visitor::{Answer, Browser, between, unescape};

pub const PASSWORD: &str = "kiwi jam on toast";

/// The subjects of all wings whose keys can be destroyed, as the program lists them.
pub fn disposables() -> Vec<Disposable> {
    [
        countersign::identity::DISPOSABLES,
        countersign::payables::DISPOSABLES,
    ]
    .concat()
}

/// An application with its database. Both go with the value.
pub struct TestApp {
    pub app: Arc<App>,
    pub store: Arc<TestStore>,
    _keys: TempDir,
}

impl TestApp {
    pub fn on(store: Arc<TestStore>) -> Self {
        Self::changed(store, |_| {})
    }

    /// One that differs from what the program makes.
    pub fn changed(store: Arc<TestStore>, change: impl FnOnce(&mut App)) -> Self {
        let keys = TempDir::new("keys");
        let at = |name: &str| keys.path().join(name);
        let roots = Roots::open(&at("storage"), &at("field"), true, &SystemEntropy)
            .expect("a fresh folder takes root keys");
        let url = "https://ap.example:8443/".parse().expect("an address");
        let mut app = App::new(
            store.store.clone(),
            Keyring::new(roots),
            Documents::open(&at("documents")).expect("a fresh folder"),
            store.clock.clone(),
            url,
        );
        // Tests wait for nothing; those of the pace set their own.
        app.pace = Pace::of(Duration::ZERO);
        app.disposables = disposables();
        change(&mut app);
        Self {
            app: Arc::new(app),
            store,
            _keys: keys,
        }
    }

    /// With processes that read documents.
    pub async fn with_workers(store: Arc<TestStore>) -> Self {
        let mut t = Self::on(store);
        let program = env!("CARGO_BIN_EXE_countersign").into();
        let mut config = WorkerConfig::new(program, vec!["worker".into()]);
        config.timeout_ms = 20_000;
        let pool = WorkerPool::new(config).await.expect("workers start");
        let app = Arc::get_mut(&mut t.app).expect("nobody else has it yet");
        app.workers = Some(pool);
        t
    }

    /// The same roots, and no key that was opened before.
    pub fn fresh_keys(&self) -> Keyring {
        let at = |name: &str| self._keys.path().join(name);
        let roots = Roots::open(&at("storage"), &at("field"), false, &SystemEntropy);
        Keyring::new(roots.expect("they were made before"))
    }

    /// The pages of identity and payables, and the API.
    pub fn router(&self) -> Router {
        let (api, _) = countersign::payables::api().split_for_parts();
        countersign::identity::routes()
            .merge(countersign::payables::routes())
            .merge(api)
            .layer(from_fn_with_state(Arc::clone(&self.app), step_up::asks))
            .layer(from_fn(sessions::renews))
            .with_state(Arc::clone(&self.app))
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.router())
    }

    /// The same roots, documents and clock over another store.
    pub fn on_another_store(&self, store: Store) -> App {
        let documents = self._keys.path().join("documents");
        App::new(
            store,
            self.fresh_keys(),
            Documents::open(&documents).expect("the same folder"),
            self.store.clock.clone(),
            self.app.public_url.clone(),
        )
    }

    /// Another node of the same installation: the same database and roots, and nothing else in common.
    pub fn second_node(&self) -> Router {
        let mut app = self.on_another_store(self.store.store.clone());
        app.outgoing = self.app.outgoing.clone();
        countersign::identity::routes()
            .merge(countersign::payables::routes())
            .with_state(Arc::new(app))
    }

    /// Sets up "Harbour Foods" with Ann as its administrator, through the pages.
    pub async fn set_up(&self) -> Member {
        let browser = self.founded("Harbour Foods").await;
        self.administered(browser).await
    }

    /// The setup of an organisation as far as its administrator.
    pub async fn founded(&self, name: &str) -> Browser {
        let link = setup::issue_link(&self.app)
            .await
            .expect("the database answers")
            .expect("no organisation exists");
        let mut browser = self.browser();
        let path = link
            .strip_prefix("https://ap.example:8443")
            .expect("our own address");
        assert_eq!(browser.get(path).await.status, 200);
        let organisation = [
            ("organisation_name", name),
            ("locale", "en"),
            ("zone", "UTC"),
        ];
        browser
            .submit_all("/setup/organisation", &organisation)
            .await;
        browser.submit_all("/setup/entity", &ENTITY).await;
        browser
    }

    /// The rest of it, by Ann.
    pub async fn administered(&self, mut browser: Browser) -> Member {
        let administrator = [
            ("name", "Ann Lindqvist"),
            ("email", "ann@harbour.example"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let answer = browser
            .submit_all("/setup/administrator", &administrator)
            .await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        self.enrol(browser, "ann@harbour.example").await
    }

    /// Invites somebody by Ann's browser and accepts by another; gives the new member.
    pub async fn join(&self, by: &mut Member, email: &str, roles: &[&str]) -> Member {
        let link = by.invite(email, roles).await;
        let mut browser = self.browser();
        browser.get(&link).await;
        let fields = [
            ("name", "Tomás Okafor"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let answer = browser.submit(&link, &fields).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        self.enrol(browser, email).await
    }

    pub async fn enrol(&self, mut browser: Browser, email: &str) -> Member {
        let page = browser.get("/enrol").await;
        let shown = between(&page.body, "class=\"secret binds\">", "<").expect("the key by hand");
        let seed = Seed::from_base32(shown).expect("our own base32");
        let code = code_at(&seed, step_of(self.app.now()));
        let answer = browser.submit("/enrol", &[("code", &code)]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let list = between(&answer.body, "id=\"codes\">", "</ol>").expect("the recovery codes");
        let codes = list
            .split("<li>")
            .skip(1)
            .filter_map(|item| Some(item.split_once('<')?.0.to_owned()))
            .collect();
        let answer = browser.submit("/enrol/done", &[("kept", "yes")]).await;
        assert_eq!(answer.location(), "/");
        Member {
            browser,
            seed,
            codes,
            email: email.to_owned(),
        }
    }

    /// As many failures of strangers as lock the network that all browsers here come from.
    pub async fn lock_network(&self) {
        let network = [Key::address("0.0.0.0/24", ADDRESS)];
        for _ in 0..ADDRESS.lock_at {
            self.store.clock.advance(ADDRESS.locked_us);
            let counted = throttles::attempt(&self.app, &network).await;
            assert!(counted.expect("the database answers"));
        }
    }

    /// Nobody is signed in in this browser, and it is the device that `of` is.
    pub fn only_device(&self, of: &Browser) -> Browser {
        let device = of.cookie("__Host-device").expect("a device");
        self.browser()
            .with_cookie(&format!("__Host-device={device}"))
    }

    /// A browser whose device cookie was made up.
    pub fn made_up_device(&self) -> Browser {
        let cookie = format!("__Host-device={}", "A".repeat(43));
        self.browser().with_cookie(&cookie)
    }

    /// A code of the app that was not used yet: the clock moves on by two steps first.
    pub fn fresh_code(&self, seed: &Seed) -> String {
        self.store.clock.advance(60_000_000);
        code_at(seed, step_of(self.app.now()))
    }
}

const ENTITY: [(&str, &str); 10] = [
    ("entity_name", "Harbour Foods GmbH"),
    ("street", "Kaistraße"),
    ("building", "7"),
    ("postcode", "20457"),
    ("town", "Hamburg"),
    ("country", "DE"),
    ("currency", "EUR"),
    ("vat_id", "DE 123 456 789"),
    ("iban", "DE02 1203 0000 0000 2020 51"),
    ("bic", "BYLADEM1001"),
];

/// Somebody with a session.
pub struct Member {
    pub browser: Browser,
    pub seed: Seed,
    pub codes: Vec<String>,
    pub email: String,
}

impl Member {
    /// Invites somebody and gives the link's path.
    pub async fn invite(&mut self, email: &str, roles: &[&str]) -> String {
        self.browser.get("/people/invite").await;
        let mut fields = vec![("name", "Tomás Okafor"), ("email", email)];
        fields.extend(roles.iter().map(|role| ("roles", *role)));
        let answer = self.browser.submit("/people/invite", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let link = between(&answer.body, "id=\"link\">", "<").expect("the link is shown");
        link.strip_prefix("https://ap.example:8443")
            .expect("our own address")
            .to_owned()
    }
}

/// Runs a test on the application over both engines.
pub fn on_both_apps<F: Future<Output = ()>>(test: impl Fn(TestApp) -> F) {
    on_both(|store| test(TestApp::on(store)));
}
