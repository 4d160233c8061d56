//! A key of the transit engine of Vault or OpenBao: `vault:https://HOST:8200/v1/transit/keys/NAME?token-file=/…`.

use std::fmt;
use std::path::PathBuf;

use url::Url;

use super::{absolute, pairs};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultUri {
    /// `https://HOST:PORT/`
    pub address: Url,
    /// Where the engine is mounted: `transit`.
    pub mount: String,
    pub key: String,
    /// A file with a token on one line; read anew for each call.
    pub token_file: PathBuf,
    pub namespace: Option<String>,
    /// The authority that signed the server's certificate; none is the system's list.
    pub ca_file: Option<PathBuf>,
}

impl VaultUri {
    /// Reads what follows `vault:`.
    pub(super) fn parse(rest: &str) -> Result<Self, String> {
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let url = Url::parse(address).map_err(|_| form())?;
        let is_bare = url.username().is_empty() && url.password().is_none();
        if url.scheme() != "https" || !url.has_host() || !is_bare || url.fragment().is_some() {
            return Err(form());
        }
        let (mount, key) = url
            .path()
            .strip_prefix("/v1/")
            .and_then(|path| path.rsplit_once("/keys/"))
            .filter(|(mount, key)| is_path(mount) && is_name(key))
            .ok_or_else(form)?;
        let (mount, key) = (mount.to_owned(), key.to_owned());
        let mut bare = url;
        bare.set_path("/");
        let mut uri = Self {
            address: bare,
            mount,
            key,
            token_file: PathBuf::new(),
            namespace: None,
            ca_file: None,
        };
        for (name, value) in pairs(query, &["token-file", "namespace", "ca-file"])? {
            match name.as_str() {
                "token-file" => uri.token_file = absolute(&name, value)?,
                "ca-file" => uri.ca_file = Some(absolute(&name, value)?),
                _ if is_path(value.trim_end_matches('/')) => uri.namespace = Some(value),
                _ => return Err("namespace is the path of one, such as finance/ap".to_owned()),
            }
        }
        if uri.token_file.as_os_str().is_empty() {
            return Err(
                "this names no file with a token: token-file=/etc/countersign/vault-token"
                    .to_owned(),
            );
        }
        Ok(uri)
    }

    /// The address of what is done with the key: `keys`, `encrypt`, `decrypt`.
    #[must_use]
    pub fn endpoint(&self, verb: &str) -> Url {
        let mut url = self.address.clone();
        url.set_path(&format!("/v1/{}/{verb}/{}", self.mount, self.key));
        url
    }

    pub(super) fn is_same_key(&self, other: &Self) -> bool {
        let key = |uri: &Self| {
            (
                uri.address.clone(),
                uri.mount.clone(),
                uri.key.clone(),
                uri.namespace.clone(),
            )
        };
        key(self) == key(other)
    }
}

fn form() -> String {
    "give vault:https://HOST:8200/v1/transit/keys/NAME?token-file=/etc/countersign/vault-token, with https and no user".to_owned()
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn is_path(text: &str) -> bool {
    text.split('/').all(is_name)
}

impl fmt::Display for VaultUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "vault:{}?token-file={}",
            self.endpoint("keys"),
            self.token_file.display()
        )?;
        if let Some(namespace) = &self.namespace {
            write!(f, "&namespace={namespace}")?;
        }
        if let Some(ca_file) = &self.ca_file {
            write!(f, "&ca-file={}", ca_file.display())?;
        }
        Ok(())
    }
}
