//! Roles that an organisation makes. Beside each attack stands its twin, which differs in the one thing that stops it.

mod administering;
mod kept_open;

use std::sync::Arc;

use countersign::identity::access::{
    CustomRoleId, Grant, Permission, PermissionSet, Role, printed_matrix,
};
use countersign::identity::people::{PeopleError, set_grants};
use countersign::identity::powers::{self, PowerError, Verdict};
use countersign::identity::roles::{self, RoleError, Sight};
use countersign::identity::services::{self, ServiceError};
use countersign::params;
use countersign::platform::store::{Entry, Sql, StoreError};

use crate::support::stores::{TestStore, on_both};
use crate::support::world::{Somebody, World};

const WIDEN: Sql = Sql::change(
    "custom_roles",
    "UPDATE custom_roles SET permissions = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);

const DESK: &[Permission] = &[Permission::BillsRead, Permission::BillsEnter];
const WITH_RELEASE: &[Permission] = &[
    Permission::BillsRead,
    Permission::BillsEnter,
    Permission::RunsRead,
    Permission::RunsRelease,
];

fn set(permissions: &[Permission]) -> PermissionSet {
    permissions.iter().copied().collect()
}

/// Ada and Ben administer; Tom is a clerk.
struct Two {
    world: World,
    ada: Somebody,
    ben: Somebody,
    tom: Somebody,
}

impl Two {
    async fn new(t: &Arc<TestStore>) -> Self {
        let world = World::new(t).await;
        Self {
            ada: world.somebody("Ada", &[Role::Administrator]).await,
            ben: world.somebody("Ben", &[Role::Administrator]).await,
            tom: world.somebody("Tom", &[Role::Coder]).await,
            world,
        }
    }

    async fn makes(&self, name: &str, permissions: &[Permission]) -> CustomRoleId {
        let access = self.ada.access().await;
        roles::make(&self.world.app, &access, name, set(permissions))
            .await
            .expect("made")
    }

    async fn change(
        &self,
        by: &Somebody,
        id: CustomRoleId,
        permissions: &[Permission],
    ) -> Result<(), RoleError> {
        let (access, wanted) = (by.access().await, ("Travel desk", set(permissions)));
        roles::change(&self.world.app, &access, id, wanted).await
    }

    async fn gives(&self, by: &Somebody, to: &Somebody, role: Role) -> Result<(), PeopleError> {
        let grants = [Role::Coder, role].map(Grant::everywhere);
        set_grants(&self.world.app, &by.access().await, to.person, &grants).await
    }

    async fn sight(&self) -> Sight {
        roles::list(&self.world.app, &self.ada.access().await)
            .await
            .expect("listed")
    }

    async fn decide(&self, by: &Somebody, verdict: Verdict) -> Result<(), RoleError> {
        let id = self.sight().await.waiting[0].change.id;
        roles::decide(&self.world.app, &by.access().await, id, verdict).await
    }

    /// Tom as he comes back: whatever a role of his lost has ended his session.
    async fn may(&self, of: &Somebody, permission: Permission) -> bool {
        of.access().await.may(permission)
    }
}

/// The policy of the built-in roles is the matrix; one of the organisation's own is what its row says, everywhere or in one entity.
#[test]
fn a_role_of_ones_own_gives_what_it_says_and_no_more() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Travel desk", DESK).await;
        two.gives(&two.ada, &two.tom, Role::Custom(id))
            .await
            .expect("no power: one is enough");
        let access = two.tom.access().await;
        for permission in Permission::ALL {
            let by_coder = countersign::identity::access::allows(Role::Coder, *permission);
            let expected = DESK.contains(permission) || by_coder;
            assert_eq!(access.may(*permission), expected, "{permission}");
            assert!(printed_matrix().contains(permission.as_str()));
        }
        let sight = two.sight().await;
        let holders: Vec<&str> = sight.holders_of(id).map(|one| one.name.as_str()).collect();
        assert_eq!(holders, ["Tom"]);
    });
}

#[test]
fn one_administrator_alone_adds_no_release_to_a_role() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Travel desk", DESK).await;
        two.gives(&two.ada, &two.tom, Role::Custom(id))
            .await
            .expect("given");
        two.change(&two.ada, id, WITH_RELEASE).await.expect("asked");
        assert!(!two.may(&two.tom, Permission::RunsRelease).await);
        assert!(two.may(&two.tom, Permission::RunsRead).await, "no power");
        let own = two.decide(&two.ada, Verdict::Confirm).await;
        assert!(matches!(own, Err(RoleError::SameHuman)), "{own:?}");
        let again = two
            .world
            .somebody_as("Ada too", &[Role::Administrator], two.ada.human)
            .await;
        let own = two.decide(&again, Verdict::Confirm).await;
        assert!(matches!(own, Err(RoleError::SameHuman)), "{own:?}");
        assert!(!two.may(&two.tom, Permission::RunsRelease).await);
        // The twin: another human.
        two.decide(&two.ben, Verdict::Confirm).await.expect("two");
        assert!(two.may(&two.tom, Permission::RunsRelease).await);
    });
}

