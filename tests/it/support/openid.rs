//! An OpenID provider of our own: it says and signs what it is told to, over TLS, and checks what an honest one checks.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use countersign::platform::outgoing::{Networks, Outgoing};
use rustls::{ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::app::TestApp;
use super::certificate::Authority;
use super::temp::TempDir;

pub const CLIENT: &str = "countersign";
pub const SECRET: &str = "between us & them";

/// A key of the provider's.
pub struct Signer {
    pub id: String,
    pair: EcdsaKeyPair,
}

fn part(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn message(header: &Value, claims: &Value) -> String {
    let (header, claims) = (header.to_string(), claims.to_string());
    format!("{}.{}", part(header.as_bytes()), part(claims.as_bytes()))
}

impl Signer {
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"),
        }
    }

    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let (x, y) = (part(&point[1..33]), part(&point[33..]));
        json!({ "kty": "EC", "crv": "P-256", "kid": self.id, "x": x, "y": y })
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as("JWT", claims)
    }

    pub fn sign_as(&self, kind: &str, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "kid": self.id, "typ": kind });
        let message = message(&header, claims);
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes());
        let signature = signature.expect("it signs");
        format!("{message}.{}", part(signature.as_ref()))
    }

    /// A MAC whose secret is what everybody knows of this key (CVE-2015-9235).
    pub fn mac_by_the_public_key(&self, claims: &Value) -> String {
        let message = message(&json!({ "alg": "HS256", "kid": self.id }), claims);
        let known = self.public().to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, known.as_bytes());
        let tag = hmac::sign(&key, message.as_bytes());
        format!("{message}.{}", part(tag.as_ref()))
    }
}

/// A token that nobody signed.
pub fn unsigned(claims: &Value) -> String {
    format!("{}.", message(&json!({ "alg": "none" }), claims))
}

/// What a code stands for.
struct Grant {
    challenge: String,
    redirect: String,
    id_token: String,
}

/// What it says, and what it was asked.
pub struct Says {
    pub keys: Vec<Arc<Signer>>,
    /// The description's members, over those of an honest one.
    pub description: BTreeMap<String, Value>,
    /// What the token endpoint answers to everything.
    pub token_answer: Option<(u16, String)>,
    /// What any document's address answers.
    pub documents: Option<(u16, String)>,
    /// Whether it holds a code to its challenge, as every honest one does.
    pub checks_challenges: bool,
    pub key_fetches: usize,
    /// The forms that came to the token endpoint, each with its `Authorization`.
    pub exchanges: Vec<(String, Option<String>)>,
    codes: BTreeMap<String, Grant>,
}

/// A question as it stands in the address that the browser is sent to.
#[derive(Debug, Clone)]
pub struct Asked {
    pub state: String,
    pub nonce: String,
    pub scope: String,
    challenge: String,
    redirect: String,
}

impl Asked {
    pub fn of(address: &str) -> Self {
        let url: url::Url = address.parse().expect("an address");
        let pairs: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        let value = |name: &str| pairs.get(name).cloned().expect("it is asked");
        for (name, wanted) in [
            ("response_type", "code"),
            ("response_mode", "query"),
            ("code_challenge_method", "S256"),
            ("client_id", CLIENT),
        ] {
            assert_eq!(value(name), wanted, "{address}");
        }
        Self {
            state: value("state"),
            nonce: value("nonce"),
            scope: value("scope"),
            challenge: value("code_challenge"),
            redirect: value("redirect_uri"),
        }
    }
}

pub struct OpenId {
    says: Arc<Mutex<Says>>,
    port: u16,
    folder: TempDir,
    authority: Arc<Authority>,
}

impl OpenId {
    pub fn new() -> Self {
        Self::under(Arc::new(Authority::new()))
    }

    /// Another one, whose certificate the same authority signed.
    pub fn trusted_as(other: &Self) -> Self {
        Self::under(Arc::clone(&other.authority))
    }

