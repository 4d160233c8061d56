//! The two roots, apart from one another, and the database file's key that the storage root wraps.

use std::path::Path;

use countersign_sealing::{
    Entropy, Hierarchy, Key, KeyVersion, OrganisationId, UnwrapError, WrapContext,
};

use super::equal::are_equal;
use super::files::{io, open_or_make, write_private};
use super::root::{Root, RootError};
use super::uri::RootUri;
use crate::platform::clock::Clock;
use crate::platform::config;
use crate::platform::folder::replace;
use crate::platform::ids::{Id as _, OrgId};
use crate::platform::store::FileKey;

/// The roots of the two hierarchies. They only wrap other keys.
#[derive(Debug)]
pub struct Roots {
    storage: Root,
    field: Root,
    /// Those that they took the place of, which open what has not been wrapped anew yet.
    storage_before: Option<Root>,
    field_before: Option<Root>,
}

/// Which root of a hierarchy wrapped something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Current,
    Former,
}

impl Roots {
    /// Reads the roots from files; makes them where `first_start`.
    ///
    /// # Errors
    /// Refuses files that others can read, that are equal, or that are missing beside existing data.
    pub fn open(
        storage: &Path,
        field: &Path,
        first_start: bool,
        entropy: &dyn Entropy,
    ) -> Result<Self, RootError> {
        let local = |path: &Path| {
            open_or_make(path, first_start, entropy).map(|key| (path.display().to_string(), key))
        };
        let (storage, field) = (local(storage)?, local(field)?);
        if storage.1 == field.1 {
            return Err(RootError::Equal);
        }
        let root = |(name, key)| Root::Local { name, key };
        Ok(Self::of_two(root(storage), root(field)))
    }

    /// Opens the roots wherever they are kept; makes files of ours where `first_start`.
    ///
    /// # Errors
    /// Refuses what cannot be used as a root, and two that are one key.
    pub async fn connect(
        storage: &RootUri,
        field: &RootUri,
        first_start: bool,
        entropy: &dyn Entropy,
        clock: &Clock,
    ) -> Result<Self, RootError> {
        if storage.is_same_key(field) {
            return Err(RootError::Equal);
        }
        let storage = Root::open(storage, first_start, entropy, clock).await?;
        let field = Root::open(field, first_start, entropy, clock).await?;
        if are_equal(&storage, &field, entropy).await? {
            return Err(RootError::Equal);
        }
        Ok(Self::of_two(storage, field))
    }

    /// Opens the roots that the configuration names, the former ones among them. None of those is made.
    ///
    /// # Errors
    /// As [`Self::connect`]. No root of one hierarchy is or was one of the other; the two of one hierarchy may be one key, which
    /// was moved to another keeper.
    pub async fn of(
        keys: &config::Keys,
        first_start: bool,
        entropy: &dyn Entropy,
        clock: &Clock,
    ) -> Result<Self, RootError> {
        let (former_storage, former_field) = (&keys.storage_before, &keys.field_before);
        // By their names as well: of some keepers no more can be told.
        let mut named = across(
            (&keys.storage, &keys.field),
            (former_storage.as_ref(), former_field.as_ref()),
        );
        if named.any(|(storage, field)| storage.is_same_key(field)) {
            return Err(RootError::Equal);
        }
        let mut roots =
            Self::connect(&keys.storage, &keys.field, first_start, entropy, clock).await?;
        if let Some(uri) = former_storage {
            roots.storage_before = Some(Root::open(uri, false, entropy, clock).await?);
        }
        if let Some(uri) = former_field {
            roots.field_before = Some(Root::open(uri, false, entropy, clock).await?);
        }
        let opened = across(
            (&roots.storage, &roots.field),
            (roots.storage_before.as_ref(), roots.field_before.as_ref()),
        );
        for (storage, field) in opened {
            if are_equal(storage, field, entropy).await? {
                return Err(RootError::Equal);
            }
        }
        Ok(roots)
    }

    pub(super) fn of_two(storage: Root, field: Root) -> Self {
        Self {
            storage,
            field,
            storage_before: None,
            field_before: None,
        }
    }

