//! Child processes that cannot outlive the test process.
//!
//! A test process may be killed at any moment, and then runs no destructor. So each child has a watcher:
//! a shell that reads from a pipe held by the test process. When that process ends, by whatever cause, the
//! pipe closes, and the watcher ends the child and removes its folder.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::poll;

// `$1` signal, `$2` process, `$3` folder to remove ("" for none). A second's grace before the hard end.
const WATCHER: &str = r#"read -r _
kill -"$1" "$2" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$2" 2>/dev/null || break; sleep 0.1; done
kill -KILL "$2" 2>/dev/null
[ -z "$3" ] || rm -rf "$3""#;

/// A running child and its watcher. Dropping it ends both.
#[derive(Debug)]
pub struct Guarded {
    child: Child,
    watcher: Child,
    signal: Signal,
}

impl Guarded {
    /// Starts `command`; `signal` is what ends this program cleanly, `folder` is removed with it when the
    /// test process is gone.
    pub fn spawn(command: &mut Command, signal: Signal, folder: Option<&Path>) -> Self {
        let child = command
            .spawn()
            .unwrap_or_else(|e| panic!("cannot start {command:?}: {e}"));
        let watcher = Command::new("/bin/sh")
            .args([
                "-c",
                WATCHER,
                "watcher",
                &signal.as_raw().to_string(),
                &child.id().to_string(),
            ])
            .arg(folder.unwrap_or(Path::new("")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // In its own group, or the Ctrl-C that ends the tests ends the watcher before it has cleaned up.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|e| panic!("cannot start the watcher: {e}"));
        Self {
            child,
            watcher,
            signal,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn child_mut(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether the child has ended, and how.
    pub fn exited(&mut self) -> Option<std::process::ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Sends `signal` and waits for the end, which must come within `limit`.
    pub fn end(&mut self, signal: Signal, limit: Duration) -> Option<std::process::ExitStatus> {
        if self.exited().is_none() {
            let _ = kill_process(pid(self.child.id()), signal);
        }
        poll(limit, || self.exited())
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if self.end(self.signal, Duration::from_secs(5)).is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        // The child is gone and its number may be given to another: the watcher must not act any more.
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
    }
}

/// A process id as rustix wants it.
pub fn pid(id: u32) -> Pid {
    i32::try_from(id)
        .ok()
        .and_then(Pid::from_raw)
        .expect("a process id is a positive i32")
}
