//! Vendors: how documents find them, and that nothing but what two humans did makes an account payable (invariants 4, 5).

mod accounts;
mod matching;
mod questions;
mod tampering;

use countersign::identity::access::Role;
use countersign::payables::ids::{AccountId, VendorId};
use countersign::payables::vendors::actions::{
    self, IdChanges, change_status, create_vendor, enter_account, verification_sight,
    verify_account,
};
use countersign::payables::vendors::rules::accounts::{CallBack, NewAccount};
use countersign::payables::vendors::rules::{Facts, VendorStatus};
use countersign::payables::vendors::store::IdChange;
use countersign::payables::vendors::{
    VendorError, VerifiedAccount, WhyNotPayable, payable_account,
};
use countersign::platform::clock::Micros;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;
use countersign_bankfile::account::Iban;
use countersign_money::Currency;
use countersign_sealing::Secret;

use super::support::world::{Somebody, World};

pub const IBAN: &str = "DE89370400440532013000";
pub const OTHER_IBAN: &str = "DE02120300000000202051";

pub fn facts(name: &str) -> Facts {
    Facts {
        name: name.into(),
        country: "DE".into(),
        street: "Hafenstrasse".into(),
        building: "7".into(),
        post_code: "20457".into(),
        town: "Hamburg".into(),
        terms_days: 30,
        ..Facts::default()
    }
}

/// Two people who keep vendors.
pub struct Office {
    pub world: World,
    pub enters: Somebody,
    pub verifies: Somebody,
}

impl Office {
    pub async fn new(t: &std::sync::Arc<super::support::stores::TestStore>) -> Self {
        Self::at(World::new(t).await).await
    }

    pub async fn at(world: World) -> Self {
        let enters = world.somebody("Ann", &[Role::VendorManager]).await;
        let verifies = world.somebody("Ben", &[Role::VendorManager]).await;
        Self {
            world,
            enters,
            verifies,
        }
    }

    pub async fn vendor(&self, name: &str, vat_id: Option<&str>) -> VendorId {
        let who = self.enters.access().await;
        let ids = IdChanges {
            vat_id: vat_id.map_or(IdChange::Keep, |id| IdChange::Set(Secret::new(id.into()))),
            legal_id: IdChange::Keep,
        };
        create_vendor(&self.world.app, &who, facts(name), ids)
            .await
            .expect("a vendor")
    }

    pub async fn active_vendor(&self, name: &str) -> VendorId {
        let vendor = self.vendor(name, None).await;
        self.set_status(vendor, VendorStatus::Active).await;
        vendor
    }

    pub async fn set_status(&self, vendor: VendorId, to: VendorStatus) {
        let who = self.enters.access().await;
        let app = &self.world.app;
        let row = actions::find_vendor(app, &who, vendor)
            .await
            .expect("there");
        change_status(app, &who, vendor, row.version, to, "because")
            .await
            .expect("a step");
    }

    pub async fn enter(&self, vendor: VendorId, iban: &str) -> AccountId {
        let who = self.enters.access().await;
        enter_account(&self.world.app, &who, vendor, account(iban))
            .await
            .expect("entered")
            .account
    }

    /// Verifies as somebody, reading what the page shows first.
    pub async fn verify_as(
        &self,
        who: &Somebody,
        vendor: VendorId,
        account: AccountId,
        iban: &str,
    ) -> Result<Micros, VendorError> {
        let who = who.access().await;
        let app = &self.world.app;
        let sight = verification_sight(app, &who, vendor, account).await?;
        verify_account(app, &who, (vendor, account), sight.digest, call_back(iban)).await
    }

    pub async fn verify(&self, vendor: VendorId, account: AccountId, iban: &str) -> Micros {
        self.verify_as(&self.verifies, vendor, account, iban)
            .await
            .expect("verified")
    }

    /// An active vendor with a verified account.
    pub async fn payable_vendor(&self, name: &str, iban: &str) -> (VendorId, AccountId) {
        let vendor = self.active_vendor(name).await;
        let account = self.enter(vendor, iban).await;
        self.verify(vendor, account, iban).await;
        (vendor, account)
    }

    pub async fn payable(&self, vendor: VendorId) -> Result<VerifiedAccount, WhyNotPayable> {
        let keys = self.world.keys().await;
        let now = self.world.app.now();
        let scope = Scope::of(self.world.organisation);
        self.world
            .app
            .store
            .read::<_, StoreError, _>(scope, move |read| {
                WhyNotPayable::split(payable_account(read, &keys, vendor, now))
            })
            .await
            .expect("the store answers")
    }
}

pub fn account(iban: &str) -> NewAccount {
    NewAccount {
        holder: "Nordwind Verpackungen GmbH".into(),
        iban: Iban::parse(iban).expect("an IBAN"),
        bic: None,
        currency: Currency::EUR,
        source: "Signed letter of 2 January".into(),
    }
}

pub fn call_back(iban: &str) -> CallBack {
    CallBack {
        last_four: iban[iban.len() - 4..].into(),
        spoke_with: "Mr Hansen".into(),
        number: "+49 40 5551200".into(),
        number_known_from: "the contract of 2024".into(),
        comment: String::new(),
    }
}
