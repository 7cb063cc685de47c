//! What goes into a call, and what comes out.

use std::time::Duration;

use crate::proto::error::Result;
use crate::proto::event_stream::Event;
use crate::proto::generation::{Generation, Progress};
use crate::proto::http::{Failure, HttpRequest, HttpResponse};
use crate::proto::journal::Entry;
use crate::proto::time::Timestamp;

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// The call must wait until others of the page have ended.
    Queue,
    /// It is the call's turn.
    Turn {
        /// Whether there is a network, as far as the browser knows.
        online: bool,
    },
    /// The answer to the last request.
    Answer(HttpResponse),
    /// There is no answer to the last request.
    Failure(Failure),
    /// The time that the last [`Output::Wait`] named has come.
    Timeout {
        /// Whether the request in flight, if there is one, has left; it has not while its key is
        /// awaited.
        sent: bool,
    },
    /// What the stream of the job says, which [`Output::Listen`] asked for.
    Told(Told),
    /// How long jobs of this kind took, the latest last.
    Seen(Vec<Duration>),
    /// The journal can take no note that the submit is about to leave, and says, for good, that it has
    /// not.
    NotKept,
    /// The caller waits no more. What is still to be done is left.
    GivenUp {
        /// Whether the request in flight, if there is one, has left.
        sent: bool,
    },
    /// The page is seen again, or the network comes or goes. No request is given up for it.
    Wake {
        /// Whether there is a network, as far as the browser knows.
        online: bool,
    },
}

/// What the stream of a job says.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// There is none, now, or the page is being left; or there never is, as the gateway knows of none.
    Refused {
        /// Whether there never is.
        for_good: bool,
    },
    /// It is open.
    Opened,
    /// Something came that is no event, such as a comment.
    Alive,
    /// An event came.
    Event(Event),
    /// It is over, or broken.
    Ended,
}

/// What to do.
#[derive(Debug, PartialEq)]
pub enum Output {
    /// Keep this in the journal, in place of what was kept of the call before; it must be there
    /// before the next request is sent.
    Keep(Entry),
    /// Send this; one request at a time is in flight.
    Send(HttpRequest),
    /// Send this, and give what its stream of events says, beside the requests, for as long as
    /// [`Call::is_listening`](super::Call::is_listening).
    Listen(HttpRequest),
    /// Remember that the gateway has no streams.
    NoStream,
    /// Tell the caller.
    Progress(Progress),
    /// Remember that a job of this kind took so long.
    Seen(Duration),
    /// Nothing until an answer, or until this time if there is one.
    Wait(Option<Timestamp>),
    /// The call is over; given once, and after it nothing but a wait for nothing.
    Done {
        /// The pictures, or what went wrong.
        result: Result<Generation>,
        /// Whether nothing is left to wait for: once the caller has been given the result, the
        /// journal forgets the call.
        settled: bool,
    },
}
