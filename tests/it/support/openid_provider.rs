//! An OpenID provider that other people wrote, `oidc-provider`, over TLS with a certificate of an authority of its own.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use super::certificate::Authority;
use super::child::Guarded;
use super::client::Client;
use super::server::{LOCAL_CERTIFICATE, Server};
use super::temp::TempDir;
use super::{free_port, poll, root};

/// Node.js starts slowly on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
pub const CLIENT: &str = "countersign";
pub const SECRET: &str = "a secret: of 40+ letters & %signs%, encoded";

/// A running provider. It ends with this.
pub struct OidcProvider {
    port: u16,
    folder: TempDir,
    _process: Guarded,
}

impl OidcProvider {
    pub fn start() -> Self {
        let library = root().join("target/oidc_provider");
        assert!(
            library.join("installed").exists(),
            "{} is missing: run ./deploy/install-debian.sh test",
            library.display()
        );
        let (folder, authority, port) = (TempDir::new("idp"), Authority::new(), free_port());
        let tls = format!("{}{}", authority.certificate_pem, authority.key_pem);
        fs::write(folder.path().join("ca.pem"), &authority.ca_pem).expect("our own folder");
        fs::write(folder.path().join("tls.pem"), tls).expect("our own folder");
        let script = root().join("tests/it/support/openid_provider/openid_provider.mjs");
        let mut command = Command::new("node");
        command
            .arg(script)
            .arg(port.to_string())
            .arg(folder.path())
            .env("OIDC_PROVIDER", library)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = Guarded::spawn(&mut command, Signal::KILL, Some(folder.path()));
        let mut client = Client::new(port, &authority.ca_pem);
        let ready = poll(PATIENCE, || {
            let path = "/.well-known/openid-configuration";
            let answer = client.try_request("GET", path, &[], b"");
            answer.ok().filter(|answer| answer.status == 200)
        });
        assert!(ready.is_some(), "oidc-provider did not start");
        Self {
            port,
            folder,
            _process: process,
        }
    }

    /// A host of another site than ours.
    pub fn issuer(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// The authority that signed its server's certificate.
    pub fn authority(&self) -> String {
        let path = self.folder.path().join("ca.pem");
        path.to_str().expect("a plain name").to_owned()
    }

    /// Registers a connection of a server as its one client.
    pub fn knows(&self, server: &Server, connection: &str) {
        let at = |what: &str| server.url(&format!("/sso/{connection}/{what}"));
        let client = json!({
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [at("callback")],
            "post_logout_redirect_uris": [server.url("/sign-in")],
            "backchannel_logout_uri": at("backchannel-logout"),
            "backchannel_logout_session_required": true,
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
        });
        let put = |name: &str, text: &str| {
            fs::write(self.folder.path().join(name), text).expect("our own folder");
        };
        let certificate = fs::read_to_string(server.data().join(LOCAL_CERTIFICATE));
        put("client.pem", &certificate.expect("it made one"));
        put("client.json", &client.to_string());
    }
}
