//! Users: what a directory reads, makes, changes and ends.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::accounts::{follow_groups, follow_user, leave};
use super::{Condition, Found, ProvisioningError, TRIES, base, computed, is_stale, is_version};
use crate::identity::people::{self, Status};
use crate::identity::provisioning::rules::{
    self, Asked, Fault, Filter, Object, Page, Selection, USERS, resource,
};
use crate::identity::provisioning::store::groups::{self, Place};
use crate::identity::provisioning::store::mappings;
use crate::identity::provisioning::store::users::{self as store, User};
use crate::identity::provisioning::{DirectoryAccess, UserId};
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// What is compared with a filter and shown: the resource with what others know of her.
fn shown(
    reads: &mut impl Reads,
    base: &str,
    user: &User,
    with_groups: bool,
) -> Result<Object, StoreError> {
    let account = user.person.map(|id| people::find(reads, id)).transpose()?;
    let places = if with_groups {
        groups::places(reads, user.id)?
    } else {
        Vec::new()
    };
    let status = account.map(|person| person.status);
    Ok(resource::user(base, user, status, &places))
}

fn object_of(user: &User) -> Object {
    let mut object = user.object();
    if let Some(external_id) = &user.external_id {
        object.insert("externalId".into(), Value::String(external_id.clone()));
    }
    object
}

/// What was sent of a user, with a word on whether she is active: `unsaid`, where it has none.
fn said_active(mut object: Object, unsaid: bool) -> Object {
    object.entry("active").or_insert(Value::Bool(unsaid));
    object
}

/// Takes what a user is now from what was sent. Where a change took the word away, whether she is active stays.
fn described(user: &mut User, mut object: Object, now: crate::platform::clock::Micros) {
    user.inactive = match object.get("active") {
        Some(Value::Bool(true)) => None,
        Some(Value::Bool(false)) => user.inactive.or(Some(now)),
        _ => user.inactive,
    };
    user.external_id = match object.remove("externalId") {
        Some(Value::String(id)) => Some(id),
        _ => None,
    };
    user.attributes = Value::Object(object).to_string();
}

fn name_of(object: &Object) -> Result<String, Fault> {
    let name = object.get("userName").and_then(Value::as_str);
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    name.map(str::to_owned)
        .ok_or_else(|| Fault::Value("userName".to_owned()))
}

/// One user.
pub async fn find(
    app: &App,
    by: DirectoryAccess,
    id: UserId,
    asked: &Asked,
) -> Result<(Object, i64), ProvisioningError> {
    let (base, selection) = (base(app), Selection::of(&USERS, asked));
    app.store
        .read(by.scope(), move |read| {
            let user = store::find(read, by.directory, id)?;
            let shown = shown(read, &base, &user, selection.shows("groups"))?;
            Ok((selection.apply(shown), user.version))
        })
        .await
}

/// The users that a filter describes, a part of them.
pub async fn list(
    app: &App,
    by: DirectoryAccess,
    asked: &Asked,
) -> Result<Found, ProvisioningError> {
    let (base, selection) = (base(app), Selection::of(&USERS, asked));
    let page = Page::of(&USERS, asked)?;
    let filters_groups = asked
        .filter
        .as_deref()
        .is_some_and(|filter| filter.to_ascii_lowercase().contains("groups"));
    app.store
        .read(by.scope(), move |read| {
            let shows_groups = selection.shows("groups");
            let Some(filter) = &page.filter else {
                let total = store::count(read, by.directory)?;
                let start = i64::try_from(page.start).unwrap_or(i64::MAX);
                let count = i64::try_from(page.count).unwrap_or(i64::MAX);
                let users = store::some(read, by.directory, (start - 1, count))?;
                let mut resources = Vec::with_capacity(users.len());
                for user in users {
                    let resource = shown(read, &base, &user, shows_groups)?;
                    resources.push(selection.apply(resource));
                }
                return Ok(Found {
                    total: usize::try_from(total).unwrap_or(0),
                    start: page.start,
                    resources,
                });
            };
            let candidates = candidates(read, by, filter)?;
            let statuses: HashMap<PersonId, Status> = people::everybody(read)?
                .into_iter()
                .map(|person| (person.id, person.status))
                .collect();
            let mut fitting = Vec::new();
            for user in candidates {
                let places = places(read, &user, filters_groups)?;
                let status = user.person.and_then(|id| statuses.get(&id)).copied();
                if filter.matches(&resource::user(&base, &user, status, &places)) {
                    fitting.push((user, status));
                }
            }
            let total = fitting.len();
            let mut resources = Vec::new();
            for (user, status) in fitting.into_iter().skip(page.start - 1).take(page.count) {
                let places = places(read, &user, shows_groups)?;
                let resource = resource::user(&base, &user, status, &places);
                resources.push(selection.apply(resource));
            }
            Ok(Found {
                total,
                start: page.start,
                resources,
            })
        })
        .await
}

fn places(reads: &mut impl Reads, user: &User, are_wanted: bool) -> Result<Vec<Place>, StoreError> {
    if are_wanted {
        groups::places(reads, user.id)
    } else {
        Ok(Vec::new())
    }
}

/// Those whom a filter can describe: an index finds them where it names one user.
fn candidates(
    reads: &mut impl Reads,
    by: DirectoryAccess,
    filter: &Filter,
) -> Result<Vec<User>, StoreError> {
    if let Some(name) = filter.only("userName") {
        return store::by_name(reads, by.directory, name);
    }
    if let Some(id) = filter.only("externalId") {
        return store::by_external_id(reads, by.directory, id);
    }
    store::all(reads, by.directory)
}

