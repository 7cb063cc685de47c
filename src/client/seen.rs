//! What jobs taught: how long they took, so that the next is waited for the better, and which gateways
//! have no streams. Neither prompt nor job is in it.
//!
//! The page remembers it. Where the journal is the page's own, in IndexedDB, it is kept beside the
//! entries, for later pages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::journal::Journal;
use crate::proto::config::Config;
use crate::proto::durations::MAX_SEEN;
use crate::proto::time::{Timestamp, millis};
use crate::web::clock;
use crate::web::indexed_db::Store;

/// The id of what is kept, which no call can have. Without a version, it is no entry to those who read
/// the journal.
const ID: &str = "durations seen";
/// How long a gateway counts as one without streams, once it proved to be one.
const NO_STREAM: Duration = Duration::from_secs(86_400);

/// What was seen.
#[derive(Clone, Debug, Default, Serialize)]
struct Seen {
    kinds: Vec<Kind>,
    no_streams: Vec<NoStream>,
}

/// What was seen of jobs of a kind.
#[derive(Clone, Debug, Serialize)]
struct Kind {
    name: String,
    /// How long the last ones took, in milliseconds.
    took: Vec<u64>,
}

/// A gateway without streams.
#[derive(Clone, Debug, Serialize)]
struct NoStream {
    gateway: String,
    /// Until when it counts as one, in Unix milliseconds.
    until: u64,
}

impl Seen {
    const NOTHING: Self = Seen { kinds: Vec::new(), no_streams: Vec::new() };

    /// What was kept; nothing, where that is none.
    fn read(kept: &JsValue) -> Self {
        let mut seen = Seen::NOTHING;
        let kept = kept.as_string().and_then(|text| serde_json::from_str(&text).ok());
        let kept: Value = kept.unwrap_or_default();
        for kind in kept["kinds"].as_array().into_iter().flatten() {
            if let (Some(name), Some(took)) = (kind["name"].as_str(), kind["took"].as_array()) {
                seen.add_kind(name, took.iter().filter_map(Value::as_u64));
            }
        }
        for known in kept["no_streams"].as_array().into_iter().flatten() {
            let (gateway, until) = (known["gateway"].as_str(), known["until"].as_u64());
            if let (Some(gateway), Some(until)) = (gateway, until) {
                seen.add_no_stream(gateway, until);
            }
        }
        seen
    }

    /// Adds what was seen later.
    fn add(&mut self, later: &Seen) {
        for Kind { name, took } in &later.kinds {
            self.add_kind(name, took.iter().copied());
        }
        for NoStream { gateway, until } in &later.no_streams {
            self.add_no_stream(gateway, *until);
        }
    }

    /// Adds what was seen of a kind; the last ones count.
    fn add_kind(&mut self, name: &str, took: impl Iterator<Item = u64>) {
        let known = self.kinds.iter().position(|kind| kind.name == name).unwrap_or_else(|| {
            self.kinds.push(Kind { name: name.to_owned(), took: Vec::new() });
            self.kinds.len() - 1
        });
        let known = &mut self.kinds[known].took;
        known.extend(took);
        known.drain(..known.len().saturating_sub(MAX_SEEN));
    }

    fn add_no_stream(&mut self, gateway: &str, until: u64) {
        self.no_streams.retain(|known| known.gateway != gateway);
        self.no_streams.push(NoStream { gateway: gateway.to_owned(), until });
    }
}

thread_local! {
    /// What this page knows that is kept, as far as anything is.
    static SEEN: RefCell<Seen> = const { RefCell::new(Seen::NOTHING) };
    /// What it saw since then.
    static NEWS: RefCell<Seen> = const { RefCell::new(Seen::NOTHING) };
    /// Whether it has begun to read what earlier pages kept.
    static IS_RECALLED: Cell<bool> = const { Cell::new(false) };
    /// Whether news are about to be kept.
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
    let known = known();
    let kind = known.kinds.iter().find(|known| known.name == kind);
    let took = kind.into_iter().flat_map(|kind| &kind.took);
    took.copied().map(Duration::from_millis).collect()
}

/// Whether a gateway is known at that time to have no streams.
pub fn has_no_stream(config: &Config, now: Timestamp) -> bool {
    let gateway = gateway(config);
    let is_it = |known: &NoStream| known.gateway == gateway && known.until > now.unix_millis();
    known().no_streams.iter().any(is_it)
}

/// All that this page knows.
fn known() -> Seen {
    let mut known = SEEN.with_borrow(Seen::clone);
    NEWS.with_borrow(|news| known.add(news));
    known
}

/// Begins to read what earlier pages kept; once is enough.
pub fn recall(journal: Option<&Rc<Journal>>) {
    if is_kept(journal) && !IS_RECALLED.replace(true) {
        spawn_local(async {
            if let Ok(kept) = Store::open().get(ID).await {
                SEEN.set(Seen::read(&kept));
            }
        });
    }
}

/// Notes that a job of a kind took so long.
pub fn note(kind: &str, took: Duration, journal: Option<&Rc<Journal>>) {
    NEWS.with_borrow_mut(|news| news.add_kind(kind, [millis(took)].into_iter()));
    keep(journal);
}

/// Notes that a gateway has no streams, for a day.
pub fn note_no_stream(config: &Config, journal: Option<&Rc<Journal>>) {
    let until = (clock::now() + NO_STREAM).unix_millis();
    NEWS.with_borrow_mut(|news| news.add_no_stream(&gateway(config), until));
    keep(journal);
}

/// Forgets all of it.
pub async fn forget(journal: Option<&Rc<Journal>>) {
    let forget_here = || {
        SEEN.take();
        NEWS.take();
    };
    forget_here();
    if let Some(journal) = journal.filter(|_| is_kept(journal)) {
        let _ = journal.ask(Store::open().delete(ID)).await;
        // What was being read meanwhile.
        forget_here();
    }
}

fn is_kept(journal: Option<&Rc<Journal>>) -> bool {
    journal.is_some_and(|journal| journal.is_own())
}

/// Keeps the news, soon: with what other pages keep, and once for all who ask meanwhile.
fn keep(journal: Option<&Rc<Journal>>) {
    if is_kept(journal) && !IS_DUE.replace(true) {
        spawn_local(async {
            let with_news = |kept| {
                IS_DUE.set(false);
                let mut seen = Seen::read(&kept);
                seen.add(&NEWS.take());
                let text = serde_json::to_string(&seen).unwrap_or_default();
                SEEN.set(seen);
                text.into()
            };
            if Store::open().update(ID, with_news).await.is_err() {
                // What cannot be kept, this page knows all the same, and tries to keep with the next.
                let all = known();
                SEEN.take();
                NEWS.set(all);
                IS_DUE.set(false);
            }
        });
    }
}
