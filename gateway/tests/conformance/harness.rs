//! A gateway on a free port, and a client that speaks to it.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};
use wanvas_gateway::server::{self, Options, SharedGateway};
use wanvas_gateway::{Config, Gateway};

pub const AIMLAPI: &str = "/v1/images/generations";
pub const VTRIX: &str = "/model/v1/generation";

/// Runs until dropped.
pub struct TestGateway {
    pub address: SocketAddr,
    /// For questions at another time than now.
    pub shared: SharedGateway,
    agent: Agent,
    _runtime: Runtime,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl TestGateway {
    /// Jobs end at once, any key is accepted, and each request has a connection of its own.
    pub fn start() -> Self {
        Self::with(0..=0, None)
    }

    pub fn with(job_ms: RangeInclusive<u64>, api_key: Option<&str>) -> Self {
        Self::serving(job_ms, api_key, false)
    }

    /// Like [`start`](Self::start), but connections may carry many requests.
    pub fn keeping_alive() -> Self {
        Self::serving(0..=0, None, true)
    }

    fn serving(job_ms: RangeInclusive<u64>, api_key: Option<&str>, keep_alive: bool) -> Self {
        let config = Config { api_key: api_key.map(String::from), job_ms, seed: 1 };
        let shared: SharedGateway = Arc::new(Mutex::new(Gateway::new(config)));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let runtime = Runtime::new().unwrap();
        let gateway = shared.clone();
        let options = Options { www: site().join("www"), pkg: site().join("pkg"), keep_alive };
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            server::serve(listener, gateway, options, std::future::pending()).await;
        });
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build()
            .into();
        Self { address, shared, agent, _runtime: runtime }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends a request as it is; an error is a connection that broke.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Reply, ureq::Error> {
        let url = if path.starts_with('/') { self.url(path) } else { path.into() };
        let request = Request::builder().method(method).uri(url);
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body.to_owned()).unwrap())?,
            None => self.agent.run(request.body(()).unwrap())?,
        };
        let body = response.body_mut().with_config().limit(1 << 26).read_to_vec()?;
        Ok(Reply { status: response.status().into(), headers: response.headers().clone(), body })
    }

    pub fn try_post(&self, path: &str, body: &Value) -> Result<Reply, ureq::Error> {
        let headers = [("Authorization", "Bearer test"), ("Content-Type", "application/json")];
        self.send("POST", path, &headers, Some(&body.to_string()))
    }

    pub fn try_get(&self, path: &str) -> Result<Reply, ureq::Error> {
        self.send("GET", path, &[("Authorization", "Bearer test")], None)
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.try_post(path, &body).unwrap()
    }

    /// Gets a path, or an absolute address.
    pub fn get(&self, path: &str) -> Reply {
        self.try_get(path).unwrap()
    }

    /// Scripts faults.
    pub fn scenario(&self, script: Value) {
        let reply = self.post("/__gateway/scenario", script);
        assert_eq!(reply.status, 204, "{}", reply.text());
    }

    /// What arrived, without the control requests.
    pub fn requests(&self) -> Vec<Value> {
        serde_json::from_slice(&self.get("/__gateway/requests").body).unwrap()
    }

    /// The counts of what arrived.
    pub fn totals(&self) -> Value {
        self.get("/__gateway/totals").json()
    }

    /// Submits to Vtrix, and gives the status path of the job made.
    pub fn vtrix_job(&self, parameters: Value) -> String {
        let task = self.post(VTRIX, vtrix_body(parameters)).json();
        task_path(&task)
    }

    /// Asks until the job is over.
    pub fn finished(&self, task: &str) -> Value {
        let begun = Instant::now();
        loop {
            let state = self.get(task).json();
            if !["queued", "in_progress"].map(Value::from).contains(&state["status"]) {
                return state;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "{state}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A legal body for AIML API, with these members changed or added.
pub fn aimlapi_body(changes: Value) -> Value {
    let mut body = json!({
        "model": "alibaba/wan2.5-t2i-preview",
        "prompt": "a fox in the snow",
        "image_size": { "width": 512, "height": 512 },
        "seed": 7,
    });
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

/// A legal wrapped body for Vtrix, with these parameters.
pub fn vtrix_body(parameters: Value) -> Value {
    let input = json!({ "prompt": "a fox in the snow" });
    let params = json!({ "input": input, "parameters": parameters });
    json!({ "model": "wan25_t2i_preview_intl", "input": [{ "params": params }] })
}

pub fn task_path(task: &Value) -> String {
    format!("{VTRIX}/task/{}", task["id"].as_str().unwrap())
}

/// The picture links of an answer of AIML API.
pub fn aimlapi_links(answer: &Value) -> Vec<String> {
    answer["data"].as_array().unwrap().iter().map(|item| text(&item["url"])).collect()
}

/// The picture links of a finished Vtrix task.
pub fn vtrix_links(task: &Value) -> Vec<String> {
    let content = task["output"][0]["content"].as_array().unwrap();
    content.iter().map(|item| text(&item["url"])).collect()
}

/// Writes a request by hand, where a client would hide what the connection does.
pub fn write_request(stream: &mut TcpStream, call: &str, body: &str) {
    let head = format!("{call} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer k");
    let request = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).unwrap();
}

pub fn now_ms() -> u64 {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    since_1970.as_millis() as u64
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().into()
}

/// A small page and package to serve.
fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/site")
}
