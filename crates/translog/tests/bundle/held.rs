//! Against a head that somebody kept: nothing may be missing since, and a restore must have been declared.

use countersign_translog::bundle::{Known, Refused, Report, Standing, verify};

use crate::log::{Log, Part, plain};

fn against(part: &Part, heads: &[Vec<u8>]) -> Result<Report, Refused> {
    let known = Known {
        heads: heads.to_vec(),
        ..Known::default()
    };
    verify(part.to_bytes().as_slice(), &known, |_, _, _| {})
}

fn because(outcome: Result<Report, Refused>, why: &str) {
    let said = outcome.expect_err(why).to_string();
    assert!(said.contains(why), "{said}");
}

fn standing(part: &Part, head: &[u8]) -> Standing {
    against(part, &[head.to_vec()]).expect("it holds").held[0].1
}

#[test]
fn a_journal_that_only_grew_contains_every_earlier_head() {
    let mut log = Log::of(0);
    let mut heads = Vec::new();
    for _ in 0..7 {
        heads.push(log.checkpoint());
        log.grow(13);
    }
    let report = against(&log.part(0, log.size()), &heads).expect("it holds");
    assert!(
        report
            .held
            .iter()
            .all(|(_, standing)| *standing == Standing::Contained)
    );
    assert_eq!(report.held.len(), 7);
    // A part says so of the heads that it reaches, and no more.
    assert_eq!(standing(&log.part(26, 60), &heads[2]), Standing::Contained);
    assert_eq!(standing(&log.part(26, 60), &heads[4]), Standing::Contained);
    for unreached in [&heads[1], &heads[5]] {
        let refused = against(&log.part(26, 60), std::slice::from_ref(unreached));
        because(refused, "cannot be compared");
    }
}

/// The whole database of last night, put back: the journal fits together, and is shorter than what is held.
#[test]
fn a_roll_back_that_nobody_declared_is_an_alarm() {
    let mut log = Log::of(40);
    let last_night = log.clone();
    log.grow(10);
    let held = log.checkpoint();
    assert!(
        against(&last_night.part(0, 40), &[]).is_ok(),
        "without the head nothing shows"
    );
    let refused = against(&last_night.part(0, 40), std::slice::from_ref(&held));
    because(refused, "50 entries) is not in it");
    // Grown again, past the head, by other entries.
    let mut regrown = last_night;
    for number in 0..20 {
        regrown.push(&plain(crate::log::OWNER, 500 + number));
    }
    let refused = against(&regrown.part(0, 60), &[held]);
    because(refused, "50 entries) is not in it");
}

#[test]
fn a_declared_restore_names_what_it_gave_up() {
    let mut log = Log::of(40);
    let (early, mut middle) = (log.checkpoint(), log.clone());
    log.grow(10);
    let lost = log.checkpoint();
    middle.grow(5);
    let middle = middle.checkpoint();
    log.restore(42);
    log.grow(20);
    let whole = log.part(0, log.size());
    assert_eq!(standing(&whole, &early), Standing::Contained);
    assert_eq!(standing(&whole, &lost), Standing::GivenUp(42));
    assert_eq!(standing(&whole, &middle), Standing::GivenUp(42));
    assert_eq!(standing(&whole, &log.checkpoint()), Standing::Contained);
    let report = against(&whole, &[]).expect("it holds");
    assert_eq!((report.head.epoch, report.declared.len()), (2, 1));
    assert_eq!(report.declared[0].1.lost(), 42..50);
    // A head beyond what the restore says it gave up, and one that is not the head given up.
    let mut longer = Log::of(55);
    because(
        against(&whole, &[longer.checkpoint()]),
        "55 entries) is not in it",
    );
    longer.entries.truncate(49);
    longer.push(&plain(crate::log::OWNER, 777));
    because(
        against(&whole, &[longer.checkpoint()]),
        "50 entries) is not in it",
    );
    // What starts behind the declaration cannot tell, and says so.
    let refused = against(&log.part(45, 60), &[lost]);
    because(refused, "cannot be compared");
}

/// A restore behind an earlier restore takes that one's declaration away, and declares more.
#[test]
fn restores_may_follow_each_other() {
    let mut log = Log::of(40);
    let first = log.checkpoint();
    log.restore(30);
    log.grow(5);
    let second = log.checkpoint();
    log.restore(20);
    log.grow(30);
    let whole = log.part(0, log.size());
    assert_eq!(standing(&whole, &first), Standing::GivenUp(20));
    assert_eq!(standing(&whole, &second), Standing::GivenUp(20));
    let report = against(&whole, &[]).expect("it holds");
    assert_eq!(report.head.epoch, 3);
}

#[test]
fn a_declaration_where_none_can_stand_is_refused() {
    // Moved away from where the restore went back to.
    let mut log = Log::of(40);
    log.restore(30);
    let declaration = log.entries.pop().expect("it was pushed");
    log.grow(1);
    log.entries.push(declaration);
    let said = against(&log.part(0, 32), &[])
        .expect_err("it stands elsewhere")
        .to_string();
    assert!(
        said.contains("entry 31") && said.contains("does not fit"),
        "{said}"
    );
    // An epoch that no entry declares.
    let mut log = Log::of(40);
    log.epoch = 2;
    because(against(&log.part(0, 40), &[]), "not those that were signed");
}
