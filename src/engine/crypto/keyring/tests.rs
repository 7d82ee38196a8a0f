//! Keyrings and their wraps, honest and damaged.

#![allow(clippy::unwrap_used)]

use sync_protocol::{DeviceId, Ring};

use super::*;
use crate::engine::crypto::{
    key::{PasskeySecret, UnlockKey},
    passphrase::{self, KdfParams, Phrase, UnlockSalt},
    vectors::FixedRng,
};

fn keyring(rng: &mut FixedRng) -> Keyring {
    let centre = CentreId::from_bytes(random::bytes(rng));
    let standing = Standing::Member(MemberId::from_bytes(random::bytes(rng)));
    let device = DeviceSecrets::generate(rng);
    let local = LocalKey::random(rng);
    let mut keyring = Keyring::new(centre, standing, device, local);
    for epoch in [1, 2, 70_000] {
        assert!(keyring.keep_epoch(Scope::Ring(Ring::Team), epoch, EpochKey::random(rng)));
    }
    let desk = Scope::Desk(MemberId::from_bytes([7; 16]));
    assert!(keyring.keep_epoch(desk, 3, EpochKey::random(rng)));
    keyring
}

#[test]
fn a_keyring_comes_back_whole_and_only_under_its_key() {
    let mut rng = FixedRng::new("keyring");
    let (keyring, key) = (keyring(&mut rng), KeyringKey::random(&mut rng));
    let row = keyring.seal(&key, &mut rng);
    assert_eq!(Keyring::open(&key, &row), Ok(keyring));
    let other = KeyringKey::random(&mut rng);
    assert_eq!(Keyring::open(&other, &row), Err(KeyringError::Damaged));
}

#[test]
fn an_applicant_keeps_what_going_on_after_a_restart_takes() {
    let mut rng = FixedRng::new("keyring, applicant");
    let mut keyring = keyring(&mut rng);
    keyring.standing = Standing::Applicant {
        secret: InviteSecret::random(&mut rng),
        nonce: Nonce::random(&mut rng),
    };
    let key = KeyringKey::random(&mut rng);
    let row = keyring.seal(&key, &mut rng);
    assert_eq!(Keyring::open(&key, &row), Ok(keyring));
}

#[test]
fn a_new_epoch_key_is_stored_without_the_phrase_and_every_writing_looks_new() {
    let mut rng = FixedRng::new("keyring, epochs");
    let (mut keyring, key) = (keyring(&mut rng), KeyringKey::random(&mut rng));
    let before = keyring.seal(&key, &mut rng);
    let office = Scope::Ring(Ring::Office);
    assert!(keyring.keep_epoch(office, 1, EpochKey::from_bytes([1; 32])));
    assert!(!keyring.keep_epoch(office, 1, EpochKey::from_bytes([1; 32])));
    let after = keyring.seal(&key, &mut rng);
    assert_ne!(before, after);
    let opened = Keyring::open(&key, &after).unwrap();
    assert_eq!(
        opened.epoch(office, 1),
        Some(&EpochKey::from_bytes([1; 32]))
    );
    assert_eq!(
        opened.latest_epoch(Scope::Ring(Ring::Team)).unwrap().0,
        70_000
    );
    assert_eq!(opened.latest_epoch(Scope::Ring(Ring::Admin)), None);
}

#[test]
fn two_phrases_open_one_keyring_and_a_third_opens_nothing() {
    let mut rng = FixedRng::new("wraps");
    let key = KeyringKey::random(&mut rng);
    let mut wrapped = || {
        let (phrase, salt) = (Phrase::generate(&mut rng), UnlockSalt::random(&mut rng));
        let unlock = passphrase::derive(&phrase, salt, KdfParams::FLOOR).unwrap();
        (
            phrase,
            KeyringWrap::seal(&key, &unlock, KdfParams::FLOOR, salt, &mut rng),
        )
    };
    let wraps = [wrapped(), wrapped()];
    for (phrase, wrap) in &wraps {
        let wrap = KeyringWrap::decode(&wrap.encode()).unwrap();
        let unlock = passphrase::derive(phrase, wrap.unlock_salt(), wrap.params()).unwrap();
        assert_eq!(wrap.open(&unlock), Ok(key.clone()));
        let wrong = Phrase::parse("not the phrase").unwrap();
        let wrong = passphrase::derive(&wrong, wrap.unlock_salt(), wrap.params()).unwrap();
        assert_eq!(wrap.open(&wrong), Err(KeyringError::WrongPhrase));
    }
}

const DEVICE: DeviceId = DeviceId::from_bytes([0xD1; 16]);

fn passkey() -> Passkey {
    Passkey {
        credential: vec![7; 32],
        salt: vec![9; 32],
    }
}

#[test]
fn a_passkey_opens_beside_the_phrase_and_only_its_own_devices_wrap() {
    let mut rng = FixedRng::new("passkey");
    let key = KeyringKey::random(&mut rng);
    let [secret, other] = [(); 2].map(|()| PasskeySecret::random(&mut rng));
    let wrap = PasskeyWrap::seal(&key, DEVICE, passkey(), &secret, &mut rng).unwrap();
    let wrap = PasskeyWrap::decode(&wrap.encode()).unwrap();
    assert_eq!(*wrap.passkey(), passkey());
    assert_eq!(wrap.open(DEVICE, &secret), Ok(key.clone()));
    let wrong = Err(KeyringError::WrongPasskey);
    assert_eq!(wrap.open(DEVICE, &other), wrong);
    let colleague = DeviceId::from_bytes([0xD2; 16]);
    assert_eq!(wrap.open(colleague, &secret), wrong);
    let again = PasskeyWrap::seal(&key, DEVICE, passkey(), &secret, &mut rng).unwrap();
    assert_ne!(wrap.encode(), again.encode(), "every writing looks new");
}

