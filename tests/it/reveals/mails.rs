//! Whoever could approve is told, whoever asked hears the answer, and no mail says what is sealed.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use countersign::assurance::keys::reveals::actions::decide;
use countersign::identity::do_job;
use countersign::identity::powers::Verdict;
use countersign::platform::config::Mail;
use countersign::platform::jobs::{Job, run_one};
use countersign::platform::mail::Outbox;

use super::Office;
use crate::support::stores::on_both;
use crate::support::temp::TempDir;
use crate::support::world::Somebody;

/// Does all jobs that are due, and gives the mails in one text.
async fn delivered(office: &Office) -> String {
    let folder = TempDir::new("mail");
    let outbox = Outbox::open(&Mail::Folder {
        folder: folder.path().to_owned(),
        from: "ap@harbour.example".to_owned(),
    });
    let outbox = Arc::new(outbox.expect("a folder"));
    let app = Arc::clone(&office.world().app);
    let its = Arc::clone(&app);
    let handler = move |job: Job| {
        let (app, outbox) = (Arc::clone(&its), Arc::clone(&outbox));
        Box::pin(async move { do_job(&app, &outbox, &job).await })
            as Pin<Box<dyn Future<Output = Result<(), String>> + Send>>
    };
    while run_one(&app.store, "node", app.now(), &handler)
        .await
        .expect("the database answers")
    {}
    let files = std::fs::read_dir(folder.path()).expect("our own folder");
    let texts = files.map(|file| {
        let path = file.expect("readable").path();
        std::fs::read_to_string(path).expect("a mail")
    });
    texts.collect::<String>().replace("=\r\n", "")
}

fn to(who: &Somebody) -> String {
    format!("-{}@example.org", who.person)
}

#[test]
fn the_other_human_is_asked_and_whoever_asked_is_answered() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        delivered(&office).await;
        let id = office.both().await;
        let mails = delivered(&office).await;
        assert!(mails.contains(&to(&office.sven)), "{mails}");
        assert!(!mails.contains(&to(&office.rita)), "{mails}");
        assert!(mails.contains("/reveals"), "{mails}");
        assert!(
            !mails.contains("3000") && !mails.contains("Nordwind"),
            "{mails}"
        );
        office.approve(&office.sven, id).await.expect("approved");
        let mails = delivered(&office).await;
        assert!(mails.contains(&to(&office.rita)) && mails.contains("approved"));
        let id = office.both().await;
        delivered(&office).await;
        let sven = office.sven.access().await;
        decide(&office.world().app, &sven, id, Verdict::Refuse)
            .await
            .expect("refused");
        let mails = delivered(&office).await;
        assert!(mails.contains(&to(&office.rita)) && mails.contains("refused"));
        assert!(!mails.contains(&to(&office.sven)), "{mails}");
    });
}
