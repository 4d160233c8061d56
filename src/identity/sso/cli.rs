//! `countersign sso explain`: what is checked of a response, and what each check found. Exit 0 where it is accepted, 1 where it is
//! refused, 2 where the command cannot work.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use countersign_saml::Policy;
use countersign_saml::bindings::{BindingError, decode_any};
use countersign_saml::keys::{OpeningKey, PlainKey};
use countersign_saml::metadata::{IdentityProvider, MetadataError};
use countersign_saml::response::{
    Check, CheckId, Expected, Identity, Refused, Status, Verifier, claimed_issuer, of_no_provider,
};
use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::platform::cli::{Verdict, print};

/// What the command line does with single sign-on.
#[derive(Debug, clap::Subcommand)]
pub enum SsoCommand {
    /// Say whether a SAML response is accepted, check by check; needs no installation
    Explain(Explain),
}

#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The identity provider: a file with its metadata, or with its certificates or public keys
    #[arg(long, value_name = "METADATA|CERT")]
    pub idp: PathBuf,
    /// Which identity provider, where the metadata describes several (default: the one that the response names)
    #[arg(long, value_name = "ENTITY")]
    pub idp_entity: Option<String>,
    /// The entity id of this service provider: the audience
    #[arg(long, value_name = "ENTITY")]
    pub sp: String,
    /// The address of the assertion consumer service
    #[arg(long, value_name = "URL")]
    pub acs: String,
    /// The moment to check for: 2026-01-31T12:00:00Z (UTC where no zone is named), or seconds since 1970
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    pub at: Timestamp,
    /// A file with the private key that opens encrypted parts (RSA; PEM, DER or base64)
    #[arg(long, value_name = "FILE")]
    pub sp_key: Option<PathBuf>,
    /// The ID of the request that was sent; without it, what the response answers is told and not compared
    #[arg(long, value_name = "ID")]
    pub request_id: Option<String>,
    /// Accept a response that answers no request
    #[arg(long)]
    pub allow_idp_initiated: bool,
    /// Accept SHA-1, which is broken, to look into old responses
    #[arg(long)]
    pub legacy_sha1: bool,
    /// A file with the response, or - for the standard input: XML, base64 or a form's body
    #[arg(value_name = "RESPONSE")]
    pub response: PathBuf,
}

/// Most bytes of metadata: federations publish large ones.
const MAX_METADATA_BYTES: u64 = 32 * 1024 * 1024;
/// Most bytes of a response in any of its encodings, and of a key.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The answer.
#[derive(Debug, Serialize)]
struct Answer {
    accepted: bool,
    /// Nobody, where the response is refused: what it claims has not been verified.
    identity: Option<Identity>,
    reason: Option<String>,
    checks: Vec<Check>,
}

/// Runs a command.
///
/// # Errors
/// Where a file cannot be read, or one of ours cannot be used. A response that is refused is an answer, whatever is wrong with it.
pub fn run(command: &SsoCommand) -> anyhow::Result<Verdict> {
    let SsoCommand::Explain(explain) = command;
    let metadata = read(&explain.idp, MAX_METADATA_BYTES)?;
    let key = explain.sp_key.as_deref().map(own_key).transpose()?;
    let meant = identity_provider(explain, &metadata)?;
    // One that is too large is refused like any other: decoding says so of what was read of it.
    let bytes = start_of(&explain.response, MAX_BYTES)?;
    let answer = match decode_any(&bytes) {
        Ok(response) => answer(explain, meant, key.as_ref(), &response),
        Err(error) => undecodable(error),
    };
    print(serde_json::to_string_pretty(&answer)? + "\n");
    Ok(match answer.accepted {
        true => Verdict::Fine,
        false => Verdict::Found,
    })
}

impl From<Refused> for Answer {
    fn from(refused: Refused) -> Self {
        Self {
            accepted: false,
            identity: None,
            reason: Some(refused.said),
            checks: refused.checks,
        }
    }
}

fn answer(explain: &Explain, meant: Meant, key: Option<&PlainKey>, response: &[u8]) -> Answer {
    match meant {
        Meant::This(idp) => verify(explain, &idp, key, response),
        Meant::Named(all) => {
            let opening = key.map(OpeningKey::Plain);
            let claimed = claimed_issuer(response, opening, &policy(explain));
            let idp = all
                .iter()
                .find(|idp| idp.entity_id.is_some() && idp.entity_id == claimed);
            match idp {
                Some(idp) => verify(explain, idp, key, response),
                None => of_no_provider(response, claimed.as_deref()).into(),
            }
        }
    }
}

