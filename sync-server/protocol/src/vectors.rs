//! Fixed inputs with their fixed bytes, checked natively and in WebAssembly by the same function.
//!
//! The expected bytes are the `.hex` files beside this module, for anyone who writes another implementation.
//! A change to any of them is a change of the protocol.

/// A made-up centre and its authors, for vectors and for tests.
pub mod centre;
mod made;

use core::fmt;

/// Bytes that this code makes now, and those that it made when the vector was fixed.
#[derive(Clone, Debug)]
pub struct Vector {
    /// What the bytes are, and the stem of its file.
    pub name: &'static str,
    /// The fixed bytes, as hexadecimal digits.
    pub expected: &'static str,
    /// What this code makes.
    pub made: String,
}

/// A vector whose bytes have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Which.
    pub name: &'static str,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected the fixed bytes of {}, found others", self.name)
    }
}

impl core::error::Error for Changed {}

macro_rules! vectors {
    ($($name:ident),* $(,)?) => {
        /// Every vector.
        pub fn all() -> Vec<Vector> {
            vec![$(Vector {
                name: stringify!($name),
                expected: include_str!(concat!("vectors/", stringify!($name), ".hex")).trim_ascii(),
                made: made::$name(),
            },)*]
        }
    };
}

vectors! {
    names,
    channels,
    padding,
    header,
    envelope,
    stub,
    vouching,
    prune,
    membership_chain,
    membership_hashes,
    relay_change,
    recovery,
    challenge,
    authorization,
    push_request,
    push_answer,
    pull_request,
    pull_answer,
    membership_request,
    membership_answer,
    mailbox_request,
    mailbox_answer,
    live,
    failure,
}

/// Checks that this code still makes every vector's bytes.
pub fn check_all() -> Result<(), Changed> {
    match all()
        .into_iter()
        .find(|vector| vector.made != vector.expected)
    {
        Some(vector) => Err(Changed { name: vector.name }),
        None => Ok(()),
    }
}
