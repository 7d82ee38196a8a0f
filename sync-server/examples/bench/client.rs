//! Made-up centres at a relay, and requests to it.

use ed25519_dalek::SigningKey;
use sync_protocol::{
    Channel, Membership, Ring, SignedRecord,
    frame::{Challenge, Failure, MembershipRequest, PullAnswer, PullRequest, RequestSigning},
    membership::Payload,
    vectors::centre::{MadeUpCentre, signing_key},
};

pub(crate) const TEAM: Channel = Channel::Ring(Ring::Team);

/// Centres of one relay. They have one admin's key and differ by a nonce.
pub(crate) struct Site {
    pub(crate) url: String,
    pub(crate) centres: Vec<Membership>,
    pub(crate) key: SigningKey,
    pub(crate) challenge: Challenge,
}

impl Site {
    /// Opens so many centres.
    pub(crate) async fn open(url: &str, count: usize) -> Self {
        let key = signing_key(1);
        let pattern = MadeUpCentre::open(1)
            .unwrap()
            .records
            .remove(0)
            .record()
            .unwrap();
        let http = reqwest::Client::new();
        let mut centres = Vec::with_capacity(count);
        for number in 0..count {
            let mut record = pattern.clone();
            if let Payload::Genesis { nonce, .. } = &mut record.payload {
                *nonce = *blake3::hash(&number.to_be_bytes()).as_bytes();
            }
            let record = SignedRecord::sign(&record, &key).unwrap();
            let centre = Membership::genesis(&record).unwrap();
            let body = MembershipRequest {
                expected: 0,
                records: vec![record.into_bytes()],
            };
            let to = format!("{url}{}", path(&centre, "membership"));
            let answer = http.post(to).body(body.encode()).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            centres.push(centre);
        }
        let first = format!("{url}{}", path(centres.first().unwrap(), "pull"));
        let refused = http
            .post(first)
            .body(PullRequest::default().encode())
            .send()
            .await
            .unwrap();
        let failure = Failure::decode(&refused.bytes().await.unwrap()).unwrap();
        Self {
            url: url.to_owned(),
            centres,
            key,
            challenge: failure.challenge.unwrap(),
        }
    }

    /// The proof of a request.
    pub(crate) fn signing<'a>(
        &self,
        method: &'a str,
        centre: &Membership,
        path: &'a str,
        body: &'a [u8],
    ) -> RequestSigning<'a> {
        RequestSigning {
            method,
            path,
            centre: centre.centre(),
            challenge: self.challenge,
            body,
        }
    }

    /// One pull of the team's channel.
    pub(crate) async fn pull(
        &self,
        http: &reqwest::Client,
        centre: &Membership,
        after: u64,
    ) -> PullAnswer {
        let request = PullRequest {
            membership_held: 1,
            channels: vec![(TEAM, after)],
            wait_ms: 0,
        };
        let (body, path) = (request.encode(), path(centre, "pull"));
        let proof = self
            .signing("POST", centre, &path, &body)
            .sign(&self.key)
            .header();
        let request = http
            .post(format!("{}{path}", self.url))
            .header("authorization", proof);
        let answer = request.body(body).send().await.unwrap();
        PullAnswer::open(&answer.bytes().await.unwrap()).unwrap()
    }
}

/// A centre's call.
pub(crate) fn path(centre: &Membership, call: &str) -> String {
    format!("/v1/{}/{call}", centre.centre())
}
