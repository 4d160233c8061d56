//! The list of all keys: what each means, what it accepts, and what holds when nobody says anything.

use super::key::{Key, Kind, Standard, key, root, secret, whole};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const GIB: u64 = 1024 * MIB;

/// All keys, in the order of the sample file.
pub const KEYS: &[Key] = &[
    key(
        "data",
        Kind::Path,
        Standard::Value("countersign-data"),
        "The data folder. The file countersign.toml in it is read when no other is named.",
    ),
    key(
        "listen",
        Kind::Listen,
        Standard::Value("localhost:8443"),
        "Where the server listens: localhost:PORT (IPv4 and IPv6), *:PORT (all addresses), or an IP address with a port.",
    ),
    key(
        "public_url",
        Kind::PublicUrl,
        Standard::None("https://localhost with the port of `listen`"),
        "The address that users type. Links in mails begin with it, and the certificate must name its host.",
    ),
    key(
        "database.url",
        Kind::DatabaseUrl("database.password_file"),
        Standard::None("the embedded engine in the data folder"),
        "PostgreSQL 15 or newer, as postgresql://USER@HOST:PORT/DATABASE. TLS is always used and verified; a Unix socket has no wire to protect, and none is used there.",
    ),
    secret(
        "database.password_file",
        Standard::None("no password"),
        "database-password",
        "A file with the password of the user in database.url.",
    ),
    key(
        "database.owner_url",
        Kind::DatabaseUrl("database.owner_password_file"),
        Standard::None("database.url"),
        "As database.url, with the user who owns the tables and migrates them.",
    ),
    secret(
        "database.owner_password_file",
        Standard::None("database.password_file"),
        "database-owner-password",
        "A file with the password of the user in database.owner_url.",
    ),
    key(
        "database.ca_file",
        Kind::Path,
        Standard::None("the authorities that the system trusts"),
        "The authority that signed PostgreSQL's certificate (PEM).",
    ),
    key(
        "tls.certificate",
        Kind::Path,
        Standard::None("a local certificate, made on first start in DATA/tls"),
        "Your certificate, followed by those between it and the authority (PEM). Read again when the file changes.",
    ),
    secret(
        "tls.key",
        Standard::None("the local certificate's key"),
        "tls-key",
        "The private key of tls.certificate (PEM), readable by this program's user alone.",
    ),
    root(
        "keys.storage",
        Standard::InData("keys/storage.root"),
        "storage-root",
        "The storage root: it wraps the keys of the database file and of documents. Keep a copy apart from the data. docs/keys.md says how to choose.",
    ),
    root(
        "keys.field",
        Standard::InData("keys/field.root"),
        "field-root",
        "The field root: it wraps the keys of bank accounts, tax numbers and tokens. Keep a copy apart from the data, and the two apart from one another.",
    ),
    key(
        "documents.folder",
        Kind::Path,
        Standard::InData("documents"),
        "Where sealed documents are kept; with documents.bucket, where they pass through on their way there.",
    ),
    key(
        "documents.bucket",
        Kind::Bucket,
        Standard::None("documents are kept in documents.folder"),
        "A bucket of an S3-compatible store, as s3://BUCKET/PREFIX: several servers share it. TLS is always used and verified.",
    ),
    key(
        "documents.endpoint",
        Kind::PublicUrl,
        Standard::None("Amazon's own, for documents.region"),
        "The address of the store.",
    ),
    key(
        "documents.region",
        Kind::Text,
        Standard::Value("us-east-1"),
        "The region that requests to the store are signed for.",
    ),
    secret(
        "documents.access_key_file",
        Standard::None("none; a bucket needs one"),
        "documents-access-key",
        "A file with the access key's id. The key must be let list the bucket, and read and write its objects.",
    ),
    secret(
        "documents.secret_key_file",
        Standard::None("none; a bucket needs one"),
        "documents-secret-key",
        "A file with the access key's secret.",
    ),
    key(
        "documents.ca_file",
        Kind::Path,
        Standard::None("the authorities that the system trusts"),
        "The authority that signed the store's certificate (PEM).",
    ),
    key(
        "mail.folder",
        Kind::Path,
        Standard::InData("mail"),
        "Where mails are written as .eml files when no mail server is named.",
    ),
    key(
        "mail.host",
        Kind::Host,
        Standard::None("mails are written to mail.folder"),
        "The mail server.",
    ),
    key(
        "mail.port",
        Kind::Whole {
            least: 1,
            most: 65_535,
        },
        Standard::None("587 with starttls, 465 with tls"),
        "The mail server's port.",
    ),
    key(
        "mail.security",
        Kind::Choice(&["starttls", "tls"]),
        Standard::Value("starttls"),
        "How TLS begins: after a greeting, or with the first byte. Mail is never sent without TLS.",
    ),
    key(
        "mail.user",
        Kind::Text,
        Standard::None("no sign-in"),
        "The user at the mail server.",
    ),
    secret(
        "mail.password_file",
        Standard::None("no sign-in"),
        "mail-password",
        "A file with the password of mail.user.",
    ),
    key(
        "mail.ca_file",
        Kind::Path,
        Standard::None("the authorities that the system trusts"),
        "The authority that signed the mail server's certificate (PEM).",
    ),
    key(
        "mail.from",
        Kind::Address,
        Standard::Value("countersign@localhost"),
        "The sender's address.",
    ),
    key(
        "providers.ca_file",
        Kind::Path,
        Standard::None("the authorities that the system trusts"),
        "The authority that signed the certificates of identity providers, from whose addresses metadata is fetched (PEM).",
    ),
    key(
        "providers.networks",
        Kind::Choice(&["public", "private"]),
        Standard::Value("public"),
        "From where metadata of identity providers is fetched: addresses of the internet alone, or private networks as well.",
    ),
    whole(
        "limits.upload_bytes",
        KIB,
        200 * MIB,
        "52428800",
        "The size of one uploaded file.",
    ),
    whole(
        "limits.body_bytes",
        16 * KIB,
        64 * MIB,
        "2097152",
        "The size of a request that uploads no file.",
    ),
    whole(
        "limits.header_bytes",
        8 * KIB,
        MIB,
        "32768",
        "The size of a request's line and headers together.",
    ),
    whole(
        "limits.connections",
        16,
        65_536,
        "1024",
        "Connections at one time; further ones wait.",
    ),
    whole(
        "limits.handshake_timeout_ms",
        100,
        60_000,
        "10000",
        "The time for a TLS handshake.",
    ),
    whole(
        "limits.header_timeout_ms",
        100,
        60_000,
        "10000",
        "The time for a request's line and headers.",
    ),
    whole(
        "limits.request_timeout_ms",
        100,
        600_000,
        "60000",
        "The time for a request that uploads no file.",
    ),
    whole(
        "limits.upload_timeout_ms",
        1_000,
        7_200_000,
        "900000",
        "The time for a request that uploads files.",
    ),
    whole(
        "limits.idle_timeout_ms",
        100,
        3_600_000,
        "60000",
        "How long a connection may stay open without a request.",
    ),
    whole(
        "limits.shutdown_timeout_ms",
        100,
        600_000,
        "20000",
        "How long requests may go on after the server was told to stop.",
    ),
    whole(
        "workers.count",
        1,
        256,
        "2",
        "Processes that read documents.",
    ),
    whole(
        "workers.memory_bytes",
        64 * MIB,
        64 * GIB,
        "536870912",
        "The memory of one such process.",
    ),
    whole(
        "workers.timeout_ms",
        100,
        600_000,
        "30000",
        "The time for one document.",
    ),
    whole(
        "sessions.idle_minutes",
        1,
        1_440,
        "30",
        "A session ends after this time without a request.",
    ),
    whole(
        "sessions.absolute_minutes",
        5,
        10_080,
        "720",
        "A session ends after this time in any case.",
    ),
    key(
        "log.format",
        Kind::Choice(&["text", "json"]),
        Standard::Value("text"),
        "Lines for people, or one JSON object a line.",
    ),
    key(
        "log.level",
        Kind::Choice(&["error", "warn", "info", "debug"]),
        Standard::Value("info"),
        "The least severity that is logged. Libraries never log below warn: their details may hold personal data.",
    ),
    key(
        "log.folder",
        Kind::Path,
        Standard::None("the standard error stream only"),
        "A folder for one log file a day, beside the standard error stream.",
    ),
    whole(
        "log.keep_days",
        1,
        3_650,
        "30",
        "How many days of log files are kept.",
    ),
];

/// The key of this name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}
