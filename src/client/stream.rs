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
use crate::web::lane::Place;
use crate::web::{clock, protocol};

/// How many streams a page may have open at a server whose connections carry one request at a time,
/// or are not known not to: two of a browser's six are left for requests.
const MAX_STREAMS: u32 = 4;

/// What a stream says, one thing after the other, up to its end; it is closed when dropped.
pub fn listen(request: HttpRequest, caller: Rc<Caller>) -> LocalBoxStream<'static, Told> {
    let refused = |for_good| once(ready(Told::Refused { for_good })).boxed_local();
    let base_url = &caller.config.base_url;
    if seen::has_no_stream(&caller.config, clock::now()) {
        return refused(false);
    }
    let place = (!protocol::is_multiplexed(base_url))
        .then(|| Place::take(format!("stream {base_url}"), MAX_STREAMS));
    if place.as_ref().is_some_and(|place| !place.is_running()) {
        return refused(false);
    }
    let opened = async move {
        match open(&request, &caller).await {
            Ok((opened, secret)) => told(opened, secret, place).boxed_local(),
            Err(for_good) => refused(for_good),
        }
    };
    once(opened).flatten().boxed_local()
}

/// Opens a stream, and gives what is secret in its request; or whether it is refused for good.
async fn open(request: &HttpRequest, caller: &Caller) -> Result<(Opened, Option<String>), bool> {
    let authorization = caller.authorization().await.map_err(|_| false)?;
    let opened = fetch::open(&caller.fetch, request, authorization.as_deref(), || {});
    let opened = opened.await.map_err(|_| false)?;
    event_stream::check(opened.status, &opened.headers)?;
    let secret = secret::of(request, authorization.as_deref());
    Ok((opened, secret.map(str::to_owned)))
}

/// What an open stream says; one that is too long for any gateway's is over.
fn told(
    opened: Opened,
    secret: Option<String>,
    place: Option<Place>,
) -> impl futures_util::Stream<Item = Told> {
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
    pieces.flat_map(move |events| {
        let said: Vec<_> = match events {
            Ok(events) if events.is_empty() => vec![Told::Alive],
            Ok(events) => events.into_iter().map(&clean).collect(),
            Err(last) => last.into_iter().map(&clean).chain([Told::Ended]).collect(),
        };
        iter(said)
    })
}
