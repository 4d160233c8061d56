//! The chart: its two lists, and the one a new organisation begins with.

use std::collections::BTreeMap;

use super::CodingError;
use crate::identity::access::{Access, Permission};
use crate::payables::coding::rules::import::{self, Import};
use crate::payables::coding::rules::{List, code, name};
use crate::payables::coding::store::{self, ChartEntryId};
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Entry, StoreError, Tx};

/// A neutral chart, enough for the first bills of any trade; people replace it by their own.
const DEFAULT_ACCOUNTS: &[(&str, &str)] = &[
    ("1500", "Equipment and other fixed assets"),
    ("1600", "Software and licences held as assets"),
    ("1900", "Prepaid expenses"),
    ("5000", "Goods for resale"),
    ("5100", "Raw materials and consumables"),
    ("5200", "Packaging"),
    ("5300", "Freight and customs"),
    ("5400", "Subcontractors"),
    ("6000", "Rent and service charges"),
    ("6050", "Energy and water"),
    ("6100", "Repairs and maintenance"),
    ("6150", "Cleaning and security"),
    ("6200", "Office supplies"),
    ("6250", "Telephone and internet"),
    ("6300", "Software and cloud services"),
    ("6350", "Advertising and events"),
    ("6400", "Travel and accommodation"),
    ("6450", "Vehicles and fuel"),
    ("6500", "Insurance"),
    ("6550", "Legal, audit and consulting"),
    ("6600", "Training and recruiting"),
    ("6650", "Bank and payment charges"),
    ("6700", "Duties, fees and subscriptions"),
    ("6900", "Other expenses"),
];
const DEFAULT_CENTRES: &[(&str, &str)] = &[
    ("100", "General"),
    ("200", "Operations"),
    ("300", "Sales and marketing"),
    ("400", "Administration"),
];

/// Gives a new organisation its first chart, within the transaction that makes it.
pub fn seed(tx: &mut Tx<'_>, _keys: &OrgKeys) -> Result<(), StoreError> {
    for (list, defaults) in [
        (List::GlAccounts, DEFAULT_ACCOUNTS),
        (List::CostCentres, DEFAULT_CENTRES),
    ] {
        for (code, name) in defaults {
            store::insert(tx, list, code, name)?;
        }
        let organisation = tx.scope().organisation();
        tx.journal(
            Entry::new("chart.seeded", list.as_str(), organisation).fact("count", defaults.len()),
        )?;
    }
    Ok(())
}

const fn object(list: List) -> &'static str {
    match list {
        List::GlAccounts => "gl-account",
        List::CostCentres => "cost-centre",
    }
}

const fn added(list: List) -> &'static str {
    match list {
        List::GlAccounts => "gl-account.added",
        List::CostCentres => "cost-centre.added",
    }
}

const fn renamed(list: List) -> &'static str {
    match list {
        List::GlAccounts => "gl-account.renamed",
        List::CostCentres => "cost-centre.renamed",
    }
}

const fn retired(list: List, in_use: bool) -> &'static str {
    match (list, in_use) {
        (List::GlAccounts, false) => "gl-account.retired",
        (List::GlAccounts, true) => "gl-account.restored",
        (List::CostCentres, false) => "cost-centre.retired",
        (List::CostCentres, true) => "cost-centre.restored",
    }
}

fn insert(
    tx: &mut Tx<'_>,
    list: List,
    code: &str,
    name: &str,
) -> Result<ChartEntryId, CodingError> {
    store::insert(tx, list, code, name).map_err(|error| match error {
        StoreError::Unique { .. } => CodingError::CodeTaken(code.to_owned()),
        other => other.into(),
    })
}

/// Adds one code.
pub async fn add(
    app: &App,
    who: &Access,
    list: List,
    given_code: &str,
    given_name: &str,
) -> Result<ChartEntryId, CodingError> {
    who.require(Permission::SettingsEdit)?;
    let (code, name) = (code(given_code)?, name(given_name)?);
    app.store
        .write(who.caller(), move |tx| {
            let id = insert(tx, list, &code, &name)?;
            let entry = Entry::new(added(list), object(list), id)
                .fact("code", &code)
                .fact("name", &name);
            Ok(tx.commit(entry, id)?)
        })
        .await
}

/// Gives a code another name.
pub async fn rename(
    app: &App,
    who: &Access,
    list: List,
    (id, version): (ChartEntryId, i64),
    given: &str,
) -> Result<(), CodingError> {
    who.require(Permission::SettingsEdit)?;
    let name = name(given)?;
    app.store
        .write(who.caller(), move |tx| {
            let before = store::entry(tx, list, id)?;
            if before.version != version {
                return Err(CodingError::Conflict);
            }
            store::rename(tx, list, &before, &name)?;
            let entry = Entry::new(renamed(list), object(list), id)
                .version(version + 1)
                .change("name", Some(&before.name), Some(&name));
            Ok(tx.commit(entry, ())?)
        })
        .await
}

/// Takes a code out of use, or (`in_use`) back into it. What was coded with it stays.
pub async fn retire(
    app: &App,
    who: &Access,
    list: List,
    (id, version): (ChartEntryId, i64),
    in_use: bool,
) -> Result<(), CodingError> {
    who.require(Permission::SettingsEdit)?;
    app.store
        .write(who.caller(), move |tx| {
            let before = store::entry(tx, list, id)?;
            if before.version != version || before.retired_us.is_none() == in_use {
                return Err(CodingError::Conflict);
            }
            store::retire(tx, list, &before, in_use)?;
            let entry = Entry::new(retired(list, in_use), object(list), id)
                .version(version + 1)
                .fact("code", &before.code);
            Ok(tx.commit(entry, ())?)
        })
        .await
}

/// What an import did, with the lines that were not taken.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Imported {
    pub added: usize,
    pub renamed: usize,
    pub unchanged: usize,
    pub findings: Vec<import::ImportFinding>,
}

/// Takes a file of `code,name` lines: new codes are added, known ones renamed, retired ones named anew but not revived.
/// Importing a file twice changes nothing the second time.
pub async fn import(
    app: &App,
    who: &Access,
    list: List,
    bytes: &[u8],
) -> Result<Imported, CodingError> {
    who.require(Permission::SettingsEdit)?;
    let Import { entries, findings } = import::read(bytes);
    app.store
        .write(who.caller(), move |tx| {
            import_in(tx, list, &entries, &findings)
        })
        .await
}

fn import_in(
    tx: &mut Tx<'_>,
    list: List,
    entries: &BTreeMap<String, String>,
    findings: &[import::ImportFinding],
) -> Result<crate::platform::store::Committed<Imported>, CodingError> {
    let known: BTreeMap<String, store::ChartEntry> = store::entries(tx, list)?
        .into_iter()
        .map(|entry| (entry.code.clone(), entry))
        .collect();
    let mut imported = Imported {
        added: 0,
        renamed: 0,
        unchanged: 0,
        findings: findings.to_vec(),
    };
    for (code, name) in entries {
        match known.get(code) {
            None => {
                insert(tx, list, code, name)?;
                imported.added += 1;
            }
            Some(before) if before.name != *name => {
                store::rename(tx, list, before, name)?;
                imported.renamed += 1;
            }
            Some(_) => imported.unchanged += 1,
        }
    }
    if imported.added + imported.renamed == 0 {
        return Ok(tx.done(imported)?);
    }
    let organisation = tx.scope().organisation();
    let entry = Entry::new("chart.imported", list.as_str(), organisation)
        .fact("added", imported.added)
        .fact("renamed", imported.renamed)
        .fact("refused", imported.findings.len());
    Ok(tx.commit(entry, imported)?)
}
