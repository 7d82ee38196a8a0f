//! Field by field: what the reader and the writer of one stored object do.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue, transaction::Transactable};

use crate::{
    documents::{
        WriteError,
        error::{Unreadable, Why},
        record::{reader::Reader, writer::Writer},
    },
    domain::{
        sample::{line, name},
        text::{PersonName, ShortLine},
        worker::Role,
    },
};

const SHAPE: Unreadable = Unreadable::because(Why::Shape);

/// One field of every stored type, under the name of its type.
fn one_of_each() -> AutoCommit {
    let mut doc = AutoCommit::new();
    let mut to = Writer::root(&mut doc);
    to.text("text", "Front").unwrap();
    to.number("number", -5).unwrap();
    to.count("count", 7).unwrap();
    to.flag("flag", true).unwrap();
    to.none("none").unwrap();
    to.fresh_text("typed text").unwrap();
    to.type_text("typed text", "Ran to him").unwrap();
    to.part("part").unwrap().text("within", "yes").unwrap();
    doc.put_object(ROOT, "list", ObjType::List).unwrap();
    doc.put(ROOT, "bytes", ScalarValue::Bytes(vec![1])).unwrap();
    doc
}

fn line_of<'a>(list: impl IntoIterator<Item = &'a str>) -> Vec<ShortLine> {
    list.into_iter().map(line).collect()
}

#[test]
fn what_was_written_is_read_back() {
    let doc = one_of_each();
    let from = Reader::root(&doc);
    assert_eq!(from.text("text").unwrap(), "Front");
    assert_eq!(
        from.optional_text("text").unwrap().as_deref(),
        Some("Front")
    );
    assert_eq!(from.parse("text", ShortLine::parse).unwrap(), line("Front"));
    assert_eq!(from.typed_text("typed text").unwrap(), "Ran to him");
    assert_eq!(from.number("number").unwrap(), -5);
    assert_eq!(from.optional_number("number").unwrap(), Some(-5));
    assert_eq!(from.count("count").unwrap(), 7);
    assert!(from.flag("flag").unwrap());
    assert_eq!(from.part("part").unwrap().text("within").unwrap(), "yes");
    assert_eq!(from.optional_text("none").unwrap(), None);
    assert_eq!(from.optional_number("none").unwrap(), None);
    assert!(from.optional_part("none").unwrap().is_none());
    assert!(from.has("none") && !from.is_set("none") && from.is_set("part"));
    assert!(!from.has("absent") && !from.is_set("absent"));
}

