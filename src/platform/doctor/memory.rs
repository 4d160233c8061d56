//! Whether keys in memory can come onto a disk.

use super::{Check, Context};
use crate::platform::memory::{has_swap, may_lock};

/// What the service's limits are is known in the service alone: the doctor tells of the process that he is.
pub(super) fn memory(_context: &Context<'_>) -> Vec<Check> {
    let swaps = std::fs::read_to_string("/proc/swaps").unwrap_or_default();
    vec![memory_of(may_lock(), has_swap(&swaps))]
}

/// The verdict on a process that may lock its memory or not, on a machine with swap or without.
pub(super) fn memory_of(may_lock: bool, has_swap: bool) -> Check {
    match (may_lock, has_swap) {
        (true, _) => Check::ok("memory", "what holds keys is locked, and in no core dump"),
        (false, false) => Check::ok(
            "memory",
            "what holds keys is in no core dump, and this machine has no swap that it could go to",
        ),
        (false, true) => Check::warn(
            "memory",
            "this user may not lock all memory, so that keys may be written to swap",
            "set LimitMEMLOCK=infinity in the service's unit (`ulimit -l unlimited`), or encrypt the swap or switch it off",
        ),
    }
}
