//! The fixed vectors, natively; the browser suite runs the same check.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use sync_protocol::{
    Membership, SealedEnvelope, SignedRecord,
    frame::{
        Authorization, Failure, LiveHello, MailboxAnswer, MembershipAnswer, MembershipRequest,
        Poke, PullAnswer, PullRequest, PushAnswer, PushRequest,
    },
    id::EnvelopeId,
    vectors::{self, centre::signing_key},
};

fn vector(name: &str) -> Vec<u8> {
    let vector = vectors::all().into_iter().find(|v| v.name == name).unwrap();
    (0..vector.expected.len() / 2)
        .map(|i| u8::from_str_radix(&vector.expected[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

fn chain(name: &str) -> Vec<SignedRecord> {
    let bytes = vector(name);
    let mut rest = bytes.as_slice();
    let mut records = Vec::new();
    while !rest.is_empty() {
        let body = usize::try_from(u32::from_be_bytes(rest[..4].try_into().unwrap())).unwrap();
        let (record, after) = rest.split_at(4 + body + 64);
        records.push(SignedRecord::parse(record.to_vec()).unwrap());
        rest = after;
    }
    records
}

#[test]
fn every_vector_still_has_its_bytes() {
    for vector in vectors::all() {
        assert_eq!(vector.made, vector.expected, "{}", vector.name);
    }
    assert_eq!(vectors::check_all(), Ok(()));
}

#[test]
fn the_chain_vector_replays_to_the_hashes_vector() {
    let records = chain("membership_chain");
    let membership = Membership::replay(&records).unwrap();
    let hashes: Vec<u8> = records.iter().flat_map(|r| *r.hash().as_bytes()).collect();
    assert_eq!(hashes, vector("membership_hashes"));
    assert_eq!(membership.length(), 9);
    assert_eq!(membership.centre().as_bytes(), records[0].hash().as_bytes());
    assert_eq!(membership.head().as_bytes(), &hashes[hashes.len() - 32..]);
}

#[test]
fn the_relay_change_vector_names_the_relay_that_its_admin_named() {
    let records = chain("relay_change");
    let before = Membership::replay(&records[..1]).unwrap();
    let after = Membership::replay(&records).unwrap();
    assert_eq!((before.relay(), after.relay()), (None, Some([44; 32])));
}

#[test]
fn the_envelope_vector_parses_and_its_signatures_fit() {
    let bytes = vector("envelope");
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let first = SealedEnvelope::parse(first.to_vec()).unwrap();
    let second = SealedEnvelope::parse(second.to_vec()).unwrap();
    let key = signing_key(1).verifying_key();
    assert_eq!(first.verify(&key), Ok(()));
    assert_eq!(second.verify(&key), Ok(()));
    assert_eq!(second.header().prev, first.id());
    assert_eq!(first.header().encode().as_slice(), vector("header"));
    assert_eq!(
        first.id().as_bytes(),
        blake3::hash(first.bytes()).as_bytes()
    );
}

#[test]
fn every_frame_vector_decodes_and_encodes_to_itself() {
    let bytes = vector("pull_request");
    assert_eq!(PullRequest::decode(&bytes).unwrap().encode(), bytes);
    let bytes = vector("membership_request");
    assert_eq!(MembershipRequest::decode(&bytes).unwrap().encode(), bytes);
    let bytes = vector("membership_answer");
    assert_eq!(MembershipAnswer::decode(&bytes).unwrap().encode(), bytes);
    let bytes = vector("mailbox_answer");
    assert_eq!(MailboxAnswer::decode(&bytes).unwrap().encode(), bytes);
    let bytes = vector("failure");
    assert_eq!(Failure::decode(&bytes).unwrap().encode(), bytes);
    let bytes = vector("push_request");
    assert_eq!(
        PushRequest::decode(&bytes).unwrap().encode().unwrap(),
        bytes
    );
    let bytes = vector("pull_answer");
    assert_eq!(
        PullAnswer::open(&bytes).unwrap().sign(&signing_key(200)),
        bytes
    );
    let bytes = vector("authorization");
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(Authorization::parse(&text).unwrap().header(), text);
    let bytes = vector("live");
    let (hello, pokes) = bytes.split_at(bytes.len() - 75);
    assert_eq!(LiveHello::decode(hello).unwrap().encode(), hello);
    for poke in pokes.chunks(25) {
        assert_eq!(Poke::decode(poke).unwrap().encode().as_slice(), poke);
    }
}

#[test]
fn the_receipt_vector_opens_for_its_envelopes_and_no_others() {
    let request = vector("push_request");
    let request = PushRequest::decode(&request).unwrap();
    let ids: Vec<EnvelopeId> = request
        .envelopes
        .iter()
        .map(|bytes| SealedEnvelope::parse(bytes.to_vec()).unwrap().id())
        .collect();
    let centre = Membership::replay(&chain("membership_chain"))
        .unwrap()
        .centre();
    let key = signing_key(200).verifying_key();
    let answer = vector("push_answer");
    assert!(PushAnswer::open(&answer, centre, &ids, &key).is_ok());
    let swapped = [ids[1], ids[0]];
    assert!(PushAnswer::open(&answer, centre, &swapped, &key).is_err());
    assert!(PushAnswer::open(&answer, centre, &ids[..1], &key).is_err());
    let stranger = signing_key(201).verifying_key();
    assert!(PushAnswer::open(&answer, centre, &ids, &stranger).is_err());
}

#[test]
fn padding_follows_its_steps() {
    use sync_protocol::padding::{is_padded_len, pad, padded_len, unpad};
    let cases = [
        (0, 256),
        (252, 256),
        (253, 512),
        (4092, 4096),
        (4093, 5120),
        (16_380, 16_384),
        (16_381, 17_408),
        (100_000, 100_352),
        (1_000_000, 1_015_808),
    ];
    for (payload, padded) in cases {
        assert_eq!(padded_len(payload), padded, "{payload}");
    }
    for length in (0..20_000).step_by(37) {
        let payload = vec![0xAB; length];
        let padded = pad(&payload).unwrap();
        assert!(is_padded_len(padded.len()));
        assert_eq!(unpad(&padded), Ok(payload.as_slice()));
        assert!(
            padded.len() * 100 <= (length + 4).max(2048) * 125,
            "{length}"
        );
    }
    let mut padded = pad(b"words").unwrap();
    padded[255] = 1;
    assert!(unpad(&padded).is_err());
    padded[255] = 0;
    padded[0] = 0xFF;
    assert!(unpad(&padded).is_err());
    assert!(unpad(&pad(b"words").unwrap()[..255]).is_err());
    assert!(unpad(&[]).is_err());
}

#[test]
fn the_recovery_vector_ends_in_a_kit_that_was_used() {
    let membership = Membership::replay(&chain("recovery")).unwrap();
    let kit = membership.kits().next().unwrap().device;
    let used = membership.recoveries().last().unwrap();
    assert_eq!((used.kit, used.index), (kit, membership.last_index()));
}
