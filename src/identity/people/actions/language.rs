//! The language that somebody reads her pages in.

use super::PeopleError;
use crate::identity::access::Access;
use crate::identity::people::store;
use crate::platform::app::App;
use crate::platform::store::Entry;
use crate::platform::web::locale::Locale;

/// A person's own choice; it holds in every browser of hers.
pub async fn choose_language(
    app: &App,
    access: &Access,
    locale: Locale,
) -> Result<(), PeopleError> {
    let id = access.person();
    app.store
        .write(access.caller(), move |tx| {
            let person = store::find(tx, id)?;
            store::set_locale(tx, id, locale.tag())?;
            let entry = Entry::new("person.language-chosen", "person", id)
                .version(person.version + 1)
                .fact("language", locale.tag());
            Ok(tx.commit(entry, ())?)
        })
        .await
}
