//! The options of a call, read once: what decides goes to [`config::Options`], the rest is here.

use std::rc::Rc;

use futures_util::future::FutureExt;
use js_sys::{Function, Object, Reflect};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::data;
use super::store::journal_in;
use crate::client::caller::{Caller, Key, Listener, check_address, fetch_or_global, is_key};
use crate::client::journal::Journal;
use crate::client::outcome::Failed;
use crate::proto::config;
use crate::proto::error::Error;
use crate::proto::request::GenerateRequest;
use crate::web::json::{self, to_js};
use crate::web::promise::settled;
use crate::web::signal::Signal;

/// Options that were read, and are checked when the caller is made of them.
pub struct Options {
    /// Ends the call.
    pub signal: Option<Signal>,
    /// Takes the pictures over.
    pub deliver: Option<Function>,
    /// The only call to go on with.
    pub only: Option<String>,
    /// What a new call is known by.
    pub label: Label,
    /// Makes the caller.
    pub caller: Box<dyn FnOnce(Purpose) -> Result<Caller, Failed>>,
}

/// What a new call is known by.
#[derive(Clone, Default)]
pub struct Label {
    id: Option<String>,
    tag: Value,
}

impl Label {
    /// The request with it.
    pub fn put_on(self, request: GenerateRequest) -> GenerateRequest {
        let request = request.tag(self.tag);
        match self.id {
            Some(id) => request.id(id),
            None => request,
        }
    }
}

/// What a caller is for.
#[derive(Clone, Copy, PartialEq)]
pub enum Purpose {
    /// To send requests.
    Call,
    /// To look into the journal alone.
    Look,
}

type Read<T> = Result<T, Failed>;

fn invalid(field: &str, message: &str) -> Failed {
    Error::invalid(field, message).into()
}

impl Options {
    /// Reads a caller's options, each once.
    pub fn read(options: &JsValue) -> Read<Self> {
        let copy = copied(options)?;
        // What is no data is taken out, and read for itself.
        let take = |name: &str| {
            let value = member(&copy, name);
            let _ = Reflect::delete_property(&copy, &name.into());
            value
        };
        let (key, fetch, journal) = (take("apiKey"), take("fetch"), take("journal"));
        let (signal, on_progress) = (take("signal"), take("onProgress"));
        let (deliver, only) = (take("deliver"), take("only"));
        let (id, tag) = (take("id"), take("tag"));
        let signal = signal_of(&signal)?;
        if signal.as_ref().is_some_and(Signal::is_aborted) {
            let caller = |_| Err(invalid("signal", "the signal was aborted before"));
            return Ok(Options {
                signal,
                deliver: None,
                only: None,
                label: Label::default(),
                caller: Box::new(caller),
            });
        }
        read_headers(&copy)?;
        if let Some(address) = member(&copy, "baseUrl").as_string() {
            check_address(&address)?;
        }
        let given = if options.is_object() { copy.into() } else { options.clone() };
        let data = data::read("options", &given)?;
        let has_key = !key.is_null_or_undefined();
        let key = key_of(&key)?;
        let on_progress = function_of("onProgress", &on_progress)?.map(listener);
        let (fetch, has_own_fetch) = fetch_of(&fetch)?;
        let journal = journal_of(&journal)?;
        let deliver = function_of("deliver", &deliver)?;
        let only = text_of("only", &only)?;
        let label = Label { id: text_of("id", &id)?, tag: tag_of(&tag)? };
        let caller = move |purpose| {
            let mut options = config::Options::read(&data)?;
            let mut has_key = has_key;
            if purpose == Purpose::Look {
                options.headers.clear();
                has_key |= options.base_url.is_none();
            }
            let config = options.check(has_key)?;
            Ok(Caller { config, key, fetch, has_own_fetch, on_progress, recorder: None, journal })
        };
        Ok(Options { signal, deliver, only, label, caller: Box::new(caller) })
    }
}

/// The journal that options name.
pub fn read_journal(options: &JsValue) -> Read<Option<Rc<Journal>>> {
    let copy = copied(options)?;
    journal_of(&member(&copy, "journal"))
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn assign(target: &Object, source: &JsValue) -> Result<Object, JsValue>;

    #[wasm_bindgen(catch, js_namespace = console, js_name = error)]
    fn console_error(thrown: &JsValue) -> Result<(), JsValue>;

    type Headers;
    #[wasm_bindgen(catch, constructor)]
    fn new(init: &JsValue) -> Result<Headers, JsValue>;
}

