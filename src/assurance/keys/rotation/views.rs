//! What the page of the keys shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, FormErrors};

/// `GET /settings/keys`.
#[derive(Debug, Template)]
#[template(path = "assurance/keys/rotation/keys.html")]
pub struct KeysPage {
    /// The page's context.
    pub page: Page,
    /// A row for each level.
    pub levels: Vec<LevelRow>,
    /// A row for each root.
    pub roots: Vec<RootRow>,
    /// How the backups of the key store stand.
    pub backup: BackupNote,
    /// How many keys a former root wraps; none where the configuration names no former root.
    pub former: Option<String>,
    /// Whether this person may order a rotation.
    pub may_rotate: bool,
    /// Why a rotation was not ordered.
    pub errors: FormErrors,
}

impl KeysPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("keys-title");
}

/// How the backups of the key store stand.
#[derive(Debug, Clone)]
pub struct BackupNote {
    /// In a word.
    pub state: Badge,
    /// What the newest is.
    pub newest: String,
    /// What to do; empty where nothing is wrong.
    pub mend: String,
}

/// A level of the hierarchy.
#[derive(Debug, Clone)]
pub struct LevelRow {
    /// Its word in forms and the API.
    pub level: &'static str,
    /// What it is called.
    pub name: String,
    /// The version in use; empty for subjects, each of whom has their own.
    pub version: String,
    /// Since when the key, or the oldest one, is in use.
    pub since: String,
    /// When it is due.
    pub due: String,
    /// In its time, due, or being rotated.
    pub state: Badge,
    /// How much is left under retired keys, of how much; empty where nothing is under way.
    pub progress: String,
    /// Whether a rotation of this level is under way.
    pub is_under_way: bool,
}

/// A root.
#[derive(Debug, Clone)]
pub struct RootRow {
    /// What it is called.
    pub name: String,
    /// When it came into use; empty where that is not known.
    pub since: String,
    /// When another one must take its place.
    pub due: String,
    /// In its time, due soon, or due.
    pub state: Badge,
}
