//! The same files through the upload page of a running server, and larger ones: what the server holds of them stays small.

use std::fs;
use std::time::Instant;

use countersign_sealing::SeededEntropy;
use serde_json::{Value, json};

use super::super::intake::{IBAN, VAT_ID, ubl};
use super::super::support::client::{Client, Part};
use super::super::support::desk::{Desk, Typed};
use super::super::support::http::Response;
use super::super::support::server::{Launch, Server};
use super::super::support::{counts, measured};
use super::files::{Harm, Sources};
use super::{PART, RSS_MAX_MIB, SEED, WORKER_TIMEOUT_MS, judge, peak_mib};

const MIB: usize = 1024 * 1024;
/// As much as is ever taken.
const LARGE: usize = 200 * MIB;

/// A clerk at the upload page, who is answered as the script is.
pub struct Clerk {
    pub client: Client,
    csrf: String,
}

impl Clerk {
    pub fn at(server: &Server) -> Self {
        let (mut ann, _) = Desk::set_up(server, &Typed::default());
        let link = ann.invite("clara@harbour.example", &["clerk"]);
        let mut clara = Desk::at(server.client());
        clara.get(&link);
        let password = Typed::default().password;
        let fields = [
            ("name", "Clara"),
            ("password", password.as_str()),
            ("password_again", &password),
        ];
        clara.submit(&link, &fields);
        clara.enrol();
        assert_eq!(clara.get("/bills/upload").status, 200);
        let csrf = clara.csrf();
        Self {
            client: clara.client.always("Accept", "application/json"),
            csrf,
        }
    }

    fn send(&mut self, files: &[(&str, &[u8])]) -> Response {
        let mut parts = vec![Part {
            name: "csrf",
            file_name: None,
            bytes: self.csrf.as_bytes(),
        }];
        parts.extend(files.iter().map(|(name, bytes)| Part {
            name: "files",
            file_name: Some(name),
            bytes,
        }));
        self.client.multipart("/bills/upload", &parts)
    }

    pub fn send_one(&mut self, name: &str, bytes: &[u8]) -> Value {
        let answer = self.send(&[(name, bytes)]);
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        answer.json()[0].clone()
    }
}

/// The most memory that any of a server's workers has held, in MiB.
fn workers_peak_mib(server: u32) -> u64 {
    let entries = fs::read_dir("/proc").expect("it is there").flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_ours = |process: &u32| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        parent.is_some_and(|parent| parent.trim() == server.to_string())
    };
    let peaks = processes.filter(is_ours).filter_map(peak_mib);
    peaks.max().expect("it has workers")
}

