//! A real browser for tests: Chromium by its WebDriver (W3C), and the built program serving a ledger, each on a port of its own on loopback.
//!
//! Without `chromedriver` a test reports itself skipped; `.ci/run` installs it.

pub mod place;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Keys by the code points of the WebDriver standard.
pub mod key {
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    pub const SHIFT: &str = "\u{e008}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const LEFT: &str = "\u{e012}";
    pub const DOWN: &str = "\u{e015}";
}

/// A port that nobody listens on at the moment.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A process that ends with the test.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, serving a ledger.
pub struct Site {
    /// Where it is: `http://127.0.0.1:…`.
    pub base: String,
    _process: Running,
}

/// Starts `standing serve` on a ledger and waits until it is ready.
pub fn serve(ledger: &Path) -> Site {
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let child = Command::new(env!("CARGO_BIN_EXE_standing"))
        .args(["--db"])
        .arg(ledger)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let process = Running(child);
    let ready = wait(Duration::from_secs(30), || {
        ureq::get(&format!("{base}/readyz"))
            .call()
            .is_ok_and(|r| r.status() == 200)
    });
    assert!(ready, "the server is not ready after 30 s");
    Site {
        base,
        _process: process,
    }
}

/// Asks again and again until something holds or the time is over.
pub fn wait(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < limit {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(40));
    }
    false
}

/// A browser window.
pub struct Browser {
    session: String,
    _process: Running,
    _profile: tempfile::TempDir,
}

/// How the window is to be.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    pub script: bool,
}

impl Window {
    pub const DESK: Self = Self {
        width: 1280,
        height: 900,
        dark: false,
        script: true,
    };
}

impl Browser {
    /// Opens a window; `None`, with a word about it, where there is no driver.
    pub fn open(window: Window) -> Option<Self> {
        let driver = ["/usr/bin/chromedriver", "/usr/local/bin/chromedriver"]
            .iter()
            .map(PathBuf::from)
            .find(|p| p.exists());
        let Some(driver) = driver else {
            eprintln!("skipped: no chromedriver here; .ci/run installs it");
            return None;
        };
        let port = free_port();
        let mut child = Command::new(driver)
            .arg(format!("--port={port}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let process = Running(child);
        // It says when it listens; what it says afterwards is read away so that it never blocks.
        let mut lines = out.lines();
        for line in lines.by_ref() {
            if line.unwrap().contains("successfully") {
                break;
            }
        }
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-quic".into(),
            "--no-first-run".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            "--disable-dev-shm-usage".into(),
            format!("--user-data-dir={}", profile.path().display()),
            format!("--window-size={},{}", window.width, window.height),
        ];
        if window.dark {
            arguments.push("--force-dark-mode".into());
        }
        let mut preferences = json!({"download.default_directory": profile.path()});
        if !window.script {
            preferences["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments, "prefs": preferences},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let base = format!("http://127.0.0.1:{port}/session");
        let answer = request("POST", &base, Some(&wanted));
        let id = answer["sessionId"]
            .as_str()
            .unwrap_or_else(|| panic!("no session: {answer}"));
        let browser = Self {
            session: format!("{base}/{id}"),
            _process: process,
            _profile: profile,
        };
        browser.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": window.width, "height": window.height, "deviceScaleFactor": 1, "mobile": false}),
        );
        browser.devtools(
            "Emulation.setEmulatedMedia",
            &json!({"features": [{"name": "prefers-color-scheme", "value": if window.dark { "dark" } else { "light" }}]}),
        );
        Some(browser)
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        request(method, &format!("{}{path}", self.session), body)
    }

    /// A command of the browser's own protocol.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.call(
            "POST",
            "/goog/cdp/execute",
            Some(&json!({"cmd": command, "params": parameters})),
        )
    }

    /// Goes to an address.
    pub fn go(&self, address: &str) {
        self.call("POST", "/url", Some(&json!({"url": address})));
    }

    /// Where it is.
    pub fn address(&self) -> String {
        self.call("GET", "/url", None).as_str().unwrap_or_default().to_owned()
    }

    /// Back in the history.
    pub fn back(&self) {
        self.call("POST", "/back", Some(&json!({})));
    }

    /// Forward in the history.
    pub fn forward(&self) {
        self.call("POST", "/forward", Some(&json!({})));
    }

    /// Runs a script in the page (by the protocol, which also works where pages may run none) and gives what it returns.
    pub fn run(&self, script: &str) -> Value {
        self.call("POST", "/execute/sync", Some(&json!({"script": script, "args": []})))
    }

