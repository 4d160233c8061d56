//! Tokens of PKCS#11 in software (Debian's softhsm2), in a folder of their own, with keys made as docs/keys.md says.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::server::Launch;
use super::temp::TempDir;

pub const LIBRARY: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "835716";
const OFFICER_PIN: &str = "60218457";

/// A place for tokens, which `SOFTHSM2_CONF` names.
pub struct SoftHsm {
    folder: TempDir,
}

impl SoftHsm {
    /// Without any token. The user's PIN is in a file, as `pin-source` wants it.
    pub fn new() -> Self {
        let hsm = Self {
            folder: TempDir::new("softhsm"),
        };
        let tokens = hsm.tokens();
        fs::create_dir(&tokens).expect("our own folder");
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            tokens.display()
        );
        fs::write(hsm.configuration(), text).expect("our own folder");
        hsm.write_pin(PIN);
        hsm
    }

    /// With one token of this name.
    pub fn with_token(token: &str) -> Self {
        let hsm = Self::new();
        hsm.add_token(token);
        hsm
    }

    pub fn add_token(&self, token: &str) {
        let token = ["--init-token", "--free", "--label", token];
        let pins = ["--so-pin", OFFICER_PIN, "--pin", PIN];
        self.run(Command::new("softhsm2-util").args(token).args(pins));
    }

    pub fn delete_token(&self, token: &str) {
        self.run(Command::new("softhsm2-util").args(["--delete-token", "--token", token]));
    }

    /// A key that never leaves the token, made as the handbook says.
    pub fn make_key(&self, token: &str, label: &str) {
        self.key_tool(
            token,
            &[
                "--keygen",
                "--key-type",
                "AES:32",
                "--sensitive",
                "--label",
                label,
            ],
        );
    }

    /// One that the handbook warns of.
    pub fn make_key_as(&self, token: &str, label: &str, kind: &str, more: &[&str]) {
        let made = ["--keygen", "--key-type", kind, "--label", label];
        self.key_tool(token, &[&made, more].concat());
    }

    /// A key that was somewhere else before: printable bytes, since the tool cuts others short now and then.
    pub fn bring_key(&self, token: &str, label: &str, key: &[u8]) {
        let file = self.folder.path().join("brought");
        fs::write(&file, key).expect("our own folder");
        let mut command = Command::new("softhsm2-util");
        command.arg("--import").arg(&file);
        command.args([
            "--aes", "--token", token, "--pin", PIN, "--label", label, "--id", "0a",
        ]);
        self.run(&mut command);
    }

    pub fn delete_key(&self, token: &str, label: &str) {
        self.key_tool(
            token,
            &["--delete-object", "--type", "secrkey", "--label", label],
        );
    }

    fn key_tool(&self, token: &str, arguments: &[&str]) {
        let mut command = Command::new("pkcs11-tool");
        command.args([
            "--module",
            LIBRARY,
            "--token-label",
            token,
            "--login",
            "--pin",
            PIN,
        ]);
        self.run(command.args(arguments));
    }

    fn run(&self, command: &mut Command) -> Output {
        let output = command
            .env("SOFTHSM2_CONF", self.configuration())
            .output()
            .unwrap_or_else(|e| panic!("{command:?}: {e}; deploy/install-debian.sh test"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {said}");
        output
    }

    pub fn write_pin(&self, pin: &str) {
        let file = self.pin_file();
        fs::write(&file, format!("{pin}\n")).expect("our own folder");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("our own file");
    }

    pub fn write_right_pin(&self) {
        self.write_pin(PIN);
    }

    pub fn pin_file(&self) -> PathBuf {
        self.folder.path().join("pin")
    }

    pub fn tokens(&self) -> PathBuf {
        self.folder.path().join("tokens")
    }

    pub fn configuration(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }

    /// The URI of a key.
    pub fn uri(&self, token: &str, object: &str) -> String {
        let pin = self.pin_file();
        format!(
            "pkcs11:token={token};object={object};type=secret-key?module-path={LIBRARY}&pin-source=file:{}",
            pin.display()
        )
    }

    /// What a program needs to find the tokens.
    pub fn variable(&self) -> (&'static str, String) {
        ("SOFTHSM2_CONF", shown(&self.configuration()))
    }

    pub fn launch(&self) -> Launch {
        let (name, value) = self.variable();
        Launch::embedded().variable(name, value)
    }
}

fn shown(path: &Path) -> String {
    let path = path.to_str();
    path.expect("temporary folders have plain names").to_owned()
}
