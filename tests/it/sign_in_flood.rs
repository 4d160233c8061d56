//! A flood of sign-ins: a person on a device of hers gets in all the same, and pages stay quick for those who are in. From one
//! network it is turned away before anything is hashed; from a network for each attempt it fills the queue of hashing. The
//! generators are bounded and pinned to one core; without a server they hit a listener that discards what they send.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
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
const EMAIL: &str = "ann@harbour.example";
/// In the words of its page, by which it is told from a network that is turned away.
const QUEUE_IS_FULL: &str = "Too many people sign in at this moment";
/// What a person waits for her sign-in at most.
const SIGN_IN_MAX: Duration = Duration::from_secs(3);
/// What the flood may cost those who are in: the slowest page of a hundred, with the server flooded and with the listener.
const P99_MAX_PERCENT: u64 = 200;

/// Where a flood comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whence {
    OneNetwork,
    /// Another one for each attempt.
    ManyNetworks,
}

impl Whence {
    fn result(self) -> &'static str {
        match self {
            Self::OneNetwork => "200 attempts a second",
            Self::ManyNetworks => "200 attempts a second, each from another network",
        }
    }

    /// Each waits for its answer: to fill the queue of hashing, more of them wait than it has places.
    fn generators(self) -> u64 {
        match self {
            Self::OneNetwork => 8,
            Self::ManyNetworks => 48,
        }
    }
}

/// The /24 of the loopback network that attempts of this number come from.
fn network(number: u64) -> Ipv4Addr {
    let part = |of: u64| u8::try_from(of % 254).expect("below 254");
    Ipv4Addr::new(127, part(number / 254) + 1, part(number) + 1, 1)
}

/// How many attempts were answered in which way.
#[derive(Debug, Default)]
struct Answers {
    refused: AtomicU64,
    turned_away: AtomicU64,
    queue_full: AtomicU64,
    others: AtomicU64,
}

