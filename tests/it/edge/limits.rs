//! What one client may take, and no more.

use std::io::Write as _;
use std::time::{Duration, Instant};

use countersign::platform::edge::Ended;

use super::{Edge, raw, read_all};

#[test]
fn a_header_that_drips_is_cut() {
    let edge = Edge::start(|limits| limits.idle_timeout = Duration::from_secs(30));
    let mut stream = edge.connect(edge.trust()).unwrap();
    let began = Instant::now();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        .unwrap();
    let cut = loop {
        std::thread::sleep(Duration::from_millis(100));
        if stream
            .write_all(b"X-Drip: 1\r\n")
            .and_then(|()| stream.flush())
            .is_err()
        {
            break began.elapsed();
        }
        assert!(
            began.elapsed() < Duration::from_secs(6),
            "still open after {:?}",
            began.elapsed()
        );
    };
    assert!(
        cut >= Duration::from_millis(900),
        "cut after {cut:?}, before its time"
    );
}

#[test]
fn large_headers_are_refused() {
    let edge = Edge::start(|_| {});
    let fits = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: {}\r\n\r\n",
        "a".repeat(20_000)
    );
    assert!(raw(&mut edge.connect(edge.trust()).unwrap(), &fits).starts_with("HTTP/1.1 200"));
    let long = fits.replace("X-Long: ", &format!("X-Long: {}", "a".repeat(200_000)));
    let many = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n",
        "X-Many: 1\r\n".repeat(150)
    );
    for request in [long, many] {
        let answer = raw(&mut edge.connect(edge.trust()).unwrap(), &request);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
            "{answer}"
        );
    }
}

