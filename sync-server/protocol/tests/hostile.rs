//! Bytes that no honest writer makes: nothing panics, nothing is taken, nothing large is allocated.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use sync_protocol::{
    Channel, CodecError, EnvelopeError, HEADER_LEN, Header, Membership, Ring, SealedEnvelope,
    SignedRecord,
    channel::Scope,
    envelope::EnvelopeKind,
    frame::{
        Authorization, Challenge, ChallengeError, Failure, LiveHello, MailboxAnswer,
        MailboxRequest, MembershipAnswer, MembershipRequest, Poke, PullAnswer, PullRequest,
        PushAnswer, PushRequest, RequestSigning,
    },
    id::{DocumentId, EnvelopeId},
    limits::MAX_ENVELOPE,
    vectors::{
        self,
        centre::{Author, MadeUpCentre, member, seal, signing_key},
    },
};

fn centre() -> MadeUpCentre {
    MadeUpCentre::open(1).unwrap()
}

fn author(channel: Channel) -> Author {
    Author::new(signing_key(1), channel, 5)
}

fn team() -> Channel {
    Channel::Ring(Ring::Team)
}

/// Every decoder there is, on the same bytes.
fn decode_everything(bytes: &[u8]) {
    let key = signing_key(1).verifying_key();
    let id = centre_id();
    let _ = SealedEnvelope::parse(bytes.to_vec());
    let _ = Header::parse(bytes);
    let _ = SignedRecord::parse(bytes.to_vec()).map(|record| record.record());
    let _ = PushRequest::decode(bytes);
    let _ = PushAnswer::open(bytes, id, &[], &key);
    let _ = PullRequest::decode(bytes);
    let _ = PullAnswer::open(bytes);
    let _ = MembershipRequest::decode(bytes);
    let _ = MembershipAnswer::decode(bytes);
    let _ = MailboxRequest::decode(bytes);
    let _ = MailboxAnswer::decode(bytes);
    let _ = LiveHello::decode(bytes);
    let _ = Poke::decode(bytes);
    let _ = Failure::decode(bytes);
    let _ = Authorization::parse(&String::from_utf8_lossy(bytes));
}

fn centre_id() -> sync_protocol::CentreId {
    sync_protocol::CentreId::from_bytes([1; 32])
}

/// A change that no honest writer makes.
type Spoil = fn(&mut Header);

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

#[test]
fn flipping_any_bit_of_a_header_byte_breaks_the_signature_or_the_layout() {
    let centre = centre();
    let envelope = author(team()).write(&centre.membership, 100).unwrap();
    let key = signing_key(1).verifying_key();
    for offset in 0..HEADER_LEN {
        for bit in 0..8 {
            let mut bytes = envelope.bytes().to_vec();
            bytes[offset] ^= 1 << bit;
            let refused = SealedEnvelope::parse(bytes).and_then(|changed| changed.verify(&key));
            assert!(refused.is_err(), "byte {offset} bit {bit}");
        }
    }
}

#[test]
fn flipping_any_byte_of_body_or_signature_breaks_the_signature() {
    let centre = centre();
    let envelope = author(team()).write(&centre.membership, 10).unwrap();
    let key = signing_key(1).verifying_key();
    for offset in HEADER_LEN..envelope.bytes().len() {
        let mut bytes = envelope.bytes().to_vec();
        bytes[offset] ^= 1;
        let changed = SealedEnvelope::parse(bytes).unwrap();
        assert_ne!(changed.id(), envelope.id());
        assert_eq!(
            changed.verify(&key),
            Err(EnvelopeError::Signature),
            "byte {offset}"
        );
    }
}

#[test]
fn a_header_keeps_every_field() {
    let centre = centre();
    let mut header = author(team()).header(&centre.membership, 100);
    header.n = 9;
    header.prev = EnvelopeId::from_bytes([9; 32]);
    header.head_seq = u64::MAX;
    header.claimed_ms = -1;
    let bytes = header.encode();
    assert_eq!(Header::parse(&bytes), Ok(header));
    assert_eq!(bytes.len(), HEADER_LEN);
    assert_eq!(
        &bytes[sync_protocol::envelope::COMMITMENT_OFFSET..],
        &Header::parse(&bytes).unwrap().commitment
    );
}

