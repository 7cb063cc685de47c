//! What a stream of events says, however it is cut.

use proptest::prelude::*;
use wanvas::proto::event_stream::{Decoder, Event};

fn event(name: &str, data: &str) -> Event {
    Event { name: name.into(), data: data.into() }
}

fn read(pieces: &[&[u8]]) -> Vec<Event> {
    let mut decoder = Decoder::default();
    let mut events: Vec<_> = pieces.iter().flat_map(|piece| decoder.feed(piece)).collect();
    events.extend(decoder.finish());
    events
}

#[test]
fn events_are_read_as_gateways_write_them() {
    let cases: [(&str, &[Event]); 16] = [
        ("event: done\ndata: {}\n\n", &[event("done", "{}")]),
        ("event:done\ndata:{}\n\n", &[event("done", "{}")]),
        ("event:  done \ndata:\t{} \n\n", &[event("done", "{}")]),
        (
            "data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n",
            &[event("", "1"), event("", "2"), event("", "3")],
        ),
        ("data: {\ndata: \"a\": 1\ndata: }\n\n", &[event("", "{\n\"a\": 1\n}")]),
        (": keepalive\n\n: keepalive\n\n", &[]),
        (": keepalive\ndata: 1\n: keepalive\ndata: 2\n\n", &[event("", "1\n2")]),
        ("id: 7\nretry: 5\ndata: 1\n\n", &[event("", "1")]),
        ("event: done\ndata\n\n", &[event("done", "")]),
        ("event: done\n\n", &[event("done", "")]),
        ("\u{feff}data: 1\n\n", &[event("", "1")]),
        ("data: \u{feff}1\n\n", &[event("", "\u{feff}1")]),
        ("event: done\ndata: 1", &[event("done", "1")]),
        ("event: done\ndata: 1\n", &[event("done", "1")]),
        ("data: a: b\n\n\n\ndata: ☂\n\n", &[event("", "a: b"), event("", "☂")]),
        ("", &[]),
    ];
    for (text, events) in cases {
        assert_eq!(read(&[text.as_bytes()]), events, "{text:?}");
        for at in 0..=text.len() {
            let (start, end) = text.as_bytes().split_at(at);
            assert_eq!(read(&[start, end]), events, "{text:?} cut at {at}");
        }
    }
}

proptest! {
    #[test]
    fn however_a_stream_is_cut_it_says_the_same(
        lines in prop::collection::vec(line(), 0..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let bytes = lines.concat();
        let whole = read(&[&bytes]);
        let each: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(&read(&each), &whole);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts.into_iter().chain([bytes.len()]) {
            pieces.push(&bytes[from..cut]);
            from = cut;
        }
        prop_assert_eq!(read(&pieces), whole);
    }
}

/// A line, sensible or not.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![
        Just("event: done".to_owned()),
        Just(": keepalive".to_owned()),
        Just(String::new()),
        "data: ?[a-z☂é\u{feff}]{0,6}",
        "\\PC{0,8}",
    ];
    let bytes = prop_oneof![
        9 => text.prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    let end = prop::sample::select(vec!["\n", "\r", "\r\n", ""]);
    (bytes, end).prop_map(|(bytes, end)| [&bytes, end.as_bytes()].concat())
}
