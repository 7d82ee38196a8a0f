//! A relay in this process on a free port, and a client that speaks to it over real HTTP.

#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use ed25519_dalek::{SigningKey, VerifyingKey};
use sync_protocol::{
    CentreId, Channel, EnvelopeId, ErrorCode, SealedEnvelope, SignedRecord,
    envelope::id_of,
    frame::{
        Challenge, Failure, MailboxAnswer, MailboxRequest, MembershipAnswer, MembershipRequest,
        PullAnswer, PullRequest, PushAnswer, PushCode, PushOutcome, PushRequest, RequestSigning,
    },
    id::InviteId,
    vectors::centre::CLAIMED_MS,
};
use sync_server::{Config, Listeners, clock::Clock, serve_and_tell};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// A relay that runs until it is stopped.
pub(crate) struct Running {
    /// `http://` and its address.
    pub(crate) url: String,
    /// Its port for metrics, in the same form.
    pub(crate) metrics_url: String,
    /// Its clock, which stands still unless moved.
    pub(crate) clock: Arc<AtomicI64>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// A relay over the store in this folder.
    pub(crate) async fn start(folder: &Path) -> Self {
        Self::with(folder, |_| ()).await
    }

    /// The same, after a change of its settings.
    pub(crate) async fn with(folder: &Path, change: impl FnOnce(&mut Config)) -> Self {
        let clock = Arc::new(AtomicI64::new(CLAIMED_MS));
        let mut config = Config::new(folder.join("relay.sqlite"));
        let time = Arc::clone(&clock);
        config.clock = Clock::new(move || time.load(Ordering::SeqCst));
        change(&mut config);
        let public = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let metrics = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", public.local_addr().unwrap());
        let metrics_url = format!("http://{}", metrics.local_addr().unwrap());
        let listeners = Listeners {
            public,
            metrics: Some(metrics),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let stopped = async {
                let _dropped = stopped.await;
            };
            serve_and_tell(config, listeners, stopped, || ready.send(()).unwrap())
                .await
                .unwrap();
        });
        is_ready.await.unwrap();
        Self {
            url,
            metrics_url,
            clock,
            stop,
            task,
        }
    }

    /// Stops the relay and waits until it has.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }

    /// Lets time pass for the relay.
    pub(crate) fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// A client of one centre with one device's key.
    pub(crate) fn client(&self, centre: CentreId, key: &SigningKey) -> Client {
        Client::new(&self.url, centre, key)
    }
}

/// A device that speaks to a relay.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    /// Its relay.
    pub(crate) url: String,
    /// Whose.
    pub(crate) centre: CentreId,
    key: SigningKey,
}

impl Client {
    /// A device of a centre at this relay.
    pub(crate) fn new(url: &str, centre: CentreId, key: &SigningKey) -> Self {
        let http = reqwest::Client::new();
        Self {
            http,
            url: url.to_owned(),
            centre,
            key: key.clone(),
        }
    }