/// A copy of an object's members, read once.
fn copied(options: &JsValue) -> Read<Object> {
    assign(&Object::new(), options).map_err(|thrown| Failed {
        error: Error::invalid("options", "options cannot be read"),
        thrown: Some(thrown),
    })
}

/// A member of a copy, which has no getters.
fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn signal_of(signal: &JsValue) -> Read<Option<Signal>> {
    if signal.is_null_or_undefined() {
        return Ok(None);
    }
    match Signal::of(signal) {
        Some(signal) => Ok(Some(signal)),
        None => Err(invalid("signal", "signal must be an AbortSignal")),
    }
}

/// Headers as `fetch` takes them too: `Headers`, a map, or a list of pairs.
fn read_headers(options: &Object) -> Read<()> {
    let headers = member(options, "headers");
    let is_iterable = headers.is_object()
        && Reflect::get(&headers, &js_sys::Symbol::iterator()).is_ok_and(|it| it.is_function());
    if !is_iterable {
        return Ok(());
    }
    let read = Headers::new(&headers).and_then(|headers| Object::from_entries(&headers));
    let read = read.map_err(|thrown| Failed {
        error: Error::invalid("headers", "headers must be an object, or pairs of names and texts"),
        thrown: Some(thrown),
    })?;
    let _ = Reflect::set(options, &"headers".into(), &read);
    Ok(())
}

fn key_of(key: &JsValue) -> Read<Key> {
    if key.is_null_or_undefined() {
        return Ok(Key::None);
    }
    if let Some(function) = key.dyn_ref::<Function>() {
        let function = function.clone();
        return Ok(Key::Asked(Rc::new(move || asked(function.clone()).boxed_local())));
    }
    match key.as_string().filter(|key| is_key(key)) {
        Some(key) => Ok(Key::Fixed(key)),
        None => Err(invalid(
            "apiKey",
            "apiKey must be a key of visible ASCII characters, or a function that gives one; leave \
             it out behind a relay that adds it",
        )),
    }
}

async fn asked(function: Function) -> Result<String, JsValue> {
    let key = settled(&function.call0(&JsValue::UNDEFINED)?).await?;
    let key = key.as_string().filter(|key| is_key(key));
    key.ok_or_else(|| js_sys::TypeError::new("the apiKey function gave no key").into())
}

/// Tells the caller's function. Where it fails is its own affair: a paid job goes on.
fn listener(function: Function) -> Listener {
    Rc::new(move |event| {
        let event = to_js(event);
        match function.call1(&JsValue::UNDEFINED, &event) {
            Ok(returned) => wasm_bindgen_futures::spawn_local(async move {
                if let Err(thrown) = settled(&returned).await {
                    report(&thrown);
                }
            }),
            Err(thrown) => report(&thrown),
        }
    })
}

/// Says on the console that a caller's function failed; tests have consoles that throw.
fn report(thrown: &JsValue) {
    let _ = console_error(thrown);
}

fn fetch_of(fetch: &JsValue) -> Read<(Function, bool)> {
    let found = fetch_or_global(function_of("fetch", fetch)?);
    found.ok_or_else(|| invalid("fetch", "there is no global fetch here; pass one as an option"))
}

fn journal_of(journal: &JsValue) -> Read<Option<Rc<Journal>>> {
    match journal.as_bool() {
        Some(false) => Ok(None),
        Some(true) => Ok(Journal::own()),
        None if journal.is_null_or_undefined() => Ok(Journal::own()),
        None => match journal_in(journal) {
            Some(journal) => Ok(Some(journal)),
            None => Err(invalid(
                "journal",
                "journal must be a store with put, delete and list, or true or false",
            )),
        },
    }
}

fn text_of(name: &str, value: &JsValue) -> Read<Option<String>> {
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    value.as_string().map(Some).ok_or_else(|| invalid(name, &format!("{name} must be text")))
}

fn tag_of(tag: &JsValue) -> Read<Value> {
    if tag.is_undefined() {
        return Ok(Value::Null);
    }
    let invalid = |thrown| Failed {
        error: Error::invalid("tag", "tag must be plain data, which JSON can say"),
        thrown,
    };
    json::read_all(tag).map_err(|thrown| invalid(Some(thrown)))?.ok_or_else(|| invalid(None))
}

fn function_of(name: &str, value: &JsValue) -> Read<Option<Function>> {
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    match value.dyn_ref::<Function>() {
        Some(function) => Ok(Some(function.clone())),
        None => Err(invalid(name, &format!("{name} must be a function"))),
    }
}
