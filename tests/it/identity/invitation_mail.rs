//! Invitations by mail: after the commit alone, once by id however often it is tried, and the token in clear nowhere else.

use countersign::platform::keys::KeyError;
use countersign::platform::store::StoreError;

use super::organisation;
use crate::support::app::{PASSWORD, on_both_apps};
use crate::support::post::Post;

#[test]
fn an_invitation_is_mailed_after_the_commit_and_a_second_try_is_the_same_mail() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        let link = ann.invite("tom@harbour.example", &["clerk"]).await;
        assert!(post.mails().is_empty(), "the request itself sends nothing");
        let token = link.rsplit('/').next().expect("a token").to_owned();
        let queued = post.jobs("invitation-mail").await;
        assert_eq!(queued.len(), 1);
        let (payload, sealed) = &queued[0];
        assert!(
            !payload.contains(&token) && !payload.contains("tom@"),
            "{payload}"
        );
        let holds = |bytes: &[u8]| {
            bytes
                .windows(token.len())
                .any(|part| part == token.as_bytes())
        };
        let sealed = sealed.as_deref().expect("a secret");
        assert!(!sealed.is_empty() && !holds(sealed));

        assert!(post.run(true).await);
        let first = post.mails();
        assert_eq!(first.len(), 1);
        let (name, text) = &first[0];
        assert!(name.ends_with(".eml"), "{name}");
        assert!(text.contains("To: tom@harbour.example"), "{text}");
        assert!(text.contains("Subject: Harbour Foods invites you to Countersign"));
        assert!(
            text.contains(&format!("https://ap.example:8443{link}")),
            "{text}"
        );
        t.store.clock.advance(60_000_000);
        assert!(post.run(false).await, "tried again");
        let again = post.mails();
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].0, first[0].0, "the same name");
        assert!(again[0].1.contains(&link), "and the same link");
        assert!(
            post.jobs("invitation-mail").await.is_empty(),
            "what was sealed went with the job"
        );
        assert!(!post.run(false).await);
        assert_eq!(t.browser().get(&link).await.status, 200, "it is good");
    });
}

#[test]
fn what_is_not_committed_and_what_is_used_already_is_not_mailed() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        let link = ann.invite("tom@harbour.example", &["clerk"]).await;
        // The second invitation fails at the end of its transaction's first half: all of it is undone.
        ann.browser.get("/people/invite").await;
        let twice = [
            ("name", "Tom"),
            ("email", "tom@harbour.example"),
            ("roles", "approver"),
        ];
        assert_eq!(
            ann.browser.submit("/people/invite", &twice).await.status,
            422
        );
        assert_eq!(post.jobs("invitation-mail").await.len(), 1);

        let mut tom = t.browser();
        tom.get(&link).await;
        let fields = [
            ("name", "Tom"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        assert_eq!(tom.submit(&link, &fields).await.location(), "/enrol");
        assert!(post.run(false).await, "the job is done");
        assert!(post.mails().is_empty(), "without a mail");
        assert!(post.jobs("invitation-mail").await.is_empty());
    });
}

#[test]
fn a_transaction_that_fails_after_the_job_was_queued_mails_nothing() {
    on_both_apps(|t| async move {
        t.set_up().await;
        let post = Post::of(&t);
        let scope = organisation(&t.app).await;
        let keys = t
            .app
            .keys
            .organisation(&t.app.store, scope)
            .await
            .expect("keys");
        let by = t.app.caller(
            scope,
            countersign::platform::scope::CredentialKind::CommandLine,
            t.app.id(),
        );
        let undone: Result<(), KeyError> = t
            .app
            .store
            .write(by, move |tx| {
                let job = ("invitation-mail", "{\"locale\":\"en\"}");
                let secret = "a token".to_owned();
                countersign::platform::jobs::queue_secret(tx, &keys, job, &secret)?;
                Err(StoreError::Missing.into())
            })
            .await;
        assert!(undone.is_err());
        assert!(!post.run(false).await, "there is nothing to do");
        assert!(post.mails().is_empty());
    });
}
