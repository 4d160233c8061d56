//! What the journal showed of a subject goes with its key. Entries, numbers and heads stay, and nothing else may go.

use std::sync::Arc;

use countersign::assurance::keys::disposal::actions::{
    DisposalError, Receipt, decide, find, propose,
};
use countersign::identity::access::Role;
use countersign::identity::people::set_suspended;
use countersign::identity::powers::Verdict;
use countersign::platform::clock::Micros;
use countersign::platform::keys::KeyError;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{
    KnownHead, Verification, sequence_pending, verify_against,
};
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use super::Former;
use crate::support::stores::{TestStore, on_both};
use crate::vendors::OTHER_IBAN;

/// What is shown of a vendor and its accounts, and of a person.
const SHOWN: Sql = Sql::read(
    "SELECT e.action, o.opening FROM journal_entries e JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     WHERE e.org_id = $1 AND e.object_kind IN ('vendor', 'bank-account', 'person', 'account', 'session') ORDER BY e.id",
);

const OPENINGS: Sql = Sql::read("SELECT entry_id, opening FROM journal_openings WHERE org_id = $1");

impl Former {
    async fn shown(&self) -> Vec<(String, String)> {
        let scope = Scope::of(self.world().organisation);
        let read = self
            .world()
            .app
            .store
            .read::<_, StoreError, _>(scope, |read| read.all(&SHOWN, []));
        read.await.expect("it reads")
    }

    async fn verified(&self, known: Vec<KnownHead>) -> Verification {
        let (app, scope) = (&self.world().app, Scope::of(self.world().organisation));
        let now = app.now().plus_us(1);
        sequence_pending(&app.store, "test", now)
            .await
            .expect("entries get their numbers");
        let verified = verify_against(&app.store, scope, now, known).await;
        verified.expect("it reads")
    }

    async fn reason(&self) -> Option<String> {
        self.verified(Vec::new()).await.bad.map(|bad| bad.reason)
    }

    /// The openings as they are, by entry.
    async fn openings(&self) -> Vec<(String, String)> {
        let scope = Scope::of(self.world().organisation);
        let read = self
            .world()
            .app
            .store
            .read::<_, StoreError, _>(scope, |read| read.all(&OPENINGS, []));
        read.await.expect("it reads")
    }

    /// Puts openings back, as a restore of the database does.
    async fn put_back(&self, t: &TestStore, openings: &[(String, String)]) {
        let sql: String = openings
            .iter()
            .map(|(entry, text)| {
                let text = text.replace('\'', "''");
                format!(
                    "UPDATE journal_openings SET opening = '{text}' WHERE entry_id = '{entry}';"
                )
            })
            .collect();
        t.without_triggers(&sql).await;
    }

    /// Makes the openings of one action show nothing, as somebody who owns the database can.
    async fn empty(&self, t: &TestStore, action: &str) {
        t.without_triggers(&format!(
            "UPDATE journal_openings SET opening = '{{\"values\":[],\"rows\":[]}}' WHERE entry_id IN \
             (SELECT id FROM journal_entries WHERE action = '{action}')"
        ))
        .await;
    }
}

const UNEXPLAINED: &str =
    "the entry's opening lacks what was committed to, and no disposal erased it";

#[test]
fn what_the_journal_showed_of_a_vendor_goes_with_its_key() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        former.archive().await;
        // A node whose clock is ahead wrote just before.
        let (mut ahead, vendor) = (former.world().caller(), former.vendor);
        ahead.now = ahead.now.plus_us(10 * Micros::SECOND);
        let store = &former.world().app.store;
        let said = store.write::<_, StoreError, _>(ahead, move |tx| {
            let entry = Entry::new("vendor.changed", "vendor", vendor).version(50);
            tx.commit(
                entry.change("town", Some("Nordwindhafen"), Some("Hamburg")),
                (),
            )
        });
        said.await.expect("it is said");
        let before = former.shown().await;
        let says = |shown: &[(String, String)], what: &str| {
            shown.iter().any(|(_, text)| text.contains(what))
        };
        assert!(
            says(&before, "Nordwind") && says(&before, "after.holder"),
            "{before:?}"
        );
        let known = former.verified(Vec::new()).await;
        assert_eq!(known.bad, None);

        let request = former.propose().await.expect("nothing needs it");
        let (app, by) = (&former.world().app, former.confirms.access().await);
        decide(app, &by, request, Verdict::Confirm)
            .await
            .expect("another human");
        let after = former.shown().await;
        for gone in ["Nordwind", "after.holder", "after.iban", "after.call-back"] {
            assert!(!says(&after, gone), "{gone}");
        }
        let actions = |shown: &[(String, String)]| -> Vec<String> {
            shown.iter().map(|(action, _)| action.clone()).collect()
        };
        assert!(
            actions(&after).starts_with(&actions(&before)),
            "what was done stays"
        );
        assert!(says(&after, "after.currency") && says(&after, "after.status"));

        // A head from before still is one of this journal, and rows are held against what was committed to anew.
        let head = known.head().parse().expect("as it is printed");
        assert_eq!(former.verified(vec![head]).await.bad, None);
        let sql = format!(
            "UPDATE vendors SET town = 'Elsewhere' WHERE id = '{}'",
            former.vendor
        );
        t.behind_the_back(&sql).await;
        let found = former.reason().await.expect("it is found");
        assert!(found.contains("was changed behind the journal"), "{found}");

        let (listed, of) = find(app, &by, request).await.expect("it is there");
        assert!(
            Receipt::of(&listed, &of, str::to_owned)
                .erased
                .contains(&"holder")
        );
    });
}