#[test]
fn an_idle_connection_is_closed() {
    let edge = Edge::start(|limits| limits.header_timeout = Duration::from_secs(30));
    let began = Instant::now();
    let mut stream = edge.connect(edge.trust()).unwrap();
    let answer = raw(&mut stream, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(answer.contains("fine"));
    let lasted = began.elapsed();
    assert!(
        (Duration::from_millis(900)..Duration::from_secs(6)).contains(&lasted),
        "{lasted:?}"
    );
}

#[test]
fn a_body_that_stalls_is_cut() {
    let edge = Edge::start(|limits| {
        limits.request_timeout = Duration::from_secs(30);
        limits.upload_timeout = Duration::from_secs(30);
        limits.idle_timeout = Duration::from_secs(30);
    });
    let mut stream = edge.connect(edge.trust()).unwrap();
    let request = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf";
    let began = Instant::now();
    let answer = raw(&mut stream, request);
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn a_body_larger_than_the_limit_is_refused() {
    let edge = Edge::start(|limits| limits.body_bytes = 1000);
    let mut client = edge.client();
    let accepted = client.request(
        "POST",
        "/echo",
        &[("Content-Type", "text/plain")],
        &[b'a'; 1000],
    );
    assert_eq!(accepted.status, 200);
    let refused = client.request(
        "POST",
        "/echo",
        &[("Content-Type", "text/plain")],
        &[b'a'; 1001],
    );
    assert_eq!(refused.status, 413);
}

/// Sends `bytes` of a body to a route that answers without reading it, and only then reads the answer.
fn early(edge: &Edge, bytes: usize, head: &str) -> std::io::Result<String> {
    let mut stream = edge.connect(edge.trust())?;
    let request = format!(
        "POST /uploads/0 HTTP/1.1\r\nHost: localhost\r\n{head}Connection: close\r\nContent-Length: {bytes}\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let piece = vec![b'x'; 64 * 1024];
    let mut left = bytes;
    while left > 0 {
        let now = left.min(piece.len());
        stream.write_all(&piece[..now])?;
        left -= now;
    }
    stream.flush()?;
    Ok(String::from_utf8_lossy(&read_all(&mut stream)).into_owned())
}

#[test]
fn an_answer_before_the_end_of_the_body_reaches_its_sender() {
    // More than the sockets' buffers hold.
    let bytes = 24 * 1024 * 1024;
    let edge = Edge::start(|limits| limits.upload_timeout = Duration::from_secs(60));
    let answer = early(&edge, bytes, "").expect("the body is taken");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("done"), "{answer}");
}

#[test]
fn a_body_that_nobody_wants_is_read_within_bounds() {
    let edge = Edge::start(|limits| {
        limits.upload_timeout = Duration::from_secs(60);
        limits.upload_bytes = 1024 * 1024;
    });
    let answer = early(&edge, 24 * 1024 * 1024, "").unwrap_or_default();
    assert!(!answer.contains("done"), "all of it was read: {answer}");
    // Who never sends what he promised is not waited for longer than for an idle one.
    let began = Instant::now();
    let mut stream = edge.connect(edge.trust()).unwrap();
    let answer = raw(
        &mut stream,
        "POST /uploads/0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf",
    );
    assert!(answer.contains("done"), "{answer}");
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn who_asks_before_sending_is_told_at_once_and_not_listened_to() {
    let edge = Edge::start(|limits| limits.idle_timeout = Duration::from_secs(30));
    let began = Instant::now();
    let mut stream = edge.connect(edge.trust()).unwrap();
    let answer = raw(
        &mut stream,
        "POST /uploads/0 HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn connections_above_the_limit_wait() {
    let edge = Edge::start(|limits| {
        limits.connections = 2;
        limits.idle_timeout = Duration::from_secs(3);
        limits.header_timeout = Duration::from_secs(3);
    });
    let held = [
        edge.connect(edge.trust()).unwrap(),
        edge.connect(edge.trust()).unwrap(),
    ];
    let began = Instant::now();
    let waited = std::thread::scope(|scope| {
        let third = scope.spawn(|| {
            edge.connect(edge.trust()).unwrap();
            began.elapsed()
        });
        std::thread::sleep(Duration::from_millis(500));
        drop(held);
        third.join().unwrap()
    });
    assert!(
        waited >= Duration::from_millis(450),
        "the third was served beside the two after {waited:?}"
    );
}

#[test]
fn a_running_request_is_finished_at_the_end() {
    let mut edge = Edge::start(|_| {});
    let mut client = edge.client();
    let asking = std::thread::spawn(move || client.get("/slow/500"));
    std::thread::sleep(Duration::from_millis(200));
    edge.stop();
    assert_eq!(edge.ended(), Ended::Clean);
    let answer = asking.join().unwrap();
    assert_eq!((answer.status, answer.text().as_str()), (200, "done\n"));
    assert!(
        std::net::TcpStream::connect(edge.address).is_err(),
        "nobody listens any more"
    );
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let mut edge = Edge::start(|limits| {
        limits.request_timeout = Duration::from_secs(60);
        limits.shutdown_timeout = Duration::from_millis(300);
    });
    let mut stream = edge.connect(edge.trust()).unwrap();
    stream
        .write_all(b"GET /slow/60000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    edge.stop();
    assert_eq!(edge.ended(), Ended::CutOff);
    assert!(read_all(&mut stream).is_empty());
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn the_route_decides_who_gets_the_time_of_an_upload() {
    let edge = Edge::start(|limits| {
        limits.request_timeout = Duration::from_secs(1);
        limits.upload_timeout = Duration::from_secs(6);
        limits.idle_timeout = Duration::from_secs(10);
    });
    let mut client = edge.client();
    let raw = [("Content-Type", "application/octet-stream")];
    let claimed = [("Content-Type", "multipart/form-data; boundary=x")];
    let mut status = |method: &str, path: &str, headers: &[(&str, &str)]| {
        client.request(method, path, headers, b"x").status
    };
    assert_eq!(status("POST", "/uploads/2500", &raw), 200, "a raw file");
    assert_eq!(status("POST", "/slow/2500", &claimed), 408, "a claim");
    assert_eq!(status("GET", "/uploads/2500", &raw), 408, "no upload");
}
