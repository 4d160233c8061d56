//! Where values are said: command line, environment, file, credentials, defaults; and which of them decides.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::{DeTable, DeValue};
use url::Url;

use super::error::{ConfigError, Origin};
use super::key::{Key, Kind, PREFIX, Standard};
use super::keys::{KEYS, find};
use super::suggest::{edits, nearest_key};
use super::values::{Parsed, Raw, parse};
use super::{FILE_NAME, folder_of};
use crate::platform::keys::RootUri;

/// What the command line said of the configuration.
#[derive(Debug, Clone, Default)]
pub struct CommandLine {
    /// `--config FILE`
    pub config: Option<PathBuf>,
    /// `--data DIR`
    pub data: Option<PathBuf>,
    /// `--database-url URL`
    pub database_url: Option<String>,
    /// `--listen ADDR`
    pub listen: Option<String>,
}

impl CommandLine {
    fn say(&self, key: &str) -> Option<(Raw, Origin)> {
        let (raw, option) = match key {
            "data" => (Raw::from_path(self.data.as_deref()?), "--data"),
            "database.url" => (Raw::Text(self.database_url.clone()?), "--database-url"),
            "listen" => (Raw::Text(self.listen.clone()?), "--listen"),
            _ => return None,
        };
        Some((raw, Origin::CommandLine(option)))
    }
}

/// The variables of the process that may concern us, taken once at the start.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, OsString>,
    /// The folder into which systemd puts credentials (`$CREDENTIALS_DIRECTORY`).
    credentials: Option<PathBuf>,
}

impl Environment {
    #[must_use]
    pub fn of_process() -> Self {
        Self::of(std::env::vars_os())
    }

    #[must_use]
    pub fn of(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self::default();
        for (name, value) in variables {
            let Some(name) = name.to_str() else { continue };
            if name.starts_with(PREFIX) {
                environment.variables.insert(name.to_owned(), value);
            } else if name == "CREDENTIALS_DIRECTORY" && !value.is_empty() {
                environment.credentials = Some(PathBuf::from(value));
            }
        }
        environment
    }

    fn say(&self, key: &Key) -> Option<(Raw, Origin)> {
        let variable = key.variable();
        let value = self.variables.get(&variable)?;
        Some((
            Raw::from_path(Path::new(value)),
            Origin::Environment(variable),
        ))
    }

    /// Variables that look like a mistyped key. Others with our prefix are left alone: orchestrators set some for
    /// every service of this name (`COUNTERSIGN_SERVICE_HOST`, `COUNTERSIGN_PORT`).
    fn mistyped(&self) -> impl Iterator<Item = ConfigError> {
        let known: Vec<String> = KEYS.iter().map(Key::variable).collect();
        self.variables.keys().filter_map(move |name| {
            if known.contains(name) {
                return None;
            }
            let rest = name.strip_prefix(PREFIX)?;
            let of_section = KEYS.iter().map(|key| key.parts().0).any(|section| {
                !section.is_empty()
                    && rest
                        .strip_prefix(&section.to_ascii_uppercase())
                        .is_some_and(|rest| rest.starts_with('_'))
            });
            let close = known.iter().any(|known| edits(known, name) <= 2);
            (of_section || close).then(|| ConfigError::Unknown {
                origin: Origin::Environment(name.clone()),
                key: name.clone(),
                nearest: nearest_key(&rest.to_ascii_lowercase().replacen('_', ".", 1)),
            })
        })
    }
}

/// One value in force, and where it was said.
#[derive(Debug)]
struct Said {
    value: Parsed,
    origin: Origin,
}

/// The value in force for every key that has one.
#[derive(Debug)]
pub(super) struct Settled {
    pub file: Option<PathBuf>,
    pub data: PathBuf,
    said: BTreeMap<&'static str, Said>,
}