#[test]
fn headers_with_impossible_fields_are_refused() {
    let centre = centre();
    let good = author(team()).header(&centre.membership, 100);
    let spoils: [(&str, Spoil); 8] = [
        ("n", |h| h.n = 0),
        ("prev", |h| h.prev = EnvelopeId::from_bytes([1; 32])),
        ("prev", |h| h.n = 2),
        ("padded length", |h| h.padded_len = 300),
        ("document", |h| h.document = DocumentId::NONE),
        ("document", |h| h.kind = EnvelopeKind::Attest),
        ("epoch", |h| h.epoch = 0),
        ("kind", |h| h.kind = EnvelopeKind::Drop),
    ];
    for (name, spoil) in spoils {
        let mut header = good.clone();
        spoil(&mut header);
        assert_eq!(
            Header::parse(&header.encode()),
            Err(EnvelopeError::Field { name })
        );
    }
    let mut boxed = author(Channel::MemberBox(member(1))).header(&centre.membership, 100);
    assert!(Header::parse(&boxed.encode()).is_ok());
    boxed.kind = EnvelopeKind::Change;
    assert!(Header::parse(&boxed.encode()).is_err());
}

#[test]
fn unknown_versions_suites_and_kinds_ask_for_an_update() {
    let centre = centre();
    let envelope = author(team()).write(&centre.membership, 10).unwrap();
    for (offset, value) in [(4, 2), (5, 2), (6, 7)] {
        let mut bytes = envelope.bytes().to_vec();
        bytes[offset] = value;
        let error = SealedEnvelope::parse(bytes).unwrap_err();
        assert!(
            matches!(error, EnvelopeError::UpdateNeeded { .. }),
            "{error}"
        );
    }
}

#[test]
fn envelopes_of_a_wrong_size_are_refused() {
    let centre = centre();
    let envelope = author(team()).write(&centre.membership, 10).unwrap();
    let mut longer = envelope.bytes().to_vec();
    longer.push(0);
    assert!(matches!(
        SealedEnvelope::parse(longer),
        Err(EnvelopeError::Length { .. })
    ));
    for length in [0, 3, 8, 316, 317, 500, envelope.bytes().len() - 1] {
        let cut = envelope.bytes()[..length].to_vec();
        assert!(SealedEnvelope::parse(cut).is_err(), "{length}");
    }
    let huge = vec![0; MAX_ENVELOPE + 1];
    assert!(matches!(
        SealedEnvelope::parse(huge),
        Err(EnvelopeError::TooLarge { .. })
    ));
    let mut header = author(team()).header(&centre.membership, 10);
    header.padded_len = 1 << 20;
    assert!(matches!(
        seal(&header, &signing_key(1)),
        Err(EnvelopeError::TooLarge { .. })
    ));
}

#[test]
fn a_strangers_signature_is_refused() {
    let centre = centre();
    let header = author(team()).header(&centre.membership, 10);
    let envelope = seal(&header, &signing_key(9)).unwrap();
    assert_eq!(
        envelope.verify(&signing_key(1).verifying_key()),
        Err(EnvelopeError::Signature)
    );
}

#[test]
fn truncated_and_flipped_vectors_never_panic_a_decoder() {
    for vector in vectors::all() {
        let bytes = unhex(vector.expected);
        for length in 0..bytes.len().min(400) {
            decode_everything(&bytes[..length]);
        }
        for offset in 0..bytes.len().min(400) {
            for flip in [1, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[offset] ^= flip;
                decode_everything(&changed);
            }
        }
    }
}

#[test]
fn claimed_lengths_of_gigabytes_are_refused_without_the_bytes() {
    // An array or a byte string that claims 2^62 items.
    for head in [0x9B_u8, 0x5B] {
        let mut bytes = vec![0x83, 0x00, head, 0x40, 0, 0, 0, 0, 0, 0, 0];
        decode_everything(&bytes);
        bytes[0] = 0x82;
        decode_everything(&bytes);
    }
    let claimed = [0x82, 0x00, 0x9B, 0x40, 0, 0, 0, 0, 0, 0, 0];
    let error = MembershipRequest::decode(&claimed).unwrap_err();
    assert!(matches!(error, CodecError::TooMany { .. }), "{error}");
    let mut push = b"NGP1".to_vec();
    push.extend_from_slice(&u32::MAX.to_be_bytes());
    assert!(PushRequest::decode(&push).is_err());
}

#[test]
fn a_batch_over_the_limit_is_refused() {
    let envelope: &[u8] = &[1];
    assert!(
        PushRequest {
            envelopes: vec![envelope; 256]
        }
        .encode()
        .is_ok()
    );
    assert!(
        PushRequest {
            envelopes: vec![envelope; 257]
        }
        .encode()
        .is_err()
    );
    let mut bytes = b"NGP1".to_vec();
    bytes.extend([0, 0, 0, 0].repeat(257));
    assert!(matches!(
        PushRequest::decode(&bytes),
        Err(CodecError::TooMany { .. })
    ));
}

