//! Says when the page is cut into parts: in a release build for the browser, where its symbols must then stay movable.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(in_parts)");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|found| found == wanted);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        println!("cargo::rustc-cfg=in_parts");
        println!("cargo::rustc-link-arg-bin=neutral-ground=--emit-relocs");
    }
}
