//! Closed vocabularies: each value has one stable word.
//!
//! The word is what documents keep, so it never changes once released; the wording a person reads
//! lives with the screens.

/// Defines an enum whose values are named by stable words.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $name:ident, $what:literal {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant ),+
        }

        impl $name {
            /// Every value, in the order a list shows them.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// Its place in [`Self::ALL`], for a message that does not outlive the program.
            pub const fn index(self) -> u8 {
                self as u8
            }

            /// The value at a place of [`Self::ALL`].
            pub fn from_index(index: u8) -> Option<Self> {
                Self::ALL.get(usize::from(index)).copied()
            }

            /// The stable word.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }

            /// Reads the stable word.
            pub fn parse_word(word: &str) -> Result<Self, $crate::domain::error::ParseError> {
                match word {
                    $( $word => Ok(Self::$variant), )+
                    _ => Err($crate::domain::error::ParseError::new(
                        $crate::domain::error::Expected::Word($what),
                        $crate::domain::error::Found::NoSuch,
                    )),
                }
            }
        }
    };
}
