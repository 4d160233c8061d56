//! Whether internal logs are kept as long as they have to be, and no longer.

use super::{Check, Context};
use crate::platform::logs::{LEAST_KEEP_DAYS, LEAST_ONLINE_DAYS};

pub(super) fn logs(context: &Context<'_>) -> Vec<Check> {
    let retention = &context.config.log.retention;
    let held = match retention.held() {
        Ok(held) => held,
        Err(error) => {
            return vec![Check::fail(
                "logs",
                format!("{}: {error}", retention.folder.display()),
                "give the folder back to this program's user, or name another as log.folder",
            )];
        }
    };
    let since = held
        .oldest
        .map_or_else(String::new, |day| format!(" since {day}"));
    let what = format!(
        "{} days as they are and {} archived{since}, {} MiB; kept for {} days, {} of them as they are",
        held.online,
        held.archived,
        held.bytes / 1024 / 1024,
        retention.keep_days,
        retention.online_days
    );
    vec![if retention.is_overdue(&held, context.now.utc_date()) {
        let mend = "start the server, which removes them, and see in its log why it could not";
        Check::fail("logs", format!("{what}; older ones are there"), mend)
    } else if !retention.is_enough() {
        let mend = format!(
            "set log.keep_days to {LEAST_KEEP_DAYS} and log.online_days to {LEAST_ONLINE_DAYS} or more: PCI DSS 10.5.1 asks for twelve months, three of them at hand"
        );
        Check::warn("logs", what, mend)
    } else {
        Check::ok("logs", what)
    }]
}
