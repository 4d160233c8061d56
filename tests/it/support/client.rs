//! A small HTTPS client for API tests: trusts one authority, keeps cookies, sends JSON and multipart forms.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde_json::Value;
use socket2::{Domain, Socket, Type};

use super::certificate::trusting;
use super::http::{Response, exchange};

const BOUNDARY: &str = "countersign-test-boundary-3f1b9c";

/// A client of one server. Cookies that the server sets are sent back until it expires them.
#[derive(Clone)]
pub struct Client {
    port: u16,
    /// What a connection begins with, before TLS.
    first: Vec<u8>,
    tls: Arc<ClientConfig>,
    headers: Vec<(String, String)>,
    cookies: BTreeMap<String, String>,
    /// Where its connections come from; the system's own choice where none is said.
    from: Option<Ipv4Addr>,
}

/// One part of a multipart form: a field, or a file when it has a file name.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    pub name: &'a str,
    pub file_name: Option<&'a str>,
    pub bytes: &'a [u8],
}

impl Client {
    /// A client of `https://localhost:PORT` that trusts what `ca_pem` signed, or that very certificate.
    pub fn new(port: u16, ca_pem: &str) -> Self {
        Self {
            port,
            first: Vec::new(),
            tls: Arc::new(trusting(ca_pem)),
            headers: Vec::new(),
            cookies: BTreeMap::new(),
            from: None,
        }
    }

    /// Sends this header with every request from now on (a bearer token, say).
    pub fn always(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Connects from this address of the loopback network from now on.
    pub fn come_from(&mut self, address: Ipv4Addr) {
        self.from = Some(address);
    }

    /// Begins each connection with these bytes from now on, as a load balancer does.
    pub fn saying(mut self, first: &[u8]) -> Self {
        self.first = first.to_vec();
        self
    }

    /// The same browser at another address of the service: its cookies go along.
    pub fn at(&self, other: &Self) -> Self {
        Self {
            port: other.port,
            tls: Arc::clone(&other.tls),
            ..self.clone()
        }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn get(&mut self, path: &str) -> Response {
        self.request("GET", path, &[], &[])
    }

    pub fn json(&mut self, method: &str, path: &str, body: &Value) -> Response {
        self.request(
            method,
            path,
            &[("Content-Type", "application/json")],
            body.to_string().as_bytes(),
        )
    }

    /// Posts an ordinary form (`application/x-www-form-urlencoded`).
    pub fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.request(
            "POST",
            path,
            &[("Content-Type", "application/x-www-form-urlencoded")],
            body.as_bytes(),
        )
    }

    /// Posts a form with files (RFC 7578).
    pub fn multipart(&mut self, path: &str, parts: &[Part<'_>]) -> Response {
        let mut body = Vec::new();
        for part in parts {
            let name = quoted(part.name);
            body.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"")
                    .as_bytes(),
            );
            if let Some(file) = part.file_name {
                let file = quoted(file);
                body.extend_from_slice(
                    format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream")
                        .as_bytes(),
                );
            }
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(part.bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.request("POST", path, &[("Content-Type", &kind)], &body)
    }

    /// One request; a failure of the connection ends the test.
    pub fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        self.try_request(method, path, headers, body)
            .unwrap_or_else(|e| panic!("{method} {path}: {e}"))
    }

    /// One request, for tests in which the server is killed meanwhile.
    pub fn try_request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Response> {
        let mut tcp = self.connect()?;
        // A document of the largest size is answered when it is a bill: unoptimised, on a busy machine.
        tcp.set_read_timeout(Some(Duration::from_secs(300)))?;
        tcp.set_nodelay(true)?;
        tcp.write_all(&self.first)?;
        let name = ServerName::try_from("localhost").expect("localhost is a name");
        let connection =
            ClientConnection::new(Arc::clone(&self.tls), name).map_err(std::io::Error::other)?;
        let mut all = vec![("Host".to_owned(), format!("localhost:{}", self.port))];
        all.extend(self.headers.iter().cloned());
        all.extend(
            headers
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
        );
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self
                .cookies
                .iter()
                .map(|(n, v)| format!("{n}={v}"))
                .collect();
            all.push(("Cookie".to_owned(), cookies.join("; ")));
        }
        let response = exchange(
            &mut StreamOwned::new(connection, tcp),
            method,
            path,
            &all,
            body,
        )?;
        self.keep_cookies(&response);
        Ok(response)
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let Some(from) = self.from else {
            return TcpStream::connect(server);
        };
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((from, 0)).into())?;
        socket.connect(&server.into())?;
        Ok(socket.into())
    }

    fn keep_cookies(&mut self, response: &Response) {
        for (_, value) in response
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            let mut attributes = value.split(';').map(str::trim);
            let Some((name, content)) = attributes.next().and_then(|pair| pair.split_once('='))
            else {
                continue;
            };
            if attributes.any(|a| a.eq_ignore_ascii_case("Max-Age=0")) {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), content.to_owned());
            }
        }
    }
}

/// A name inside double quotes, as browsers write it (WHATWG, multipart form data).
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
