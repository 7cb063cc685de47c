//! How long jobs took, so that the next is waited for the better. Neither prompt nor job is in it.
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
use crate::proto::time::millis;
use crate::web::indexed_db::Store;

/// The id of what is kept. Without a version, it is no entry to those who read the journal.
const ID: &str = "durations";

/// What was seen of jobs of a kind.
#[derive(Serialize)]
struct Seen {
    kind: String,
    /// How long the last ones took, in milliseconds.
    took: Vec<u64>,
}

thread_local! {
    static SEEN: RefCell<Vec<Seen>> = const { RefCell::new(Vec::new()) };
    /// The reading of what earlier pages kept, once it has begun.
    static RECALLED: RefCell<Option<Shared<LocalBoxFuture<'static, ()>>>> =
        const { RefCell::new(None) };
    /// Whether what was seen is about to be kept.
    static IS_DUE: Cell<bool> = const { Cell::new(false) };
}

/// What has a say in how long a job takes, as far as a submit can tell.
pub fn kind(config: &Config, count: u32) -> String {
    let gateway = config.provider.facts().gateway;
    format!("{gateway} {} {} {count}", config.base_url, config.model)
}

/// How long the last jobs of a kind took, as far as this page knows by now.
pub fn durations(kind: &str) -> Vec<Duration> {
    SEEN.with_borrow(|seen| {
        let seen = seen.iter().find(|seen| seen.kind == kind);
        let took = seen.into_iter().flat_map(|seen| &seen.took);
        took.copied().map(Duration::from_millis).collect()
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
    add(kind, [millis(took)].into_iter());
    let is_kept = journal.is_some_and(|journal| journal.is_own());
    if is_kept && !IS_DUE.replace(true) {
        spawn_local(async {
            recalled().await;
            IS_DUE.set(false);
            let seen = SEEN.with_borrow(serde_json::to_string).unwrap_or_default();
            // What cannot be kept, this page knows all the same.
            let _ = Store::open().put(ID, &seen.into()).await;
        });
    }
}

/// Forgets how long jobs took.
pub async fn forget(journal: Option<&Rc<Journal>>) {
    SEEN.take();
    if let Some(journal) = journal.filter(|journal| journal.is_own()) {
        let _ = journal.ask(Store::open().delete(ID).boxed_local()).await;
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
    for seen in kept.as_array().into_iter().flatten() {
        if let (Some(kind), Some(took)) = (seen["kind"].as_str(), seen["took"].as_array()) {
            add(kind, took.iter().filter_map(Value::as_u64));
        }
    }
}

/// Adds what was seen of a kind; the last ones count.
fn add(kind: &str, took: impl Iterator<Item = u64>) {
    SEEN.with_borrow_mut(|seen| {
        let known = seen.iter().position(|seen| seen.kind == kind).unwrap_or_else(|| {
            seen.push(Seen { kind: kind.to_owned(), took: Vec::new() });
            seen.len() - 1
        });
        let known = &mut seen[known].took;
        known.extend(took);
        known.drain(..known.len().saturating_sub(MAX_SEEN));
    });
}
