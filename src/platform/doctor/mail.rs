//! The mail server: whether it takes a connection with verified TLS, and our name and password.

use super::{Check, Context};
use crate::platform::config::Mail;
use crate::platform::mail::Outbox;

const ID: &str = "mail";

/// Connects and says goodbye; no mail is sent.
#[must_use]
pub fn mail(context: &Context<'_>) -> Vec<Check> {
    let Mail::Smtp(_) = &context.config.mail else {
        let what = "mail goes into a folder; whoever collects it there is not looked at";
        return vec![Check::ok(ID, what)];
    };
    let tried = Outbox::open(&context.config.mail)
        .map(|outbox| context.runtime.block_on(async { outbox.reach().await }));
    vec![match tried {
        Ok(Ok(())) => Check::ok(ID, "the mail server answers over verified TLS"),
        Ok(Err(error)) | Err(error) => Check::fail(
            ID,
            error.to_string(),
            "check mail.host, mail.port and mail.security, the server's own log, and the network on the way: invitations wait until it answers",
        ),
    }]
}
