//! Connections that carry one request, and those that carry many.

use std::io::Read;
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::harness::{AIMLAPI, TestGateway, VTRIX, aimlapi_body, vtrix_body, write_request};

fn connections(gateway: &TestGateway) -> Vec<u64> {
    let number = |request: &Value| request["connection"].as_u64().unwrap();
    gateway.requests().iter().map(number).collect()
}

/// Reads one answer, of which the connection may live on.
fn read_answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let head_length = loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
        if answer.ends_with(b"\r\n\r\n") {
            break answer.len();
        }
    };
    let head = String::from_utf8(answer.clone()).unwrap().to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
    answer.resize(head_length + length.parse::<usize>().unwrap(), 0);
    stream.read_exact(&mut answer[head_length..]).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn each_request_has_a_connection_of_its_own() {
    let gateway = TestGateway::start();
    for _ in 0..2 {
        let reply = gateway.post(AIMLAPI, aimlapi_body(json!({})));
        assert_eq!(reply.header("Connection"), "close");
    }
    let connections = connections(&gateway);
    assert_ne!(connections[0], connections[1]);
}

#[test]
fn a_connection_that_is_kept_carries_many_requests() {
    let gateway = TestGateway::keeping_alive();
    let mut streams = [(); 2].map(|()| TcpStream::connect(gateway.address).unwrap());
    for index in [0, 0, 1, 0] {
        let stream = &mut streams[index];
        write_request(stream, &format!("POST {VTRIX}"), &vtrix_body(json!({})).to_string());
        assert!(read_answer(stream).starts_with("HTTP/1.1 200 OK"));
    }
    let connections = connections(&gateway);
    assert!(connections.iter().all(|number| *number > 0), "{connections:?}");
    let reused: Vec<bool> = connections.iter().map(|number| *number == connections[0]).collect();
    assert_eq!(reused, [true, true, false, true]);
}

#[test]
fn a_cut_closes_a_connection_in_use_without_a_byte() {
    let gateway = TestGateway::keeping_alive();
    for when in ["before", "after"] {
        let script = json!({ "on": "submit", "after": 1, "fault": "cut", "when": when });
        gateway.scenario(script);
        let mut stream = TcpStream::connect(gateway.address).unwrap();
        for (path, body) in [(VTRIX, vtrix_body(json!({}))), (AIMLAPI, aimlapi_body(json!({})))] {
            write_request(&mut stream, &format!("POST {path}"), &body.to_string());
            if path == VTRIX {
                read_answer(&mut stream);
            }
        }
        let mut answer = Vec::new();
        // Both a clean end and a reset are ways to lose a connection.
        let _ = stream.read_to_end(&mut answer);
        assert_eq!(answer, b"", "{when}");
    }
    let connections = connections(&gateway);
    assert_eq!((connections[0], connections[2]), (connections[1], connections[3]));
    assert_eq!(
        gateway.totals()["aimlapi"],
        json!({ "submits": 2, "accepted": 1, "statusChecks": 0, "streams": 0 })
    );
}
