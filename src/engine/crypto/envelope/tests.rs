//! Sealing and opening, honest and hostile.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use sync_protocol::MemberId;

use super::*;
use crate::engine::crypto::vectors::FixedRng;

fn input(kind: EnvelopeKind) -> SealInput {
    let document = match kind {
        EnvelopeKind::Attest => DocumentId::NONE,
        EnvelopeKind::Change
        | EnvelopeKind::Snapshot
        | EnvelopeKind::Wrap
        | EnvelopeKind::Drop
        | EnvelopeKind::Erase
        | EnvelopeKind::Prune => DocumentId::from_bytes([2; 16]),
    };
    SealInput {
        kind,
        centre: CentreId::from_bytes([1; 32]),
        channel: Channel::Desk(MemberId::from_bytes([3; 16])),
        document,
        epoch: 4,
        stream: StreamId::from_bytes([5; 8]),
        n: 6,
        prev: EnvelopeId::from_bytes([7; 32]),
        membership: MembershipSeen {
            index: 8,
            hash: RecordHash::from_bytes([9; 32]),
        },
        head: HeadSeen {
            incarnation: Incarnation::from_bytes([10; 16]),
            seq: 11,
            chain: ChainHash::from_bytes([12; 32]),
        },
        claimed_ms: -13,
    }
}

struct Scene {
    rng: FixedRng,
    device: DeviceSecrets,
    document: DocumentKey,
    epoch: EpochKey,
}

impl Scene {
    fn new(label: &str) -> Self {
        let mut rng = FixedRng::new(label);
        let device = DeviceSecrets::generate(&mut rng);
        let (document, epoch) = (DocumentKey::random(&mut rng), EpochKey::random(&mut rng));
        Self {
            rng,
            device,
            document,
            epoch,
        }
    }

    fn change(&mut self, payload: &[u8]) -> SealedEnvelope {
        let key = SealKey::Document(&self.document);
        seal(
            &input(EnvelopeKind::Change),
            key,
            payload,
            &self.device,
            &mut self.rng,
        )
        .unwrap()
    }

    fn open(&self, envelope: &SealedEnvelope) -> Result<Vec<u8>, OpenError> {
        let verified = VerifiedEnvelope::verify(envelope, &self.device.public_keys().sign).unwrap();
        Ok(verified.open(SealKey::Document(&self.document))?.to_vec())
    }
}

#[test]
fn what_is_sealed_opens_and_the_header_says_what_was_put_in() {
    let mut scene = Scene::new("round trip");
    let envelope = scene.change(b"payload");
    let parsed = SealedEnvelope::parse(envelope.bytes().to_vec()).unwrap();
    assert_eq!(scene.open(&parsed).unwrap(), b"payload");

    let (header, put) = (parsed.header(), input(EnvelopeKind::Change));
    let said = SealInput {
        kind: header.kind,
        centre: header.centre,
        channel: header.channel,
        document: header.document,
        epoch: header.epoch,
        stream: header.stream,
        n: header.n,
        prev: header.prev,
        membership: MembershipSeen {
            index: header.membership_index,
            hash: header.membership_hash,
        },
        head: HeadSeen {
            incarnation: header.head_incarnation,
            seq: header.head_seq,
            chain: header.head_chain,
        },
        claimed_ms: header.claimed_ms,
    };
    assert_eq!(said, put);
    assert_eq!(header.author, scene.device.device_id());
    assert_eq!(header.key_id, scene.document.key_id());
}

#[test]
fn every_byte_of_an_envelope_is_bound_by_the_signature() {
    let mut scene = Scene::new("signature");
    let envelope = scene.change(b"payload");
    let key = scene.device.public_keys().sign;
    for at in 0..envelope.bytes().len() {
        let mut bytes = envelope.bytes().to_vec();
        bytes[at] ^= 1;
        let refused = SealedEnvelope::parse(bytes).map_or(true, |damaged| {
            VerifiedEnvelope::verify(&damaged, &key).is_err()
        });
        assert!(refused, "byte {at}");
    }
}

