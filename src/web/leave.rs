//! Tells whether the page is being left, when browsers fail its requests for no fault of theirs.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use super::listener::Listener;
use super::timer;

/// How long a page that is left may live on: until the next one answers.
const REST: Duration = Duration::from_secs(5);

/// Notes whether the page is being left, until dropped: a listener left behind could keep the page
/// from the back-forward cache.
pub struct Watch {
    is_leaving: Rc<Cell<bool>>,
    _listeners: [Listener; 2],
}

/// Watches from now on.
pub fn watch() -> Watch {
    let is_leaving = Rc::new(Cell::new(false));
    let leaving_at = |event| {
        let is_leaving = Rc::clone(&is_leaving);
        Listener::add(&js_sys::global(), event, move |_| is_leaving.set(true))
    };
    let listeners = [leaving_at("beforeunload"), leaving_at("pagehide")];
    Watch { is_leaving, _listeners: listeners }
}

impl Watch {
    /// Resolves at once if the page stays; if it is being left, only when it still lives 5 s later:
    /// what it concluded before would be told to nobody.
    pub async fn stays(&self) {
        if self.is_leaving.get() {
            timer::sleep(REST).await;
        }
    }
}
