//! A second human approves or refuses; whoever asked takes it back.

use data_encoding::HEXLOWER;

use super::{RevealError, code};
use crate::assurance::keys::reveals::RevealId;
use crate::assurance::keys::reveals::rules::{APPROVED_US, State, set_digest};
use crate::assurance::keys::reveals::store::{self, Reveal};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::identity::notices::{self, News};
use crate::identity::powers::Verdict;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::store::{Entry, Tx};

/// A batch that waits, or is approved, now.
fn is_in(state: State, reveal: &Reveal, now: Micros) -> Result<(), RevealError> {
    if reveal.state != state {
        return Err(RevealError::NotOpen);
    }
    if now >= reveal.expires {
        return Err(RevealError::Late);
    }
    Ok(())
}

/// Approves or refuses what another human asked for. Refusing takes nothing but the right to approve.
pub async fn decide(
    app: &App,
    who: &Access,
    id: RevealId,
    verdict: Verdict,
) -> Result<(), RevealError> {
    who.require(Permission::SecretsReveal)?;
    if verdict == Verdict::Confirm {
        who.require_fresh()?;
    }
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let reveal = store::authentic(tx, id)?;
            is_in(State::Open, &reveal, tx.now())?;
            if humans::load(tx)?.are_one(by.human(), reveal.asked_human) {
                return Err(RevealError::SameHuman);
            }
            let values = store::authentic_values(tx, id)?;
            if set_digest(&values).as_slice() != reveal.set_digest {
                return Err(RevealError::Altered);
            }
            let deciding = (by.person(), by.human());
            let (action, news) = match verdict {
                Verdict::Confirm => {
                    let decided = Reveal {
                        decided_by: Some(by.person()),
                        decided_human: Some(by.human()),
                        expires: tx.now().plus_us(APPROVED_US),
                        ..reveal.clone()
                    };
                    let code = code(&keys, &decided).ok_or(RevealError::NotOpen)?;
                    store::approve(tx, &reveal, deciding, (decided.expires, code))?;
                    ("reveal.approved", News::RevealApproved)
                }
                Verdict::Refuse => {
                    store::refuse(tx, &reveal, deciding)?;
                    ("reveal.refused", News::RevealRefused)
                }
            };
            told(tx, action, &reveal)?;
            let to = [reveal.asked_by];
            notices::tell(tx, (news, id.to_string()), by.person(), &to)?;
            Ok(tx.done(())?)
        })
        .await
}

fn told(tx: &mut Tx<'_>, action: &'static str, reveal: &Reveal) -> Result<(), RevealError> {
    tx.journal(
        Entry::new(action, "reveal", reveal.id)
            .version(reveal.version + 1)
            .fact("asked-by", reveal.asked_by)
            .fact("count", reveal.count)
            .fact("set", HEXLOWER.encode(&reveal.set_digest)),
    )?;
    Ok(())
}

/// Takes back what one asked for and has not opened.
pub async fn withdraw(app: &App, who: &Access, id: RevealId) -> Result<(), RevealError> {
    who.require(Permission::SecretsReveal)?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let reveal = store::authentic(tx, id)?;
            if !humans::load(tx)?.are_one(by.human(), reveal.asked_human) {
                return Err(RevealError::NotAsked);
            }
            if !matches!(reveal.state, State::Open | State::Approved) {
                return Err(RevealError::NotOpen);
            }
            store::withdraw(tx, &reveal)?;
            told(tx, "reveal.withdrawn", &reveal)?;
            Ok(tx.done(())?)
        })
        .await
}
