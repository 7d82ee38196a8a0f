//! Hears from `public/outbox.js` how a push went, whoever ran it: this page, another tab or the service worker.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::engine::{
    event::{DrainTrouble, Drained},
    storage::key::Key,
};

/// An open ear; closed when dropped.
#[derive(Debug)]
pub(crate) struct DrainedChannel {
    channel: BroadcastChannel,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl DrainedChannel {
    /// Calls `heard` for every report about this database.
    pub(crate) fn listen(
        database: &'static str,
        mut heard: impl FnMut(Drained) + 'static,
    ) -> Option<Self> {
        let channel = BroadcastChannel::new("ng-outbox").ok()?;
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let report = event.data();
            if text(&report, "type").as_deref() == Some("drained")
                && text(&report, "db").as_deref() == Some(database)
            {
                heard(parse(&report));
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self {
            channel,
            _heard: listener,
        })
    }
}

impl Drop for DrainedChannel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

fn parse(report: &JsValue) -> Drained {
    let refused = field(report, "refused").and_then(|refused| refused.dyn_into::<Array>().ok());
    let refused = refused.iter().flat_map(Array::iter).filter_map(|row| {
        let key = text(&row, "key")?;
        let digits = key
            .as_bytes()
            .chunks(2)
            .map(|pair| core::str::from_utf8(pair).ok());
        let bytes = digits
            .map(|pair| u8::from_str_radix(pair?, 16).ok())
            .collect::<Option<Vec<u8>>>()?;
        let code = field(&row, "code")?.as_f64()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a code is one byte"
        )]
        Some((Key(bytes), code as u8))
    });
    Drained {
        refused: refused.collect(),
        trouble: text(report, "trouble").map(|word| match word.as_str() {
            "offline" => DrainTrouble::Offline,
            "not-a-relay" => DrainTrouble::NotARelay,
            "refused" => DrainTrouble::Refused,
            "unknown-centre" => DrainTrouble::UnknownCentre,
            "storage" => DrainTrouble::Storage,
            _ => DrainTrouble::ServerError,
        }),
    }
}

fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    field(object, name)?.as_string()
}
