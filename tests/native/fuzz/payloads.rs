//! What an envelope says inside, and the other things that are opened with a key or read from a row.

use neutral_ground::engine::crypto::{
    enrolment::InviteLink,
    key::DocumentKey,
    keyring::KeyringWrap,
    payload::{Attest, Change, Wrap},
};
use sync_protocol::{DeviceId, StreamId};

use crate::fuzz::{
    mutation::{Chance, Corpus},
    run::{Notes, Target},
};

/// Every payload's decoder, on the same bytes.
pub(crate) struct Payloads(Corpus);

impl Payloads {
    pub(crate) fn make() -> Box<dyn Target> {
        let wrap = Wrap {
            document_kind: 4,
            key: DocumentKey::from_bytes([9; 32]),
        };
        let (author, stream) = (DeviceId::from_bytes([1; 16]), StreamId::from_bytes([2; 8]));
        let attest = Attest {
            held: (1..40).map(|n| (author, stream, n * n * 300)).collect(),
        };
        let change = Change {
            changes: crate::fuzz::changes::real_changes(),
        };
        let link = b"https://centre.invalid/join#AQEBAQEBAQEBAQEBAQEBAQ".to_vec();
        Box::new(Self(Corpus::new(vec![
            wrap.encode().to_vec(),
            attest.encode().to_vec(),
            change.encode().to_vec(),
            link,
            vec![0x84, 0x01, 0x19, 0xFF, 0xFF, 0x03, 0x01],
        ])))
    }
}

impl Target for Payloads {
    fn round(&mut self, chance: &mut Chance, notes: &mut Notes) {
        let bytes = self.0.wrong(chance);
        notes.trying(&bytes);
        let is_change = Change::decode(&bytes).is_ok_and(|change| {
            assert_eq!(change.encode().as_slice(), bytes, "one way to write it");
            true
        });
        let wrap = Wrap::decode(&bytes).is_ok_and(|wrap| {
            assert_eq!(wrap.encode().as_slice(), bytes, "one way to write it");
            true
        });
        let attest = Attest::decode(&bytes).is_ok_and(|attest| {
            assert_eq!(attest.encode().as_slice(), bytes, "one way to write it");
            true
        });
        let _refused = KeyringWrap::decode(&bytes);
        let _refused = InviteLink::parse(&String::from_utf8_lossy(&bytes));
        if is_change || wrap || attest {
            notes.taken();
            self.0.keep(&bytes, chance);
        }
    }
}
