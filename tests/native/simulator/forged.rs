//! Changes that no honest app makes, each under an actor of the caller's choice.

use automerge::{ActorId, AutoCommit, ROOT, transaction::Transactable as _};

/// A change that writes a text, and follows nothing.
pub(crate) fn made(actor: &[u8], text: &str) -> Vec<u8> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(actor));
    doc.put(ROOT, "junk", text).unwrap();
    last_change(&mut doc)
}

/// The second of two changes, of which nobody else has the first.
pub(crate) fn after_nothing(actor: &[u8]) -> Vec<u8> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(actor));
    doc.put(ROOT, "junk", "first").unwrap();
    doc.commit();
    doc.put(ROOT, "junk", "second").unwrap();
    last_change(&mut doc)
}

fn last_change(doc: &mut AutoCommit) -> Vec<u8> {
    doc.commit();
    let mut change = doc.get_last_local_change().unwrap().clone();
    change.bytes().into_owned()
}
