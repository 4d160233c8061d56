//! Keys and signed notes (C2SP signed-note), a journal's head in one (tlog-checkpoint), who cosigned it (tlog-cosignature).

use std::fmt;

use aws_lc_rs::signature::{ED25519, ML_DSA_44, UnparsedPublicKey, VerificationAlgorithm};
use base64::prelude::{BASE64_STANDARD as BASE64, Engine as _};
use serde::Serialize;

use super::form::{Proven, UtcMicros, check, need, number};
use super::tree::Hash;

/// How a key signs. The number is the signature type of signed-note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Ed25519 over the note's text: what a log signs its heads by.
    Log = 1,
    /// Ed25519 over the text and a time: a witness.
    Witness = 4,
    /// ML-DSA-44 over origin, size, root and a time: a witness, or a log beside its first key.
    MlDsa44 = 6,
}

/// A public key with the name under which it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) public: Vec<u8>,
}

impl VerifyingKey {
    pub fn of(kind: Kind, name: &str, public: &[u8]) -> Proven<VerifyingKey> {
        let length = if kind == Kind::MlDsa44 { 1_312 } else { 32 };
        let fits = public.len() == length && is_name(name);
        check(fits, "this is no note key: its length or its name is wrong")?;
        let (name, public) = (name.to_owned(), public.to_vec());
        Ok(VerifyingKey { name, kind, public })
    }

    /// Reads the text form: name, id in hexadecimal digits, base64 of type and key.
    pub fn parse(text: &str) -> Proven<VerifyingKey> {
        let read = || {
            let (name, rest) = text.split_once('+')?;
            let bytes = BASE64.decode(rest.split_once('+')?.1).ok()?;
            let (number, public) = bytes.split_first()?;
            let mut kinds = [Kind::Log, Kind::Witness, Kind::MlDsa44].into_iter();
            let kind = kinds.find(|kind| *kind as u8 == *number)?;
            VerifyingKey::of(kind, name, public).ok()
        };
        // Printed again it shows whether the id is its own.
        let key = read().filter(|key| key.to_string() == text);
        need(key, "this is no note key of type 1, 4 or 6, NAME+ID+BASE64")
    }

    /// The first 4 bytes of SHA-256(name || newline || type || key).
    pub fn id(&self) -> [u8; 4] {
        let (name, kind) = (self.name.as_bytes(), [b'\n', self.kind as u8]);
        let Hash([a, b, c, d, ..]) = Hash::of(&[name, &kind, &self.public].concat());
        [a, b, c, d]
    }

    /// When it made this signature over `text`, in seconds since 1970 (0 for a kind that says no time), if it did.
    fn made(&self, signature: &[u8], text: &str) -> Option<u64> {
        let (algorithm, (time, signature)): (&dyn VerificationAlgorithm, _) = match self.kind {
            Kind::Log => (&ED25519, (&[0; 8], signature)),
            Kind::Witness => (&ED25519, signature.split_first_chunk()?),
            Kind::MlDsa44 => (&ML_DSA_44, signature.split_first_chunk()?),
        };
        let time = u64::from_be_bytes(*time);
        let key = UnparsedPublicKey::new(algorithm, &self.public);
        let made = key.verify(&self.message(text, time)?, signature);
        made.ok().map(|()| time)
    }

    /// What it signs of a note's text; none where ML-DSA-44 should sign what is no checkpoint.
    pub(crate) fn message(&self, text: &str, time: u64) -> Option<Vec<u8>> {
        i64::try_from(time).ok()?;
        match self.kind {
            Kind::Log => Some(text.into()),
            Kind::Witness => Some(format!("cosignature/v1\ntime {time}\n{text}").into()),
            Kind::MlDsa44 => {
                let mut lines = text.lines();
                let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
                let mut message = b"subtree/v1\n\0".to_vec();
                for (name, number) in [(self.name.as_str(), time), (origin, 0)] {
                    message.push(u8::try_from(name.len()).ok()?);
                    message.extend(name.bytes().chain(number.to_be_bytes()));
                }
                message.extend(number(size)?.to_be_bytes());
                message.extend(Hash::from_base64(root)?.0);
                Some(message)
            }
        }
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        let key = BASE64.encode([&[self.kind as u8], &self.public[..]].concat());
        write!(f, "{}+{id:08x}+{key}", self.name)
    }
}

