//! Fetching a document from an address that an administrator typed, or posting a form there: over TLS alone, to a verified
//! certificate, bounded in bytes and time, without following anybody elsewhere.
//!
//! The server stands where strangers do not reach, and must not be their way in (CWE-918). The name is resolved once and the
//! connection goes to the address that was looked at, so that a name cannot point elsewhere in between. Networks of the house
//! are reached only where the operator says so (`providers.networks`); the link's own addresses, where clouds keep credentials,
//! never.

mod dial;
mod send;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::request::Builder;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::lookup_host;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::{Position, Url};

use crate::text_enum;

pub use dial::dial;
pub use send::{Delivered, deliver, send};

/// For everything: resolving, connecting, and the last byte.
const TIME: Duration = Duration::from_secs(15);

text_enum! {
    /// Which addresses are reached.
    pub enum Networks {
        /// Those of the internet alone.
        Public = "public",
        /// Those of the house as well.
        Private = "private",
    }
}

/// How documents are fetched.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Who signed the other side's certificate; those that the system trusts where none is named.
    pub ca_file: Option<PathBuf>,
    pub networks: Networks,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self {
            ca_file: None,
            networks: Networks::Public,
        }
    }
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum Unfetched {
    #[error("the address does not begin with https://, or has no host")]
    Address,
    #[error(
        "the host has no address, or one in a network that is not reached (providers.networks)"
    )]
    Network,
    #[error("no authority to verify the certificate by")]
    Authorities(#[source] super::edge::TlsError),
    #[error("the host cannot be reached, or its certificate is not trusted (providers.ca_file)")]
    Unreachable(#[source] std::io::Error),
    #[error("the connection broke, or the answer is larger than {0} bytes")]
    Broken(usize),
    #[error("the answer is {0}, and only 200 is taken: no other address is followed")]
    Status(StatusCode),
    #[error("it took longer than 15 seconds")]
    Late,
}

/// A form, and how whoever posts it shows who that is.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    /// The value of `Authorization`.
    pub authorization: Option<&'a str>,
    /// Form-encoded.
    pub body: &'a str,
}

/// Codes and secrets are posted by it.
impl std::fmt::Debug for Form<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Form(..)")
    }
}

/// What was answered to a form.
#[derive(Clone, PartialEq, Eq)]
pub enum Posted {
    /// 200.
    Done(Vec<u8>),
    /// 400 or 401: why not, in the words of whoever was asked (RFC 6749, 5.2).
    Refused(Vec<u8>),
}

/// Tokens are answered by it.
impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Posted(..)")
    }
}

/// Fetches a document of at most so many bytes.
///
/// # Errors
/// Why there is none. What was answered is not repeated.
pub async fn get(outgoing: &Outgoing, address: &str, most: usize) -> Result<Vec<u8>, Unfetched> {
    let request = Request::builder().method(Method::GET);
    match asked(outgoing, address, (request, ""), most).await? {
        (StatusCode::OK, body) => Ok(body),
        (other, _) => Err(Unfetched::Status(other)),
    }
}

/// Posts a form, and takes an answer of at most so many bytes.
///
/// # Errors
/// Why there is no answer. What was posted and answered is not repeated.
pub async fn post(
    outgoing: &Outgoing,
    address: &str,
    form: Form<'_>,
    most: usize,
) -> Result<Posted, Unfetched> {
    let mut request = Request::builder()
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json");
    if let Some(value) = form.authorization {
        let mut value = HeaderValue::from_str(value).map_err(|_| Unfetched::Address)?;
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    match asked(outgoing, address, (request, form.body), most).await? {
        (StatusCode::OK, body) => Ok(Posted::Done(body)),
        (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED, body) => Ok(Posted::Refused(body)),
        (other, _) => Err(Unfetched::Status(other)),
    }
}

type Answered = (StatusCode, Vec<u8>);

async fn asked(
    outgoing: &Outgoing,
    address: &str,
    (request, body): (Builder, &str),
    most: usize,
) -> Result<Answered, Unfetched> {
    let url: Url = address.parse().map_err(|_| Unfetched::Address)?;
    if url.scheme() != "https" {
        return Err(Unfetched::Address);
    }
    let request = request
        .header(header::USER_AGENT, "countersign")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .map_err(|_| Unfetched::Address)?;
    timeout(TIME, answered(outgoing, &url, request, most))
        .await
        .map_err(|_| Unfetched::Late)?
}

async fn answered(
    outgoing: &Outgoing,
    url: &Url,
    request: Request<Bytes>,
    most: usize,
) -> Result<Answered, Unfetched> {
    let exchange = Exchange::of(outgoing, url, request, most).await?;
    let status = exchange.status();
    let is_read = matches!(
        status,
        StatusCode::OK | StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED
    );
    if !is_read {
        return Err(Unfetched::Status(status));
    }
    Ok((status, exchange.body().await?.to_vec()))
}

/// An answer whose body was not read yet, and the connection that it comes by.
struct Exchange {
    answer: Response<Incoming>,
    work: JoinHandle<()>,
    most: usize,
}

impl Exchange {
    /// Sends a request to an address: path and host are set here. At most `most` bytes are read of the answer.
    async fn of(
        outgoing: &Outgoing,
        url: &Url,
        mut request: Request<Bytes>,
        most: usize,
    ) -> Result<Self, Unfetched> {
        let authority = &url[Position::BeforeHost..Position::AfterPort];
        let authority = HeaderValue::from_str(authority).map_err(|_| Unfetched::Address)?;
        request.headers_mut().insert(header::HOST, authority);
        let path = &url[Position::BeforePath..Position::AfterQuery];
        *request.uri_mut() = path.parse().map_err(|_| Unfetched::Address)?;
        let host = url.host_str().ok_or(Unfetched::Address)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let port = url.port_or_known_default().unwrap_or(443);
        let stream = TokioIo::new(dial(outgoing, bare, port).await?);
        let broken = |_| Unfetched::Broken(most);
        let (mut sender, work) = handshake(stream).await.map_err(broken)?;
        // Ends with the connection; what went wrong is told to the request.
        let work = tokio::spawn(async move {
            let _ = work.await;
        });
        let request = request.map(Full::new);
        let answer = sender.send_request(request).await.map_err(broken)?;
        Ok(Self { answer, work, most })
    }

    fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// A header of the answer, where it is readable text.
    fn header(&self, name: &HeaderName) -> Option<String> {
        let value = self.answer.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    }

    async fn body(self) -> Result<Bytes, Unfetched> {
        let body = Limited::new(self.answer.into_body(), self.most)
            .collect()
            .await;
        let body = body.map_err(|_| Unfetched::Broken(self.most))?;
        self.work.abort();
        Ok(body.to_bytes())
    }
}

/// Where the connection goes. A name with one forbidden address among others is somebody's attempt, and reaches nothing.
async fn resolved(networks: Networks, host: &str, port: u16) -> Result<SocketAddr, Unfetched> {
    let found = lookup_host((host, port)).await;
    let found: Vec<SocketAddr> = found.map_err(|_| Unfetched::Network)?.collect();
    let all_allowed = found.iter().all(|to| is_allowed(networks, to.ip()));
    let first = found.first().filter(|_| all_allowed);
    first.copied().ok_or(Unfetched::Network)
}

fn is_allowed(networks: Networks, address: IpAddr) -> bool {
    let (is_never, is_inner) = match address.to_canonical() {
        IpAddr::V4(v4) => (is_never_v4(v4), is_inner_v4(v4)),
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => (is_never_v4(v4), is_inner_v4(v4)),
            None => (is_never_v6(v6), is_inner_v6(v6)),
        },
    };
    !is_never && (networks == Networks::Private || !is_inner)
}

