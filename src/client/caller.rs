//! What a call has of its caller.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use js_sys::{Function, Object};
use wasm_bindgen::JsValue;

use super::journal::Journal;
use super::outcome::Failed;
use crate::proto::config::Config;
use crate::proto::error::Error;
use crate::proto::generation::Progress;
use crate::proto::job::Job;
use crate::proto::journal::Entry;
use crate::web::{address, fetch, wake};

/// What a call has of its caller, read once.
#[derive(Clone)]
pub struct Caller {
    /// The options that decide something.
    pub config: Config,
    /// The key.
    pub key: Key,
    /// Sends requests.
    pub fetch: Function,
    /// Whether that is the caller's own, which may need no network.
    pub has_own_fetch: bool,
    /// Is told of the call.
    pub on_progress: Option<Listener>,
    /// Is told what a crash would lose of the call; none of calls that are many.
    pub recorder: Option<Rc<dyn Recorder>>,
    /// Where unfinished jobs are kept.
    pub journal: Option<Rc<Journal>>,
}

/// Is told of each event.
pub type Listener = Rc<dyn Fn(&Progress)>;

/// What is known of a call, kept where it outlives a crash.
pub trait Recorder {
    /// It has begun.
    fn begins(&self, entry: &Entry);
    /// Its submit has left.
    fn may_have_been_charged(&self);
    /// It has this job.
    fn has_job(&self, job: &Job);
}

/// A caller's key.
#[derive(Clone)]
pub enum Key {
    /// None: a relay adds it.
    None,
    /// Always this one.
    Fixed(String),
    /// The function that gives it, asked anew for each request.
    Asked(Rc<dyn Fn() -> LocalBoxFuture<'static, Result<String, JsValue>>>),
}

impl Caller {
    /// The `Authorization` header of the next request; what was thrown, if no key can be had.
    pub async fn authorization(&self) -> Result<Option<String>, JsValue> {
        let key = match &self.key {
            Key::None => return Ok(None),
            Key::Fixed(key) => key.clone(),
            Key::Asked(ask) => ask().await?,
        };
        Ok(Some(format!("Bearer {key}")))
    }

    /// Whether requests can be sent, as far as is known.
    pub fn is_online(&self) -> bool {
        self.has_own_fetch || wake::is_online()
    }

    /// Notes that the call has begun.
    pub fn record_call(&self, entry: &Entry) {
        if let Some(recorder) = &self.recorder {
            recorder.begins(entry);
        }
    }

    /// Notes that the call's submit has left.
    pub fn record_charge(&self) {
        if let Some(recorder) = &self.recorder {
            recorder.may_have_been_charged();
        }
    }

    /// Notes that the call has this job.
    pub fn record_job(&self, job: &Job) {
        if let Some(recorder) = &self.recorder {
            recorder.has_job(job);
        }
    }

    /// Tells the caller.
    pub fn tell(&self, event: &Progress) {
        if let Some(on_progress) = &self.on_progress {
            on_progress(event);
        }
    }
}

/// The `fetch` to send by: the caller's own, or the platform's where there is one; and whether it is
/// another than the platform's.
pub fn fetch_or_global(own: Option<Function>) -> Option<(Function, bool)> {
    let global = fetch::global();
    let fetch = own.or_else(|| global.clone())?;
    let has_own_fetch = global.is_none_or(|global| !Object::is(&fetch, &global));
    Some((fetch, has_own_fetch))
}

/// Whether a text is a key that HTTP can carry as it is; what is blank or has spaces is none.
pub fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Refuses what is no address. What one looks like [`crate::proto`] knows well enough; whether it is
/// one, only the platform.
pub fn check_address(url: &str) -> Result<(), Failed> {
    if url.is_empty() {
        return Ok(());
    }
    address::check(url).map_err(|thrown| Failed {
        error: Error::invalid("baseUrl", "baseUrl is no address that can be asked from here"),
        thrown: Some(thrown),
    })
}
