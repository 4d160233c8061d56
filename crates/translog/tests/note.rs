//! Signed notes and checkpoints: the specifications' form, and attacks on it.

use countersign_translog::Hash;
use countersign_translog::Refused;
use countersign_translog::checkpoint::{Checkpoint, CheckpointError};
use countersign_translog::epoch::Head;
use countersign_translog::note::{Note, SigningKey, VerifyingKey};
use countersign_translog::time::UtcMicros;
use proptest::prelude::*;

const ORIGIN: &str = "example.com/journal/1";

fn signer(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, &[seed; 32]).expect("a name")
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 20_852_163,
        root: Hash::of(b"root"),
        extensions: vec!["time 2026-11-23T01:06:37.123456Z".to_owned()],
    }
}

/// The example key and note of Go's golang.org/x/mod/sumdb/note documentation, which the
/// specification was written from.
#[test]
fn the_published_example_verifies() {
    let key =
        VerifyingKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .expect("the published key");
    let note = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n\
                \n\
                \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let read = Note::parse(note.as_bytes()).expect("the published note");
    let keys = [key];
    let signers = read.verify(&keys).expect("the published signature");
    assert!(read.text.ends_with("your problem is.\n"));
    assert_eq!(signers, [&keys[0]]);
    assert_eq!(
        VerifyingKey::parse(&keys[0].to_string()).as_ref(),
        Ok(&keys[0])
    );
}

#[test]
fn a_checkpoint_comes_back_signed() {
    let key = signer(ORIGIN, 1);
    let note = checkpoint().sign(&key).expect("its own key");
    assert!(
        note.starts_with("example.com/journal/1\n20852163\n"),
        "{note}"
    );
    let opened = Checkpoint::open(note.as_bytes(), &[key.verifying_key().clone()]);
    assert_eq!(opened, Ok(checkpoint()));
    assert_eq!(format!("{key:?}"), "SigningKey(example.com/journal/1, ..)");
}

#[test]
fn a_new_key_a_changed_text_or_a_strangers_signature_is_refused() {
    let (key, stranger) = (signer(ORIGIN, 1), signer(ORIGIN, 2));
    let trusted = [key.verifying_key().clone()];
    let resigned = checkpoint().sign(&stranger).expect("the same name");
    let refused = |opened: Result<Checkpoint, CheckpointError>, why: &str| match opened {
        Err(CheckpointError::Note(Refused::Unproven(said))) => {
            assert!(said.contains(why), "{said}")
        }
        other => panic!("{other:?}"),
    };
    let (unknown, wrong) = (
        "signed by none",
        "the signature by example.com/journal/1 is wrong",
    );
    refused(Checkpoint::open(resigned.as_bytes(), &trusted), unknown);
    let note = checkpoint().sign(&key).expect("its own key");
    refused(Checkpoint::open(note.as_bytes(), &[]), unknown);
    let changed = note.replace("20852163", "20852162");
    refused(Checkpoint::open(changed.as_bytes(), &trusted), wrong);
    // A right signature beside a wrong one of the same key does not save the note.
    let other_line = changed.lines().last().expect("a line");
    let unsigned_text = Note::parse(note.as_bytes()).expect("a note").text.len();
    let both = format!("{note}{other_line}\n");
    assert_eq!(
        Checkpoint::open(both.as_bytes(), &trusted),
        Ok(checkpoint()),
        "the same line twice"
    );
    let mut forged = both.into_bytes();
    let flip = forged.len() - 10;
    forged[flip] = if forged[flip] == b'A' { b'B' } else { b'A' };
    assert!(flip > unsigned_text);
    refused(Checkpoint::open(&forged, &trusted), wrong);
}

#[test]
fn only_the_logs_own_key_makes_its_checkpoint() {
    let witness = signer("witness.example", 3);
    let text = checkpoint().to_text().expect("a checkpoint");
    let note = Note::sign(&text, &[&witness]).expect("a text");
    let trusted = [witness.verifying_key().clone()];
    let by_other = CheckpointError::NotByTheLog(ORIGIN.to_owned());
    assert_eq!(
        Checkpoint::open(note.as_bytes(), &trusted),
        Err(by_other.clone())
    );
    assert_eq!(checkpoint().sign(&witness), Err(by_other));
    // Beside the log's own, a witness's signature is kept and counts.
    let key = signer(ORIGIN, 1);
    let cosigned = Note::sign(&text, &[&key, &witness]).expect("a text");
    let trusted = [trusted[0].clone(), key.verifying_key().clone()];
    let read = Note::parse(cosigned.as_bytes()).expect("a note");
    assert_eq!(read.verify(&trusted).expect("both").len(), 2);
    assert_eq!(
        Checkpoint::open(cosigned.as_bytes(), &trusted),
        Ok(checkpoint())
    );
}