    /// The root that the hierarchy's one took the place of.
    #[must_use]
    pub fn before(&self, hierarchy: Hierarchy) -> Option<&Root> {
        match hierarchy {
            Hierarchy::Storage => self.storage_before.as_ref(),
            Hierarchy::Field => self.field_before.as_ref(),
        }
    }

    /// Opens what either root of a hierarchy wrapped for this place, and says which.
    ///
    /// # Errors
    /// Those of the root in use, where the former one does not open it either.
    pub async fn unwrap(
        &self,
        wrapped: &[u8],
        context: &WrapContext<'_>,
    ) -> Result<(Key, By), RootError> {
        let error = match self.at(context.hierarchy).unwrap(wrapped, context).await {
            Ok(key) => return Ok((key, By::Current)),
            Err(error) => error,
        };
        match self.before(context.hierarchy) {
            Some(before) if error.is_foreign() => match before.unwrap(wrapped, context).await {
                Ok(key) => Ok((key, By::Former)),
                Err(other) if other.is_foreign() => Err(error),
                Err(away) => Err(away),
            },
            _ => Err(error),
        }
    }

    #[must_use]
    pub fn at(&self, hierarchy: Hierarchy) -> &Root {
        match hierarchy {
            Hierarchy::Storage => &self.storage,
            Hierarchy::Field => &self.field,
        }
    }
}

/// The roots of storage beside those of fields, where one of the two at least is a former one.
fn across<'a, T>(
    (storage, field): (&'a T, &'a T),
    (former_storage, former_field): (Option<&'a T>, Option<&'a T>),
) -> impl Iterator<Item = (&'a T, &'a T)> {
    [
        (former_storage, Some(field)),
        (Some(storage), former_field),
        (former_storage, former_field),
    ]
    .into_iter()
    .filter_map(|(storage, field)| storage.zip(field))
}

/// A file of the embedded engine, whose random key is kept wrapped beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineFile {
    /// Under the storage root.
    Database,
    /// Under the field root: what it holds is wrapped under that root as well.
    KeyStore,
}

impl EngineFile {
    fn context(self) -> WrapContext<'static> {
        let (hierarchy, purpose) = match self {
            Self::Database => (Hierarchy::Storage, "database-file"),
            Self::KeyStore => (Hierarchy::Field, "key-store-file"),
        };
        WrapContext {
            hierarchy,
            organisation: OrganisationId::from_bytes(*OrgId::SYSTEM.uuid().as_bytes()),
            purpose,
            subject: None,
            version: KeyVersion::FIRST,
        }
    }
}

/// The random key of a file, which is kept wrapped in `path`; made where it `is_new`.
pub async fn file_key(
    roots: &Roots,
    of: EngineFile,
    path: &Path,
    is_new: bool,
    entropy: &dyn Entropy,
) -> Result<FileKey, RootError> {
    let context = of.context();
    let root = roots.at(context.hierarchy);
    if !path.exists() {
        if !is_new {
            return Err(RootError::Missing {
                path: path.to_owned(),
            });
        }
        let key = Key::generate(entropy);
        write_private(path, &root.wrap(&key, &context, entropy).await?)?;
        return Ok(FileKey::new(*key.expose()));
    }
    Ok(FileKey::new(
        *stored_file_key(roots, of, path).await?.0.expose(),
    ))
}

/// The same as it is stored, and which root wrapped it.
async fn stored_file_key(
    roots: &Roots,
    of: EngineFile,
    path: &Path,
) -> Result<(Key, By), RootError> {
    let bytes = std::fs::read(path).map_err(io(path, "reading it"))?;
    match roots.unwrap(&bytes, &of.context()).await {
        Err(RootError::Refused(UnwrapError::Malformed)) => Err(RootError::Malformed {
            path: path.to_owned(),
        }),
        Err(RootError::Refused(UnwrapError::Refused)) if of == EngineFile::Database => {
            Err(RootError::Foreign {
                path: path.to_owned(),
            })
        }
        other => other,
    }
}

/// Whether the former root wraps the key of an engine's file. There may be no such file.
///
/// # Errors
/// What keeps the roots from being asked.
pub async fn file_is_under_former(
    roots: &Roots,
    of: EngineFile,
    path: &Path,
) -> Result<bool, RootError> {
    if !path.exists() {
        return Ok(false);
    }
    Ok(stored_file_key(roots, of, path).await?.1 == By::Former)
}

