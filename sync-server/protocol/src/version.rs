//! Versions and suites that this code speaks. Nothing is negotiated: the membership chain states the suite.

/// Version of the envelope layout.
pub const ENVELOPE: u8 = 1;
/// Version of a membership record's body.
pub const RECORD: u8 = 1;
/// DHKEM-X25519, HKDF-SHA256, ChaCha20-Poly1305, Ed25519, BLAKE3.
pub const SUITE: u8 = 1;