#[test]
fn nobody_else_makes_an_opening_show_less() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        let (other, _) = former.office.payable_vendor("Sudwind", OTHER_IBAN).await;
        former.archive().await;
        former.destroy().await;
        assert_eq!(former.reason().await, None);

        // Of another vendor, whom no disposal names. The twin is the vendor that one does name: it passed above.
        let openings = former.openings().await;
        t.without_triggers(&format!(
            "UPDATE journal_openings SET opening = '{{\"values\":[],\"rows\":[]}}' WHERE entry_id IN \
             (SELECT id FROM journal_entries WHERE object_id = '{other}' AND action = 'vendor.created')"
        ))
        .await;
        assert_eq!(former.reason().await.as_deref(), Some(UNEXPLAINED));
        former.put_back(&t, &openings).await;
        assert_eq!(former.reason().await, None);

        // Fields that the disposal does not name.
        former.empty(&t, "bank-account.verified").await;
        assert_eq!(former.reason().await.as_deref(), Some(UNEXPLAINED));
        former.put_back(&t, &openings).await;
    });
}

/// Of a database from before, with the journal that it had.
#[test]
fn a_restore_does_not_bring_back_what_was_erased() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        former.archive().await;
        let before = former.openings().await;
        former.destroy().await;
        former.put_back(&t, &before).await;
        let is_shown =
            |shown: Vec<(String, String)>| shown.iter().any(|(_, text)| text.contains("Nordwind"));
        assert!(
            is_shown(former.shown().await),
            "the twin: nothing was replayed yet"
        );
        let store = &former.world().app.store;
        assert_eq!(former.replay(store).await, 1);
        assert!(!is_shown(former.shown().await));
        assert_eq!(former.reason().await, None);
        assert_eq!(former.replay(store).await, 0, "once is enough");
    });
}

#[test]
fn a_row_that_was_changed_behind_the_journal_is_not_committed_to_anew() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        former.archive().await;
        let request = former.propose().await.expect("nothing needs it");
        let sql = format!(
            "UPDATE vendor_bank_accounts SET holder = 'Thief' WHERE id = '{}'",
            former.account
        );
        t.without_triggers(&sql).await;
        let by = former.confirms.access().await;
        let refused = decide(&former.world().app, &by, request, Verdict::Confirm).await;
        assert!(
            matches!(
                refused,
                Err(DisposalError::Store(StoreError::Forged { .. }))
            ),
            "{refused:?}"
        );
        let found = former.reason().await.expect("it is found still");
        assert!(found.contains("was changed behind the journal"), "{found}");
    });
}

#[test]
fn of_a_person_the_name_and_the_addresses_go_and_the_roles_stay() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        let app = &former.world().app;
        let leaves = former.world().somebody("Lena Leaver", &[Role::Clerk]).await;
        let (id, keys) = (leaves.person.to_string(), former.world().keys().await);
        let person = leaves.person;
        let said = app
            .store
            .write::<_, KeyError, _>(former.world().caller(), move |tx| {
                keys.create_subject(tx, person)?;
                let entry = Entry::new("person.renamed", "person", person);
                tx.journal(entry.change("name", Some("Lena Leaver"), Some("Lena L.")))?;
                let entry = Entry::new("role.granted", "person", person).fact("role", Role::Clerk);
                Ok(tx.commit(entry, ())?)
            });
        said.await.expect("it is said");
        let by = former.asks.access().await;
        set_suspended(app, &by, person, true)
            .await
            .expect("she leaves");
        let is_shown = |shown: &[(String, String)], what: &str| {
            shown.iter().any(|(_, text)| text.contains(what))
        };
        assert!(is_shown(&former.shown().await, "Lena Leaver"));
        let request = propose(app, &by, "person", &id, "She left.")
            .await
            .expect("she is gone");
        let confirms = former.confirms.access().await;
        decide(app, &confirms, request, Verdict::Confirm)
            .await
            .expect("another human");
        let shown = former.shown().await;
        assert!(!is_shown(&shown, "Lena Leaver"));
        assert!(
            shown
                .iter()
                .any(|(action, text)| action == "role.granted" && text.contains("clerk"))
        );
        assert_eq!(former.reason().await, None);
    });
}
