//! A small witness for tests: `add-checkpoint` of C2SP tlog-witness over TLS under an authority of its own, with its state in a
//! file. It cosigns what appends to all that it cosigned before, and nothing else, unless it is told to misbehave.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::platform::outgoing::{Networks, Outgoing};
use countersign::platform::witness::{self, Witness};
use countersign_translog::Hash;
use countersign_translog::checkpoint::Checkpoint;
use countersign_translog::merkle::verify_consistency;
use countersign_translog::note::{Kind, Note, SigningKey, VerifyingKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde::{Deserialize, Serialize};

use super::certificate::Authority;
use super::temp::TempDir;

const NAME: &str = "witness.example/harbour";
/// 2026-01-05T08:00:00Z.
const NOW: u64 = 1_767_600_000;

/// How it misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It signs with a key that is not the one it was known by.
    OtherKey,
    /// It signs a head of one entry more.
    OtherHead,
    /// It sends whoever asks to another address.
    Redirect,
    /// It is out of order.
    Down,
}

/// What it knows of a log, as it stands in its file.
#[derive(Clone, Serialize, Deserialize)]
struct Log {
    key: String,
    size: u64,
    root: String,
}

pub struct TestWitness {
    folder: TempDir,
    port: u16,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    file: PathBuf,
    fault: Option<Fault>,
    asked: Vec<String>,
}

impl TestWitness {
    pub fn start() -> Self {
        let (folder, authority) = (TempDir::new("witness"), Authority::new());
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback gives a port");
        let port = listener.local_addr().expect("it is bound").port();
        fs::write(folder.path().join("ca.pem"), &authority.ca_pem).expect("our own folder");
        let shared = Arc::new(Mutex::new(Shared {
            file: folder.path().join("logs.json"),
            fault: None,
            asked: Vec::new(),
        }));
        let (tls, serving) = (authority.server_config(), Arc::clone(&shared));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tls, shared) = (Arc::clone(&tls), Arc::clone(&serving));
                std::thread::spawn(move || serve(stream, tls, &shared));
            }
        });
        Self {
            folder,
            port,
            shared,
        }
    }

    /// As the server's configuration names it.
    pub fn named(&self) -> Witness {
        let url = format!("https://127.0.0.1:{}/w", self.port);
        witness::parse(&url, &self.key().to_string()).expect("a witness")
    }

    pub fn outgoing(&self) -> Outgoing {
        Outgoing {
            ca_file: Some(self.folder.path().join("ca.pem")),
            networks: Networks::Private,
        }
    }

    pub fn key(&self) -> VerifyingKey {
        signing(2).verifying_key().clone()
    }

    /// Tells it of a log.
    pub fn knows(&self, key: &VerifyingKey) {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let mut logs = shared.logs();
        let log = Log {
            key: key.to_string(),
            size: 0,
            root: String::new(),
        };
        logs.insert(key.name().to_owned(), log);
        shared.keep(&logs);
    }

    pub fn misbehaves(&self, fault: Option<Fault>) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.fault = fault;
    }

    /// The first line of each request so far: the size that it was asked to go on from.
    pub fn asked(&self) -> Vec<String> {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.asked.clone()
    }
}

fn signing(seed: u8) -> SigningKey {
    SigningKey::of(Kind::Witness, NAME, &[seed; 32]).expect("a key")
}

impl Shared {
    fn logs(&self) -> BTreeMap<String, Log> {
        let text = fs::read_to_string(&self.file).unwrap_or_else(|_| "{}".to_owned());
        serde_json::from_str(&text).expect("its own file")
    }

    fn keep(&self, logs: &BTreeMap<String, Log>) {
        let text = serde_json::to_string(logs).expect("plain data");
        fs::write(&self.file, text).expect("its own folder");
    }

    fn answer(&mut self, body: &str) -> (u16, String) {
        let first = body.lines().next().unwrap_or_default();
        self.asked.push(first.to_owned());
        match self.fault {
            Some(Fault::Down) => return (503, String::new()),
            Some(Fault::Redirect) => return (307, String::new()),
            _ => {}
        }
        self.add(body).unwrap_or((400, String::new()))
    }

    /// What the specification says, in its order. None is a request that does not read.
    fn add(&mut self, body: &str) -> Option<(u16, String)> {
        let (head, note) = body.split_once("\n\n")?;
        let mut lines = head.lines();
        let old: u64 = lines.next()?.strip_prefix("old ")?.parse().ok()?;
        let proof = lines
            .map(|line| Hash::from_slice(&STANDARD.decode(line).ok()?))
            .collect::<Option<Vec<_>>>()?;
        let text = Note::parse(note.as_bytes()).ok()?;
        let claimed = Checkpoint::parse_text(text.text).ok()?;
        let mut logs = self.logs();
        let Some(log) = logs.get_mut(&claimed.origin) else {
            return Some((404, String::new()));
        };
        let key = VerifyingKey::parse(&log.key).expect("its own file");
        let Ok(checkpoint) = Checkpoint::open(note.as_bytes(), &[key]) else {
            return Some((403, String::new()));
        };
        if old > checkpoint.size {
            return Some((400, String::new()));
        }
        let root = checkpoint.root.to_string();
        if old != log.size || (old == checkpoint.size && root != log.root) {
            return Some((409, format!("{}\n", log.size)));
        }
        let before = Hash::from_hex(&log.root).filter(|_| old > 0);
        let appends = match before {
            None => proof.is_empty(),
            Some(before) => {
                verify_consistency(old, checkpoint.size, &before, &checkpoint.root, &proof).is_ok()
            }
        };
        if !appends {
            return Some((422, String::new()));
        }
        (log.size, log.root) = (checkpoint.size, root);
        self.keep(&logs);
        Some((200, self.signed(text.text, &checkpoint)))
    }

    fn signed(&self, text: &str, checkpoint: &Checkpoint) -> String {
        let larger = Checkpoint {
            size: checkpoint.size + 1,
            ..checkpoint.clone()
        };
        let (key, text) = match self.fault {
            Some(Fault::OtherKey) => (signing(3), text.to_owned()),
            Some(Fault::OtherHead) => (signing(2), larger.to_text().expect("a text")),
            _ => (signing(2), text.to_owned()),
        };
        key.sign_line(&text, NOW).expect("it signs")
    }
}

fn serve(stream: TcpStream, tls: Arc<ServerConfig>, shared: &Mutex<Shared>) {
    let Ok(connection) = ServerConnection::new(tls) else {
        return;
    };
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    // A client that goes away, or trusts somebody else, is no matter of this server's.
    let Some((path, body)) = read(&mut stream) else {
        return;
    };
    let (status, body) = if path == "/w/add-checkpoint" {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.answer(&body)
    } else {
        (404, String::new())
    };
    let to = if status == 307 {
        "location: https://127.0.0.1:1/add-checkpoint\r\n"
    } else {
        ""
    };
    let head = format!(
        "HTTP/1.1 {status} Witness\r\n{to}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let stream = stream.get_mut();
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

/// A request's path and body.
fn read(
    stream: &mut BufReader<StreamOwned<ServerConnection, TcpStream>>,
) -> Option<(String, String)> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let path = line.split_whitespace().nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((path, String::from_utf8(body).ok()?))
}
