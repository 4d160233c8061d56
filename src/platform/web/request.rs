//! What is known of a request before anybody has signed in: its id, where it comes from, the reader's language.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;

use super::messages::Locale;
use crate::platform::app::App;
use crate::platform::ids::RequestId;

/// The longest device text that is kept.
const DEVICE_CHARS: usize = 200;

/// A request's cause and place. Extractors agree on one id per request.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    pub id: RequestId,
    pub address: IpAddr,
    /// The browser as it names itself.
    pub device: String,
    /// The language by the browser's wish; a person's own setting goes before it.
    pub locale: Locale,
}

impl RequestInfo {
    /// The part of the address that one customer of a network holds: /24 of IPv4, /56 of IPv6 (RFC 6177).
    #[must_use]
    pub fn address_prefix(&self) -> String {
        match self.address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00)
            }
        }
    }
}

impl FromRequestParts<Arc<App>> for RequestInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let id = match parts.extensions.get::<RequestId>() {
            Some(id) => *id,
            None => {
                let id = app.id();
                parts.extensions.insert::<RequestId>(id);
                id
            }
        };
        let text = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let address = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        Ok(Self {
            id,
            address,
            device: text(header::USER_AGENT)
                .unwrap_or_default()
                .chars()
                .take(DEVICE_CHARS)
                .collect(),
            locale: Locale::choose(None, text(header::ACCEPT_LANGUAGE)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::Id as _;

    #[test]
    fn one_network_is_one_prefix() {
        for (address, prefix) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.1", "192.0.2.0/24"),
            ("2001:db8:1:22ff:1::9", "2001:db8:1:2200::/56"),
        ] {
            let info = RequestInfo {
                id: RequestId::from_uuid(uuid::Uuid::nil()),
                address: address.parse().expect("an address"),
                device: String::new(),
                locale: Locale::En,
            };
            assert_eq!(info.address_prefix(), prefix);
        }
    }
}
