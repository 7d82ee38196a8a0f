//! The first change of every document: the same bytes on every device and in every version.
//!
//! It makes the containers that several people write into. If each device made its own, two
//! devices that create the same document while apart would each fill a container of their own, and
//! after the merge only one of them would show.
//! The bytes are kept in files and never made anew, so that a later Automerge cannot change them;
//! a test makes them again and compares.

use super::schema::DocumentKind;

/// The bytes of the first change of a kind of document.
pub const fn genesis(kind: DocumentKind) -> &'static [u8] {
    match kind {
        DocumentKind::Centre => include_bytes!("genesis/centre.bin"),
        DocumentKind::Worker => include_bytes!("genesis/worker.bin"),
        DocumentKind::Session => include_bytes!("genesis/session.bin"),
        DocumentKind::Visit => include_bytes!("genesis/visit.bin"),
        DocumentKind::Referral => include_bytes!("genesis/referral.bin"),
        DocumentKind::FamilyFile => include_bytes!("genesis/family_file.bin"),
        DocumentKind::Arrangement => include_bytes!("genesis/arrangement.bin"),
        DocumentKind::ProtectedDetails => include_bytes!("genesis/protected_details.bin"),
        DocumentKind::ObservationNote => include_bytes!("genesis/observation_note.bin"),
    }
}

#[cfg(test)]
mod tests;