/// A text and the signatures under it. Its form is checked, its signatures are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    pub text: &'a str,
    /// Each with its key's name, and behind its key's id.
    pub signatures: Vec<(&'a str, Vec<u8>)>,
}

impl<'a> Note<'a> {
    pub fn parse(bytes: &'a [u8]) -> Proven<Note<'a>> {
        let signature = |line: &'a str| {
            let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let bytes = BASE64.decode(encoded).ok()?;
            (is_name(name) && bytes.len() > 4).then_some((name, bytes))
        };
        let read = || {
            let note = std::str::from_utf8(bytes).ok()?;
            // The text may hold empty lines itself: the last one ends it.
            let end = note.rfind("\n\n")?;
            let (text, lines) = (&note[..=end], note[end + 2..].strip_suffix('\n')?);
            let signatures: Option<Vec<_>> = lines.split('\n').map(signature).collect();
            let is_plain = !text.contains(|c: char| c < ' ' && c != '\n') && text != "\n";
            let signatures = signatures.filter(|all| is_plain && all.len() <= 100)?;
            Some(Note { text, signatures })
        };
        need(read(), "this is no signed note, or longer than allowed")
    }

    /// When `key` signed the text: seconds since 1970, or 0 where it says no time. None where no line claims that it did;
    /// refused where one does wrongly, be it beside a right one.
    pub fn signed_at(&self, key: &VerifyingKey) -> Proven<Option<u64>> {
        let (id, mut at) = (key.id(), None);
        let why = "its text was changed, or somebody else signed it";
        let wrong = format_args!("the signature by {} is wrong: {why}", key.name);
        let lines = self.signatures.iter().filter(|(name, _)| *name == key.name);
        for signature in lines.filter_map(|(_, bytes)| bytes.strip_prefix(&id)) {
            at = Some(need(key.made(signature, self.text), wrong)?);
        }
        Ok(at)
    }
}

fn is_name(name: &str) -> bool {
    let bars = |c: char| c == '+' || c.is_whitespace() || c.is_control();
    !name.is_empty() && !name.contains(bars)
}

/// When each of the witnesses signed the note: name, and seconds since 1970.
pub fn witnessed(note: &[u8], witnesses: &[VerifyingKey]) -> Proven<Vec<(String, u64)>> {
    let note = Note::parse(note)?;
    let signed = |key: &VerifyingKey| {
        let why = format_args!("the newest head was not signed by {}", key.name);
        Ok((key.name.clone(), need(note.signed_at(key)?, why)?))
    };
    witnesses.iter().map(signed).collect()
}

/// Where a journal stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// From 1. Each restore begins one, which is a log of its own, named `<journal>/<epoch>`.
    pub epoch: u64,
    pub size: u64,
    pub root: Hash,
    /// The time of its last entry.
    pub time: UtcMicros,
}

impl Head {
    /// Reads a head that one of `keys` signed, whatever names they are known by; gives its journal's name and that key.
    pub fn open(note: &[u8], keys: &[VerifyingKey]) -> Proven<(String, Head, VerifyingKey)> {
        let note = Note::parse(note)?;
        let read = || {
            let lines: Vec<&str> = note.text.strip_suffix('\n')?.split('\n').collect();
            let [origin, size, root, time] = lines.try_into().ok()?;
            let (journal, epoch) = origin.rsplit_once('/')?;
            let (root, time) = (Hash::from_base64(root), time.strip_prefix("time ")?);
            Some((origin, journal, Head::of(epoch, size, root, time)?))
        };
        let (origin, journal, head) = need(read(), "this is no head of a journal")?;
        for key in keys {
            let key = VerifyingKey::of(key.kind, origin, &key.public)?;
            if note.signed_at(&key)?.is_some() {
                return Ok((journal.to_owned(), head, key));
            }
        }
        need(None, "the head is signed by none of the keys you trust")
    }

    pub(crate) fn of(epoch: &str, size: &str, root: Option<Hash>, time: &str) -> Option<Head> {
        Some(Head {
            epoch: number(epoch)?,
            size: number(size)?,
            root: root?,
            time: UtcMicros::parse(time)?,
        })
    }
}
