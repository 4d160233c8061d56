//! Groups: kept as sent. What they give is decided by people (`mappings`).

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::accounts::follow_groups;
use super::{Condition, Found, ProvisioningError, TRIES, base, computed, is_stale, is_version};
use crate::identity::provisioning::rules::{
    self, Asked, Fault, GROUPS, Object, Page, Selection, resource,
};
use crate::identity::provisioning::store::groups::{self as store, Group, Membership};
use crate::identity::provisioning::store::{mappings, users};
use crate::identity::provisioning::{DirectoryAccess, GroupId, UserId};
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

fn shown(
    reads: &mut impl Reads,
    base: &str,
    group: &Group,
    with_members: bool,
) -> Result<Object, StoreError> {
    let members = if with_members {
        store::members(reads, group.id)?
    } else {
        Vec::new()
    };
    let members: Vec<UserId> = members.iter().map(|member| member.user).collect();
    Ok(resource::group(base, group, &members))
}

/// One group.
pub async fn find(
    app: &App,
    by: DirectoryAccess,
    id: GroupId,
    asked: &Asked,
) -> Result<(Object, i64), ProvisioningError> {
    let (base, selection) = (base(app), Selection::of(&GROUPS, asked));
    app.store
        .read(by.scope(), move |read| {
            let group = store::find(read, by.directory, id)?;
            let shown = shown(read, &base, &group, selection.shows("members"))?;
            Ok((selection.apply(shown), group.version))
        })
        .await
}

