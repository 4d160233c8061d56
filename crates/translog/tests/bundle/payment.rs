//! The life of a payment run: what was done by different people in order is proven, whatever is missing is named.

use countersign_translog::Hash;
use countersign_translog::bundle::payment::{Lived, Lives};
use countersign_translog::bundle::{Known, Refused, verify};
use countersign_translog::entry::{Commitment, Id};

use crate::log::{Log, OWNER, Part, SALT, plain, word};

const RUN: &str = "0c0c0c0c-0c0c-0c0c-0c0c-0c0c0c0c0c0c";
const BILL: &str = "0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b";
const ACCOUNT: &str = "0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a";
const FILE: &[u8] = b"<Document/>";
const DOCUMENT: &[u8] = b"%PDF";
const CLERK: u8 = 31;
const APPROVER: u8 = 32;
const VERIFIER: u8 = 33;
const PAYER: u8 = 34;
const RELEASER: u8 = 35;

/// Who did what to which object, and what the entry says.
#[derive(Clone)]
struct Act {
    by: u8,
    behalf: Option<u8>,
    action: &'static str,
    object: (&'static str, &'static str),
    says: Vec<(&'static str, String)>,
}

fn act(by: u8, action: &'static str, says: &[(&'static str, &str)]) -> Act {
    let object = match action.split_once('.').expect("noun and verb").0 {
        "payment-run" => ("payment-run", RUN),
        "bank-account" => ("bank-account", ACCOUNT),
        _ => ("bill", BILL),
    };
    let says = says
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Act {
        by,
        behalf: None,
        action,
        object,
        says: says.collect(),
    }
}

/// A run of one bill, as it should be.
fn good() -> Vec<Act> {
    let (file, document) = (Hash::of(FILE).to_string(), Hash::of(DOCUMENT).to_string());
    vec![
        act(CLERK, "bank-account.entered", &[("iban", "DE89…3000")]),
        act(VERIFIER, "bank-account.verified", &[]),
        act(CLERK, "bill.received", &[("documents", &document)]),
        act(CLERK, "bill.coded", &[]),
        act(CLERK, "bill.submitted", &[("digest", "d1")]),
        act(
            APPROVER,
            "bill.approved",
            &[("digest", "d1"), ("approvals", "1/1")],
        ),
        act(
            PAYER,
            "payment-run.proposed",
            &[("bills", BILL), ("accounts", ACCOUNT)],
        ),
        act(CLERK, "payment-run.countersigned", &[]),
        act(PAYER, "payment-run.file-generated", &[("sha256", &file)]),
        act(RELEASER, "payment-run.released", &[("sha256", &file)]),
    ]
}

fn part(acts: &[Act], shows: bool) -> Part {
    let mut log = Log::of(0);
    let who = |byte: u8| Id::from_bytes([byte; 16]);
    for (number, act) in (0..).zip(acts) {
        let mut entry = plain(OWNER, number);
        entry.actor = Some(who(act.by));
        entry.on_behalf_of = act.behalf.map(who);
        entry.action = word(act.action);
        entry.object_kind = word(act.object.0);
        entry.object_id = word(act.object.1);
        let commits = act.says.iter().map(|(name, value)| {
            let name = word(&format!("after.{name}"));
            (
                name.clone(),
                Commitment::new(&SALT, &name, value.as_bytes()),
            )
        });
        entry.commits = commits.collect();
        log.push(&entry);
    }
    let mut part = log.part(0, log.size());
    for (number, act) in acts.iter().enumerate().filter(|_| shows) {
        for (name, value) in &act.says {
            part.show(number, &format!("after.{name}"), value);
        }
    }
    part
}

fn lives(part: &Part) -> Lives {
    let mut lives = Lives::default();
    verify(
        part.to_bytes().as_slice(),
        &Known::default(),
        |number, entry, values| {
            lives.take(number, entry, values);
        },
    )
    .expect("the bundle holds");
    lives
}

fn proven(acts: &[Act]) -> Result<Lived, Refused> {
    let documents = [Hash::of(DOCUMENT)];
    lives(&part(acts, true)).prove(RUN, Some(Hash::of(FILE)), &documents)
}

#[test]
fn a_payment_is_proven_from_the_document_to_the_file() {
    let lived = proven(&good()).expect("proven");
    assert_eq!(lived.file, Hash::of(FILE));
    assert!(lived.documents.contains(&Hash::of(DOCUMENT)));
    let actions: Vec<&str> = lived
        .steps
        .iter()
        .map(|step| step.action.as_str())
        .collect();
    let expected: Vec<&str> = good().iter().map(|act| act.action).collect();
    assert_eq!(actions, expected);
}

#[test]
fn files_that_do_not_belong_to_it_are_refused() {
    let lives = lives(&part(&good(), true));
    let other = Some(Hash::of(b"another file"));
    let refused = lives.prove(RUN, other, &[]).expect_err("another file");
    let said = refused.to_string();
    assert!(said.contains("not the one that was released"), "{said}");
    let other = [Hash::of(b"another document")];
    let refused = lives
        .prove(RUN, None, &other)
        .expect_err("another document");
    let said = refused.to_string();
    assert!(said.contains("none of its bills"), "{said}");
}

#[test]
fn nothing_is_proven_without_values_or_beginnings() {
    let hidden = lives(&part(&good(), false));
    let refused = hidden.prove(RUN, None, &[]).expect_err("values are hidden");
    let said = refused.to_string();
    assert!(said.contains("with its values"), "{said}");
    for (beginning, what) in [(0, "bank-account"), (2, "bill"), (6, "payment-run")] {
        let mut acts = good();
        acts.remove(beginning);
        let refused = proven(&acts).expect_err("its beginning is missing");
        let said = refused.to_string();
        assert!(
            said.starts_with(what) && said.contains("beginning"),
            "{said}"
        );
    }
}

