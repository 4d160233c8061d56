//! Whether the workers that read strangers' documents are confined: a worker is started, and tries what it must not.

use super::{Check, Context};
use crate::platform::workers::pool::WorkerPool;
use crate::platform::workers::probe::{Act, Outcome};
use crate::platform::workers::{Confinement, WorkerConfig};

const MEND: &str = "allow Landlock and seccomp in the kernel (lsm=landlock,...) and in the container: until then a \
     hostile document could reach more than its own bytes";
const NEWER: &str = "run on Linux 6.2 or newer with Landlock switched on, so that one layer holds if the other has a hole";

/// Starts one worker of this program. Not among platform's own probes, because only the program itself can be a worker.
#[must_use]
pub fn workers(context: &Context<'_>) -> Vec<Check> {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => {
            let mend = "start the program by its full path";
            return vec![Check::fail(
                "workers",
                format!("this program cannot find itself: {error}"),
                mend,
            )];
        }
    };
    let config = WorkerConfig {
        count: 1,
        memory_bytes: context.config.workers.memory_bytes,
        ..WorkerConfig::new(program, vec!["worker".into()])
    };
    let tried = context.runtime.block_on(async {
        let pool = WorkerPool::new(config).await?;
        Ok::<_, crate::platform::workers::WorkerError>((pool.confinement(), pool.probe().await))
    });
    match tried {
        Ok((confinement, acts)) => vec![verdict(confinement, &acts)],
        Err(error) => vec![Check::fail(
            "workers",
            format!("no worker starts: {error}"),
            MEND,
        )],
    }
}

/// The verdict on what a worker said of itself and what it managed.
pub(super) fn verdict(confinement: Confinement, acts: &[(Act, Outcome)]) -> Check {
    let mut holes: Vec<&str> = acts
        .iter()
        .filter(|(_, outcome)| !outcome.is_stopped())
        .map(|(act, _)| act.name())
        .collect();
    if !confinement.seccomp {
        holes.push("pass without the system call filter");
    }
    if acts.is_empty() {
        holes.push("pass untested");
    }
    if holes.is_empty() && !confinement.landlock {
        let what = "a worker's attempts were stopped by the system call filter alone; Landlock is not fully there";
        Check::warn("workers", what, NEWER)
    } else if holes.is_empty() {
        Check::ok(
            "workers",
            "a worker tried to reach files, network, programs and processes, and was stopped",
        )
    } else {
        Check::fail(
            "workers",
            format!("a worker could {}", holes.join(", ")),
            MEND,
        )
    }
}
