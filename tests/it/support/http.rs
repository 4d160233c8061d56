//! HTTP/1.1 for loopback use: one request a connection, the whole answer in memory.

use std::io::{self, BufRead, BufReader, Read, Write};

/// An answer. Header names are in lower case, in the order they came.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; a body that is none ends the test with what came instead.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("status {}: not JSON ({e}): {}", self.status, self.text()))
    }
}

/// Writes one request and reads its answer.
pub fn exchange(
    stream: &mut (impl Read + Write),
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> io::Result<Response> {
    let mut head = format!(
        "{method} {target} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    // A server may refuse a long body by answering early and closing: its answer still counts.
    if let Err(error) = stream.write_all(body).and_then(|()| stream.flush())
        && !matches!(
            error.kind(),
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset
        )
    {
        return Err(error);
    }
    read_response(&mut BufReader::new(stream), method == "HEAD")
}

fn read_response(from: &mut impl BufRead, no_body: bool) -> io::Result<Response> {
    let status_line = read_line(from)?;
    let status = status_line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| invalid(format!("not a status line: {status_line:?}")))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(from)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| invalid(format!("not a header: {line:?}")))?;
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    if (100..200).contains(&status) {
        return read_response(from, no_body);
    }
    let mut response = Response {
        status,
        headers,
        body: Vec::new(),
    };
    if no_body || matches!(status, 204 | 304) {
        return Ok(response);
    }
    if response
        .header("transfer-encoding")
        .is_some_and(|v| v.eq_ignore_ascii_case("chunked"))
    {
        response.body = read_chunks(from)?;
    } else if let Some(length) = response
        .header("content-length")
        .and_then(|v| v.parse::<u64>().ok())
    {
        from.take(length).read_to_end(&mut response.body)?;
        if response.body.len() as u64 != length {
            return Err(invalid(format!(
                "body cut off at {} of {length} bytes",
                response.body.len()
            )));
        }
    } else {
        from.read_to_end(&mut response.body)?;
    }
    Ok(response)
}

fn read_chunks(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(from)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16)
            .map_err(|_| invalid(format!("not a chunk size: {line:?}")))?;
        if size == 0 {
            while !read_line(from)?.is_empty() {}
            return Ok(body);
        }
        let before = body.len() as u64;
        from.by_ref().take(size).read_to_end(&mut body)?;
        if body.len() as u64 - before != size || !read_line(from)?.is_empty() {
            return Err(invalid("chunk cut off".to_owned()));
        }
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    if from.read_until(b'\n', &mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let text =
        String::from_utf8(line).map_err(|_| invalid("a header that is not UTF-8".to_owned()))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