/// Each guard with the step that is taken out, or done by whom it should not be.
#[test]
fn every_step_is_needed_and_has_a_person_of_its_own() {
    for (step, why) in [
        (1, "nobody verified"),
        (4, "not submitted"),
        (5, "nobody approved"),
        (7, "nobody countersigned"),
        (8, "no file"),
        (9, "not released"),
    ] {
        let mut acts = good();
        acts.remove(step);
        let refused = proven(&acts).expect_err("a step is missing");
        assert!(refused.to_string().contains(why), "{refused}");
    }
    for (step, by, why) in [
        (
            1,
            CLERK,
            "did bank-account.entered and bank-account.verified",
        ),
        (5, CLERK, "and bill.approved"),
        (7, PAYER, "and payment-run.countersigned"),
        (9, APPROVER, "who released it"),
        (9, VERIFIER, "who released it"),
    ] {
        for is_delegate in [false, true] {
            let mut acts = good();
            if is_delegate {
                acts[step].behalf = Some(by);
            } else {
                acts[step].by = by;
            }
            let refused = proven(&acts).expect_err("one human, two duties");
            assert!(refused.to_string().contains(why), "{refused}");
        }
    }
    // Checking both is one duty where there are few humans.
    let mut acts = good();
    acts[1].by = APPROVER;
    proven(&acts).expect("approved and verified by one");
}

#[test]
fn what_changed_after_it_was_approved_is_not_approved() {
    for (at, action, why) in [
        (
            6,
            "bill.corrected",
            "bill.corrected came after bill.submitted",
        ),
        (6, "bill.coded", "bill.coded came after bill.submitted"),
        (9, "approval.voided", "came after bill.submitted"),
        (
            9,
            "bank-account.rejected",
            "came after bank-account.verified",
        ),
        (9, "payment-run.voided", "voided"),
    ] {
        let mut acts = good();
        acts.insert(at, act(CLERK, action, &[]));
        let refused = proven(&acts).expect_err(action);
        assert!(refused.to_string().contains(why), "{action}: {refused}");
    }
    let mut acts = good();
    acts[5].says[0].1 = "d2".to_owned();
    proven(&acts).expect_err("something else was approved");
    let mut acts = good();
    acts[5].says[1].1 = "1/2".to_owned();
    proven(&acts).expect_err("by fewer than were needed");
    let mut acts = good();
    acts[8].says[0].1 = Hash::of(b"another file").to_string();
    proven(&acts).expect_err("another file was generated");
    let mut acts = good();
    acts.swap(7, 9);
    proven(&acts).expect_err("released before it was countersigned");
}

#[test]
fn a_payment_that_was_taken_out_of_the_run_is_not_asked_for() {
    let mut acts = good();
    acts[6].says[0].1 = format!("{BILL} 0d0d0d0d-0d0d-0d0d-0d0d-0d0d0d0d0d0d");
    proven(&acts).expect_err("nothing is known of the second bill");
    let removed = act(
        PAYER,
        "payment-run.payment-removed",
        &[("bill", "0d0d0d0d-0d0d-0d0d-0d0d-0d0d0d0d0d0d")],
    );
    acts.insert(7, removed);
    proven(&acts).expect("without the second bill");
}

#[test]
fn what_is_written_after_the_release_did_not_let_it_be_released() {
    let other = "0d0d0d0d-0d0d-0d0d-0d0d-0d0d0d0d0d0d";
    let mut acts = good();
    acts[6].says[0].1 = format!("{BILL} {other}");
    let removed = || act(PAYER, "payment-run.payment-removed", &[("bill", other)]);
    acts.push(removed());
    let refused = proven(&acts).expect_err("it was paid with the others");
    assert!(refused.to_string().contains(other), "{refused}");
    let end = acts.len() - 1;
    acts.insert(8, removed());
    acts.truncate(end + 1);
    proven(&acts).expect_err("whoever countersigned saw it in the run");

    // A first release that was wrong is not made right by one that follows.
    let mut acts = good();
    let (countersigned, released) = (acts[7].clone(), acts[9].clone());
    acts.swap(7, 9);
    acts.extend([countersigned, acts[8].clone(), released]);
    proven(&acts).expect_err("it was released before it was countersigned");

    let mut acts = good();
    acts.push(act(PAYER, "payment-run.voided", &[]));
    proven(&acts).expect_err("it was voided afterwards");
}

#[test]
fn what_came_after_the_release_or_was_approved_in_vain_counts_against_nobody() {
    let mut acts = good();
    acts.push(act(CLERK, "bill.coded", &[]));
    acts.push(act(CLERK, "bank-account.rejected", &[]));
    acts.push(act(RELEASER, "bill.approved", &[]));
    let lived = proven(&acts).expect("it was released as it had to be");
    assert_eq!(lived.steps.len(), acts.len(), "all of it is told");

    // Whoever approved what was submitted anew afterwards approved nothing of what was paid.
    let mut acts = good();
    let (submitted, mut approved) = (acts[4].clone(), acts[5].clone());
    approved.by = RELEASER;
    acts.splice(5..5, [approved.clone(), submitted]);
    proven(&acts).expect("the second approval counts");
    acts.insert(8, approved);
    let refused = proven(&acts).expect_err("the releaser approved what was paid");
    assert!(refused.to_string().contains("who released it"), "{refused}");
}
