//! Users from their first day to their last.

use countersign::identity::people::Status;
use countersign::identity::provisioning as scim;
use serde_json::{Value, json};

use super::{House, patch, set, user};
use crate::support::stores::on_both;

#[test]
fn a_user_is_made_found_changed_and_ended() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let sent = json!({
            "schemas": [super::USER], "userName": "TOM@harbour.example", "externalId": "E-7",
            "name": { "givenName": "Tom", "familyName": "Okafor" }, "roles": ["administrator"], "password": "secret",
        });
        let made = house.ask("POST", "/Users", sent).await.is(201);
        let id = made.id();
        let location = format!("https://ap.example:8443/scim/v2/Users/{id}");
        assert_eq!(made.answer.location(), location);
        assert_eq!(made.body["meta"]["location"], location);
        assert_eq!(made.answer.headers["etag"], "W/\"1\"");
        assert_eq!(made.body["active"], true);
        assert!(!made.answer.body.contains("secret") && made.body.get("roles").is_none());
        let (person, status, name) = house
            .account("TOM@harbour.example")
            .await
            .expect("an account");
        assert_eq!((status, name.as_str()), (Status::Invited, "Tom Okafor"));
        assert_eq!(house.roles(person).await, []);

        for filter in [
            "userName%20eq%20%22tom@HARBOUR.example%22",
            "externalId%20eq%20%22E-7%22",
            "name.familyName%20sw%20%22ok%22",
        ] {
            let path = format!("/Users?filter={filter}");
            let found = house.ask("GET", &path, Value::Null).await.is(200);
            assert_eq!(found.body["totalResults"], 1, "{filter}");
            assert_eq!(found.body["Resources"][0]["id"], id);
        }
        let path = format!("/Users/{id}");
        let changed = house
            .change(&id, set("displayName", "Tomás Okafor"))
            .await
            .is(200);
        assert_eq!(changed.answer.headers["etag"], "W/\"2\"");
        let named = house
            .account("TOM@harbour.example")
            .await
            .expect("an account");
        assert_eq!(named.2, "Tomás Okafor");
        let same = house
            .change(&id, set("displayName", "Tomás Okafor"))
            .await
            .is(200);
        assert_eq!(same.answer.headers["etag"], "W/\"2\"", "nothing changed");
        let replaced = house
            .ask("PUT", &path, user("tom@harbour.example"))
            .await
            .is(200);
        assert_eq!(replaced.body.get("externalId"), None);
        house.ask("DELETE", &path, Value::Null).await.is(204);
        for (method, body) in [
            ("GET", Value::Null),
            ("PATCH", set("title", "x")),
            ("DELETE", Value::Null),
        ] {
            house.ask(method, &path, body).await.is(404);
        }
        let all = house.ask("GET", "/Users", Value::Null).await.is(200);
        assert_eq!(all.body["totalResults"], 0);
        assert_eq!(
            house.status("tom@harbour.example").await,
            Some(Status::Suspended)
        );
    });
}

#[test]
fn a_name_or_an_address_is_there_once() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        house.send("tom@harbour.example").await;
        let again = house
            .ask("POST", "/Users", user("Tom@Harbour.example"))
            .await;
        again.fails(409, "uniqueness");
        let mut other = user("tim");
        other["emails"] = json!([{ "value": "tom@harbour.example" }]);
        house
            .ask("POST", "/Users", other)
            .await
            .fails(409, "uniqueness");
        let tim = house.send("tim@harbour.example").await;
        house
            .change(&tim, set("userName", "tom@harbour.example"))
            .await
            .fails(409, "uniqueness");
        assert!(house.account("tim@harbour.example").await.is_some());
    });
}

#[test]
fn a_change_is_made_for_the_version_that_was_seen() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let id = house.send("tom@harbour.example").await;
        let uri = format!("/scim/v2/Users/{id}");
        let mut browser = crate::support::app::Browser::new(super::router(house.app()));
        let mut ask = async |method: &str, (name, value): (&str, &str), body: Value| {
            let request = axum::http::Request::builder()
                .method(method)
                .uri(&uri)
                .header("authorization", format!("Bearer {}", house.token))
                .header("content-type", "application/json")
                .header(name, value);
            let body = axum::body::Body::from(body.to_string());
            browser.send(request, body).await.status
        };
        let title = |text: &str| set("title", text);
        assert_eq!(ask("PATCH", ("if-match", "W/\"7\""), title("a")).await, 412);
        assert_eq!(ask("PATCH", ("if-match", "W/\"1\""), title("a")).await, 200);
        assert_eq!(ask("PATCH", ("if-match", "W/\"1\""), title("b")).await, 412);
        assert_eq!(
            ask("DELETE", ("if-match", "W/\"1\""), Value::Null).await,
            412
        );
        assert_eq!(
            ask("GET", ("if-none-match", "W/\"2\""), Value::Null).await,
            304
        );
        assert_eq!(
            ask("GET", ("if-none-match", "W/\"1\""), Value::Null).await,
            200
        );
        assert_eq!(ask("DELETE", ("if-match", "*"), Value::Null).await, 204);
    });
}

