//! Why a membership record was refused; each cause says what was expected and found, never content.

use core::fmt;

use crate::{
    channel::Scope,
    id::{DeviceId, RecordHash},
    membership::signed::RecordError,
};

/// The rule that a membership record breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipError {
    /// There is no record at all.
    Empty,
    /// The record cannot be read; includes "update needed".
    Record(RecordError),
    /// The signature does not fit.
    Signature,
    /// Not the next place in the chain.
    Index {
        /// The next place.
        expected: u32,
        /// The record's.
        found: u32,
    },
    /// Does not follow the last record.
    Prev {
        /// The last record.
        expected: RecordHash,
        /// The one it names.
        found: RecordHash,
    },
    /// The signer is not a device of this centre.
    UnknownSigner,
    /// The signer was revoked.
    RevokedSigner,
    /// The signer's member does not hold `admin`.
    NotAdmin,
    /// Only a recovery kit says that one is used.
    NotAKit,
    /// A recovery kit signs nothing before it has said that it is used.
    UnannouncedKit,
    /// A genesis where the chain has begun, or another record where it has not.
    GenesisPlace,
    /// The genesis is not signed by the device it introduces.
    GenesisSigner,
    /// The genesis lacks a ring that every centre has.
    GenesisRings,
    /// A member without any ring.
    NoRings,
    /// The member is already there.
    KnownMember,
    /// The member is not there, or holds no ring.
    InactiveMember,
    /// The device or one of its keys is already there.
    KnownDevice,
    /// The device is not there, or already revoked.
    InactiveDevice,
    /// Nobody would be left to approve anybody.
    LastAdmin,
    /// The rings stay as they are.
    NoChange,
    /// A list of epochs does not name exactly the scopes it has to.
    EpochScopes {
        /// A scope that is missing, or too much.
        scope: Scope,
    },
    /// A list of epochs is empty where it must not be.
    NoEpochs,
    /// An epoch has another number than the next one.
    EpochNumber {
        /// Whose.
        scope: Scope,
        /// The next one.
        expected: u32,
        /// The record's.
        found: u32,
    },
    /// The first epoch links to one before it.
    EpochLink {
        /// Whose.
        scope: Scope,
    },
    /// Sealed keys do not go to exactly the readers.
    SealedReaders {
        /// Whose key.
        scope: Scope,
        /// A reader who is missing, or too much.
        device: DeviceId,
    },
    /// A sealed key names another scope or epoch than the one it should carry.
    SealedScope {
        /// The scope it names.
        scope: Scope,
        /// The epoch it names.
        epoch: u32,
    },
    /// The invite is already there.
    KnownInvite,
    /// The invite is not there, was used, or was cancelled.
    ClosedInvite,
    /// The invite is for somebody else.
    InviteMember,
    /// By the signer's clock the invite has ended, or lasts longer than any may.
    InviteExpiry,
}

impl MembershipError {
    /// Whether newer code might take the record.
    pub const fn is_update_needed(&self) -> bool {
        matches!(self, Self::Record(RecordError::UpdateNeeded { .. }))
    }
}

impl fmt::Display for MembershipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(error) => error.fmt(f),
            Self::Index { expected, found } => {
                write!(f, "expected record {expected}, found {found}")
            }
            Self::EpochScopes { scope } => {
                write!(
                    f,
                    "expected exactly the scopes concerned, found a difference at {}",
                    kind(*scope)
                )
            }
            Self::EpochNumber {
                scope,
                expected,
                found,
            } => {
                write!(
                    f,
                    "expected epoch {expected} of {}, found {found}",
                    kind(*scope)
                )
            }
            Self::EpochLink { scope } => {
                write!(
                    f,
                    "expected no link in the first epoch of {}, found one",
                    kind(*scope)
                )
            }
            Self::SealedReaders { scope, .. } => {
                write!(
                    f,
                    "expected the key of {} for exactly its readers, found a difference",
                    kind(*scope)
                )
            }
            Self::SealedScope { scope, epoch } => {
                write!(
                    f,
                    "expected another key than epoch {epoch} of {}",
                    kind(*scope)
                )
            }
            Self::Empty
            | Self::Signature
            | Self::Prev { .. }
            | Self::UnknownSigner
            | Self::RevokedSigner
            | Self::NotAdmin
            | Self::NotAKit
            | Self::UnannouncedKit
            | Self::GenesisPlace
            | Self::GenesisSigner
            | Self::GenesisRings
            | Self::NoRings
            | Self::KnownMember
            | Self::InactiveMember
            | Self::KnownDevice
            | Self::InactiveDevice
            | Self::LastAdmin
            | Self::NoChange
            | Self::NoEpochs
            | Self::KnownInvite
            | Self::ClosedInvite
            | Self::InviteMember
            | Self::InviteExpiry => f.write_str(self.sentence()),
        }
    }
}

impl MembershipError {
    /// The causes that need no numbers.
    const fn sentence(&self) -> &'static str {
        match self {
            Self::Empty => "expected a chain, found no record",
            Self::Signature => "expected the signer's signature, found one that does not fit",
            Self::Prev { .. } => "expected the hash of the last record, found another",
            Self::UnknownSigner => "expected a signer of this centre, found an unknown device",
            Self::RevokedSigner => "expected a signer in force, found a revoked device",
            Self::NotAdmin => "expected a signer who may approve, found one who may not",
            Self::NotAKit => "expected a recovery kit to say that it is used, found another signer",
            Self::UnannouncedKit => "expected a recovery kit to say first that it is used",
            Self::GenesisPlace => "expected the genesis first and once, found it out of place",
            Self::GenesisSigner => "expected the genesis to be signed by its own device",
            Self::GenesisRings => "expected admin, office, safeguarding and team in the genesis",
            Self::NoRings => "expected at least one ring, found none",
            Self::KnownMember => "expected a new member, found a known one",
            Self::InactiveMember => "expected an active member, found none",
            Self::KnownDevice => "expected a new device with new keys, found known ones",
            Self::InactiveDevice => "expected a device in force, found none",
            Self::LastAdmin => "expected one who may approve to remain, found none",
            Self::NoChange => "expected other rings, found the same",
            Self::NoEpochs => "expected at least one epoch, found none",
            Self::KnownInvite => "expected a new invite, found a known one",
            Self::ClosedInvite => "expected an open invite, found none",
            Self::InviteMember => "expected the invite's own member, found another",
            Self::InviteExpiry => "expected an invite in force for at most 72 hours",
            Self::Record(_)
            | Self::Index { .. }
            | Self::EpochScopes { .. }
            | Self::EpochNumber { .. }
            | Self::EpochLink { .. }
            | Self::SealedReaders { .. }
            | Self::SealedScope { .. } => "expected a record that follows the rules",
        }
    }
}

impl core::error::Error for MembershipError {}

impl From<RecordError> for MembershipError {
    fn from(error: RecordError) -> Self {
        Self::Record(error)
    }
}

fn kind(scope: Scope) -> String {
    match scope {
        Scope::Ring(ring) => ring.to_string(),
        Scope::Desk(_) => "a desk".to_owned(),
    }
}
