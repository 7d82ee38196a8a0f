//! A relay that is not honest: it holds its own signing key, so what it changes it signs again.

use ed25519_dalek::SigningKey;
use sync_protocol::{
    Channel, ErrorCode, Ring,
    frame::{ChannelPage, PullAnswer, failure::Failure},
};

use crate::simulator::{fate::Fate, relay::Reply};

const OFFICE: Channel = Channel::Ring(Ring::Office);

/// What it does to answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trick {
    /// Changes one bit of an envelope.
    FlipsBits,
    /// Cuts an envelope short.
    CutsEnvelopes,
    /// Leaves one out in the middle of a channel.
    DropsMiddles,
    /// Holds the end of a channel back, and says that there is no more.
    HoldsBackTails,
    /// Hands a channel on in another order.
    Reorders,
    /// Hands everything on twice.
    Replays,
    /// Says that nobody joined since.
    StaleMembership,
    /// Hands what is the office's to everybody.
    Misdelivers,
    /// Says of whoever asks that they were shut out.
    Slanders,
}

impl Trick {
    /// The trick of a seed; most relays are honest.
    pub(crate) fn of_seed(seed: u64) -> Option<Self> {
        let tricks = Self::HARMLESS.into_iter().chain(Self::HARMFUL);
        let place = usize::try_from(seed / 14 % 10).unwrap();
        (seed / 2 % 7 == 5).then(|| tricks.into_iter().nth(place))?
    }

    /// What does no lasting harm: once the relay is honest again, everything is as if it had always been.
    pub(crate) const HARMLESS: [Self; 6] = [
        Self::HoldsBackTails,
        Self::Reorders,
        Self::Replays,
        Self::StaleMembership,
        Self::Misdelivers,
        Self::Slanders,
    ];

    /// What spoils or withholds for good; nothing of it may be taken for somebody's word.
    pub(crate) const HARMFUL: [Self; 3] =
        [Self::FlipsBits, Self::CutsEnvelopes, Self::DropsMiddles];

    /// The answer to a pull as this relay gives it; `None` if there was nothing to change.
    pub(crate) fn play(
        self,
        reply: &Reply,
        key: &SigningKey,
        kept: Option<&ChannelPage>,
        fate: &mut Fate,
    ) -> Option<Reply> {
        let (200, binary, body) = reply else {
            return None;
        };
        let mut answer = PullAnswer::open(body).ok()?;
        if self == Self::Slanders {
            return Some(slander());
        }
        let before = answer.clone();
        if self == Self::StaleMembership {
            let new = u32::try_from(answer.records.len()).unwrap();
            answer.records.clear();
            answer.membership_length -= new;
        }
        if self == Self::Misdelivers && answer.pages.iter().all(|page| page.channel != OFFICE) {
            answer.pages.extend(kept.cloned());
        }
        for page in &mut answer.pages {
            self.spoil(page, fate);
        }
        answer.pages.retain(|page| !page.envelopes.is_empty());
        (answer != before).then(|| (200, *binary, answer.sign(key)))
    }

    fn spoil(self, page: &mut ChannelPage, fate: &mut Fate) {
        let count = page.envelopes.len();
        if count == 0 {
            return;
        }
        let place = usize::try_from(fate.below(u64::try_from(count).unwrap())).unwrap();
        match self {
            Self::FlipsBits => {
                let bytes = &mut page.envelopes[place].1;
                let at = fate.below(u64::try_from(bytes.len()).unwrap());
                bytes[usize::try_from(at).unwrap()] ^= 1;
            }
            Self::CutsEnvelopes => {
                let bytes = &mut page.envelopes[place].1;
                bytes.truncate(bytes.len() / 2);
            }
            Self::DropsMiddles => {
                if count > 1 {
                    page.envelopes.remove(place.min(count - 2));
                }
            }
            Self::HoldsBackTails => {
                page.envelopes.truncate(place);
                let last = page.envelopes.last().map_or(0, |(seq, _)| *seq);
                page.head_seq = page.head_seq.min(last);
            }
            Self::Reorders => {
                let seqs: Vec<u64> = page.envelopes.iter().map(|(seq, _)| *seq).collect();
                page.envelopes.reverse();
                for ((seq, _), right) in page.envelopes.iter_mut().zip(seqs) {
                    *seq = right;
                }
            }
            Self::Replays => {
                let all = page.envelopes.clone();
                page.envelopes = all
                    .into_iter()
                    .flat_map(|envelope| [envelope.clone(), envelope])
                    .collect();
            }
            Self::StaleMembership | Self::Misdelivers | Self::Slanders => {}
        }
    }
}

/// What a device hears that was shut out.
fn slander() -> Reply {
    let word = Failure {
        code: ErrorCode::Revoked,
        message: String::new(),
        challenge: None,
    };
    (403, true, word.encode())
}

/// Keeps what the office is handed.
pub(crate) fn keep_office_page(reply: &Reply, kept: &mut Option<ChannelPage>) {
    if let (200, _, body) = reply
        && let Ok(answer) = PullAnswer::open(body)
    {
        let mut pages = answer.pages.into_iter();
        let handed = pages.find(|page| page.channel == OFFICE && !page.envelopes.is_empty());
        *kept = handed.or(kept.take());
    }
}
