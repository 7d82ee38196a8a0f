//! The link as text: forgiving about what comes along when a message is copied, strict about the rest.

use core::fmt;

use sync_protocol::CentreId;
use zeroize::Zeroizing;

use super::InviteSecret;

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteLink {
    /// The centre to join.
    pub centre: CentreId,
    /// Opens the mailbox.
    pub secret: InviteSecret,
}

/// Why text holds no invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Nothing was given.
    Empty,
    /// A web address without the part after `#`, where the invite is: it was cut off, or is another page's.
    NoSecret,
    /// Too short or too long: part of it is missing, or it was pasted twice.
    Length {
        /// Characters expected.
        expected: usize,
        /// Characters found.
        found: usize,
    },
    /// A character that no invite has.
    Character {
        /// Its place, from 1.
        place: usize,
    },
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("expected an invite link, found nothing"),
            Self::NoSecret => {
                f.write_str("expected an invite after #, found an address without one")
            }
            Self::Length { expected, found } => {
                write!(f, "expected {expected} characters of invite, found {found}")
            }
            Self::Character { place } => {
                write!(
                    f,
                    "expected letters, digits, - and _, found something else at {place}"
                )
            }
        }
    }
}

impl core::error::Error for LinkError {}

const BYTES: usize = 48;
/// Characters of an invite.
const CHARACTERS: usize = BYTES / 3 * 4;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl InviteLink {
    /// The part after `#`, which no browser sends to a server.
    pub fn fragment(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new([self.centre.as_bytes(), &self.secret.expose()[..]].concat());
        encode(&bytes)
    }

    /// The whole link; `origin` as in `https://centre.example`.
    pub fn url(&self, origin: &str) -> Zeroizing<String> {
        let origin = origin.trim_end_matches('/');
        Zeroizing::new(format!("{origin}/join#{}", *self.fragment()))
    }

    /// The invite in a link, in its last part alone, or in the message that the link came in.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let invite = invite_in(text)?;
        let bytes = decode(&invite)?;
        let length = LinkError::Length {
            expected: CHARACTERS,
            found: invite.chars().count(),
        };
        let (centre, secret) = bytes.split_first_chunk::<32>().ok_or(length)?;
        let secret = secret.try_into().map_err(|_| length)?;
        Ok(Self {
            centre: CentreId::from_bytes(*centre),
            secret: InviteSecret::from_bytes(secret),
        })
    }
}

/// The characters that should be the invite, without what mail programs and people put around and into it.
fn invite_in(text: &str) -> Result<Zeroizing<String>, LinkError> {
    if text.trim().is_empty() {
        return Err(LinkError::Empty);
    }
    let (is_address, rest) = match text.split_once('#') {
        Some((_, rest)) => (false, rest),
        None => (text.contains("://"), text),
    };
    if is_address || rest.trim().is_empty() {
        return Err(LinkError::NoSecret);
    }
    let first_word = rest.split_whitespace().next().map_or("", trimmed);
    if first_word.chars().count() == CHARACTERS {
        return Ok(Zeroizing::new(first_word.to_owned()));
    }
    let joined: Zeroizing<String> =
        Zeroizing::new(rest.chars().filter(|char| !is_blank(*char)).collect());
    Ok(Zeroizing::new(trimmed(&joined).to_owned()))
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|char: char| !char.is_ascii_alphanumeric() && char != '-' && char != '_')
}

/// White space, and the zero-width marks that some programs put into long words.
fn is_blank(char: char) -> bool {
    char.is_whitespace()
        || matches!(
            char,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

/// Base64 with `-` and `_`, without padding (RFC 4648, section 5), of a multiple of three bytes.
fn encode(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(CHARACTERS));
    for [a, b, c] in bytes.as_chunks::<3>().0 {
        let bits = u32::from_be_bytes([0, *a, *b, *c]);
        for shift in [18, 12, 6, 0] {
            let digit = usize::try_from(bits >> shift & 63).unwrap_or(0);
            text.extend(ALPHABET.get(digit).copied().map(char::from));
        }
    }
    text
}

fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, LinkError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES));
    let mut bits = Zeroizing::new(0_u32);
    let mut found = 0;
    for char in text.chars() {
        found += 1;
        *bits = *bits << 6 | value(char).ok_or(LinkError::Character { place: found })?;
        if found % 4 == 0 && found <= CHARACTERS {
            bytes.extend(bits.to_be_bytes().iter().skip(1));
            *bits = 0;
        }
    }
    if found != CHARACTERS {
        return Err(LinkError::Length {
            expected: CHARACTERS,
            found,
        });
    }
    Ok(bytes)
}

/// `+` and `/` are what some programs make of `-` and `_`.
fn value(char: char) -> Option<u32> {
    let char = match char {
        '+' => '-',
        '/' => '_',
        other => other,
    };
    let place = ALPHABET
        .iter()
        .position(|digit| char::from(*digit) == char)?;
    u32::try_from(place).ok()
}