#[test]
fn checkpoint_texts_have_one_form() {
    let root = Hash::of(b"root").to_base64();
    let loose = root.trim_end_matches('=');
    let bad = [
        String::new(),
        "\n".into(),
        format!("o\n1\n{root}"),
        format!("\n1\n{root}\n"),
        format!("o\n01\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("o\n\n{root}\n"),
        format!("o\n1\n{loose}\n"),
        "o\n1\nAAAA\n".into(),
        format!("o\n1\n{root}\n\n"),
        format!("o\n1\n{root}\nx\n\ny\n"),
        format!("o\r\n1\n{root}\n"),
        "o\n1\n".into(),
        format!("o\n18446744073709551616\n{root}\n"),
    ];
    for text in bad {
        Checkpoint::parse_text(&text).expect_err(&text);
    }
    let injected = Checkpoint {
        origin: "o\n5".into(),
        ..checkpoint()
    };
    injected.to_text().expect_err("a line break in the origin");
    let injected = Checkpoint {
        extensions: vec!["a\nb".into()],
        ..checkpoint()
    };
    injected
        .to_text()
        .expect_err("a line break in an extension");
}

#[test]
fn notes_and_keys_that_are_not_well_formed_are_refused() {
    let key = signer("k", 1);
    let note = Note::sign("text\n", &[&key]).expect("a text");
    let line = note.lines().last().expect("a line").to_owned();
    let bad = [
        String::new(),
        "text\n".into(),
        "text\n\n".into(),
        format!("\n\n{line}\n"),
        format!("text\n{line}\n"),
        format!("text\n\n{line}"),
        format!("text\n\n{line}\n\n"),
        format!("text\n\n{line}\nx\n"),
        format!("te\tx\n\n{line}\n"),
        note.replace('\u{2014}', "-"),
        note.replace("k ", "k  "),
        "text\n\n\u{2014} k AAAAAA==\n".into(),
        "text\n\n\u{2014} k+l AAAAAAAA\n".into(),
        format!("text\n\n{}", format!("{line}\n").repeat(101)),
    ];
    for note in bad {
        Note::parse(note.as_bytes()).expect_err(&note);
    }
    for name in ["", "a b", "a+b", "a\u{a0}b", "a\nb"] {
        VerifyingKey::new(name, [1; 32]).expect_err(name);
    }
    let text = key.verifying_key().to_string();
    for bad in [
        text.replacen('+', "x", 1),
        text.replace("k+", "l+"),
        text.to_uppercase(),
        text[..20].to_owned(),
    ] {
        VerifyingKey::parse(&bad).expect_err(&bad);
    }
    Note::sign("no end", &[&key]).expect_err("no end of line");
    Note::sign("", &[&key]).expect_err("empty");
}

#[test]
fn each_epoch_is_a_log_of_its_own() {
    let time = UtcMicros::new(1_795_396_000_123_456).expect("an instant");
    let head = Head {
        epoch: 2,
        size: 7,
        root: Hash::of(b"r"),
        time,
    };
    let checkpoint = head.to_checkpoint("example.com/journal");
    assert_eq!(checkpoint.origin, "example.com/journal/2");
    // One key signs all epochs, each by the name of its log.
    let key = signer("example.com/journal/2", 1);
    let note = checkpoint.sign(&key).expect("its own key");
    let known = [key.verifying_key().named("another-name").expect("a name")];
    let opened = Head::open(note.as_bytes(), &known).expect("a head");
    assert_eq!((opened.0.as_str(), opened.1), ("example.com/journal", head));
    assert_eq!(opened.2, *key.verifying_key());
    let stranger = signer("example.com/journal/2", 2);
    let strangers = [stranger.verifying_key().clone()];
    let refused = Head::open(note.as_bytes(), &strangers).expect_err("another key");
    assert!(refused.to_string().contains("signed by none"), "{refused}");
    let undated = Checkpoint {
        extensions: vec![],
        ..checkpoint
    };
    let undated = undated.sign(&key).expect("its own key");
    Head::open(undated.as_bytes(), &known).expect_err("it says no time");
}

proptest! {
    #[test]
    fn a_signed_checkpoint_changed_anywhere_is_refused(position: prop::sample::Index, byte: u8) {
        let key = signer(ORIGIN, 1);
        let note = checkpoint().sign(&key).expect("its own key");
        let mut bytes = note.into_bytes();
        let at = position.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        prop_assert!(Checkpoint::open(&bytes, &[key.verifying_key().clone()]).is_err());
    }

    #[test]
    fn arbitrary_text_never_panics(text in "(?s).{0,200}") {
        if let Ok(read) = Checkpoint::parse_text(&text) {
            prop_assert_eq!(read.to_text(), Ok(text.clone()));
        }
        let _ = Note::parse(text.as_bytes()).is_ok();
    }
}
