//! A small Vault for tests: keys of the transit engine behind the part of the HTTP API that encrypts, decrypts and shows a key,
//! over TLS under an authority of its own. Ciphertexts, statuses and messages are Vault's.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::aead::{AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_sealing::{Entropy as _, SystemEntropy};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::certificate::Authority;
use super::temp::TempDir;

const TOKEN: &str = "hvs.a-token-of-the-tests";
/// The engine's other type that takes associated data.
pub const CHACHA: &str = "chacha20-poly1305";

pub struct Vault {
    folder: TempDir,
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    keys: HashMap<String, Kept>,
    is_sealed: bool,
    namespace: Option<String>,
    is_revoked: bool,
    /// So many requests are answered with 503 before one is done.
    to_fail: u32,
    /// Associated data is left out, as by a type that takes none.
    forgets_places: bool,
    calls: Vec<String>,
}

struct Kept {
    versions: Vec<[u8; 32]>,
    kind: String,
    is_exportable: bool,
}

struct Asked {
    method: String,
    path: String,
    headers: HashMap<String, String>,
    body: Value,
}

impl Vault {
    pub fn start() -> Self {
        let (folder, authority) = (TempDir::new("vault"), Authority::new());
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback gives a port");
        let port = listener.local_addr().expect("it is bound").port();
        let state = Arc::new(Mutex::new(State::default()));
        let vault = Self {
            folder,
            port,
            state: Arc::clone(&state),
        };
        fs::write(vault.ca_file(), &authority.ca_pem).expect("our own folder");
        vault.write_token(TOKEN);
        let tls = authority.server_config();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tls, state) = (Arc::clone(&tls), Arc::clone(&state));
                std::thread::spawn(move || serve(stream, tls, &state));
            }
        });
        vault
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A key made by the engine.
    pub fn make_key(&self, name: &str) {
        let mut key = [0; 32];
        SystemEntropy.fill(&mut key);
        self.bring_key(name, key);
    }

    /// A key that was somewhere else before.
    pub fn bring_key(&self, name: &str, key: [u8; 32]) {
        self.bring_key_as(name, "aes256-gcm96", key);
    }

    pub fn bring_key_as(&self, name: &str, kind: &str, key: [u8; 32]) {
        let kept = Kept {
            versions: vec![key],
            kind: kind.to_owned(),
            is_exportable: false,
        };
        self.state().keys.insert(name.to_owned(), kept);
    }

    pub fn make_key_as(&self, name: &str, kind: &str, is_exportable: bool) {
        self.make_key(name);
        let mut state = self.state();
        let kept = state.keys.get_mut(name).expect("it was made");
        (kept.kind, kept.is_exportable) = (kind.to_owned(), is_exportable);
    }

    pub fn rotate(&self, name: &str) {
        let mut key = [0; 32];
        SystemEntropy.fill(&mut key);
        let mut state = self.state();
        state
            .keys
            .get_mut(name)
            .expect("there is one")
            .versions
            .push(key);
    }

    pub fn delete_key(&self, name: &str) {
        self.state().keys.remove(name);
    }

    pub fn seal(&self, is_sealed: bool) {
        self.state().is_sealed = is_sealed;
    }

    pub fn revoke(&self, is_revoked: bool) {
        self.state().is_revoked = is_revoked;
    }

    pub fn fail(&self, requests: u32) {
        self.state().to_fail = requests;
    }

    pub fn forget_places(&self) {
        self.state().forgets_places = true;
    }

    pub fn only_in(&self, namespace: &str) {
        self.state().namespace = Some(namespace.to_owned());
    }

    /// What was asked so far: method and path.
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    pub fn write_token(&self, token: &str) {
        let file = self.token_file();
        fs::write(&file, format!("{token}\n")).expect("our own folder");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("our own file");
    }

    pub fn token_file(&self) -> PathBuf {
        self.folder.path().join("token")
    }

    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub fn uri(&self, key: &str) -> String {
        format!(
            "vault:https://127.0.0.1:{}/v1/transit/keys/{key}?token-file={}&ca-file={}",
            self.port,
            self.token_file().display(),
            self.ca_file().display()
        )
    }
}

fn serve(stream: TcpStream, tls: Arc<ServerConfig>, state: &Mutex<State>) {
    let Ok(connection) = ServerConnection::new(tls) else {
        return;
    };
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    // A client that goes away, or trusts somebody else, is no matter of this server's.
    let Some(asked) = read(&mut stream) else {
        return;
    };
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let (status, body) = state.answer(&asked);
    drop(state);
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} Vault\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let stream = stream.get_mut();
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

