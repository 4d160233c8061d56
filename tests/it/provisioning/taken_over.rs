//! Accounts that were made by hand and come under a directory: what two permitted, and nothing that somebody with a directory's
//! token would like. Each try stands beside the permission that lets it through.

use countersign::identity::access::Role;
use countersign::identity::people::Status;
use countersign::identity::powers::Verdict;
use countersign::identity::provisioning::{self as scim, DirectoryId, ProvisioningError};
use countersign::identity::sso::{self, SsoError, SsoSettingId};

use super::{House, ask, set, user};
use crate::support::stores::on_both;
use crate::support::world::Somebody;

impl House {
    async fn directory_id(&self, name: &str) -> DirectoryId {
        let listed = scim::list(self.app(), &self.ada.access().await).await;
        let listed = listed.expect("listed");
        listed.iter().find(|one| one.name == name).expect("made").id
    }

    /// Somebody whose account was made by hand, with an address of the organisation's.
    async fn by_hand(&self, name: &str, roles: &[Role]) -> (Somebody, String) {
        let somebody = self.world.somebody(name, roles).await;
        let email = format!("{name}-{}@example.org", somebody.person);
        (somebody, email)
    }

    async fn permits(&self, email: &str) -> Result<SsoSettingId, ProvisioningError> {
        let (directory, ada) = (self.directory_id("Entra").await, self.ada.access().await);
        scim::permit(self.app(), &ada, directory, email).await?;
        let overview = sso::overview(self.app(), &ada).await.expect("seen");
        let waiting = overview.waiting.last().expect("it waits");
        Ok(waiting.setting.id)
    }

    async fn confirms(&self, by: &Somebody, id: SsoSettingId) -> Result<(), SsoError> {
        sso::decide(self.app(), &by.access().await, id, Verdict::Confirm).await
    }
}

#[test]
fn an_account_comes_under_a_directory_by_a_permission_of_two_and_once() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        house.owns("example.org").await;
        let (clara, email) = house.by_hand("clara", &[Role::Clerk]).await;
        let send = async || house.ask("POST", "/Users", user(&email)).await;
        send().await.fails(409, "uniqueness");
        let id = house.permits(&email).await.expect("proposed");
        send().await.fails(409, "uniqueness");
        assert!(matches!(
            house.confirms(&house.ada, id).await,
            Err(SsoError::SameHuman)
        ));
        send().await.fails(409, "uniqueness");
        house.confirms(&house.ben, id).await.expect("another human");
        // Another directory's token is another token.
        let other = house.directory("Okta").await;
        let others = ask(house.app(), &other, ("POST", "/Users"), user(&email)).await;
        others.fails(409, "uniqueness");
        let made = send().await.is(201).id();
        assert_eq!(
            house.roles(clara.person).await,
            [Role::Clerk],
            "her roles stay"
        );
        house.change(&made, set("active", false)).await.is(200);
        assert_eq!(house.status(&email).await, Some(Status::Suspended));
        house.change(&made, set("active", true)).await.is(200);
        let others = ask(house.app(), &other, ("POST", "/Users"), user(&email)).await;
        others.fails(409, "uniqueness");
    });
}

#[test]
fn nobody_with_power_comes_within_a_directorys_reach() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        house.owns("example.org").await;
        for role in [Role::Administrator, Role::Approver, Role::Payer] {
            let (_, email) = house.by_hand(&role.to_string(), &[role]).await;
            let refused = house.permits(&email).await;
            let is_powerful = matches!(refused, Err(ProvisioningError::Sso(SsoError::Powerful)));
            assert!(is_powerful, "{refused:?}");
        }
        // Power that came after two had permitted it stops it as well.
        let (_, email) = house.by_hand("rita", &[Role::Clerk]).await;
        let id = house.permits(&email).await.expect("proposed");
        house.confirms(&house.ben, id).await.expect("another human");
        house.administers(&email, false).await;
        let refused = house.ask("POST", "/Users", user(&email)).await;
        refused.fails(409, "uniqueness");
        // The twin: the same without the power.
        let (_, email) = house.by_hand("tara", &[Role::Clerk]).await;
        let id = house.permits(&email).await.expect("proposed");
        house.confirms(&house.ben, id).await.expect("another human");
        house.ask("POST", "/Users", user(&email)).await.is(201);
    });
}

#[test]
fn a_permission_that_was_changed_behind_the_back_gives_no_account() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        house.owns("example.org").await;
        let (_, email) = house.by_hand("nora", &[Role::Clerk]).await;
        house.permits(&email).await.expect("proposed");
        t.behind_the_back("UPDATE sso_settings SET state = 'active' WHERE subject = 'account'")
            .await;
        let answer = house.ask("POST", "/Users", user(&email)).await;
        assert_ne!(answer.status, 201, "{:?}", answer.answer);
        t.behind_the_back("UPDATE sso_settings SET state = 'proposed' WHERE subject = 'account'")
            .await;
        let access = house.ada.access().await;
        let waiting = sso::overview(house.app(), &access)
            .await
            .expect("seen")
            .waiting;
        let id = waiting.last().expect("it waits").setting.id;
        house
            .confirms(&house.ben, id)
            .await
            .expect("as it was proposed");
        house.ask("POST", "/Users", user(&email)).await.is(201);
    });
}
