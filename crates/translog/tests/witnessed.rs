//! Cosignatures of witnesses, and one entry's proof as a file.

#[path = "bundle/log.rs"]
#[expect(dead_code, reason = "the bundle's tests need more of it")]
mod log;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_translog::checkpoint::CheckpointError;
use countersign_translog::merkle::{ProofRefused, SizeError, inclusion_proof};
use countersign_translog::note::{Kind, Note, SigningKey, VerifyingKey};
use countersign_translog::proof::{Proof, ProofError};
use log::{JOURNAL, Log, key};
use proptest::prelude::*;

const AT: u64 = 1_679_315_147;
const KINDS: [Kind; 2] = [Kind::Witness, Kind::MlDsa44];

fn witness(kind: Kind, seed: u8) -> SigningKey {
    SigningKey::of(kind, "witness.example/w1", &[seed; 32]).expect("a name")
}

/// The head of a journal of `size` entries with a witness's line under it.
fn cosigned(log: &Log, by: &SigningKey) -> String {
    let note = String::from_utf8(log.checkpoint()).expect("text");
    let text = Note::parse(note.as_bytes()).expect("a note");
    let line = by.sign_line(text.text, AT);
    note + &line.expect("a checkpoint")
}

#[test]
fn a_witness_says_when_it_saw_the_head() {
    let log = Log::of(5);
    for kind in KINDS {
        let by = witness(kind, 7);
        let known = VerifyingKey::parse(&by.verifying_key().to_string()).expect("its own text");
        assert_eq!((&known, known.kind()), (by.verifying_key(), kind));
        let note = cosigned(&log, &by);
        let note = Note::parse(note.as_bytes()).expect("a note");
        assert_eq!(note.signed_at(&known), Ok(Some(AT)), "{kind:?}");
        let both = [log.key(), known.clone()];
        let signers = note.verify(&both).expect("both");
        assert_eq!(signers.len(), 2);
        let stranger = witness(kind, 8);
        assert_eq!(note.signed_at(stranger.verifying_key()), Ok(None));
    }
}

/// The layouts, byte by byte as tlog-cosignature gives them, signed by a key used as it is.
#[test]
fn cosigned_messages_are_those_of_the_specification() {
    let text =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let ed25519 = witness(Kind::Witness, 7);
    let plain = SigningKey::of(Kind::Log, "plain", &[7; 32]).expect("a name");
    let signature = |line: String| {
        let encoded = line.trim_end().rsplit(' ').next().map(str::to_owned);
        STANDARD.decode(encoded.expect("a line")).expect("base64")
    };
    let cosigned = signature(ed25519.sign_line(text, AT).expect("a checkpoint"));
    let message = format!("cosignature/v1\ntime {AT}\n{text}");
    let plainly = signature(plain.sign_line(&message, 0).expect("a text"));
    assert_eq!(cosigned[4..12], AT.to_be_bytes());
    assert_eq!(
        cosigned[12..],
        plainly[4..],
        "the same key over the message"
    );

    let by = witness(Kind::MlDsa44, 7);
    let cosigned = signature(by.sign_line(text, AT).expect("a checkpoint"));
    assert_eq!(cosigned.len(), 4 + 8 + 2_420);
    let mut message = b"subtree/v1\n\0\x12witness.example/w1".to_vec();
    message.extend(AT.to_be_bytes());
    message.extend(b"\x1bexample.com/behind-the-sofa");
    message.extend(0_u64.to_be_bytes());
    message.extend(20_852_163_u64.to_be_bytes());
    message.extend(
        STANDARD
            .decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
            .expect("base64"),
    );
    let public = by.verifying_key().to_string();
    let public = STANDARD
        .decode(public.splitn(3, '+').last().expect("a key"))
        .expect("base64");
    let public = aws_lc_rs::signature::UnparsedPublicKey::new(
        &aws_lc_rs::signature::ML_DSA_44,
        &public[1..],
    );
    public
        .verify(&message, &cosigned[12..])
        .expect("over that message");
}

