//! Temporary folders that carry the process id of their owner, so that those of a killed run are found.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

const PREFIX: &str = "countersign-test";
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder that is removed when dropped.
#[derive(Debug)]
pub struct TempDir {
    path: PathBuf,
}

impl TempDir {
    /// Makes `PREFIX-KIND-PID-NUMBER` in the system's folder for temporary files.
    pub fn new(kind: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}-{kind}-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        // A process id comes round again, and with it the name of a folder that a killed run left behind.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path)
            .unwrap_or_else(|e| panic!("cannot make {}: {e}", path.display()));
        Self { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// The folders of this `kind` in `parent` whose owner no longer runs.
pub fn abandoned(parent: &Path, kind: &str) -> Vec<PathBuf> {
    let start = format!("{PREFIX}-{kind}-");
    let Ok(entries) = std::fs::read_dir(parent) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let owner = name
                .to_str()
                .and_then(|n| n.strip_prefix(&start))
                .and_then(|n| n.split('-').next());
            owner.is_some_and(|pid| !pid.is_empty() && !Path::new("/proc").join(pid).exists())
        })
        .map(|entry| entry.path())
        .collect()
}