impl Answers {
    fn count(&self, answer: std::io::Result<Response>) {
        let counter = match answer {
            Ok(answer) if answer.status == 422 => &self.refused,
            Ok(answer) if answer.status == 429 && answer.text().contains(QUEUE_IS_FULL) => {
                &self.queue_full
            }
            Ok(answer) if answer.status == 429 => &self.turned_away,
            _ => &self.others,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Threads that send attempts at a steady rate until they are ended.
struct Flood {
    ends: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    answers: Arc<Answers>,
}

impl Flood {
    /// `per_second` attempts of names that nobody has, each generator with a page of its own.
    fn start(target: &Client, whence: Whence, per_second: u64) -> Self {
        let (ends, answers) = (Arc::<AtomicBool>::default(), Arc::<Answers>::default());
        let pause = Duration::from_micros(1_000_000 * whence.generators() / per_second);
        let threads = (0..whence.generators()).map(|number| {
            let mut client = target.clone();
            let (ends, answers) = (Arc::clone(&ends), Arc::clone(&answers));
            spawn(move || {
                pin();
                generate(&mut client, (whence, number, pause), &ends, &answers);
            })
        });
        let threads = threads.collect();
        Self {
            ends,
            threads,
            answers,
        }
    }

    /// Refused, turned away, told that the queue is full, all others.
    fn end(self) -> [u64; 4] {
        self.ends.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().expect("a generator ends");
        }
        let Answers {
            refused,
            turned_away,
            queue_full,
            others,
        } = &*self.answers;
        [refused, turned_away, queue_full, others].map(|count| count.load(Ordering::Relaxed))
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
    (whence, number, pause): (Whence, u64, Duration),
    ends: &AtomicBool,
    answers: &Answers,
) {
    let csrf = client
        .try_request("GET", "/sign-in", &[], &[])
        .map(|page| token(&page))
        .unwrap_or_default();
    let mut next = Instant::now();
    let mut round = 0_u64;
    while !ends.load(Ordering::Relaxed) {
        round += 1;
        if whence == Whence::ManyNetworks {
            client.come_from(network(round * whence.generators() + number));
        }
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("csrf", csrf.as_str()),
                ("email", &format!("n{number}-{round}@harbour.example")),
                ("password", "a wrong guess"),
            ])
            .finish();
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        answers.count(client.try_request("POST", "/sign-in", &kind, body.as_bytes()));
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

/// Ann signs in again on the device that she has used before: by her password and, as long as she has one left, by a recovery code as
/// her second step. The app's next code would take half a minute.
fn signs_in(desk: &mut Desk, recovery_code: Option<&str>) -> Duration {
    let begun = Instant::now();
    let Some(code) = recovery_code else {
        desk.get("/sign-in");
        let answer = desk.submit("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]);
        let to = answer.header("location");
        assert_eq!(to, Some("/sign-in/code"), "{}", answer.text());
        return begun.elapsed();
    };
    let answer = desk.sign_in(EMAIL, PASSWORD, code);
    assert_eq!(answer.header("location"), Some("/"), "{}", answer.text());
    begun.elapsed()
}

fn measure_flood(whence: Whence) {
    let begun = Instant::now();
    if measured::already(PART, whence.result()) {
        return;
    }
    let is_measured = counts::running() == PART;
    let per_second = counts::of(PART, 40, 200);
    let pages = counts::of(PART, 20, 1000);
    let server = Server::start(Launch::embedded());
    let (mut ann, kept) = Desk::set_up(&server, &Typed::default());
    let [first_code, codes @ ..] = kept.recovery_codes.as_slice() else {
        panic!("recovery codes are shown");
    };
    // The same browser, in which she signs in again and again while the first one stays in.
    let mut again = Desk::at(ann.client.clone());
    let entered = again.sign_in(EMAIL, PASSWORD, first_code);
    assert_eq!(entered.header("location"), Some("/"), "{}", entered.text());
    assert!(again.client.cookie(SESSION).is_some());

    let discard = Discard::start();
    let target = Client::new(discard.port, &discard.ca_pem);
    let quiet = Flood::start(&target, whence, per_second);
    let quiet_us = p99_us(&mut ann, pages);
    quiet.end();

    let flood = Flood::start(&server.client(), whence, per_second);
    sleep(Duration::from_secs(counts::of(PART, 1, 5)));
    let count = usize::try_from(counts::of(PART, 2, 20)).expect("few");
    let signed_in = (0..count).map(|number| {
        let code = codes.get(number).map(String::as_str);
        signs_in(&mut again, code)
    });
    let slowest = signed_in.max().expect("several");
    let flooded_us = p99_us(&mut ann, pages);
    let [refused, turned_away, queue_full, others] = flood.end();

    assert_eq!(
        others,
        0,
        "every attempt is answered as one of three: {}",
        server.said()
    );
    assert!(refused > 0, "some were looked at");
    match whence {
        Whence::OneNetwork if is_measured => assert!(turned_away > 0, "a flood is turned away"),
        Whence::OneNetwork => {}
        Whence::ManyNetworks => {
            assert_eq!(turned_away, 0, "no network sent more than it may");
            if is_measured {
                assert!(queue_full > 0, "the queue of hashing was full");
            }
        }
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
        "queue_full": queue_full,
        "slowest_sign_in_ms": u64::try_from(slowest.as_millis()).expect("few"),
        "quiet_p99_us": quiet_us,
        "flooded_p99_us": flooded_us,
        "p99_ratio_percent": ratio_percent,
    });
    eprintln!("{figures}");
    measured::record(PART, whence.result(), pages, 0, begun.elapsed(), figures);
}

#[test]
fn a_known_person_gets_in_while_strangers_flood_the_sign_in() {
    measure_flood(Whence::OneNetwork);
}

#[test]
fn a_known_person_gets_in_while_strangers_of_many_networks_fill_the_queue() {
    measure_flood(Whence::ManyNetworks);
}

/// Each attempt has a /24 of its own, and all of them are loopback.
#[test]
fn networks_are_apart() {
    let all: std::collections::BTreeSet<[u8; 3]> = (0..60_000)
        .map(|number| {
            let [a, b, c, _] = network(number).octets();
            [a, b, c]
        })
        .collect();
    assert_eq!(all.len(), 60_000);
    assert!(!all.contains(&[127, 0, 0]), "those of the tests' own");
}
