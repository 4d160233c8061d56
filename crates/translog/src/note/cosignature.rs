//! What a witness signs of a checkpoint (C2SP tlog-cosignature).

use crate::checkpoint::Checkpoint;

/// The message of an Ed25519 cosignature: a heading, the time, and the whole text.
pub(super) fn timed(text: &[u8], time: u64) -> Vec<u8> {
    let mut message = format!("cosignature/v1\ntime {time}\n").into_bytes();
    message.extend_from_slice(text);
    message
}

/// The message of an ML-DSA-44 cosignature over a whole tree; none where the text is no checkpoint, or a name is longer
/// than its length byte can say.
pub(super) fn subtree(cosigner: &str, text: &[u8], time: u64) -> Option<Vec<u8>> {
    let checkpoint = Checkpoint::parse_text(std::str::from_utf8(text).ok()?).ok()?;
    let mut message = b"subtree/v1\n\0".to_vec();
    named(&mut message, cosigner)?;
    message.extend_from_slice(&time.to_be_bytes());
    named(&mut message, &checkpoint.origin)?;
    message.extend_from_slice(&0_u64.to_be_bytes());
    message.extend_from_slice(&checkpoint.size.to_be_bytes());
    message.extend_from_slice(checkpoint.root.as_bytes());
    Some(message)
}

fn named(message: &mut Vec<u8>, name: &str) -> Option<()> {
    message.push(u8::try_from(name.len()).ok()?);
    message.extend_from_slice(name.as_bytes());
    Some(())
}
