//! What a journal is kept in.

use crate::proto::journal::Entry;
use crate::web::indexed_db;
pub use crate::web::indexed_db::Answer;
use crate::web::json::to_js;

/// A store of entries by their ids. What it throws costs no picture.
pub trait Store {
    /// Adds an entry, or replaces the one of the same id.
    fn put(&self, entry: &Entry) -> Answer;

    /// Removes the entry of that id, if there is one.
    fn delete(&self, id: &str) -> Answer;

    /// All entries, in an array of any order.
    fn list(&self) -> Answer;
}

impl Store for indexed_db::Store {
    fn put(&self, entry: &Entry) -> Answer {
        indexed_db::Store::put(self, &entry.id, &to_js(entry))
    }

    fn delete(&self, id: &str) -> Answer {
        indexed_db::Store::delete(self, id)
    }

    fn list(&self) -> Answer {
        indexed_db::Store::list(self)
    }
}