/// Files of [`LARGE`] bytes in all: nothing, a PDF, a text without end in an element, tags without end.
fn large() -> [(&'static str, Vec<u8>); 4] {
    let filled = |start: &str, with: &str| {
        let mut bytes = start.as_bytes().to_vec();
        let rest = with.as_bytes().iter().cycle();
        bytes.extend(rest.take(LARGE - start.len()));
        bytes
    };
    [
        ("nothing.pdf", vec![0; LARGE]),
        (
            "large.pdf",
            filled("%PDF-1.7\n", "1 0 obj<</Length 9>>stream\n"),
        ),
        ("text.xml", filled("<Invoice>", "Dear Sirs, ")),
        ("tags.xml", filled("<Invoice>", "<a/>")),
    ]
}

#[test]
fn hostile_files_through_the_upload_page() {
    let result = "upload page of a running server";
    if measured::already(PART, result) {
        return;
    }
    let Some(sources) = Sources::read() else {
        return;
    };
    let (count, started, random) = (
        counts::of(PART, 60, 500),
        Instant::now(),
        SeededEntropy::new(SEED),
    );
    let launch = Launch::embedded()
        .variable("COUNTERSIGN_WORKERS_TIMEOUT_MS", WORKER_TIMEOUT_MS)
        .variable("COUNTERSIGN_LIMITS_UPLOAD_BYTES", LARGE.to_string());
    let server = Server::start(launch);
    let mut clara = Clerk::at(&server);
    let mut explained = 0;
    for n in 0..usize::try_from(count).expect("it fits") {
        let hostile = sources.make(n, &random);
        let answer = clara.send_one(&hostile.name, &hostile.bytes);
        judge(hostile.harm, &answer).unwrap_or_else(|wrong| panic!("{wrong}"));
        explained += u64::from(answer["outcome"] != "created");
    }
    for (name, bytes) in large() {
        let answer = clara.send_one(name, &bytes);
        judge(Harm::Renamed, &answer).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        explained += 1;
    }
    // What is larger still is refused by itself: the file after it in the same form is a bill.
    let sound = ubl("SOUND-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let too_large = vec![b'x'; LARGE + MIB];
    let answer = clara.send(&[("too-large.pdf", &too_large), ("sound.xml", &sound)]);
    let lines = answer.json();
    assert_eq!(lines[0]["outcome"], "failed", "{lines}");
    assert_eq!(
        lines[0]["error"],
        "The file is larger than 200 MB. Ask the sender for a smaller one."
    );
    assert_ne!(lines[1]["outcome"], "failed", "{lines}");
    assert!(
        lines[1]["bill_url"].is_string(),
        "the next one works: {lines}"
    );

    let peak = peak_mib(server.process()).expect("it runs");
    eprintln!("{count} files and large ones, {explained} explained, at most {peak} MiB");
    assert!(peak < RSS_MAX_MIB, "the server held {peak} MiB");
    assert!(!server.said().contains("panicked"), "{}", server.said());
    let figures = json!({ "explained": explained, "peak_mib": peak });
    measured::record(PART, result, count, SEED, started.elapsed(), figures);
}

/// A sound invoice of about 50 MB: `lines` lines, and a drawing of `drawing` bytes within it.
fn large_invoice(number: &str, lines: usize, drawing: usize) -> Vec<u8> {
    let text = String::from_utf8(ubl(number, "Nordwind GmbH", "119.00", IBAN, VAT_ID));
    let text = text.expect("our own text");
    let (head, line) = text.split_at(text.find("<cac:InvoiceLine>").expect("it has one"));
    let line = line.trim_end().trim_end_matches("</Invoice>");
    let (before, after) = head.split_at(
        head.find("<cac:AccountingSupplierParty>")
            .expect("it has one"),
    );
    let mut out = before.as_bytes().to_vec();
    if drawing > 0 {
        out.extend_from_slice(b"<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode=\"application/pdf\" filename=\"drawing.pdf\">");
        out.resize(out.len() + drawing / 4 * 4, b'A');
        out.extend_from_slice(b"</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>");
    }
    out.extend_from_slice(after.as_bytes());
    // All lines but the first are free of charge, so that the totals stay right.
    let free = line
        .replace(
            "100.00</cbc:LineExtensionAmount>",
            "0.00</cbc:LineExtensionAmount>",
        )
        .replace("100</cbc:PriceAmount>", "0</cbc:PriceAmount>");
    let name = "Boxes ".repeat(150);
    for n in 1..=lines {
        let line = if n == 1 { line } else { &free };
        let line = line
            .replace("<cbc:ID>1</cbc:ID>", &format!("<cbc:ID>{n}</cbc:ID>"))
            .replace("<cbc:Name>Boxes<", &format!("<cbc:Name>{name}{n}<"));
        out.extend_from_slice(line.as_bytes());
    }
    out.extend_from_slice(b"</Invoice>");
    out
}

#[test]
fn hostile_by_size_alone_a_sound_invoice_of_50_mb_becomes_a_bill() {
    let result = "invoice of 50 MB";
    if measured::already(PART, result) {
        return;
    }
    let started = Instant::now();
    let launch = Launch::embedded().variable("COUNTERSIGN_WORKERS_TIMEOUT_MS", "120000");
    let server = Server::start(launch);
    let mut clara = Clerk::at(&server);
    let with_drawing = large_invoice("LARGE-1", 1, 49 * MIB);
    let with_lines = large_invoice("LARGE-2", LINES, 0);
    let mut figures = json!({});
    for (what, bytes) in [("drawing", with_drawing), ("lines", with_lines)] {
        assert!(bytes.len() < 50 * MIB, "{what}: {}", bytes.len());
        let answer = clara.send_one(&format!("{what}.xml"), &bytes);
        let peaks = (
            peak_mib(server.process()).expect("it runs"),
            workers_peak_mib(server.process()),
        );
        eprintln!(
            "{what}: {} bytes, server {} MiB, worker {} MiB, {:?}",
            bytes.len(),
            peaks.0,
            peaks.1,
            started.elapsed()
        );
        assert!(answer["bill_url"].is_string(), "{what}: {answer}");
        assert_ne!(answer["outcome"], "typing", "{what}: {answer}");
        assert!(peaks.0.max(peaks.1) < RSS_MAX_MIB, "{what}: {peaks:?} MiB");
        figures[format!("server_peak_{what}_mib")] = peaks.0.into();
        figures[format!("worker_peak_{what}_mib")] = peaks.1.into();
    }
    measured::record(PART, result, 2, 0, started.elapsed(), figures);
}

/// So that the invoice has nearly 50 MB.
const LINES: usize = 38_000;
