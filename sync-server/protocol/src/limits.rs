//! Sizes and counts that both ends hold to; checked before anything is allocated.

/// Bytes of one whole envelope.
pub const MAX_ENVELOPE: usize = 1024 * 1024;
/// Envelopes in one push.
pub const MAX_BATCH: usize = 256;
/// Bytes of one push; a client with more to send splits it.
pub const MAX_PUSH_BODY: usize = 8 * 1024 * 1024;
/// Bytes of envelopes and records in one answer of a pull, before `more` is set.
pub const PULL_PAGE: usize = 2_000_000;
/// Bytes of one answer of a pull: the page, one envelope more, and the frame around them.
pub const MAX_PULL_ANSWER: usize = 4 * 1024 * 1024;
/// Channels in one pull.
pub const MAX_CHANNELS: usize = 4096;
/// Bytes of a pull request.
pub const MAX_PULL_BODY: usize = 256 * 1024;
/// Bytes of one membership record.
pub const MAX_RECORD: usize = 1024 * 1024;
/// Membership records in one request or answer.
pub const MAX_RECORDS: usize = 4096;
/// Bytes of a membership request.
pub const MAX_MEMBERSHIP_BODY: usize = 4 * 1024 * 1024;
/// Epochs in one membership record.
pub const MAX_EPOCHS: usize = 2048;
/// Sealed keys in one list of a membership record.
pub const MAX_SEALED_KEYS: usize = 4096;
/// Milliseconds from an invite's claimed time to its end: 72 hours.
pub const MAX_INVITE_MS: i64 = 72 * 60 * 60 * 1000;
/// Bytes of one message in a mailbox.
pub const MAX_MAILBOX_MESSAGE: usize = 4096;
/// Messages in one mailbox.
pub const MAX_MAILBOX_MESSAGES: usize = 8;
/// Bytes of a mailbox request.
pub const MAX_MAILBOX_BODY: usize = 8 * 1024;
/// Milliseconds a challenge of the relay is worth: 24 hours.
pub const CHALLENGE_MS: u64 = 24 * 60 * 60 * 1000;
/// Milliseconds for which envelopes of a retired epoch are still taken: 14 days.
pub const RETIRED_EPOCH_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// Runs in one coverage.
pub const MAX_COVERED: usize = 4096;
/// Milliseconds that a snapshot rests before a centre's only able device may vouch for its own: 7 days.
pub const ALONE_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Milliseconds for which pruned bodies stay in the relay's trash: 30 days.
pub const TRASH_MS: i64 = 30 * 24 * 60 * 60 * 1000;
