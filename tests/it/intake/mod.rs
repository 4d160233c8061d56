//! Documents that come in: what real ones become, what hostile ones do not, and that nothing comes in twice.

mod cli;
mod corpus;
mod expected;
mod hostile;
mod once;
mod secrets;
mod web;

use std::sync::Arc;

use countersign::identity::access::Role;
use countersign::identity::organisations::EntityId;
use countersign::params;
use countersign::payables::bills::holds::{self, Hold, HoldKind};
use countersign::payables::bills::rules::Via;
use countersign::payables::bills::store::{self as bills, Bill, BillLine, VatRow};
use countersign::payables::ids::BillId;
use countersign::payables::intake::actions::{File, IntakeError, TakenIn, take_in};
use countersign::platform::app::App;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::support::stores::TestStore;
use super::support::world::{Somebody, World};

const ENTITY: Sql = Sql::change(
    "legal_entities",
    "INSERT INTO legal_entities (org_id, id, name, country, currency, street, building, post_code, town, created_us, version) \
     VALUES ($1, $2, 'Test AG', 'DE', 'EUR', '', '', '', '', $3, 1) RETURNING id",
);

/// An organisation with a legal entity, workers, and a clerk.
pub struct Desk {
    pub world: World,
    pub clerk: Somebody,
}

/// What the database holds of one bill.
pub struct Stored {
    pub bill: Bill,
    pub lines: Vec<BillLine>,
    pub vat: Vec<VatRow>,
    pub holds: Vec<Hold>,
}

impl Stored {
    pub fn held(&self, kind: HoldKind) -> bool {
        self.holds
            .iter()
            .any(|hold| hold.is_open() && hold.kind == kind)
    }
}

impl Desk {
    pub async fn new(t: &Arc<TestStore>) -> Self {
        Self::with(t, |_| {}).await
    }

    /// A desk of an application that `change` has changed.
    pub async fn with(t: &Arc<TestStore>, change: impl FnOnce(&mut App)) -> Self {
        let mut world = World::with_workers(t).await;
        change(Arc::get_mut(&mut world.app).expect("nobody else has it yet"));
        world
            .app
            .store
            .write::<_, StoreError, _>(world.caller(), |tx| {
                let (id, now): (EntityId, _) = (tx.id(), tx.now());
                tx.change_one(&ENTITY, params![id, now])?;
                tx.commit(Entry::new("legal-entity.added", "legal-entity", id), ())
            })
            .await
            .expect("an entity");
        let clerk = world.somebody("Clara", &[Role::Clerk]).await;
        Self { world, clerk }
    }

    pub fn app(&self) -> &Arc<App> {
        &self.world.app
    }

    pub async fn send(&self, name: &str, bytes: &[u8]) -> Result<TakenIn, IntakeError> {
        take_in(
            self.app(),
            &self.clerk.access().await,
            name,
            File::of(self.app(), bytes).await?,
            Via::Upload,
        )
        .await
    }

    pub async fn stored(&self, id: BillId) -> Stored {
        self.app()
            .store
            .read::<_, StoreError, _>(Scope::of(self.world.organisation), move |read| {
                Ok(Stored {
                    bill: bills::find(read, id)?,
                    lines: bills::lines::of_bill(read, id)?,
                    vat: bills::lines::vat_of_bill(read, id)?,
                    holds: holds::of_bill(read, id)?,
                })
            })
            .await
            .expect("the bill is there")
    }
}

/// A small UBL invoice of 100.00 and 19.00 VAT, `number`, whose total with VAT and amount to pay are as given.
pub fn ubl(number: &str, seller: &str, gross: &str, iban: &str, vat_id: &str) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-01-02</cbc:IssueDate><cbc:DueDate>2026-02-01</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PostalAddress><cbc:CityName>Hamburg</cbc:CityName><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>{vat_id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>{seller}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Test AG</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>{iban}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">{gross}</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">{gross}</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Boxes</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">100</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>"#
    )
    .into_bytes()
}

pub const IBAN: &str = "DE89370400440532013000";
pub const VAT_ID: &str = "DE118572044";
