//! What a key of the configuration is.

/// One key of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// `section.key`, or the key alone where it stands before all sections.
    pub name: &'static str,
    pub kind: Kind,
    pub standard: Standard,
    /// The systemd credential that stands in when the key is not set.
    pub credential: Option<&'static str>,
    pub what: &'static str,
}

/// What a key accepts.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A file or folder; a relative one in the file is below the file's folder.
    Path,
    /// Where a root is kept: a path, or a URI of another kind.
    Root,
    /// `localhost:PORT`, `*:PORT`, or `ADDRESS:PORT` with an IP address.
    Listen,
    /// Networks such as `10.0.0.0/8`, separated by commas.
    Prefixes,
    /// An `https` address without path.
    PublicUrl,
    /// A `postgresql` address without password; the second is the key that names the password's file.
    DatabaseUrl(&'static str),
    /// `s3://BUCKET/PREFIX`; the prefix may be missing.
    Bucket,
    /// A mail address.
    Address,
    /// A host's name or address.
    Host,
    /// Text of one line.
    Text,
    /// A whole number within bounds, both included.
    Whole {
        least: u64,
        most: u64,
    },
    Choice(&'static [&'static str]),
}

/// What holds when nobody says anything.
#[derive(Debug, Clone, Copy)]
pub enum Standard {
    Value(&'static str),
    /// A path below the data folder.
    InData(&'static str),
    /// No value; what that means.
    None(&'static str),
}

impl Key {
    /// The variable that overrides this key: `COUNTERSIGN_SECTION_KEY`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!(
            "{PREFIX}{}",
            self.name.replace('.', "_").to_ascii_uppercase()
        )
    }

    /// The section's name, empty for keys before all sections; and the key's own.
    #[must_use]
    pub fn parts(&self) -> (&'static str, &'static str) {
        self.name.split_once('.').unwrap_or(("", self.name))
    }
}

pub const PREFIX: &str = "COUNTERSIGN_";

pub(super) const fn key(
    name: &'static str,
    kind: Kind,
    standard: Standard,
    what: &'static str,
) -> Key {
    Key {
        name,
        kind,
        standard,
        credential: None,
        what,
    }
}

pub(super) const fn path(name: &'static str, standard: Standard, what: &'static str) -> Key {
    key(name, Kind::Path, standard, what)
}

pub(super) const fn secret(
    name: &'static str,
    standard: Standard,
    credential: &'static str,
    what: &'static str,
) -> Key {
    Key {
        name,
        kind: Kind::Path,
        standard,
        credential: Some(credential),
        what,
    }
}

pub(super) const fn root(
    name: &'static str,
    standard: Standard,
    credential: &'static str,
    what: &'static str,
) -> Key {
    Key {
        name,
        kind: Kind::Root,
        standard,
        credential: Some(credential),
        what,
    }
}

pub(super) const fn whole(
    name: &'static str,
    least: u64,
    most: u64,
    standard: &'static str,
    what: &'static str,
) -> Key {
    key(
        name,
        Kind::Whole { least, most },
        Standard::Value(standard),
        what,
    )
}
