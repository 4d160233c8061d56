//! Proves one entry from its file (C2SP tlog-proof), without the server and without trusting it.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use countersign_translog::bundle::witnessed;
use countersign_translog::note::{Kind, VerifyingKey};
use countersign_translog::proof::Proof;
use serde_json::{Value, json};

const USAGE: &str = "\
Proves that an entry has its place in a journal.

Usage: countersign-verify-entry PROOF --key KEY... [--witness KEY]...

  PROOF           a .tlog-proof of one entry
  --key KEY       the journal's key as you got it from a source you trust, NAME+ID+BASE64; its second key (ML-DSA-44) must
                  have signed as well, where you give it
  --witness KEY   a witness that must have signed the head

Exit codes: 0 it is proven, 1 it is not, 2 wrong usage or a file that cannot be read.
";

fn main() -> ExitCode {
    let text = |given: OsString| given.to_string_lossy().into_owned();
    let mut arguments = std::env::args_os().skip(1).map(text);
    let (mut file, mut keys, mut witnesses) = (None, Vec::new(), Vec::new());
    while let Some(argument) = arguments.next() {
        let is_key = argument == "--key";
        if is_key || argument == "--witness" {
            match VerifyingKey::parse(arguments.next().unwrap_or_default().trim()) {
                Ok(key) if is_key && key.kind() == Kind::Log => keys.push(key),
                Ok(key) => witnesses.push(key),
                Err(error) => return unusable(&format!("{argument}: {error}")),
            }
        } else if argument.starts_with("--") || file.replace(argument).is_some() {
            return unusable(USAGE);
        }
    }
    let Some(file) = file.filter(|_| !keys.is_empty()) else {
        return unusable(USAGE);
    };
    let told = match std::fs::read(&file) {
        Ok(bytes) => proven(&bytes, &keys, &witnesses),
        Err(error) => return unusable(&format!("{file}: {error}")),
    };
    let (code, told) = match told {
        Ok(told) => (0, told),
        Err(reason) => (1, json!({ "proven": false, "reason": reason })),
    };
    // Where nobody reads it, the outcome is the exit code's.
    let _ = writeln!(std::io::stdout(), "{told:#}");
    ExitCode::from(code)
}

fn unusable(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}

fn proven(
    bytes: &[u8],
    keys: &[VerifyingKey],
    witnesses: &[VerifyingKey],
) -> Result<Value, String> {
    let proof = Proof::parse(bytes).map_err(|error| error.to_string())?;
    let head = proof
        .verify(None, keys)
        .map_err(|error| error.to_string())?;
    let witnesses = witnessed(proof.checkpoint.as_bytes(), witnesses);
    let witnesses = witnesses.map_err(|error| error.to_string())?;
    let entry = proof.extra.as_deref().map(String::from_utf8_lossy);
    Ok(json!({
        "proven": true,
        "origin": head.origin,
        "size": head.size,
        "root": head.root,
        "index": proof.index,
        "entry": entry,
        "witnesses": witnesses,
    }))
}
