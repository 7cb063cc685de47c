//! The stream of a job's events, from its request to its end.

use std::rc::Rc;

use futures_util::future::ready;
use futures_util::stream::{LocalBoxStream, StreamExt, iter, once, unfold};

use super::caller::Caller;
use super::seen;
use crate::proto::call::Told;
use crate::proto::event_stream::{self, Decoder, Event};
use crate::proto::http::HttpRequest;
use crate::proto::secret;
use crate::web::fetch::body::MAX_LENGTH;
use crate::web::fetch::{self, Opened};
use crate::web::listener::first_event;
use crate::web::locks::{self, Held};
use crate::web::{clock, protocol};

/// How many streams the pages of an origin may have open at a server where each occupies one of the
/// browser's six connections: the rest are left for requests.
const MAX_CONNECTIONS: u32 = 3;
/// How many a page may have open where they share one connection: a server allows a hundred or so.
const MAX_SHARED: u32 = 50;

/// What a stream says, one thing after the other, up to its end; it is closed when dropped.
pub fn listen(request: HttpRequest, caller: Rc<Caller>) -> LocalBoxStream<'static, Told> {
    let opened = async move {
        match open(&request, &caller).await {
            Ok(opened) => told(opened).boxed_local(),
            Err(for_good) => once(ready(Told::Refused { for_good })).boxed_local(),
        }
    };
    once(opened).flatten().boxed_local()
}

/// An open stream, what is secret in its request, and its place among those that are open.
struct Listening {
    opened: Opened,
    secret: Option<String>,
    place: Held,
}

/// Opens a stream; or tells whether it is refused for good.
async fn open(request: &HttpRequest, caller: &Caller) -> Result<Listening, bool> {
    if seen::has_no_stream(&caller.config, clock::now()) {
        return Err(false);
    }
    let place = place(&request.url).await.ok_or(false)?;
    let authorization = caller.authorization().await.map_err(|_| false)?;
    let opened = fetch::open(&caller.fetch, request, authorization.as_deref(), || {});
    let opened = opened.await.map_err(|_| false)?;
    event_stream::check(opened.status, &opened.headers)?;
    let secret = secret::of(request, authorization.as_deref()).map(str::to_owned);
    Ok(Listening { opened, secret, place })
}

/// A place for a stream, if there is one.
async fn place(url: &str) -> Option<Held> {
    let server = protocol::origin(url)?;
    if protocol::is_multiplexed(&server) {
        return locks::try_hold_in_page(&format!("stream {server}"), MAX_SHARED);
    }
    for number in 0..MAX_CONNECTIONS {
        let held = locks::try_hold(&format!("stream {server} {number}")).await;
        if held.is_some() {
            return held;
        }
    }
    None
}

/// What an open stream says, until the page is left; one that is too long for any gateway's is over.
fn told(listening: Listening) -> impl futures_util::Stream<Item = Told> {
    let Listening { opened, secret, place } = listening;
    let clean = move |event: Event| {
        Told::Event(Event { data: secret::redacted(&event.data, secret.as_deref()), ..event })
    };
    let body = opened.body().map(|body| (body, Decoder::default(), 0, (opened, place)));
    let pieces = unfold(body, move |body| async move {
        let (body, mut decoder, length, held) = body?;
        match body.piece().await {
            Ok(Some(piece)) if length + piece.len() <= MAX_LENGTH => {
                let events = decoder.feed(&piece);
                Some((Ok(events), Some((body, decoder, length + piece.len(), held))))
            }
            _ => Some((Err(decoder.finish()), None)),
        }
    });
    let said = pieces.flat_map(move |events| {
        let said: Vec<_> = match events {
            Ok(events) if events.is_empty() => vec![Told::Alive],
            Ok(events) => events.into_iter().map(&clean).collect(),
            Err(last) => last.into_iter().map(&clean).chain([Told::Ended]).collect(),
        };
        iter(said)
    });
    // An open request could keep the page from the back-forward cache.
    let left = Box::pin(async { first_event(&[(&js_sys::global(), "pagehide")], |_| true).await });
    let gone = once(ready(Told::Refused { for_good: false }));
    once(ready(Told::Opened)).chain(said.take_until(left)).chain(gone)
}
