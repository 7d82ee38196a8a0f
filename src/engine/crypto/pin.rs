//! Six digits that unlock again while a tablet is only resting.
//!
//! A PIN opens nothing by itself: the keys it gives back are in memory already (see `engine::doors::resting`). It never
//! protects anything at rest, so it need not be hard to guess, only hard to guess in five tries.

use core::fmt;

use zeroize::Zeroizing;

/// Digits of a PIN.
pub const DIGITS: usize = 6;

/// Six digits that somebody chose.
#[derive(Clone)]
pub struct Pin(Zeroizing<[u8; DIGITS]>);

/// Why something is no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinError {
    /// Not six digits.
    NotSixDigits,
    /// One digit six times, or six in a row: the first that a stranger tries.
    Easy,
}

impl fmt::Display for PinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSixDigits => "expected six digits, found something else",
            Self::Easy => "expected six digits without a pattern, found a run or a repetition",
        })
    }
}

impl core::error::Error for PinError {}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(secret)")
    }
}

impl Pin {
    /// A PIN to be chosen: what is tried first by strangers is refused.
    pub fn choose(typed: &str) -> Result<Self, PinError> {
        let pin = Self::parse(typed).ok_or(PinError::NotSixDigits)?;
        if pin.is_easy() {
            return Err(PinError::Easy);
        }
        Ok(pin)
    }

    /// Six digits; spaces around and between them do not count.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits = typed.bytes().filter(|byte| *byte != b' ');
        let mut pin = Zeroizing::new([0; DIGITS]);
        let mut length = 0;
        for digit in digits {
            *pin.get_mut(length)? = digit;
            length += 1;
        }
        let whole = length == DIGITS && pin.iter().all(u8::is_ascii_digit);
        whole.then_some(Self(pin))
    }

    /// The digits, to be sealed.
    pub fn expose(&self) -> &[u8; DIGITS] {
        &self.0
    }

    /// Whether both are the same, in time that does not depend on where they differ.
    pub fn is(&self, other: &Self) -> bool {
        let pairs = self.0.iter().zip(other.0.iter());
        pairs.fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }

    fn is_easy(&self) -> bool {
        let step = |pair: &[u8]| match pair {
            [one, next] => i16::from(*next) - i16::from(*one),
            _ => 0,
        };
        let mut steps = self.0.windows(2).map(step);
        let first = steps.next().unwrap_or(0);
        (-1..=1).contains(&first) && steps.all(|step| step == first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_six_digits_without_a_pattern() {
        let table = [
            ("402918", None),
            (" 402 918 ", None),
            ("112233", None),
            ("121212", None),
            ("", Some(PinError::NotSixDigits)),
            ("40291", Some(PinError::NotSixDigits)),
            ("4029183", Some(PinError::NotSixDigits)),
            ("40291a", Some(PinError::NotSixDigits)),
            ("４０２９１８", Some(PinError::NotSixDigits)),
            ("000000", Some(PinError::Easy)),
            ("777777", Some(PinError::Easy)),
            ("123456", Some(PinError::Easy)),
            ("456789", Some(PinError::Easy)),
            ("987654", Some(PinError::Easy)),
        ];
        for (typed, expected) in table {
            assert_eq!(Pin::choose(typed).err(), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_pin_is_itself_alone_and_is_not_printed() {
        let is = |typed| {
            let (pin, typed) = (Pin::parse("402918")?, Pin::parse(typed)?);
            Some(pin.is(&typed))
        };
        assert_eq!(is("402918"), Some(true));
        assert_eq!(is("402919"), Some(false));
        assert_eq!(is("502918"), Some(false));
        let shown = format!("{:?}", Pin::parse("402918"));
        assert_eq!(shown, "Some(Pin(secret))");
    }
}
