//! Refusals as HTTP answers: what went wrong inside is logged and never sent.

use axum::{
    extract::rejection::BytesRejection,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sync_protocol::{
    CodecError, ErrorCode, MembershipError,
    frame::{Challenge, Failure},
};

use crate::store::StoreError;

/// The media type of every body of the relay's calls.
pub const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Seconds after which whoever was sent away may come again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// Why a whole request is refused.
#[derive(Debug)]
pub enum RelayError {
    /// A code says it all.
    Code(ErrorCode),
    /// The request cannot be read.
    Codec(CodecError),
    /// There is no proof of a device key, or none that counts.
    Unproved(ErrorCode, Challenge),
    /// A membership record breaks a rule.
    Membership(MembershipError),
    /// The store could not do its work.
    Store(StoreError),
    /// The operating system had no random bytes.
    Random,
}

impl RelayError {
    fn failure(&self) -> Failure {
        let failure = |code: ErrorCode, message: String| Failure {
            code,
            message,
            challenge: None,
        };
        match self {
            Self::Code(code) => failure(*code, sentence(*code).to_owned()),
            Self::Codec(error) => failure(ErrorCode::Malformed, error.to_string()),
            Self::Unproved(code, challenge) => Failure {
                code: *code,
                message: sentence(*code).to_owned(),
                challenge: Some(*challenge),
            },
            Self::Membership(error) => failure(ErrorCode::MembershipRefused, error.to_string()),
            Self::Store(_) | Self::Random => {
                let code = ErrorCode::Unavailable;
                failure(code, sentence(code).to_owned())
            }
        }
    }
}

impl IntoResponse for RelayError {
    fn into_response(self) -> Response {
        if let Self::Store(error) = &self {
            tracing::error!(%error, "store failed");
        }
        let failure = self.failure();
        let status = StatusCode::from_u16(failure.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = [
            (header::CONTENT_TYPE, OCTETS),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let later = matches!(failure.code, ErrorCode::Unavailable | ErrorCode::SlowDown);
        let later = later.then_some([(header::RETRY_AFTER, RETRY_AFTER)]);
        let mut response = (status, headers, failure.encode()).into_response();
        response.headers_mut().extend(later.into_iter().flatten());
        response
    }
}

impl From<StoreError> for RelayError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<CodecError> for RelayError {
    fn from(error: CodecError) -> Self {
        Self::Codec(error)
    }
}

impl From<ErrorCode> for RelayError {
    fn from(code: ErrorCode) -> Self {
        Self::Code(code)
    }
}

impl From<BytesRejection> for RelayError {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::Code(ErrorCode::TooLarge)
        } else {
            Self::Code(ErrorCode::Malformed)
        }
    }
}

const fn sentence(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Malformed => "expected a readable request, found another",
        ErrorCode::ChallengeNeeded => "expected a signed challenge, found none",
        ErrorCode::ChallengeExpired => "expected a challenge in force, found an old or foreign one",
        ErrorCode::Signature => "expected the device's signature, found one that does not fit",
        ErrorCode::Forbidden => "expected channels that the device may read, found another",
        ErrorCode::UnknownDevice => "expected a device of the centre, found an unknown one",
        ErrorCode::Revoked => "expected a device in force, found a revoked one",
        ErrorCode::WrongToken => "expected the invite's token, found another",
        ErrorCode::UnknownCentre => "expected a centre of this relay, found an unknown one",
        ErrorCode::UnknownInvite => "expected an invite of this relay, found an unknown one",
        ErrorCode::UnknownPath => "expected a call of the relay, found an unknown one",
        ErrorCode::WrongMethod => "expected the call's own method, found another",
        ErrorCode::Timeout => "expected the request to arrive in time",
        ErrorCode::MembershipMoved => "expected the chain at another length",
        ErrorCode::MailboxClosed => "expected a mailbox in force, found its invite ended",
        ErrorCode::TooLarge => "expected a smaller request",
        ErrorCode::MailboxFull => "expected room in the mailbox, found it full",
        ErrorCode::MembershipRefused => "expected a record that follows the rules",
        ErrorCode::SlowDown => "expected fewer requests",
        ErrorCode::Unavailable => "expected to keep the request, but could not; nothing was kept",
        ErrorCode::Quota => "expected room for it, found none",
    }
}
