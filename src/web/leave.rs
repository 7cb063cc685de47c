//! Tells whether the page is being left, when browsers fail its requests for no fault of theirs.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use super::listener::Listener;
use super::timer;

/// How long a page that is left may live on: until the next one answers.
const REST: Duration = Duration::from_secs(5);

thread_local! {
    /// One for all who watch at once.
    static LEAVES: RefCell<Weak<Leaves>> = const { RefCell::new(Weak::new()) };
}

/// Counts how often the page is about to be left, until dropped: a listener left behind could keep the
/// page from the back-forward cache.
struct Leaves {
    count: Rc<Cell<u32>>,
    _listeners: [Listener; 2],
}

impl Leaves {
    fn listen() -> Self {
        let count = Rc::new(Cell::new(0));
        let leaving_at = |event| {
            let count = Rc::clone(&count);
            Listener::add(&js_sys::global(), event, move |_| count.set(count.get() + 1))
        };
        let listeners = [leaving_at("beforeunload"), leaving_at("pagehide")];
        Leaves { count, _listeners: listeners }
    }
}

/// Notes whether the page is being left, until dropped.
pub struct Watch {
    leaves: Rc<Leaves>,
    before: u32,
}

/// Watches from now on.
pub fn watch() -> Watch {
    let leaves = LEAVES.with_borrow_mut(|known| {
        known.upgrade().unwrap_or_else(|| {
            let leaves = Rc::new(Leaves::listen());
            *known = Rc::downgrade(&leaves);
            leaves
        })
    });
    Watch { before: leaves.count.get(), leaves }
}

impl Watch {
    /// Resolves at once if the page stays; if it is being left, only when it still lives 5 s later:
    /// what it concluded before would be told to nobody.
    pub async fn stays(&self) {
        if self.leaves.count.get() > self.before {
            timer::sleep(REST).await;
        }
    }
}
