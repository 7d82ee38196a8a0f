//! What went wrong, as a plain sentence that says what to do next.
//!
//! Every `match` is exhaustive, so that a new trouble does not compile until it has words.

use crate::{
    engine::{
        form::Problem,
        view::{RelayTrouble, StorageTrouble, Trouble},
    },
    ui::{i18n::count, state::LockTrouble},
};

/// Words for a refused command. Nothing was lost; what was typed is still on the page.
pub fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Form(_) => "Some answers need another look.".into(),
        Trouble::WrongPhrase => {
            "That phrase does not open this tablet for this person. Check each word and try again; you can try as often as you like.".into()
        }
        Trouble::WrongPasskey => {
            "This device's lock gave a key that opens nothing here. Nothing is lost. Use your four words; then, under More and Ways to unlock, take this device's lock away and add it again.".into()
        }
        Trouble::WrongPin { left: 0 } => {
            "Now use your four words: the PIN was wrong five times, or it is twelve hours since you typed them. Nothing is lost.".into()
        }
        Trouble::WrongPin { left } => format!(
            "That is not this person's PIN. {} left, then your four words are asked for.",
            count(i64::from(*left), "try is", "tries are")
        ),
        Trouble::WeakPhrase => {
            "That phrase is too easy to guess. Use the four words shown, or at least four unusual words of your own.".into()
        }
        Trouble::NotAllowed => {
            "Your role does not include this. Ask your co-ordinator to do it or to change your role.".into()
        }
        Trouble::Rule { why, .. } | Trouble::NotNow(why) => why.clone(),
        Trouble::LinkUnreadable => {
            "This is not a whole invite link. Copy it again from first to last character, or ask your co-ordinator to send it again.".into()
        }
        Trouble::LinkExpired => {
            "This invite has ended. Ask your co-ordinator for a new one.".into()
        }
        Trouble::LinkUsed => {
            "This invite was used already: each opens one tablet. Ask your co-ordinator for one for this tablet, and say so if it was not you.".into()
        }
        Trouble::LinkCancelled => {
            "Your co-ordinator took this invite back. Ask them for a new one.".into()
        }
        Trouble::LinkUnknown => {
            "The relay does not know this invite. Check that you opened it at your own centre's address, or ask your co-ordinator for a new one.".into()
        }
        Trouble::NoRelay(why) => format!(
            "This step needs the network, and it did not work: {} What you typed is kept.",
            relay(*why)
        ),
        Trouble::TryAgain => {
            "Somebody else changed the list of people at the same moment. Please try again.".into()
        }
        Trouble::Storage(why) => storage(*why).into(),
    }
}

/// Why this device's lock was not added. Nothing was kept, and the four words open what they opened.
pub fn lock_not_added(trouble: LockTrouble) -> &'static str {
    match trouble {
        LockTrouble::NoLock => {
            "This browser finds no fingerprint, face or screen lock that it may use here. If this device has one, switch it on in its settings, or open Neutral Ground in another browser. Until then your four words are the way in."
        }
        LockTrouble::NoSecret => {
            "This device's lock cannot keep a key for Neutral Ground: the device or its browser is too old for that, so nothing was added. Your four words work as before. If the device lists Neutral Ground among its passkeys now, you can delete it there."
        }
        LockTrouble::NoName => {
            "This page was opened by a number, and a device's lock works only at an address with a name. Ask whoever looks after your relay for its name. Your four words work here."
        }
        LockTrouble::Refused => {
            "Nothing was added: it was cancelled, or the device did not recognise you in time. You can try again."
        }
        LockTrouble::AskAgain => {
            "Once more, please: the device has made the key and wants to see you again before it hands it over. Press the button again."
        }
        LockTrouble::Failed => {
            "This device's lock did not answer, so nothing was added. You can try again."
        }
    }
}

/// Why this device's lock did not unlock. The four words are always the other way through.
pub fn lock_not_opened(trouble: LockTrouble) -> &'static str {
    match trouble {
        LockTrouble::Refused | LockTrouble::AskAgain => {
            "This device's lock did not open it: it was cancelled, the device did not recognise you in time, or it has lost the key. Try again, or use your four words."
        }
        LockTrouble::NoLock | LockTrouble::NoSecret | LockTrouble::NoName | LockTrouble::Failed => {
            "This device's lock gave no key. It may have been switched off, or the browser has changed. Nothing is lost: use your four words."
        }
    }
}

