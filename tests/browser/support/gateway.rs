//! The local gateway's test control.

use std::sync::LazyLock;

use js_sys::{Function, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;

use super::{linked, page};

/// Where a gateway listens, if the page's own address tells.
static LISTENING: LazyLock<Option<String>> = LazyLock::new(|| page::parameter("gateway"));

/// The gateway's address: where it listens, otherwise that of the one in this program.
pub static GATEWAY: LazyLock<String> =
    LazyLock::new(|| LISTENING.clone().unwrap_or_else(|| linked::URL.to_owned()));

/// Whether the gateway is reached over HTTP.
pub fn is_over_http() -> bool {
    LISTENING.is_some()
}

/// The `fetch` that reaches it.
pub fn fetch() -> Function {
    if !is_over_http() {
        return linked::fetch();
    }
    let global = Reflect::get(&js_sys::global(), &"fetch".into());
    global.expect("a page has one").unchecked_into()
}

/// The host by another name: the same gateway, but another origin to a browser.
pub const SAME_GATEWAY_OTHER_ORIGIN: (&str, &str) = ("127.0.0.1", "localhost");

/// The gateway, which all tests share; they run one after the other.
pub struct Gateway;

impl Gateway {
    /// A gateway that has forgotten all earlier tests.
    pub async fn fresh() -> Self {
        // What an earlier test gave up may be on its way still: until no more of it arrives.
        let mut arrived = Gateway.requests().await.len();
        loop {
            page::sleep(50).await;
            let now = Gateway.requests().await.len();
            if now == arrived {
                break;
            }
            arrived = now;
        }
        control("reset", &json!({})).await;
        Gateway
    }

    /// Scripts faults for the next matching requests.
    pub async fn script(&self, faults: Value) {
        control("scenario", &faults).await;
    }

    /// All requests that arrived, preflights included, oldest first.
    pub async fn requests(&self) -> Vec<Value> {
        let url = format!("{}/__gateway/requests", *GATEWAY);
        let list = page::request("GET", &url, None).await;
        serde_json::from_str(&list).expect("a list of requests")
    }

    /// The requests of one kind that arrived.
    pub async fn arrived(&self, kind: &str) -> Vec<Value> {
        let mut requests = self.requests().await;
        requests.retain(|request| request["kind"] == kind);
        requests
    }

    /// The one submit that arrived.
    pub async fn submit(&self) -> Value {
        let mut submits = self.arrived("submit").await;
        assert_eq!(submits.len(), 1, "one submit arrives: {submits:?}");
        submits.remove(0)
    }
}

/// What a submit asked for, in the same words for each gateway.
pub fn submitted(submit: &Value) -> Value {
    let body = &submit["body"];
    if submit["provider"] == "aimlapi" {
        let size = &body["image_size"];
        return json!({
            "prompt": body["prompt"],
            "negativePrompt": body["negative_prompt"],
            "size": [size["width"], size["height"]],
            "count": body["num_images"],
            "seed": body["seed"],
            "enhancePrompt": body["enhance_prompt"],
            "watermark": body["watermark"],
        });
    }
    let params = &body["input"][0]["params"];
    let (input, parameters) = (&params["input"], &params["parameters"]);
    let size = parameters["size"].as_str().unwrap_or_default().split('*');
    let sides: Vec<u32> = size.filter_map(|side| side.parse().ok()).collect();
    json!({
        "prompt": input["prompt"],
        "negativePrompt": input["negative_prompt"],
        "size": sides,
        "count": parameters["n"],
        "seed": parameters["seed"],
        "enhancePrompt": parameters["prompt_extend"],
        "watermark": parameters["watermark"],
    })
}

async fn control(action: &str, body: &Value) {
    let url = format!("{}/__gateway/{action}", *GATEWAY);
    page::request("POST", &url, Some(body.to_string())).await;
}
