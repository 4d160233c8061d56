//! Identity providers that other people wrote, over TLS with a certificate of an authority of their own.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use rustix::process::Signal;

use super::certificate::Authority;
use super::child::Guarded;
use super::client::Client;
use super::temp::TempDir;
use super::{free_port, poll, root};

/// Python starts slowly on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running identity provider. It ends with this.
pub struct Provider {
    port: u16,
    folder: TempDir,
    /// What it calls the address and the full name.
    pub attributes: (&'static str, &'static str),
    /// Whether requests come to it by a form.
    pub takes_posts: bool,
    _process: Guarded,
}

impl Provider {
    /// pysaml2, which signs and verifies by xmlsec1. It takes requests that come by a redirect.
    pub fn pysaml2() -> Self {
        Self::pysaml2_by("redirect")
    }

    /// The same, which takes requests that a form posts.
    pub fn pysaml2_by_post() -> Self {
        Self::pysaml2_by("post")
    }

    fn pysaml2_by(binding: &str) -> Self {
        let program = root().join("target/pysaml2/bin/python");
        let installed = root().join("target/pysaml2/version");
        Self {
            attributes: (
                "urn:mace:dir:attribute-def:mail",
                "urn:mace:dir:attribute-def:displayName",
            ),
            takes_posts: binding == "post",
            ..Self::start(&program, &installed, ("pysaml2_idp.py", Some(binding)))
        }
    }

    /// samlify, which encrypts its assertions for us.
    pub fn samlify() -> Self {
        let installed = root().join("target/samlify/installed");
        Self::start(Path::new("node"), &installed, ("samlify_idp.js", None))
    }

    fn start(program: &Path, installed: &Path, (script, more): (&str, Option<&str>)) -> Self {
        assert!(
            installed.exists(),
            "{} is missing: run ./deploy/install-debian.sh test",
            installed.display()
        );
        let (folder, authority, port) = (TempDir::new("idp"), Authority::new(), free_port());
        let put = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("our own folder");
        };
        let tls = format!("{}{}", authority.certificate_pem, authority.key_pem);
        put("ca.pem", &authority.ca_pem);
        put("tls.pem", &tls);
        // Messages are signed by another key, which is RSA.
        let key = rsa();
        let certificate = CertificateParams::new(vec!["idp".to_owned()]).expect("a name");
        let certificate = certificate.self_signed(&key).expect("it signs itself");
        put("idp.key", &key.serialize_pem());
        put("idp.pem", &certificate.pem());
        let mut command = Command::new(program);
        command
            .arg(root().join("tests/it/support/saml_idps").join(script))
            .arg(port.to_string())
            .arg(folder.path())
            .args(more)
            .env("NODE_PATH", root().join("target/samlify/node_modules"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = Guarded::spawn(&mut command, Signal::KILL, Some(folder.path()));
        let mut client = Client::new(port, &authority.ca_pem);
        let ready = poll(PATIENCE, || {
            let answer = client.try_request("GET", "/metadata", &[], b"");
            answer.ok().filter(|answer| answer.status == 200)
        });
        assert!(ready.is_some(), "{script} did not start");
        Self {
            port,
            folder,
            attributes: ("mail", "displayName"),
            takes_posts: false,
            _process: process,
        }
    }

    /// Where its metadata is, which is its entity id as well. A host of another site than ours.
    pub fn metadata(&self) -> String {
        format!("https://127.0.0.1:{}/metadata", self.port)
    }

    /// Its origin, as a policy of a page names it.
    pub fn origin(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// The authority that signed its server's certificate.
    pub fn authority(&self) -> String {
        let path: &Path = &self.folder.path().join("ca.pem");
        path.to_str().expect("a plain name").to_owned()
    }

    /// Tells it of the one service provider.
    pub fn knows(&self, metadata: &str) {
        fs::write(self.folder.path().join("sp.xml"), metadata).expect("our own folder");
    }
}

fn rsa() -> KeyPair {
    use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
    use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
    let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).expect("a key");
    let der: Pkcs8V1Der<'_> = private.as_der().expect("it encodes");
    KeyPair::from_pkcs8_der_and_sign_algo(&der.as_ref().into(), &PKCS_RSA_SHA256)
        .expect("it is RSA")
}
