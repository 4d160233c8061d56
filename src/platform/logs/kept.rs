//! How long log files are kept: some days as they are, more days compressed, then no longer.
//!
//! PCI DSS 10.5.1 asks for twelve months, of which three can be read at once.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::Date;

const START: &str = "countersign-";
const PLAIN: &str = ".log";
const ARCHIVED: &str = ".log.gz";
/// An archive that is being written. One that a killed server left is written anew.
const UNFINISHED: &str = ".part";

/// The longest three months, and the longest year.
pub const LEAST_ONLINE_DAYS: u32 = 92;
pub const LEAST_KEEP_DAYS: u32 = 366;

/// Where log files are, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    pub folder: PathBuf,
    /// Days, today among them, whose files can be read as they are.
    pub online_days: u32,
    /// Days, today among them, of which there is a file at all.
    pub keep_days: u32,
}

/// What there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    pub oldest: Option<Date>,
    pub online: usize,
    pub archived: usize,
    pub bytes: u64,
}

impl Retention {
    /// Whether twelve months are kept, and three of them as they are.
    #[must_use]
    pub const fn is_enough(&self) -> bool {
        self.online_days >= LEAST_ONLINE_DAYS && self.keep_days >= LEAST_KEEP_DAYS
    }

    /// What the folder holds. A folder that is not there yet holds nothing.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn held(&self) -> io::Result<Held> {
        let mut held = Held::default();
        for (path, day, is_archived) in self.files()? {
            held.oldest = Some(held.oldest.map_or(day, |oldest| oldest.min(day)));
            held.bytes += std::fs::metadata(&path).map_or(0, |file| file.len());
            if is_archived {
                held.archived += 1;
            } else {
                held.online += 1;
            }
        }
        Ok(held)
    }

    /// Whether a file is older than it may be: nothing enforces what the configuration says.
    #[must_use]
    pub fn is_overdue(&self, held: &Held, today: Date) -> bool {
        held.oldest
            .is_some_and(|oldest| age_days(oldest, today) > i64::from(self.keep_days))
    }

    /// Compresses what is no longer online and removes what is no longer kept. What fails is tried again next time, and
    /// told by its file's name, which is a day.
    fn enforce(&self, today: Date) {
        let files = match self.files() {
            Ok(files) => files,
            Err(error) => {
                tracing::warn!(%error, "the folder of logs cannot be read; old ones stay until it can");
                return;
            }
        };
        for (path, day, is_archived) in files {
            let age = age_days(day, today);
            let done = if age >= i64::from(self.keep_days) {
                std::fs::remove_file(&path)
            } else if age >= i64::from(self.online_days) && !is_archived {
                archive(&path)
            } else {
                Ok(())
            };
            if let Err(error) = done {
                tracing::warn!(%day, %error, "a log file cannot be archived or removed; the next round tries again");
            }
        }
    }

    /// Our files in the folder, each with its day and whether it is an archive.
    fn files(&self) -> io::Result<Vec<(PathBuf, Date, bool)>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let ours = |entry: std::fs::DirEntry| {
            let name = entry.file_name();
            let rest = name.to_str()?.strip_prefix(START)?;
            let (day, is_archived) = match rest.strip_suffix(ARCHIVED) {
                Some(day) => (day, true),
                None => (rest.strip_suffix(PLAIN)?, false),
            };
            Some((entry.path(), day.parse().ok()?, is_archived))
        };
        Ok(entries.flatten().filter_map(ours).collect())
    }
}

/// Days between two days.
fn age_days(day: Date, today: Date) -> i64 {
    let since = day.until(today).map(|span| i64::from(span.get_days()));
    since.unwrap_or(i64::MAX)
}

/// The name of a day's file.
pub(super) fn name(day: Date) -> String {
    format!("{START}{day}{PLAIN}")
}

/// The day's file becomes an archive under its own name: the whole of it is on the disk before the plain one goes.
fn archive(plain: &Path) -> io::Result<()> {
    let archived = plain.with_extension("log.gz");
    if !archived.exists() {
        let unfinished = plain.with_extension(format!("log.gz{UNFINISHED}"));
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        let mut packed = GzEncoder::new(file, Compression::default());
        io::copy(&mut File::open(plain)?, &mut packed)?;
        packed.finish()?.sync_all()?;
        std::fs::rename(&unfinished, &archived)?;
    }
    std::fs::remove_file(plain)
}

/// One hand at a time enforces the retention of a folder.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    retention: Retention,
    one_at_a_time: Arc<Mutex<()>>,
}

impl Keeper {
    pub(super) fn of(retention: Retention) -> Self {
        Self {
            retention,
            one_at_a_time: Arc::default(),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.retention.folder
    }

    pub(super) fn enforce(&self, today: Date) {
        let _held = self
            .one_at_a_time
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.retention.enforce(today);
    }
}
