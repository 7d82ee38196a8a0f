//! Any two sheets make the kit, one says nothing, and what is mistyped is found.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::*;
use crate::engine::crypto::vectors::FixedRng;

fn kit() -> KitSecret {
    KitSecret::random(&mut FixedRng::new("kit"))
}

fn centre() -> CentreId {
    CentreId::from_bytes(core::array::from_fn(|index| {
        u8::try_from(7 + 5 * index).unwrap()
    }))
}

fn sheets() -> [Sheet; SHEETS] {
    kit().sheets(centre(), &mut FixedRng::new("sheets"))
}

#[test]
fn any_two_sheets_make_the_kit_and_name_the_centre() {
    let sheets = sheets();
    for (i, j) in [(0, 1), (0, 2), (1, 2), (1, 0), (2, 0), (2, 1)] {
        let (found, secret) = KitSecret::join(&sheets[i], &sheets[j]).unwrap();
        assert_eq!(found, super::tests::centre(), "sheets {i} and {j}");
        assert_eq!(secret, kit(), "sheets {i} and {j}");
        assert_eq!(secret.device(), kit().device());
    }
    let twice = KitSecret::join(&sheets[1], &sheets[1]);
    assert_eq!(twice, Err(SheetError::Same));
}

#[test]
fn sheets_of_two_printings_do_not_go_together() {
    let other = kit().sheets(centre(), &mut FixedRng::new("another printing"));
    let (_, secret) = KitSecret::join(&sheets()[0], &other[1]).unwrap();
    assert_ne!(secret, kit());
}

#[test]
fn one_sheet_goes_with_every_secret() {
    // Whatever the secret is, some slope gives this part: seen alone it rules nothing out.
    for number in 1..=3 {
        let images: std::collections::BTreeSet<u8> =
            (0..=255).map(|slope| times(number, slope)).collect();
        assert_eq!(images.len(), 256);
    }
}

#[test]
fn products_and_inverses_are_those_of_the_field() {
    assert_eq!(times(0x57, 0x83), 0xc1, "FIPS 197, section 4.2");
    assert_eq!(times(0x57, 0x13), 0xfe, "FIPS 197, section 4.2.1");
    for number in 1..=255 {
        assert_eq!(times(number, inverse(number)), 1, "{number}");
    }
}

#[test]
fn a_sheet_is_read_as_it_was_printed_typed_or_scanned() {
    for sheet in sheets() {
        let words = sheet.words();
        assert_eq!(words.split(' ').count(), SHEET_WORDS);
        assert_eq!(Sheet::parse(&words).as_ref(), Ok(&sheet));
        assert_eq!(Sheet::parse(&words.to_uppercase()).as_ref(), Ok(&sheet));
        let numbered: String = (1..)
            .zip(words.split(' '))
            .fold(String::new(), |text, (n, word)| {
                text + &format!("{n}. {word}\n")
            });
        assert_eq!(Sheet::parse(&numbered).as_ref(), Ok(&sheet));
        let short: String = words.split(' ').fold(String::new(), |text, word| {
            text + word.get(..4).unwrap_or(word) + " "
        });
        assert_eq!(
            Sheet::parse(&short).as_ref(),
            Ok(&sheet),
            "four letters a word"
        );
    }
}

#[test]
fn a_wrong_word_is_found_and_said_where_that_can_be_known() {
    let words = sheets()[0].words();
    let mut list: Vec<&str> = words.split(' ').collect();
    assert_eq!(
        Sheet::parse(&list[..27].join(" ")),
        Err(SheetError::Count { found: 27 })
    );
    assert_eq!(Sheet::parse(""), Err(SheetError::Count { found: 0 }));
    let third = core::mem::replace(&mut list[2], "hallway");
    assert_eq!(
        Sheet::parse(&list.join(" ")),
        Err(SheetError::Unlisted { place: 3 })
    );
    list[2] = third;
    for place in 0..SHEET_WORDS {
        let other = words::at(words::place(list[place]).unwrap() + 1);
        let kept = core::mem::replace(&mut list[place], other);
        assert_eq!(
            Sheet::parse(&list.join(" ")),
            Err(SheetError::Check),
            "word {place}"
        );
        list[place] = kept;
    }
    list.swap(4, 5);
    assert_eq!(Sheet::parse(&list.join(" ")), Err(SheetError::Check));
}

#[test]
fn a_sheet_too_long_to_be_one_is_refused() {
    let words = sheets()[0].words();
    let twice = format!("{} {}", *words, *words);
    assert_eq!(Sheet::parse(&twice), Err(SheetError::Count { found: 56 }));
    let long = "é".repeat(5000);
    assert!(Sheet::parse(&long).is_err());
}

#[test]
fn secrets_stay_out_of_debug() {
    let [first, ..] = sheets();
    assert_eq!(
        format!("{:?} {first:?}", kit()),
        "KitSecret(secret) Sheet(1, secret)"
    );
}
