//! A flood of sign-ins from one network: a person on a device of hers gets in all the same, and pages stay quick for those who are
//! in. The generators are bounded and pinned to one core; without a server they hit a listener that discards what they send.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use rustix::thread::{CpuSet, sched_setaffinity};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use super::support::app::PASSWORD;
use super::support::certificate::Authority;
use super::support::client::Client;
use super::support::desk::{Desk, SESSION, Typed};
use super::support::http::Response;
use super::support::server::{Launch, Server};
use super::support::{counts, measured};

const PART: &str = "sign_in_flood";
const RESULT: &str = "200 attempts a second";
const EMAIL: &str = "ann@harbour.example";
const GENERATORS: u64 = 8;
/// What a person waits for her sign-in at most.
const SIGN_IN_MAX: Duration = Duration::from_secs(3);
/// What the flood may cost those who are in: the slowest page of a hundred, with the server flooded and with the listener.
const P99_MAX_PERCENT: u64 = 200;

/// Threads that send attempts at a steady rate until they are ended.
struct Flood {
    ends: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    /// Answers by status: refused, turned away, all others.
    refused: Arc<AtomicU64>,
    turned_away: Arc<AtomicU64>,
    others: Arc<AtomicU64>,
}

impl Flood {
    /// `per_second` attempts of names that nobody has, each generator with a page of its own.
    fn start(target: &Client, per_second: u64) -> Self {
        let flood = Self {
            ends: Arc::default(),
            threads: Vec::new(),
            refused: Arc::default(),
            turned_away: Arc::default(),
            others: Arc::default(),
        };
        let pause = Duration::from_micros(1_000_000 * GENERATORS / per_second);
        let threads = (0..GENERATORS).map(|number| {
            let mut client = target.clone();
            let ends = Arc::clone(&flood.ends);
            let counts = [&flood.refused, &flood.turned_away, &flood.others].map(Arc::clone);
            spawn(move || {
                pin();
                generate(&mut client, (number, pause), &ends, &counts);
            })
        });
        let threads = threads.collect();
        Self { threads, ..flood }
    }

    fn end(self) -> [u64; 3] {
        self.ends.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().expect("a generator ends");
        }
        [&self.refused, &self.turned_away, &self.others].map(|count| count.load(Ordering::Relaxed))
    }
}

/// All generators share the last core, so that they take at most one from the server.
fn pin() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut set = CpuSet::new();
    set.set(cores - 1);
    // A container may forbid it; the count of generators bounds them all the same.
    let _ = sched_setaffinity(None, &set);
}

fn generate(
    client: &mut Client,
    (number, pause): (u64, Duration),
    ends: &AtomicBool,
    [refused, turned_away, others]: &[Arc<AtomicU64>; 3],
) {
    let csrf = client
        .try_request("GET", "/sign-in", &[], &[])
        .map(|page| token(&page))
        .unwrap_or_default();
    let mut next = Instant::now();
    let mut round = 0_u64;
    while !ends.load(Ordering::Relaxed) {
        round += 1;
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("csrf", csrf.as_str()),
                ("email", &format!("n{number}-{round}@harbour.example")),
                ("password", "a wrong guess"),
            ])
            .finish();
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        match client.try_request("POST", "/sign-in", &kind, body.as_bytes()) {
            Ok(answer) if answer.status == 422 => refused,
            Ok(answer) if answer.status == 429 => turned_away,
            _ => others,
        }
        .fetch_add(1, Ordering::Relaxed);
        // One that falls behind does not catch up: the rate is the most there is.
        next = (next + pause).max(Instant::now());
        sleep(
            next.saturating_duration_since(Instant::now())
                .max(pause / 4),
        );
    }
}

fn token(page: &Response) -> String {
    let text = page.text();
    let token = super::support::app::between(&text, "name=\"csrf\" value=\"", "\"");
    token.unwrap_or_default().to_owned()
}

/// Takes what is sent, says that it is refused, and forgets it.
struct Discard {
    port: u16,
    ca_pem: String,
}

