//! The app that was built into the binary; empty without the feature `embed-app`.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A file of the app.
pub(super) fn file(name: &str) -> Option<&'static [u8]> {
    let at = FILES
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()?;
    FILES.get(at).map(|(_, bytes)| *bytes)
}
