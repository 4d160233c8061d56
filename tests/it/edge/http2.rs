//! HTTP/2 by hand, so that a client can misbehave.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests that panics fails the test, as it should"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustls::{ClientConnection, StreamOwned};

use super::Edge;

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const END_STREAM_AND_HEADERS: u8 = 0x05;
const ACK: u8 = 1;
const ENHANCE_YOUR_CALM: u32 = 11;

type Stream = StreamOwned<ClientConnection, TcpStream>;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut out = vec![length[1], length[2], length[3], kind, flags];
    out.extend_from_slice(&stream.to_be_bytes());
    out.extend_from_slice(payload);
    out
}

fn connect(edge: &Edge) -> Stream {
    let mut config = edge.trust();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let mut stream = edge.connect(config).unwrap();
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .unwrap();
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).unwrap();
    stream
}

/// `GET /` in HPACK: three entries of the static table, and the authority in full (RFC 7541, appendix A).
fn get() -> Vec<u8> {
    let mut block = vec![0x82, 0x87, 0x84, 0x41, 9];
    block.extend_from_slice(b"localhost");
    block
}

/// The error code of the GOAWAY frame in what the server sent.
fn goaway(mut bytes: &[u8]) -> Option<u32> {
    while bytes.len() >= 9 {
        let length = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]) as usize;
        let payload = bytes.get(9..9 + length)?;
        // A graceful end says so twice, without an error; what counts is an error.
        if bytes[3] == GOAWAY && payload[4..8] != [0; 4] {
            return Some(u32::from_be_bytes(payload[4..8].try_into().unwrap()));
        }
        bytes = &bytes[9 + length..];
    }
    None
}

/// All that the server sends until it closes. What we could not send any more does not keep us from reading.
fn drain(stream: &mut Stream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Ok(1..) = stream.conn.read_tls(&mut stream.sock) {
        if stream.conn.process_new_packets().is_err() {
            break;
        }
        let _ = stream.conn.reader().read_to_end(&mut all);
    }
    all
}

#[test]
fn a_flood_of_resets_ends_the_connection() {
    let edge = Edge::start(|_| {});
    let mut stream = connect(&edge);
    let mut flood = Vec::new();
    for number in 0..300 {
        flood.extend(frame(
            HEADERS,
            END_STREAM_AND_HEADERS,
            2 * number + 1,
            &get(),
        ));
        flood.extend(frame(RST_STREAM, 0, 2 * number + 1, &8_u32.to_be_bytes()));
    }
    // The server hangs up in the middle of it.
    let _ = stream.write_all(&flood);
    assert_eq!(goaway(&drain(&mut stream)), Some(ENHANCE_YOUR_CALM));
    assert_eq!(edge.client().get("/").status, 200, "others are served on");
}

#[test]
fn a_client_that_answers_pings_and_asks_nothing_is_sent_away() {
    let edge = Edge::start(|_| {});
    let mut stream = connect(&edge);
    let began = Instant::now();
    stream
        .sock
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    let mut head = [0; 1024];
    loop {
        match stream.read(&mut head) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) => {}
            Err(_) => break,
        }
        // Its own pings and acknowledgements keep the line warm; they must not keep it open.
        let _ = stream
            .write_all(&frame(PING, 0, 0, &[0; 8]))
            .and_then(|()| stream.write_all(&frame(PING, ACK, 0, &[1; 8])));
        assert!(began.elapsed() < Duration::from_secs(8), "still open");
    }
}
