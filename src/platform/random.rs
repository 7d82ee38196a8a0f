//! The browser's random source, handed to the engine as an argument. The only place that asks for it.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// Random bytes of the browser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BrowserRandom;

impl TryRng for BrowserRandom {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that asks the browser for random bytes"
    )]
    #[expect(
        clippy::panic,
        reason = "a browser without randomness must stop before it makes a key"
    )]
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        match getrandom::fill(bytes) {
            Ok(()) => Ok(()),
            Err(error) => panic!("the browser gave no random bytes: {error}"),
        }
    }
}

impl TryCryptoRng for BrowserRandom {}
