//! The server's certificate: the operator's, read again when the files change; or a local one of our own making.

use std::fs::{DirBuilder, File};
use std::io::Read as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
};
use rustls::client::verify_server_name;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use x509_cert::der::Decode as _;
use zeroize::Zeroizing;

use super::tls::{TlsError, certificates, provider};
use crate::platform::clock::Micros;
use crate::platform::config::Config;
use crate::platform::folder::replace_as;

/// Browsers refuse longer ones.
const LIFE_US: i64 = 397 * Micros::DAY;
/// A local certificate is replaced this long before its end.
const RENEWAL_US: i64 = 30 * Micros::DAY;

/// A certificate with its key, and how long it holds.
#[derive(Debug, Clone)]
pub struct Pair {
    pub key: Arc<CertifiedKey>,
    pub not_before: Micros,
    pub not_after: Micros,
}

impl Pair {
    /// Reads a certificate chain and its key.
    ///
    /// # Errors
    /// Says which file is wrong: unreadable, no PEM, readable by others, key and certificate not of one pair, expired.
    pub fn load(certificate: &Path, key: &Path, now: Micros) -> Result<Self, TlsError> {
        let chain = certificates(certificate)?;
        let (not_before, not_after) = validity(certificate, &chain[0])?;
        let signer = provider()
            .key_provider
            .load_private_key(private_key(key)?)
            .map_err(|error| TlsError::Malformed {
                path: key.to_owned(),
                reason: error.to_string(),
            })?;
        let certified = CertifiedKey::new(chain, signer);
        certified.keys_match().map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => TlsError::Mismatch {
                certificate: certificate.to_owned(),
                key: key.to_owned(),
            },
            other => TlsError::Malformed {
                path: certificate.to_owned(),
                reason: other.to_string(),
            },
        })?;
        if now >= not_after {
            return Err(TlsError::Expired {
                path: certificate.to_owned(),
                day: not_after.utc_date(),
            });
        }
        if now < not_before {
            return Err(TlsError::NotYet {
                path: certificate.to_owned(),
                day: not_before.utc_date(),
            });
        }
        Ok(Self {
            key: Arc::new(certified),
            not_before,
            not_after,
        })
    }

    /// Whether a browser that was sent to `host` accepts it.
    #[must_use]
    pub fn names(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let Ok(name) = ServerName::try_from(host) else {
            return false;
        };
        ParsedCertificate::try_from(&self.key.cert[0])
            .is_ok_and(|certificate| verify_server_name(&certificate, &name).is_ok())
    }
}

