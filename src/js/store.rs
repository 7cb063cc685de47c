//! A store of the caller's.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::client::journal::Journal;
use crate::client::store::{Answer, Store};
use crate::proto::journal::Entry;
use crate::web::json::to_js;
use crate::web::promise::settled;

#[wasm_bindgen]
extern "C" {
    /// Judged by what it can do.
    #[derive(Clone)]
    type JournalStore;

    #[wasm_bindgen(method, structural, catch, getter, js_name = put)]
    fn get_put(this: &JournalStore) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, getter, js_name = delete)]
    fn get_delete(this: &JournalStore) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, getter, js_name = list)]
    fn get_list(this: &JournalStore) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn put(this: &JournalStore, entry: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn delete(this: &JournalStore, id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn list(this: &JournalStore) -> Result<JsValue, JsValue>;
}

thread_local! {
    /// The journals that calls have, by their stores.
    static JOURNALS: RefCell<Vec<(JournalStore, Weak<Journal>)>> =
        const { RefCell::new(Vec::new()) };
}

/// The journal in a store of the caller's; none of what cannot do what a store must.
pub fn journal_in(store: &JsValue) -> Option<Rc<Journal>> {
    let store: JournalStore = store.clone().unchecked_into();
    let methods = [store.get_put(), store.get_delete(), store.get_list()];
    if !methods.iter().all(|method| method.as_ref().is_ok_and(JsValue::is_function)) {
        return None;
    }
    JOURNALS.with_borrow_mut(|journals| {
        journals.retain(|(_, journal)| journal.strong_count() > 0);
        let known = journals.iter().find(|(known, _)| Object::is(known, &store));
        let known = known.and_then(|(_, journal)| journal.upgrade());
        Some(known.unwrap_or_else(|| {
            let journal = Journal::new(Box::new(CallerStore(store.clone())));
            journals.push((store, Rc::downgrade(&journal)));
            journal
        }))
    })
}

struct CallerStore(JournalStore);

impl Store for CallerStore {
    fn put(&self, entry: &Entry) -> Answer {
        let (store, entry) = (self.0.clone(), to_js(entry));
        Box::pin(async move { settled(&store.put(&entry)?).await })
    }

    fn delete(&self, id: &str) -> Answer {
        let (store, id) = (self.0.clone(), id.to_owned());
        Box::pin(async move { settled(&store.delete(&id)?).await })
    }

    fn list(&self) -> Answer {
        let store = self.0.clone();
        Box::pin(async move { settled(&store.list()?).await })
    }
}
