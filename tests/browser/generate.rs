//! `generate()`: what is sent and what comes back.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    GATEWAY, Gateway, Options, PROVIDERS, Recorder, a_fox, begin_generate, generate, nearest_size,
    open_picture, settled, sizes, submitted,
};

#[wasm_bindgen_test]
async fn a_prompt_becomes_as_many_pictures_as_asked_for() {
    for provider in PROVIDERS {
        for count in [1, 4] {
            Gateway::fresh().await;
            let request = json!({ "prompt": "a red fox", "count": count, "size": "768x768" });
            let result = generate(request, &Options::at(provider)).await.unwrap();
            assert_eq!(result["status"], "succeeded", "{provider}");
            assert_eq!(result["requested"]["count"], count, "{provider}");
            let images = result["images"].as_array().unwrap();
            assert_eq!(images.len(), count, "{provider}");
            let first = open_picture(&images[0]["url"]).await;
            for image in &images[1..] {
                let other = open_picture(&image["url"]).await;
                assert_ne!(other["sha256"], first["sha256"], "{provider}: pictures differ");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn every_preset_gives_pictures_of_exactly_its_size() {
    for provider in PROVIDERS {
        Gateway::fresh().await;
        let presets = sizes(provider).await.unwrap();
        let presets = presets.as_array().unwrap();
        assert_eq!(presets.len(), 6, "{provider}");
        for preset in presets {
            let size = (&preset["width"], &preset["height"]);
            let name = &preset["name"];
            assert_eq!(real_size(provider, name).await, (size.0.clone(), size.1.clone()), "{name}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_free_size_is_given_to_the_pixel() {
    for (provider, size, width, height) in [
        ("aimlapi", json!({ "width": 1440, "height": 512 }), 1440, 512),
        ("aimlapi", json!("512x512"), 512, 512),
        ("vtrix", json!({ "width": 1001, "height": 777 }), 1001, 777),
        ("vtrix", json!("768*2700"), 768, 2700),
    ] {
        Gateway::fresh().await;
        assert_eq!(real_size(provider, &size).await, (json!(width), json!(height)), "{size}");
    }
}

#[wasm_bindgen_test]
async fn a_ratio_gives_a_picture_of_that_ratio() {
    for provider in PROVIDERS {
        Gateway::fresh().await;
        let (width, height) = real_size(provider, &json!("3:2")).await;
        let ratio = width.as_f64().unwrap() / height.as_f64().unwrap();
        assert!((ratio - 1.5).abs() < 0.02, "{provider}: {width}x{height}");
    }
}

#[wasm_bindgen_test]
async fn the_nearest_size_is_one_that_the_gateway_takes() {
    let wanted = json!({ "width": 1920, "height": 1080 });
    for provider in PROVIDERS {
        Gateway::fresh().await;
        let nearest = nearest_size(provider, wanted.clone()).await.unwrap();
        let (width, height) = real_size(provider, &nearest).await;
        assert_eq!(json!({ "width": width, "height": height }), nearest, "{provider}");
    }
}

#[wasm_bindgen_test]
async fn what_decides_the_price_and_the_picture_is_always_sent() {
    for provider in PROVIDERS {
        let sent = sent(provider, json!({ "prompt": "  a red fox  " })).await;
        let wanted = json!({
            "prompt": "a red fox",
            "negativePrompt": null,
            "size": [1280, 1280],
            "count": 1,
            "seed": null,
            "enhancePrompt": true,
            "watermark": false,
        });
        assert_eq!(sent, wanted, "{provider}");
    }
}

#[wasm_bindgen_test]
async fn every_member_of_a_request_arrives() {
    for provider in PROVIDERS {
        let request = json!({
            "prompt": "ein Fuchs — 狐狸 🦊",
            "negativePrompt": "text, \"frames\"",
            "size": { "width": 1024, "height": 768 },
            "count": 3,
            "seed": 0,
            "enhancePrompt": false,
            "watermark": true,
        });
        let mut wanted = request.clone();
        wanted["size"] = json!([1024, 768]);
        assert_eq!(sent(provider, request).await, wanted, "{provider}");
    }
}

#[wasm_bindgen_test]
async fn the_same_seed_gives_the_same_bytes_and_others_differ() {
    for provider in PROVIDERS {
        Gateway::fresh().await;
        let digest = async |changes: Value| {
            let mut request = json!({ "prompt": "a red fox", "seed": 7, "size": "768x768" });
            let changes = changes.as_object().unwrap().clone();
            request.as_object_mut().unwrap().extend(changes);
            let result = generate(request, &Options::at(provider)).await.unwrap();
            open_picture(&result["images"][0]["url"]).await["sha256"].clone()
        };
        let first = digest(json!({})).await;
        assert_eq!(digest(json!({})).await, first, "{provider}: the same seed");
        for change in [
            json!({ "seed": 8 }),
            json!({ "prompt": "a blue fox" }),
            json!({ "negativePrompt": "snow" }),
            json!({ "watermark": true }),
        ] {
            assert_ne!(digest(change.clone()).await, first, "{provider}: {change}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_result_tells_what_was_made_when_and_for_how_much() {
    for provider in PROVIDERS {
        Gateway::fresh().await;
        let options = Options::at(provider);
        let result = generate(a_fox(), &options).await.unwrap();
        let requested = json!({ "count": 1, "size": "1280x1280" });
        assert_eq!(result["requested"], requested, "{provider}");
        let age = js_sys::Date::now() - result["createdAt"].as_f64().unwrap();
        // One gateway tells whole seconds, and a job's end may lie ahead of its answer.
        assert!((-2000.0..10_000.0).contains(&age), "{provider}: {age} ms old");
        let amount = result["cost"]["amount"].as_str().unwrap();
        assert!(amount.parse::<f64>().unwrap() > 0.0, "{provider}");
        assert_eq!(result["cost"]["currency"], "USD", "{provider}");
        let ends = result["images"][0]["expiresAt"].as_f64().unwrap();
        assert!(ends > js_sys::Date::now(), "{provider}");
        assert!(result["raw"].is_object(), "{provider}");
        assert_eq!(result["job"].is_null(), provider == "aimlapi", "{provider}");
    }
}

#[wasm_bindgen_test]
async fn another_model_and_further_headers_go_along() {
    let gateway = Gateway::fresh().await;
    let headers = js_sys::Object::new();
    js_sys::Reflect::set(&headers, &"X-Client-Request-Id".into(), &"page-7".into()).unwrap();
    let options = Options::at("aimlapi").with("headers", headers);
    generate(a_fox(), &options).await.unwrap();
    let names = gateway.submit().await["headers"].clone();
    assert!(names.as_array().unwrap().contains(&json!("x-client-request-id")), "{names}");

    let gateway = Gateway::fresh().await;
    let options = Options::at("vtrix").with("model", "wan25_t2i_preview");
    generate(a_fox(), &options).await.unwrap();
    assert_eq!(gateway.submit().await["body"]["model"], "wan25_t2i_preview");
}

#[wasm_bindgen_test]
async fn the_given_fetch_is_called_unbound_and_for_every_request() {
    for provider in PROVIDERS {
        let gateway = Gateway::fresh().await;
        let recorder = Recorder::new();
        let options = Options::at(provider).with("fetch", recorder.fetch());
        generate(a_fox(), &options).await.unwrap();
        let calls = recorder.calls();
        assert!(calls.iter().all(|call| call["unbound"] == true), "{calls:?}");
        assert!(
            calls.iter().all(|call| call["url"].as_str().unwrap().starts_with(GATEWAY.as_str())),
            "{calls:?}"
        );
        let arrived = gateway.requests().await;
        let arrived = arrived.iter().filter(|request| request["kind"] != "preflight");
        assert_eq!(calls.len(), arrived.count(), "{provider}");
    }
}

#[wasm_bindgen_test]
async fn calls_side_by_side_do_not_mix() {
    let gateway = Gateway::fresh().await;
    let options = Options::at("vtrix");
    let begin = |count: usize| {
        let request = json!({ "prompt": format!("{count} foxes"), "count": count });
        (count, begin_generate(request, &options))
    };
    for (count, promise) in [1, 2, 3].map(begin) {
        let result = settled(promise).await.unwrap();
        assert_eq!(result["images"].as_array().unwrap().len(), count);
    }
    assert_eq!(gateway.arrived("submit").await.len(), 3);
}

/// What arrives of a request, in the same words for each gateway.
async fn sent(provider: &str, request: Value) -> Value {
    let gateway = Gateway::fresh().await;
    generate(request, &Options::at(provider)).await.unwrap();
    submitted(&gateway.submit().await)
}

/// The size of a real picture, whose size was asked for in that way.
async fn real_size(provider: &str, size: &Value) -> (Value, Value) {
    let request = json!({ "prompt": "a red fox", "size": size });
    let result = generate(request, &Options::at(provider)).await.unwrap();
    let picture = open_picture(&result["images"][0]["url"]).await;
    (picture["width"].clone(), picture["height"].clone())
}