#[test]
fn what_a_role_loses_it_loses_at_once_and_its_holders_sign_in_anew() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Travel desk", DESK).await;
        two.gives(&two.ada, &two.tom, Role::Custom(id))
            .await
            .expect("given");
        // The twin: a gain without power ends nobody's session.
        let more = [DESK, &[Permission::RunsRead]].concat();
        two.change(&two.ada, id, &more).await.expect("changed");
        assert!(two.tom.is_let_in().await && two.may(&two.tom, Permission::RunsRead).await);
        two.change(&two.ada, id, &DESK[..1]).await.expect("changed");
        assert!(!two.tom.is_let_in().await);
        assert!(two.ben.is_let_in().await, "he never had it");
    });
}

#[test]
fn a_role_with_power_is_given_by_two_and_without_it_by_one() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Pay desk", WITH_RELEASE).await;
        two.gives(&two.ada, &two.tom, Role::Custom(id))
            .await
            .expect("proposed");
        assert!(!two.may(&two.tom, Permission::RunsRelease).await);
        let requests = powers::list(&two.world.app, &two.ada.access().await)
            .await
            .expect("listed");
        let request = requests.open[0].request.id;
        let decide = async |by: &Somebody| {
            let access = by.access().await;
            powers::decide(&two.world.app, &access, request, Verdict::Confirm).await
        };
        let own = decide(&two.ada).await;
        assert!(matches!(own, Err(PowerError::SameHuman)), "{own:?}");
        decide(&two.ben).await.expect("another human");
        assert!(two.may(&two.tom, Permission::RunsRelease).await);
    });
}

#[test]
fn a_clerk_and_a_coder_change_no_role() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Travel desk", DESK).await;
        let access = two.tom.access().await;
        let app = &two.world.app;
        let made = roles::make(app, &access, "Mine", set(DESK)).await;
        assert!(matches!(made, Err(RoleError::Denied(_))), "{made:?}");
        let changed = two.change(&two.tom, id, WITH_RELEASE).await;
        assert!(matches!(changed, Err(RoleError::Denied(_))), "{changed:?}");
        let retired = roles::retire(app, &access, id).await;
        assert!(matches!(retired, Err(RoleError::Denied(_))), "{retired:?}");
        let seen = roles::list(app, &access).await;
        assert!(seen.is_err());
        // The twin: an administrator.
        two.change(&two.ben, id, &DESK[..1]).await.expect("changed");
    });
}

#[test]
fn a_role_of_another_organisation_is_given_to_nobody() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let beside = two.world.beside().await;
        let fritz = beside.somebody("Fritz", &[Role::Administrator]).await;
        let theirs = roles::make(&beside.app, &fritz.access().await, "Theirs", set(DESK))
            .await
            .expect("made");
        let given = two.gives(&two.ada, &two.tom, Role::Custom(theirs)).await;
        let is_missing = matches!(given, Err(PeopleError::Store(StoreError::Missing)));
        assert!(is_missing, "{given:?}");
        let changed = two.change(&two.ada, theirs, WITH_RELEASE).await;
        assert!(matches!(changed, Err(RoleError::Missing)), "{changed:?}");
        // The guard taken away: a grant of it that is there all the same finds no row here, and gives nothing.
        let tom = two.world.somebody("Tim", &[Role::Custom(theirs)]).await;
        assert!(!two.may(&tom, Permission::BillsEnter).await);
        // The twin: one of their own.
        let ours = two.makes("Ours", DESK).await;
        two.gives(&two.ada, &two.tom, Role::Custom(ours))
            .await
            .expect("given");
    });
}

#[test]
fn permissions_written_into_the_database_give_nothing() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Travel desk", DESK).await;
        two.gives(&two.ada, &two.tom, Role::Custom(id))
            .await
            .expect("given");
        let widen = "UPDATE custom_roles SET permissions = 'bills.read bills.enter runs.release people.administer'";
        t.behind_the_back(widen).await;
        for permission in Permission::ALL {
            let by_coder = countersign::identity::access::allows(Role::Coder, *permission);
            let may = two.may(&two.tom, *permission).await;
            assert_eq!(may, by_coder, "{permission}");
        }
        let changed = two.change(&two.ada, id, DESK).await;
        let is_forged = matches!(
            changed,
            Err(RoleError::Store(StoreError::Forged {
                table: "custom_roles",
                ..
            }))
        );
        assert!(is_forged, "{changed:?}");
    });
}

