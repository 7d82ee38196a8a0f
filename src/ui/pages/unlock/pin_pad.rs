//! Six digits on big keys, or on any keyboard: who rests comes back without waiting.

use leptos::{
    ev::{MouseEvent, SubmitEvent},
    prelude::*,
    wasm_bindgen::JsCast,
};
use web_sys::Element;

use crate::{
    engine::{
        command::Command,
        crypto::{keyring::Passkey, pin},
        wire::Id,
    },
    ui::{
        a11y,
        components::{Button, ButtonTone},
        forms::{Entry, ErrorSummary, FormState, TextField},
        memo::Memo,
        state::use_app,
    },
};

use super::{Chosen, by_lock::LockButton};

/// The keys. They take the place of the keyboard that a tablet would slide over the page.
const KEYS: &str = concat!(
    "<button type=button>1</button><button type=button>2</button><button type=button>3</button>",
    "<button type=button>4</button><button type=button>5</button><button type=button>6</button>",
    "<button type=button>7</button><button type=button>8</button><button type=button>9</button>",
    "<button type=button class=pin-word>Delete</button><button type=button>0</button>",
);

/// The PIN of the chosen person; the sixth digit sends it.
#[component]
pub(super) fn PinPad(
    /// Who, and the way out: their phrase.
    who: Chosen,
    /// The other way out: this device's lock, if it opens their keys.
    passkey: Memo<Option<(Id, Passkey)>>,
) -> impl IntoView {
    let app = use_app();
    let form = FormState::new();
    let digits = RwSignal::new(String::new());
    a11y::focus_first("#pin");
    let send = move || {
        let Some(device) = who.person.get_untracked() else {
            return;
        };
        if form.begin() {
            let pin = digits.get_untracked();
            app.ask(Command::UnlockWithPin { device, pin }, move |outcome| {
                if form.end(outcome).is_none() {
                    digits.set(String::new());
                    // What went wrong is read out; the next try needs no way back.
                    a11y::focus_first("#pin");
                }
            });
        }
    };
    Effect::new(move |_| {
        if digits.read().len() == pin::DIGITS {
            send();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let press = move |event: MouseEvent| {
        let key = event.target().and_then(|key| key.dyn_into().ok());
        let word = key.and_then(|key: Element| key.text_content());
        digits.update(|digits| match word.as_deref() {
            Some("Delete") => drop(digits.pop()),
            Some(digit) if digit.len() == 1 && digits.len() < pin::DIGITS => digits.push_str(digit),
            Some(_) | None => {}
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form=form />
            <TextField form=form name="pin" label="Your PIN" entry=Entry::PinOnPad shown=false value=digits />
            <div class="pin-pad" role="group" aria-label="Digits" on:click=press inner_html=KEYS></div>
            <div class="form-actions">
                {move || passkey.get().map(|(device, passkey)| {
                    view! { <LockButton form=form device=device passkey=passkey /> }
                })}
                <Button tone=ButtonTone::Quiet on_press=move |()| who.by_words(true)>
                    "Use my four words instead"
                </Button>
            </div>
        </form>
    }
}
