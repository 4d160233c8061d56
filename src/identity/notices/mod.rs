//! Mails to a person about her own account: a new device, a changed password or factor.
//!
//! Invariants
//! - A notice is queued by the transaction it speaks of, and mailed after its commit.
//! - A mail about an account goes to the address of an account that this program wrote, and to nobody who may not sign in.
//! - It holds no link that lets anybody in, and goes to the address on file, whoever caused it.

mod actions;

pub use actions::{NOTICE_MAIL, Notice, NoticeMailError, Reader, mail_notice, queue};
