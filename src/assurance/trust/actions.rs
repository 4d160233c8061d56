//! Reading what the claims are shown by.

use super::rules::{Power, Proof, speaks};
use crate::assurance::restores::actions::Keeping;
use crate::assurance::{audit, restores, streams};
use crate::identity::access::Access;
use crate::identity::powers;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::store::StoreError;
use crate::platform::store::journal::read::{self, Filter};

/// The claims as they stand.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) power: Power,
    pub(super) proof: Proof,
    /// When the journal last spoke, and whether that is recent enough. None where it never did.
    pub(super) spoke: Option<(i64, bool)>,
    /// How the head that the server keeps elsewhere stands; none where it keeps none.
    pub(super) heads: Option<Keeping>,
    /// How many streams of the journal there are, and how many fail for long.
    pub(super) streams: (usize, usize),
}

/// Checks every claim about the organisation of `who`, in one snapshot. Whoever is signed in may know.
pub(super) async fn check(app: &App, who: &Access, now: Micros) -> Result<Claims, StoreError> {
    let kept = restores::actions::kept(app, who.scope().organisation());
    app.store
        .read(who.scope(), move |reads| {
            let newest = read::entries(reads, &Filter::default(), None, 1)?;
            let newest = newest.first().map(|told| told.at_us);
            let verified = audit::last_verification(reads)?;
            Ok(Claims {
                power: Power::of(powers::standing(reads, now)?),
                proof: Proof::of(verified.as_ref(), now),
                heads: restores::actions::standing(reads, kept.clone())?,
                streams: streams::actions::standing(reads, now)?,
                spoke: newest.map(|at_us| (at_us, speaks(at_us, now))),
            })
        })
        .await
}
