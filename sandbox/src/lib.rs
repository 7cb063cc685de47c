//! The door through which a web page reaches the local gateway, [`Gateway`], in place of HTTP.
//!
//! The JavaScript beside the page, `www/sandbox/`, makes a `fetch` of it: it tells the time, keeps
//! what is saved and delivers the answers as they say.

use wanvas_gateway::{Body, Config, Delivery, Gateway, Request};
use wasm_bindgen::prelude::*;

/// How long a job takes: long enough to be seen, and short enough to be over when the package first
/// asks for it, after 2 s.
const JOB_MS: std::ops::RangeInclusive<u64> = 1500..=1900;

/// A gateway.
#[wasm_bindgen]
pub struct Sandbox(Gateway);

#[wasm_bindgen]
impl Sandbox {
    /// One to which nothing has happened yet, and whose random choices all come from a seed.
    #[wasm_bindgen(constructor)]
    pub fn new(seed: u64) -> Self {
        Self(Gateway::new(Config { api_key: None, job_ms: JOB_MS, seed }))
    }

    /// Goes on from what another one has saved; `false` if that cannot be read.
    pub fn load(&mut self, saved: &str) -> bool {
        self.0.load(saved)
    }

    /// All that it has to remember, as text.
    pub fn save(&self) -> String {
        self.0.save()
    }

    /// Answers a request that arrived at `now`, in Unix milliseconds. `headers` alternate between a
    /// name and its value.
    pub fn handle(
        &mut self,
        method: String,
        path: String,
        query: String,
        headers: Vec<String>,
        body: Vec<u8>,
        now: f64,
    ) -> Answer {
        let pair = |pair: &[String]| (pair[0].clone(), pair[1].clone());
        let headers = headers.chunks_exact(2).map(pair).collect();
        let request = Request { method, path, query, headers, body, connection: 0 };
        let wanvas_gateway::Answer { status, headers, body, wait, delivery } =
            self.0.handle(&request, now as u64).at_once();
        Answer {
            status,
            headers: headers.into_iter().flat_map(|(name, value)| [name, value]).collect(),
            wait: wait.millis(),
            delivery,
            body,
        }
    }
}

/// What to answer, and how to deliver it.
#[wasm_bindgen]
pub struct Answer {
    /// The HTTP status.
    #[wasm_bindgen(readonly)]
    pub status: u16,
    /// How long to wait before the first byte, in milliseconds; infinite if none ever comes.
    #[wasm_bindgen(readonly)]
    pub wait: f64,
    headers: Vec<String>,
    delivery: Delivery,
    body: Body,
}

#[wasm_bindgen]
impl Answer {
    /// Alternately a name and its value.
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> Vec<String> {
        self.headers.clone()
    }

    /// How it is sent: `whole`, `slow`, `padded`, `cut-before` or `cut-body`.
    #[wasm_bindgen(getter)]
    pub fn delivery(&self) -> String {
        self.delivery.name().into()
    }

    /// What belongs to that: the milliseconds of a slow one, the bytes of a padded one.
    #[wasm_bindgen(getter)]
    pub fn amount(&self) -> f64 {
        self.delivery.amount() as f64
    }

    /// The bytes, after which nothing is left of it; a picture is only now drawn.
    #[wasm_bindgen(js_name = takeBody)]
    pub fn take_body(self) -> Vec<u8> {
        self.body.into_bytes()
    }
}
