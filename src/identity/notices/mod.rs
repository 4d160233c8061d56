//! Mails to a person about her own account (a new device, a changed password or factor), and to several about what administrators
//! ask for and decide.
//!
//! Invariants
//! - A notice is queued by the transaction it speaks of, and mailed after its commit.
//! - A mail about an account goes to the address of an account that this program wrote, and to nobody who may not sign in.
//! - It holds no link that lets anybody in, and goes to the address on file, whoever caused it.

mod actions;

pub use actions::{
    NEWS_MAIL, NOTICE_MAIL, News, Notice, NoticeMailError, Reader, mail_news, mail_notice, queue,
    tell,
};
pub(in crate::identity) use actions::{queue_disowned, queue_end};