#[test]
fn a_captive_portals_page_is_no_answer_of_the_relay() {
    let page = b"<!doctype html><title>Sign in</title>";
    let key = signing_key(1).verifying_key();
    assert!(PushAnswer::open(page, centre_id(), &[], &key).is_err());
    assert!(PullAnswer::open(page).is_err());
    assert!(Failure::decode(page).is_err());
    assert!(MembershipAnswer::decode(page).is_err());
    assert!(MailboxAnswer::decode(page).is_err());
}

#[test]
fn a_record_in_another_encoding_is_refused() {
    let centre = centre();
    let bytes = centre.records[0].bytes();
    // The version as two bytes instead of one means the same and is refused.
    let mut longer = vec![0; 4];
    longer.extend_from_slice(&[bytes[4], 0x18]);
    longer.extend_from_slice(&bytes[5..]);
    let body = u32::try_from(longer.len() - 4 - 64).unwrap();
    longer[..4].copy_from_slice(&body.to_be_bytes());
    let record = SignedRecord::parse(longer).unwrap();
    let error = record.record().unwrap_err();
    assert_eq!(error.to_string(), CodecError::NotCanonical.to_string());
    assert!(Membership::genesis(&record).is_err());
}

#[test]
fn channels_and_scopes_refuse_what_is_none() {
    for channel in [
        team(),
        Channel::Desk(member(3)),
        Channel::RingBox(Ring::Admin),
        Channel::MemberBox(member(3)),
    ] {
        assert_eq!(Channel::parse(&channel.to_bytes()), Ok(channel));
    }
    let mut bytes = team().to_bytes();
    bytes[16] = 1;
    assert!(Channel::parse(&bytes).is_err());
    bytes = team().to_bytes();
    bytes[1] = 6;
    assert!(Channel::parse(&bytes).is_err());
    bytes[0] = 4;
    assert!(Channel::parse(&bytes).is_err());
    assert!(Channel::parse(&bytes[..16]).is_err());
    assert!(Scope::parse(&Channel::RingBox(Ring::Team).to_bytes()).is_err());
}

#[test]
fn a_challenge_is_worth_something_to_its_maker_until_it_expires() {
    let challenge = Challenge::issue(&[1; 32], [2; 16], 1000);
    assert_eq!(challenge.check(&[1; 32], 999), Ok(()));
    assert_eq!(
        challenge.check(&[1; 32], 1000),
        Err(ChallengeError::Expired)
    );
    assert_eq!(challenge.check(&[9; 32], 0), Err(ChallengeError::Forged));
    for offset in 0..56 {
        let mut bytes = *challenge.as_bytes();
        bytes[offset] ^= 1;
        let changed = Challenge::from_bytes(bytes);
        assert_eq!(
            changed.check(&[1; 32], 0),
            Err(ChallengeError::Forged),
            "{offset}"
        );
    }
}

#[test]
fn a_request_signature_covers_method_path_centre_challenge_and_body() {
    let key = signing_key(1);
    let good = RequestSigning {
        method: "POST",
        path: "/v1/a/pull",
        centre: centre_id(),
        challenge: Challenge::from_bytes([3; 56]),
        body: b"body",
    };
    let signature = good.sign(&key).signature;
    let public = key.verifying_key();
    assert!(good.verify(&signature, &public).is_ok());
    let others = [
        RequestSigning {
            method: "GET",
            ..good
        },
        RequestSigning {
            path: "/v1/b/pull",
            ..good
        },
        RequestSigning {
            centre: sync_protocol::CentreId::from_bytes([2; 32]),
            ..good
        },
        RequestSigning {
            challenge: Challenge::from_bytes([4; 56]),
            ..good
        },
        RequestSigning {
            body: b"else",
            ..good
        },
    ];
    for other in others {
        assert!(other.verify(&signature, &public).is_err(), "{other:?}");
    }
}

#[test]
fn debug_of_ids_and_envelopes_is_short() {
    let centre = centre();
    let envelope = author(team()).write(&centre.membership, 10).unwrap();
    let id = centre.membership.centre();
    assert_eq!(id.to_string().len(), 64);
    assert!(!format!("{id:?}").contains(&id.to_string()));
    assert!(format!("{envelope:?}").len() < 1500);
    assert_eq!(sync_protocol::CentreId::parse_hex(&id.to_string()), Ok(id));
    assert!(sync_protocol::CentreId::parse_hex("zz").is_err());
    assert!(sync_protocol::CentreId::parse_hex(&"é".repeat(32)).is_err());
}
