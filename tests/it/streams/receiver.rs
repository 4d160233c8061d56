//! Receivers of our own, over TLS under authorities of their own: one of webhooks, one of syslog. They keep what they took, and misbehave
//! when they are told to.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::platform::outgoing::{Networks, Outgoing};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use socket2::SockRef;

use crate::support::certificate::Authority;
use crate::support::temp::TempDir;

type Tls = StreamOwned<ServerConnection, TcpStream>;

/// Where a receiver listens, and by whom its certificate is signed.
struct Place {
    folder: TempDir,
    port: u16,
}

impl Place {
    fn new(serve: impl Fn(TcpStream, Arc<ServerConfig>) + Send + Clone + 'static) -> Self {
        let (folder, authority) = (TempDir::new("receiver"), Authority::new());
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback gives a port");
        let port = listener.local_addr().expect("it is bound").port();
        std::fs::write(folder.path().join("ca.pem"), &authority.ca_pem).expect("our own folder");
        // An address that the certificate does not name.
        let other = TcpListener::bind(("127.0.0.2", port)).expect("loopback has more than one");
        for listener in [listener, other] {
            let (tls, serve) = (authority.server_config(), serve.clone());
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (tls, serve) = (Arc::clone(&tls), serve.clone());
                    std::thread::spawn(move || serve(stream, tls));
                }
            });
        }
        Self { folder, port }
    }

    fn outgoing(&self) -> Outgoing {
        Outgoing {
            ca_file: Some(self.folder.path().join("ca.pem")),
            networks: Networks::Private,
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What it answers to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Status(u16),
    /// With a `Retry-After`.
    Later(u16, &'static str),
    /// To another address.
    Redirect,
    /// It is killed after it has read the request.
    Dies,
    /// It takes its time, and takes the request.
    Slow(u64),
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Posted {
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// Whether it was answered with a status of success.
    pub is_taken: bool,
}

impl Posted {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    pub fn lines(&self) -> Vec<Value> {
        let lines = self.body.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    /// Whether one of its signatures is that of a secret as it was shown, by the definition of HMAC (RFC 2104).
    pub fn is_signed_by(&self, shown: &str) -> bool {
        let bare = shown.strip_prefix("whsec_").expect("a secret of a webhook");
        let key = STANDARD.decode(bare).expect("base64");
        assert_eq!(key.len(), 32);
        let signed = format!(
            "{}.{}.{}",
            self.header("webhook-id"),
            self.header("webhook-timestamp"),
            self.body
        );
        let pad = |byte: u8| -> Vec<u8> {
            let padded = key.iter().copied().chain(std::iter::repeat(0)).take(64);
            padded.map(|key| key ^ byte).collect()
        };
        let inner = digest(&SHA256, &[pad(0x36), signed.into_bytes()].concat());
        let outer = digest(&SHA256, &[pad(0x5c), inner.as_ref().to_vec()].concat());
        let expected = format!("v1,{}", STANDARD.encode(outer));
        let mut all = self.header("webhook-signature").split(' ');
        all.any(|one| one == expected)
    }
}

#[derive(Default)]
struct Webhooks {
    replies: VecDeque<Reply>,
    posted: Vec<Posted>,
}

/// Takes webhooks.
pub struct WebhookReceiver {
    place: Place,
    state: Arc<Mutex<Webhooks>>,
}

impl WebhookReceiver {
    pub fn start() -> Self {
        let state: Arc<Mutex<Webhooks>> = Arc::default();
        let its = Arc::clone(&state);
        let place = Place::new(move |stream, tls| answer(stream, tls, &its));
        Self { place, state }
    }

    pub fn address(&self) -> String {
        format!("https://127.0.0.1:{}/in", self.place.port)
    }

    pub fn outgoing(&self) -> Outgoing {
        self.place.outgoing()
    }

    /// What it answers next, in this order; then it takes everything.
    pub fn replies(&self, replies: impl IntoIterator<Item = Reply>) {
        locked(&self.state).replies.extend(replies);
    }

    /// Every request so far.
    pub fn posted(&self) -> Vec<Posted> {
        locked(&self.state).posted.clone()
    }

    /// The entries of the requests that it took, in the order in which they came.
    pub fn entries(&self) -> Vec<Value> {
        let posted = self.posted();
        let taken = posted.iter().filter(|posted| posted.is_taken);
        taken.flat_map(Posted::lines).collect()
    }
}

fn answer(stream: TcpStream, tls: Arc<ServerConfig>, state: &Mutex<Webhooks>) {
    let Ok(connection) = ServerConnection::new(tls) else {
        return;
    };
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    // A client that trusts somebody else is no matter of this server's.
    let Some((headers, body)) = request(&mut stream) else {
        return;
    };
    let reply = {
        let mut state = locked(state);
        let reply = state.replies.pop_front().unwrap_or(Reply::Status(204));
        state.posted.push(Posted {
            headers,
            body,
            is_taken: matches!(reply, Reply::Status(200..=299) | Reply::Slow(_)),
        });
        reply
    };
    let (status, more) = match reply {
        Reply::Dies => return,
        Reply::Slow(ms) => {
            std::thread::sleep(Duration::from_millis(ms));
            (200, String::new())
        }
        Reply::Status(status) => (status, String::new()),
        Reply::Later(status, after) => (status, format!("retry-after: {after}\r\n")),
        Reply::Redirect => (307, "location: https://127.0.0.1:1/\r\n".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status} Receiver\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n"
    );
    let stream = stream.get_mut();
    let _ = stream.write_all(head.as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

fn request(stream: &mut BufReader<Tls>) -> Option<(Vec<(String, String)>, String)> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    if line != "POST /in HTTP/1.1\r\n" {
        return None;
    }
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?;
    let mut body = vec![0; length.1.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    Some((headers, String::from_utf8(body).ok()?))
}

#[derive(Default)]
struct Frames {
    /// It takes connections and reads nothing: what it is sent stays in the machine's buffers.
    is_deaf: bool,
    /// It reads so many more frames, and dies with what comes behind.
    left: Option<usize>,
    unread: Vec<TcpStream>,
    kept: Vec<String>,
    connections: usize,
}

/// Takes syslog over TLS.
pub struct SyslogReceiver {
    place: Place,
    state: Arc<Mutex<Frames>>,
}

impl SyslogReceiver {
    pub fn start() -> Self {
        let state: Arc<Mutex<Frames>> = Arc::default();
        let its = Arc::clone(&state);
        let place = Place::new(move |stream, tls| take_frames(stream, tls, &its));
        Self { place, state }
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.place.port)
    }

    pub fn outgoing(&self) -> Outgoing {
        self.place.outgoing()
    }

    pub fn is_deaf(&self, is_deaf: bool) {
        locked(&self.state).is_deaf = is_deaf;
    }

    /// Dies with all that it has not read: every connection is reset.
    pub fn dies(&self) {
        for stream in locked(&self.state).unread.drain(..) {
            reset(&stream);
        }
    }

    /// Reads so many more frames before it dies in the middle of what it is sent.
    pub fn dies_after(&self, frames: usize) {
        locked(&self.state).left = Some(frames);
    }

    pub fn connections(&self) -> usize {
        locked(&self.state).connections
    }

    /// The messages that it read, in their order.
    pub fn kept(&self) -> Vec<String> {
        locked(&self.state).kept.clone()
    }

    /// The entries of the messages, when there are as many as that; waits a while for them.
    pub fn entries(&self, until: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let mut entries = Vec::new();
        for _ in 0..200 {
            let kept = self.kept();
            entries = kept.iter().map(|message| entry_of(message)).collect();
            if until(&entries) {
                break;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        entries
    }
}

/// What stands behind the structured data.
pub fn entry_of(message: &str) -> Value {
    let (_, json) = message.split_once("\"] ").expect("structured data");
    serde_json::from_str(json).expect("JSON")
}

/// Ends a connection so that what was not read is lost, as it is when a machine goes down.
fn reset(stream: &TcpStream) {
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

fn take_frames(stream: TcpStream, tls: Arc<ServerConfig>, state: &Mutex<Frames>) {
    let Ok(mut connection) = ServerConnection::new(tls) else {
        return;
    };
    let Ok(mut raw) = stream.try_clone() else {
        return;
    };
    while connection.is_handshaking() {
        if connection.complete_io(&mut raw).is_err() {
            return;
        }
    }
    {
        let mut state = locked(state);
        state.connections += 1;
        if state.is_deaf {
            state.unread.push(stream);
            return;
        }
    }
    drop(raw);
    let mut reader = BufReader::new(StreamOwned::new(connection, stream));
    while let Some(message) = frame(&mut reader) {
        let mut state = locked(state);
        if state.left == Some(0) {
            state.left = None;
            reset(&reader.get_ref().sock);
            return;
        }
        state.left = state.left.map(|left| left - 1);
        state.kept.push(message);
    }
}

/// One frame: how many bytes, a space, the bytes (RFC 5425, 4.3).
fn frame(reader: &mut BufReader<Tls>) -> Option<String> {
    let mut count = Vec::new();
    reader.read_until(b' ', &mut count).ok()?;
    let count: usize = std::str::from_utf8(&count)
        .ok()?
        .strip_suffix(' ')?
        .parse()
        .ok()?;
    let mut message = vec![0; count];
    reader.read_exact(&mut message).ok()?;
    String::from_utf8(message).ok()
}
