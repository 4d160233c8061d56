//! What a server takes before anybody works with it: memory at rest, and the time until it is ready.

use std::time::{Duration, Instant};

use serde_json::json;

use super::support::desk::{Desk, Typed};
use super::support::server::{Launch, Server};
use super::support::{counts, measured};

const PART: &str = "footprint";
/// Unoptimised code and its tables take more.
const RSS_MAX_MIB: u64 = if cfg!(debug_assertions) { 120 } else { 60 };
/// The figure is what counts; this bound holds on a machine that does ten other things.
const START_MAX: Duration = Duration::from_secs(10);

/// Resident memory of a process, without its children, in KiB (proc_pid_status(5), VmRSS).
pub fn rss_kib(process: u32) -> u64 {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(path).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .expect("a number of KiB")
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

#[test]
fn a_server_is_soon_ready_and_small_at_rest() {
    let (result, begun) = ("idle server", Instant::now());
    if measured::already(PART, result) {
        return;
    }
    let count = counts::of(PART, 1, 5);
    let launch = Launch::embedded();
    let mut server = Server::start(launch);
    let (_desk, _) = Desk::set_up(&server, &Typed::default());
    let mut starts_ms = Vec::new();
    for _ in 0..count {
        assert!(server.stop(), "{}", server.said());
        let ready_before = ready_lines(&server);
        let started = Instant::now();
        server.restart();
        while ready_lines(&server) == ready_before {
            assert!(started.elapsed() < START_MAX, "{}", server.said());
            std::thread::sleep(Duration::from_millis(2));
        }
        let took = started.elapsed();
        assert!(took < START_MAX, "ready only after {took:?}");
        starts_ms.push(u64::try_from(took.as_millis()).expect("few"));
    }
    // After a sign-in: the hash of a password takes 46 MiB, which must be given back.
    let mut desk = Desk::at(server.client());
    desk.get("/sign-in");
    let typed = Typed::default();
    let fields = [
        ("email", "ann@harbour.example"),
        ("password", typed.password.as_str()),
    ];
    let answer = desk.submit("/sign-in", &fields);
    assert_eq!(
        answer.header("location"),
        Some("/sign-in/code"),
        "{}",
        answer.text()
    );
    std::thread::sleep(Duration::from_millis(500));
    let rss_mib = rss_kib(server.process()) / 1024;
    assert!(
        rss_mib < RSS_MAX_MIB,
        "the server holds {rss_mib} MiB at rest"
    );
    let start_median_ms = median(starts_ms);
    eprintln!("ready after {start_median_ms} ms, {rss_mib} MiB at rest");
    let figures = json!({ "start_median_ms": start_median_ms, "rss_mib": rss_mib });
    measured::record(PART, result, count, 0, begun.elapsed(), figures);
}

fn ready_lines(server: &Server) -> usize {
    let said = server.said();
    said.lines()
        .filter(|line| line.contains("is ready at"))
        .count()
}

#[test]
fn memory_in_use_is_seen() {
    let before = rss_kib(std::process::id());
    let held = vec![1_u8; 64 << 20];
    // Other tests of this process come and go meanwhile: half of it is enough to tell.
    assert!(rss_kib(std::process::id()) + (8 << 10) > before + (32 << 10));
    assert_eq!(held.last(), Some(&1));
}
