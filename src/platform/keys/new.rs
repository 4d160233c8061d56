//! The keys of an organisation that is about to be made.

use std::sync::Arc;

use countersign_sealing::{Entropy, Hierarchy, Key, KeyVersion};

use super::ring::{DOCUMENTS, KeyError, Keyring, OrgKeys, VALUES, context, insert};
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
        let wrapped = async |hierarchy, purpose, key| {
            let context = context(organisation, hierarchy, purpose, None, KeyVersion::FIRST);
            self.roots.of(hierarchy).wrap(key, &context, entropy).await
        };
        Ok(NewOrganisation {
            wrapped_documents: wrapped(Hierarchy::Storage, DOCUMENTS, &documents).await?,
            wrapped_values: wrapped(Hierarchy::Field, VALUES, &values).await?,
            keys: Arc::new(OrgKeys::of_two(organisation, documents, values)),
        })
    }
}

/// The keys of an organisation that is about to be made.
#[derive(Debug)]
pub struct NewOrganisation {
    keys: Arc<OrgKeys>,
    wrapped_documents: Vec<u8>,
    wrapped_values: Vec<u8>,
}

impl NewOrganisation {
    /// Keeps them, within the transaction that makes the organisation.
    pub fn insert(&self, tx: &mut Tx<'_>) -> Result<Arc<OrgKeys>, KeyError> {
        let (documents, values) = (&self.wrapped_documents, &self.wrapped_values);
        insert(tx, Hierarchy::Storage, DOCUMENTS, documents)?;
        insert(tx, Hierarchy::Field, VALUES, values)?;
        Ok(Arc::clone(&self.keys))
    }
}
