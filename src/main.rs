//! The page: starts the user interface. On a computer it says how to run the app.

fn main() {
    #[cfg(target_arch = "wasm32")]
    neutral_ground::ui::start();
    #[cfg(not(target_arch = "wasm32"))]
    println!("Neutral Ground runs in a browser. Start it with: cargo xtask run");
}