/// The link's own, nobody's, everybody's, and those that are kept for later (RFC 6890).
fn is_never_v4(v4: Ipv4Addr) -> bool {
    let [first, ..] = v4.octets();
    v4.is_link_local() || v4.is_multicast() || first == 0 || first >= 240
}

fn is_inner_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_benchmark = a == 198 && (18..20).contains(&b);
    v4.is_private() || v4.is_loopback() || is_shared || is_benchmark
}

fn is_never_v6(v6: Ipv6Addr) -> bool {
    v6.is_unspecified() || v6.is_multicast() || v6.segments()[0] & 0xffc0 == 0xfe80
}

fn is_inner_v6(v6: Ipv6Addr) -> bool {
    v6.is_loopback() || v6.segments()[0] & 0xfe00 == 0xfc00
}

/// The address behind one that only translates: NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        (0x64, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => Some(join(g, h)),
        (0x2002, high) => Some(join(high, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(networks: Networks, address: &str) -> bool {
        is_allowed(networks, address.parse().expect("an address"))
    }

    #[test]
    fn networks_of_the_house_are_reached_only_where_the_operator_says_so() {
        for inner in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "100.64.0.1",
            "198.18.0.1",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
        ] {
            assert!(!allowed(Networks::Public, inner), "{inner}");
            assert!(allowed(Networks::Private, inner), "{inner}");
        }
        for outer in ["9.9.9.9", "2620:fe::fe", "64:ff9b::909:909"] {
            assert!(allowed(Networks::Public, outer), "{outer}");
        }
    }

    #[test]
    fn where_clouds_keep_credentials_is_never_reached() {
        for never in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "fe80::1",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
        ] {
            for networks in Networks::ALL {
                assert!(!allowed(*networks, never), "{never}");
            }
        }
    }

    #[tokio::test]
    async fn nothing_is_fetched_in_clear_or_from_the_house() {
        let outgoing = Outgoing::default();
        let clear = get(&outgoing, "http://idp.example/", 10).await;
        assert!(matches!(clear, Err(Unfetched::Address)), "{clear:?}");
        for inner in [
            "https://127.0.0.1:1/",
            "https://[::1]:1/",
            "https://2130706433/",
        ] {
            let refused = get(&outgoing, inner, 10).await;
            assert!(matches!(refused, Err(Unfetched::Network)), "{refused:?}");
        }
    }

    #[tokio::test]
    async fn nothing_is_posted_in_clear_or_to_the_house_and_a_secret_is_printed_nowhere() {
        let outgoing = Outgoing::default();
        let form = Form {
            authorization: Some("Basic c2VjcmV0"),
            body: "code=secret",
        };
        assert_eq!(format!("{form:?}"), "Form(..)");
        let done = Posted::Done(b"token".to_vec());
        assert_eq!(format!("{done:?}"), "Posted(..)");
        let clear = post(&outgoing, "http://idp.example/token", form, 10).await;
        assert!(matches!(clear, Err(Unfetched::Address)), "{clear:?}");
        for inner in ["https://127.0.0.1:1/", "https://[::1]:1/"] {
            let refused = post(&outgoing, inner, form, 10).await;
            assert!(matches!(refused, Err(Unfetched::Network)), "{refused:?}");
        }
        let split = Form {
            authorization: Some("Basic x\r\nX-Other: 1"),
            ..form
        };
        let refused = post(&outgoing, "https://127.0.0.1:1/", split, 10).await;
        assert!(matches!(refused, Err(Unfetched::Address)), "{refused:?}");
    }
}
