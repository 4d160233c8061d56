//! Where a stream goes.

use url::{Host, Url};

use super::Kind;

/// RFC 5425, 4.1.
const SYSLOG_PORT: u16 = 6514;
/// The longest address, in bytes.
const LONGEST: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    Webhook(Url),
    /// An IPv6 address stands without brackets.
    Syslog {
        host: String,
        port: u16,
    },
}

impl Destination {
    /// From what somebody typed, or from the row; none where nothing can be sent there.
    #[must_use]
    pub fn parse(kind: Kind, address: &str) -> Option<Self> {
        let address = address.trim();
        if address.len() > LONGEST {
            return None;
        }
        match kind {
            Kind::Webhook => webhook(address),
            Kind::Syslog => syslog(address),
        }
    }

    /// The one spelling of it, which the row keeps and people see.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Webhook(url) => url.to_string(),
            Self::Syslog { host, port } if host.contains(':') => format!("[{host}]:{port}"),
            Self::Syslog { host, port } => format!("{host}:{port}"),
        }
    }
}

/// A password in the address would be shown to everybody who reads it; the signature says who sends.
fn webhook(address: &str) -> Option<Destination> {
    let url: Url = address.parse().ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    let is_ours = url.scheme() == "https" && url.host().is_some() && url.fragment().is_none();
    (is_plain && is_ours).then_some(Destination::Webhook(url))
}

fn syslog(address: &str) -> Option<Destination> {
    let is_bare = address
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-._:[]".contains(c));
    // Hosts are read by the rules of addresses, so that one has one spelling.
    let url: Url = format!("https://{address}").parse().ok()?;
    if !is_bare || address.is_empty() {
        return None;
    }
    let host = match url.host()? {
        Host::Domain(name) => name.to_owned(),
        Host::Ipv4(v4) => v4.to_string(),
        Host::Ipv6(v6) => v6.to_string(),
    };
    // The scheme's own port is not told apart from none by the parser.
    let named = address.rsplit_once(':').map(|(_, port)| port.parse());
    let port = match named {
        Some(Ok(port)) if !address.ends_with(']') => port,
        _ => SYSLOG_PORT,
    };
    (port != 0).then_some(Destination::Syslog { host, port })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(kind: Kind, typed: &str) -> Option<String> {
        Destination::parse(kind, typed).map(|found| found.address())
    }

    #[test]
    fn an_address_has_one_spelling_which_is_read_back() {
        for (kind, typed, spelling) in [
            (
                Kind::Webhook,
                " https://Siem.example/in?a=b ",
                "https://siem.example/in?a=b",
            ),
            (
                Kind::Webhook,
                "https://siem.example",
                "https://siem.example/",
            ),
            (Kind::Syslog, "Logs.Example:6514", "logs.example:6514"),
            (Kind::Syslog, "logs.example", "logs.example:6514"),
            (Kind::Syslog, "logs.example:443", "logs.example:443"),
            (Kind::Syslog, "[fd00::1]:7000", "[fd00::1]:7000"),
            (Kind::Syslog, "[fd00::1]", "[fd00::1]:6514"),
            (Kind::Syslog, "127.0.0.1:99", "127.0.0.1:99"),
        ] {
            let found = spelled(kind, typed).unwrap_or_else(|| panic!("{typed} is an address"));
            assert_eq!(found, spelling);
            assert_eq!(spelled(kind, &found), Some(found));
        }
    }

    #[test]
    fn what_nothing_can_be_sent_to_is_no_address() {
        for typed in [
            "http://siem.example/",
            "ftp://siem.example/",
            "https://ann:secret@siem.example/",
            "https://siem.example/#part",
            "siem.example",
            "",
        ] {
            assert_eq!(spelled(Kind::Webhook, typed), None, "{typed}");
        }
        for typed in [
            "",
            "logs.example:0",
            "logs.example:99999",
            "logs.example/path",
            "ann@logs.example",
            "logs.example:6514?x",
            "two words:1",
            ":6514",
        ] {
            assert_eq!(spelled(Kind::Syslog, typed), None, "{typed}");
        }
    }
}