impl Settled {
    pub fn gather(
        given: &CommandLine,
        environment: &Environment,
    ) -> Result<Self, Vec<ConfigError>> {
        let mut errors: Vec<ConfigError> = environment.mistyped().collect();
        let data_key = find("data").expect("KEYS has it");
        let outside = given.say("data").or_else(|| environment.say(data_key));
        let named_data = outside.as_ref().map(|(raw, _)| raw.to_path());
        let Found {
            file,
            mut lines,
            errors: found,
        } = read_file(given, named_data.as_deref());
        errors.extend(found);
        // The folder decides which file is read, so a file that was found in it cannot decide the folder.
        if given.config.is_none()
            && let Some((_, line)) = lines.remove("data")
        {
            errors.push(ConfigError::Conflict {
                origin: origin_of(file.as_deref(), line),
                key: "data",
                problem: "this file was found in the data folder, so it cannot name another: remove the key, or start with --config".to_owned(),
            });
        }
        let base = file.as_deref().map(folder_of).unwrap_or_default();
        let mut settled = Self {
            file: file.clone(),
            data: PathBuf::new(),
            said: BTreeMap::new(),
        };
        for key in KEYS {
            let (raw, origin) =
                if let Some(said) = given.say(key.name).or_else(|| environment.say(key)) {
                    said
                } else if let Some((raw, line)) = lines.remove(key.name) {
                    (raw.below(&base, key), origin_of(file.as_deref(), line))
                } else if let Some(said) = credential(key, environment) {
                    said
                } else {
                    match key.standard {
                        Standard::Value(value) => (Raw::Text(value.to_owned()), Origin::Standard),
                        Standard::InData(path) => {
                            (Raw::from_path(&settled.data.join(path)), Origin::Standard)
                        }
                        Standard::None(_) => continue,
                    }
                };
            match parse(key, raw, &origin) {
                Ok(value) => {
                    let value = value.with_credentials(environment.credentials.as_deref());
                    if let ("data", Parsed::Path(path)) = (key.name, &value) {
                        settled.data.clone_from(path);
                    }
                    settled.said.insert(key.name, Said { value, origin });
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(settled)
        } else {
            Err(errors)
        }
    }

    fn value(&self, key: &str) -> Option<&Parsed> {
        debug_assert!(find(key).is_some(), "{key} is not in KEYS");
        self.said.get(key).map(|said| &said.value)
    }

    /// Whether anybody said it: not by default.
    pub fn is_said(&self, key: &str) -> bool {
        self.said
            .get(key)
            .is_some_and(|said| !matches!(said.origin, Origin::Standard | Origin::Credential(_)))
    }

    /// Whether it has a value other than the default's.
    pub fn is_given(&self, key: &str) -> bool {
        self.said
            .get(key)
            .is_some_and(|said| said.origin != Origin::Standard)
    }

    pub fn origin(&self, key: &str) -> Origin {
        self.said
            .get(key)
            .map_or(Origin::Standard, |said| said.origin.clone())
    }

    pub fn path(&self, key: &str) -> Option<PathBuf> {
        match self.value(key)? {
            Parsed::Path(path) => Some(path.clone()),
            _ => None,
        }
    }

    pub fn required_root(&self, key: &str) -> RootUri {
        self.root(key)
            .expect("a root with a default in KEYS, which the tests load")
    }

    pub fn root(&self, key: &str) -> Option<RootUri> {
        match self.value(key)? {
            Parsed::Root(root) => Some(root.clone()),
            _ => None,
        }
    }

    pub fn url(&self, key: &str) -> Option<Url> {
        match self.value(key)? {
            Parsed::Url(url) => Some(url.clone()),
            _ => None,
        }
    }

    pub fn text(&self, key: &str) -> Option<String> {
        match self.value(key)? {
            Parsed::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    pub fn listen(&self, key: &str) -> Vec<SocketAddr> {
        match self.value(key) {
            Some(Parsed::Listen { addresses, .. }) => addresses.clone(),
            _ => Vec::new(),
        }
    }

    pub fn optional_whole(&self, key: &str) -> Option<u64> {
        match self.value(key)? {
            Parsed::Whole(number) => Some(*number),
            _ => None,
        }
    }

    pub fn required_path(&self, key: &str) -> PathBuf {
        self.path(key)
            .expect("a path with a default in KEYS, which the tests load")
    }

    pub fn required_text(&self, key: &str) -> String {
        self.text(key)
            .expect("a text with a default in KEYS, which the tests load")
    }

    pub fn whole(&self, key: &str) -> u64 {
        self.optional_whole(key)
            .expect("a number with a default in KEYS, which the tests load")
    }

    pub fn size(&self, key: &str) -> usize {
        usize::try_from(self.whole(key)).unwrap_or(usize::MAX)
    }

    pub fn milliseconds(&self, key: &str) -> Duration {
        Duration::from_millis(self.whole(key))
    }

    pub fn shown(&self) -> Vec<(&'static str, String, Origin)> {
        KEYS.iter()
            .map(|key| match self.said.get(key.name) {
                Some(said) => (key.name, said.value.to_string(), said.origin.clone()),
                None => (key.name, String::new(), Origin::Standard),
            })
            .collect()
    }
}

fn origin_of(file: Option<&Path>, line: usize) -> Origin {
    Origin::File {
        path: file.map(Path::to_owned).unwrap_or_default(),
        line,
    }
}

fn credential(key: &Key, environment: &Environment) -> Option<(Raw, Origin)> {
    let name = key.credential?;
    let path = environment.credentials.as_ref()?.join(name);
    let raw = match key.kind {
        Kind::Root => Raw::Text(format!("systemd:{name}")),
        _ => Raw::from_path(&path),
    };
    path.exists().then_some((raw, Origin::Credential(name)))
}

type Lines = BTreeMap<&'static str, (Raw, usize)>;

/// What a file says, and what is wrong with it. A wrong key hides no other error.
#[derive(Default)]
struct Found {
    file: Option<PathBuf>,
    lines: Lines,
    errors: Vec<ConfigError>,
}

/// Reads the named file, or the one in the data folder if there is one.
fn read_file(given: &CommandLine, data: Option<&Path>) -> Found {
    let path = match &given.config {
        Some(path) => path.clone(),
        None => {
            let Some(Standard::Value(standard)) = find("data").map(|key| key.standard) else {
                return Found::default();
            };
            data.unwrap_or(Path::new(standard)).join(FILE_NAME)
        }
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => read_toml(path, &text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && given.config.is_none() => {
            Found::default()
        }
        Err(error) => {
            let error = ConfigError::Unreadable {
                path,
                reason: error.to_string(),
            };
            Found {
                errors: vec![error],
                ..Found::default()
            }
        }
    }
}

fn read_toml(path: PathBuf, text: &str) -> Found {
    let line_at = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let mut found = Found::default();
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map_or(1, |span| line_at(span.start));
            found.errors.push(ConfigError::Syntax {
                path,
                line,
                reason: error.message().to_owned(),
            });
            return found;
        }
    };
    let mut take = |name: String, value: &DeValue<'_>, at: usize| match find(&name) {
        Some(key) => {
            found
                .lines
                .insert(key.name, (Raw::from_toml(value), line_at(at)));
        }
        None => found.errors.push(ConfigError::Unknown {
            origin: origin_of(Some(&path), line_at(at)),
            nearest: nearest_key(&name),
            key: name,
        }),
    };
    for (name, value) in table.get_ref() {
        let at = name.span().start;
        match value.get_ref() {
            DeValue::Table(section) => {
                let known = KEYS
                    .iter()
                    .any(|key| key.parts().0 == name.get_ref().as_ref());
                if !known && section.is_empty() {
                    take(name.get_ref().to_string(), value.get_ref(), at);
                }
                for (key, value) in section {
                    take(
                        format!("{}.{}", name.get_ref(), key.get_ref()),
                        value.get_ref(),
                        key.span().start,
                    );
                }
            }
            other => take(name.get_ref().to_string(), other, at),
        }
    }
    found.file = Some(path);
    found
}