#[test]
fn a_cosignature_of_another_time_head_name_or_kind_is_refused() {
    let log = Log::of(5);
    for kind in KINDS {
        let by = witness(kind, 7);
        let known = [by.verifying_key().clone()];
        let note = cosigned(&log, &by);
        let line = note.lines().last().expect("a line");
        let encoded = line.rsplit(' ').next().expect("base64");
        let is_wrong = |forged: &Note<'_>| {
            let refused = forged.verify(&known).expect_err("forged").to_string();
            refused.starts_with("the signature by witness.example/w1 is wrong")
        };
        // Every byte behind the key's id: the time, and the signature.
        let bytes = STANDARD.decode(encoded).expect("base64");
        for at in (4..bytes.len()).step_by(1 + bytes.len() / 100) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            let forged = note.replace(encoded, &STANDARD.encode(flipped));
            let forged = Note::parse(forged.as_bytes()).expect("a note");
            assert!(is_wrong(&forged), "{kind:?} byte {at}");
            forged.signed_at(&known[0]).expect_err("forged");
        }
        // The line under the head of another size.
        let mut longer = log.clone();
        longer.grow(1);
        let moved = String::from_utf8(longer.checkpoint()).expect("text") + line + "\n";
        let moved = Note::parse(moved.as_bytes()).expect("a note");
        assert!(is_wrong(&moved), "{kind:?}");
        // The same secret under another name: ML-DSA-44 commits to the name, and the id does in both.
        let renamed = [known[0].named("witness.example/w2").expect("a name")];
        let note = Note::parse(note.as_bytes()).expect("a note");
        let refused = note.verify(&renamed).expect_err("another name").to_string();
        assert!(refused.contains("signed by none"), "{refused}");
    }
    // A log's own signature is no cosignature, nor the reverse.
    let plain = SigningKey::of(Kind::Log, "witness.example/w1", &[7; 32]).expect("a name");
    assert_ne!(
        plain.verifying_key().id(),
        witness(Kind::Witness, 7).verifying_key().id()
    );
    assert!(
        !plain
            .verifying_key()
            .is_same_key(witness(Kind::Witness, 7).verifying_key())
    );
}

#[test]
fn ml_dsa_signs_checkpoints_alone() {
    let by = witness(Kind::MlDsa44, 7);
    for text in ["text\n", "o\n01\nx\n"] {
        let refused = by.sign_line(text, AT).expect_err("no checkpoint");
        assert!(refused.to_string().contains("no checkpoint"), "{refused}");
    }
    VerifyingKey::of(Kind::MlDsa44, "w", &[1; 32]).expect_err("as short as the other kind's");
}

fn proof(log: &Log, index: u64) -> Proof {
    let hashes = inclusion_proof(index, log.size(), |node| Ok::<_, SizeError>(log.node(node)));
    Proof {
        extra: Some(log.entry(index).to_bytes()),
        index,
        hashes: hashes.expect("within the tree"),
        checkpoint: String::from_utf8(log.checkpoint()).expect("text"),
    }
}

#[test]
fn each_entry_of_a_journal_has_its_proof() {
    for size in [1, 2, 7, 13] {
        let log = Log::of(size);
        for index in 0..size {
            let proof = proof(&log, index);
            let text = proof.to_text();
            assert_eq!(Proof::parse(text.as_bytes()).as_ref(), Ok(&proof), "{text}");
            let head = proof.verify(None, &[log.key()]).expect("proven");
            assert_eq!((head.size, head.root), (size, log.root()));
            let bare = Proof {
                extra: None,
                ..proof.clone()
            };
            assert_eq!(bare.verify(None, &[log.key()]), Err(ProofError::NoEntry));
            let entry = log.entry(index).to_bytes();
            bare.verify(Some(&entry), &[log.key()]).expect("proven");
        }
    }
}