    fn element(&self, css: &str) -> String {
        let found = self.call(
            "POST",
            "/element",
            Some(&json!({"using": "css selector", "value": css})),
        );
        found
            .as_object()
            .and_then(|o| o.values().next())
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no {css} on {}: {found}", self.address()))
            .to_owned()
    }

    /// Is there such an element?
    pub fn has(&self, css: &str) -> bool {
        let found = self.call(
            "POST",
            "/elements",
            Some(&json!({"using": "css selector", "value": css})),
        );
        found.as_array().is_some_and(|a| !a.is_empty())
    }

    /// Clicks the first such element.
    pub fn click(&self, css: &str) {
        let id = self.element(css);
        let answer = self.call("POST", &format!("/element/{id}/click"), Some(&json!({})));
        assert!(answer.get("error").is_none(), "{css}: {answer}");
    }

    /// Types into the first such element.
    pub fn type_into(&self, css: &str, text: &str) {
        let id = self.element(css);
        let answer = self.call("POST", &format!("/element/{id}/value"), Some(&json!({"text": text})));
        assert!(answer.get("error").is_none(), "{css}: {answer}");
    }

    /// Presses a key on whatever has the focus (a letter, or one of [`key`]).
    pub fn press(&self, key: &str) {
        self.act(&[("keyDown", key), ("keyUp", key)]);
    }

    /// Presses a key while another is held.
    pub fn press_with(&self, held: &str, key: &str) {
        self.act(&[("keyDown", held), ("keyDown", key), ("keyUp", key), ("keyUp", held)]);
    }

    /// Presses the keys of a text, one after the other.
    pub fn keys(&self, text: &str) {
        let each: Vec<String> = text.chars().map(String::from).collect();
        let moves: Vec<(&str, &str)> = each.iter().flat_map(|k| [("keyDown", &**k), ("keyUp", &**k)]).collect();
        self.act(&moves);
    }

    fn act(&self, moves: &[(&str, &str)]) {
        let moves: Vec<Value> = moves
            .iter()
            .map(|(what, key)| json!({"type": what, "value": key}))
            .collect();
        let actions = json!({"actions": [{"type": "key", "id": "keys", "actions": moves}]});
        let answer = self.call("POST", "/actions", Some(&actions));
        assert!(answer.get("error").is_none(), "{answer}");
    }

    /// Enters a token on its page, so that what needs one is open.
    pub fn enter_token(&self, place: &place::Place, secret: &str) {
        self.go(&place.at("/access"));
        self.type_into("#token", secret);
        self.click("main button.primary");
        assert!(
            wait(Duration::from_secs(10), || self.text("main").contains("test")),
            "{}",
            self.text("main")
        );
    }

    /// The visible text of the first such element.
    pub fn text(&self, css: &str) -> String {
        let id = self.element(css);
        let text = self.call("GET", &format!("/element/{id}/text"), None);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// A picture of the whole page, PNG.
    pub fn picture(&self) -> Vec<u8> {
        let size = self.devtools("Page.getLayoutMetrics", &json!({}));
        // A bar to scroll by, which the picture has not, makes the content narrower than the picture.
        let width = self.run("return window.innerWidth");
        let height = &size["cssContentSize"]["height"];
        let shot = self.devtools(
            "Page.captureScreenshot",
            &json!({"captureBeyondViewport": true, "clip": {"x": 0, "y": 0, "width": width, "height": height.as_f64().unwrap_or(900.0).min(4000.0), "scale": 1}}),
        );
        decode_base64(shot["data"].as_str().unwrap_or_default())
    }

    /// What the console said since the last time, warnings and errors only.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.call("POST", "/se/log", Some(&json!({"type": "browser"})));
        log.as_array()
            .into_iter()
            .flatten()
            .filter(|e| e["level"] == "SEVERE" || e["level"] == "WARNING")
            .map(|e| e["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.call("DELETE", "", None);
    }
}

fn request(method: &str, address: &str, body: Option<&Value>) -> Value {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let answer = match (method, body) {
        ("POST", Some(body)) => agent
            .post(address)
            .header("content-type", "application/json")
            .send(body.to_string()),
        ("DELETE", _) => agent.delete(address).call(),
        _ => agent.get(address).call(),
    };
    let text = answer
        .and_then(|mut a| a.body_mut().with_config().limit(64 << 20).read_to_string())
        .unwrap_or_default();
    let parsed: Value = serde_json::from_str(&text).unwrap_or_default();
    parsed.get("value").cloned().unwrap_or_default()
}

fn decode_base64(text: &str) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut out, mut bits, mut held) = (Vec::with_capacity(text.len() * 3 / 4), 0u32, 0);
    for b in text.bytes().filter_map(value) {
        bits = bits << 6 | u32::from(b);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    out
}
