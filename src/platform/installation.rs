//! Puts an installation together from its configuration, in the one order that is safe: workers before keys, roots before
//! the engine, the engine before anybody may ask.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_sealing::Entropy;
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use super::app::{App, HeadsFolder};
use super::clock::Clock;
use super::config::{Config, Password, read_password};
use super::documents::{Documents, DocumentsError};
use super::edge::tls::{TlsError, client_tls};
use super::folder::{self, FolderError};
use super::keys::disposals;
use super::keys::{EngineFile, KeyError, Keyring, RootError, Roots, file_key, rewrap_file_key};
use super::scope::{CredentialKind, Scope};
use super::store::{Files, Store, StoreError};
use super::workers::WorkerConfig;
use super::workers::WorkerError;
use super::workers::pool::WorkerPool;

/// What keeps an installation from starting. Each names what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("a root key cannot be used")]
    Roots(#[from] RootError),
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    #[error(
        "there is no installation in {data}: name its folder with --data or --config, or make one with `countersign serve --data {data}`"
    )]
    Nothing { data: String },
    #[error(
        "the database cannot be used as it is: see that its URL names the right one. Only `countersign serve` makes a database ready, or brings it up to date"
    )]
    NotReady(#[source] StoreError),
    #[error(
        "the root keys do not open what this database holds: they belong to another installation"
    )]
    Foreign(#[source] KeyError),
    #[error("the keys in this database cannot be opened")]
    Keys(#[source] KeyError),
    #[error("the place of documents cannot be used")]
    Documents(#[from] DocumentsError),
    #[error("the worker processes do not start")]
    Workers(#[from] WorkerError),
    #[error("the connection to PostgreSQL cannot be encrypted")]
    Tls(#[from] TlsError),
    #[error("the database's URL cannot be used: {0}")]
    Url(String),
    #[error("the path of this program is not known")]
    Program(#[source] std::io::Error),
}

/// What a command may do to the installation that it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// The server makes what is missing on its first start, and brings the database up to date.
    MakeOrUpdate,
    /// Every other command works with what is there: one that made an installation of its own would call it sound.
    AsItIs,
    /// Whoever puts a backup of the key store back makes the store, where it was lost, and brings the database up to date.
    ForRestore,
}

/// The database file of the embedded engine.
#[must_use]
pub fn database_file(config: &Config) -> PathBuf {
    config.data.join("countersign.db")
}

/// The wrapped keys of the embedded engine's files.
#[must_use]
pub fn wrapped_file_keys(config: &Config) -> [(EngineFile, PathBuf); 2] {
    [
        (EngineFile::Database, config.data.join("database.key")),
        (EngineFile::KeyStore, config.data.join("keys.key")),
    ]
}

/// Starts the worker processes. Nothing secret has been read yet.
pub async fn start_workers(config: &Config) -> Result<WorkerPool, OpenError> {
    let program = std::env::current_exe().map_err(OpenError::Program)?;
    let mut workers = WorkerConfig::new(program, vec!["worker".into()]);
    workers.count = config.workers.count;
    workers.memory_bytes = config.workers.memory_bytes;
    workers.timeout_ms = u64::try_from(config.workers.timeout.as_millis()).unwrap_or(u64::MAX);
    Ok(WorkerPool::new(workers).await?)
}

/// Opens the installation. With `workers` it can read documents, without it cannot.
pub async fn open(
    config: &Config,
    clock: Clock,
    entropy: Arc<dyn Entropy>,
    workers: Option<WorkerPool>,
    opening: Opening,
) -> Result<App, OpenError> {
    let first_start = match opening {
        Opening::MakeOrUpdate => {
            make_folders(config)?;
            is_first_start(config)
        }
        _ if is_first_start(config) => return Err(nothing(config)),
        _ => false,
    };
    let roots = Roots::of(&config.keys, first_start, entropy.as_ref(), &clock).await?;
    let store = match &config.database.url {
        None => open_embedded(config, &roots, opening, &entropy).await?,
        Some(url) => open_postgres(config, url, opening, &entropy).await?,
    };
    let keys = Keyring::new(roots);
    if opening == Opening::MakeOrUpdate {
        keys.make_integrity(&store, clock.now())
            .await
            .map_err(unopened)?;
    }
    let integrity = keys.integrity(&store).await.map_err(unopened)?;
    // The storage root wraps nothing on PostgreSQL until an organisation is made; whoever is served later must not find out.
    keys.any_organisation(&store).await.map_err(unopened)?;
    let documents = Documents::of(&config.documents, &entropy)?;
    let store = store.with_integrity(Arc::new(integrity));
    let mut app = App::new(store, keys, documents, clock, config.public_url.clone());
    app.workers = workers;
    app.upload_bytes = config.limits.upload_bytes;
    app.sessions = config.sessions;
    app.periods = config.keys.periods;
    app.key_backups = config.keys.backups.clone();
    app.outgoing = config.providers.clone();
    app.logs = Some(config.log.retention.clone());
    app.witness = config.witness.clone();
    app.heads = config.heads_folder.clone().map(|path| HeadsFolder {
        is_within_data: folder::is_within(&path, &config.data),
        path,
    });
    if opening == Opening::MakeOrUpdate {
        let caller = app.caller(Scope::SYSTEM, CredentialKind::Job, app.id());
        let noted = app.keys.note_roots(&app.store, caller);
        noted.await.map_err(unopened)?;
    }
    Ok(app)
}

/// Destroys again what the ledger of disposals names and a restore brought back. Nobody is served before.
///
/// # Errors
/// The store's.
pub async fn replay_disposals(app: &App) -> Result<(), StoreError> {
    let caller = |scope| app.caller(scope, CredentialKind::Job, app.id());
    let again = disposals::replay(&app.store, &app.disposables, caller).await?;
    if again > 0 {
        tracing::warn!(
            again,
            "a restore had brought back what was disposed of, or had lost its record: it was destroyed again"
        );
    }
    Ok(())
}

/// Tells the journal of keys that it is behind of: a server was killed between the commits of two files, or an older database was put
/// beside this key store. Comes after [`replay_disposals`], and may take as long as reading the journals does.
///
/// # Errors
/// The store's, and a root that cannot be used.
pub async fn tell_of_keys(app: &App) -> Result<(), KeyError> {
    let caller = |scope| app.caller(scope, CredentialKind::Job, app.id());
    let told = app.keys.tell_again(&app.store, caller).await?;
    if told > 0 {
        tracing::warn!(
            told,
            "the key store was ahead of the journal, by a killed server or a database that was put back: its keys open, and the journal was told of them"
        );
    }
    Ok(())
}

/// A root of another installation, or something else that keeps its keys shut.
fn unopened(error: KeyError) -> OpenError {
    match error {
        KeyError::Unwrap(_) => OpenError::Foreign(error),
        KeyError::Root(ref root) if root.is_foreign() => OpenError::Foreign(error),
        other => OpenError::Keys(other),
    }
}

fn make_folders(config: &Config) -> Result<(), FolderError> {
    folder::make_private(&config.data)?;
    for file in config.keys.own_files() {
        if let Some(parent) = file.parent() {
            folder::make_private(parent)?;
        }
    }
    Ok(())
}

/// Keys are made only where there is nothing yet that they would have to open.
fn is_first_start(config: &Config) -> bool {
    let mut files = config.keys.own_files().peekable();
    files.peek().is_some() && !files.any(Path::exists) && !database_file(config).exists()
}

fn nothing(config: &Config) -> OpenError {
    OpenError::Nothing {
        data: config.data.display().to_string(),
    }
}

async fn open_embedded(
    config: &Config,
    roots: &Roots,
    opening: Opening,
    entropy: &Arc<dyn Entropy>,
) -> Result<Store, OpenError> {
    // Roots may have been made for PostgreSQL before; a missing file of ours is then no loss.
    if opening != Opening::MakeOrUpdate && !database_file(config).exists() {
        return Err(nothing(config));
    }
    let files = engine_files(config, roots, opening, entropy.as_ref()).await?;
    let entropy = Arc::clone(entropy);
    if opening == Opening::MakeOrUpdate {
        for (of, wrapped) in wrapped_file_keys(config) {
            rewrap_file_key(roots, of, &wrapped, entropy.as_ref()).await?;
        }
    }
    match opening {
        Opening::MakeOrUpdate => Ok(Store::open_embedded(files, entropy)?),
        Opening::ForRestore => Ok(Store::open_embedded_for_restore(files, entropy)?),
        Opening::AsItIs => {
            Store::open_embedded_as_it_is(files, entropy).map_err(OpenError::NotReady)
        }
    }
}

/// The embedded engine's files with their keys, which are made where the server makes the files.
pub(super) async fn engine_files(
    config: &Config,
    roots: &Roots,
    opening: Opening,
    entropy: &dyn Entropy,
) -> Result<Files, OpenError> {
    let database = database_file(config);
    let key_store = Files::key_store_beside(&database);
    let of = async |(of, wrapped): (EngineFile, PathBuf), file: &Path| {
        let makes = match opening {
            Opening::MakeOrUpdate => true,
            Opening::AsItIs => false,
            Opening::ForRestore => of == EngineFile::KeyStore,
        };
        let is_new = makes && !file.exists();
        file_key(roots, of, &wrapped, is_new, entropy).await
    };
    let [of_database, of_store] = wrapped_file_keys(config);
    let database_key = of(of_database, &database).await?;
    let store_key = of(of_store, &key_store).await;
    let store_key = store_key.map_err(|error| unopened(KeyError::Root(error)))?;
    Ok(Files::new(&database, database_key, store_key))
}

async fn open_postgres(
    config: &Config,
    url: &Url,
    opening: Opening,
    entropy: &Arc<dyn Entropy>,
) -> Result<Store, OpenError> {
    let database = &config.database;
    let ca_file = database.ca_file.as_deref();
    let server = connection(url, database.password_file.as_deref())?;
    let entropy = Arc::clone(entropy);
    if opening == Opening::AsItIs {
        // Whoever verifies needs no right to change the schema.
        return Store::open_postgres(server, tls(ca_file)?, entropy)
            .await
            .map_err(OpenError::NotReady);
    }
    let owner = database.owner_url.as_ref().unwrap_or(url);
    let owner_password = database
        .owner_password_file
        .as_deref()
        .or(database.password_file.as_deref());
    let owner = connection(owner, owner_password)?;
    match opening {
        Opening::ForRestore => {
            Store::migrate_postgres_for_restore(&owner, tls(ca_file)?).await?;
        }
        _ => Store::migrate_postgres(&owner, tls(ca_file)?).await?,
    }
    Ok(Store::open_postgres(server, tls(ca_file)?, entropy).await?)
}

/// Trust in PostgreSQL's certificate.
pub(super) fn tls(ca_file: Option<&Path>) -> Result<MakeRustlsConnect, OpenError> {
    Ok(MakeRustlsConnect::new(client_tls(ca_file)?))
}

/// TLS is required whatever the URL says; a Unix socket has no wire to protect.
pub(super) fn connection(
    url: &Url,
    password_file: Option<&Path>,
) -> Result<tokio_postgres::Config, OpenError> {
    let mut config: tokio_postgres::Config = url
        .as_str()
        .parse()
        .map_err(|error: tokio_postgres::Error| OpenError::Url(error.to_string()))?;
    let is_socket = config
        .get_hosts()
        .iter()
        .all(|host| matches!(host, tokio_postgres::config::Host::Unix(_)));
    if !is_socket {
        config.ssl_mode(tokio_postgres::config::SslMode::Require);
    }
    if let Some(path) = password_file {
        let password: Password =
            read_password(path).map_err(|error| OpenError::Url(error.to_string()))?;
        config.password(password.expose());
    }
    config.connect_timeout(std::time::Duration::from_secs(10));
    config.application_name("countersign");
    Ok(config)
}