#[test]
fn every_byte_of_the_header_is_bound_by_the_seal_even_when_signed_again() {
    let mut scene = Scene::new("binding");
    let envelope = scene.change(b"payload");
    let key = SealKey::Document(&scene.document);
    for at in 0..HEADER_LEN {
        for bit in 0..8 {
            let mut header: [u8; HEADER_LEN] = envelope.header_bytes().try_into().unwrap();
            header[at] ^= 1 << bit;
            assert!(
                open_body(&header, envelope.body(), key).is_err(),
                "byte {at}, bit {bit}"
            );
        }
        let mut header: [u8; HEADER_LEN] = envelope.header_bytes().try_into().unwrap();
        header[at] ^= 1;
        let signed = SealedEnvelope::sign(&header, envelope.body(), scene.device.signing_key());
        let opens = signed.is_ok_and(|signed| {
            VerifiedEnvelope::verify(&signed, &scene.device.public_keys().sign)
                .is_ok_and(|verified| verified.open(key).is_ok())
        });
        assert!(!opens, "byte {at} signed again");
    }
}

#[test]
fn the_cipher_binds_the_whole_header_and_not_only_through_the_key() {
    let mut scene = Scene::new("associated data");
    let envelope = scene.change(b"payload");
    let derived = derive(envelope.header_bytes(), SealKey::Document(&scene.document));
    let opens =
        |header: &[u8]| aead::open(&derived.key, ONE_USE, header, envelope.body()).is_some();
    assert!(opens(envelope.header_bytes()));
    for at in 0..HEADER_LEN {
        let mut header = envelope.header_bytes().to_vec();
        header[at] ^= 1;
        assert!(!opens(&header), "byte {at}");
    }
}

#[test]
fn every_byte_of_the_body_is_bound() {
    let mut scene = Scene::new("body");
    let envelope = scene.change(b"payload");
    let key = SealKey::Document(&scene.document);
    for at in 0..envelope.body().len() {
        let mut body = envelope.body().to_vec();
        body[at] ^= 1;
        assert_eq!(
            open_body(envelope.header_bytes(), &body, key),
            Err(OpenError::Body),
            "byte {at}"
        );
    }
}

#[test]
fn another_key_is_refused_by_name_and_under_a_false_name_by_the_commitment() {
    let mut scene = Scene::new("other key");
    let envelope = scene.change(b"payload");
    let other = DocumentKey::random(&mut scene.rng);
    let verified = VerifiedEnvelope::verify(&envelope, &scene.device.public_keys().sign).unwrap();
    let named = scene.document.key_id();
    assert_eq!(
        verified.open(SealKey::Document(&other)),
        Err(OpenError::OtherKey { named })
    );
    let under_false_name = open_body(
        envelope.header_bytes(),
        envelope.body(),
        SealKey::Document(&other),
    );
    assert_eq!(under_false_name, Err(OpenError::Commitment));
}

#[test]
fn a_changed_commitment_is_refused_before_anything_is_decrypted() {
    let mut scene = Scene::new("commitment");
    let envelope = scene.change(b"payload");
    let mut header: [u8; HEADER_LEN] = envelope.header_bytes().try_into().unwrap();
    header[HEADER_LEN - 1] ^= 1;
    let signed =
        SealedEnvelope::sign(&header, envelope.body(), scene.device.signing_key()).unwrap();
    assert_eq!(scene.open(&signed), Err(OpenError::Commitment));
}

#[test]
fn an_insider_who_pads_in_a_shape_of_their_own_is_refused() {
    let mut scene = Scene::new("padding");
    let envelope = scene.change(b"payload");
    let derived = derive(envelope.header_bytes(), SealKey::Document(&scene.document));
    let mut shapes = [[0_u8; 256]; 3];
    shapes[0][..4].copy_from_slice(&7_u32.to_be_bytes());
    shapes[0][255] = 1;
    shapes[1][..4].copy_from_slice(&253_u32.to_be_bytes());
    shapes[2][..4].copy_from_slice(&u32::MAX.to_be_bytes());
    for shape in shapes {
        let body = aead::seal(&derived.key, ONE_USE, envelope.header_bytes(), &shape);
        let key = SealKey::Document(&scene.document);
        assert_eq!(
            open_body(envelope.header_bytes(), &body, key),
            Err(OpenError::Padding)
        );
    }
}

#[test]
fn only_the_named_authors_key_verifies() {
    let mut scene = Scene::new("author");
    let envelope = scene.change(b"payload");
    let other = DeviceSecrets::generate(&mut scene.rng);
    let author = scene.device.device_id();
    let refused = VerifiedEnvelope::verify(&envelope, &other.public_keys().sign).unwrap_err();
    assert_eq!(refused, VerifyError::OtherDevice { author });

    let header: &[u8; HEADER_LEN] = envelope.header_bytes().try_into().unwrap();
    let forged = SealedEnvelope::sign(header, envelope.body(), other.signing_key()).unwrap();
    let refused = VerifiedEnvelope::verify(&forged, &scene.device.public_keys().sign).unwrap_err();
    assert_eq!(refused, VerifyError::Signature);
}

