use proptest::prelude::*;

use super::*;

const PEER: &str = "10.0.0.1:4000";

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address and a port")
}

/// A header of version 2.
fn header(command: u8, family: u8, block: &[u8]) -> Vec<u8> {
    let length = u16::try_from(block.len()).expect("short");
    [
        &SIGNATURE[..],
        &[command, family],
        &length.to_be_bytes(),
        block,
    ]
    .concat()
}

fn v4(source: [u8; 4], port: u16, more: &[u8]) -> Vec<u8> {
    let block = [
        &source[..],
        &[198, 51, 100, 1],
        &port.to_be_bytes(),
        &443_u16.to_be_bytes(),
        more,
    ];
    header(0x21, 0x11, &block.concat())
}

fn v6(source: &str, port: u16) -> Vec<u8> {
    let source: Ipv6Addr = source.parse().expect("an address");
    let (source, destination) = (source.octets(), Ipv6Addr::LOCALHOST.octets());
    let block = [
        &source[..],
        &destination,
        &port.to_be_bytes(),
        &443_u16.to_be_bytes(),
    ];
    header(0x21, 0x21, &block.concat())
}

/// Every kind of header, with whom it names.
fn headers() -> Vec<(Vec<u8>, Option<SocketAddr>)> {
    let told = |line: &str| format!("PROXY {line}\r\n").into_bytes();
    let longest = format!("UNKNOWN {}", "f".repeat(91));
    vec![
        (
            v4([203, 0, 113, 9], 56_324, &[]),
            Some(at("203.0.113.9:56324")),
        ),
        // What stands behind the addresses is passed over: here a unique id.
        (
            v4([203, 0, 113, 9], 0, &[5, 0, 3, 1, 2, 3]),
            Some(at("203.0.113.9:0")),
        ),
        (v6("2001:db8::9", 7), Some(at("[2001:db8::9]:7"))),
        (v6("::ffff:203.0.113.9", 7), Some(at("203.0.113.9:7"))),
        (header(0x20, 0x00, &[]), None),
        // A load balancer that looks whether we live may say of itself whatever it likes.
        (header(0x20, 0x11, &[1, 2, 3]), None),
        (header(0x21, 0x00, &[]), None),
        (header(0x21, 0x31, &[b'x'; 216]), None),
        (
            told("TCP4 203.0.113.9 198.51.100.1 56324 443"),
            Some(at("203.0.113.9:56324")),
        ),
        (
            told("TCP6 2001:db8::9 2001:db8::1 7 443"),
            Some(at("[2001:db8::9]:7")),
        ),
        (told("UNKNOWN"), None),
        (told("UNKNOWN ffff::1 \u{1F600} 1"), None),
        (told(&longest), None),
    ]
}

#[test]
fn a_header_names_a_client_or_nobody() {
    for (bytes, named) in headers() {
        assert_eq!(step(&bytes), Ok(Step::Done(named)), "{bytes:?}");
    }
}

/// Never is more asked for than the header has: what follows is the client's.
#[test]
fn every_part_of_a_header_asks_for_no_byte_behind_it() {
    for (bytes, _) in headers() {
        for cut in 0..bytes.len() {
            match step(&bytes[..cut]) {
                Ok(Step::More(count)) => {
                    assert!(
                        (1..=bytes.len() - cut).contains(&count),
                        "{cut} of {bytes:?}"
                    );
                }
                other => panic!("{other:?} of {cut} of {bytes:?}"),
            }
        }
    }
}

#[test]
fn what_is_no_header_is_refused_as_soon_as_it_shows() {
    let told = |line: &str| format!("PROXY {line}\r\n").into_bytes();
    let too_long = [&SIGNATURE[..], &[0x21, 0x11, 0x10, 0x01]].concat();
    let with_more = [v4([203, 0, 113, 9], 1, &[]), vec![0]].concat();
    let wrong = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00".to_vec(),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        b"proxy TCP4 203.0.113.9 198.51.100.1 1 2\r\n".to_vec(),
        told("TCP4 203.0.113.9 198.51.100.1 1"),
        told("TCP4 203.0.113.9 198.51.100.1 1 2 3"),
        told("TCP4 203.0.113.9  198.51.100.1 1 2"),
        told("TCP4 203.0.113.09 198.51.100.1 1 2"),
        told("TCP4 203.0.113.9 example.com 1 2"),
        told("TCP4 2001:db8::9 2001:db8::1 1 2"),
        told("TCP6 203.0.113.9 198.51.100.1 1 2"),
        told("TCP4 203.0.113.9 198.51.100.1 65536 2"),
        told("TCP4 203.0.113.9 198.51.100.1 +1 2"),
        told("TCP4 203.0.113.9 198.51.100.1 01 2"),
        told("TCP4 203.0.113.9 198.51.100.1 1 x"),
        told("UDP4 203.0.113.9 198.51.100.1 1 2"),
        told("UNKNOWNS"),
        told("TCP4"),
        format!("PROXY UNKNOWN {}", "f".repeat(93)).into_bytes(),
        // Two lines, of which the second is the client's.
        [told("UNKNOWN"), told("UNKNOWN")].concat(),
        header(0x11, 0x11, &[0; 12]),
        header(0x22, 0x11, &[0; 12]),
        header(0x21, 0x11, &[0; 11]),
        header(0x21, 0x21, &[0; 35]),
        header(0x21, 0x12, &[0; 12]),
        header(0x21, 0x41, &[0; 12]),
        too_long,
        with_more,
    ];
    for bytes in wrong {
        assert_eq!(
            step(&bytes),
            Err(Malformed),
            "{:?}",
            String::from_utf8_lossy(&bytes)
        );
    }
}

#[tokio::test]
async fn what_follows_a_header_is_left_to_the_client() {
    for (mut bytes, named) in headers() {
        bytes.extend_from_slice(b"hello");
        let mut stream = &bytes[..];
        let found = client(&mut stream, at(PEER)).await.expect("a header");
        assert_eq!(found, named.unwrap_or(at(PEER)));
        assert_eq!(stream, b"hello");
    }
    let mut broken = &b"PROXY TCP4 203.0.113.9"[..];
    let error = client(&mut broken, at(PEER)).await.expect_err("it ends");
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    let mut none = &b"no header at all"[..];
    assert!(client(&mut none, at(PEER)).await.is_err());
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(
        start in prop::sample::select(vec![&b""[..], &b"PROXY "[..], &b"PROXY TCP4 "[..], &b"\r\n\r\n\0\r\nQUIT\n"[..], &b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0"[..]]),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = [start, &rest[..]].concat();
        match step(&bytes) {
            Ok(Step::More(count)) => prop_assert!((1..=BLOCK_BYTES).contains(&count)),
            Ok(Step::Done(_)) | Err(Malformed) => {}
        }
    }
}
