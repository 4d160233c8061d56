//! `countersign person reset-factor` as an operator runs it: what it says, how it ends, and what comes of it.

use std::process::Command;
use std::time::Duration;

use super::support::desk::{Desk, Typed};
use super::support::poll;
use super::support::server::{Launch, Server};

const EMAIL: &str = "ann@harbour.example";

/// Runs the command over the data of a server that is stopped.
fn reset(server: &Server, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["person", "reset-factor", "--data"])
        .arg(server.data())
        .args(arguments)
        .output()
        .expect("the binary was built");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn the_operator_ends_the_factors_of_somebody_who_is_the_only_administrator() {
    let mut server = Server::start(Launch::embedded());
    let typed = Typed::default();
    let (mut before, kept) = Desk::set_up(&server, &typed);
    // Named by an account only: nothing happens for a name that nobody has, in no organisation of that name, or without one.
    assert!(server.stop(), "{}", server.said());
    for (arguments, words) in [
        (
            &["--email", "nobody@harbour.example"][..],
            "nobody who can sign in",
        ),
        (
            &["--email", EMAIL, "--org", "elsewhere"],
            "nobody who can sign in",
        ),
        (&[], "--email"),
    ] {
        let (code, said, complained) = reset(&server, arguments);
        assert_eq!(code, Some(2), "{said}{complained}");
        assert!(said.is_empty(), "{said}");
        assert!(complained.contains(words), "{complained}");
    }
    server.restart();
    let mut again = Desk::at(server.client());
    let entered = again.sign_in(EMAIL, &typed.password, &kept.recovery_codes[0]);
    assert_eq!(
        entered.header("location"),
        Some("/"),
        "the twin: her factors stand"
    );
    assert!(server.stop(), "{}", server.said());

    let (code, said, complained) = reset(&server, &["--email", EMAIL, "--org", "harbour-foods"]);
    assert_eq!(code, Some(0), "{complained}");
    assert!(said.contains("works once, for four hours"), "{said}");
    assert!(!said.contains("/new-factor/"), "the link is for her alone");
    server.restart();
    let answer = before.get("/me");
    assert_eq!(answer.status, 303, "her sessions have ended");
    let mut hers = Desk::at(server.client());
    let refused = hers.sign_in(EMAIL, &typed.password, &kept.recovery_codes[1]);
    assert_ne!(
        refused.header("location"),
        Some("/"),
        "her codes have ended"
    );
    let mail = server.wait_for_mail("/new-factor/");
    let link = mail.split("/new-factor/").nth(1).expect("a link");
    let token: String = link.chars().take_while(|c| !c.is_whitespace()).collect();
    let path = format!("/new-factor/{token}");
    hers.get(&path);
    let answer = hers.submit(&path, &[("password", &typed.password)]);
    assert_eq!(
        answer.header("location"),
        Some("/enrol"),
        "{}",
        answer.text()
    );
    hers.enrol();
    // An entry is listed once it has its number, at most a second later.
    let row = poll(Duration::from_secs(30), || {
        let journal = hers.get("/journal").text();
        let mut rows = journal.split("<tr").skip(1);
        let told = rows.find(|row| row.contains("Second factors reset at the server"));
        told.map(str::to_owned)
    });
    let row = row.expect("it is told");
    assert!(row.contains("ommand line"), "by whom: {row}");
}