fn policy(explain: &Explain) -> Policy {
    Policy {
        sha1: explain.legacy_sha1,
        ..Policy::EXPLAIN
    }
}

fn verify(
    explain: &Explain,
    idp: &IdentityProvider,
    key: Option<&PlainKey>,
    response: &[u8],
) -> Answer {
    let verifier = Verifier {
        idp,
        sp_entity: &explain.sp,
        acs: &explain.acs,
        key: key.map(OpeningKey::Plain),
        policy: policy(explain),
    };
    let expected = match (explain.request_id.as_deref(), explain.allow_idp_initiated) {
        (Some(id), false) => Expected::Request(id),
        (Some(id), true) => Expected::RequestOrNone(id),
        (None, unsolicited) => Expected::Unknown { unsolicited },
    };
    match verifier.verify(response, expected, explain.at) {
        Ok(verified) => Answer {
            accepted: true,
            identity: Some(verified.identity),
            reason: None,
            checks: verified.checks,
        },
        Err(refused) => refused.into(),
    }
}

fn undecodable(error: BindingError) -> Answer {
    let said = format!("The response cannot be read: {error}.");
    Answer {
        accepted: false,
        identity: None,
        reason: Some(said.clone()),
        checks: vec![Check {
            id: CheckId::Xml,
            status: Status::Failed,
            said,
        }],
    }
}

/// Whose response it has to be.
enum Meant {
    This(IdentityProvider),
    /// The one of these that the response names.
    Named(Vec<IdentityProvider>),
}

/// The identity provider that is named, or the only one, or whichever the response names: its keys are those of the metadata.
fn identity_provider(explain: &Explain, metadata: &[u8]) -> anyhow::Result<Meant> {
    let path = explain.idp.display();
    let Some(wanted) = &explain.idp_entity else {
        let mut all = IdentityProvider::all(metadata).with_context(|| path.to_string())?;
        return match all.len() {
            1 => Ok(Meant::This(all.swap_remove(0))),
            _ => Ok(Meant::Named(all)),
        };
    };
    match IdentityProvider::choose(metadata, Some(wanted)) {
        Err(MetadataError::NotThere(_)) => {
            let all = IdentityProvider::all(metadata).with_context(|| path.to_string())?;
            let names: Vec<String> = all.into_iter().filter_map(|idp| idp.entity_id).collect();
            bail!(
                "{path}: it does not describe {wanted}, but {}",
                names.join(", ")
            );
        }
        found => Ok(Meant::This(found.with_context(|| path.to_string())?)),
    }
}

fn own_key(path: &Path) -> anyhow::Result<PlainKey> {
    let bytes = Zeroizing::new(read(path, MAX_BYTES)?);
    PlainKey::from_any(&bytes).with_context(|| path.display().to_string())
}

/// Reads a file, or the standard input, which has no more than `most` bytes.
fn read(path: &Path, most: u64) -> anyhow::Result<Vec<u8>> {
    let bytes = start_of(path, most)?;
    if bytes.len() as u64 > most {
        bail!("{} has more than {most} bytes", path.display());
    }
    Ok(bytes)
}

/// Reads a file, or the standard input, up to the byte that is one too many.
fn start_of(path: &Path, most: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read =
        |source: &mut dyn Read, bytes: &mut Vec<u8>| source.take(most + 1).read_to_end(bytes);
    let result = match path == Path::new("-") {
        true => read(&mut io::stdin(), &mut bytes),
        false => File::open(path).and_then(|mut file| read(&mut file, &mut bytes)),
    };
    result.with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(bytes)
}

fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).map_err(|error| error.to_string());
    }
    // One without a zone is UTC, as SAML has it.
    text.parse::<Timestamp>()
        .or_else(|error| {
            let in_utc = format!("{text}Z").parse::<Timestamp>();
            in_utc.map_err(|_| error)
        })
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_moment_is_a_date_with_a_time_or_a_number_of_seconds() {
        let wanted = "2011-06-04T02:20:00Z".parse().expect("a moment");
        assert_eq!(moment("1307154000"), Ok(wanted));
        assert_eq!(moment("2011-06-04T04:20:00+02:00"), Ok(wanted));
        assert_eq!(moment("2011-06-04T02:20:00"), Ok(wanted));
        for wrong in [
            "",
            "yesterday",
            "2011-06-04",
            "2011-06-04T02:20:00+02:00Z",
            "2011-06-04T26:20:00",
            "1e9",
        ] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
