//! Codes of refusals, and the errors of decoding. None of them carries content.

use core::fmt;

/// Why bytes could not be read as what they should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodecError {
    /// The bytes are not an item of the expected kind, or they end too soon.
    Malformed {
        /// What was being read.
        reading: &'static str,
        /// Where it began.
        offset: usize,
    },
    /// Another number of items or bytes than the layout has.
    Length {
        /// What was being read.
        reading: &'static str,
        /// The number in the layout.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// More items or bytes than anyone may send.
    TooMany {
        /// What was being read.
        reading: &'static str,
        /// The limit.
        limit: u64,
        /// The number found.
        found: u64,
    },
    /// Bytes after the end.
    Trailing {
        /// How many.
        left: usize,
    },
    /// The bytes mean the right thing but are not the one way to write it.
    NotCanonical,
    /// A signature that does not fit the bytes and the key.
    Signature,
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { reading, offset } => {
                write!(
                    f,
                    "expected {reading} at byte {offset}, found something else"
                )
            }
            Self::Length {
                reading,
                expected,
                found,
            } => {
                write!(
                    f,
                    "expected {expected} items or bytes of {reading}, found {found}"
                )
            }
            Self::TooMany {
                reading,
                limit,
                found,
            } => {
                write!(
                    f,
                    "expected at most {limit} items or bytes of {reading}, found {found}"
                )
            }
            Self::Trailing { left } => write!(f, "expected the end, found {left} more bytes"),
            Self::NotCanonical => f.write_str("expected the deterministic encoding, found another"),
            Self::Signature => {
                f.write_str("expected a valid signature, found one that does not fit")
            }
        }
    }
}

impl core::error::Error for CodecError {}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// Why the relay refused a whole request.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code on the wire.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The HTTP status it is answered with.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)*
                }
            }

            /// The code with this text, if this version knows it.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.text() == text)
            }
        }
    };
}

codes! {
    /// The request cannot be read.
    Malformed = "malformed", 400;
    /// The request has no proof of a device key; the answer carries a challenge.
    ChallengeNeeded = "challenge_needed", 401;
    /// The challenge is too old or not this relay's; the answer carries a new one.
    ChallengeExpired = "challenge_expired", 401;
    /// The request's signature does not fit; the answer carries a new challenge.
    Signature = "signature", 401;
    /// The device may not read what it asked for.
    Forbidden = "forbidden", 403;
    /// The device is not in this centre's membership chain.
    UnknownDevice = "unknown_device", 403;
    /// The device was revoked; it may only fetch the membership chain up to its revocation.
    Revoked = "revoked", 403;
    /// The token does not belong to the invite.
    WrongToken = "wrong_token", 403;
    /// No such centre on this relay.
    UnknownCentre = "unknown_centre", 404;
    /// No such invite on this relay.
    UnknownInvite = "unknown_invite", 404;
    /// No such call.
    UnknownPath = "unknown_path", 404;
    /// The call exists, but not with this method.
    WrongMethod = "wrong_method", 405;
    /// The request took too long to arrive.
    Timeout = "timeout", 408;
    /// The membership chain is not of the expected length; pull and try again.
    MembershipMoved = "membership_moved", 409;
    /// The invite's mailbox is closed.
    MailboxClosed = "mailbox_closed", 410;
    /// The request is over a size limit.
    TooLarge = "too_large", 413;
    /// The mailbox holds all the messages it may.
    MailboxFull = "mailbox_full", 413;
    /// A membership record breaks a rule; the message says which.
    MembershipRefused = "membership_refused", 422;
    /// Too many requests; wait and try again.
    SlowDown = "slow_down", 429;
    /// The relay could not do its work; nothing was stored.
    Unavailable = "unavailable", 503;
    /// The centre has used all the space it may.
    Quota = "quota", 507;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