/// Wraps the key of an engine's file under the root in use, where the former one wrapped it: written beside, and put in its place at
/// once and whole.
///
/// # Errors
/// Those of the disk and of the roots; what was there is still there then.
pub async fn rewrap_file_key(
    roots: &Roots,
    of: EngineFile,
    path: &Path,
    entropy: &dyn Entropy,
) -> Result<(), RootError> {
    if !path.exists() {
        return Ok(());
    }
    let (key, by) = stored_file_key(roots, of, path).await?;
    if by == By::Current {
        return Ok(());
    }
    let context = of.context();
    let root = roots.at(context.hierarchy);
    let wrapped = root.wrap(&key, &context, entropy).await?;
    replace(path, &path.with_extension("key.new"), &wrapped).map_err(io(path, "replacing it"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use countersign_sealing::SeededEntropy;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("countersign-roots-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder is ours");
        folder
    }

    #[test]
    fn roots_are_made_once_and_read_back() {
        let folder = folder("made");
        let (storage, field) = (folder.join("storage"), folder.join("field"));
        let made =
            Roots::open(&storage, &field, true, &SeededEntropy::new(1)).expect("first start");
        let read =
            Roots::open(&storage, &field, false, &SeededEntropy::new(2)).expect("second start");
        let (Root::Local { key: made, .. }, Root::Local { key: read, .. }) =
            (made.at(Hierarchy::Field), read.at(Hierarchy::Field))
        else {
            panic!("roots in files are local");
        };
        assert!(made == read);
        assert_eq!(
            std::fs::metadata(&field)
                .expect("made")
                .permissions()
                .mode()
                & 0o777,
            0o600
        );
    }

    #[test]
    fn roots_that_others_can_read_are_refused() {
        let folder = folder("readable");
        let (storage, field) = (folder.join("storage"), folder.join("field"));
        Roots::open(&storage, &field, true, &SeededEntropy::new(1)).expect("first start");
        std::fs::set_permissions(&field, std::fs::Permissions::from_mode(0o640)).expect("ours");
        let error = Roots::open(&storage, &field, false, &SeededEntropy::new(1))
            .expect_err("readable by the group");
        assert!(
            matches!(error, RootError::Readable { mode: 0o640, .. }),
            "{error}"
        );
    }

    #[test]
    fn equal_and_missing_roots_are_refused() {
        let folder = folder("equal");
        let (storage, field) = (folder.join("storage"), folder.join("field"));
        Roots::open(&storage, &field, true, &SeededEntropy::new(1)).expect("first start");
        std::fs::copy(&storage, &field).expect("ours");
        assert!(matches!(
            Roots::open(&storage, &field, false, &SeededEntropy::new(1)),
            Err(RootError::Equal)
        ));
        std::fs::remove_file(&field).expect("ours");
        assert!(matches!(
            Roots::open(&storage, &field, false, &SeededEntropy::new(1)),
            Err(RootError::Missing { .. })
        ));
    }

    #[tokio::test]
    async fn a_file_key_of_another_installation_does_not_open() {
        let folder = folder("foreign");
        let entropy = SeededEntropy::new(1);
        let ours =
            Roots::open(&folder.join("a"), &folder.join("b"), true, &entropy).expect("first start");
        let theirs =
            Roots::open(&folder.join("c"), &folder.join("d"), true, &entropy).expect("first start");
        let path = folder.join("key");
        file_key(&ours, EngineFile::Database, &path, true, &entropy)
            .await
            .expect("made");
        assert!(matches!(
            file_key(&theirs, EngineFile::Database, &path, false, &entropy).await,
            Err(RootError::Foreign { .. })
        ));
        // What a token wrapped says so.
        let mut wrapped = std::fs::read(&path).expect("made");
        wrapped[0] = 2;
        std::fs::write(&path, wrapped).expect("ours");
        assert!(matches!(
            file_key(&ours, EngineFile::Database, &path, false, &entropy).await,
            Err(RootError::OtherKind {
                by: "a PKCS#11 token",
                ..
            })
        ));
    }
}