/// The guard taken away: the same change with the row's code renewed is believed, so that it is the code that stops it.
#[test]
fn permissions_written_by_whoever_can_make_the_rows_code_are_given() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Travel desk", DESK).await;
        two.gives(&two.ada, &two.tom, Role::Custom(id))
            .await
            .expect("given");
        let caller = two.ada.access().await.caller();
        let widened: Result<(), StoreError> = two
            .world
            .app
            .store
            .write(caller, move |tx| {
                tx.change_one(&WIDEN, params![id, "bills.read runs.release"])?;
                tx.commit(Entry::new("test.widened", "custom-role", id).version(2), ())
            })
            .await;
        widened.expect("written");
        assert!(two.may(&two.tom, Permission::RunsRelease).await);
    });
}

#[test]
fn nobody_widens_a_role_that_she_holds() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Travel desk", DESK).await;
        let grants = [Role::Administrator, Role::Custom(id)].map(Grant::everywhere);
        let ben = two.ben.access().await;
        set_grants(&two.world.app, &ben, two.ada.person, &grants)
            .await
            .expect("given");
        let more = [DESK, &[Permission::RunsRead]].concat();
        let own = two.change(&two.ada, id, &more).await;
        assert!(matches!(own, Err(RoleError::Oneself)), "{own:?}");
        let other = two
            .world
            .somebody_as("Ada too", &[Role::Administrator], two.ada.human)
            .await;
        let own = two.change(&other, id, &more).await;
        assert!(matches!(own, Err(RoleError::Oneself)), "{own:?}");
        // Nor does she confirm it: whoever proposed, it is power for herself.
        two.change(&two.ben, id, WITH_RELEASE).await.expect("asked");
        let own = two.decide(&two.ada, Verdict::Confirm).await;
        assert!(matches!(own, Err(RoleError::Oneself)), "{own:?}");
        // The twin: somebody who does not have it.
        let cleo = two.world.somebody("Cleo", &[Role::Administrator]).await;
        two.decide(&cleo, Verdict::Confirm)
            .await
            .expect("she has it not");
    });
}

#[test]
fn service_accounts_get_no_power_by_a_role_of_ones_own() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (app, access) = (&two.world.app, two.ada.access().await);
        let id = two.makes("Travel desk", DESK).await;
        let made = async |role| {
            let grants = [Grant::everywhere(Role::Custom(role))];
            services::create(app, &access, "Scanner", &grants).await
        };
        let scanner = made(id).await.expect("it has no power");
        let widened = two.change(&two.ada, id, WITH_RELEASE).await;
        assert!(
            matches!(widened, Err(RoleError::HeldByService)),
            "{widened:?}"
        );
        let power = two.makes("Pay desk", WITH_RELEASE).await;
        let refused = made(power).await;
        assert!(
            matches!(refused, Err(ServiceError::NotForService)),
            "{refused:?}"
        );
        // The twin: once the program has lost the role, it can be widened.
        let none = [Grant::everywhere(Role::Clerk)];
        set_grants(app, &access, scanner, &none)
            .await
            .expect("taken");
        two.change(&two.ada, id, WITH_RELEASE).await.expect("asked");
    });
}

#[test]
fn a_retired_role_is_given_to_nobody_new_and_kept_by_whoever_has_it() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.makes("Travel desk", DESK).await;
        two.gives(&two.ada, &two.tom, Role::Custom(id))
            .await
            .expect("given");
        let (app, access) = (&two.world.app, two.ada.access().await);
        roles::retire(app, &access, id).await.expect("retired");
        assert!(
            two.may(&two.tom, Permission::BillsEnter).await,
            "he keeps it"
        );
        let nia = two.world.somebody("Nia", &[Role::Coder]).await;
        let given = two.gives(&two.ada, &nia, Role::Custom(id)).await;
        assert!(given.is_err(), "{given:?}");
        let changed = two.change(&two.ada, id, WITH_RELEASE).await;
        assert!(matches!(changed, Err(RoleError::Retired)), "{changed:?}");
        // His other roles can still be changed without losing it, and its name stays taken.
        two.gives(&two.ada, &two.tom, Role::Custom(id))
            .await
            .expect("nothing new");
        let again = roles::make(app, &access, "travel-desk", set(DESK)).await;
        assert!(matches!(again, Err(RoleError::Known)), "{again:?}");
    });
}
