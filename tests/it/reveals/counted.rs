//! How many values can be asked for at once.

use countersign::assurance::keys::reveals::actions::{RevealError, Wanted, ask};

use super::{Office, iban_of, wanted};
use crate::support::stores::on_both;
use crate::support::world::fresh;

#[test]
fn more_names_than_may_be_shown_are_not_looked_for() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (app, rita) = (&office.world().app, office.rita.access().await);
        for (made_up, is_asked) in [(500, false), (499, true)] {
            let names = Wanted {
                vendors: (0..made_up).map(|_| fresh(office.world())).collect(),
                ..wanted(&[iban_of(office.account)])
            };
            let asked = ask(app, &rita, names).await;
            let is_refused = matches!(asked, Err(RevealError::Count));
            assert_eq!(is_refused, !is_asked, "{asked:?}");
            assert_eq!(asked.is_ok(), is_asked, "{asked:?}");
        }
    });
}
