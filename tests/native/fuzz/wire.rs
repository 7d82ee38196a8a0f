//! What the relay and a tablet say to each other, and the membership chain: read by both, written by anybody.

use ed25519_dalek::SigningKey;
use sync_protocol::{
    Channel, HEADER_LEN, Header, Membership, Ring, SealedEnvelope, SignedRecord,
    frame::{
        Authorization, Failure, LiveHello, MailboxAnswer, MailboxRequest, MembershipAnswer,
        MembershipRequest, Poke, PullAnswer, PullRequest, PushAnswer, PushRequest,
    },
    vectors::{
        self,
        centre::{Author, MadeUpCentre, member, signing_key},
    },
};

use crate::fuzz::{
    mutation::{Chance, Corpus},
    run::{Notes, Target},
};

/// Envelopes, with a signature that fits in most rounds, so that what lies behind it is reached.
pub(crate) struct Envelopes {
    corpus: Corpus,
    key: SigningKey,
}

impl Envelopes {
    pub(crate) fn make() -> Box<dyn Target> {
        let centre = made_up();
        let channels = [
            Channel::Ring(Ring::Team),
            Channel::Desk(member(2)),
            Channel::MemberBox(member(1)),
        ];
        let seeds = channels.into_iter().flat_map(|channel| {
            let mut author = Author::new(signing_key(1), channel, 5);
            [1, 3000].map(|size| author.write(&centre.membership, size).unwrap().into_bytes())
        });
        Box::new(Self {
            corpus: Corpus::new(seeds.collect()),
            key: signing_key(1),
        })
    }
}

impl Target for Envelopes {
    fn round(&mut self, chance: &mut Chance, notes: &mut Notes) {
        let mut bytes = self.corpus.wrong(chance);
        if bytes.len() > HEADER_LEN + 64 && !chance.one_in(4) {
            let (header, rest) = bytes.split_at(HEADER_LEN);
            let body = &rest[..rest.len() - 64];
            let header: &[u8; HEADER_LEN] = header.try_into().unwrap();
            if let Ok(signed) = SealedEnvelope::sign(header, body, &self.key) {
                bytes = signed.into_bytes();
            }
        }
        notes.trying(&bytes);
        let _refused = Header::parse(&bytes);
        let Ok(envelope) = SealedEnvelope::parse(bytes.clone()) else {
            return;
        };
        assert_eq!(envelope.bytes(), bytes, "kept as it came");
        assert_eq!(
            envelope.header().encode(),
            bytes[..HEADER_LEN],
            "one way to write a header"
        );
        if envelope.verify(&self.key.verifying_key()).is_ok() {
            notes.taken();
            self.corpus.keep(&bytes, chance);
        }
    }
}

/// Membership records, signed by an admin who has gone mad, applied to a real chain.
pub(crate) struct Records {
    corpus: Corpus,
    membership: Membership,
    key: SigningKey,
}

impl Records {
    pub(crate) fn make() -> Box<dyn Target> {
        let centre = made_up();
        let invite = centre.invite([7; 16], member(4), &[8; 32]);
        let next = [
            centre.member_add(member(5), [Ring::Team].into_iter().collect()),
            centre.device_add(
                member(2),
                vectors::centre::device_keys(&signing_key(9)),
                None,
            ),
            centre.device_revoke(vectors::centre::device_keys(&signing_key(2)).device()),
            centre.ring_epoch([sync_protocol::Scope::Ring(Ring::Team)]),
            invite,
        ];
        let next = next.map(|payload| {
            SignedRecord::sign(&centre.next_record(payload), &centre.admin).unwrap()
        });
        let seeds = centre
            .records
            .iter()
            .chain(&next)
            .map(|record| record.bytes().to_vec());
        Box::new(Self {
            corpus: Corpus::new(seeds.collect()),
            key: centre.admin.clone(),
            membership: centre.membership,
        })
    }

