//! One server to a data folder: a lock on a file in it, which the system gives back when the process ends, however it ends.
//! The file says who holds it, so that a second server and other commands can tell where the first one is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

const NAME: &str = "server.lock";

#[derive(Debug, thiserror::Error)]
pub enum RunningError {
    #[error(
        "a server runs in {folder} already{at}: use that one, stop it first, or name another folder with --data"
    )]
    Already { folder: String, at: String },
    #[error("{path} cannot be locked: {source}. See that this user may write there", path = path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// The right to serve a folder. Kept as long as the server lives.
#[derive(Debug)]
pub struct Running {
    _locked: File,
}

/// Who serves a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub process: u32,
    pub address: Url,
}

impl Running {
    /// Takes the folder for this process, which answers at `address`.
    ///
    /// # Errors
    /// [`RunningError::Already`] where another process has it.
    pub fn claim(folder: &Path, address: &Url) -> Result<Self, RunningError> {
        let path = folder.join(NAME);
        let failed = |source| RunningError::Io {
            path: path.clone(),
            source,
        };
        // What the holder wrote must stay readable for the one who is refused.
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        match patiently(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let at = told(&mut file)
                    .map(|holder| format!(" (process {}, {})", holder.process, holder.address));
                return Err(RunningError::Already {
                    folder: folder.display().to_string(),
                    at: at.unwrap_or_default(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let text = format!("{}\n{address}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(text.as_bytes()))
            .map_err(failed)?;
        Ok(Self { _locked: file })
    }
}

/// A command that asks who serves holds the lock for a moment: a server does not give up for that.
fn patiently(file: &File) -> Result<(), TryLockError> {
    for _ in 0..20 {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            other => return other,
        }
    }
    file.try_lock()
}

/// Who serves the folder now; none where nobody does, or where this user may not know.
#[must_use]
pub fn holder(folder: &Path) -> Option<Holder> {
    let mut file = File::open(folder.join(NAME)).ok()?;
    // What a server left behind that is gone tells nothing.
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => told(&mut file),
        _ => None,
    }
}

fn told(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).ok()?;
    let mut lines = text.lines();
    Some(Holder {
        process: lines.next()?.parse().ok()?,
        address: lines.next()?.parse().ok()?,
    })
}
