//! Lets only so many calls of a page run at once in a lane; the rest wait in order.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;

thread_local! {
    static LANES: RefCell<Vec<Lane>> = const { RefCell::new(Vec::new()) };
}

#[derive(Default)]
struct Lane {
    name: String,
    running: u32,
    waiting: Vec<Waiter>,
}

/// A call that waits for its turn.
struct Waiter {
    concurrency: u32,
    is_running: Rc<Cell<bool>>,
    turn: oneshot::Sender<()>,
}

/// A place in a lane, which is given up when dropped.
pub struct Place {
    lane: String,
    is_running: Rc<Cell<bool>>,
    turn: Option<oneshot::Receiver<()>>,
}

impl Place {
    /// Takes a place behind all others of the lane; at most `concurrency` calls run in it at once,
    /// this one among them.
    pub fn take(lane: String, concurrency: u32) -> Self {
        let (turn, its_turn) = oneshot::channel();
        let is_running = Rc::new(Cell::new(false));
        let waiter = Waiter { concurrency, is_running: Rc::clone(&is_running), turn };
        let place = Place { lane, is_running, turn: Some(its_turn) };
        change(&place.lane, Box::new(|lane| lane.waiting.push(waiter)));
        place
    }

    /// Whether it is the call's turn.
    pub fn is_running(&self) -> bool {
        self.is_running.get()
    }

    /// Resolves when it is the call's turn.
    pub fn turn(&mut self) -> impl Future<Output = ()> + 'static {
        let turn = self.turn.take();
        async move {
            if let Some(turn) = turn {
                // Cancelled only with the place itself.
                let _ = turn.await;
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let was_running = self.is_running.get();
        // Whoever waits without it is passed over.
        self.turn = None;
        let leave = |lane: &mut Lane| {
            if was_running {
                lane.running -= 1;
            } else {
                lane.waiting.retain(|waiter| !Rc::ptr_eq(&waiter.is_running, &self.is_running));
            }
        };
        change(&self.lane, Box::new(leave));
    }
}

/// Changes a lane, and lets those begin whose turn it is then.
fn change(name: &str, change: Box<dyn FnOnce(&mut Lane) + '_>) {
    let admitted = LANES.with_borrow_mut(|lanes| {
        let known = lanes.iter().position(|lane| lane.name == name);
        let at = known.unwrap_or_else(|| {
            lanes.push(Lane { name: name.to_owned(), ..Lane::default() });
            lanes.len() - 1
        });
        let lane = &mut lanes[at];
        change(lane);
        let mut admitted = Vec::new();
        while lane.waiting.first().is_some_and(|next| lane.running < next.concurrency) {
            admitted.push(lane.waiting.remove(0));
            lane.running += 1;
        }
        if lane.running == 0 {
            lanes.swap_remove(at);
        }
        admitted
    });
    for Waiter { is_running, turn, .. } in admitted {
        is_running.set(true);
        // Who does not wait asks whether it runs.
        let _ = turn.send(());
    }
}
