//! Mails before something ends by which people and programs sign in: 14 and 3 days before, once each, and to nobody where it has
//! ended or was renewed.

use countersign::platform::clock::Micros;

use crate::support::app::{Member, TestApp, between, on_both_apps};
use crate::support::post::Post;

const PCI_PASSWORD: &str = "42 jars of kiwi jam";

fn later(t: &TestApp, days: i64) {
    t.store.clock.advance(days * Micros::DAY);
}

/// How many mails with these words have come to an address, once all jobs that are due are done.
async fn mails(post: &Post<'_>, to: &str, words: &str) -> usize {
    while post.run(false).await {}
    let mails = post.mails();
    let to = format!("To: {to}");
    let fits = |mail: &&(String, String)| mail.1.contains(&to) && mail.1.contains(words);
    mails.iter().filter(fits).count()
}

async fn make(ann: &mut Member, (page, path): (&str, &str), fields: &[(&str, &str)]) -> String {
    ann.browser.get(page).await;
    let answer = ann.browser.submit(path, fields).await;
    assert!(matches!(answer.status, 200 | 303), "{}", answer.body);
    answer.body
}

#[test]
fn whoever_holds_a_token_is_told_before_it_ends_and_how_to_make_another() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        for name in ["warehouse", "scanner"] {
            let fields = [
                ("name", name),
                ("days", "30"),
                ("permissions", "bills.read"),
            ];
            make(&mut ann, ("/me", "/me/tokens"), &fields).await;
        }
        let page = ann.browser.get("/me").await;
        let row = page.body.split("<tr").find(|row| row.contains("scanner"));
        let path = between(row.expect("listed"), "action=\"/me/tokens/", "\"");
        let path = format!("/me/tokens/{}", path.expect("it can be revoked"));
        assert_eq!(ann.browser.submit(&path, &[]).await.status, 303);
        later(&t, 15);
        assert_eq!(mails(&post, "ann@", "warehouse").await, 0, "not yet");
        later(&t, 1);
        assert_eq!(mails(&post, "ann@", "warehouse").await, 1, "14 days before");
        assert_eq!(mails(&post, "ann@", "https://ap.example:8443/me").await, 1);
        later(&t, 10);
        assert_eq!(mails(&post, "ann@", "warehouse").await, 1, "once");
        later(&t, 1);
        assert_eq!(mails(&post, "ann@", "warehouse").await, 2, "3 days before");
        later(&t, 30);
        assert_eq!(mails(&post, "ann@", "warehouse").await, 2);
        assert_eq!(mails(&post, "ann@", "scanner").await, 0, "it was revoked");
    });
}

#[test]
fn whoever_administers_is_told_of_the_tokens_of_directories_and_service_accounts() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        let directories = "/settings/directories";
        let fields = [("name", "Entra"), ("days", "30")];
        make(&mut ann, (directories, directories), &fields).await;
        let new = "/people/services/new";
        ann.browser.get(new).await;
        let made = ann
            .browser
            .submit(new, &[("name", "Import"), ("roles", "clerk")])
            .await;
        let service = made.location().to_owned();
        let fields = [
            ("name", "nightly"),
            ("days", "30"),
            ("permissions", "bills.read"),
        ];
        make(&mut ann, (&service, &format!("{service}/tokens")), &fields).await;
        let told = async || {
            [
                mails(&post, "ann@", "the token of the directory").await,
                mails(&post, "ann@", "nightly").await,
            ]
        };
        later(&t, 15);
        assert_eq!(told().await, [0, 0]);
        later(&t, 1);
        assert_eq!(told().await, [1, 1]);
        later(&t, 11);
        assert_eq!(told().await, [2, 2]);
    });
}

#[test]
fn a_password_that_the_profile_ends_is_told_of_and_no_other() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite("tom@harbour.example", &["clerk"]).await;
        let fields = [
            ("factors", "any"),
            ("fresh_minutes", "10"),
            ("idle_minutes", ""),
            ("longest_minutes", ""),
            ("pci", "90-days"),
        ];
        let page = "/settings/security";
        make(&mut ann, (page, page), &fields).await;
        let mut browser = t.browser();
        browser.get(&link).await;
        let fields = [
            ("name", "Tom"),
            ("password", PCI_PASSWORD),
            ("password_again", PCI_PASSWORD),
        ];
        let answer = browser.submit(&link, &fields).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        let post = Post::of(&t);
        let words = "replaces passwords every 90 days";
        later(&t, 75);
        assert_eq!(mails(&post, "tom@", words).await, 0);
        later(&t, 1);
        assert_eq!(mails(&post, "tom@", words).await, 1);
        later(&t, 11);
        assert_eq!(mails(&post, "tom@", words).await, 2);
    });
}

/// The twin: the same password, and no profile that would end it.
#[test]
fn a_password_that_nothing_ends_is_told_of_to_nobody() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let post = Post::of(&t);
        later(&t, 89);
        assert_eq!(mails(&post, &ann.email, "90 days").await, 0);
    });
}
