//! Which TLS we speak, as a server and as a client: versions 1.3 and 1.2, forward secrecy, AES-256-GCM or
//! ChaCha20-Poly1305, and nothing else (RFC 8446, RFC 9325).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::server::ResolvesServerCert;
use rustls::{
    CipherSuite, ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion, version,
};

/// The suites, in the order in which the server prefers them.
pub const SUITES: [CipherSuite; 6] = [
    CipherSuite::TLS13_AES_256_GCM_SHA384,
    CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
];

const VERSIONS: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];

/// Where Debian and its kin keep the authorities that the system trusts.
const SYSTEM_AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path}: {action} failed: {source}", path = path.display())]
    Io {
        path: PathBuf,
        action: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", path = path.display())]
    NoCertificate { path: PathBuf },
    #[error("{path} holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)", path = path.display())]
    NoKey { path: PathBuf },
    #[error("{path} cannot be used: {reason}", path = path.display())]
    Malformed { path: PathBuf, reason: String },
    #[error("{path} can be read by others (mode {mode:o}): run `chmod 600 {path}`, and get a new certificate if others use this machine", path = path.display())]
    KeyReadable { path: PathBuf, mode: u32 },
    #[error("the key {key} does not belong to the certificate {certificate}: name the pair that was made together", key = key.display(), certificate = certificate.display())]
    Mismatch { certificate: PathBuf, key: PathBuf },
    #[error("the certificate {path} ended on {day}: get a new one, then replace the file", path = path.display())]
    Expired {
        path: PathBuf,
        day: jiff::civil::Date,
    },
    #[error("the certificate {path} begins on {day} only: check this machine's clock, or use the one before it", path = path.display())]
    NotYet {
        path: PathBuf,
        day: jiff::civil::Date,
    },
    #[error("a local certificate cannot be made: {0}")]
    Making(#[from] rcgen::Error),
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] rustls::Error),
}

impl TlsError {
    pub(super) fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            path,
            action,
            source,
        }
    }

    pub(super) fn pem(path: &Path, error: PemError, absent: fn(PathBuf) -> Self) -> Self {
        match error {
            PemError::NoItemsFound => absent(path.to_owned()),
            PemError::Io(source) => Self::Io {
                path: path.to_owned(),
                action: "reading it",
                source,
            },
            other => Self::Malformed {
                path: path.to_owned(),
                reason: other.to_string(),
            },
        }
    }
}

/// AWS-LC with our suites alone.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    let mut provider = aws_lc_rs::default_provider();
    let all = std::mem::take(&mut provider.cipher_suites);
    provider.cipher_suites = SUITES
        .iter()
        .filter_map(|wanted| all.iter().find(|suite| suite.suite() == *wanted).copied())
        .collect();
    Arc::new(provider)
}

/// Makes our suites the process's, for libraries that take no configuration of ours. Doing it again changes nothing.
pub fn install_provider() {
    // Fails only when one is installed already, and this program installs no other.
    let _ = CryptoProvider::install_default(Arc::unwrap_or_clone(provider()));
}

/// What the server speaks: HTTP/2 or HTTP/1.1, no client certificates, no early data.
///
/// # Errors
/// Only if the provider lacked a version, which the tests exclude.
pub fn server_tls(certificates: Arc<dyn ResolvesServerCert>) -> Result<ServerConfig, TlsError> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(VERSIONS)?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Binds TLS 1.2 sessions to their handshake (RFC 7627), against the triple handshake attack.
    config.require_ems = true;
    // The server's order decides: a client's order is what an attacker in between might have weakened.
    config.ignore_client_order = true;
    Ok(config)
}

/// What our clients speak (PostgreSQL, mail server): the other side's certificate is always verified, by the
/// authorities in `ca_file`, or by those that the system trusts.
///
/// # Errors
/// When there is no authority to verify by: nothing is trusted then.
pub fn client_tls(ca_file: Option<&Path>) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    let (path, authorities) = authorities(ca_file)?;
    let mut refused = None;
    for authority in authorities {
        // The system's list may hold one that webpki cannot use; a list of the operator's own must be right.
        if let Err(error) = roots.add(authority) {
            refused = Some(error);
        }
    }
    match refused {
        Some(error) if ca_file.is_some() || roots.is_empty() => {
            return Err(TlsError::Malformed {
                path,
                reason: error.to_string(),
            });
        }
        _ => {}
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|error| TlsError::Malformed {
            path,
            reason: error.to_string(),
        })?;
    Ok(ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(VERSIONS)?
        .with_webpki_verifier(verifier)
        .with_no_client_auth())
}

/// The certificates of the authorities that our clients trust, and the file they stand in.
pub(crate) fn authorities(
    ca_file: Option<&Path>,
) -> Result<(PathBuf, Vec<CertificateDer<'static>>), TlsError> {
    let path = ca_file.unwrap_or(Path::new(SYSTEM_AUTHORITIES));
    Ok((path.to_owned(), certificates(path)?))
}

/// All certificates of a PEM file, at least one.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let absent = |path| TlsError::NoCertificate { path };
    let bytes = std::fs::read(path).map_err(TlsError::io(path, "reading it"))?;
    let certificates = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| TlsError::pem(path, error, absent))?;
    if certificates.is_empty() {
        Err(absent(path.to_owned()))
    } else {
        Ok(certificates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_our_suites_is_offered() {
        let offered: Vec<_> = provider()
            .cipher_suites
            .iter()
            .map(|suite| suite.suite())
            .collect();
        assert_eq!(offered, SUITES);
    }

    #[test]
    fn a_client_without_authorities_is_refused() {
        let path =
            std::env::temp_dir().join(format!("countersign-no-authorities-{}", std::process::id()));
        std::fs::write(&path, "nothing\n").unwrap();
        assert!(matches!(
            client_tls(Some(&path)),
            Err(TlsError::NoCertificate { .. })
        ));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(client_tls(Some(&path)), Err(TlsError::Io { .. })));
    }
}
