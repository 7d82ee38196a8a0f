//! Small and capital letters by the browser's own tables, which it has and Rust would add to the download.

use js_sys::JsString;

/// All in small letters.
pub fn small(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}

/// The first letter as a capital, for the start of a sentence.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        let first = JsString::from(first.to_string()).to_upper_case();
        String::from(first) + letters.as_str()
    })
}
