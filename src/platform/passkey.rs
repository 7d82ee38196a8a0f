//! This device's lock, as the browser offers it: a passkey whose extension `prf` gives a secret (WebAuthn, level 3).
//!
//! Knows how a browser is asked and what its refusals mean. Must not know what the secret opens; nothing of it stays here.
#![expect(
    clippy::disallowed_methods,
    reason = "passkeys are asked for on the page, where there is a window; a challenge that nobody checks is no key"
)]

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use zeroize::Zeroizing;

use crate::engine::crypto::{key::PasskeySecret, keyring::Passkey};

/// Why this device's lock gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The browser cannot use a lock of this device, or the device has none.
    NoLock,
    /// The lock gives no secrets to pages.
    NoSecret,
    /// The page was opened by a number, and a passkey belongs to a name.
    NoName,
    /// The person cancelled or took too long, or the device has no such passkey any more. Browsers do not tell which, so
    /// that pages cannot find out who has one.
    Refused,
    /// The passkey is made and gives its secret only when asked again, with another press.
    AskAgain,
    /// Anything else.
    Failed,
}

/// A passkey that was just made.
pub struct Made {
    /// What to ask for at the next start.
    pub passkey: Passkey,
    /// What it gives, where the browser says so at once.
    pub secret: Option<PasskeySecret>,
}

impl core::fmt::Debug for Made {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Made")
            .field("passkey", &self.passkey)
            .finish_non_exhaustive()
    }
}

