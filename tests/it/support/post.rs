//! The mail that an application sends: its jobs done by hand, its mails read from a folder.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use countersign::params;
use countersign::platform::config::Mail;
use countersign::platform::jobs::{Job, run_one};
use countersign::platform::mail::Outbox;
use countersign::platform::store::{Reads as _, Sql, StoreError};

use super::app::TestApp;
use super::temp::TempDir;
use crate::identity::organisation;

const JOBS: Sql = Sql::read(
    "SELECT payload, secret_sealed FROM jobs WHERE org_id = $1 AND kind = $2 ORDER BY id",
);

/// The application with a folder for its mail.
pub struct Post<'a> {
    t: &'a TestApp,
    outbox: Arc<Outbox>,
    folder: TempDir,
}

impl<'a> Post<'a> {
    pub fn of(t: &'a TestApp) -> Self {
        let folder = TempDir::new("mail");
        let outbox = Outbox::open(&Mail::Folder {
            folder: folder.path().to_owned(),
            from: "ap@harbour.example".to_owned(),
        });
        let outbox = Arc::new(outbox.expect("a folder"));
        Self { t, outbox, folder }
    }

    /// Does the next job that is due; `and_fails` lets it fail after the mail is out.
    pub async fn run(&self, and_fails: bool) -> bool {
        let (app, outbox) = (Arc::clone(&self.t.app), Arc::clone(&self.outbox));
        let handler = move |job: Job| {
            let (app, outbox) = (Arc::clone(&app), Arc::clone(&outbox));
            Box::pin(async move {
                countersign::identity::do_job(&app, &outbox, &job).await?;
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

    pub fn mails(&self) -> Vec<(String, String)> {
        mails(self.folder.path())
    }

    /// Does all that is due.
    pub async fn deliver(&self) {
        while self.run(false).await {}
    }

    /// The newest mail to somebody with these words in it.
    pub fn find(&self, to: &str, words: &str) -> Option<String> {
        let to = format!("To: {to}");
        let mut mails = self.mails().into_iter().rev().map(|(_, text)| text);
        mails.find(|text| text.contains(&to) && text.contains(words))
    }

    /// Payload and secret of the jobs of a kind that wait in the organisation.
    pub async fn jobs(&self, kind: &'static str) -> Vec<(String, Option<Vec<u8>>)> {
        let scope = organisation(&self.t.app).await;
        let found: Result<_, StoreError> = self
            .t
            .app
            .store
            .read(scope, move |read| read.all(&JOBS, params![kind]))
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
