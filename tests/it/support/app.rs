//! The application as handlers see it, on a fresh database of either engine, with a clock that stands still and
//! randomness from a seed.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use countersign::platform::app::App;
use countersign::platform::clock::{Clock, Micros};
use countersign::platform::keys::{Keyring, Roots, file_key};
use countersign::platform::store::Store;
use countersign_sealing::SeededEntropy;
use tokio_postgres_rustls::MakeRustlsConnect;
use tower::ServiceExt;

use super::certificate::trusting;
use super::postgres::{Cluster, Database};
use super::temp::TempDir;

/// 2026-11-05T09:00:00Z.
pub const START: Micros = Micros(1_793_869_200_000_000);

/// An engine that a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Embedded,
    PostgreSql,
}

pub const BOTH: [Engine; 2] = [Engine::Embedded, Engine::PostgreSql];

/// An application with its database. Both go with the value.
pub struct TestApp {
    pub app: Arc<App>,
    /// What the tests look into with other tools: the owner's view of PostgreSQL.
    pub database: Option<Database>,
    pub folder: TempDir,
}

impl TestApp {
    pub async fn new(engine: Engine) -> Self {
        let folder = TempDir::new("app");
        let entropy = Arc::new(SeededEntropy::new(42));
        let at = |name: &str| folder.path().join(name);
        let roots = Roots::open(&at("storage.root"), &at("field.root"), true, &*entropy)
            .expect("a fresh folder takes root keys");
        let (store, database) = match engine {
            Engine::Embedded => {
                let key = file_key(&roots, &at("file.key"), true, &*entropy)
                    .expect("a fresh folder takes a file key");
                let store = Store::open_embedded(&at("countersign.db"), key, entropy)
                    .expect("a fresh file becomes a database");
                (store, None)
            }
            Engine::PostgreSql => {
                let (store, database) = postgres(entropy).await;
                (store, Some(database))
            }
        };
        let url = "https://ap.example:8443/".parse().expect("an address");
        let app = App::new(store, Keyring::new(roots), Clock::manual(START), url);
        Self {
            app: Arc::new(app),
            database,
            folder,
        }
    }
}

async fn postgres(entropy: Arc<SeededEntropy>) -> (Store, Database) {
    // Starting a cluster blocks, and its initialiser runs a runtime of its own.
    let database = tokio::task::spawn_blocking(|| {
        let cluster = Cluster::shared();
        cluster.template("countersign", |url| {
            let config = url.parse().expect("our own address");
            let tls = MakeRustlsConnect::new(trusting(cluster.ca_pem()));
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime can be built");
            runtime
                .block_on(Store::migrate_postgres(&config, tls))
                .expect("the migrations run");
        })
    })
    .await
    .expect("starting the cluster does not panic");
    let tls = MakeRustlsConnect::new(trusting(Cluster::shared().ca_pem()));
    let config = database.url().parse().expect("our own address");
    let store = Store::open_postgres(config, tls, entropy)
        .await
        .expect("a migrated database opens");
    (store, database)
}

/// An answer as a test reads it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: String,
    pub problem: Option<&'static str>,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("our headers are ASCII"))
    }

    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16 << 20)
            .await
            .expect("an answer of ours ends");
        Self {
            status: parts.status.as_u16(),
            problem: parts
                .extensions
                .get::<countersign::platform::web::Problem>()
                .map(|problem| problem.code),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// A browser without a network: it keeps cookies and sends forms as browsers do.
pub struct Browser {
    router: Router,
    pub cookies: Vec<(String, String)>,
    pub last: Option<Answer>,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: Vec::new(),
            last: None,
        }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pair = self.cookies.iter().find(|(found, _)| found == name)?;
        Some(&pair.1)
    }

    pub async fn get(&mut self, path: &str) -> &Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Posts a form with the token of the page that was shown last.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> &Answer {
        let csrf = self.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    /// Posts exactly these fields.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> &Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    /// The token of the last page's first form.
    pub fn csrf(&self) -> String {
        let body = self.last.as_ref().map_or("", |answer| &answer.body);
        between(body, "name=\"csrf\" value=\"", "\"")
            .unwrap_or_default()
            .to_owned()
    }

    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> &Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = request.header(header::HOST, "ap.example:8443");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(body).expect("a request of ours is one");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {});
        let answer = Answer::of(response).await;
        for value in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(value.to_str().expect("our cookies are ASCII"));
        }
        self.last.insert(answer)
    }

    fn keep(&mut self, set_cookie: &str) {
        let pair = set_cookie.split(';').next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or_default();
        self.cookies.retain(|(found, _)| found != name);
        if !set_cookie.contains("Max-Age=0") {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

/// What stands between two texts.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}
