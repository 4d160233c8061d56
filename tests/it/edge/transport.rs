//! Which TLS is spoken, and that nothing else is.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests that panics fails the test, as it should"
)]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs::{self, cipher_suite};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore, SupportedCipherSuite};

use super::{Edge, raw, read_all};

/// A client that offers one suite and no other.
fn offering(edge: &Edge, suite: SupportedCipherSuite) -> ClientConfig {
    let mut provider = aws_lc_rs::default_provider();
    provider.cipher_suites = vec![suite];
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(edge.pem.as_bytes()).unwrap())
        .unwrap();
    ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[suite.version()])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

#[test]
fn only_strong_suites_are_spoken() {
    let edge = Edge::start(|_| {});
    let spoken = [
        cipher_suite::TLS13_AES_256_GCM_SHA384,
        cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
        cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    ];
    for suite in spoken {
        assert!(
            edge.connect(offering(&edge, suite)).is_ok(),
            "{suite:?} must be spoken"
        );
    }
    let refused = [
        cipher_suite::TLS13_AES_128_GCM_SHA256,
        cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    ];
    for suite in refused {
        assert!(
            edge.connect(offering(&edge, suite)).is_err(),
            "{suite:?} must be refused"
        );
    }
}

/// What rustls cannot even offer is offered by OpenSSL, with its own floor taken away.
#[test]
fn old_versions_and_weak_suites_are_refused() {
    let edge = Edge::start(|_| {});
    let speaks = |arguments: &[&str]| -> Option<bool> {
        let mut child = Command::new("openssl")
            .args(["s_client", "-connect", &edge.address.to_string(), "-brief"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        let _ = child.stdin.take().map(|mut stdin| stdin.write_all(b"Q\n"));
        let output = child.wait_with_output().ok()?;
        Some(String::from_utf8_lossy(&output.stderr).contains("CONNECTION ESTABLISHED"))
    };
    let Some(strong) = speaks(&["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"]) else {
        eprintln!(
            "SKIPPED: no openssl here; refusals of TLS 1.1, CBC and RSA key exchange are not proven"
        );
        return;
    };
    assert!(strong, "the way of asking must be able to succeed");
    for weak in [
        &["-tls1", "-cipher", "ALL:@SECLEVEL=0"][..],
        &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
        &[
            "-tls1_2",
            "-cipher",
            "ECDHE-ECDSA-AES256-SHA384:@SECLEVEL=0",
        ],
        &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"],
        &[
            "-tls1_2",
            "-cipher",
            "AES256-GCM-SHA384:AES256-SHA:@SECLEVEL=0",
        ],
        &[
            "-tls1_2",
            "-cipher",
            "DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0",
        ],
        &["-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"],
    ] {
        assert_eq!(speaks(weak), Some(false), "{weak:?} must be refused");
    }
}

#[test]
fn plain_http_gets_an_alert_and_no_word() {
    const ALERT: u8 = 21;
    let edge = Edge::start(|_| {});
    let mut tcp = edge.tcp();
    tcp.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let answer = read_all(&mut tcp);
    assert_eq!(answer.first(), Some(&ALERT));
    assert_eq!(
        answer.len(),
        7,
        "one alert record and nothing more: {answer:?}"
    );
}

#[test]
fn a_silent_handshake_is_cut() {
    let edge = Edge::start(|_| {});
    let mut tcp = edge.tcp();
    assert!(read_all(&mut tcp).is_empty());
    // The other end is closed: what is written now is answered by a reset, not taken.
    let _ = tcp.write_all(b"late");
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(tcp.write_all(b"later").is_err());
}

#[test]
fn http2_and_http1_are_offered() {
    let edge = Edge::start(|_| {});
    for protocol in [b"h2".to_vec(), b"http/1.1".to_vec()] {
        let mut config = edge.trust();
        config.alpn_protocols = vec![protocol.clone()];
        assert_eq!(
            edge.connect(config).unwrap().conn.alpn_protocol(),
            Some(&protocol[..])
        );
    }
    let mut stream = edge.connect(edge.trust()).unwrap();
    let answer = raw(
        &mut stream,
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}
