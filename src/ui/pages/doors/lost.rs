//! The browser has lost what was kept here. Says what that means, before anybody starts anew by mistake.

use leptos::prelude::*;

use super::super::outside::Outside;
use crate::ui::{
    components::{Banner, BannerTone, Button, ButtonLink, ButtonTone},
    routes::Route,
    state::use_app,
};

/// The store that these people had keys in is gone.
#[component]
pub fn LostPage() -> impl IntoView {
    let app = use_app();
    let who = move || {
        app.lost.with(|people| {
            let initials: Vec<_> = people.iter().map(|tile| tile.initials.as_str()).collect();
            initials.join(", ")
        })
    };
    view! {
        <Outside title="This device has lost what it kept">
            <div class="stack">
                <Banner tone=BannerTone::Notice>
                    <p>
                        "There were keys and records here for " <strong>{who}</strong>
                        ". They are gone: this site's data was cleared, or the browser found its storage damaged and threw it away. No phrase opens them any more."
                    </p>
                </Banner>
                <p>"Everything that was sent is still with your centre."</p>
                <p>
                    "What was written here and not yet sent is lost. Write down on paper now what you remember of it, with the times."
                </p>
                <p>
                    "Tell a co-ordinator that this device has lost its key, and ask for a new invite link. You will have a new phrase."
                </p>
                <div class="cluster">
                    <ButtonLink href=Route::Join.path() tone=ButtonTone::Primary>
                        "I have an invite link"
                    </ButtonLink>
                    <Button tone=ButtonTone::Quiet on_press=move |()| app.forget_lost()>
                        "Go to the first page"
                    </Button>
                </div>
            </div>
        </Outside>
    }
}
