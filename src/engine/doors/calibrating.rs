//! What one guess of a phrase costs on this tablet: measured while somebody writes their own phrase down.

use zeroize::Zeroizing;

use crate::engine::{
    crypto::passphrase::{KdfParams, Phrase, UnlockSalt},
    effect::{Effect, RequestId},
    turn::Turn,
};

/// How far the measuring has come.
#[derive(Debug, Default)]
pub(super) enum Calibration {
    /// Nobody is about to choose a phrase.
    #[default]
    NotBegun,
    /// One guess at the usual cost is under way since then, ms.
    UnderWay(RequestId, i64),
    /// What this tablet can bear.
    Done(KdfParams),
}

impl Calibration {
    /// Makes one guess at a phrase that nobody will use.
    pub(super) fn begin(&mut self, turn: &mut Turn<'_>) {
        if !matches!(self, Self::NotBegun) {
            return;
        }
        let id = turn.request();
        let phrase = Phrase::generate(turn.rng).expose().to_owned();
        turn.effects.push(Effect::Derive {
            id,
            phrase: Zeroizing::new(phrase),
            salt: *UnlockSalt::random(turn.rng).as_bytes(),
            params: KdfParams::USUAL,
        });
        *self = Self::UnderWay(id, turn.now);
    }

    /// A key was derived; true if it was the one that was measured.
    pub(super) fn ends_with(&mut self, derived: RequestId, now: i64) -> bool {
        match self {
            Self::UnderWay(id, since) if *id == derived => {
                *self = Self::Done(KdfParams::for_tablet(now - *since));
                true
            }
            Self::UnderWay(..) | Self::NotBegun | Self::Done(_) => false,
        }
    }

    /// What a new phrase shall cost to guess: the usual, as long as nothing else is known.
    pub(super) fn params(&self) -> KdfParams {
        match self {
            Self::Done(params) => *params,
            Self::NotBegun | Self::UnderWay(..) => KdfParams::USUAL,
        }
    }
}
