//! The words of C2SP tlog-witness: what is sent to `add-checkpoint`, and what the answers mean.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_translog::Hash;
use countersign_translog::note::{Kind, Note, VerifyingKey};
use url::Url;

use super::Witness;
use crate::platform::store::journal::witnessed::Refusal;

/// What was given is no witness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWitness {
    #[error("it is no https address")]
    Url,
    #[error("it is no verifier key of a witness (NAME+ID+KEY, of type 4 or 6): {0}")]
    Key(String),
}

/// A witness as the configuration names it.
///
/// # Errors
/// [`NoWitness`] says which of the two is wrong.
pub fn parse(url: &str, key: &str) -> Result<Witness, NoWitness> {
    let url = Url::parse(url)
        .ok()
        .filter(|url| url.scheme() == "https" && url.host().is_some() && url.query().is_none())
        .ok_or(NoWitness::Url)?;
    let key = VerifyingKey::parse(key).map_err(|error| NoWitness::Key(error.to_string()))?;
    if key.kind() == Kind::Log {
        let other = "it is a log's key".to_owned();
        return Err(NoWitness::Key(other));
    }
    Ok(Witness { url, key })
}

/// The body of a request: the size that the witness has, the proof from there, and the signed head.
pub(super) fn request(from: u64, proof: &[Hash], note: &str) -> String {
    let mut body = format!("old {from}\n");
    for hash in proof {
        // Writing to a String cannot fail.
        let _ = writeln!(body, "{}", STANDARD.encode(hash.as_bytes()));
    }
    body + "\n" + note
}

/// What an answer means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Its signature lines, verified.
    Cosigned(String),
    /// It has cosigned a head of this size.
    Has(u64),
    Refused(Refusal),
}

/// Judges an answer to a request for `note`; none is one that was not had.
pub(super) fn judge(answer: Option<(u16, Vec<u8>)>, note: &str, key: &VerifyingKey) -> Answer {
    let Some((status, body)) = answer else {
        return Answer::Refused(Refusal::Unreachable);
    };
    let body = String::from_utf8(body).unwrap_or_default();
    match status {
        200 => match cosignature(&body, note, key) {
            Some(lines) => Answer::Cosigned(lines),
            None => Answer::Refused(Refusal::WrongAnswer),
        },
        409 => match body.trim_end_matches('\n').parse() {
            Ok(size) => Answer::Has(size),
            Err(_) => Answer::Refused(Refusal::WrongAnswer),
        },
        404 => Answer::Refused(Refusal::UnknownLog),
        403 => Answer::Refused(Refusal::UnknownKey),
        // The proof is the server's own, and does not fit what the witness cosigned.
        422 => Answer::Refused(Refusal::Rewritten),
        500..600 => Answer::Refused(Refusal::Unreachable),
        _ => Answer::Refused(Refusal::WrongAnswer),
    }
}

/// The lines of the witness itself; others that it may give are left out. None where it did not sign this very head, or says
/// no time.
fn cosignature(lines: &str, note: &str, key: &VerifyingKey) -> Option<String> {
    let (text, _) = note.split_once("\n\n")?;
    let start = format!("\u{2014} {} ", key.name());
    let own: String = lines
        .split_inclusive('\n')
        .filter(|line| line.starts_with(&start) && line.ends_with('\n'))
        .collect();
    let note = format!("{text}\n\n{own}");
    let signed = Note::parse(note.as_bytes()).ok()?;
    let when = signed.signed_at(key).ok()??;
    (when > 0 && signed.signatures.len() == 1).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_translog::checkpoint::Checkpoint;
    use countersign_translog::note::SigningKey;

    fn witness(seed: u8) -> SigningKey {
        SigningKey::of(Kind::Witness, "witness.example/w", &[seed; 32]).expect("a key")
    }

    fn head(size: u64) -> String {
        let log = SigningKey::from_seed("journal.example/j", &[1; 32]).expect("a key");
        let checkpoint = Checkpoint {
            origin: "journal.example/j".to_owned(),
            size,
            root: Hash::of(b"root"),
            extensions: Vec::new(),
        };
        checkpoint.sign(&log).expect("a head")
    }

    fn line(seed: u8, note: &str, time: u64) -> Vec<u8> {
        let (text, _) = note.split_once("\n\n").expect("a note");
        let line = witness(seed).sign_line(&format!("{text}\n"), time);
        line.expect("it signs").into_bytes()
    }

    #[test]
    fn only_the_witnesss_own_signature_over_this_head_counts() {
        let (note, key) = (head(7), witness(2));
        let key = key.verifying_key();
        let good = line(2, &note, 1_767_600_000);
        let taken = judge(Some((200, good.clone())), &note, key);
        assert!(matches!(taken, Answer::Cosigned(lines) if lines.as_bytes() == good));
        let wrong = Answer::Refused(Refusal::WrongAnswer);
        for body in [
            line(3, &note, 1_767_600_000),
            line(2, &head(8), 1_767_600_000),
            line(2, &note, 0),
            [good.clone(), good.clone()].concat(),
            b"\xff".to_vec(),
            Vec::new(),
        ] {
            assert_eq!(judge(Some((200, body)), &note, key), wrong);
        }
    }

    #[test]
    fn every_status_has_its_meaning() {
        let (note, key) = (head(7), witness(2));
        let said = |status, body: &str| {
            judge(
                Some((status, body.as_bytes().to_vec())),
                &note,
                key.verifying_key(),
            )
        };
        assert_eq!(said(409, "12\n"), Answer::Has(12));
        assert_eq!(said(409, "twelve"), Answer::Refused(Refusal::WrongAnswer));
        for (status, refusal) in [
            (404, Refusal::UnknownLog),
            (403, Refusal::UnknownKey),
            (422, Refusal::Rewritten),
            (400, Refusal::WrongAnswer),
            (302, Refusal::WrongAnswer),
            (503, Refusal::Unreachable),
        ] {
            assert_eq!(said(status, ""), Answer::Refused(refusal), "{status}");
        }
        assert_eq!(
            judge(None, &note, key.verifying_key()),
            Answer::Refused(Refusal::Unreachable)
        );
    }

    #[test]
    fn a_witness_is_an_https_address_and_a_key_that_says_when() {
        let key = witness(2).verifying_key().to_string();
        assert!(parse("https://witness.example/w", &key).is_ok());
        for url in [
            "http://witness.example",
            "witness.example",
            "https://w.example/?a=b",
        ] {
            assert_eq!(parse(url, &key).err(), Some(NoWitness::Url), "{url}");
        }
        let log = SigningKey::from_seed("w", &[1; 32]).expect("a key");
        for key in ["w+1+2", &log.verifying_key().to_string()] {
            let refused = parse("https://witness.example", key);
            assert!(matches!(refused, Err(NoWitness::Key(_))), "{key}");
        }
    }

    #[test]
    fn a_request_is_size_proof_and_head() {
        let proof = [Hash::of(b"a")];
        let body = request(5, &proof, "head\n");
        let hash = STANDARD.encode(proof[0].as_bytes());
        assert_eq!(body, format!("old 5\n{hash}\n\nhead\n"));
    }
}