/// Makes a user, and her account where she has an address and is active.
pub async fn create(
    app: &App,
    by: DirectoryAccess,
    sent: &Value,
    asked: &Asked,
) -> Result<(Object, i64), ProvisioningError> {
    let object = said_active(rules::sent(&USERS, sent)?, true);
    let name = name_of(&object)?;
    let keys = app.keys.organisation(&app.store, by.scope()).await?;
    let (base, selection) = (base(app), Selection::of(&USERS, asked));
    app.store
        .write(by.caller, move |tx| {
            let now = tx.now();
            let mut user = User {
                id: tx.id(),
                person: None,
                external_id: None,
                attributes: String::new(),
                inactive: None,
                suspended: None,
                created: now,
                changed: now,
                version: 1,
            };
            described(&mut user, object.clone(), now);
            follow_user(tx, &keys, by, (&mut user, &object))?;
            store::insert(tx, by.directory, &user, &name)?;
            let entry = Entry::new("directory-user.created", "directory-user", user.id)
                .fact("directory", by.directory)
                .fact("user-name", &name);
            tx.journal(match user.person {
                Some(person) => entry.fact("person", person),
                None => entry,
            })?;
            let resource = shown(tx, &base, &user, false)?;
            Ok(tx.done((selection.apply(resource), user.version))?)
        })
        .await
}

/// Replaces a user by what was sent.
pub async fn replace(
    app: &App,
    by: DirectoryAccess,
    (id, condition): (UserId, Condition),
    sent: &Value,
    asked: &Asked,
) -> Result<(Object, i64), ProvisioningError> {
    let object = rules::sent(&USERS, sent)?;
    change(app, by, (id, condition), asked, move |before| {
        // Who has left does not come back by silence.
        Ok(said_active(object.clone(), before.inactive.is_none()))
    })
    .await
}

/// Changes parts of a user.
pub async fn patch(
    app: &App,
    by: DirectoryAccess,
    (id, condition): (UserId, Condition),
    message: Value,
    asked: &Asked,
) -> Result<(Object, i64), ProvisioningError> {
    change(app, by, (id, condition), asked, move |before| {
        rules::patched(&USERS, &object_of(before), &message)
    })
    .await
}

async fn change(
    app: &App,
    by: DirectoryAccess,
    (id, condition): (UserId, Condition),
    asked: &Asked,
    changed: impl Fn(&User) -> Result<Object, Fault> + Send + Sync + 'static,
) -> Result<(Object, i64), ProvisioningError> {
    let keys = app.keys.organisation(&app.store, by.scope()).await?;
    let changed = Arc::new(changed);
    for _ in 0..TRIES {
        let condition = condition.clone();
        let before = app.store.read(by.scope(), move |read| {
            let user = store::find(read, by.directory, id)?;
            is_version(&condition, user.version)?;
            Ok::<_, ProvisioningError>(user)
        });
        let before = before.await?;
        let object = computed(&changed, before.clone()).await?;
        let (keys, base) = (Arc::clone(&keys), base(app));
        let selection = Selection::of(&USERS, asked);
        let done = app.store.write(by.caller, move |tx| {
            let user = store::find(tx, by.directory, id)?;
            if user.version != before.version {
                return Err(StoreError::Stale.into());
            }
            let user = written(tx, &keys, by, (user, object.clone()))?;
            let resource = shown(tx, &base, &user, selection.shows("groups"))?;
            Ok(tx.done((selection.apply(resource), user.version))?)
        });
        let done = done.await;
        if !is_stale(&done) {
            return done;
        }
    }
    Err(StoreError::Contended.into())
}

fn written(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    by: DirectoryAccess,
    (before, object): (User, Object),
) -> Result<User, ProvisioningError> {
    tx.authentic("directory_users", before.id)?;
    let mut user = before.clone();
    described(&mut user, object.clone(), tx.now());
    follow_user(tx, keys, by, (&mut user, &object))?;
    let is_same = user.attributes == before.attributes
        && user.external_id == before.external_id
        && user.inactive == before.inactive
        && user.suspended == before.suspended
        && user.person == before.person;
    if is_same {
        return Ok(user);
    }
    let name = name_of(&object)?;
    store::update(tx, &user, Some(&name))?;
    let is_active = |user: &User| user.inactive.is_none();
    let entry = Entry::new("directory-user.changed", "directory-user", user.id)
        .version(user.version + 1)
        .change(
            "attributes",
            Some(&before.attributes),
            Some(&user.attributes),
        )
        .change(
            "external-id",
            before.external_id.as_ref(),
            user.external_id.as_ref(),
        )
        .change("active", Some(is_active(&before)), Some(is_active(&user)));
    tx.journal(entry)?;
    // An account that she has just got follows the groups that she was in before.
    if user.person != before.person
        && let Some(person) = user.person
    {
        follow_groups(tx, person)?;
    }
    Ok(User {
        version: user.version + 1,
        changed: tx.now(),
        ..user
    })
}

/// Ends a user: her account is suspended and has no role any more. Nobody is deleted (RFC 7644, 3.6: the id answers 404).
pub async fn delete(
    app: &App,
    by: DirectoryAccess,
    (id, condition): (UserId, Condition),
) -> Result<(), ProvisioningError> {
    app.store
        .write(by.caller, move |tx| {
            let mut user = store::find(tx, by.directory, id)?;
            is_version(&condition, user.version)?;
            tx.authentic("directory_users", id)?;
            for membership in mappings::memberships(tx, id)? {
                groups::leave(tx, membership)?;
                tx.journal(
                    Entry::new("directory-member.removed", "directory-member", membership)
                        .version(2),
                )?;
            }
            leave(tx, by, &mut user)?;
            store::update(tx, &user, None)?;
            let entry = Entry::new("directory-user.deleted", "directory-user", id);
            Ok(tx.commit(entry.version(user.version + 1), ())?)
        })
        .await
}
