//! Chromium through chromedriver, by the WebDriver protocol (W3C WebDriver, section numbers in the methods).
//!
//! Every browser is a chromedriver, a Chromium and a profile of its own. A method that fails ends the test
//! with the driver's own message.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::child::Guarded;
use super::temp::TempDir;
use super::{http, root};

const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JavaScript {
    On,
    Off,
}

/// One browser with one window.
pub struct Browser {
    port: u16,
    session: String,
    // In this order: the driver ends (and Chromium with it) before the profile goes.
    _driver: Guarded,
    _profile: TempDir,
}

/// An element of the page that was shown when it was found.
#[derive(Debug, Clone)]
pub struct Element {
    id: String,
}

impl Browser {
    /// Starts a browser with an empty profile; it accepts the server's own certificate.
    pub fn start(javascript: JavaScript) -> Self {
        let profile = TempDir::new("browser");
        let (driver, port) = driver(&profile);
        let mut browser = Self {
            port,
            session: String::new(),
            _driver: driver,
            _profile: profile,
        };
        let answer = browser.call(
            "POST",
            "",
            &json!({ "capabilities": { "alwaysMatch": browser.wishes(javascript) } }),
        );
        browser.session = answer["sessionId"]
            .as_str()
            .expect("a new session has an id")
            .to_owned();
        browser
    }

