//! The page and the package.

use crate::harness::TestGateway;

#[test]
fn files_are_served_with_their_types_and_never_stale() {
    let gateway = TestGateway::start();
    for (path, media_type) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/main.js", "text/javascript"),
        ("/pkg/empty.wasm", "application/wasm"),
    ] {
        let reply = gateway.get(path);
        assert_eq!(reply.status, 200, "{path}");
        assert!(!reply.body.is_empty(), "{path}");
        let found = reply.header("Content-Type");
        assert!(found.starts_with(media_type), "{path}: {found}");
        assert_eq!(reply.header("Cache-Control"), "no-cache", "{path}");
    }
    assert_eq!(gateway.get("/index.html").body, gateway.get("/").body);
}

#[test]
fn what_is_not_there_or_lies_outside_is_not_found() {
    let gateway = TestGateway::start();
    for path in ["/none.html", "/pkg/none.js", "/..%2fmain.rs", "/pkg/..%2f..%2fmain.rs"] {
        assert_eq!(gateway.get(path).status, 404, "{path}");
    }
}

#[test]
fn files_are_not_in_the_list_of_requests() {
    let gateway = TestGateway::start();
    gateway.get("/");
    gateway.get("/pkg/empty.wasm");
    assert_eq!(gateway.requests().len(), 0);
}
