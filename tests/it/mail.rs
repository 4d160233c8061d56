//! Mail: written whole into a folder, or sent over verified TLS and not otherwise.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests that panics fails the test, as it should"
)]

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use countersign::platform::clock::Micros;
use countersign::platform::config::{Mail, Smtp};
use countersign::platform::mail::{MailError, Message, Outbox};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::certificate::Authority;
use crate::support::temp::TempDir;

const NOW: Micros = Micros(1_800_000_000_000_000);

fn message() -> Message {
    Message {
        id: uuid::Uuid::from_u128(7),
        to: "approver@example.com".to_owned(),
        subject: "Bill wartet auf Prüfung".to_owned(),
        text: "https://localhost:8443/bills\n".to_owned(),
    }
}

fn send(mail: &Mail, message: &Message) -> Result<(), MailError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { Outbox::open(mail)?.send(message, NOW).await })
}

#[test]
fn a_mail_is_written_once_however_often_it_is_sent() {
    let folder = TempDir::new("mail");
    let mail = Mail::Folder {
        folder: folder.path().join("out"),
        from: "ap@example.com".to_owned(),
    };
    for _ in 0..2 {
        send(&mail, &message()).unwrap();
    }
    let files: Vec<PathBuf> = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    for line in [
        "To: approver@example.com",
        "From: Countersign <ap@example.com>",
        "Message-ID: <00000000-0000-0000-0000-000000000007@example.com>",
        "Date: Fri, 15 Jan 2027 08:00:00 +0000",
    ] {
        assert!(text.contains(line), "{line}\nin\n{text}");
    }
}

#[test]
fn nobody_adds_a_header_or_a_recipient() {
    let folder = TempDir::new("mail");
    let mail = Mail::Folder {
        folder: folder.path().to_owned(),
        from: "ap@example.com".to_owned(),
    };
    let two = Message {
        to: "a@example.com\r\nBcc: thief@example.com".to_owned(),
        ..message()
    };
    assert!(matches!(send(&mail, &two), Err(MailError::Recipient)));
    let subject = Message {
        subject: "Hello\r\nBcc: thief@example.com".to_owned(),
        ..message()
    };
    send(&mail, &subject).unwrap();
    let written =
        std::fs::read_to_string(folder.path().join(format!("{}.eml", subject.id))).unwrap();
    assert!(
        !written.lines().any(|line| line.starts_with("Bcc:")),
        "{written}"
    );
}

/// How the mail server behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Server {
    ImplicitTls,
    StartTls,
    /// Says that it has no TLS, as somebody in between would.
    Stripped,
    /// Refuses the recipient, and repeats the address.
    Refusing,
}

/// Answers one conversation, and keeps what the client said.
fn serve(kind: Server, tls: Arc<ServerConfig>) -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let secure = |tcp: TcpStream| StreamOwned::new(ServerConnection::new(tls).unwrap(), tcp);
        if kind == Server::ImplicitTls {
            talk(&mut secure(tcp), kind, true, &kept);
        } else if talk(&mut tcp, kind, true, &kept) {
            talk(&mut secure(tcp), kind, false, &kept);
        }
    });
    (port, heard)
}

/// Gives true when the client asked for TLS.
fn talk(
    stream: &mut (impl Read + Write),
    kind: Server,
    greets: bool,
    heard: &Mutex<String>,
) -> bool {
    let mut reader = BufReader::with_capacity(1, stream);
    if greets && reader.get_mut().write_all(b"220 test\r\n").is_err() {
        return false;
    }
    let mut in_data = false;
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|count| count > 0) {
        heard.lock().unwrap().push_str(&line);
        let answer: &[u8] = match line.trim_end() {
            "." if in_data => {
                in_data = false;
                b"250 kept\r\n"
            }
            _ if in_data => b"",
            "DATA" => {
                in_data = true;
                b"354 go on\r\n"
            }
            "STARTTLS" => {
                let _ = reader.get_mut().write_all(b"220 go\r\n");
                return true;
            }
            "QUIT" => b"221 bye\r\n",
            text if text.starts_with("EHLO") && kind == Server::StartTls && greets => {
                b"250-test\r\n250 STARTTLS\r\n"
            }
            text if text.starts_with("EHLO") => b"250 test\r\n",
            text if text.starts_with("RCPT") && kind == Server::Refusing => {
                b"550 approver@example.com unknown\r\n"
            }
            _ => b"250 fine\r\n",
        };
        if reader.get_mut().write_all(answer).is_err() {
            return false;
        }
        line.clear();
    }
    false
}

fn smtp(port: u16, implicit_tls: bool, ca_file: &Path) -> Mail {
    Mail::Smtp(Smtp {
        host: "localhost".to_owned(),
        port,
        implicit_tls,
        user: None,
        password_file: None,
        ca_file: Some(ca_file.to_owned()),
        from: "ap@example.com".to_owned(),
    })
}

fn ca_file(folder: &TempDir, authority: &Authority) -> PathBuf {
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, &authority.ca_pem).unwrap();
    path
}

#[test]
fn mail_goes_out_over_both_kinds_of_tls() {
    let (folder, authority) = (TempDir::new("mail"), Authority::new());
    let ca = ca_file(&folder, &authority);
    for (kind, implicit) in [(Server::ImplicitTls, true), (Server::StartTls, false)] {
        let (port, heard) = serve(kind, authority.server_config());
        send(&smtp(port, implicit, &ca), &message()).unwrap();
        assert!(
            heard
                .lock()
                .unwrap()
                .contains("RCPT TO:<approver@example.com>")
        );
    }
}

#[test]
fn a_server_without_tls_hears_no_mail() {
    let (folder, authority) = (TempDir::new("mail"), Authority::new());
    let (port, heard) = serve(Server::Stripped, authority.server_config());
    let error = send(
        &smtp(port, false, &ca_file(&folder, &authority)),
        &message(),
    )
    .unwrap_err();
    assert!(matches!(error, MailError::Tls { .. }), "{error}");
    let heard = heard.lock().unwrap();
    assert!(
        !heard.contains("MAIL FROM") && !heard.contains("approver"),
        "{heard}"
    );
}

#[test]
fn a_server_that_cannot_prove_itself_hears_no_mail() {
    let (folder, authority, other) = (TempDir::new("mail"), Authority::new(), Authority::new());
    let ca = ca_file(&folder, &other);
    for (kind, implicit) in [(Server::ImplicitTls, true), (Server::StartTls, false)] {
        let (port, heard) = serve(kind, authority.server_config());
        assert!(send(&smtp(port, implicit, &ca), &message()).is_err());
        assert!(!heard.lock().unwrap().contains("approver"));
    }
}

#[test]
fn a_refusal_is_for_good_and_does_not_repeat_the_address() {
    let (folder, authority) = (TempDir::new("mail"), Authority::new());
    // The refusing kind speaks TLS from the first byte in this test.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = authority.server_config();
    std::thread::spawn(move || {
        let (tcp, _) = listener.accept().unwrap();
        let mut stream = StreamOwned::new(ServerConnection::new(tls).unwrap(), tcp);
        talk(&mut stream, Server::Refusing, true, &Mutex::default());
    });
    let error = send(&smtp(port, true, &ca_file(&folder, &authority)), &message()).unwrap_err();
    assert!(
        matches!(error, MailError::Refused { .. }) && !error.is_retryable(),
        "{error}"
    );
    assert!(
        !format!("{error} {error:?}").contains("approver"),
        "{error:?}"
    );
}
