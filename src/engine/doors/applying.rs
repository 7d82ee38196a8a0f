//! Asking to join by an invite: the pasted link, the tablet's name, fresh keys.
//!
//! It knows the link; what happens after the first request is in [`joining`](super::joining).

use super::joining::Joining;

use crate::{
    domain::text::ShortLine,
    engine::{
        command::CommandId,
        crypto::{
            device::DeviceSecrets,
            enrolment::{InviteLink, Nonce},
            key::{KeyringKey, LocalKey, UnlockKey},
            keyring::{Keyring, KeyringWrap, Standing},
            passphrase::{KdfParams, UnlockSalt},
        },
        doors::{KeyringRow, OpenedKeyring, starting},
        form::{FieldError, Problem as FieldProblem},
        open::beginning::{self, Private},
        turn::Turn,
        view::Trouble,
    },
};

/// A person with an invite.
pub(crate) struct Applying {
    link: InviteLink,
    tablet: ShortLine,
}

impl Applying {
    /// Reads a pasted link and the tablet's name.
    pub(crate) fn parse(link: &str, tablet: &str) -> Result<Self, Trouble> {
        let link = InviteLink::parse(link).map_err(|_| Trouble::LinkUnreadable)?;
        let tablet = ShortLine::parse(tablet).map_err(|_| {
            Trouble::Form(vec![FieldError {
                field: "tablet-name".to_owned(),
                problem: FieldProblem::Missing,
            }])
        })?;
        Ok(Self { link, tablet })
    }

    /// Makes keys for this device and writes them; nobody is asked before they are durable.
    pub(crate) fn apply(
        self,
        command: CommandId,
        unlock: &UnlockKey,
        params: KdfParams,
        salt: UnlockSalt,
        turn: &mut Turn<'_>,
    ) -> Joining {
        let device = DeviceSecrets::generate(turn.rng);
        let nonce = Nonce::random(turn.rng);
        let standing = Standing::Applicant {
            secret: self.link.secret.clone(),
            nonce: nonce.clone(),
        };
        let keyring = Keyring::new(
            self.link.centre,
            standing,
            device,
            LocalKey::random(turn.rng),
        );
        let key = KeyringKey::random(turn.rng);
        let wrap = KeyringWrap::seal(&key, unlock, params, salt, turn.rng);
        let row = KeyringRow {
            initials: "new".to_owned(),
            wrap: wrap.encode(),
            keyring: Vec::new(),
            passkey: None,
        };
        let mut opened = OpenedKeyring { keyring, key, row };
        opened.write(turn);
        let private = Private {
            tablet: self.tablet.as_str().to_owned(),
            ..Private::default()
        };
        beginning::write_private(&private, &opened, turn);
        starting::write_relay(&self.link.centre.to_string(), turn);
        Joining::new(
            opened,
            self.link.secret,
            nonce,
            private.tablet,
            Some(command),
        )
    }
}