fn validity(path: &Path, certificate: &CertificateDer<'_>) -> Result<(Micros, Micros), TlsError> {
    let parsed =
        x509_cert::Certificate::from_der(certificate).map_err(|error| TlsError::Malformed {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
    let validity = parsed.tbs_certificate.validity;
    let micros = |time: x509_cert::time::Time| {
        Micros(i64::try_from(time.to_unix_duration().as_micros()).unwrap_or(i64::MAX))
    };
    Ok((micros(validity.not_before), micros(validity.not_after)))
}

/// The mode is read from the opened file, so that nobody can swap it between the check and the reading.
fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let mut file = File::open(path).map_err(TlsError::io(path, "opening it"))?;
    let mode = file
        .metadata()
        .map_err(TlsError::io(path, "reading its mode"))?
        .mode()
        & 0o777;
    if mode & 0o077 != 0 {
        return Err(TlsError::KeyReadable {
            path: path.to_owned(),
            mode,
        });
    }
    let mut pem = Zeroizing::new(Vec::new());
    file.read_to_end(&mut pem)
        .map_err(TlsError::io(path, "reading it"))?;
    PrivateKeyDer::from_pem_slice(&pem)
        .map_err(|error| TlsError::pem(path, error, |path| TlsError::NoKey { path }))
}

/// The files of the local certificate.
#[must_use]
pub fn local_files(folder: &Path) -> (PathBuf, PathBuf) {
    (folder.join("local.pem"), folder.join("local.key"))
}

/// Reads the local certificate, and makes a new one where there is none, where it ends soon, lacks a host or is damaged.
pub fn local(folder: &Path, host: &str, now: Micros) -> Result<Pair, TlsError> {
    let (certificate, key) = local_files(folder);
    if let Ok(pair) = Pair::load(&certificate, &key, now)
        && pair.not_after.since(now) > RENEWAL_US
        && pair.names(host)
        && pair.names("localhost")
    {
        return Ok(pair);
    }
    make(folder, host, now)?;
    Pair::load(&certificate, &key, now)
}

fn make(folder: &Path, host: &str, now: Micros) -> Result<(), TlsError> {
    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
    ];
    let machine = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .to_ascii_lowercase();
    for name in [
        host.trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned(),
        machine,
    ] {
        if !names.contains(&name) && ServerName::try_from(name.as_str()).is_ok() {
            names.push(name);
        }
    }
    // P-256, which every browser accepts; the randomness is the system's, as for all keys that outlive the process.
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Countersign local certificate");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A day of grace for clients whose clock is behind.
    let midnight = |date: Date| {
        rcgen::date_time_ymd(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    params.not_before = midnight(now.plus_us(-Micros::DAY).utc_date());
    params.not_after = midnight(now.plus_us(LIFE_US - Micros::DAY).utc_date());
    let certificate = params.self_signed(&key)?;

    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(TlsError::io(folder, "making the folder"))?;
    let (certificate_file, key_file) = local_files(folder);
    // A crash between the two leaves a pair that does not match, which the next start replaces.
    write(
        &key_file,
        Zeroizing::new(key.serialize_pem()).as_bytes(),
        0o600,
    )?;
    write(&certificate_file, certificate.pem().as_bytes(), 0o644)?;
    tracing::info!(file = %certificate_file.display(), "a local certificate was made");
    Ok(())
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), TlsError> {
    replace_as(path, &path.with_extension("new"), bytes, mode)
        .map_err(TlsError::io(path, "writing it"))
}

#[derive(Debug)]
enum Source {
    Operator { certificate: PathBuf, key: PathBuf },
    Local { folder: PathBuf, host: String },
}

/// The certificate that is shown to clients now. It follows its files without a restart.
#[derive(Debug)]
pub struct Certificates {
    source: Source,
    current: RwLock<Pair>,
}

impl Certificates {
    /// Reads the operator's certificate, or the local one, which is made if need be.
    ///
    /// # Errors
    /// As [`Pair::load`].
    pub fn open(config: &Config, now: Micros) -> Result<Self, TlsError> {
        let source = match (&config.tls.certificate, &config.tls.key) {
            (Some(certificate), Some(key)) => Source::Operator {
                certificate: certificate.clone(),
                key: key.clone(),
            },
            _ => Source::Local {
                folder: config.tls_folder(),
                host: config.public_host().to_owned(),
            },
        };
        let pair = source.read(now)?;
        if !pair.names(config.public_host()) {
            tracing::warn!(
                "the certificate does not name the host of public_url: browsers will refuse it"
            );
        }
        Ok(Self {
            source,
            current: RwLock::new(pair),
        })
    }

    /// Reads the files again. What cannot be used leaves the present certificate in place.
    ///
    /// # Errors
    /// As [`Pair::load`].
    pub fn refresh(&self, now: Micros) -> Result<bool, TlsError> {
        let pair = self.source.read(now)?;
        let changed = pair.key.cert != self.pair().key.cert;
        if changed {
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = pair;
        }
        Ok(changed)
    }

    #[must_use]
    pub fn pair(&self) -> Pair {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Source {
    fn read(&self, now: Micros) -> Result<Pair, TlsError> {
        match self {
            Self::Operator { certificate, key } => Pair::load(certificate, key, now),
            Self::Local { folder, host } => local(folder, host, now),
        }
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.pair().key)
    }
}

#[cfg(test)]
#[path = "certificate_test.rs"]
mod tests;
