//! What keeps a sealed value from being shown, taken away: it is shown then, so that nothing else had kept it.

use countersign::assurance::keys::reveals::RevealId;
use countersign::assurance::keys::reveals::actions::RevealError;
use countersign::assurance::keys::reveals::rules::{APPROVED_US, OPEN_US};
use countersign::identity::access::{Denied, HumanId, Permission, Role};
use countersign::params;
use countersign::payables::payments::actions::download_file;
use countersign::platform::clock::Micros;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{sequence_pending, verify};
use countersign::platform::store::{Reads as _, Sql, StoreError};

use super::forged::with_code;
use super::pages::browser;
use super::{Office, iban_of, texts};
use crate::support::stores::on_both;
use crate::support::world::{Somebody, fresh};
use crate::vendors::{IBAN, OTHER_IBAN};

const ANOTHER_HUMAN: Sql = Sql::change(
    "people",
    "UPDATE people SET human_id = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const LATER: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET expires_us = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const APPROVED: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET state = 'approved', decided_by_id = $3, decided_human_id = $4, decided_us = asked_us, expires_us = $5, \
     tag = $6, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const DIGEST: Sql = Sql::read("SELECT set_digest FROM reveals WHERE org_id = $1 AND id = $2");

/// Another account of hers, just signed in: no session lives as long as a request.
async fn again(office: &Office, who: &Somebody) -> Somebody {
    let world = office.world();
    let roles = [Role::SecurityOfficer];
    world.somebody_as("Again", &roles, who.human).await
}

/// An approval with the code that an approver's is made with, by somebody who has the keys and asked nobody.
async fn approve_by_keys(office: &Office, id: RevealId, expires: Micros) {
    let world = office.world();
    let read = world
        .app
        .store
        .read::<_, StoreError, _>(Scope::of(world.organisation), move |read| {
            read.one(&DIGEST, params![id])
        });
    let (digest,): (Vec<u8>,) = read.await.expect("it reads");
    let both = |who: &Somebody| [*who.person.as_bytes(), *who.human.as_bytes()].concat();
    let parts = [
        id.as_bytes().to_vec(),
        digest,
        both(&office.rita),
        both(&office.sven),
        expires.0.to_be_bytes().to_vec(),
        b"bank".to_vec(),
    ];
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let tag = world.keys().await.authenticate("reveal approval", &parts);
    let (by, human) = (office.sven.person, office.sven.human);
    let params = params![id, by, human, expires, tag.as_slice()].to_vec();
    with_code(office, APPROVED, params).await;
}

/// A mask is what was kept as one, and no page opens anything to make it.
#[test]
fn where_the_mask_holds_the_value_the_page_shows_it() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let mut ann = browser(&office, &office.house.office.enters);
        let path = format!("/vendors/{}", office.vendor);
        let page = ann.get(&path).await.body;
        assert!(!page.contains(IBAN) && !page.contains(OTHER_IBAN), "{page}");
        let unmask = format!(
            "UPDATE vendor_bank_accounts SET iban_masked = '{IBAN}' WHERE id = '{}'",
            office.account
        );
        office.world().tamper("vendor_bank_accounts", &unmask).await;
        let page = ann.get(&path).await.body;
        assert!(page.contains(IBAN), "{page}");
    });
}

/// Who is one human is said by the accounts' rows, which their codes guard.
#[test]
fn a_second_account_that_passes_for_another_human_approves() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let id = office.both().await;
        let twice = again(&office, &office.rita).await;
        let refused = office.approve(&twice, id).await;
        assert!(
            matches!(refused, Err(RevealError::SameHuman)),
            "{refused:?}"
        );
        let other: HumanId = fresh(office.world());
        let params = params![twice.person, other].to_vec();
        with_code(&office, ANOTHER_HUMAN, params).await;
        office.approve(&twice, id).await.expect("it is believed");
        office.open(&office.rita, id).await.expect("opens");
    });
}

#[test]
fn a_request_whose_day_somebody_lengthens_is_approved_late() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let id = office.both().await;
        t.clock.advance(OPEN_US);
        let sven = again(&office, &office.sven).await;
        let late = office.approve(&sven, id).await;
        assert!(matches!(late, Err(RevealError::Late)), "{late:?}");
        let until = Micros(t.clock.now().0 + 1);
        with_code(&office, LATER, params![id, until].to_vec()).await;
        office.approve(&sven, id).await.expect("it is believed");
    });
}

/// With the row's code alone an approval is none (`forged`); with the keys of the field root it is one, for as long as it says.
#[test]
fn whoever_has_the_keys_approves_what_nobody_approved_and_for_as_long_as_she_likes() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let id = office.approved().await;
        for _ in 0..6 {
            t.clock.advance(APPROVED_US / 6);
            office.rita.access().await;
        }
        let late = office.open(&office.rita, id).await;
        assert!(matches!(late, Err(RevealError::Late)), "{late:?}");
        let until = Micros(t.clock.now().0 + 1);
        approve_by_keys(&office, id, until).await;
        office.open(&office.rita, id).await.expect("it is believed");
        // Nobody was asked at all.
        let id = office.both().await;
        approve_by_keys(&office, id, until).await;
        let seen = office.open(&office.rita, id).await.expect("opens");
        assert_eq!(texts(&seen).len(), 2);
    });
}

/// What the owner's page tells is rows. Whoever takes them away is found by the journal, which knows that they were there.
#[test]
fn a_showing_that_was_taken_off_the_owners_page_is_found() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let world = office.world();
        let id = office.approved().await;
        office.open(&office.rita, id).await.expect("opens");
        let bad = async || {
            let now = Micros(world.app.now().0 + 1);
            sequence_pending(&world.app.store, "test", now)
                .await
                .expect("numbers");
            let scope = Scope::of(world.organisation);
            let verified = verify(&world.app.store, scope, now).await;
            verified.expect("it reads").bad
        };
        let mut ann = browser(&office, &office.house.office.enters);
        let path = format!("/vendors/{}/seen", office.vendor);
        assert!(ann.get(&path).await.body.contains("Rita"));
        assert_eq!(bad().await, None);
        t.without_triggers(&format!(
            "DELETE FROM reveal_values WHERE reveal_id = '{id}'; DELETE FROM reveals WHERE id = '{id}';"
        ))
        .await;
        assert!(!ann.get(&path).await.body.contains("Rita"));
        let found = bad().await.expect("two rows are missing");
        assert!(found.reason.contains("reveal"), "{found:?}");
    });
}

/// A payment file holds every account that it pays, and takes nobody who reveals: it is written from sealed values and shown to no
/// page. Whoever fetches it may see none of them otherwise.
#[test]
fn a_payment_file_is_written_without_anybody_being_shown_anything() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let house = &office.house;
        let bill = house.bill(office.vendor, 12_000).await;
        let run = house.countersigned(&[bill]).await;
        house.generate(run).await.expect("a file");
        house.release(run).await.expect("released");
        let by = house.releases.access().await;
        assert!(!by.may(Permission::SecretsReveal));
        let file = download_file(&office.world().app, &by, run).await;
        let bytes = file.expect("the file").bytes;
        assert!(String::from_utf8_lossy(&bytes).contains(IBAN));
        for action in ["secret.revealed", "reveal.asked"] {
            assert!(office.told(action).await.is_empty(), "{action}");
        }
        let refused = office
            .ask(&house.releases, &[iban_of(office.account)])
            .await;
        let is_denied = matches!(refused, Err(RevealError::Denied(Denied::Lacks(_))));
        assert!(is_denied, "{refused:?}");
    });
}
