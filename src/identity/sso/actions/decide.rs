//! A second administrator confirms or refuses; one alone ends what is in force, since what stops harm is not kept waiting.

use super::mail::{self, Event};
use super::propose::{entry, in_force, replace_proposal};
use super::{SsoError, rule};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::identity::powers::{self, Verdict};
use crate::identity::sessions;
use crate::identity::sso::SsoSettingId;
use crate::identity::sso::rules::{About, Configuration, State};
use crate::identity::sso::store::identities;
use crate::identity::sso::store::settings::{self, Setting};
use crate::platform::app::App;
use crate::platform::store::{Reads as _, StoreError, Tx};

/// Confirms or refuses a proposal; of several who try at once, one succeeds. Whoever proposed it may refuse it.
pub async fn decide(
    app: &App,
    access: &Access,
    id: SsoSettingId,
    verdict: Verdict,
) -> Result<(), SsoError> {
    powers::may_decide(access, Permission::PeopleAdminister, verdict)?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let setting = found(settings::authentic(tx, id))?;
            setting.proposal().is_open(tx.now())?;
            let (action, event) = match verdict {
                Verdict::Confirm => {
                    confirm(tx, &by, &setting)?;
                    ("sign-in-setting.confirmed", Event::Confirmed)
                }
                Verdict::Refuse => {
                    settings::moved(tx, id, (State::Proposed, State::Refused))?;
                    ("sign-in-setting.refused", Event::Refused)
                }
            };
            tx.journal(
                entry(action, id, &setting.configuration)
                    .version(setting.version + 1)
                    .fact("proposed-by", setting.proposed_by),
            )?;
            let to = powers::accounts_of_administrators(tx)?;
            mail::queue(tx, event, id, &to)?;
            Ok(tx.done(())?)
        })
        .await
}

fn found(result: Result<Setting, StoreError>) -> Result<Setting, SsoError> {
    match result {
        Err(StoreError::Missing) => Err(SsoError::Missing),
        other => Ok(other?),
    }
}

fn confirm(tx: &mut Tx<'_>, by: &Access, setting: &Setting) -> Result<(), SsoError> {
    setting
        .proposal()
        .may_confirm(&humans::load(tx)?, by.human())?;
    // A proposal is worth what its proposer is.
    if !powers::administers(tx, (setting.proposed_by, setting.proposed_human))? {
        return Err(SsoError::ProposerGone);
    }
    // What held when it was proposed has to hold now.
    rule::holds(tx, &setting.configuration)?;
    Ok(in_force(tx, setting)?)
}

/// Ends a connection, a domain or a permission that is in force. A connection's sessions end with it. The rule is no such
/// thing: it is changed by two, in either direction.
pub async fn end(app: &App, access: &Access, id: SsoSettingId) -> Result<(), SsoError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    app.store
        .write(access.caller(), move |tx| {
            let setting = found(settings::find(tx, id))?;
            if setting.state != State::Active || setting.configuration.about() == About::Rule {
                return Err(SsoError::NotOpen);
            }
            tx.authentic("sso_settings", id)?;
            rule::can_end(tx, &setting)?;
            settings::moved(tx, id, (State::Active, State::Ended))?;
            tx.journal(
                entry("sign-in-setting.ended", id, &setting.configuration)
                    .version(setting.version + 1),
            )?;
            // What somebody proposed of it would bring it back, with other words than anybody sees now.
            replace_proposal(tx, &setting.configuration)?;
            if let Configuration::Connection { id: connection, .. } = &setting.configuration {
                for through in identities::sessions_of_connection(tx, *connection)? {
                    sessions::end(tx, through.session, "connection-ended")?;
                }
            }
            let to = powers::accounts_of_administrators(tx)?;
            mail::queue(tx, Event::Ended, id, &to)?;
            Ok(tx.done(())?)
        })
        .await
}
