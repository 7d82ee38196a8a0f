//! Starting a centre: needs no network. The relay learns of it when it is next in reach.

use std::collections::BTreeSet;

use sync_protocol::{
    MemberId, Membership, Record, RecordHash, Ring, Scope, SignedRecord, membership::Payload,
};

use crate::domain::{few::Few, gather::Gather};
use crate::{
    documents::{
        DocumentKind,
        record::{centre, worker},
    },
    domain::{
        centre::{Centre, Room},
        ids::{DeviceId, MemberId as PersonId, RoomId},
        policy::{self, Acting},
        time::Moment,
        worker::{Role, Tablet, Worker},
    },
    engine::{
        command::{CommandId, Screen},
        crypto::{
            device::DeviceSecrets,
            key::{KeyringKey, LocalKey, UnlockKey},
            keyring::{Keyring, KeyringWrap, Standing},
            passphrase::{KdfParams, UnlockSalt},
        },
        doors::{KeyringRow, OpenedKeyring},
        form::{CentreForm, FieldError, parse::StartDraft},
        library::Library,
        open::{
            self, Open, UnderWay, epochs,
            people::{self, PeopleDesk},
        },
        storage::key::{Key, Table},
        sync::{
            conversation::Conversation, logbook::Logbook, outbox::Outbox, restoring::Restoring,
        },
        turn::Turn,
        view::Done,
    },
};

/// A centre about to be started.
pub(crate) struct Starting {
    draft: StartDraft,
}

/// Everything a first device knows of a centre it starts.
struct Founded {
    keyring: Keyring,
    record: SignedRecord,
    membership: Membership,
}

impl Starting {
    /// Reads the form.
    pub(crate) fn parse(form: &CentreForm) -> Result<Self, Vec<FieldError>> {
        Ok(Self {
            draft: form.parse_start()?,
        })
    }

    /// Makes the centre and signs its first co-ordinator in. Everything is one transaction.
    pub(crate) fn start(
        self,
        made_up: bool,
        command: CommandId,
        unlock: &UnlockKey,
        params: KdfParams,
        salt: UnlockSalt,
        turn: &mut Turn<'_>,
    ) -> Option<Box<Open>> {
        let Founded {
            keyring,
            record,
            membership,
        } = found(turn)?;
        let worker = Worker {
            member: PersonId::from_bytes(*keyring.member()?.as_bytes()),
            name: self.draft.coordinator.clone(),
            roles: BTreeSet::from([Role::Coordinator]),
            tablets: core::iter::once((own_device(&keyring), self.first_tablet(turn.now))).gather(),
        };
        let key = KeyringKey::random(turn.rng);
        let wrap = KeyringWrap::seal(&key, unlock, params, salt, turn.rng);
        let row = KeyringRow {
            initials: worker.initials(),
            wrap: wrap.encode(),
            keyring: Vec::new(),
            passkey: None,
        };
        let mut opened = OpenedKeyring { keyring, key, row };
        opened.write(turn);
        write_relay(&membership.centre().to_string(), turn);
        turn.put(Table::Chain, Key::chain(0), record.bytes().to_vec());
        let tablet = self.draft.tablet.as_str().to_owned();
        let mut open = blank(opened, membership, tablet, made_up, turn);
        self.write_documents(&mut open, &worker, turn)?;
        open.write_private(turn);
        open.finish(command, Done::Saved, turn);
        Some(Box::new(open))
    }

    fn first_tablet(&self, now: i64) -> Tablet {
        Tablet {
            name: self.draft.tablet.clone(),
            since: Moment::from_ms(now),
        }
    }

    fn write_documents(&self, open: &mut Open, worker: &Worker, turn: &mut Turn<'_>) -> Option<()> {
        let acting = Acting {
            member: worker.member,
            roles: worker.roles.clone(),
        };
        let permit = policy::may_plan(&acting).ok()?;
        let mut rooms = Vec::new();
        for room in &self.draft.centre.rooms {
            rooms.push(Room {
                id: RoomId::from_bytes(turn.random()),
                name: room.name.clone(),
                in_use: true,
            });
        }
        let record = Centre {
            name: self.draft.centre.name.clone(),
            venue: self.draft.centre.venue.clone(),
            rooms,
            entrances: Vec::new(),
            waiting_areas: Vec::new(),
        };
        let me = open.member();
        open.create(
            DocumentKind::Centre,
            me,
            |document| centre::write_new(document, permit, &record),
            turn,
        )
        .ok()?;
        open.create(
            DocumentKind::Worker,
            me,
            |document| worker::write_new(document, permit, worker),
            turn,
        )
        .ok()?;
        Some(())
    }
}

/// Tells the push in plain JavaScript where this centre's relay is: this app's own origin.
pub(crate) fn write_relay(centre: &str, turn: &mut Turn<'_>) {
    let row = format!("{{\"url\":\"\",\"centre\":\"{centre}\"}}");
    turn.put(Table::Meta, Key::meta("relay"), row.into_bytes());
}

fn own_device(keyring: &Keyring) -> DeviceId {
    DeviceId::from_bytes(*keyring.device.device_id().as_bytes())
}

fn found(turn: &mut Turn<'_>) -> Option<Founded> {
    let device = DeviceSecrets::generate(turn.rng);
    let member = MemberId::from_bytes(turn.random());
    let rings = people::first_rings();
    let mut keys = Vec::new();
    let mut epochs = Vec::new();
    let reader = [(device.device_id(), device.seal_public())];
    for scope in [Ring::Admin, Ring::Office, Ring::Safeguarding, Ring::Team]
        .map(Scope::Ring)
        .into_iter()
        .chain([Scope::Desk(member)])
    {
        let (epoch, key) = epochs::first(scope, &reader, turn.rng).ok()?;
        epochs.push(epoch);
        keys.push((scope, key));
    }
    let payload = Payload::Genesis {
        nonce: turn.random(),
        member,
        rings,
        keys: device.public_keys(),
        epochs,
    };
    let record = Record {
        index: 0,
        prev: RecordHash::NONE,
        signer: device.device_id(),
        claimed_ms: turn.now,
        payload,
    };
    let record = SignedRecord::sign(&record, device.signing_key()).ok()?;
    let membership = Membership::genesis(&record).ok()?;
    let local = LocalKey::random(turn.rng);
    let mut keyring = Keyring::new(membership.centre(), Standing::Member(member), device, local);
    for (scope, key) in keys {
        keyring.keep_epoch(scope, 1, key);
    }
    Some(Founded {
        keyring,
        record,
        membership,
    })
}

/// Somebody who is in, of whose centre nothing but the chain is here.
pub(super) fn blank(
    opened: OpenedKeyring,
    membership: Membership,
    tablet: String,
    made_up: bool,
    turn: &mut Turn<'_>,
) -> Open {
    let actor = open::fresh_actor(opened.keyring.device.device_id(), turn);
    Open {
        keyring: opened,
        pin: None,
        phrase_at: turn.now,
        membership,
        logbook: Logbook::default(),
        library: Library::default(),
        outbox: Outbox::default(),
        conversation: Conversation::new(None),
        restoring: Restoring::default(),
        people: PeopleDesk::default(),
        tablet,
        made_up,
        ready: true,
        actor,
        screen: Screen::Nothing,
        set_aside: Vec::new(),
        pending: Few::default(),
        details: None,
        out_of_touch: None,
        storage_trouble: None,
        under_way: UnderWay::default(),
    }
}
