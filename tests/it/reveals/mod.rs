//! Sealed values in full: for a purpose, with a fresh factor, and by two where one is not enough. Whoever tries it without is stopped;
//! beside each try stands its twin, which differs in the one thing that stops it.

mod attacks;
mod counted;
mod forged;
mod mails;
mod pages;
mod unguarded;

use std::sync::Arc;

use countersign::assurance::keys::reveals::actions::{
    Asked, RevealError, Shown, Wanted, ask, decide, open,
};
use countersign::assurance::keys::reveals::{Named, Purpose, RevealId, Revealable};
use countersign::identity::access::{Access, Role};
use countersign::identity::policy::{Terms, propose};
use countersign::identity::powers::Verdict;
use countersign::payables::ids::{AccountId, VendorId};
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;
use countersign::platform::store::journal::read::{Filter, Told, entries};

use super::payments::house::House;
use super::support::stores::TestStore;
use super::support::world::{Somebody, World};
use super::vendors::{IBAN, OTHER_IBAN};

const REASON: &str = "return of run 12";

/// Rita and Sven watch over security; a vendor has two accounts.
struct Office {
    house: House,
    rita: Somebody,
    sven: Somebody,
    vendor: VendorId,
    account: AccountId,
    other: AccountId,
}

fn iban_of(account: AccountId) -> Named {
    named(Revealable::VendorIban, account)
}

fn named(what: Revealable, row: impl ToString) -> Named {
    let row = row.to_string().parse().expect("an id");
    Named { what, row }
}

fn wanted(values: &[Named]) -> Wanted {
    Wanted {
        values: values.to_vec(),
        vendors: Vec::new(),
        purpose: Some(Purpose::Bank),
        reason: REASON.to_owned(),
    }
}

fn waits(asked: Result<Asked, RevealError>) -> RevealId {
    match asked {
        Ok(Asked::Waits(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn shown(asked: Result<Asked, RevealError>) -> Shown {
    match asked {
        Ok(Asked::Shown(shown)) => *shown,
        other => panic!("{other:?}"),
    }
}

fn texts(shown: &Shown) -> Vec<String> {
    let values = shown.values.iter();
    values.map(|value| value.secret.expose().clone()).collect()
}

impl Office {
    async fn new(t: &Arc<TestStore>) -> Self {
        let house = House::new(t).await;
        let (vendor, account) = house.office.payable_vendor("Nordwind", IBAN).await;
        let other = house.office.enter(vendor, OTHER_IBAN).await;
        let world = house.world();
        Self {
            rita: world.somebody("Rita", &[Role::SecurityOfficer]).await,
            sven: world.somebody("Sven", &[Role::SecurityOfficer]).await,
            vendor,
            account,
            other,
            house,
        }
    }

    fn world(&self) -> &World {
        self.house.world()
    }

    async fn ask_as(&self, who: &Access, values: &[Named]) -> Result<Asked, RevealError> {
        ask(&self.world().app, who, wanted(values)).await
    }

    async fn ask(&self, who: &Somebody, values: &[Named]) -> Result<Asked, RevealError> {
        self.ask_as(&who.access().await, values).await
    }

    /// Rita asks for both accounts.
    async fn both(&self) -> RevealId {
        let values = [iban_of(self.account), iban_of(self.other)];
        waits(self.ask(&self.rita, &values).await)
    }

    async fn approve(&self, by: &Somebody, id: RevealId) -> Result<(), RevealError> {
        decide(&self.world().app, &by.access().await, id, Verdict::Confirm).await
    }

    /// Both accounts, approved by Sven.
    async fn approved(&self) -> RevealId {
        let id = self.both().await;
        self.approve(&self.sven, id).await.expect("another human");
        id
    }

    async fn open(&self, by: &Somebody, id: RevealId) -> Result<Shown, RevealError> {
        open(&self.world().app, &by.access().await, id).await
    }

    /// The one administrator there is puts a policy in force.
    async fn set_per_hour(&self, reveals_per_hour: i64) {
        let ada = self.world().somebody("Ada", &[Role::Administrator]).await;
        let terms = Terms {
            reveals_per_hour,
            ..Terms::STANDARD
        };
        propose(&self.world().app, &ada.access().await, terms)
            .await
            .expect("in force at once");
    }

    async fn told(&self, action: &str) -> Vec<Told> {
        let filter = Filter {
            action: action.to_owned(),
            ..Filter::default()
        };
        self.world()
            .app
            .store
            .read::<_, StoreError, _>(Scope::of(self.world().organisation), move |read| {
                entries(read, &filter, None, 50)
            })
            .await
            .expect("the database answers")
    }
}

fn fact(told: &Told, name: &str) -> String {
    let mut changes = told.changes.iter();
    let change = changes.find(|change| change.field == name);
    change.and_then(|one| one.after.clone()).unwrap_or_default()
}