/// Whether a passkey can be made here, as far as a browser says beforehand.
pub async fn support() -> Result<(), Trouble> {
    let interface = interface().ok_or(Trouble::NoLock)?;
    // The last part of a name is never a number (WHATWG URL, "ends in a number"); what has a colon is a number too.
    let host = host();
    if host.contains(':') || host.ends_with(|last: char| last.is_ascii_digit()) {
        return Err(Trouble::NoName);
    }
    let lock = "isUserVerifyingPlatformAuthenticatorAvailable";
    let lock = call(&interface, lock, &JsValue::UNDEFINED).await;
    if lock.map_err(|_| Trouble::NoLock)? != JsValue::TRUE {
        return Err(Trouble::NoLock);
    }
    // Browsers that do not know this question are asked by making one.
    let able = call(&interface, "getClientCapabilities", &JsValue::UNDEFINED).await;
    match able.map(|able| at(&able, &["extension:prf"])) {
        Ok(able) if able == JsValue::FALSE => Err(Trouble::NoSecret),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Makes a passkey on this device. `known_as` is what the device lists it by.
pub async fn create(known_as: &str) -> Result<Made, Trouble> {
    let salt = random::<32>()?;
    let name = JsValue::from_str(known_as);
    // Random, so that neither a second one of the same person nor a colleague's is written over, and that it says nothing.
    let user = bytes(&random::<16>()?);
    let kinds = [-7, -257].map(|kind| {
        let kind = JsValue::from_f64(f64::from(kind));
        object(&[("type", &"public-key".into()), ("alg", &kind)])
    });
    let selection = object(&[
        ("authenticatorAttachment", &"platform".into()),
        ("residentKey", &"required".into()),
        ("requireResidentKey", &JsValue::TRUE),
        ("userVerification", &"required".into()),
    ]);
    let rp = object(&[("id", &host().into()), ("name", &"Neutral Ground".into())]);
    let user = object(&[("id", &user), ("name", &name), ("displayName", &name)]);
    let made = ask(
        "create",
        &[
            ("rp", &rp),
            ("user", &user),
            ("pubKeyCredParams", &kinds.iter().collect::<Array>().into()),
            ("authenticatorSelection", &selection),
            ("attestation", &"none".into()),
        ],
        &salt,
    )
    .await?;
    let passkey = Passkey {
        credential: Uint8Array::new(&at(&made, &["rawId"])).to_vec(),
        salt: salt.to_vec(),
    };
    let results = results_of(&made).await;
    let secret = secret_in(&results);
    if secret.is_none() && at(&results, &["enabled"]) != JsValue::TRUE {
        forget(&passkey);
        return Err(Trouble::NoSecret);
    }
    Ok(Made { passkey, secret })
}

/// Asks this device's lock for the secret of a passkey.
pub async fn secret(passkey: &Passkey) -> Result<PasskeySecret, Trouble> {
    let one = object(&[
        ("type", &"public-key".into()),
        ("id", &bytes(&passkey.credential)),
        ("transports", &Array::of1(&"internal".into()).into()),
    ]);
    let given = ask(
        "get",
        &[
            ("rpId", &host().into()),
            ("allowCredentials", &Array::of1(&one).into()),
            ("userVerification", &"required".into()),
        ],
        &passkey.salt,
    )
    .await?;
    secret_in(&results_of(&given).await).ok_or(Trouble::NoSecret)
}

/// Tells the device that a passkey is of no use any more, where there is a way to tell it; it may then take it off its list.
pub fn forget(passkey: &Passkey) {
    let Some((interface, window)) = interface().zip(web_sys::window()) else {
        return;
    };
    let latin: String = passkey.credential.iter().copied().map(char::from).collect();
    let Ok(text) = window.btoa(&latin) else {
        return;
    };
    let text = text.replace('+', "-").replace('/', "_");
    let named = object(&[
        ("rpId", &host().into()),
        ("credentialId", &text.trim_end_matches('=').into()),
    ]);
    spawn_local(async move {
        // A device that cannot be told keeps an entry that opens nothing.
        let _refused = call(&interface, "signalUnknownCredential", &named).await;
    });
}

/// One question to the browser's keeper of credentials, with what both kinds of question have in common.
async fn ask(question: &str, fields: &[(&str, &JsValue)], salt: &[u8]) -> Result<JsValue, Trouble> {
    let window = web_sys::window().ok_or(Trouble::NoLock)?;
    let keeper = at(window.navigator().as_ref(), &["credentials"]);
    let first = object(&[("first", &bytes(salt))]);
    let extensions = object(&[("prf", &object(&[("eval", &first)]))]);
    // Nobody checks the answer's signature: what counts is the secret, which no answer without the passkey has.
    let challenge = bytes(&random::<32>()?);
    let common = [("challenge", &challenge), ("extensions", &extensions)];
    let asked = object(&[fields, &common].concat());
    let answer = call(&keeper, question, &object(&[("publicKey", &asked)])).await;
    answer.map_err(
        |refused| match at(&refused, &["name"]).as_string().as_deref() {
            Some("NotAllowedError" | "AbortError") => Trouble::Refused,
            Some("SecurityError") => Trouble::NoName,
            Some("NotSupportedError" | "ConstraintError") => Trouble::NoLock,
            Some(_) | None => Trouble::Failed,
        },
    )
}

async fn results_of(credential: &JsValue) -> JsValue {
    let results = call(credential, "getClientExtensionResults", &JsValue::UNDEFINED).await;
    at(&results.unwrap_or_default(), &["prf"])
}

/// The secret, of which the browser's own copy is overwritten.
fn secret_in(results: &JsValue) -> Option<PasskeySecret> {
    let given = Uint8Array::new(&at(results, &["results", "first"]));
    let mut secret = Zeroizing::new([0; 32]);
    if given.length() != 32 {
        return None;
    }
    given.copy_to(secret.as_mut_slice());
    given.fill(0, 0, 32);
    Some(PasskeySecret::from_bytes(*secret))
}

/// Calls a method by its name and waits for what it promises.
async fn call(of: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(of, &method.into())?.dyn_into()?;
    match method.call1(of, argument)?.dyn_into::<Promise>() {
        Ok(promise) => JsFuture::from(promise).await,
        Err(value) => Ok(value),
    }
}

/// A member of a member; undefined where there is none.
fn at(of: &JsValue, path: &[&str]) -> JsValue {
    path.iter().fold(of.clone(), |of, name| {
        Reflect::get(&of, &JsValue::from_str(name)).unwrap_or_default()
    })
}

fn object(fields: &[(&str, &JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes every field.
        let _set = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn random<const N: usize>() -> Result<[u8; N], Trouble> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Trouble::Failed)?;
    Ok(bytes)
}

/// What passkeys belong to: the name of the address, without scheme and port.
fn host() -> String {
    let host = web_sys::window().and_then(|window| window.location().hostname().ok());
    host.unwrap_or_default()
}

/// The browser's own idea of passkeys, where it has one.
fn interface() -> Option<JsValue> {
    let interface = at(web_sys::window()?.as_ref(), &["PublicKeyCredential"]);
    (!interface.is_undefined()).then_some(interface)
}
