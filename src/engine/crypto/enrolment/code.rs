//! The six digits that both screens show.

use core::fmt;

use sync_protocol::{CentreId, InviteId, membership::DeviceKeys};

use super::{Commitment, Nonce};

/// The newcomer's nonce once it is known to be the one committed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevealedNonce(Nonce);

/// Six digits; equal on both screens if nobody sits between them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ComparisonCode(u32);

impl Commitment {
    /// The revealed nonce, if it is the one that this commits to.
    pub fn check(&self, nonce: Nonce) -> Option<RevealedNonce> {
        (nonce.commitment() == *self).then_some(RevealedNonce(nonce))
    }
}

impl Nonce {
    /// For the newcomer's own screen, which needs no proof of its own nonce.
    pub fn own(&self) -> RevealedNonce {
        RevealedNonce(self.clone())
    }
}

impl ComparisonCode {
    /// The code of one enrolment; each side was bound to its nonce before it saw the other's.
    pub fn of(
        centre: CentreId,
        invite: InviteId,
        keys: &DeviceKeys,
        newcomer: &RevealedNonce,
        approver: &Nonce,
    ) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(b"ng/code/v1")
            .update(centre.as_bytes())
            .update(invite.as_bytes())
            .update(keys.sign.as_bytes())
            .update(&keys.seal)
            .update(newcomer.0.as_bytes())
            .update(approver.as_bytes());
        let mut first = [0; 8];
        hasher.finalize_xof().fill(&mut first);
        let number = u64::from_be_bytes(first) % 1_000_000;
        Self(u32::try_from(number).unwrap_or(0))
    }

    /// The digits in two groups, as they are read aloud: `048 213`.
    pub fn grouped(self) -> String {
        format!("{:03} {:03}", self.0 / 1000, self.0 % 1000)
    }
}

impl fmt::Display for ComparisonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// The digits are for two screens, not for a log.
impl fmt::Debug for ComparisonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ComparisonCode(secret)")
    }
}