/// Why the relay was not reached; a whole sentence.
pub fn relay(trouble: RelayTrouble) -> &'static str {
    match trouble {
        RelayTrouble::NoSignal => "there is no signal. It is sent by itself when there is one.",
        RelayTrouble::NotARelay => {
            "something else answered, most likely a Wi-Fi log-in page. Open any web page, log in to the Wi-Fi, then try again."
        }
        RelayTrouble::WrongRelay => {
            "another relay answers at this address than the one this tablet knows. Everything is kept here. If your relay was replaced, a co-ordinator says so on this page of their own tablet; if nobody replaced it, ring them."
        }
        RelayTrouble::Refused => {
            "the relay does not accept this tablet any more. Everything is kept here; ring your co-ordinator."
        }
        RelayTrouble::UnknownCentre => {
            "the relay does not know your centre. Everything is kept here; ring your co-ordinator."
        }
        RelayTrouble::Contradicts => {
            "the relay's answers do not fit together. Everything is kept here, and is compared with the relay again by itself. If this stays, ring whoever looks after your relay."
        }
        RelayTrouble::OtherHistory => {
            "the relay's list of people goes on differently from this tablet's. Everything is kept here. Change nothing about people and tablets; ring whoever looks after your relay."
        }
        RelayTrouble::ServerError => {
            "the relay has a fault of its own. It is tried again by itself."
        }
    }
}

/// Why the tablet could not store something.
pub fn storage(trouble: StorageTrouble) -> &'static str {
    match trouble {
        StorageTrouble::Full => {
            "This tablet has no room left, so the last change is not saved. Leave this page open, delete photos or apps you do not need, then try again."
        }
        StorageTrouble::Failed => {
            "This tablet refused to save, so the last change is not saved. Leave this page open and copy long text to paper before you reload."
        }
    }
}

/// What is expected of one answer.
pub fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Missing => "Fill this in".into(),
        Problem::TooLong { max } => format!("Use {max} characters or fewer"),
        Problem::NotADay => "Write a day such as 14/03/2026".into(),
        Problem::NotATime => "Write a time such as 10:00".into(),
        Problem::NotAPhone => "Write a phone number such as 01632 960 001".into(),
        Problem::NotAnEmail => "Write an e-mail address such as name@example.org".into(),
        Problem::OutOfRange { min, max } => format!("Use a number from {min} to {max}"),
        Problem::EndsBeforeStart => "The end must be later than the start".into(),
        Problem::NotAPin => "Use six digits".into(),
        Problem::EasyPin => {
            "Choose digits that are harder to guess: not one digit six times, nor a row such as 123456".into()
        }
        Problem::Unreadable => "Take out signs that cannot be read, then type it again".into(),
        Problem::ChooseOne => "Choose at least one".into(),
        Problem::NoContactDetails => {
            "Give at least one way to reach this adult: phone, e-mail or address".into()
        }
        Problem::KindNotAllowed => {
            "The risk decision does not allow this kind. Choose another".into()
        }
        Problem::SheetLength { found } => format!(
            "A sheet has 28 words; {} here. Type them in the order of their numbers",
            count(i64::from(*found), "word is", "words are")
        ),
        Problem::SheetWord { place } => format!(
            "Word {place} is not one that a sheet can have. Compare it with the paper"
        ),
        Problem::SheetMistyped => {
            "One of the words is another than on the paper, or two have changed places. Compare them one by one".into()
        }
        Problem::SameSheet => "This is the same sheet as the other. Take another one of the three".into(),
        Problem::GapTooSmall => {
            "These two are kept apart, so leave a longer gap between their arrivals".into()
        }
    }
}

/// A problem together with what was asked, for the summary: `Name of the centre: fill this in`.
pub fn problem_of(label: &str, found: &Problem) -> String {
    let words = problem(found);
    if label.ends_with('?') {
        return format!("{label} {words}");
    }
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => format!(
            "{label}: {}{}",
            first.to_ascii_lowercase(),
            letters.as_str()
        ),
        None => label.to_owned(),
    }
}
