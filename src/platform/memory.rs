//! Memory that holds keys stays memory: nobody dumps it, no debugger of the same user attaches, and where the system allows it
//! is not written to swap.

use rustix::io::Errno;
use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};
use rustix::thread::{CapabilitySet, capabilities};

/// Takes this process out of core dumps and from debuggers. Every command calls it before it reads a key.
///
/// # Errors
/// The system's, where it refuses either.
pub fn keep_out_of_dumps() -> Result<(), Errno> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // A collector of cores that ignores the first (fs.suid_dumpable) is given nothing either, nor are the workers' cores.
    setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    )
}

/// Whether this process may lock all its memory, whatever it grows to.
///
/// A limit in bytes is no half of it: once all memory is to be locked, a mapping beyond the limit fails, and with it whoever
/// asked for memory.
#[must_use]
pub fn may_lock() -> bool {
    let is_privileged =
        capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::IPC_LOCK));
    is_privileged || getrlimit(Resource::Memlock).current.is_none()
}

/// Keeps all memory of this process out of swap, as it is used. Gives whether the system allowed it.
#[must_use]
pub fn lock() -> bool {
    let all = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
    may_lock() && mlockall(all).is_ok()
}

/// Whether memory can be written to a disk at all: the list of swap devices has a line for each below its title.
#[must_use]
pub fn has_swap(proc_swaps: &str) -> bool {
    proc_swaps.lines().skip(1).any(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_no_swap() {
        let title = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
        assert!(!has_swap("") && !has_swap(title));
        assert!(has_swap(&format!(
            "{title}/dev/dm-1 partition 8388604 0 -2\n"
        )));
    }
}
