//! The keys of an organisation that is about to be made.

use std::sync::Arc;

use countersign_sealing::{Entropy, Hierarchy, Key, KeyVersion};

use super::ring::{KeyError, Keyring, OrgKeys};
use super::versions::{DOCUMENTS, VALUES, Wrapped, insert};
use crate::platform::ids::OrgId;
use crate::platform::store::Tx;

impl Keyring {
    /// Makes the keys of a new organisation, before the transaction that makes it: a root may be somewhere else.
    pub async fn new_organisation(
        &self,
        organisation: OrgId,
        entropy: &dyn Entropy,
    ) -> Result<NewOrganisation, KeyError> {
        let (documents, values) = (Key::generate(entropy), Key::generate(entropy));
        let of = |hierarchy, purpose| (hierarchy, purpose, KeyVersion::FIRST);
        let place = of(Hierarchy::Storage, DOCUMENTS);
        let wrapped_documents = self.wrapped(organisation, place, &documents, entropy);
        let wrapped_documents = wrapped_documents.await?;
        let place = of(Hierarchy::Field, VALUES);
        let wrapped_values = self.wrapped(organisation, place, &values, entropy).await?;
        Ok(NewOrganisation {
            wrapped: [wrapped_documents, wrapped_values],
            keys: Arc::new(OrgKeys::of_two(organisation, documents, values)),
        })
    }
}

/// The keys of an organisation that is about to be made.
#[derive(Debug)]
pub struct NewOrganisation {
    keys: Arc<OrgKeys>,
    wrapped: [Wrapped; 2],
}

impl NewOrganisation {
    /// Keeps them, within the transaction that makes the organisation.
    pub fn insert(&self, tx: &mut Tx<'_>) -> Result<Arc<OrgKeys>, KeyError> {
        for key in &self.wrapped {
            insert(tx, key, None)?;
        }
        Ok(Arc::clone(&self.keys))
    }
}