fn read(stream: &mut BufReader<StreamOwned<ServerConnection, TcpStream>>) -> Option<Asked> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(Asked {
        method,
        path,
        headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    })
}

fn errors(status: u16, text: &str) -> (u16, Value) {
    (status, json!({ "errors": [text] }))
}

impl State {
    fn answer(&mut self, asked: &Asked) -> (u16, Value) {
        self.calls.push(format!("{} {}", asked.method, asked.path));
        if self.is_sealed {
            return errors(503, "Vault is sealed");
        }
        if self.to_fail > 0 {
            self.to_fail -= 1;
            return errors(503, "not yet");
        }
        let header = |name: &str| asked.headers.get(name).cloned();
        if self.is_revoked
            || header("x-vault-token").as_deref() != Some(TOKEN)
            || header("x-vault-namespace") != self.namespace
        {
            return errors(403, "permission denied");
        }
        let Some(path) = asked.path.strip_prefix("/v1/transit/") else {
            return errors(404, "no handler for route");
        };
        match (asked.method.as_str(), path.split_once('/')) {
            ("GET", Some(("keys", name))) => self.show(name),
            ("POST", Some(("encrypt", name))) => self.encrypt(name, &asked.body),
            ("POST", Some(("decrypt", name))) => self.decrypt(name, &asked.body),
            _ => errors(404, "unsupported path"),
        }
    }

    fn show(&self, name: &str) -> (u16, Value) {
        let Some(kept) = self.keys.get(name) else {
            return (404, json!({ "errors": [] }));
        };
        let data = json!({
            "name": name,
            "type": kept.kind,
            "latest_version": kept.versions.len(),
            "min_decryption_version": 1,
            "derived": false,
            "exportable": kept.is_exportable,
            "allow_plaintext_backup": false,
            "supports_encryption": true,
        });
        (200, json!({ "data": data }))
    }

    fn aad(&self, body: &Value) -> Vec<u8> {
        if self.forgets_places {
            return Vec::new();
        }
        let text = body["associated_data"].as_str().unwrap_or_default();
        STANDARD.decode(text).expect("base64, or nothing")
    }

    fn encrypt(&self, name: &str, body: &Value) -> (u16, Value) {
        let Some(kept) = self.keys.get(name) else {
            return errors(400, "encryption key not found");
        };
        let plain = body["plaintext"]
            .as_str()
            .and_then(|text| STANDARD.decode(text).ok());
        let Some(mut bytes) = plain else {
            return errors(400, "failed to base64-decode plaintext");
        };
        let mut nonce = [0; 12];
        SystemEntropy.fill(&mut nonce);
        let key = kept.versions.last().expect("each has one");
        kept.cipher(key)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(self.aad(body)),
                &mut bytes,
            )
            .expect("few bytes");
        let sealed = STANDARD.encode([nonce.as_slice(), &bytes].concat());
        let ciphertext = format!("vault:v{}:{sealed}", kept.versions.len());
        let data = json!({ "ciphertext": ciphertext, "key_version": kept.versions.len() });
        (200, json!({ "data": data }))
    }

    fn decrypt(&self, name: &str, body: &Value) -> (u16, Value) {
        let Some(kept) = self.keys.get(name) else {
            return errors(400, "encryption key not found");
        };
        let ciphertext = body["ciphertext"].as_str().unwrap_or_default();
        let parts = ciphertext
            .strip_prefix("vault:v")
            .and_then(|rest| rest.split_once(':'));
        let Some((version, sealed)) = parts else {
            return errors(400, "invalid ciphertext: no prefix");
        };
        let key = version
            .parse::<usize>()
            .ok()
            .and_then(|version| kept.versions.get(version.checked_sub(1)?));
        let Some(key) = key else {
            return errors(400, "invalid ciphertext: version is too new");
        };
        let bytes = STANDARD.decode(sealed).unwrap_or_default();
        let Some((nonce, body_and_tag)) = bytes.split_first_chunk::<12>() else {
            return errors(400, "invalid ciphertext length");
        };
        let mut opened = body_and_tag.to_vec();
        let opened = kept.cipher(key).open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(self.aad(body)),
            &mut opened,
        );
        match opened {
            Ok(plain) => (
                200,
                json!({ "data": { "plaintext": STANDARD.encode(plain) } }),
            ),
            Err(_) => errors(400, "cipher: message authentication failed"),
        }
    }
}

impl Kept {
    fn cipher(&self, key: &[u8; 32]) -> LessSafeKey {
        let cipher = match self.kind.as_str() {
            CHACHA => &CHACHA20_POLY1305,
            _ => &AES_256_GCM,
        };
        LessSafeKey::new(UnboundKey::new(cipher, key).expect("32 bytes"))
    }
}
