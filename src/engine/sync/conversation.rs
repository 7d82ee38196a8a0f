//! The conversation with the relay: what is under way, what is known of it, when to try again.
//!
//! It knows nothing of documents; what an answer brings is handled by its reader.

use ed25519_dalek::{SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use sync_protocol::{
    CentreId, EnvelopeId, Incarnation,
    frame::{
        auth::{Challenge, RequestSigning},
        live::LiveHello,
    },
};

use crate::domain::few::Few;
use crate::engine::{
    command::CommandId,
    effect::{Effect, RequestId},
    event::Rows,
    sync::{backoff::Backoff, restoring::Again},
    turn::Turn,
    view::RelayTrouble,
};

/// Fetch at least this often while somebody looks.
const POLL_MS: i64 = 60_000;

/// The relay as this tablet knows it, kept in storage.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct KnownRelay {
    /// Its public key, learnt at the first contact.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub(crate) key: [u8; 32],
    /// The life in which it last answered.
    #[n(1)]
    pub(crate) incarnation: Incarnation,
    /// When it last answered, ms by this tablet's clock.
    #[n(2)]
    pub(crate) last_contact: i64,
    /// When something from another device last came, ms.
    #[n(3)]
    pub(crate) last_heard: Option<i64>,
    /// Membership records it has.
    #[n(4)]
    pub(crate) chain_length: u32,
}

impl KnownRelay {
    /// Its public key, to check receipts with.
    pub(crate) fn verifying_key(&self) -> Option<VerifyingKey> {
        VerifyingKey::from_bytes(&self.key).ok()
    }
}

/// What a request was for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// Fetch what is new; this many membership records were held then.
    Pull(u32),
    /// Send the chain's records from an index on, and then the rest of them.
    Chain(u32, Rows),
    /// Send envelopes again that the relay has lost.
    Again(Vec<(Option<Again>, EnvelopeId)>),
    /// Append records to the chain.
    Append,
    /// Look into, or put into, an invite's mailbox.
    Mailbox(sync_protocol::InviteId),
}

/// What is under way and what is known.
// Each flag is a fact of its own: the network, the page, the relay, what was said to whom.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Conversation {
    /// The relay, once met.
    pub(crate) relay: Option<KnownRelay>,
    /// The network is said to be there.
    pub(crate) online: bool,
    /// Somebody looks at the page.
    pub(crate) visible: bool,
    /// Why the last attempt failed.
    pub(crate) trouble: Option<RelayTrouble>,
    /// Commands to answer when the attempt ends.
    pub(crate) send_now: Vec<CommandId>,
    challenge: Option<Challenge>,
    asked: Few<RequestId, Asked>,
    pull_again: bool,
    challenged: bool,
    backoff: Backoff,
    next: Option<i64>,
    listening: bool,
    /// The last live connection was ended by the relay.
    live_refused: bool,
    /// The chain is being read, to be sent.
    chain_coming: bool,
    /// The relay has taken the whole chain and has not answered a pull since.
    chain_taken: bool,
    /// The relay says that this device was shut out, or may not read what it asked for, and is asked for the records
    /// that say so.
    pub(crate) asks_why: bool,
    /// Another relay than the one that is known has answered, with this key.
    pub(crate) other_relay: Option<[u8; 32]>,
}

impl Conversation {
    /// A conversation that has not begun.
    pub(crate) fn new(relay: Option<KnownRelay>) -> Self {
        Self {
            relay,
            online: true,
            visible: true,
            ..Self::default()
        }
    }

    /// True while a pull, or what must come before it, is under way.
    pub(crate) fn is_busy(&self) -> bool {
        let pulling = |asked: &Asked| matches!(asked, Asked::Pull(_) | Asked::Chain(..));
        self.chain_coming || self.asked.values().any(pulling)
    }

    /// Whether a pull may begin; if one is under way, another follows it.
    pub(crate) fn may_begin_pull(&mut self) -> bool {
        let busy = self.is_busy();
        self.pull_again |= busy;
        !busy
    }

