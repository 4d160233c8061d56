//! What a child takes from itself before it sees the first foreign byte.
//!
//! Limits first, then Landlock (no file, no TCP, no signals or abstract sockets to the outside), then two system call
//! filters: look-ups of files that libraries make by habit are answered with an error, everything else outside a
//! short list ends the process. Reading is allowed from standard input only, writing to the pipes to the parent only,
//! mapping only anonymous memory that is never executable: a descriptor that slipped into the child is of no use.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus,
    Scope,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use super::Confinement;
use super::protocol::Setup;

/// Enough for the pipes; the filter forbids opening more anyway.
const MAX_DESCRIPTORS: u64 = 32;

/// Applies every restriction to the calling process, for good. Must run while it has one thread.
///
/// # Errors
/// If a limit cannot be set. Landlock or the filter missing is no error: the result says so.
pub fn confine(setup: Setup, answers: BorrowedFd<'_>) -> io::Result<Confinement> {
    set_limits(setup)?;
    // Nobody but root may read the memory of this process or trace it.
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    rustix::thread::set_no_new_privs(true)?;
    if !setup.confine {
        return Ok(Confinement {
            landlock: false,
            seccomp: false,
        });
    }
    let landlock = restrict_files_and_network();
    let seccomp = filter_system_calls(answers).is_some();
    Ok(Confinement { landlock, seccomp })
}

fn set_limits(setup: Setup) -> io::Result<()> {
    // The limit counts address space, so what the program itself has mapped comes on top.
    let memory = address_space_bytes()?.saturating_add(setup.memory_bytes);
    let limits = [
        (Resource::As, memory),
        (Resource::Cpu, setup.cpu_s),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, MAX_DESCRIPTORS),
        (Resource::Nproc, 0),
    ];
    for (resource, value) in limits {
        setrlimit(
            resource,
            Rlimit {
                current: Some(value),
                maximum: Some(value),
            },
        )?;
    }
    Ok(())
}

/// `VmSize` of this process, in bytes.
fn address_space_bytes() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let size = status.lines().find_map(|line| {
        line.strip_prefix("VmSize:")?
            .trim()
            .strip_suffix(" kB")?
            .parse::<u64>()
            .ok()
    });
    size.and_then(|kibibytes| kibibytes.checked_mul(1024))
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "the system does not tell this process its size",
            )
        })
}

/// Handles every right that this Landlock version knows and grants none. `true` only if all of it is enforced as far as
/// the oldest version that stops files being cut short (ABI 3) reaches.
fn restrict_files_and_network() -> bool {
    let attempt = || {
        Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(ABI::V3))?
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .restrict_self()
    };
    attempt().is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// `None` if the processor has no filter here or the kernel takes none.
fn filter_system_calls(answers: BorrowedFd<'_>) -> Option<()> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    let lookups: Rules = lookups()
        .into_iter()
        .map(|call| (call, Vec::new()))
        .collect();
    let mut allowed = allowed(answers)?;
    allowed.extend(lookups.clone());
    let permission_denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let soft = SeccompFilter::new(lookups, SeccompAction::Allow, permission_denied, arch).ok()?;
    let hard = SeccompFilter::new(
        allowed,
        SeccompAction::KillProcess,
        SeccompAction::Allow,
        arch,
    )
    .ok()?;
    let [soft, hard] = [
        BpfProgram::try_from(soft).ok()?,
        BpfProgram::try_from(hard).ok()?,
    ];
    // The kernel takes the strictest answer of all filters. The hard one comes last, since it forbids installing more.
    seccompiler::apply_filter(&soft).ok()?;
    seccompiler::apply_filter(&hard).ok()
}

/// Calls that fail instead of ending the process: libraries make them by habit and cope with an error. `prctl` must not be
/// among them, since installing the second filter needs it.
fn lookups() -> Vec<i64> {
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(unused_mut, reason = "only x86-64 has the old calls")
    )]
    let mut calls = vec![
        libc::SYS_openat,
        libc::SYS_newfstatat,
        libc::SYS_statx,
        libc::SYS_faccessat,
        libc::SYS_faccessat2,
        libc::SYS_readlinkat,
        libc::SYS_getcwd,
        libc::SYS_ioctl,
        libc::SYS_fcntl,
        libc::SYS_prlimit64,
        libc::SYS_sched_getaffinity,
    ];
    #[cfg(target_arch = "x86_64")]
    calls.extend([
        libc::SYS_open,
        libc::SYS_stat,
        libc::SYS_lstat,
        libc::SYS_access,
        libc::SYS_readlink,
    ]);
    calls
}

/// Arithmetic, memory, time, the three pipes, and ending: all that reading a document takes.
fn allowed(answers: BorrowedFd<'_>) -> Option<Rules> {
    let free = [
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_lseek,
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_gettimeofday,
        libc::SYS_getrandom,
        libc::SYS_getpid,
        libc::SYS_getppid,
        libc::SYS_gettid,
        libc::SYS_getrusage,
        libc::SYS_sched_yield,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut rules: Rules = free.into_iter().map(|call| (call, Vec::new())).collect();
    let descriptor = |number: i32| rule(&[(0, SeccompCmpOp::Eq, u64::try_from(number).ok()?)]);
    let outputs = vec![
        descriptor(1)?,
        descriptor(2)?,
        descriptor(answers.as_raw_fd())?,
    ];
    for call in [libc::SYS_write, libc::SYS_writev] {
        rules.insert(call, outputs.clone());
    }
    for call in [libc::SYS_read, libc::SYS_readv] {
        rules.insert(call, vec![descriptor(0)?]);
    }
    let executable = u64::try_from(libc::PROT_EXEC).ok()?;
    let anonymous = u64::try_from(libc::MAP_ANONYMOUS).ok()?;
    let not_executable = (2, SeccompCmpOp::MaskedEq(executable), 0);
    rules.insert(
        libc::SYS_mprotect,
        vec![rule(std::slice::from_ref(&not_executable))?],
    );
    rules.insert(
        libc::SYS_mmap,
        vec![rule(&[
            not_executable,
            (3, SeccompCmpOp::MaskedEq(anonymous), anonymous),
        ])?],
    );
    // `abort` signals its own thread; the same call could reach other processes.
    rules.insert(
        libc::SYS_tgkill,
        vec![rule(&[(
            0,
            SeccompCmpOp::Eq,
            u64::from(std::process::id()),
        )])?],
    );
    Some(rules)
}

/// All conditions must hold: (argument, comparison, value).
fn rule(conditions: &[(u8, SeccompCmpOp, u64)]) -> Option<SeccompRule> {
    let conditions: Result<Vec<_>, _> = conditions
        .iter()
        .map(|(argument, operator, value)| {
            SeccompCondition::new(*argument, SeccompCmpArgLen::Qword, operator.clone(), *value)
        })
        .collect();
    SeccompRule::new(conditions.ok()?).ok()
}