#[test]
fn a_proof_shows_nothing_of_another_entry_place_or_journal() {
    let log = Log::of(13);
    let keys = [log.key()];
    let good = proof(&log, 5);
    let refused = Err(ProofError::Refused(ProofRefused));
    let other = log.entry(6).to_bytes();
    assert_eq!(good.verify(Some(&other), &keys), refused, "another entry");
    for index in (0..20).filter(|index| *index != 5) {
        let moved = Proof {
            index,
            ..good.clone()
        };
        assert_eq!(moved.verify(None, &keys), refused, "number {index}");
    }
    let mut short = good.clone();
    short.hashes.pop();
    assert_eq!(short.verify(None, &keys), refused);
    let mut stretched = good.clone();
    stretched.hashes.push(log.root());
    assert_eq!(stretched.verify(None, &keys), refused);
    let resigned = Log {
        seed: 43,
        ..log.clone()
    };
    let by_other = proof(&resigned, 5).verify(None, &keys);
    assert!(matches!(
        by_other,
        Err(ProofError::Checkpoint(CheckpointError::Note(_)))
    ));
    // A witness alone makes no head.
    let by = SigningKey::of(Kind::Witness, "w", &[7; 32]).expect("a name");
    let by_witness = [by.verifying_key().clone()];
    let proof = Proof {
        checkpoint: cosigned(&log, &by),
        ..good
    };
    let not_by_the_log = CheckpointError::NotByTheLog(format!("{JOURNAL}/1"));
    assert_eq!(
        proof.verify(None, &by_witness),
        Err(ProofError::Checkpoint(not_by_the_log))
    );
    proof
        .verify(None, &[key(42, 1).verifying_key().clone()])
        .expect("by the journal's own");
}

#[test]
fn a_key_of_any_epoch_proves_an_entry_of_its_journal_and_of_no_other() {
    let mut log = Log::of(13);
    let kept = log.key();
    log.restore(9);
    log.grow(4);
    let (good, newest) = (proof(&log, 5), log.key());
    assert_eq!((kept.name(), newest.name()), (&*name(1), &*name(2)));
    for known in [&kept, &newest] {
        let head = good.verify(None, std::slice::from_ref(known));
        assert_eq!(head.expect("proven").origin, name(2));
    }
    // The same bytes under a name that is none of this journal in an epoch.
    let other = JOURNAL.replace("01010101-", "02020202-");
    for name in [
        format!("{other}/1"),
        format!("{other}/2"),
        JOURNAL.to_owned(),
        format!("{JOURNAL}/01"),
        format!("{JOURNAL}/1/1"),
        "log.example".to_owned(),
    ] {
        let stranger = kept.named(&name).expect("a name");
        let refused = good.verify(None, &[stranger]);
        let is_refused = matches!(
            refused,
            Err(ProofError::Checkpoint(CheckpointError::Note(_)))
        );
        assert!(is_refused, "{name}: {refused:?}");
    }
    // Another key under the right name.
    let forged = key(43, 1).verifying_key().clone();
    good.verify(None, &[forged]).expect_err("another key");
}

fn name(epoch: u64) -> String {
    countersign_translog::epoch::origin(JOURNAL, epoch)
}

#[test]
fn a_proofs_file_has_one_form() {
    let text = proof(&Log::of(13), 5).to_text();
    for bad in [
        String::new(),
        text.replace("@v1", "@v2"),
        text.replacen('\n', "\r\n", 1),
        text.replace("index 5", "index 05"),
        text.replace("index 5", "index -5"),
        text.replace("index 5\n", ""),
        text.replacen("extra ", "extra  ", 1),
        text.replacen("=\n", "\n", 1),
        format!(
            "{}\n",
            text.split("\n\n").next().expect("up to the checkpoint")
        ),
        text.replace(
            "index 5\n",
            &format!(
                "index 5\n{}",
                format!("{}\n", Log::of(1).root().to_base64()).repeat(70)
            ),
        ),
    ] {
        Proof::parse(bad.as_bytes()).expect_err(&bad);
    }
}

proptest! {
    #[test]
    fn whatever_parses_prints_the_same_again(bytes in prop::collection::vec(any::<u8>(), 0..400), index in 0_u64..13) {
        let text = proof(&Log::of(13), index).to_text().into_bytes();
        let cut = bytes.len() % text.len();
        for input in [bytes.clone(), [&text[..cut], &bytes[..]].concat(), [&text[..cut], &bytes[..], &text[cut..]].concat()] {
            if let Ok(read) = Proof::parse(&input) {
                prop_assert_eq!(read.to_text().into_bytes(), input);
            }
        }
    }
}