    /// Posts a request signed by this device. Without a challenge the relay's refusal brings one.
    pub(crate) fn post_signed(
        &mut self,
        path: &str,
        centre: CentreId,
        body: Vec<u8>,
        key: &SigningKey,
        turn: &mut Turn<'_>,
    ) -> RequestId {
        let authorization = self.challenge.map(|challenge| {
            RequestSigning {
                method: "POST",
                path,
                centre,
                challenge,
                body: &body,
            }
            .sign(key)
            .header()
        });
        let id = turn.request();
        turn.effects.push(Effect::Post {
            id,
            path: path.to_owned(),
            authorization,
            body,
        });
        id
    }

    /// A request went out.
    pub(crate) fn asked(&mut self, id: RequestId, asked: Asked) {
        self.asked.insert(id, asked);
    }

    /// What the request that was answered was for.
    pub(crate) fn answered(&mut self, id: RequestId) -> Option<Asked> {
        self.asked.remove(&id)
    }

    /// The relay's life as last seen.
    pub(crate) fn incarnation(&self) -> Incarnation {
        self.relay
            .as_ref()
            .map_or(Incarnation::from_bytes([0; 16]), |relay| relay.incarnation)
    }

    /// The chain is read from storage, to be sent before anything else is asked.
    pub(crate) fn chain_is_coming(&mut self) {
        self.chain_coming = true;
    }

    /// The chain was read.
    pub(crate) fn chain_has_come(&mut self) {
        self.chain_coming = false;
    }

    /// The relay has the whole chain; what the relay is called is learnt from the pull that follows.
    pub(crate) fn chain_was_taken(&mut self) {
        self.pull_again = false;
        self.chain_taken = true;
    }

    /// True if sending the chain is worth it: a relay that has just taken it and still lacks it is not one.
    pub(crate) fn may_send_chain(&mut self) -> bool {
        !core::mem::take(&mut self.chain_taken)
    }

    /// The relay gave a challenge with a refusal; true if it is worth trying once more.
    pub(crate) fn was_challenged(&mut self, challenge: Option<Challenge>) -> bool {
        self.challenge = challenge;
        let first = !self.challenged && challenge.is_some();
        self.challenged = true;
        first
    }

    /// An honest answer came; true if another pull was asked for meanwhile.
    pub(crate) fn succeeded(&mut self, challenge: Challenge, turn: &Turn<'_>) -> bool {
        self.challenge = Some(challenge);
        self.challenged = false;
        self.chain_taken = false;
        self.other_relay = None;
        self.trouble = None;
        self.backoff.succeeded();
        self.next = Some(turn.now + POLL_MS);
        core::mem::take(&mut self.pull_again)
    }

    /// An attempt failed.
    pub(crate) fn failed(&mut self, trouble: RelayTrouble, turn: &mut Turn<'_>) {
        self.trouble = Some(trouble);
        self.challenged = false;
        self.pull_again = false;
        let [dice] = turn.random();
        self.next = Some(turn.now + self.backoff.failed(dice));
    }

    /// There is no use in asking now.
    pub(crate) fn wait(&mut self, turn: &Turn<'_>) {
        self.next = Some(turn.now + POLL_MS);
    }

    /// When to try again, ms; only while there may be a network and somebody looks.
    pub(crate) fn next_attempt(&self) -> Option<i64> {
        self.next
            .filter(|_| self.online && self.visible && !self.is_busy())
    }

    /// Opens the live connection if it is worth it.
    pub(crate) fn listen(&mut self, centre: CentreId, key: &SigningKey, turn: &mut Turn<'_>) {
        let Some(challenge) = self
            .challenge
            .filter(|_| self.online && self.visible && !self.listening)
        else {
            return;
        };
        let path = format!("/v1/{centre}/live");
        let signing = RequestSigning {
            method: "GET",
            path: &path,
            centre,
            challenge,
            body: &[],
        };
        let hello = LiveHello(signing.sign(key)).encode();
        self.listening = true;
        turn.effects.push(Effect::Listen { path, hello });
    }

    /// The live connection is gone; the next successful pull opens another. True if a pull should find out why at once:
    /// the relay ended it, and did not do so the last time, for which a pull found no reason.
    pub(crate) fn live_closed(&mut self, refused: bool) -> bool {
        self.listening = false;
        let before = core::mem::replace(&mut self.live_refused, refused);
        refused && !before
    }

    /// Closes the live connection.
    pub(crate) fn stop_listening(&mut self, turn: &mut Turn<'_>) {
        if core::mem::take(&mut self.listening) {
            turn.effects.push(Effect::StopListening);
        }
    }
}
