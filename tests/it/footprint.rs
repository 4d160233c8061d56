//! What a server takes before anybody works with it: memory at rest, and the time until it is ready.

use std::time::{Duration, Instant};

use countersign::payables::intake::rules::einvoice::{DocumentReading, READ_DOCUMENT};
use countersign::platform::workers::WorkerConfig;
use countersign::platform::workers::pool::WorkerPool;
use serde_json::json;

use super::intake::{IBAN, VAT_ID, ubl};
use super::support::desk::{Desk, Typed};
use super::support::server::{Launch, Server};
use super::support::{counts, measured};

const PART: &str = "footprint";
/// Unoptimised code and its tables take more.
const RSS_MAX_MIB: u64 = if cfg!(debug_assertions) { 120 } else { 60 };
/// What an optimised server may take to be ready, on the median.
const START_MEDIAN_MAX_MS: u64 = 1000;
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
    if !cfg!(debug_assertions) {
        assert!(
            start_median_ms < START_MEDIAN_MAX_MS,
            "the server is ready after {start_median_ms} ms"
        );
    }
    eprintln!("ready after {start_median_ms} ms, {rss_mib} MiB at rest");
    let figures = json!({ "start_median_ms": start_median_ms, "rss_mib": rss_mib });
    measured::record(PART, result, count, 0, begun.elapsed(), figures);
}

/// The most that a process ever held, in KiB (proc_pid_status(5), VmHWM); none where it is gone.
fn peak_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The processes that were started with this word on their command line.
fn processes_named(word: &str) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("Linux has it").flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id: &u32| {
        let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0)
            .any(|argument| argument == word.as_bytes())
    })
    .collect()
}

/// An invoice of so many megabytes: three fifths an attachment, the rest lines.
fn large_invoice(megabytes: u64) -> Vec<u8> {
    let megabytes = usize::try_from(megabytes).expect("few");
    let xml = ubl("L-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let xml = String::from_utf8(xml).expect("our own text");
    let (head, rest) = xml.split_at(xml.find("<cac:AccountingSupplierParty>").expect("a seller"));
    let (body, lines) = rest.split_at(rest.find("<cac:InvoiceLine>").expect("a line"));
    let line = lines
        .trim_end()
        .strip_suffix("</Invoice>")
        .expect("the end");
    let rows = "QUJD".repeat(19) + "\n";
    let attachment = rows.repeat(megabytes * 600_000 / rows.len());
    let many = line.repeat(megabytes * 400_000 / line.len());
    format!(
        "{head}<cac:AdditionalDocumentReference><cbc:ID>scan</cbc:ID><cac:Attachment>\
         <cbc:EmbeddedDocumentBinaryObject mimeCode=\"application/pdf\" filename=\"scan.pdf\">{attachment}\
         </cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>{body}{many}</Invoice>"
    )
    .into_bytes()
}

/// A worker that reads the largest invoices stays below 300 MiB, and reads them.
#[test]
fn a_large_invoice_fits_into_a_small_worker() {
    let (result, begun) = ("worker with a large invoice", Instant::now());
    if measured::already(PART, result) {
        return;
    }
    let megabytes = counts::of(PART, 10, 50);
    let invoice = large_invoice(megabytes);
    let word = format!("footprint-{}", std::process::id());
    let mut config = WorkerConfig::new(
        env!("CARGO_BIN_EXE_countersign").into(),
        vec!["worker".into(), word.clone().into()],
    );
    config.count = 1;
    config.timeout_ms = 600_000;
    config.memory_bytes = 2 << 30;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (answer, peak_kib) = runtime.block_on(async {
        let pool = WorkerPool::new(config).await.expect("a worker starts");
        let answer = pool
            .call(READ_DOCUMENT, b"", &invoice)
            .await
            .expect("it is read");
        let peak = processes_named(&word)
            .into_iter()
            .filter_map(peak_kib)
            .max();
        (answer, peak.expect("the worker is still there"))
    });
    let reading = DocumentReading::from_bytes(&answer).expect("an answer");
    assert!(reading.read.is_some(), "{:?}", reading.findings);
    let peak_mib = peak_kib / 1024;
    eprintln!("{megabytes} MB read with {peak_mib} MiB at most");
    assert!(peak_mib < 300, "the worker held {peak_mib} MiB");
    let figures = json!({ "invoice_mb": megabytes, "peak_mib": peak_mib });
    measured::record(PART, result, 1, 0, begun.elapsed(), figures);
}

fn ready_lines(server: &Server) -> usize {
    let said = server.said();
    said.lines()
        .filter(|line| line.contains("is ready at"))
        .count()
}

#[test]
fn memory_in_use_is_seen() {
    // Other tests of this process give memory back meanwhile, sometimes more than is taken here.
    let is_seen = (0..20).any(|_| {
        let before = rss_kib(std::process::id());
        let held = vec![1_u8; 64 << 20];
        let now = rss_kib(std::process::id());
        assert_eq!(held.last(), Some(&1));
        now > before + (32 << 10)
    });
    assert!(is_seen);
}
