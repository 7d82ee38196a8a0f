//! The refusal of a whole request: a code, a sentence, and with a 401 a challenge to try again with.

use crate::{
    codec::{Reader, Writer},
    error::{CodecError, ErrorCode},
    frame::auth::Challenge,
};

/// Why the relay refused a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code that a program acts on.
    pub code: ErrorCode,
    /// A sentence for diagnostics; holds no content and no ids.
    pub message: String,
    /// With a 401: what to sign.
    pub challenge: Option<Challenge>,
}

impl Failure {
    /// The answer's body.
    pub fn encode(&self) -> Vec<u8> {
        let w = Writer::new()
            .array(if self.challenge.is_some() { 3 } else { 2 })
            .text(self.code.text())
            .text(&self.message);
        match &self.challenge {
            Some(challenge) => w.bytes(challenge.as_bytes()).finish(),
            None => w.finish(),
        }
    }

    /// What an answer's body says; anything else than a known code is an error, for instance a portal's HTML.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        let fields = r.length("failure")?;
        let code = ErrorCode::parse(r.text("code")?).ok_or_else(|| r.malformed("code"))?;
        let message = r.text("message")?.to_owned();
        let challenge = match fields {
            2 => None,
            3 => Some(Challenge::from_bytes(r.fixed("challenge")?)),
            found => {
                let reading = "failure";
                return Err(CodecError::Length {
                    reading,
                    expected: 2,
                    found,
                });
            }
        };
        r.finish()?;
        Ok(Self {
            code,
            message,
            challenge,
        })
    }
}