impl Discard {
    fn start() -> Self {
        let authority = Authority::new();
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let config = authority.server_config();
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                spawn(move || answer(stream, config));
            }
        });
        Self {
            port,
            ca_pem: authority.ca_pem,
        }
    }
}

fn answer(stream: TcpStream, config: Arc<ServerConfig>) {
    let Ok(connection) = ServerConnection::new(config) else {
        return;
    };
    let mut stream = StreamOwned::new(connection, stream);
    let mut head = [0; 4096];
    let _ = std::io::Read::read(&mut stream, &mut head);
    let _ =
        stream.write_all(b"HTTP/1.1 422 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.flush();
}

/// How long a signed-in person waits for a page, the slowest of a hundred, in microseconds.
fn p99_us(desk: &mut Desk, pages: u64) -> u64 {
    let mut took: Vec<u128> = (0..pages)
        .map(|_| {
            let begun = Instant::now();
            let page = desk.get("/me");
            assert_eq!(page.status, 200, "{}", page.text());
            sleep(Duration::from_millis(10));
            begun.elapsed().as_micros() - 10_000
        })
        .collect();
    took.sort_unstable();
    let at = (took.len() * 99).div_ceil(100).max(1) - 1;
    u64::try_from(took[at]).expect("few")
}

/// Signs Ann out and in again by her password, on the device that she has used before.
fn signs_in(desk: &mut Desk, begun: Instant) -> Duration {
    desk.get("/sign-in");
    let answer = desk.submit("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]);
    assert_eq!(
        answer.header("location"),
        Some("/sign-in/code"),
        "{}",
        answer.text()
    );
    begun.elapsed()
}

#[test]
fn a_known_person_gets_in_while_strangers_flood_the_sign_in() {
    let begun = Instant::now();
    if measured::already(PART, RESULT) {
        return;
    }
    let is_measured = counts::running() == PART;
    let per_second = counts::of(PART, 40, 200);
    let pages = counts::of(PART, 20, 1000);
    let server = Server::start(Launch::embedded());
    let (mut ann, kept) = Desk::set_up(&server, &Typed::default());
    // The same browser, in which she signs in again and again while the first one stays in.
    let mut again = Desk::at(ann.client.clone());
    let entered = again.sign_in(EMAIL, PASSWORD, &kept.recovery_codes[0]);
    assert_eq!(entered.header("location"), Some("/"), "{}", entered.text());
    assert!(again.client.cookie(SESSION).is_some());

    let discard = Discard::start();
    let quiet = Flood::start(&Client::new(discard.port, &discard.ca_pem), per_second);
    let quiet_us = p99_us(&mut ann, pages);
    quiet.end();

    let flood = Flood::start(&server.client(), per_second);
    sleep(Duration::from_secs(counts::of(PART, 1, 5)));
    let signed_in = (0..counts::of(PART, 2, 20)).map(|_| signs_in(&mut again, Instant::now()));
    let slowest = signed_in.max().expect("several");
    let flooded_us = p99_us(&mut ann, pages);
    let [refused, turned_away, others] = flood.end();

    assert_eq!(
        others,
        0,
        "every attempt is answered as one of two: {}",
        server.said()
    );
    assert!(refused > 0, "some were looked at");
    if is_measured {
        assert!(turned_away > 0, "a flood is turned away");
    }
    let ratio_percent = flooded_us * 100 / quiet_us.max(1);
    // A machine that builds and tests beside it says nothing of speed.
    if is_measured && !cfg!(debug_assertions) {
        assert!(slowest <= SIGN_IN_MAX, "she waited {slowest:?}");
        assert!(ratio_percent <= P99_MAX_PERCENT, "{ratio_percent} %");
    }
    let figures = json!({
        "attempts_per_second": per_second,
        "refused": refused,
        "turned_away": turned_away,
        "slowest_sign_in_ms": u64::try_from(slowest.as_millis()).expect("few"),
        "quiet_p99_us": quiet_us,
        "flooded_p99_us": flooded_us,
        "p99_ratio_percent": ratio_percent,
    });
    eprintln!("{figures}");
    measured::record(PART, RESULT, pages, 0, begun.elapsed(), figures);
}
