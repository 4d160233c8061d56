//! A second administrator confirms or refuses what a role shall gain.

use super::{RoleError, found, may_gain};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::identity::notices::{self, News};
use crate::identity::powers::{self, State, Verdict};
use crate::identity::roles::RoleChangeId;
use crate::identity::roles::store::{self, RoleChange};
use crate::platform::app::App;
use crate::platform::store::{Entry, StoreError, Tx};

/// Confirms or refuses a change; of several who try at once, one succeeds. Whoever proposed it may refuse it.
pub async fn decide(
    app: &App,
    access: &Access,
    id: RoleChangeId,
    verdict: Verdict,
) -> Result<(), RoleError> {
    powers::may_decide(access, Permission::PeopleAdminister, verdict)?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let change = found(store::authentic_change(tx, id))?;
            if change.state != State::Open || tx.now() >= change.expires {
                return Err(RoleError::NotOpen);
            }
            let (state, news) = match verdict {
                Verdict::Confirm => (State::Confirmed, News::RoleConfirmed),
                Verdict::Refuse => (State::Refused, News::RoleRefused),
            };
            if verdict == Verdict::Confirm {
                confirm(tx, &by, &change)?;
            }
            close(tx, &change, state)?;
            let to = powers::accounts_of_administrators(tx)?;
            notices::tell(tx, (news, id.to_string()), by.person(), &to)?;
            Ok(tx.done(())?)
        })
        .await
}

fn close(tx: &mut Tx<'_>, change: &RoleChange, state: State) -> Result<(), StoreError> {
    store::decide(tx, change.id, state)?;
    let action = match state {
        State::Confirmed => "role-change.confirmed",
        _ => "role-change.refused",
    };
    tx.journal(
        Entry::new(action, "role-change", change.id)
            .version(change.version + 1)
            .fact("role", change.role)
            .fact("gains", change.gains)
            .fact("proposed-by", change.proposed_by),
    )
}

fn confirm(tx: &mut Tx<'_>, by: &Access, change: &RoleChange) -> Result<(), RoleError> {
    if humans::load(tx)?.are_one(by.human(), change.proposed_human) {
        return Err(RoleError::SameHuman);
    }
    if !powers::administers(tx, (change.proposed_by, change.proposed_human))? {
        return Err(RoleError::ProposerGone);
    }
    let role = found(store::authentic(tx, change.role))?;
    if role.retired.is_some() {
        return Err(RoleError::Retired);
    }
    // Neither of the two holds it: whoever proposed may have been given it since.
    for human in [by.human(), change.proposed_human] {
        may_gain(tx, &role, (human, change.gains))?;
    }
    let permissions = role.permissions.with(change.gains);
    store::give(tx, &role, permissions)?;
    Ok(tx.journal(
        Entry::new("role.changed", "custom-role", role.id)
            .version(role.version + 1)
            .change("permissions", Some(role.permissions), Some(permissions)),
    )?)
}
