//! Fixed inputs with their fixed bytes, for every construction of this module.
//!
//! Checked natively and in a browser; the expected bytes are in `tests/fixtures/crypto/vectors.txt`.

mod compute;

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

const EXPECTED: &str = include_str!("../../../tests/fixtures/crypto/vectors.txt");

/// Bytes that follow from a label: never random, so never for use.
#[derive(Debug)]
pub struct FixedRng(blake3::OutputReader);

impl FixedRng {
    /// The bytes that follow from this label.
    pub fn new(label: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(b"ng/test-vectors/v1")
            .update(label.as_bytes());
        Self(hasher.finalize_xof())
    }
}

impl TryRng for FixedRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for FixedRng {}

/// Makes every construction from its fixed inputs and compares it with the bytes on file.
///
/// Gives the number of vectors, or the names of those that differ.
pub fn check_all() -> Result<usize, Vec<String>> {
    let expected = EXPECTED.lines().filter_map(|line| line.split_once(" = "));
    let computed = compute::all();
    let differ: Vec<String> = computed
        .iter()
        .filter(|(name, value)| {
            !expected
                .clone()
                .any(|(known, hex)| known == *name && hex == value)
        })
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    if !differ.is_empty() {
        return Err(differ);
    }
    match expected.count() {
        known if known == computed.len() => Ok(known),
        known => Err(vec![format!(
            "{known} vectors on file, {} computed",
            computed.len()
        )]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_construction_gives_the_bytes_on_file() {
        let checked = check_all();
        assert!(
            checked.as_ref().is_ok_and(|count| *count >= 30),
            "{}",
            listed(&checked)
        );
    }

    fn listed(checked: &Result<usize, Vec<String>>) -> String {
        match checked {
            Ok(count) => format!("only {count} vectors"),
            Err(differ) => differ.join("\n"),
        }
    }
}
