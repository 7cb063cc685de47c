//! What jobs taught: how long they took, so that the next is waited for the better, and which gateways
//! have no streams. Neither prompt nor job is in it.
//!
//! The page remembers it. Where the journal is the page's own, in IndexedDB, it is kept beside the
//! entries, for later pages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{FutureExt, LocalBoxFuture, Shared};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;

use super::journal::Journal;
use crate::proto::config::Config;
use crate::proto::durations::MAX_SEEN;
use crate::proto::time::{Timestamp, millis};
use crate::web::clock;
use crate::web::indexed_db::Store;

/// The id of what is kept. Without a version, it is no entry to those who read the journal.
const ID: &str = "durations";
/// How long a gateway counts as one without streams, once it proved to be one.
const NO_STREAM: Duration = Duration::from_secs(86_400);

/// All that was seen.
#[derive(Serialize)]
struct Seen {
    kinds: Vec<Kind>,
    no_streams: Vec<NoStream>,
}

/// What was seen of jobs of a kind.
#[derive(Serialize)]
struct Kind {
    name: String,
    /// How long the last ones took, in milliseconds.
    took: Vec<u64>,
}

/// A gateway without streams.
#[derive(Serialize)]
struct NoStream {
    gateway: String,
    /// Until when it counts as one, in Unix milliseconds.
    until: u64,
}

thread_local! {
    static SEEN: RefCell<Seen> =
        const { RefCell::new(Seen { kinds: Vec::new(), no_streams: Vec::new() }) };
    /// The reading of what earlier pages kept, once it has begun.
    static RECALLED: RefCell<Option<Shared<LocalBoxFuture<'static, ()>>>> =
        const { RefCell::new(None) };
    /// Whether what was seen is about to be kept.
    static IS_DUE: Cell<bool> = const { Cell::new(false) };
}

/// What has a say in how long a job takes, as far as a submit can tell.
pub fn kind(config: &Config, count: u32) -> String {
    format!("{} {} {count}", gateway(config), config.model)
}

fn gateway(config: &Config) -> String {
    format!("{} {}", config.provider.facts().gateway, config.base_url)
}

/// How long the last jobs of a kind took, as far as this page knows by now.
pub fn durations(kind: &str) -> Vec<Duration> {
    SEEN.with_borrow(|seen| {
        let kind = seen.kinds.iter().find(|known| known.name == kind);
        let took = kind.into_iter().flat_map(|kind| &kind.took);
        took.copied().map(Duration::from_millis).collect()
    })
}

/// Whether a gateway is known at that time to have no streams.
pub fn has_no_stream(config: &Config, now: Timestamp) -> bool {
    let gateway = gateway(config);
    SEEN.with_borrow(|seen| {
        let is_known =
            |known: &NoStream| known.gateway == gateway && known.until > now.unix_millis();
        seen.no_streams.iter().any(is_known)
    })
}

/// Begins to read what earlier pages kept; once is enough.
pub fn recall(journal: Option<&Rc<Journal>>) {
    if journal.is_some_and(|journal| journal.is_own()) {
        spawn_local(recalled());
    }
}

/// Notes that a job of a kind took so long.
pub fn note(kind: &str, took: Duration, journal: Option<&Rc<Journal>>) {
    add_kind(kind, [millis(took)].into_iter());
    keep(journal);
}

/// Notes that a gateway has no streams, for a day.
pub fn note_no_stream(config: &Config, journal: Option<&Rc<Journal>>) {
    add_no_stream(&gateway(config), (clock::now() + NO_STREAM).unix_millis());
    keep(journal);
}

/// Forgets all of it.
pub async fn forget(journal: Option<&Rc<Journal>>) {
    SEEN.with_borrow_mut(|seen| {
        seen.kinds.clear();
        seen.no_streams.clear();
    });
    if let Some(journal) = journal.filter(|journal| journal.is_own()) {
        let _ = journal.ask(Store::open().delete(ID).boxed_local()).await;
    }
}

/// Keeps what was seen, soon; once for all who ask meanwhile.
fn keep(journal: Option<&Rc<Journal>>) {
    if journal.is_some_and(|journal| journal.is_own()) && !IS_DUE.replace(true) {
        spawn_local(async {
            recalled().await;
            IS_DUE.set(false);
            let seen = SEEN.with_borrow(serde_json::to_string).unwrap_or_default();
            // What cannot be kept, this page knows all the same.
            let _ = Store::open().put(ID, &seen.into()).await;
        });
    }
}

/// Resolves when what earlier pages kept was read, or cannot be.
fn recalled() -> Shared<LocalBoxFuture<'static, ()>> {
    let begin = || read().boxed_local().shared();
    RECALLED.with_borrow_mut(|recalled| recalled.get_or_insert_with(begin).clone())
}

async fn read() {
    let Ok(kept) = Store::open().get(ID).await else { return };
    let kept = kept.as_string().and_then(|text| serde_json::from_str(&text).ok());
    let kept: Value = kept.unwrap_or_default();
    for kind in kept["kinds"].as_array().into_iter().flatten() {
        if let (Some(name), Some(took)) = (kind["name"].as_str(), kind["took"].as_array()) {
            add_kind(name, took.iter().filter_map(Value::as_u64));
        }
    }
    for known in kept["no_streams"].as_array().into_iter().flatten() {
        if let (Some(gateway), Some(until)) = (known["gateway"].as_str(), known["until"].as_u64()) {
            add_no_stream(gateway, until);
        }
    }
}

/// Adds what was seen of a kind; the last ones count.
fn add_kind(name: &str, took: impl Iterator<Item = u64>) {
    SEEN.with_borrow_mut(|Seen { kinds, .. }| {
        let known = kinds.iter().position(|kind| kind.name == name).unwrap_or_else(|| {
            kinds.push(Kind { name: name.to_owned(), took: Vec::new() });
            kinds.len() - 1
        });
        let known = &mut kinds[known].took;
        known.extend(took);
        known.drain(..known.len().saturating_sub(MAX_SEEN));
    });
}

fn add_no_stream(gateway: &str, until: u64) {
    SEEN.with_borrow_mut(|Seen { no_streams, .. }| {
        no_streams.retain(|known| known.gateway != gateway);
        no_streams.push(NoStream { gateway: gateway.to_owned(), until });
    });
}
