//! Aborting a call: at once, with the very reason, and leaving nothing behind.

use futures_util::future::join;
use js_sys::{Date, Object, Promise, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Controller, Events, Failure, Gateway, Options, PROVIDERS, Recorder, TimerWatch, a_fox,
    begin_generate, function, generate, pending, poll, settled, sleep, timeout_signal,
};

/// "At once", in milliseconds, on a machine that is busy; far below all that is waited for here.
const AT_ONCE_MS: f64 = 5000.0;

/// How long the gateway keeps a request waiting.
const LONG_MS: u32 = 5000;

#[wasm_bindgen_test]
async fn an_aborted_signal_rejects_with_its_reason_and_sends_nothing() {
    for provider in PROVIDERS {
        let gateway = Gateway::fresh().await;
        let (controller, reason) = (Controller::new(), reason());
        controller.abort(&reason);
        let options = Options::at(provider).with("signal", controller.signal());
        let failure = generate(a_fox(), &options).await.unwrap_err();
        assert!(Object::is(&failure.thrown, &reason), "{failure:?}");
        assert!(gateway.requests().await.is_empty(), "{provider}");
        assert_eq!(controller.listeners(), 0);
    }
}

#[wasm_bindgen_test]
async fn an_abort_during_the_submit_leaves_nothing_behind_but_what_that_brings() {
    for provider in PROVIDERS {
        let gateway = Gateway::fresh().await;
        gateway.script(json!({ "on": "submit", "fault": "delay", "ms": 1000 })).await;
        let id = format!("aborted-at-{provider}");
        let call = Watched::begin(Options::at(provider).with("id", id.as_str())).await;
        call.recorder.until_sent("POST").await;
        let told = call.aborts().await;
        let only = Options::at(provider).with("only", id.as_str());
        let brought = |entry: &Value| entry["job"].is_object() || entry["generation"].is_object();
        while !pending(&only).await.unwrap().as_array().unwrap().iter().any(brought) {
            sleep(20).await;
        }
        call.left_nothing_behind().await;
        assert_eq!(call.events.all().len(), told, "nothing is told after the end");
        assert_eq!(gateway.arrived("status").await.len(), 0, "{provider}");
    }
}

#[wasm_bindgen_test]
async fn an_abort_while_waiting_leaves_nothing_behind() {
    let gateway = Gateway::fresh().await;
    let call = Watched::begin(Options::at("vtrix").with("pollIntervalMs", LONG_MS)).await;
    call.events.until("running").await;
    call.aborts_cleanly().await;
    assert_eq!(gateway.arrived("status").await.len(), 0);
}

#[wasm_bindgen_test]
async fn an_abort_during_a_status_check_leaves_nothing_behind() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "status", "fault": "delay", "ms": LONG_MS })).await;
    let call = Watched::begin(Options::at("vtrix")).await;
    call.recorder.until_sent("GET").await;
    call.aborts_cleanly().await;
    assert_eq!(gateway.arrived("submit").await.len(), 1);
}

#[wasm_bindgen_test]
async fn an_abort_while_the_key_is_awaited_sends_nothing() {
    let gateway = Gateway::fresh().await;
    // The promise of a key that never comes.
    let key = function(|| Ok(Promise::new(&mut |_, _| {}).into()));
    let call = Watched::begin(Options::at("vtrix").with("apiKey", key)).await;
    call.events.until("submitting").await;
    call.aborts_cleanly().await;
    assert!(gateway.requests().await.is_empty());
}

#[wasm_bindgen_test]
async fn a_call_that_ends_by_itself_leaves_nothing_behind_either() {
    for fault in [json!([]), json!({ "on": "status", "fault": "answer", "status": 401 })] {
        let gateway = Gateway::fresh().await;
        gateway.script(fault).await;
        let call = Watched::begin(Options::at("vtrix")).await;
        let _ = settled(call.promise.clone()).await;
        call.left_nothing_behind().await;
    }
}

#[wasm_bindgen_test]
async fn an_abort_after_the_end_changes_nothing() {
    Gateway::fresh().await;
    let controller = Controller::new();
    let options = Options::at("vtrix").with("signal", controller.signal());
    let promise = begin_generate(a_fox(), &options);
    assert_eq!(settled(promise.clone()).await.unwrap()["status"], "succeeded");
    controller.abort(&reason());
    assert_eq!(settled(promise).await.unwrap()["status"], "succeeded");
}