#[test]
fn each_kind_takes_its_own_kind_of_key_and_reserved_kinds_take_none() {
    let mut scene = Scene::new("kinds");
    for kind in EnvelopeKind::ALL {
        let (document, epoch) = (
            SealKey::Document(&scene.document),
            SealKey::Epoch(&scene.epoch),
        );
        let mut sealed = |key| seal(&input(kind), key, b"x", &scene.device, &mut scene.rng);
        let found = (
            sealed(document).is_ok(),
            sealed(epoch).is_ok(),
            sealed(SealKey::InTheClear).is_ok(),
        );
        let expected = match kind {
            EnvelopeKind::Change | EnvelopeKind::Snapshot => (true, false, false),
            EnvelopeKind::Wrap => (false, true, false),
            EnvelopeKind::Attest => (false, true, true),
            EnvelopeKind::Prune => (false, false, true),
            EnvelopeKind::Drop | EnvelopeKind::Erase => (false, false, false),
        };
        assert_eq!(found, expected, "{kind:?}");
    }
}

#[test]
fn an_insider_cannot_pass_a_wrap_off_as_sealed_by_a_document_key() {
    let mut scene = Scene::new("key kinds");
    let key = DocumentKey::from_bytes(*scene.epoch.expose());
    let sealed = SealKey::Epoch(&scene.epoch);
    let envelope = seal(
        &input(EnvelopeKind::Wrap),
        sealed,
        b"x",
        &scene.device,
        &mut scene.rng,
    )
    .unwrap();
    let verified = VerifiedEnvelope::verify(&envelope, &scene.device.public_keys().sign).unwrap();
    let kind = EnvelopeKind::Wrap;
    assert_eq!(
        verified.open(SealKey::Document(&key)),
        Err(OpenError::KeyKind { kind })
    );
}

#[test]
fn the_length_of_an_envelope_tells_the_step_and_not_the_payload() {
    let mut scene = Scene::new("lengths");
    for (payload, padded) in [
        (0, 256),
        (1, 256),
        (252, 256),
        (253, 512),
        (4092, 4096),
        (4093, 5120),
        (16_380, 16_384),
        (16_381, 17_408),
        (100_000, 100_352),
    ] {
        let envelope = scene.change(&vec![0x5A; payload]);
        assert_eq!(
            envelope.bytes().len(),
            padded + OVERHEAD,
            "payload of {payload}"
        );
        assert_eq!(scene.open(&envelope).unwrap().len(), payload);
    }
}

#[test]
fn the_longest_payload_fits_and_one_byte_more_does_not() {
    let mut scene = Scene::new("limits");
    let longest = vec![1; MAX_PAYLOAD];
    let envelope = scene.change(&longest);
    assert!(envelope.bytes().len() <= MAX_ENVELOPE);
    assert_eq!(scene.open(&envelope).unwrap(), longest);
    let key = SealKey::Document(&scene.document);
    let longer = vec![1; MAX_PAYLOAD + 1];
    let refused = seal(
        &input(EnvelopeKind::Change),
        key,
        &longer,
        &scene.device,
        &mut scene.rng,
    );
    assert!(
        matches!(refused, Err(SealError::TooLarge { .. })),
        "{refused:?}"
    );
}

#[test]
fn the_same_payload_sealed_twice_has_nothing_in_common_that_is_secret() {
    let mut scene = Scene::new("twice");
    let (first, second) = (scene.change(b"payload"), scene.change(b"payload"));
    assert_ne!(first.header().salt, second.header().salt);
    assert_ne!(first.header().commitment, second.header().commitment);
    assert_ne!(first.body(), second.body());
}

#[test]
fn parts_that_no_reader_would_take_are_refused_when_sealing() {
    let mut scene = Scene::new("parts");
    let key = SealKey::Document(&scene.document);
    let first_with_one_before = SealInput {
        n: 1,
        ..input(EnvelopeKind::Change)
    };
    let no_epoch = SealInput {
        epoch: 0,
        ..input(EnvelopeKind::Change)
    };
    for wrong in [first_with_one_before, no_epoch] {
        let refused = seal(&wrong, key, b"x", &scene.device, &mut scene.rng);
        assert!(matches!(refused, Err(SealError::Header(_))), "{refused:?}");
    }
}

#[test]
fn debug_of_what_opens_shows_no_key() {
    let scene = Scene::new("debug");
    assert_eq!(
        format!("{:?}", SealKey::Document(&scene.document)),
        "Document(DocumentKey(secret))"
    );
}