    fn under(authority: Arc<Authority>) -> Self {
        let folder = TempDir::new("openid");
        fs::write(folder.path().join("ca.pem"), &authority.ca_pem).expect("our own folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let port = listener.local_addr().expect("bound").port();
        let says = Arc::new(Mutex::new(Says {
            keys: vec![Arc::new(Signer::new("k-1"))],
            description: BTreeMap::new(),
            token_answer: None,
            documents: None,
            checks_challenges: true,
            key_fetches: 0,
            exchanges: Vec::new(),
            codes: BTreeMap::new(),
        }));
        let (config, shared) = (authority.server_config(), Arc::clone(&says));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let connection = ServerConnection::new(Arc::clone(&config));
                let connection = connection.expect("our own configuration");
                let mut tls = BufReader::new(StreamOwned::new(connection, stream));
                let Some((path, authorization, body)) = request(&mut tls) else {
                    continue;
                };
                let mut says = shared.lock().expect("no holder panics");
                let (status, body) = says.answer(port, (&path, authorization, &body));
                drop(says);
                let tls = tls.get_mut();
                let _ = write!(
                    tls,
                    "HTTP/1.1 {status} Said\r\nContent-Length: {}\r\nLocation: https://localhost:{port}/keys\r\n\r\n{body}",
                    body.len()
                );
                let _ = tls.flush();
            }
        });
        Self {
            says,
            port,
            folder,
            authority,
        }
    }

    pub fn says(&self) -> MutexGuard<'_, Says> {
        self.says.lock().expect("no holder panics")
    }

    pub fn issuer(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The application reaches it, and knows who signed its certificate.
    pub fn reached_by(&self, t: &mut TestApp) {
        let app = Arc::get_mut(&mut t.app).expect("nobody has it yet");
        app.outgoing = Outgoing {
            ca_file: Some(self.folder.path().join("ca.pem")),
            networks: Networks::Private,
        };
    }

    /// The key that signs now.
    pub fn signer(&self) -> Arc<Signer> {
        let says = self.says();
        Arc::clone(says.keys.last().expect("there is one"))
    }

    /// A code for a question, which is worth this token.
    pub fn code(&self, asked: &Asked, id_token: String) -> String {
        let mut says = self.says();
        let code = format!("code-{}", says.codes.len());
        let grant = Grant {
            challenge: asked.challenge.clone(),
            redirect: asked.redirect.clone(),
            id_token,
        };
        says.codes.insert(code.clone(), grant);
        code
    }
}

/// One request: its path, its `Authorization`, and its body.
fn request(from: &mut BufReader<impl Read>) -> Option<(String, Option<String>, String)> {
    let mut line = String::new();
    from.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut authorization, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => authorization = Some(value.to_owned()),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some((path, authorization, String::from_utf8(body).ok()?))
}

impl Says {
    fn answer(
        &mut self,
        port: u16,
        (path, authorization, body): (&str, Option<String>, &str),
    ) -> (u16, String) {
        match path {
            "/token" => self.exchanged(authorization, body),
            _ if self.documents.is_some() => self.documents.clone().unwrap_or_default(),
            "/.well-known/openid-configuration" => (200, self.described(port).to_string()),
            "/keys" => {
                self.key_fetches += 1;
                let keys: Vec<Value> = self.keys.iter().map(|key| key.public()).collect();
                (200, json!({ "keys": keys }).to_string())
            }
            _ => (404, String::new()),
        }
    }

    fn described(&self, port: u16) -> Value {
        let at = format!("https://localhost:{port}");
        let mut said = json!({
            "issuer": at,
            "authorization_endpoint": format!("{at}/authorize"),
            "token_endpoint": format!("{at}/token"),
            "jwks_uri": format!("{at}/keys"),
            "end_session_endpoint": format!("{at}/end"),
            "scopes_supported": ["openid", "profile", "email", "groups"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        });
        for (name, value) in &self.description {
            said[name] = value.clone();
        }
        said
    }

    fn exchanged(&mut self, authorization: Option<String>, body: &str) -> (u16, String) {
        self.exchanges
            .push((body.to_owned(), authorization.clone()));
        if let Some(answer) = &self.token_answer {
            return answer.clone();
        }
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect();
        let value = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let encoded = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect::<String>();
        let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{encoded}")));
        let is_posted = value("client_id") == CLIENT && value("client_secret") == SECRET;
        if authorization != Some(basic) && !is_posted {
            return (401, json!({ "error": "invalid_client" }).to_string());
        }
        let refused = (400, json!({ "error": "invalid_grant" }).to_string());
        let Some(grant) = self.codes.remove(value("code")) else {
            return refused;
        };
        let hash = digest(&SHA256, value("code_verifier").as_bytes());
        let is_hers = part(hash.as_ref()) == grant.challenge || !self.checks_challenges;
        if !is_hers || value("redirect_uri") != grant.redirect {
            return refused;
        }
        let answer = json!({
            "id_token": grant.id_token, "access_token": "for nobody", "token_type": "Bearer", "expires_in": 60,
        });
        (200, answer.to_string())
    }
}