#[wasm_bindgen_test]
async fn an_abort_ends_only_its_own_call() {
    Gateway::fresh().await;
    let controller = Controller::new();
    let aborted = Options::at("vtrix").with("signal", controller.signal());
    let aborted = begin_generate(a_fox(), &aborted);
    let other = begin_generate(a_fox(), &Options::at("vtrix"));
    controller.abort(&reason());
    assert!(settled(aborted).await.is_err());
    assert_eq!(settled(other).await.unwrap()["status"], "succeeded");
}

#[wasm_bindgen_test]
async fn a_signal_that_times_out_ends_the_call_with_its_own_reason() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "submit", "fault": "delay", "ms": LONG_MS })).await;
    let signal = timeout_signal(200);
    let options = Options::at("aimlapi").with("signal", &signal);
    let failure = generate(a_fox(), &options).await.unwrap_err();
    let reason = Reflect::get(&signal, &"reason".into()).unwrap();
    assert!(Object::is(&failure.thrown, &reason), "{failure:?}");
    assert_eq!(Reflect::get(&reason, &"name".into()).unwrap(), "TimeoutError");
}

#[wasm_bindgen_test]
async fn poll_is_aborted_in_the_same_way() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "submit", "fault": "stuck" })).await;
    let options = Options::at("vtrix").with("wait", false);
    let job = generate(a_fox(), &options).await.unwrap()["job"].clone();
    let (controller, reason) = (Controller::new(), reason());
    let options = Options::at("vtrix").with("pollIntervalMs", LONG_MS);
    let polled = async { poll(&job, &options.with("signal", controller.signal())).await };
    let aborted = async {
        // A check that is still on its way could arrive within the next test.
        while gateway.arrived("status").await.is_empty() {
            sleep(20).await;
        }
        controller.abort(&reason);
    };
    let failure = join(polled, aborted).await.0.unwrap_err();
    assert!(Object::is(&failure.thrown, &reason), "{failure:?}");
}

/// A call under way with everything watched that it could leave behind.
struct Watched {
    promise: Promise,
    controller: Controller,
    recorder: Recorder,
    events: Events,
    timers: TimerWatch,
}

impl Watched {
    async fn begin(options: Options) -> Self {
        let (controller, recorder) = (Controller::new(), Recorder::new());
        let (events, timers) = (Events::default(), TimerWatch::new());
        let options = options
            .with("signal", controller.signal())
            .with("fetch", recorder.fetch())
            .with("onProgress", events.listener());
        let promise = begin_generate(a_fox(), &options);
        Watched { promise, controller, recorder, events, timers }
    }

    /// Aborts the call, and asserts that it leaves nothing behind.
    async fn aborts_cleanly(&self) {
        let told = self.aborts().await;
        self.left_nothing_behind().await;
        assert_eq!(self.events.all().len(), told, "nothing is told after the end");
    }

    /// Aborts the call, and asserts that it rejects at once with the very reason; gives how many events
    /// were told by then.
    async fn aborts(&self) -> usize {
        assert!(self.controller.listeners() > 0, "the signal is listened to");
        let (reason, aborted_at) = (reason(), Date::now());
        self.controller.abort(&reason);
        let failure: Failure = settled(self.promise.clone()).await.unwrap_err();
        let took = Date::now() - aborted_at;
        assert!(took < AT_ONCE_MS, "{took} ms");
        assert!(Object::is(&failure.thrown, &reason), "{failure:?}");
        self.events.all().len()
    }

    /// Asserts that the call, which is over, holds no listener, timer or request.
    async fn left_nothing_behind(&self) {
        let sent = self.recorder.calls().len();
        assert!(self.timers.set() > 0, "the watch sees timers");
        sleep(200).await;
        // The journal forgets after the end, in a store that may be slow, and reads only then.
        pending(&Options::at("vtrix")).await.unwrap();
        sleep(20).await;
        self.timers.stop();
        assert_eq!(self.controller.listeners(), 0, "listeners");
        assert_eq!(self.timers.pending(), "", "timers");
        let calls = self.recorder.calls();
        assert_eq!(calls.len(), sent, "no request is sent after the end");
        let is_over = |call: &Value| call["answered"] == true || call["aborted"] == true;
        assert!(calls.iter().all(is_over), "{calls:?}");
    }
}

/// A value that is equal to no other.
fn reason() -> JsValue {
    Object::new().into()
}
