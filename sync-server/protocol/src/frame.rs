//! Requests and answers of the relay, typed; one file per call.
//!
//! A decoder checks every limit before it takes anything, and gives a signed answer out only if the signature fits.

/// Proof of a device key with the relay's own nonce.
pub mod auth;
/// The refusal of a whole request.
pub mod failure;
/// Pokes over a live connection.
pub mod live;
/// The enrolment mailbox.
pub mod mailbox;
/// Appending to the membership chain.
pub mod membership;
/// Fetching what is new.
pub mod pull;
/// Handing envelopes over.
pub mod push;

pub use auth::{Authorization, Challenge, ChallengeError, RequestSigning, request_digest};
pub use failure::Failure;
pub use live::{LiveHello, Poke};
pub use mailbox::{MailboxAnswer, MailboxRequest, MailboxState};
pub use membership::{MembershipAnswer, MembershipRequest};
pub use pull::{ChannelPage, PullAnswer, PullRequest, pull_digest};
pub use push::{PushAnswer, PushCode, PushOutcome, PushRequest, receipt_digest};
