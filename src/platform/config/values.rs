//! Typed values out of what was said, with errors that say what is accepted.

use std::ffi::OsString;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use toml::de::DeValue;
use url::Url;

use super::error::{ConfigError, Origin};
use super::key::{Key, Kind};
use super::prefixes::Prefixes;
use crate::platform::keys::{ROOT_FORMS, RootUri};

/// A value as it was said, not yet understood.
#[derive(Debug, Clone)]
pub enum Raw {
    Text(String),
    /// Not UTF-8: only a path may be that.
    Bytes(OsString),
    Whole(i128),
    /// A TOML value of a type that no key has.
    Other(String),
}

impl Raw {
    pub fn from_path(path: &Path) -> Self {
        path.to_str().map_or_else(
            || Self::Bytes(path.as_os_str().to_owned()),
            |text| Self::Text(text.to_owned()),
        )
    }

    pub fn from_toml(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| Self::Other(number.as_str().to_owned()), Self::Whole),
            DeValue::Float(number) => Self::Other(number.as_str().to_owned()),
            DeValue::Boolean(value) => Self::Other(value.to_string()),
            DeValue::Datetime(value) => Self::Other(value.to_string()),
            DeValue::Array(_) => Self::Other("[a list]".to_owned()),
            DeValue::Table(_) => Self::Other("{a table}".to_owned()),
        }
    }

    pub fn to_path(&self) -> PathBuf {
        match self {
            Self::Text(text) => PathBuf::from(text),
            Self::Bytes(bytes) => PathBuf::from(bytes),
            Self::Whole(number) => PathBuf::from(number.to_string()),
            Self::Other(text) => PathBuf::from(text),
        }
    }

    /// A relative path of the file is below the file's folder.
    pub fn below(self, base: &Path, key: &Key) -> Self {
        match (&self, key.kind) {
            (Self::Text(text), Kind::Path) if !text.is_empty() => Self::from_path(&base.join(text)),
            (Self::Text(text), Kind::Root) if !text.is_empty() => match RootUri::parse(text) {
                Ok(root) => root.below(base).own_file().map_or(self, Self::from_path),
                Err(_) => self,
            },
            _ => self,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("{:?}", text.chars().take(120).collect::<String>()),
            Self::Bytes(bytes) => format!("{bytes:?}"),
            Self::Whole(number) => number.to_string(),
            Self::Other(text) => text.clone(),
        }
    }
}

/// A value that the key accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    Path(PathBuf),
    Root(RootUri),
    Text(String),
    Whole(u64),
    Url(Url),
    Listen {
        given: String,
        addresses: Vec<SocketAddr>,
    },
}

impl Parsed {
    /// A root may be among the service's credentials.
    pub fn with_credentials(self, folder: Option<&Path>) -> Self {
        match self {
            Self::Root(root) => Self::Root(root.with_credentials(folder)),
            other => other,
        }
    }
}

impl fmt::Display for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Root(root) => root.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Whole(number) => number.fmt(f),
            Self::Url(url) => url.fmt(f),
            Self::Listen { given, .. } => f.write_str(given),
        }
    }
}

impl Kind {
    /// What is accepted, in words.
    #[must_use]
    pub fn accepted(self) -> String {
        match self {
            Self::Path => "give a path".to_owned(),
            Self::Root => ROOT_FORMS.to_owned(),
            Self::Listen => {
                "give localhost:PORT, *:PORT, or an IP address and a port such as 192.0.2.7:8443 or [2001:db8::7]:8443".to_owned()
            }
            Self::Prefixes => "give networks such as 10.0.0.0/8, 2001:db8:7::/48, separated by commas".to_owned(),
            Self::PublicUrl => "give an address such as https://ap.example.com: https, a host, and no path, user or query".to_owned(),
            Self::DatabaseUrl(_) => "give an address such as postgresql://countersign@db.example.com:5432/countersign".to_owned(),
            Self::Bucket => "give a bucket such as s3://countersign-documents/production, without a user, a port or a query".to_owned(),
            Self::Address => "give a mail address such as ap@example.com".to_owned(),
            Self::Host => "give a host's name such as mail.example.com, without a port".to_owned(),
            Self::Text => "give one line of text".to_owned(),
            Self::Whole { least, most } => format!("give a whole number from {least} to {most}"),
            Self::Choice(choices) => format!("give one of {}", choices.join(", ")),
        }
    }
}

