//! An entry as the database holds it, to be compared with what its canonical bytes say.

use countersign_translog::entry::Entry as Canonical;

use crate::row;

row! {
    /// An entry as its columns tell it, with its opening and its place.
    pub(super) struct Stored {
        pub(super) id: String,
        pub(super) at_us: i64,
        pub(super) actor_id: Option<String>,
        pub(super) on_behalf_of_id: Option<String>,
        pub(super) credential_kind: String,
        pub(super) credential_id: Option<String>,
        pub(super) action: String,
        pub(super) object_kind: String,
        pub(super) object_id: String,
        pub(super) object_version: i64,
        pub(super) request_id: String,
        pub(super) canonical: Vec<u8>,
        pub(super) mac: Vec<u8>,
        pub(super) opening: Option<String>,
        /// The number of a leaf, or the ordinal of what is pending.
        pub(super) place: Option<i64>,
        pub(super) leaf: Option<Vec<u8>>,
    }
}

impl Stored {
    /// Whether every column says what the canonical bytes say.
    pub(super) fn fits(&self, entry: &Canonical) -> bool {
        let text = |id: &Option<countersign_translog::entry::Id>| id.map(|id| id.to_string());
        let credential = entry.credential.as_ref();
        self.id == entry.id.to_string()
            && self.at_us == entry.time.micros()
            && self.actor_id == text(&entry.actor)
            && self.on_behalf_of_id == text(&entry.on_behalf_of)
            && credential.is_some_and(|credential| {
                credential.kind.as_str() == self.credential_kind
                    && credential.id.as_str() == self.credential_id.as_deref().unwrap_or("none")
            })
            && self.action == entry.action.as_str()
            && self.object_kind == entry.object_kind.as_str()
            && self.object_id == entry.object_id.as_str()
            && u64::try_from(self.object_version).ok() == Some(entry.object_version)
            && entry
                .request
                .as_ref()
                .is_some_and(|request| request.as_str() == self.request_id)
    }
}
