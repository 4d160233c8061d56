//! A key of AWS KMS: `awskms:arn:aws:kms:REGION:ACCOUNT:key/ID?access-key-file=/…&secret-key-file=/…`.

use std::fmt;
use std::path::PathBuf;

use url::Url;

use super::{absolute, pairs};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsUri {
    /// The key's own ARN: an alias can be pointed to another key.
    pub arn: String,
    pub region: String,
    pub access_key_file: PathBuf,
    pub secret_key_file: PathBuf,
    /// For credentials that end; read anew for each call, as the others are.
    pub session_token_file: Option<PathBuf>,
    /// None is Amazon's, for the region.
    pub endpoint: Option<Url>,
    pub ca_file: Option<PathBuf>,
}

const NAMES: [&str; 5] = [
    "access-key-file",
    "secret-key-file",
    "session-token-file",
    "endpoint",
    "ca-file",
];

impl KmsUri {
    /// Reads what follows `awskms:`.
    pub(super) fn parse(rest: &str) -> Result<Self, String> {
        let (arn, query) = rest.split_once('?').unwrap_or((rest, ""));
        let region = region_of(arn)?.to_owned();
        let mut uri = Self {
            arn: arn.to_owned(),
            region,
            access_key_file: PathBuf::new(),
            secret_key_file: PathBuf::new(),
            session_token_file: None,
            endpoint: None,
            ca_file: None,
        };
        for (name, value) in pairs(query, &NAMES)? {
            match name.as_str() {
                "endpoint" => uri.endpoint = Some(endpoint(&value)?),
                "access-key-file" => uri.access_key_file = absolute(&name, value)?,
                "secret-key-file" => uri.secret_key_file = absolute(&name, value)?,
                "session-token-file" => uri.session_token_file = Some(absolute(&name, value)?),
                _ => uri.ca_file = Some(absolute(&name, value)?),
            }
        }
        for (name, file) in [
            ("access-key-file", &uri.access_key_file),
            ("secret-key-file", &uri.secret_key_file),
        ] {
            if file.as_os_str().is_empty() {
                return Err(format!(
                    "this names no file with half of an access key: {name}=/etc/countersign/…"
                ));
            }
        }
        Ok(uri)
    }

    /// Where requests go.
    #[must_use]
    pub fn address(&self) -> Option<Url> {
        let amazons = || {
            // China is a partition of its own, with its own domain.
            let domain = if self.region.starts_with("cn-") {
                "amazonaws.com.cn"
            } else {
                "amazonaws.com"
            };
            Url::parse(&format!("https://kms.{}.{domain}/", self.region)).ok()
        };
        self.endpoint.clone().or_else(amazons)
    }

    pub(super) fn is_same_key(&self, other: &Self) -> bool {
        self.arn == other.arn
    }
}

/// `arn:PARTITION:kms:REGION:ACCOUNT:key/ID`
fn region_of(arn: &str) -> Result<&str, String> {
    let form = || {
        "give the ARN of a key, not of an alias: awskms:arn:aws:kms:eu-central-1:111122223333:key/…"
            .to_owned()
    };
    let is_word = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let parts: Vec<&str> = arn.split(':').collect();
    let [first, partition, service, region, account, key] = parts.as_slice() else {
        return Err(form());
    };
    let id = key.strip_prefix("key/").ok_or_else(form)?;
    let all_words = [*partition, *region, *account, id].into_iter().all(is_word);
    if *first == "arn" && *service == "kms" && all_words {
        Ok(region)
    } else {
        Err(form())
    }
}

fn endpoint(value: &str) -> Result<Url, String> {
    let url = Url::parse(value).ok().filter(|url| {
        let nobody = url.username().is_empty() && url.password().is_none();
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        url.scheme() == "https" && url.has_host() && nobody && bare
    });
    url.ok_or_else(|| "endpoint is an address of https without a path".to_owned())
}

impl fmt::Display for KmsUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "awskms:{}?access-key-file={}&secret-key-file={}",
            self.arn,
            self.access_key_file.display(),
            self.secret_key_file.display()
        )?;
        if let Some(file) = &self.session_token_file {
            write!(f, "&session-token-file={}", file.display())?;
        }
        if let Some(endpoint) = &self.endpoint {
            write!(f, "&endpoint={endpoint}")?;
        }
        if let Some(file) = &self.ca_file {
            write!(f, "&ca-file={}", file.display())?;
        }
        Ok(())
    }
}