    fn wishes(&self, javascript: JavaScript) -> Value {
        let profile = format!("--user-data-dir={}", self._profile.path().display());
        let mut preferences = json!({});
        if javascript == JavaScript::Off {
            // Of the ways to switch scripts off this one leaves the driver's own scripts running.
            preferences["profile.default_content_setting_values.javascript"] = json!(2);
        }
        json!({
            "acceptInsecureCerts": true,
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "binary": "/usr/bin/chromium",
                "prefs": preferences,
                "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--window-size=1280,1000",
                    // Chromium ends with the driver: through a port it would outlive a killed one.
                    "--remote-debugging-pipe",
                    profile,
                ],
            },
        })
    }

    /// Gives the browser a built-in authenticator whose person always confirms (WebAuthn Level 3, 11.4).
    pub fn add_authenticator(&self) {
        let wishes = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "isUserConsenting": true,
        });
        self.call("POST", "/webauthn/authenticator", &wishes);
    }

    /// Shows pages as a screen of this size does, whatever the window is.
    pub fn resize(&self, width_px: u32, height_px: u32) {
        let size = json!({
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {
                "width": width_px, "height": height_px, "deviceScaleFactor": 1, "mobile": false,
            },
        });
        self.call("POST", "/goog/cdp/execute", &size);
    }

    /// Opens a page and waits until it has loaded (10.1).
    pub fn goto(&self, url: &str) {
        self.call("POST", "/url", &json!({ "url": url }));
    }

    pub fn url(&self) -> String {
        text_of(&self.call("GET", "/url", &Value::Null))
    }

    pub fn title(&self) -> String {
        text_of(&self.call("GET", "/title", &Value::Null))
    }

    /// The page's source as the browser has it now.
    pub fn source(&self) -> String {
        text_of(&self.call("GET", "/source", &Value::Null))
    }

    /// Every element that a CSS selector matches, in document order; none is no error.
    pub fn find_all(&self, css: &str) -> Vec<Element> {
        let found = self.call(
            "POST",
            "/elements",
            &json!({ "using": "css selector", "value": css }),
        );
        let found = found.as_array().cloned().unwrap_or_default();
        found
            .iter()
            .map(|e| Element {
                id: text_of(&e[ELEMENT_KEY]),
            })
            .collect()
    }

    /// The first element that a CSS selector matches, waited for.
    pub fn find(&self, css: &str) -> Element {
        self.wait_until(&format!("an element {css}"), || {
            self.find_all(css).into_iter().next()
        })
    }

    /// Waits until an element's text contains `text`, and gives the element.
    pub fn wait_for_text(&self, css: &str, text: &str) -> Element {
        self.wait_until(&format!("{text:?} in {css}"), || {
            // An element may vanish between the two calls, when the page changes.
            let holds = |e: &Element| {
                self.try_call("GET", &format!("/element/{}/text", e.id), &Value::Null)
            };
            self.find_all(css)
                .into_iter()
                .find(|e| holds(e).is_ok_and(|t| text_of(&t).contains(text)))
        })
    }

    /// Waits until `ready` gives a value.
    pub fn wait_until<T>(&self, what: &str, ready: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        super::poll(PATIENCE, ready).unwrap_or_else(|| {
            panic!(
                "{what} did not come in {:?} on {}:\n{}",
                start.elapsed(),
                self.url(),
                self.source()
            )
        })
    }

    /// Clicks in the middle of an element, scrolled into view (12.5.1).
    pub fn click(&self, element: &Element) {
        self.on(element, "POST", "click", &json!({}));
    }

    /// Finds an element and clicks it; again where the page was replaced in between.
    pub fn press(&self, css: &str) {
        self.wait_until(&format!("an element {css} to click"), || {
            let element = self.find_all(css).into_iter().next()?;
            let path = format!("/element/{}/click", element.id);
            match self.try_call("POST", &path, &json!({})) {
                Ok(_) => Some(()),
                Err(said) if said.contains("stale element") => None,
                Err(said) => panic!("{css}: {said}"),
            }
        });
    }

    /// Types into a field, after what it holds (12.5.3).
    pub fn type_into(&self, element: &Element, text: &str) {
        self.on(element, "POST", "value", &json!({ "text": text }));
    }

    /// Empties a field and types into it.
    pub fn fill(&self, css: &str, text: &str) {
        let field = self.find(css);
        self.on(&field, "POST", "clear", &json!({}));
        self.type_into(&field, text);
    }

    /// Puts files into a file field, as a person would by the file dialogue.
    pub fn upload(&self, css: &str, files: &[&Path]) {
        let paths: Vec<_> = files.iter().map(|f| f.to_string_lossy()).collect();
        self.type_into(&self.find(css), &paths.join("\n"));
    }

    /// Submits the form that `css` names by clicking its submit button, as a person would.
    pub fn submit(&self, css: &str) {
        self.press(&format!("{css} [type=submit], {css} button:not([type])"));
    }

    /// The text of an element as it is shown.
    pub fn text(&self, element: &Element) -> String {
        text_of(&self.on(element, "GET", "text", &Value::Null))
    }

    pub fn attribute(&self, element: &Element, name: &str) -> Option<String> {
        self.on(element, "GET", &format!("attribute/{name}"), &Value::Null)
            .as_str()
            .map(str::to_owned)
    }

    /// Runs a function body in the page; `arguments[0]` and so on are `arguments`.
    pub fn execute(&self, script: &str, arguments: &[Value]) -> Value {
        self.call(
            "POST",
            "/execute/sync",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// Every cookie that the page's server sees, as the driver describes them (14.1).
    pub fn cookies(&self) -> Vec<Value> {
        self.call("GET", "/cookie", &Value::Null)
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    /// What the page wrote to the console since the last call: errors, refused scripts, CSP reports.
    pub fn console(&self) -> Vec<String> {
        let entries = self.call("POST", "/se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .map(|e| format!("{} {}", text_of(&e["level"]), text_of(&e["message"])))
            .collect()
    }

    /// Keeps a picture of a step of the story, apart for browsers with and without JavaScript.
    pub fn screenshot_of(&self, javascript: JavaScript, step: &str) -> PathBuf {
        let name = match javascript {
            JavaScript::On => "story",
            JavaScript::Off => "story-plain",
        };
        self.screenshot(&format!("{name}-{step}"))
    }

    /// Keeps a picture as `target/screenshots/NAME.png`.
    pub fn screenshot(&self, name: &str) -> PathBuf {
        let encoded = text_of(&self.call("GET", "/screenshot", &Value::Null));
        let png = base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .expect("the driver sends base64");
        let folder = root().join("target/screenshots");
        std::fs::create_dir_all(&folder).expect("the folder of pictures can be made");
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, png).expect("the picture can be written");
        path
    }

    fn on(&self, element: &Element, method: &str, what: &str, body: &Value) -> Value {
        self.call(method, &format!("/element/{}/{what}", element.id), body)
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        self.try_call(method, path, body)
            .unwrap_or_else(|e| panic!("{method} {path}: {e}"))
    }

    fn try_call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let target = match self.session.as_str() {
            "" => "/session".to_owned(),
            session => format!("/session/{session}{path}"),
        };
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        let headers = [
            ("Host".to_owned(), format!("127.0.0.1:{}", self.port)),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ];
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(|e| e.to_string())?;
        let answer = http::exchange(&mut stream, method, &target, &headers, &body)
            .map_err(|e| e.to_string())?;
        let value = answer.json()["value"].clone();
        if answer.status == 200 {
            Ok(value)
        } else {
            Err(text_of(&value["message"]))
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Without this the driver ends first and Chromium is cut off while it writes its profile.
        let _ = self.try_call("DELETE", "", &Value::Null);
    }
}

/// A driver of its own, and its port. One that finds the port taken that it chose a moment ago ends, and another is started.
fn driver(profile: &TempDir) -> (Guarded, u16) {
    for _ in 0..3 {
        let mut command = Command::new("chromedriver");
        command
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut driver = Guarded::spawn(&mut command, Signal::TERM, Some(profile.path()));
        if let Some(port) = read_port(&mut driver) {
            return (driver, port);
        }
    }
    panic!(
        "chromedriver names its port: is Debian's chromium-driver installed (`deploy/install-debian.sh test`)?"
    )
}

/// Reads the driver's lines until it names the port it chose.
fn read_port(driver: &mut Guarded) -> Option<u16> {
    let output = driver
        .child_mut()
        .stdout
        .take()
        .expect("stdout was asked for");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // Read on, or the driver stops at a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    port
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