/// Understands `raw` as `key` wants it.
pub fn parse(key: &'static Key, raw: Raw, origin: &Origin) -> Result<Parsed, ConfigError> {
    let file_key = match key.kind {
        Kind::DatabaseUrl(file_key) => Some(file_key),
        Kind::Bucket => Some("documents.secret_key_file"),
        _ => None,
    };
    if let (Some(file_key), Raw::Text(text)) = (file_key, &raw)
        && holds_password(text)
    {
        return Err(ConfigError::Password {
            origin: origin.clone(),
            key: key.name,
            file_key,
        });
    }
    if let (Kind::Root, Raw::Text(text)) = (key.kind, &raw)
        && !text.is_empty()
        && !text.contains(char::is_control)
    {
        let root = RootUri::parse(text).map(Parsed::Root);
        return root.map_err(|problem| ConfigError::Conflict {
            origin: origin.clone(),
            key: key.name,
            problem,
        });
    }
    understand(key.kind, &raw).ok_or_else(|| ConfigError::Value {
        origin: origin.clone(),
        key: key.name,
        value: raw.shown(),
        accepted: key.kind.accepted(),
    })
}

fn understand(kind: Kind, raw: &Raw) -> Option<Parsed> {
    match (kind, raw) {
        (Kind::Path, Raw::Bytes(bytes)) => Some(Parsed::Path(PathBuf::from(bytes))),
        (Kind::Root, Raw::Bytes(bytes)) => Some(Parsed::Root(RootUri::File(bytes.into()))),
        (Kind::Whole { least, most }, Raw::Whole(number)) => {
            within(u64::try_from(*number).ok()?, least, most)
        }
        // Digits alone: `u64::from_str` would take a plus sign.
        (Kind::Whole { least, most }, Raw::Text(text))
            if text.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            within(text.parse().ok()?, least, most)
        }
        (_, Raw::Text(text)) if !text.is_empty() && !text.contains(char::is_control) => {
            of_text(kind, text)
        }
        _ => None,
    }
}

fn within(number: u64, least: u64, most: u64) -> Option<Parsed> {
    (least..=most)
        .contains(&number)
        .then_some(Parsed::Whole(number))
}

fn of_text(kind: Kind, text: &str) -> Option<Parsed> {
    match kind {
        Kind::Path => Some(Parsed::Path(PathBuf::from(text))),
        Kind::Listen => Some(Parsed::Listen {
            given: text.to_owned(),
            addresses: addresses(text)?,
        }),
        Kind::Prefixes => Prefixes::parse(text).map(|_| Parsed::Text(text.to_owned())),
        Kind::PublicUrl => public_url(text).map(Parsed::Url),
        Kind::DatabaseUrl(_) => database_url(text).map(Parsed::Url),
        Kind::Bucket => bucket(text).map(Parsed::Url),
        Kind::Address => text
            .parse::<lettre::Address>()
            .ok()
            .map(|_| Parsed::Text(text.to_owned())),
        Kind::Host => url::Host::parse(text)
            .ok()
            .map(|host| Parsed::Text(host.to_string())),
        Kind::Text => Some(Parsed::Text(text.to_owned())),
        Kind::Choice(choices) => choices
            .contains(&text)
            .then(|| Parsed::Text(text.to_owned())),
        // A root's text was understood before, by a reader that says what is wrong with it.
        Kind::Whole { .. } | Kind::Root => None,
    }
}

fn addresses(text: &str) -> Option<Vec<SocketAddr>> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return (address.port() != 0).then(|| vec![address]);
    }
    let (host, port) = text.rsplit_once(':')?;
    let port = port.parse::<u16>().ok().filter(|port| *port != 0)?;
    let at = |address: IpAddr| SocketAddr::new(address, port);
    match host {
        "localhost" => Some(vec![
            at(Ipv6Addr::LOCALHOST.into()),
            at(Ipv4Addr::LOCALHOST.into()),
        ]),
        "*" => Some(vec![
            at(Ipv6Addr::UNSPECIFIED.into()),
            at(Ipv4Addr::UNSPECIFIED.into()),
        ]),
        _ => None,
    }
}

fn public_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && url.has_host() && bare && nobody).then_some(url)
}

fn bucket(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let nobody = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    let bare = url.query().is_none() && url.fragment().is_none() && !url.path().contains("//");
    let named = url.host_str().is_some_and(|host| !host.is_empty());
    (url.scheme() == "s3" && named && nobody && bare).then_some(url)
}

fn database_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let ours = matches!(url.scheme(), "postgresql" | "postgres");
    let complete = url.host_str().is_some_and(|host| !host.is_empty())
        && url.path().len() > 1
        && !url.username().is_empty();
    (ours && complete).then_some(url)
}

/// Whether an address of a database carries a password, in either place where PostgreSQL's clients look.
/// What does not parse is searched as text, so that an error about it does not repeat a password.
fn holds_password(text: &str) -> bool {
    match Url::parse(text) {
        Ok(url) => {
            url.password().is_some()
                || url
                    .query_pairs()
                    .any(|(name, _)| name.eq_ignore_ascii_case("password"))
        }
        Err(_) => {
            let user = text
                .split_once("://")
                .map_or(text, |(_, rest)| rest)
                .rsplit_once('@')
                .map(|(user, _)| user);
            user.is_some_and(|user| user.contains(':'))
                || text.to_ascii_lowercase().contains("password")
        }
    }
}
