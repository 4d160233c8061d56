//! The settings' page: what two administrators see and are mailed.

use serde_json::{Value, json};

use super::{ask, user};
use crate::support::app::{between, on_both_apps};
use crate::support::post::Post;

const HERE: &str = "/settings/directories";

/// The addresses of the page's forms that begin so.
fn forms(page: &str, start: &str) -> Vec<String> {
    let actions = page.split("action=\"").skip(1);
    let mut found: Vec<String> = actions
        .filter_map(|rest| rest.split('"').next())
        .filter(|action| action.starts_with(start))
        .map(str::to_owned)
        .collect();
    found.dedup();
    found
}

#[test]
fn a_directory_is_made_by_one_and_confirmed_by_another() {
    on_both_apps(|t| async move {
        let post = Post::of(&t);
        let mut ann = t.set_up().await;
        let mut ben = t
            .join(&mut ann, "ben@harbour.example", &["administrator"])
            .await;
        ann.browser.get(HERE).await;
        let wrong = ann
            .browser
            .submit(HERE, &[("name", " "), ("days", "400")])
            .await;
        assert_eq!(wrong.status, 422, "{}", wrong.body);
        let page = ann
            .browser
            .submit(HERE, &[("name", "Entra"), ("days", "30")])
            .await;
        let token = between(&page.body, "<code id=\"token\">", "<")
            .expect("it is shown")
            .to_owned();
        assert!(token.starts_with("csd_"), "secret scanners know it by this");
        post.deliver().await;
        for administrator in [&ann, &ben] {
            let mail = post.find(&administrator.email, "Entra").expect("a mail");
            assert!(mail.contains(HERE) && !mail.contains(&token), "{mail}");
        }
        // It is shown once, and its maker is not asked to confirm it.
        let again = ann.browser.get(HERE).await;
        assert!(!again.body.contains(&token) && !again.body.contains("value=\"confirm\""));
        ask(&t.app, &token, ("GET", "/Users"), Value::Null)
            .await
            .is(401);

        let page = ben.browser.get(HERE).await;
        let decide = forms(&page.body, "/settings/directory-tokens/").remove(0);
        let done = ben
            .browser
            .submit(&decide, &[("decision", "confirm")])
            .await;
        assert_eq!(done.status, 303, "{}", done.body);
        post.deliver().await;
        assert!(post.find(&ann.email, "was confirmed").is_some());
        ask(&t.app, &token, ("GET", "/Users"), Value::Null)
            .await
            .is(200);

        let group = json!({ "schemas": [super::GROUP], "displayName": "Payers" });
        let group = ask(&t.app, &token, ("POST", "/Groups"), group)
            .await
            .is(201)
            .id();
        ask(&t.app, &token, ("POST", "/Users"), user("tom"))
            .await
            .is(201);
        let page = ann.browser.get(HERE).await;
        assert!(
            page.body.contains("1 person sent, 0 with an account"),
            "{}",
            page.body
        );
        assert!(
            page.body.contains("1 active person has no account"),
            "tom has no address: {}",
            page.body
        );
        let map = forms(&page.body, "/settings/directories/")
            .into_iter()
            .find(|to| to.ends_with("/mappings"));
        let fields = [("group", group.as_str()), ("role", "payer")];
        let done = ann.browser.submit(&map.expect("a form"), &fields).await;
        assert_eq!(done.status, 303, "{}", done.body);
        post.deliver().await;
        assert!(post.find(&ben.email, "Payers").is_some());
        let page = ben.browser.get(HERE).await;
        let decide = forms(&page.body, "/settings/directory-mappings/").remove(0);
        ben.browser
            .submit(&decide, &[("decision", "confirm")])
            .await;
        let page = ben.browser.get(HERE).await;
        let end = ben.browser.submit(&decide, &[("decision", "revoke")]).await;
        assert_eq!(end.status, 303, "{}", page.body);

        // One of them is enough to end it.
        let token_form = forms(&page.body, "/settings/directory-tokens/").remove(0);
        ann.browser.get(HERE).await;
        ann.browser
            .submit(&token_form, &[("decision", "revoke")])
            .await;
        ask(&t.app, &token, ("GET", "/Users"), Value::Null)
            .await
            .is(401);
    });
}

#[test]
fn where_nobody_else_administers_a_token_works_at_once_and_everybody_is_told() {
    on_both_apps(|t| async move {
        let post = Post::of(&t);
        let mut ann = t.set_up().await;
        let nia = t.join(&mut ann, "nia@harbour.example", &["coder"]).await;
        ann.browser.get(HERE).await;
        let page = ann
            .browser
            .submit(HERE, &[("name", "Entra"), ("days", "30")])
            .await;
        let token = between(&page.body, "<code id=\"token\">", "<").expect("it is shown");
        ask(&t.app, token, ("GET", "/Users"), Value::Null)
            .await
            .is(200);
        post.deliver().await;
        for reader in [&ann, &nia] {
            assert!(
                post.find(&reader.email, "nobody else administers")
                    .is_some()
            );
        }
    });
}