/// The groups that a filter describes, a part of them.
pub async fn list(
    app: &App,
    by: DirectoryAccess,
    asked: &Asked,
) -> Result<Found, ProvisioningError> {
    let (base, selection) = (base(app), Selection::of(&GROUPS, asked));
    let page = Page::of(&GROUPS, asked)?;
    let filters_members = asked
        .filter
        .as_deref()
        .is_some_and(|filter| filter.to_ascii_lowercase().contains("members"));
    app.store
        .read(by.scope(), move |read| {
            let mut fitting = store::all(read, by.directory)?;
            if let Some(filter) = &page.filter {
                let mut kept = Vec::new();
                for group in fitting {
                    if filter.matches(&shown(read, &base, &group, filters_members)?) {
                        kept.push(group);
                    }
                }
                fitting = kept;
            }
            let total = fitting.len();
            let mut resources = Vec::new();
            for group in fitting.into_iter().skip(page.start - 1).take(page.count) {
                let resource = shown(read, &base, &group, selection.shows("members"))?;
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

/// Takes a group's name and outer id from what was sent.
fn described(group: &mut Group, object: &Object) -> Result<(), Fault> {
    let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    group.name = text("displayName").ok_or_else(|| Fault::Value("displayName".to_owned()))?;
    group.external_id = text("externalId");
    Ok(())
}

/// The users that are named as members, each once; all of them are this directory's.
fn named(
    reads: &mut impl Reads,
    by: DirectoryAccess,
    object: &Object,
) -> Result<Vec<UserId>, ProvisioningError> {
    let wrong = || Fault::Value("members".to_owned());
    let elements = object.get("members").and_then(Value::as_array);
    let elements = elements.map_or(&[][..], Vec::as_slice);
    if elements.is_empty() {
        return Ok(Vec::new());
    }
    let there: HashSet<UserId> = users::ids(reads, by.directory)?.into_iter().collect();
    let (mut members, mut seen) = (Vec::new(), HashSet::new());
    for element in elements {
        let id = element.get("value").and_then(Value::as_str);
        let id: UserId = id.and_then(|id| id.parse().ok()).ok_or_else(wrong)?;
        if !there.contains(&id) {
            return Err(wrong().into());
        }
        if seen.insert(id) {
            members.push(id);
        }
    }
    Ok(members)
}

/// Makes a group.
pub async fn create(
    app: &App,
    by: DirectoryAccess,
    sent: &Value,
    asked: &Asked,
) -> Result<(Object, i64), ProvisioningError> {
    let object = rules::sent(&GROUPS, sent)?;
    let (base, selection) = (base(app), Selection::of(&GROUPS, asked));
    app.store
        .write(by.caller, move |tx| {
            let now = tx.now();
            let mut group = Group {
                id: tx.id(),
                name: String::new(),
                external_id: None,
                created: now,
                changed: now,
                version: 1,
            };
            described(&mut group, &object)?;
            let members = named(tx, by, &object)?;
            store::insert(tx, by.directory, &group)?;
            tx.journal(
                Entry::new("directory-group.created", "directory-group", group.id)
                    .fact("directory", by.directory)
                    .fact("name", &group.name),
            )?;
            follow_members(tx, group.id, &[], &members)?;
            let resource = shown(tx, &base, &group, selection.shows("members"))?;
            Ok(tx.done((selection.apply(resource), group.version))?)
        })
        .await
}

/// Replaces a group by what was sent.
pub async fn replace(
    app: &App,
    by: DirectoryAccess,
    (id, condition): (GroupId, Condition),
    sent: &Value,
    asked: &Asked,
) -> Result<(Object, i64), ProvisioningError> {
    let object = rules::sent(&GROUPS, sent)?;
    change(app, by, (id, condition), asked, move |_| Ok(object.clone())).await
}

/// Changes parts of a group.
pub async fn patch(
    app: &App,
    by: DirectoryAccess,
    (id, condition): (GroupId, Condition),
    message: Value,
    asked: &Asked,
) -> Result<(Object, i64), ProvisioningError> {
    change(app, by, (id, condition), asked, move |before| {
        rules::patched(&GROUPS, before, &message)
    })
    .await
}

async fn change(
    app: &App,
    by: DirectoryAccess,
    (id, condition): (GroupId, Condition),
    asked: &Asked,
    changed: impl Fn(&Object) -> Result<Object, Fault> + Send + Sync + 'static,
) -> Result<(Object, i64), ProvisioningError> {
    let changed = Arc::new(changed);
    for _ in 0..TRIES {
        let condition = condition.clone();
        let seen = app.store.read(by.scope(), move |read| {
            let group = store::find(read, by.directory, id)?;
            is_version(&condition, group.version)?;
            let ids = ids_of(&store::members(read, id)?);
            Ok::<_, ProvisioningError>((group, ids))
        });
        let (group, ids) = seen.await?;
        let object = computed(&changed, resource::group_object(&group, &ids)).await?;
        let done = put(app, by, (group, ids), (object, asked)).await;
        if !is_stale(&done) {
            return done;
        }
    }
    Err(StoreError::Contended.into())
}

fn ids_of(members: &[Membership]) -> Vec<UserId> {
    members.iter().map(|member| member.user).collect()
}

/// Writes what a group has become; `Stale` where it or its members are not any more what the change was computed from.
async fn put(
    app: &App,
    by: DirectoryAccess,
    (seen, ids): (Group, Vec<UserId>),
    (object, asked): (Object, &Asked),
) -> Result<(Object, i64), ProvisioningError> {
    let (base, selection) = (base(app), Selection::of(&GROUPS, asked));
    app.store
        .write(by.caller, move |tx| {
            let before = store::find(tx, by.directory, seen.id)?;
            let there = store::members(tx, seen.id)?;
            if before.version != seen.version || ids_of(&there) != ids {
                return Err(StoreError::Stale.into());
            }
            tx.authentic("directory_groups", seen.id)?;
            let members = named(tx, by, &object)?;
            let mut group = before.clone();
            described(&mut group, &object)?;
            let group = written(tx, (&before, group), (&there, &members))?;
            let resource = shown(tx, &base, &group, selection.shows("members"))?;
            Ok(tx.done((selection.apply(resource), group.version))?)
        })
        .await
}

fn written(
    tx: &mut Tx<'_>,
    (before, group): (&Group, Group),
    (there, members): (&[Membership], &[UserId]),
) -> Result<Group, ProvisioningError> {
    let wanted: HashSet<&UserId> = members.iter().collect();
    let is_same = group.name == before.name
        && group.external_id == before.external_id
        && there.len() == members.len()
        && there.iter().all(|member| wanted.contains(&member.user));
    if is_same {
        return Ok(group);
    }
    store::update(tx, &group, false)?;
    let external_ids = (before.external_id.as_ref(), group.external_id.as_ref());
    tx.journal(
        Entry::new("directory-group.changed", "directory-group", group.id)
            .version(group.version + 1)
            .change("name", Some(&before.name), Some(&group.name))
            .change("external-id", external_ids.0, external_ids.1)
            .change("members", Some(there.len()), Some(members.len())),
    )?;
    follow_members(tx, group.id, there, members)?;
    Ok(Group {
        version: group.version + 1,
        changed: tx.now(),
        ..group
    })
}

/// Brings who is in a group in line with who shall be, and their roles with it.
fn follow_members(
    tx: &mut Tx<'_>,
    group: GroupId,
    there: &[Membership],
    members: &[UserId],
) -> Result<(), ProvisioningError> {
    let wanted: HashSet<&UserId> = members.iter().collect();
    let has: HashSet<&UserId> = there.iter().map(|member| &member.user).collect();
    let before = mappings::people_in(tx, group)?;
    for gone in there.iter().filter(|member| !wanted.contains(&member.user)) {
        end(tx, gone.id)?;
    }
    for user in members.iter().filter(|user| !has.contains(user)) {
        let id = tx.id();
        store::join(tx, id, group, *user)?;
        tx.journal(
            Entry::new("directory-member.added", "directory-member", id)
                .fact("group", group)
                .fact("user", user),
        )?;
    }
    let after = mappings::people_in(tx, group)?;
    let changed = |person: &&PersonId| before.contains(person) != after.contains(person);
    let people: HashSet<&PersonId> = before.iter().chain(&after).filter(changed).collect();
    for person in people {
        follow_groups(tx, *person)?;
    }
    Ok(())
}

fn end(
    tx: &mut Tx<'_>,
    membership: crate::identity::provisioning::MembershipId,
) -> Result<(), StoreError> {
    store::leave(tx, membership)?;
    tx.journal(Entry::new("directory-member.removed", "directory-member", membership).version(2))
}

/// Ends a group: nobody is in it any more, and what it gave is taken.
pub async fn delete(
    app: &App,
    by: DirectoryAccess,
    (id, condition): (GroupId, Condition),
) -> Result<(), ProvisioningError> {
    app.store
        .write(by.caller, move |tx| {
            let group = store::find(tx, by.directory, id)?;
            is_version(&condition, group.version)?;
            let there = store::members(tx, id)?;
            follow_members(tx, id, &there, &[])?;
            store::update(tx, &group, true)?;
            let entry = Entry::new("directory-group.deleted", "directory-group", id);
            Ok(tx.commit(entry.version(group.version + 1), ())?)
        })
        .await
}
