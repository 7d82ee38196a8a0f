//! The page: starts the user interface. On a computer it says how to run the app.
//!
//! Says how the page's parts are fetched. In a program that is cut into parts (`build.rs` says which) what is reached
//! only through a marked function becomes a file of its own; any other has them at hand.

fn main() {
    #[cfg(target_arch = "wasm32")]
    neutral_ground::ui::start(parts::WAYS);
    #[cfg(not(target_arch = "wasm32"))]
    println!("Neutral Ground runs in a browser. Start it with: cargo xtask run");
}

// Here and not in the library: what is marked there would be kept in every program that uses it, the engine too.
#[cfg(in_parts)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "a marked function answers with what the fetching may end in"
)]
mod parts {
    use neutral_ground::ui::{
        pages::{
            aside::{self, AsidePage},
            desk::{self, DeskPage},
        },
        parts::{Draw, Ways},
    };
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    pub(crate) const WAYS: Ways = Ways {
        aside: || Box::pin(async { aside_part().await.ok() }),
        desk: || Box::pin(async { desk_part().await.ok() }),
    };

    #[wasm_split(aside, fallible)]
    fn aside_part() -> Result<Draw<AsidePage>, SplitLoaderError> {
        Ok(aside::draw)
    }

    #[wasm_split(desk, fallible)]
    fn desk_part() -> Result<Draw<DeskPage>, SplitLoaderError> {
        Ok(desk::draw)
    }
}

#[cfg(all(target_arch = "wasm32", not(in_parts)))]
mod parts {
    use core::future::ready;

    use neutral_ground::ui::{
        pages::{aside, desk},
        parts::{Draw, Ways},
    };

    pub(crate) const WAYS: Ways = Ways {
        aside: || Box::pin(ready(Some(aside::draw as Draw<_>))),
        desk: || Box::pin(ready(Some(desk::draw as Draw<_>))),
    };
}
