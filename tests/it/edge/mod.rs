//! The edge, attacked from outside: each of its bounds and refusals is tried.

mod http2;
mod limits;
mod messages;
mod policy;
mod proxied;
mod transport;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use countersign::platform::clock::Clock;
use countersign::platform::config::{CommandLine, Config, Environment, Limits, Prefixes};
use countersign::platform::edge::{Certificates, Ended, Guard, bind, serve, server_tls};
use countersign_sealing::SystemEntropy;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::certificate::trusting;
use crate::support::client::Client;
use crate::support::server::LOCAL_CERTIFICATE;
use crate::support::temp::TempDir;

/// An edge around routes made for attacks, in this process.
pub struct Edge {
    runtime: Runtime,
    address: SocketAddr,
    pem: String,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<Ended>>,
    _data: TempDir,
}

fn routes() -> Router {
    Router::new()
        .route("/", get(async || "fine\n"))
        .route("/echo", post(async |body: String| body))
        .route(
            "/injected",
            get(async || axum::response::Html(policy::INJECTED)),
        )
        .route("/panic", get(panics))
        .route("/api/v1/panic", get(panics))
        .route(
            "/address",
            get(async |ConnectInfo(from): ConnectInfo<SocketAddr>| from.to_string()),
        )
        .route("/slow/{ms}", get(slow).post(slow))
        .route("/uploads/{ms}", get(slow).post(slow))
        .route(
            "/id",
            get(async |request: axum::extract::Request| {
                format!("{:?}", request.headers().get("x-request-id"))
            }),
        )
}

async fn panics() -> &'static str {
    panic!("the IBAN DE89370400440532013000 is not valid")
}

async fn slow(axum::extract::Path(ms): axum::extract::Path<u64>) -> &'static str {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    "done\n"
}

impl Edge {
    /// Starts one with limits as `change` leaves them: all times are a second to begin with.
    pub fn start(change: impl FnOnce(&mut Limits)) -> Self {
        Self::around(routes(), &Prefixes::default(), change)
    }

    /// One around other routes, for which `proxies` speak.
    pub fn around(routes: Router, proxies: &Prefixes, change: impl FnOnce(&mut Limits)) -> Self {
        let data = TempDir::new("edge");
        let given = CommandLine {
            data: Some(data.path().to_owned()),
            ..CommandLine::default()
        };
        let config =
            Config::load(&given, &Environment::default()).expect("the defaults are accepted");
        let mut limits = config.limits.clone();
        let second = Duration::from_secs(1);
        (
            limits.handshake_timeout,
            limits.header_timeout,
            limits.request_timeout,
        ) = (second, second, second);
        (
            limits.idle_timeout,
            limits.upload_timeout,
            limits.shutdown_timeout,
        ) = (second, 2 * second, second);
        change(&mut limits);

        let runtime = Runtime::new().expect("threads can be started");
        let certificates = Certificates::open(&config, Clock::System.now())
            .expect("a local certificate can be made");
        let tls =
            Arc::new(server_tls(Arc::new(certificates)).expect("the provider has both versions"));
        let app = Guard::new(Clock::System, Arc::new(SystemEntropy), limits.clone())
            .with_uploads(&[&["/uploads/{ms}"]])
            .around(routes);
        let entered = runtime.enter();
        let any = [SocketAddr::from(([127, 0, 0, 1], 0))];
        let listeners = bind(&any).expect("loopback gives a port");
        let address = listeners[0]
            .local_addr()
            .expect("a bound socket has an address");
        let (stop, stopped) = oneshot::channel();
        let proxies = proxies.clone();
        let serving = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            serve(listeners, tls, &limits, &proxies, app, stopped).await
        });
        drop(entered);
        let pem =
            std::fs::read_to_string(data.path().join(LOCAL_CERTIFICATE)).expect("it was made");
        Self {
            runtime,
            address,
            pem,
            stop: Some(stop),
            serving: Some(serving),
            _data: data,
        }
    }

    pub fn client(&self) -> Client {
        Client::new(self.address.port(), &self.pem)
    }

    pub fn tcp(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the edge listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(8)))
            .expect("a timeout above zero");
        stream
    }

    pub fn trust(&self) -> ClientConfig {
        trusting(&self.pem)
    }

    /// A connection whose handshake is done, or what refused it.
    pub fn connect(
        &self,
        config: ClientConfig,
    ) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let name = ServerName::try_from("localhost").expect("a name");
        let mut connection =
            ClientConnection::new(Arc::new(config), name).map_err(std::io::Error::other)?;
        let mut tcp = self.tcp();
        while connection.is_handshaking() {
            connection.complete_io(&mut tcp)?;
        }
        Ok(StreamOwned::new(connection, tcp))
    }

    /// Asks it to stop; the answer comes from [`Edge::ended`].
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    pub fn ended(&mut self) -> Ended {
        let serving = self.serving.take().expect("asked once");
        self.runtime
            .block_on(serving)
            .expect("the accept loop does not panic")
    }
}

/// Everything until the other side closes, or the reading's time is over.
pub fn read_all(stream: &mut impl Read) -> Vec<u8> {
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut piece) {
        all.extend_from_slice(&piece[..count]);
    }
    all
}

/// Sends a request as it stands, and gives what comes until the other side closes.
pub fn raw(stream: &mut (impl Read + Write), request: &str) -> String {
    // The server may have closed already: then reading shows it.
    let _ = stream
        .write_all(request.as_bytes())
        .and_then(|()| stream.flush());
    String::from_utf8_lossy(&read_all(stream)).into_owned()
}