#[test]
fn any_flipped_or_missing_byte_of_a_passkeys_row_is_refused() {
    let mut rng = FixedRng::new("passkey, damaged");
    let (key, secret) = (
        KeyringKey::random(&mut rng),
        PasskeySecret::random(&mut rng),
    );
    let wrap = PasskeyWrap::seal(&key, DEVICE, passkey(), &secret, &mut rng).unwrap();
    let row = wrap.encode();
    let opens =
        |row: &[u8]| PasskeyWrap::decode(row).is_ok_and(|wrap| wrap.open(DEVICE, &secret).is_ok());
    assert!(opens(&row));
    for at in 0..row.len() {
        for bit in 0..8 {
            let mut damaged = row.clone();
            for byte in damaged.iter_mut().skip(at).take(1) {
                *byte ^= 1 << bit;
            }
            assert!(!opens(&damaged), "byte {at}, bit {bit}");
        }
        let cut: Vec<u8> = row.iter().copied().take(at).collect();
        assert!(!opens(&cut), "cut at {at}");
    }
    assert!(!opens(&[row.as_slice(), &[0]].concat()), "a byte too many");
    // The same numbers, written longer than an honest writer writes them.
    let longer = [&[0x85, 0x18, 0x02], row.get(2..).unwrap()].concat();
    assert!(!opens(&longer));
}

#[test]
fn a_credential_has_a_name_of_at_most_1023_bytes_and_neither_row_is_the_other() {
    let mut rng = FixedRng::new("passkey, names");
    let (key, secret) = (
        KeyringKey::random(&mut rng),
        PasskeySecret::random(&mut rng),
    );
    for (length, salt, fits) in [
        (0, 32, false),
        (1, 32, true),
        (1023, 32, true),
        (1024, 32, false),
        (1, 31, false),
        (1, 33, false),
    ] {
        let passkey = Passkey {
            credential: vec![1; length],
            salt: vec![2; salt],
        };
        let wrap = PasskeyWrap::seal(&key, DEVICE, passkey, &secret, &mut rng);
        assert_eq!(wrap.is_ok(), fits, "{length} bytes");
        let row = wrap.map(|wrap| wrap.encode()).unwrap_or_default();
        assert_eq!(PasskeyWrap::decode(&row).is_ok(), fits, "{length} bytes");
    }
    let unlock = UnlockKey::random(&mut rng);
    let (params, salt) = (KdfParams::FLOOR, UnlockSalt::random(&mut rng));
    let phrases = KeyringWrap::seal(&key, &unlock, params, salt, &mut rng).encode();
    let passkeys = PasskeyWrap::seal(&key, DEVICE, passkey(), &secret, &mut rng);
    assert_eq!(
        PasskeyWrap::decode(&phrases),
        Err(KeyringError::Version { found: 1 })
    );
    assert_eq!(
        KeyringWrap::decode(&passkeys.unwrap().encode()),
        Err(KeyringError::Version { found: 2 })
    );
}

#[test]
fn any_flipped_or_missing_byte_of_either_row_is_refused() {
    let mut rng = FixedRng::new("keyring, damaged");
    let (key, unlock) = (KeyringKey::random(&mut rng), UnlockKey::random(&mut rng));
    let wrap = KeyringWrap::seal(
        &key,
        &unlock,
        KdfParams::USUAL,
        UnlockSalt::random(&mut rng),
        &mut rng,
    );
    let rows = [keyring(&mut rng).seal(&key, &mut rng), wrap.encode()];
    let opens = |row: &[u8]| {
        Keyring::open(&key, row).is_ok()
            || KeyringWrap::decode(row).is_ok_and(|wrap| wrap.open(&unlock).is_ok())
    };
    for row in rows {
        assert!(opens(&row));
        for at in 0..row.len() {
            let mut damaged = row.clone();
            for byte in damaged.iter_mut().skip(at).take(1) {
                *byte ^= 1;
            }
            assert!(!opens(&damaged), "byte {at}");
            let cut: Vec<u8> = row.iter().copied().take(at).collect();
            assert!(!opens(&cut), "cut at {at}");
        }
    }
}

#[test]
fn rows_of_a_newer_version_say_so() {
    let mut rng = FixedRng::new("keyring, newer");
    let key = KeyringKey::random(&mut rng);
    let mut row = keyring(&mut rng).seal(&key, &mut rng);
    for byte in row.iter_mut().take(1) {
        *byte = 2;
    }
    assert_eq!(
        Keyring::open(&key, &row),
        Err(KeyringError::Version { found: 2 })
    );
    assert_eq!(
        KeyringWrap::decode(&[0x82, 0x05, 0x00]),
        Err(KeyringError::Version { found: 5 })
    );
}

#[test]
fn debug_of_a_keyring_shows_no_secret() {
    let centre = CentreId::from_bytes([0; 32]);
    let device = DeviceSecrets::from_secrets(&[0xA7; 32], &[0xA7; 32]);
    let local = LocalKey::from_bytes([0xA7; 32]);
    let standing = Standing::Applicant {
        secret: InviteSecret::from_bytes([0xA7; 16]),
        nonce: Nonce::from_bytes([0xA7; 16]),
    };
    let mut keyring = Keyring::new(centre, standing, device, local);
    keyring.keep_epoch(Scope::Ring(Ring::Team), 1, EpochKey::from_bytes([0xA7; 32]));
    let shown = format!("{keyring:?}");
    assert!(
        !shown.contains("167") && !shown.to_lowercase().contains("a7a7"),
        "{shown}"
    );
}