#[test]
fn a_user_without_an_address_is_kept_and_has_no_account() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let id = house.send("tom").await;
        let address = json!([{ "value": "tom@harbour.example", "type": "work" }]);
        assert!(house.account("tom@harbour.example").await.is_none());
        house.change(&id, set("emails", address)).await.is(200);
        assert_eq!(
            house.status("tom@harbour.example").await,
            Some(Status::Invited)
        );
        // Nobody who was never active has one either.
        let mut away = user("tim@harbour.example");
        away["active"] = json!(false);
        let id = house.ask("POST", "/Users", away).await.is(201).id();
        assert!(house.account("tim@harbour.example").await.is_none());
        house.change(&id, set("active", true)).await.is(200);
        assert_eq!(
            house.status("tim@harbour.example").await,
            Some(Status::Invited)
        );
    });
}

#[test]
fn a_list_is_given_out_in_parts() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        for number in 0..5 {
            t.clock.advance(1000);
            house.send(&format!("u{number}@harbour.example")).await;
        }
        let part = house
            .ask(
                "GET",
                "/Users?startIndex=2&count=2&attributes=userName",
                Value::Null,
            )
            .await;
        assert_eq!(
            (&part.body["totalResults"], &part.body["itemsPerPage"]),
            (&json!(5), &json!(2))
        );
        let first = part.body["Resources"][0].as_object().expect("a user");
        let names: Vec<&String> = first.keys().collect();
        assert_eq!(names, ["id", "schemas", "userName"]);
        assert_eq!(first["userName"], "u1@harbour.example");
        let search = json!({ "filter": "userName sw \"u\"", "startIndex": 5, "excludedAttributes": ["meta"] });
        let found = house.ask("POST", "/Users/.search", search).await.is(200);
        assert_eq!(found.body["totalResults"], 5);
        assert_eq!(found.body["Resources"][0]["userName"], "u4@harbour.example");
        assert!(found.body["Resources"][0].get("meta").is_none());
    });
}

#[test]
fn what_is_wrong_is_told_in_the_standards_form() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let id = house.send("tom@harbour.example").await;
        let path = format!("/Users/{id}");
        let get = async |path: &str| house.ask("GET", path, Value::Null).await;
        get("/Users?filter=moon%20eq%201")
            .await
            .fails(400, "invalidFilter");
        get("/Users?count=x").await.fails(400, "invalidValue");
        get("/Nowhere").await.is(404);
        get("/Me").await.is(501);
        house.ask("POST", "/Bulk", json!({})).await.is(501);
        house.ask("POST", "/.search", json!({})).await.is(501);
        let wrong = house.ask("DELETE", "/Schemas", Value::Null).await;
        assert_eq!((wrong.status, &wrong.body["status"]), (405, &json!("405")));
        house
            .ask("POST", "/Users", json!({ "userName": "a" }))
            .await
            .fails(400, "invalidSyntax");
        house
            .ask("PUT", &path, json!({ "schemas": [super::USER] }))
            .await
            .fails(400, "invalidValue");
        house
            .change(&id, set("moon", "full"))
            .await
            .fails(400, "invalidPath");
        house
            .change(&id, set("emails[type eq \"x\"].value", "a@b.example"))
            .await
            .fails(400, "noTarget");
        house
            .change(&id, set("id", "x"))
            .await
            .fails(400, "mutability");
        let request = axum::http::Request::post("/scim/v2/Users")
            .header("authorization", format!("Bearer {}", house.token))
            .header("content-type", "text/plain");
        let mut browser = crate::support::app::Browser::new(super::router(house.app()));
        let answer = browser.send(request, axum::body::Body::from("{}")).await;
        assert_eq!(answer.status, 415);
        let unchanged = house.ask("GET", &path, Value::Null).await;
        assert_eq!(unchanged.answer.headers["etag"], "W/\"1\"");
    });
}

