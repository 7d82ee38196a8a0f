//! Proof of a device key: the relay's own nonce, signed together with the request.

use sync_protocol::{
    CentreId, ErrorCode,
    frame::{Authorization, Challenge, ChallengeError, RequestSigning},
    limits::CHALLENGE_MS,
    membership::Device,
};

use crate::{
    error::RelayError,
    relay::{Centre, Relay},
};

/// A request whose sender is to be proved.
#[derive(Clone, Copy, Debug)]
pub struct Unproved<'a> {
    /// `POST` or `GET`.
    pub method: &'a str,
    /// From the first slash, without a query.
    pub path: &'a str,
    /// The centre asked about.
    pub centre: CentreId,
    /// The request's body.
    pub body: &'a [u8],
    /// What the request offers as proof.
    pub authorization: Option<Authorization>,
}

impl<'a> Unproved<'a> {
    /// A posted request, as pulls and proved pushes are.
    pub const fn post(
        centre: CentreId,
        path: &'a str,
        body: &'a [u8],
        authorization: Option<Authorization>,
    ) -> Self {
        Self {
            method: "POST",
            path,
            centre,
            body,
            authorization,
        }
    }
}

impl Relay {
    /// A new nonce.
    pub(super) fn challenge(&self) -> Result<Challenge, RelayError> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| RelayError::Random)?;
        let expires_ms = self.now().saturating_add(CHALLENGE_MS);
        Ok(Challenge::issue(&self.challenge_key, random, expires_ms))
    }

    /// The device that sent a request, revoked or not.
    pub(crate) fn prove<'c>(
        &self,
        centre: &'c Centre,
        request: Unproved<'_>,
    ) -> Result<&'c Device, RelayError> {
        let Some(authorization) = request.authorization else {
            return Err(self.unproved(ErrorCode::ChallengeNeeded));
        };
        let challenge = authorization.challenge;
        match challenge.check(&self.challenge_key, self.now()) {
            Ok(()) => {}
            Err(ChallengeError::Expired | ChallengeError::Forged) => {
                return Err(self.unproved(ErrorCode::ChallengeExpired));
            }
        }
        let device = centre
            .membership
            .device(&authorization.device)
            .ok_or(ErrorCode::UnknownDevice)?;
        let signing = RequestSigning {
            method: request.method,
            path: request.path,
            centre: request.centre,
            challenge,
            body: request.body,
        };
        signing
            .verify(&authorization.signature, &device.sign)
            .map_err(|_| self.unproved(ErrorCode::Signature))?;
        Ok(device)
    }

    fn unproved(&self, code: ErrorCode) -> RelayError {
        match self.challenge() {
            Ok(challenge) => RelayError::Unproved(code, challenge),
            Err(error) => error,
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.now_ms()).unwrap_or(0)
    }
}