    /// Sends a body and gives status and answer.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: Vec<u8>,
        proof: Option<String>,
    ) -> (u16, Vec<u8>) {
        let mut request = self.http.post(format!("{}{path}", self.url)).body(body);
        if let Some(proof) = proof {
            request = request.header("authorization", proof);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.bytes().await.unwrap().to_vec())
    }

    /// Sends a body and gives the answer, or the refusal.
    pub(crate) async fn call(
        &self,
        path: &str,
        body: Vec<u8>,
        proof: Option<String>,
    ) -> Result<Vec<u8>, Failure> {
        let (status, answer) = self.post(path, body, proof).await;
        if status == 200 {
            return Ok(answer);
        }
        let failure = Failure::decode(&answer).unwrap();
        assert_eq!(failure.code.status(), status);
        Err(failure)
    }

    /// The path of a call of this centre.
    pub(crate) fn path(&self, call: &str) -> String {
        format!("/v1/{}/{call}", self.centre)
    }

    /// Appends records.
    pub(crate) async fn append(
        &self,
        expected: u32,
        records: &[SignedRecord],
    ) -> Result<MembershipAnswer, Failure> {
        let records = records
            .iter()
            .map(|record| record.bytes().to_vec())
            .collect();
        let body = MembershipRequest { expected, records }.encode();
        let answer = self.call(&self.path("membership"), body, None).await?;
        Ok(MembershipAnswer::decode(&answer).unwrap())
    }

    /// Pushes bytes, envelopes or not, and checks the receipt's signature.
    pub(crate) async fn push_bytes(
        &self,
        relay: &VerifyingKey,
        envelopes: &[&[u8]],
    ) -> Vec<PushOutcome> {
        let body = PushRequest {
            envelopes: envelopes.to_vec(),
        }
        .encode()
        .unwrap();
        let answer = self.call(&self.path("push"), body, None).await.unwrap();
        let ids: Vec<EnvelopeId> = envelopes.iter().map(|bytes| id_of(bytes)).collect();
        PushAnswer::open(&answer, self.centre, &ids, relay)
            .unwrap()
            .outcomes
    }

    /// Pushes envelopes that are not this device's own, and answers for them.
    pub(crate) async fn push_proved(
        &self,
        relay: &VerifyingKey,
        envelopes: &[SealedEnvelope],
    ) -> Result<Vec<PushOutcome>, Failure> {
        let bytes = envelopes.iter().map(SealedEnvelope::bytes).collect();
        let body = PushRequest { envelopes: bytes }.encode().unwrap();
        let path = self.path("push");
        let proof = self.proof(self.challenge().await, &path, &body);
        let answer = self.call(&path, body, Some(proof)).await?;
        let ids: Vec<EnvelopeId> = envelopes.iter().map(SealedEnvelope::id).collect();
        let answer = PushAnswer::open(&answer, self.centre, &ids, relay).unwrap();
        Ok(answer.outcomes)
    }

    /// Pushes envelopes.
    pub(crate) async fn push(
        &self,
        relay: &VerifyingKey,
        envelopes: &[SealedEnvelope],
    ) -> Vec<PushOutcome> {
        let bytes: Vec<&[u8]> = envelopes.iter().map(SealedEnvelope::bytes).collect();
        self.push_bytes(relay, &bytes).await
    }

    /// Pushes one envelope and gives its code.
    pub(crate) async fn push_one(
        &self,
        relay: &VerifyingKey,
        envelope: &SealedEnvelope,
    ) -> PushCode {
        self.push(relay, std::slice::from_ref(envelope)).await[0].code
    }

    /// A challenge, which the relay hands out with its refusal.
    pub(crate) async fn challenge(&self) -> Challenge {
        let body = PullRequest::default().encode();
        let failure = self.call(&self.path("pull"), body, None).await.unwrap_err();
        assert_eq!(failure.code, ErrorCode::ChallengeNeeded);
        failure.challenge.unwrap()
    }

    /// The proof of a request's sender.
    pub(crate) fn proof(&self, challenge: Challenge, path: &str, body: &[u8]) -> String {
        let centre = self.centre;
        let signing = RequestSigning {
            method: "POST",
            path,
            centre,
            challenge,
            body,
        };
        signing.sign(&self.key).header()
    }

    /// Pulls, and checks the answer's signature.
    pub(crate) async fn pull(
        &self,
        held: u32,
        channels: &[(Channel, u64)],
    ) -> Result<PullAnswer, Failure> {
        let challenge = self.challenge().await;
        self.pull_with(challenge, held, channels).await
    }

    /// Pulls with a challenge that is there already.
    pub(crate) async fn pull_with(
        &self,
        challenge: Challenge,
        held: u32,
        channels: &[(Channel, u64)],
    ) -> Result<PullAnswer, Failure> {
        let request = PullRequest {
            membership_held: held,
            channels: channels.to_vec(),
            wait_ms: 0,
        };
        let body = request.encode();
        let path = self.path("pull");
        let proof = self.proof(challenge, &path, &body);
        let answer = self.call(&path, body, Some(proof)).await?;
        Ok(PullAnswer::open(&answer).unwrap())
    }

    /// The relay's key, as it states it.
    pub(crate) async fn relay_key(&self) -> VerifyingKey {
        let answer = self.pull(0, &[]).await.unwrap();
        VerifyingKey::from_bytes(&answer.relay_key).unwrap()
    }

    /// Reads a mailbox and leaves a message if there is one.
    pub(crate) async fn mailbox(
        &self,
        invite: InviteId,
        token: [u8; 32],
        after: u32,
        message: Option<&[u8]>,
    ) -> Result<MailboxAnswer, Failure> {
        let message = message.map(<[u8]>::to_vec);
        let body = MailboxRequest {
            token,
            after,
            message,
        }
        .encode();
        let answer = self
            .call(&format!("/v1/mailbox/{invite}"), body, None)
            .await?;
        Ok(MailboxAnswer::decode(&answer).unwrap())
    }

    /// Gets a path with some headers.
    pub(crate) async fn fetch(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let mut request = self.http.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }
}