    /// Puts the right length before the body and the right signature after it.
    fn dress(&self, bytes: &[u8]) -> Vec<u8> {
        let Some(body) = bytes.get(4..bytes.len().saturating_sub(64)) else {
            return bytes.to_vec();
        };
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        let digest = blake3::hash(body);
        let signed = [b"ng/member/v1".as_slice(), digest.as_bytes()].concat();
        let signature = ed25519_dalek::Signer::sign(&self.key, &signed).to_bytes();
        [length.as_slice(), body, &signature].concat()
    }
}

impl Target for Records {
    fn round(&mut self, chance: &mut Chance, notes: &mut Notes) {
        let mut bytes = self.corpus.wrong(chance);
        if !chance.one_in(8) {
            bytes = self.dress(&bytes);
        }
        notes.trying(&bytes);
        let Ok(signed) = SignedRecord::parse(bytes) else {
            return;
        };
        if let Ok(record) = signed.record() {
            let again = SignedRecord::sign(&record, &self.key).unwrap();
            assert_eq!(
                again.record().unwrap(),
                record,
                "what was read is written the same"
            );
            self.corpus.keep(signed.bytes(), chance);
        }
        let _refused = Membership::genesis(&signed);
        let before = self.membership.clone();
        let mut after = before.clone();
        match after.apply(&signed) {
            Ok(()) => {
                notes.taken();
                assert_eq!(after.length(), before.length() + 1);
                assert_eq!(after.head(), signed.hash());
                assert!(after.apply(&signed).is_err(), "no record counts twice");
            }
            Err(_) => assert_eq!(
                (after.length(), after.head()),
                (before.length(), before.head()),
                "what is refused changes nothing"
            ),
        }
    }
}

/// Every frame's decoder, on the same bytes.
pub(crate) struct Frames {
    corpus: Corpus,
    relay: SigningKey,
}

impl Frames {
    pub(crate) fn make() -> Box<dyn Target> {
        let seeds = vectors::all()
            .into_iter()
            .map(|vector| hex::decode(vector.expected).unwrap());
        Box::new(Self {
            corpus: Corpus::new(seeds.collect()),
            relay: signing_key(3),
        })
    }

    fn decode(&self, bytes: &[u8]) -> bool {
        let key = self.relay.verifying_key();
        let centre = sync_protocol::CentreId::from_bytes([1; 32]);
        // What decodes and is encoded again decodes to the same; some frames allow a longer way to write a number.
        macro_rules! same {
            ($($frame:ident),*) => {
                [$($frame::decode(bytes).is_ok_and(|frame| {
                    assert_eq!($frame::decode(frame.encode().as_ref()).as_ref(), Ok(&frame));
                    true
                })),*]
            };
        }
        let taken = same!(
            PullRequest,
            MembershipRequest,
            MembershipAnswer,
            MailboxRequest,
            MailboxAnswer,
            LiveHello,
            Poke,
            Failure
        );
        let pushed = PushRequest::decode(bytes).is_ok_and(|push| {
            assert_eq!(push.encode().as_deref(), Ok(bytes));
            true
        });
        let _refused = PushAnswer::open(bytes, centre, &[], &key);
        let text = String::from_utf8_lossy(bytes);
        let allowed = Authorization::parse(&text).is_ok_and(|authorization| {
            Authorization::parse(&authorization.header()) == Ok(authorization)
        });
        let pulled = PullAnswer::open(bytes).is_ok();
        taken.contains(&true) || pushed || allowed || pulled
    }
}

impl Target for Frames {
    fn round(&mut self, chance: &mut Chance, notes: &mut Notes) {
        let bytes = self.corpus.wrong(chance);
        notes.trying(&bytes);
        if self.decode(&bytes) {
            notes.taken();
            self.corpus.keep(&bytes, chance);
        }
    }
}

/// A centre with three members, an invite and a revoked device.
pub(crate) fn made_up() -> MadeUpCentre {
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.enrol(2, [Ring::Team]).unwrap();
    let gone = centre.enrol(3, [Ring::Team, Ring::Office]).unwrap();
    let device = sync_protocol::DeviceId::of(&gone.verifying_key());
    centre.append(centre.device_revoke(device)).unwrap();
    centre
        .append(centre.invite([6; 16], member(6), &[5; 32]))
        .unwrap();
    centre
}
