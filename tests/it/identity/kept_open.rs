//! A form that is kept open: its sender is judged by the head of her request, and its fields come when it suits her.

use axum::body::Body;
use axum::http::{Request, header};
use futures_util::stream;
use tokio::sync::oneshot;

use super::lost_factors::person;
use crate::support::app::on_both_apps;

const TOM: &str = "tom@harbour.example";
const BEN: &str = "ben@harbour.example";

/// Ben begins to suspend Tom, and sends the form's fields when it suits him.
#[test]
fn a_form_that_is_kept_open_is_worth_nothing_once_its_sender_is_suspended() {
    for is_suspended in [true, false] {
        on_both_apps(move |t| async move {
            let mut ann = t.set_up().await;
            t.join(&mut ann, TOM, &["clerk"]).await;
            let mut ben = t.join(&mut ann, BEN, &["administrator"]).await;
            let tom = person(&mut ben.browser, TOM).await;
            ben.browser.get(&format!("/people/{tom}")).await;
            let fields = format!("csrf={}", ben.browser.csrf());
            let (reads, is_read) = oneshot::channel();
            let (sends, is_sent) = oneshot::channel::<()>();
            let body = Body::from_stream(stream::once(async move {
                reads.send(()).expect("the test waits");
                is_sent.await.expect("the test sends");
                Ok::<_, std::io::Error>(fields)
            }));
            let request = Request::post(format!("/people/{tom}/suspend"))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin");
            let mut browser = ben.browser.clone();
            let answer = tokio::spawn(async move { browser.send(request, body).await });
            is_read
                .await
                .expect("who he is was asked, his form is read");
            if is_suspended {
                let ben = person(&mut ann.browser, BEN).await;
                ann.browser.get(&format!("/people/{ben}")).await;
                let path = format!("/people/{ben}/suspend");
                assert_eq!(ann.browser.submit(&path, &[]).await.status, 303);
            }
            sends.send(()).expect("his form is read");
            let answer = answer.await.expect("no panic");
            let page = ann.browser.get(&format!("/people/{tom}")).await.body;
            let is_done = page.contains(&format!("/people/{tom}/resume"));
            assert_eq!(is_done, !is_suspended, "{}", answer.body);
            let said = is_suspended.then_some("error-signed-out");
            assert_eq!(answer.problem, said);
        });
    }
}
