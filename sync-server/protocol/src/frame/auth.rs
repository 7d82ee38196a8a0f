//! Proof of a device key with the relay's own nonce, so that a tablet with a wrong clock can still sync.

use core::fmt;

use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::{
    error::CodecError,
    hex,
    id::{CentreId, DeviceId},
    signing::{self, SIGNATURE_LEN},
};

/// Bytes of a challenge.
pub const CHALLENGE_LEN: usize = 56;

const SCHEME: &str = "NG";

/// A nonce of the relay: random bytes, an expiry, and a keyed hash of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Challenge([u8; CHALLENGE_LEN]);

/// Why the relay does not take a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeError {
    /// Made by somebody else.
    Forged,
    /// Too old.
    Expired,
}

impl fmt::Display for ChallengeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forged => "expected a challenge of this relay, found another",
            Self::Expired => "expected a challenge in force, found an old one",
        })
    }
}

impl core::error::Error for ChallengeError {}

impl Challenge {
    /// A challenge that the holder of `key` will know again without remembering it.
    pub fn issue(key: &[u8; 32], random: [u8; 16], expires_ms: u64) -> Self {
        let expiry = expires_ms.to_be_bytes();
        let mut bytes = [0; CHALLENGE_LEN];
        let parts: [&[u8]; 3] = [&random, &expiry, &keyed(key, &random, expiry)];
        for (slot, byte) in bytes.iter_mut().zip(parts.iter().copied().flatten()) {
            *slot = *byte;
        }
        Self(bytes)
    }

    /// Whether the holder of `key` issued it and it is still worth something.
    pub fn check(&self, key: &[u8; 32], now_ms: u64) -> Result<(), ChallengeError> {
        let (random, rest) = self
            .0
            .split_first_chunk::<16>()
            .ok_or(ChallengeError::Forged)?;
        let (expiry, tag) = rest
            .split_first_chunk::<8>()
            .ok_or(ChallengeError::Forged)?;
        let tag: [u8; 32] = tag.try_into().map_err(|_| ChallengeError::Forged)?;
        if blake3::Hash::from(keyed(key, random, *expiry)) != blake3::Hash::from(tag) {
            return Err(ChallengeError::Forged);
        }
        if now_ms >= u64::from_be_bytes(*expiry) {
            return Err(ChallengeError::Expired);
        }
        Ok(())
    }

    /// The challenge made of these bytes.
    pub const fn from_bytes(bytes: [u8; CHALLENGE_LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes of the challenge.
    pub const fn as_bytes(&self) -> &[u8; CHALLENGE_LEN] {
        &self.0
    }
}

/// What a request's signature covers.
#[derive(Clone, Copy, Debug)]
pub struct RequestSigning<'a> {
    /// `POST` or `GET`.
    pub method: &'a str,
    /// From the first slash, without a query.
    pub path: &'a str,
    /// The centre asked about.
    pub centre: CentreId,
    /// The relay's nonce.
    pub challenge: Challenge,
    /// The request's body.
    pub body: &'a [u8],
}

impl RequestSigning<'_> {
    /// Signs the request.
    pub fn sign(&self, key: &SigningKey) -> Authorization {
        Authorization {
            device: DeviceId::of(&key.verifying_key()),
            challenge: self.challenge,
            signature: signing::sign(signing::REQUEST, &self.digest(), key),
        }
    }

    /// Checks a signature of the request, strictly.
    pub fn verify(
        &self,
        signature: &[u8; SIGNATURE_LEN],
        key: &VerifyingKey,
    ) -> Result<(), CodecError> {
        signing::verify(signing::REQUEST, &self.digest(), signature, key)
            .map_err(|_| CodecError::Signature)
    }

    fn digest(&self) -> [u8; 32] {
        request_digest(
            self.method,
            self.path,
            self.centre,
            self.challenge,
            self.body,
        )
    }
}

/// The digest that a request's signature covers.
pub fn request_digest(
    method: &str,
    path: &str,
    centre: CentreId,
    challenge: Challenge,
    body: &[u8],
) -> [u8; 32] {
    signing::digest(&[
        method.as_bytes(),
        b" ",
        path.as_bytes(),
        &[0],
        centre.as_bytes(),
        challenge.as_bytes(),
        body,
    ])
}

/// The value of the `authorization` header of a signed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Who asks.
    pub device: DeviceId,
    /// The nonce that was signed.
    pub challenge: Challenge,
    /// The device's signature.
    pub signature: [u8; SIGNATURE_LEN],
}

impl Authorization {
    /// The header's value.
    pub fn header(&self) -> String {
        let challenge = hex::encode(&self.challenge.0);
        let signature = hex::encode(&self.signature);
        format!("{SCHEME} {} {challenge} {signature}", self.device)
    }

    /// What a header's value says.
    pub fn parse(header: &str) -> Result<Self, CodecError> {
        Self::parse_parts(header).ok_or(CodecError::Malformed {
            reading: "authorization",
            offset: 0,
        })
    }

    fn parse_parts(header: &str) -> Option<Self> {
        let mut parts = header.split(' ');
        if parts.next()? != SCHEME {
            return None;
        }
        let authorization = Self {
            device: DeviceId::parse_hex(parts.next()?).ok()?,
            challenge: Challenge(hex::parse(parts.next()?).ok()?),
            signature: hex::parse(parts.next()?).ok()?,
        };
        parts.next().is_none().then_some(authorization)
    }
}

fn keyed(key: &[u8; 32], random: &[u8; 16], expiry: [u8; 8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(random).update(&expiry);
    *hasher.finalize().as_bytes()
}
