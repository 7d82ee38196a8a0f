//! A locked tablet in a stranger's hands: no byte of its store is a key, a phrase, a PIN or a family's name.

use neutral_ground::{
    domain::worker::Role,
    engine::{
        command::Command,
        crypto::{
            key::{KeyringKey, PasskeySecret},
            keyring::{Passkey, PasskeyWrap},
        },
        effect::Part,
        storage::key::{Key, Range, Table},
        view::Door,
    },
};
use sync_protocol::{EnvelopeKind, SealedEnvelope};

use crate::{
    centre::at,
    need_to_know::{Person, centre, chain, keyring, log, opened, place},
    relay_process::Relay,
};

const PIN: &str = "402918";

/// Words of the families, of the note, and what the people and their centre are called.
const WORDS: [&str; 9] = [
    "Penhale",
    "canary",
    "Mia",
    "boat",
    "Noor",
    "Ruth",
    "Saltmere",
    "Methodist",
    "Garden room",
];

/// Something to look for.
struct Secret {
    what: String,
    bytes: Vec<u8>,
}

fn secret(what: impl Into<String>, bytes: &[u8]) -> Secret {
    Secret {
        what: what.into(),
        bytes: bytes.to_vec(),
    }
}

/// Every key that this person's phrase leads to, and the words and digits themselves.
fn secrets(person: &Person<'_>) -> Vec<Secret> {
    let keys = keyring(person);
    let mut secrets = vec![
        secret("the phrase", person.phrase.as_bytes()),
        secret("the PIN", PIN.as_bytes()),
        secret("what the passkey gives", passkey(person).1.expose()),
        secret("the keyring's key", keyring_key(person).expose()),
        secret("the signing key", &keys.device.signing_key().to_bytes()),
        secret("the local key", keys.local.expose()),
    ];
    for (scope, epoch, key) in keys.epochs() {
        secrets.push(secret(format!("epoch {epoch} of {scope:?}"), key.expose()));
    }
    let chain = chain(person);
    let is_wrap = |envelope: &SealedEnvelope| envelope.header().kind == EnvelopeKind::Wrap;
    for wrap in log(person).iter().filter(|envelope| is_wrap(envelope)) {
        if let Some(held) = opened(&keys, wrap, &chain) {
            let what = format!("the key of {:?}", wrap.header().document);
            secrets.push(secret(what, held.key.expose()));
        }
    }
    secrets
}

/// Each has one of their own.
fn passkey(person: &Person<'_>) -> (Passkey, PasskeySecret) {
    let bytes =
        |what: &str| *blake3::hash(format!("{what}{:?}", person.role).as_bytes()).as_bytes();
    let passkey = Passkey {
        credential: bytes("credential").to_vec(),
        salt: bytes("salt").to_vec(),
    };
    (passkey, PasskeySecret::from_bytes(bytes("secret")))
}

/// What both ways to unlock lead to.
fn keyring_key(person: &Person<'_>) -> KeyringKey {
    let device = keyring(person).device.device_id();
    let one = Range::One(Key::passkey(device));
    let rows = person.tablet.store.read(&[(Table::Meta, one, Part::Rows)]);
    let wrap = PasskeyWrap::decode(&rows[0][0].1).unwrap();
    wrap.open(device, &passkey(person).1).unwrap()
}

fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// As bytes, and as hexadecimal digits of either sort.
fn lies_in(hay: &[u8], secret: &Secret) -> bool {
    let digits = secret.bytes.iter().map(|byte| format!("{byte:02x}"));
    let hex = digits.collect::<String>();
    let shouted = hex.to_uppercase();
    [secret.bytes.as_slice(), hex.as_bytes(), shouted.as_bytes()]
        .iter()
        .any(|form| holds(hay, form))
}

/// Every key and row of every table, one after the other.
fn store(person: &Person<'_>) -> Vec<u8> {
    let ranges: Vec<_> = Table::ALL
        .into_iter()
        .map(|table| (table, Range::All, Part::Rows))
        .collect();
    let tables = person.tablet.store.read(&ranges).into_iter();
    let rows = tables.flatten();
    rows.flat_map(|(key, row)| [key.0, row].concat()).collect()
}

#[test]
fn no_row_of_a_locked_tablet_holds_a_key_a_phrase_a_pin_or_a_name() {
    let relay = Relay::start("at-rest", at("08:00"));
    let (mut people, _) = centre(&relay);
    for person in &mut people {
        let pin = PIN.to_owned();
        person.tablet.ask(Command::ChoosePin { pin }).unwrap();
        let (passkey, secret) = passkey(person);
        let add = Command::AddPasskey { passkey, secret };
        person.tablet.ask(add).unwrap();
        person.tablet.ask(Command::Lock).unwrap();
        assert!(matches!(person.tablet.door, Door::Locked { .. }));
    }
    // Whatever one person's keys are, they are looked for on everybody's tablet.
    let mut all: Vec<Secret> = people.iter().flat_map(secrets).collect();
    let at_least = 7 * 7 + 9;
    assert!(all.len() > at_least, "found only {} secrets", all.len());
    all.extend(WORDS.map(|word| secret(word, word.as_bytes())));
    for person in &people {
        let bytes = store(person);
        let found: Vec<_> = all
            .iter()
            .filter(|secret| lies_in(&bytes, secret))
            .collect();
        let found: Vec<_> = found.iter().map(|secret| &secret.what).collect();
        assert!(found.is_empty(), "{:?}'s tablet: {found:?}", person.role);
    }
    // The search finds what is there: the initials on the tile are in the clear, and what a passkey is asked with.
    let ruth = &people[place(Role::Coordinator)];
    let bytes = store(ruth);
    assert!(lies_in(&bytes, &secret("initials", b"RC")));
    let (passkey, _) = passkey(ruth);
    assert!(lies_in(&bytes, &secret("credential", &passkey.credential)));
}
