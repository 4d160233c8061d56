//! Invitations by mail: after the commit alone, once by id however often it is tried, and the token in clear nowhere else.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use countersign::identity::people::mail_invitation;
use countersign::platform::config::Mail;
use countersign::platform::jobs::{Job, run_one};
use countersign::platform::mail::Outbox;
use countersign::platform::store::{Reads as _, Sql, StoreError};

use super::organisation;
use crate::support::app::{PASSWORD, TestApp, on_both_apps};
use crate::support::temp::TempDir;

const JOBS: Sql = Sql::read(
    "SELECT payload, secret_sealed FROM jobs WHERE org_id = $1 AND kind = 'invitation.mail' ORDER BY id",
);

/// The application with a folder for its mail.
struct Post<'a> {
    t: &'a TestApp,
    outbox: Arc<Outbox>,
    folder: TempDir,
}

impl<'a> Post<'a> {
    fn of(t: &'a TestApp) -> Self {
        let folder = TempDir::new("mail");
        let outbox = Outbox::open(&Mail::Folder {
            folder: folder.path().to_owned(),
            from: "ap@harbour.example".to_owned(),
        });
        let outbox = Arc::new(outbox.expect("a folder"));
        Self { t, outbox, folder }
    }

    /// Does the next job that is due; `and_fails` lets it fail after the mail is out.
    async fn run(&self, and_fails: bool) -> bool {
        let (app, outbox) = (Arc::clone(&self.t.app), Arc::clone(&self.outbox));
        let handler = move |job: Job| {
            let (app, outbox) = (Arc::clone(&app), Arc::clone(&outbox));
            Box::pin(async move {
                mail_invitation(&app, &outbox, &job)
                    .await
                    .map_err(|error| error.to_string())?;
                if and_fails {
                    return Err("the node fell over".to_owned());
                }
                Ok(())
            }) as Pin<Box<dyn Future<Output = Result<(), String>> + Send>>
        };
        run_one(&self.t.app.store, "node", self.t.app.now(), &handler)
            .await
            .expect("the database answers")
    }

    fn mails(&self) -> Vec<(String, String)> {
        mails(self.folder.path())
    }

    async fn jobs(&self) -> Vec<(String, Vec<u8>)> {
        let scope = organisation(&self.t.app).await;
        let found: Result<_, StoreError> = self
            .t
            .app
            .store
            .read(scope, |read| read.all(&JOBS, []))
            .await;
        found.expect("the database answers")
    }
}

/// The mails in a folder by name, their lines joined as a mail program joins them (RFC 2045, 6.7).
fn mails(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder).expect("our own folder");
    let mut found: Vec<(String, String)> = files
        .map(|file| {
            let path = file.expect("readable").path();
            let text = std::fs::read_to_string(&path).expect("a mail");
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (name.into_owned(), text.replace("=\r\n", ""))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn an_invitation_is_mailed_after_the_commit_and_a_second_try_is_the_same_mail() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        let link = ann.invite("tom@harbour.example", &["approver"]).await;
        assert!(post.mails().is_empty(), "the request itself sends nothing");
        let token = link.rsplit('/').next().expect("a token").to_owned();
        let queued = post.jobs().await;
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
            post.jobs().await.is_empty(),
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
        let link = ann.invite("tom@harbour.example", &["approver"]).await;
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
        assert_eq!(post.jobs().await.len(), 1);

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
        assert!(post.jobs().await.is_empty());
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
        let undone: Result<(), StoreError> = t
            .app
            .store
            .write(by, move |tx| {
                let job = ("invitation.mail", "{\"locale\":\"en\"}");
                let secret = "a token".to_owned();
                countersign::platform::jobs::queue_secret(tx, &keys, job, &secret)?;
                Err(StoreError::Missing)
            })
            .await;
        assert!(undone.is_err());
        assert!(!post.run(false).await, "there is nothing to do");
        assert!(post.mails().is_empty());
    });
}
