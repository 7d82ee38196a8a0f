//! Which signatures held, for simulations alone: there, one process is every tablet and the relay, and each of them
//! checks the same signatures. The same question gets the same answer; what did not hold is asked again.

use std::{cell::RefCell, collections::BTreeSet};

use ed25519_dalek::{SigningKey, VerifyingKey};

use super::{Refused, SIGNATURE_LEN, check, digest, make};

/// Signatures remembered at once; then it begins anew.
const MOST: usize = 1 << 16;

thread_local! {
    static HELD: RefCell<BTreeSet<[u8; 32]>> = RefCell::default();
}

/// What is signed here holds under its own key.
pub(crate) fn sign(purpose: &[u8], signed: &[u8; 32], key: &SigningKey) -> [u8; SIGNATURE_LEN] {
    let signature = make(purpose, signed, key);
    let verifying = key.verifying_key();
    remember(question(purpose, signed, &signature, &verifying));
    signature
}

pub(crate) fn verify(
    purpose: &[u8],
    signed: &[u8; 32],
    signature: &[u8; SIGNATURE_LEN],
    key: &VerifyingKey,
) -> Result<(), Refused> {
    let question = question(purpose, signed, signature, key);
    if HELD.with_borrow(|held| held.contains(&question)) {
        return Ok(());
    }
    check(purpose, signed, signature, key)?;
    remember(question);
    Ok(())
}

/// All but the purpose are of fixed length, so that no two questions look alike.
fn question(
    purpose: &[u8],
    signed: &[u8; 32],
    signature: &[u8; SIGNATURE_LEN],
    key: &VerifyingKey,
) -> [u8; 32] {
    digest(&[key.as_bytes(), signature, signed, purpose])
}

fn remember(question: [u8; 32]) {
    HELD.with_borrow_mut(|held| {
        if held.len() >= MOST {
            held.clear();
        }
        held.insert(question);
    });
}
