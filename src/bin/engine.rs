//! The Worker's entry: builds the driver, nothing else.

fn main() {
    #[cfg(target_arch = "wasm32")]
    neutral_ground::platform::driver::start();
    #[cfg(not(target_arch = "wasm32"))]
    println!("the engine runs in a browser's Worker; start the app with: cargo xtask run");
}
