//! The pages on which administrators give roles in one legal entity and make service accounts, and on which people delegate.

use countersign::identity::access::Permission;

use super::people::House;
use crate::support::app::between;
use crate::support::stores::on_both;

#[test]
fn a_role_in_one_entity_is_given_on_the_page_of_a_person() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let elsewhere = house.other_entity().await;
        let mut ada = house.all_roles("Ada").await;
        let tom = house.world().somebody("Tom", &[]).await;
        let (page, value) = (
            format!("/people/{}", tom.person),
            format!("clerk@{elsewhere}"),
        );
        let ticked = format!("value=\"{value}\" checked");
        let before = ada.get(&page).await.body;
        assert!(before.contains(&format!("value=\"{value}\"")) && !before.contains(&ticked));
        let roles = format!("{page}/roles");
        let given = ada.submit(&roles, &[("roles", &value)]).await;
        assert_eq!(given.location(), page);
        assert!(ada.get(&page).await.body.contains(&ticked));
        let list = ada.get("/people").await.body;
        assert!(list.contains(" in Harbour Trading GmbH"), "{list}");
        // Whoever loses a role is signed out, and nobody who gains one.
        let access = tom.access().await;
        assert!(access.may_in(Permission::BillsEnter, elsewhere));
        assert!(!access.may_in(Permission::BillsEnter, house.entity()));
        // An entity that is none is not there.
        let unknown = format!("clerk@{}", tom.person);
        let refused = ada.submit(&roles, &[("roles", &unknown)]).await;
        assert_eq!(refused.status, 404);
    });
}

#[test]
fn a_service_account_and_its_token_are_made_and_ended_on_pages() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut ada = house.all_roles("Ada").await;
        ada.get("/people/services/new").await;
        let fields = [("name", "Till"), ("roles", "clerk")];
        let made = ada.submit("/people/services/new", &fields).await;
        let page = made.location().to_owned();
        assert!(page.starts_with("/people/services/"), "{page}");
        ada.get(&page).await;
        let fields = [
            ("name", "import"),
            ("days", "30"),
            ("permissions", "bills.enter"),
        ];
        let shown = ada.submit(&format!("{page}/tokens"), &fields).await.body;
        let token = between(&shown, "id=\"token\">", "<").expect("it is shown");
        let end = &token[token.len() - 4..];
        let again = ada.get(&page).await.body;
        assert!(!again.contains(token) && again.contains(&format!("csk_…{end}")));
        let action = between(&again, &format!("action=\"{page}/tokens/"), "\"");
        let action = format!("{page}/tokens/{}", action.expect("it can be revoked"));
        assert_eq!(ada.submit(&action, &[]).await.location(), page);
        assert!(!ada.get(&page).await.body.contains("/revoke\""));
        // Its page is not that of a person.
        let id = page.trim_start_matches("/people/services/").to_owned();
        let elsewhere = ada.get(&format!("/people/{id}")).await;
        assert_eq!(elsewhere.location(), page);
        let powerful = [("name", "Robot"), ("roles", "approver")];
        ada.get("/people/services/new").await;
        let refused = ada.submit("/people/services/new", &powerful).await;
        assert_eq!(refused.status, 422);
    });
}

#[test]
fn somebody_delegates_and_ends_it_on_her_own_page() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut ada = house.all_roles("Ada").await;
        let tom = house
            .world()
            .somebody("Tom", &[countersign::identity::access::Role::Coder])
            .await;
        let page = ada.get("/me/delegations").await.body;
        let today = between(&page, "name=\"from\" type=\"date\" value=\"", "\"");
        let (today, delegate) = (
            today.expect("it begins today").to_owned(),
            tom.person.to_string(),
        );
        let mut fields = [
            ("delegate", delegate.as_str()),
            ("entity", ""),
            ("from", today.as_str()),
            ("until", "soon"),
        ];
        let refused = ada.submit("/me/delegations", &fields).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.body.contains("id=\"until-error\""),
            "{}",
            refused.body
        );
        fields[3].1 = &today;
        let made = ada.submit("/me/delegations", &fields).await;
        assert_eq!(made.location(), "/me/delegations");
        assert!(tom.access().await.decides());
        let page = ada.get("/me/delegations").await.body;
        let id = between(&page, "name=\"delegation\" value=\"", "\"").expect("it can be ended");
        let ended = ada
            .submit("/me/delegations/end", &[("delegation", id)])
            .await;
        assert_eq!(ended.location(), "/me/delegations");
        assert!(!tom.access().await.decides());
    });
}