#[test]
fn a_field_of_another_type_and_a_missing_field_are_refused_by_every_accessor() {
    type Accessor = fn(&Reader<'_>, &str) -> Result<(), Unreadable>;
    let doc = one_of_each();
    let accessors: [(&[&str], Accessor); 9] = [
        (&["text"], |from, name| from.text(name).map(drop)),
        (&["text", "none"], |from, name| {
            from.optional_text(name).map(drop)
        }),
        (&["typed text"], |from, name| {
            from.typed_text(name).map(drop)
        }),
        (&["number"], |from, name| from.number(name).map(drop)),
        (&["number", "none"], |from, name| {
            from.optional_number(name).map(drop)
        }),
        (&["count"], |from, name| from.count(name).map(drop)),
        (&["flag"], |from, name| from.flag(name).map(drop)),
        (&["part"], |from, name| from.part(name).map(drop)),
        (&["part", "none"], |from, name| {
            from.optional_part(name).map(drop)
        }),
    ];
    let from = Reader::root(&doc);
    let mut names = from.names();
    assert_eq!(names.len(), 9);
    names.push("absent".to_owned());
    for (place, (taken, accessor)) in accessors.iter().enumerate() {
        for name in &names {
            let expected = if taken.contains(&name.as_str()) {
                Ok(())
            } else {
                Err(SHAPE)
            };
            assert_eq!(
                accessor(&from, name),
                expected,
                "accessor {place}, field {name}"
            );
        }
    }
}

#[test]
fn a_text_that_does_not_parse_is_named_wherever_it_stands() {
    let mut doc = AutoCommit::new();
    let mut to = Writer::root(&mut doc);
    to.text("word", "").unwrap();
    to.lines("lines", &mut ["Front", ""].into_iter()).unwrap();
    to.members("roles", &mut ["no such role".to_owned()].into_iter())
        .unwrap();
    let from = Reader::root(&doc);
    let named = |refused: Unreadable| {
        let Why::Field { name, .. } = refused.why else {
            unreachable!("expected a field's name, found {refused}");
        };
        name
    };
    assert_eq!(
        named(from.parse("word", ShortLine::parse).unwrap_err()),
        "word"
    );
    assert_eq!(
        named(from.optional("word", ShortLine::parse).unwrap_err()),
        "word"
    );
    assert_eq!(
        named(from.lines("lines", ShortLine::parse).unwrap_err()),
        "lines"
    );
    assert_eq!(
        named(from.members("roles", Role::parse_word).unwrap_err()),
        "roles"
    );
    assert_eq!(from.lines("absent", ShortLine::parse), Err(SHAPE));
}

#[test]
fn fields_are_read_in_the_order_of_their_names_whoever_wrote_them_first() {
    let mut one = AutoCommit::new().with_actor([2; 16].as_slice().into());
    Writer::root(&mut one)
        .lines("lines", &mut std::iter::empty())
        .unwrap();
    let mut other = one.fork().with_actor([1; 16].as_slice().into());
    let lines = |doc: &mut AutoCommit, places: [&str; 3]| {
        let mut list = Writer::root(doc).inside("lines").unwrap();
        for place in places {
            list.text(place, place).unwrap();
        }
    };
    lines(&mut one, ["011", "003", "001"]);
    lines(&mut other, ["010", "000", "002"]);
    one.merge(&mut other).unwrap();
    assert_eq!(
        Reader::root(&one).lines("lines", ShortLine::parse).unwrap(),
        line_of(["000", "001", "002", "003", "010", "011"]),
    );
}

#[test]
fn a_shorter_list_and_a_smaller_set_leave_nothing_of_the_old_one() {
    let mut doc = AutoCommit::new();
    let mut to = Writer::root(&mut doc);
    let names = ["Mia", "Theo", "Isla"].map(name);
    let write = |name: &PersonName, to: &mut Writer<'_>| to.text("name", name.as_str());
    let read = |from: &Reader<'_>| from.parse("name", PersonName::parse);
    to.lines("lines", &mut ["Front", "Side"].into_iter())
        .unwrap();
    to.items("items", &mut names.iter(), write).unwrap();
    to.members(
        "roles",
        &mut Role::ALL.iter().map(|role| role.word().to_owned()),
    )
    .unwrap();
    let from = Reader::root(&doc);
    assert_eq!(from.items("items", read).unwrap(), names);
    assert_eq!(
        from.members("roles", Role::parse_word).unwrap().len(),
        Role::ALL.len()
    );

    let mut to = Writer::root(&mut doc);
    to.lines("lines", &mut ["Back"].into_iter()).unwrap();
    to.items("items", &mut names[1..].iter(), write).unwrap();
    let kept = Role::ALL[0];
    to.members("roles", &mut [kept.word().to_owned()].into_iter())
        .unwrap();
    let from = Reader::root(&doc);
    assert_eq!(
        from.lines("lines", ShortLine::parse).unwrap(),
        line_of(["Back"])
    );
    assert_eq!(from.items("items", read).unwrap(), names[1..]);
    assert_eq!(
        from.members("roles", Role::parse_word).unwrap(),
        BTreeSet::from([kept])
    );
    assert_eq!(from.part("lines").unwrap().names(), ["000"]);
}

#[test]
fn two_devices_fill_one_container_that_is_there_and_never_make_a_rival() {
    let mut one = AutoCommit::new();
    Writer::root(&mut one).part("rooms").unwrap();
    let made = Reader::root(&one).part("rooms").unwrap().object().clone();
    let mut other = one.fork();
    for (doc, room) in [(&mut one, "Sun room"), (&mut other, "Attic")] {
        Writer::root(doc)
            .part("rooms")
            .unwrap()
            .flag(room, true)
            .unwrap();
    }
    one.merge(&mut other).unwrap();
    let rooms = Reader::root(&one).part("rooms").unwrap();
    assert_eq!(*rooms.object(), made);
    assert_eq!(rooms.names(), ["Attic", "Sun room"]);
    assert_eq!(one.get_all(ROOT, "rooms").unwrap().len(), 1);
}

#[test]
fn a_fresh_part_takes_the_place_of_what_was_there() {
    let mut doc = one_of_each();
    let old = Reader::root(&doc).part("part").unwrap().object().clone();
    Writer::root(&mut doc)
        .fresh_part("part")
        .unwrap()
        .flag("new", true)
        .unwrap();
    let part = Reader::root(&doc).part("part").unwrap();
    assert_ne!(*part.object(), old);
    assert_eq!(part.names(), ["new"]);
    // A value of another type makes room for a part in the same way.
    Writer::root(&mut doc).part("none").unwrap();
    assert!(Reader::root(&doc).part("none").is_ok());
}

#[test]
fn a_verb_goes_only_into_a_container_that_is_there() {
    let mut doc = one_of_each();
    for missing in ["absent", "none", "text", "list"] {
        let gone = Writer::root(&mut doc).inside(missing).map(drop);
        assert_eq!(gone, Err(WriteError::NotThere), "{missing}");
    }
    let mut root = Writer::root(&mut doc);
    assert_eq!(root.type_text("absent", "Ran"), Err(WriteError::NotThere));
    assert_eq!(root.type_text("text", "Ran"), Err(WriteError::Refused));
}

#[test]
fn writing_what_is_there_already_changes_nothing() {
    let mut doc = one_of_each();
    doc.commit();
    let mut to = Writer::root(&mut doc);
    to.text("text", "Front").unwrap();
    to.number("number", -5).unwrap();
    to.count("count", 7).unwrap();
    to.flag("flag", true).unwrap();
    to.optional("none", None).unwrap();
    to.type_text("typed text", "Ran to him").unwrap();
    to.part("part").unwrap().text("within", "yes").unwrap();
    assert_eq!(doc.pending_ops(), 0);
}
