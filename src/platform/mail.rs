//! Mail: into a folder as `.eml` files, or to a mail server over verified TLS. Called by jobs alone, after the row that
//! a mail speaks of is committed.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{
    Certificate, CertificateStore, Tls, TlsParameters, TlsVersion,
};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use uuid::Uuid;

use super::clock::Micros;
use super::config::{ConfigError, Mail, Smtp, read_password};
use super::edge::tls::{TlsError, authorities, install_provider};
use super::folder::{self, FolderError, make_private};

const PATIENCE: Duration = Duration::from_secs(30);

/// A mail of plain text to one person.
#[derive(Clone)]
pub struct Message {
    /// The same for every try of one mail, so that a mailbox recognises the second copy.
    pub id: Uuid,
    /// An address alone: `ap@example.com`.
    pub to: String,
    pub subject: String,
    pub text: String,
}

impl std::fmt::Debug for Message {
    /// All but the id is personal data or holds a link that lets somebody in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// None of these repeats an address or a text: they go into logs.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the recipient's address is no mail address: correct it where the person is kept")]
    Recipient,
    #[error("mail.from is no mail address: set it to one such as ap@example.com")]
    Sender,
    #[error("the mail cannot be put together: {0}")]
    Message(#[from] lettre::error::Error),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("{path}: the mail cannot be written", path = path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the mail server's authority cannot be used")]
    Authority(#[from] TlsError),
    #[error("the mail server's password cannot be used")]
    Password(#[source] ConfigError),
    #[error(
        "{host}: no verified TLS connection. Check mail.security, and mail.ca_file where the server's certificate is your own"
    )]
    Tls {
        host: String,
        #[source]
        source: lettre::transport::smtp::Error,
    },
    #[error("{host} refuses this mail for good: {code}. Check recipient, mail.from and mail.user")]
    Refused { host: String, code: String },
    #[error("{host} cannot take mail now ({reason}); it will be tried again")]
    Unavailable { host: String, reason: String },
}

impl MailError {
    /// Whether another try of the same mail may succeed without anybody's doing.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. } | Self::Tls { .. } | Self::Write { .. } | Self::Folder(_)
        )
    }
}

#[derive(Debug)]
enum Way {
    Folder(PathBuf),
    Server {
        host: String,
        transport: AsyncSmtpTransport<Tokio1Executor>,
    },
}

/// Where mail goes out.
#[derive(Debug)]
pub struct Outbox {
    from: Mailbox,
    way: Way,
}

impl Outbox {
    /// Prepares the way out; a mail server is not asked yet.
    ///
    /// # Errors
    /// When the sender, the folder, the password or the authority cannot be used.
    pub fn open(mail: &Mail) -> Result<Self, MailError> {
        let (from, way) = match mail {
            Mail::Folder { folder, from } => {
                make_private(folder)?;
                (from, Way::Folder(folder.clone()))
            }
            Mail::Smtp(smtp) => (
                &smtp.from,
                Way::Server {
                    host: smtp.host.clone(),
                    transport: transport(smtp)?,
                },
            ),
        };
        let address: Address = from.parse().map_err(|_| MailError::Sender)?;
        Ok(Self {
            from: Mailbox::new(Some("Countersign".to_owned()), address),
            way,
        })
    }

    /// Whether the way out is open: a mail server is connected to and left again.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn reach(&self) -> Result<(), MailError> {
        let Way::Server { host, transport } = &self.way else {
            return Ok(());
        };
        match transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::Unavailable {
                host: host.clone(),
                reason: "it answers, and does not work".to_owned(),
            }),
            Err(source) => Err(told(host, source)),
        }
    }

    /// Sends one mail. Sending it again with the same id is harmless.
    ///
    /// # Errors
    /// [`MailError::is_retryable`] tells whether to try again.
    pub async fn send(&self, message: &Message, now: Micros) -> Result<(), MailError> {
        let to: Address = message.to.parse().map_err(|_| MailError::Recipient)?;
        let id = format!("<{}@{}>", message.id, self.from.email.domain());
        let date =
            SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(now.0).unwrap_or(0));
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.as_str())
            .message_id(Some(id))
            .date(date)
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())?;
        match &self.way {
            Way::Folder(folder) => write(folder, message.id, &mail.formatted()),
            Way::Server { host, transport } => transport
                .send(mail)
                .await
                .map(drop)
                .map_err(|source| told(host, source)),
        }
    }
}

fn transport(smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailError> {
    // The library takes its suites from the process's provider.
    install_provider();
    let tls_error = |source| MailError::Tls {
        host: smtp.host.clone(),
        source,
    };
    let mut parameters = TlsParameters::builder(smtp.host.clone())
        .set_min_tls_version(TlsVersion::Tlsv12)
        .certificate_store(CertificateStore::None);
    let (_, authorities) = authorities(smtp.ca_file.as_deref())?;
    for authority in authorities {
        parameters = parameters
            .add_root_certificate(Certificate::from_der(authority.to_vec()).map_err(tls_error)?);
    }
    let parameters = parameters.build().map_err(tls_error)?;
    let tls = if smtp.implicit_tls {
        Tls::Wrapper(parameters)
    } else {
        Tls::Required(parameters)
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(PATIENCE));
    if let (Some(user), Some(file)) = (&smtp.user, &smtp.password_file) {
        let password = read_password(file).map_err(MailError::Password)?;
        builder = builder.credentials(Credentials::new(user.clone(), password.expose().clone()));
    }
    Ok(builder.build())
}

/// A server's words may repeat the recipient's address: only its code is kept.
fn told(host: &str, source: lettre::transport::smtp::Error) -> MailError {
    let host = host.to_owned();
    match source.status() {
        Some(code) if source.is_permanent() => MailError::Refused {
            host,
            code: code.to_string(),
        },
        Some(code) => MailError::Unavailable {
            host,
            reason: code.to_string(),
        },
        None if source.is_tls() || source.is_client() => MailError::Tls { host, source },
        None => MailError::Unavailable {
            host,
            reason: source.to_string(),
        },
    }
}

/// Whoever collects the folder finds whole mails only.
fn write(folder: &Path, id: Uuid, bytes: &[u8]) -> Result<(), MailError> {
    let path = folder.join(format!("{id}.eml"));
    let beside = folder.join(format!(".{id}.new"));
    folder::replace(&path, &beside, bytes).map_err(|source| MailError::Write { path, source })
}
