//! Fields with their label, hint and error, and the summary of what needs another look.
//!
//! Typed text is never cleared: it lives in the page's signals, and errors only stand beside it.

mod choice;
mod date_field;
mod error_summary;
mod field;
mod form_state;
mod select_field;
mod text_area;
mod text_field;

pub use choice::{CheckboxField, Choice, RadioField};
pub use date_field::{DateField, TimeField};
pub use error_summary::ErrorSummary;
pub use field::FieldFrame;
pub use form_state::FormState;
pub use select_field::SelectField;
pub use text_area::TextArea;
pub use text_field::{Entry, TextField};
