//! A page in Leptos that draws what is typed.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wanvas::{Client, Gateway, GenerateRequest, Image};

#[wasm_bindgen::prelude::wasm_bindgen(start)]
fn start() {
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let prompt = RwSignal::new("a lighthouse at dusk".to_owned());
    let pictures = RwSignal::new(Vec::new());
    let status = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        status.set("Drawing".to_owned());
        spawn_local(async move {
            let drawn = draw(prompt.get_untracked()).await.map(|drawn| pictures.set(drawn));
            status.set(drawn.map_or_else(|error| error.to_string(), |()| "Drawn".to_owned()));
        });
    };
    view! {
        <form on:submit=submit><input bind:value=prompt />
            // One click is one picture to pay for.
            <button disabled=move || status.get() == "Drawing">"Draw"</button></form>
        <p role="status">{status}</p>
        {move || pictures.get().into_iter().map(|src| view! { <img src=src /> }).collect_view()}
    }
}

async fn draw(prompt: String) -> wanvas::Result<Vec<String>> {
    let here = location().origin().unwrap_or_default();
    let client = Client::builder(Gateway::Vtrix).api_key("any").base_url(here).build()?;
    let generation = client.generate(GenerateRequest::new(prompt)).await?;
    Ok(generation.images.iter().filter_map(Image::src).collect())
}