/// RFC 7644, 4.
#[test]
fn what_the_service_can_do_is_told_whole_and_never_filtered() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        for path in [
            "/ServiceProviderConfig".to_owned(),
            "/ResourceTypes".to_owned(),
            "/ResourceTypes/User".to_owned(),
            "/Schemas".to_owned(),
            format!("/Schemas/{}", super::USER),
        ] {
            let asked = house.ask("GET", &path, Value::Null).await;
            assert_eq!(asked.status, 200, "{path}");
            let filtered = format!("{path}?count=1&filter=name%20eq%20%22User%22");
            let refused = house.ask("GET", &filtered, Value::Null).await.is(403);
            assert_eq!(refused.body["status"], "403", "{path}");
            // Who shows no token is told nothing of filters.
            let stranger = super::ask(house.app(), "csd_no", ("GET", &filtered), Value::Null);
            stranger.await.is(401);
        }
    });
}

#[test]
fn of_many_who_send_one_user_at_once_one_succeeds() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let sent = (0..32).map(|_| {
            let (app, token) = (std::sync::Arc::clone(house.app()), house.token.clone());
            tokio::spawn(async move {
                let asked = ("POST", "/Users");
                super::ask(&app, &token, asked, user("tom@harbour.example"))
                    .await
                    .status
            })
        });
        let mut statuses = Vec::new();
        for one in sent.collect::<Vec<_>>() {
            statuses.push(one.await.expect("it ends"));
        }
        let count = |status: u16| statuses.iter().filter(|found| **found == status).count();
        assert_eq!((count(201), count(409)), (1, 31), "{statuses:?}");
        let all = house.ask("GET", "/Users", Value::Null).await;
        assert_eq!(all.body["totalResults"], 1);
    });
}

#[test]
fn who_has_left_comes_back_by_an_explicit_word_alone() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let name = "tom@harbour.example";
        let id = house.send(name).await;
        let path = format!("/Users/{id}");
        let mut said = user(name);
        said["active"] = json!(true);
        let unsaid = || patch(json!([{ "op": "remove", "path": "active" }]));
        // Of whom it is not said, she is what she was: active before anybody ended her.
        for is_active in [true, false] {
            let status = match is_active {
                true => Status::Invited,
                false => Status::Suspended,
            };
            house.change(&id, set("active", is_active)).await.is(200);
            house.ask("PUT", &path, user(name)).await.is(200);
            assert_eq!(house.status(name).await, Some(status), "PUT");
            let without = house.change(&id, unsaid()).await.is(200);
            assert_eq!(house.status(name).await, Some(status), "remove");
            assert_eq!(without.body.get("active"), None, "what was taken away");
            let again = house.ask("PUT", &path, user(name)).await.is(200);
            assert_eq!(house.status(name).await, Some(status), "PUT after it");
            assert_eq!(again.body["active"], json!(is_active));
        }
        // The twin: she comes back where it is said.
        house.ask("PUT", &path, said).await.is(200);
        assert_eq!(house.status(name).await, Some(Status::Invited));
    });
}

/// What the administrators read of the directory: users, accounts, and the active ones who have none.
async fn counted(house: &House) -> (i64, usize, i64) {
    let listed = scim::list(house.app(), &house.ada.access().await).await;
    let one = listed.expect("listed").remove(0);
    (one.users, one.accounts, one.waiting)
}

#[test]
fn a_user_of_a_domain_that_nobody_confirmed_is_kept_counted_and_has_an_account_later() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        house.send("tom@harbour.example").await;
        assert_eq!(counted(&house).await, (1, 1, 0));
        let email = "nia@quay.example";
        let nia = house.send(email).await;
        house.send("someone").await;
        let mut left = user("lea@quay.example");
        left["active"] = json!(false);
        house.ask("POST", "/Users", left).await.is(201);
        assert!(house.account(email).await.is_none());
        assert_eq!(
            counted(&house).await,
            (4, 1, 2),
            "who has left waits for nothing"
        );
        house.owns("quay.example").await;
        assert!(
            house.account(email).await.is_none(),
            "nothing has come of her"
        );
        // What she is sent as is what she was; it is a change all the same.
        let same = house.change(&nia, set("displayName", "Tom Okafor")).await;
        same.is(200);
        assert_eq!(house.status(email).await, Some(Status::Invited));
        assert_eq!(counted(&house).await, (4, 2, 1));
    });
}
