//! Finding the vendor that a document means, or asking for a new one.

use countersign_sealing::Secret;

use super::{IdChange, IdKind, insert, set_id};
use crate::params;
use crate::payables::ids::VendorId;
use crate::payables::vendors::VendorError;
use crate::payables::vendors::rules::matching::{Candidate, Decision, MatchedBy, decide};
use crate::payables::vendors::rules::names::name_key;
use crate::payables::vendors::rules::{Facts, VendorStatus, tax_ids};
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::{VENDOR_LEGAL_ID, VENDOR_VAT_ID};
use crate::platform::store::{Entry, Reads, Sql, Tx, Value};
use crate::row;

/// At most this many candidates are looked at: beyond it a person searches anyway.
const CANDIDATES: Sql = Sql::read(
    "SELECT id, name_key, country, vat_id_index, legal_id_index FROM vendors WHERE org_id = $1 AND status <> 'archived' \
     AND (vat_id_index = $2 OR legal_id_index = $3 OR (name_key = $4 AND $4 <> '' AND (country = $5 OR $5 = '' OR country = ''))) \
     ORDER BY id LIMIT 20",
);

row! {
    struct Found {
        id: VendorId,
        name_key: String,
        country: String,
        vat_id_index: Option<Vec<u8>>,
        legal_id_index: Option<Vec<u8>>,
    }
}

/// What a document says of its seller (EN 16931 BG-4). A claim: nothing of it makes anything payable.
#[derive(Debug, Default)]
pub struct SellerClaim {
    /// BT-27.
    pub name: String,
    /// BT-40, ISO 3166-1; empty where the document has none.
    pub country: String,
    pub street: String,
    pub building: String,
    pub post_code: String,
    pub town: String,
    /// BT-31.
    pub vat_id: Option<Secret<String>>,
    /// BT-30.
    pub legal_id: Option<Secret<String>>,
}

/// Whom a document means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorMatch {
    /// None where people have to decide among the candidates, or the document names nobody.
    pub vendor: Option<VendorId>,
    pub how: MatchedBy,
    /// More than none only where it is ambiguous.
    pub candidates: Vec<VendorId>,
}

/// Finds the vendor of a document: by VAT id, then legal id, then name and country. A seller that nobody knows becomes a
/// requested vendor, with a journal entry of its own.
///
/// # Errors
/// Of the store and the keys alone.
pub fn match_or_request(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    claim: &SellerClaim,
) -> Result<VendorMatch, VendorError> {
    let names_somebody =
        !name_key(&claim.name).is_empty() || claim.vat_id.is_some() || claim.legal_id.is_some();
    if !names_somebody {
        return Ok(nobody(MatchedBy::Nothing, Vec::new()));
    }
    let candidates = candidates(tx, keys, claim)?;
    match decide(&candidates) {
        Decision::Found(vendor, how) => Ok(VendorMatch {
            vendor: Some(vendor),
            how,
            candidates: Vec::new(),
        }),
        Decision::Ambiguous(candidates) => Ok(nobody(MatchedBy::Ambiguous, candidates)),
        Decision::Unknown if claim.name.trim().is_empty() => {
            Ok(nobody(MatchedBy::Nothing, Vec::new()))
        }
        Decision::Unknown => request(tx, keys, claim),
    }
}

fn nobody(how: MatchedBy, candidates: Vec<VendorId>) -> VendorMatch {
    VendorMatch {
        vendor: None,
        how,
        candidates,
    }
}

fn candidates(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    claim: &SellerClaim,
) -> Result<Vec<Candidate>, VendorError> {
    let usable = |id: &&Secret<String>| !tax_ids::normalised(id.expose()).is_empty();
    let vat_id = claim.vat_id.as_ref().filter(usable).map(|id| {
        let normalised = tax_ids::normalised(id.expose());
        keys.blind_index(VENDOR_VAT_ID, &normalised).to_vec()
    });
    let country = claim.country.trim().to_uppercase();
    let legal_id = claim.legal_id.as_ref().filter(usable).map(|id| {
        let key = tax_ids::legal_id_key(&country, id.expose());
        keys.blind_index(VENDOR_LEGAL_ID, &key).to_vec()
    });
    let name = name_key(&claim.name);
    let bytes = |index: &Option<Vec<u8>>| index.clone().map_or(Value::Null, Value::Bytes);
    let found: Vec<Found> = reads.all(
        &CANDIDATES,
        params![bytes(&vat_id), bytes(&legal_id), &name, &country],
    )?;
    let candidate = |found: Found| {
        let same_vat_id = vat_id.is_some() && found.vat_id_index == vat_id;
        let both = vat_id.is_some() && found.vat_id_index.is_some();
        Candidate {
            vendor: found.id,
            same_vat_id,
            same_legal_id: legal_id.is_some() && found.legal_id_index == legal_id,
            same_name: !name.is_empty()
                && found.name_key == name
                && (found.country == country || found.country.is_empty() || country.is_empty()),
            other_vat_id: both && !same_vat_id,
        }
    };
    Ok(found.into_iter().map(candidate).collect())
}

fn request(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    claim: &SellerClaim,
) -> Result<VendorMatch, VendorError> {
    let facts = Facts {
        name: claim.name.clone(),
        country: claim.country.clone(),
        street: claim.street.clone(),
        building: claim.building.clone(),
        post_code: claim.post_code.clone(),
        town: claim.town.clone(),
        terms_days: 30,
        ..Facts::default()
    }
    .as_far_as_it_fits();
    let (vendor, key) = insert(tx, keys, VendorStatus::Requested, &facts)?;
    let mut entry = Entry::new("vendor.requested", "vendor", vendor)
        .fact("name", &facts.name)
        .fact("country", &facts.country)
        .fact("status", VendorStatus::Requested);
    let place = (vendor, facts.country.as_str());
    for (kind, name, id) in [
        (IdKind::Vat, "vat-id", &claim.vat_id),
        (IdKind::Legal, "legal-id", &claim.legal_id),
    ] {
        let kept = id.as_ref().filter(|id| {
            let characters = tax_ids::normalised(id.expose()).chars().count();
            (1..=tax_ids::MAX_CHARS).contains(&characters)
        });
        if let Some(id) = kept {
            let change = IdChange::Set(Secret::new(id.expose().clone()));
            if let Some(masked) = set_id(tx, keys, &key, place, kind, &change)? {
                entry = entry.fact(name, masked);
            }
        }
    }
    tx.journal(entry)?;
    Ok(VendorMatch {
        vendor: Some(vendor),
        how: MatchedBy::Requested,
        candidates: Vec::new(),
    })
}
