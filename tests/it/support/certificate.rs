//! Certificates for loopback servers, made fresh for each run.

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// An authority and one certificate for `localhost` and 127.0.0.1 under it.
pub struct Authority {
    pub ca_pem: String,
    pub certificate_pem: String,
    pub key_pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let ca_key = KeyPair::generate().expect("a key can be made");
        let mut ca = CertificateParams::new(Vec::<String>::new()).expect("no names, no bad name");
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca_certificate: Certificate = ca
            .self_signed(&ca_key)
            .expect("a fresh authority can sign itself");
        let issuer = Issuer::new(ca, ca_key);

        let key = KeyPair::generate().expect("a key can be made");
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certificate = CertificateParams::new(names)
            .expect("both names are valid")
            .signed_by(&key, &issuer)
            .expect("the authority can sign");
        Self {
            ca_pem: ca_certificate.pem(),
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        }
    }

    /// A server configuration that presents this certificate.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        let certificate =
            CertificateDer::from_pem_slice(self.certificate_pem.as_bytes()).expect("our own PEM");
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).expect("our own PEM");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has both versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("the key belongs to the certificate");
        Arc::new(config)
    }
}

/// A client configuration that trusts what `ca_pem` signed and nothing else.
pub fn trusting(ca_pem: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca_pem.as_bytes()) {
        roots
            .add(certificate.expect("readable PEM"))
            .expect("a certificate that can be an anchor");
    }
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has both versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
