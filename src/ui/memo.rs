//! A fact that is told on only when it has changed, compiled once for all kinds of facts.
//!
//! Does what the framework's memo does. That one is compiled anew for every type it holds, sixty of them, which was a
//! tenth of the page; here one memo holds "some fact", and only the way in and out knows which.

use core::{any::Any, fmt, marker::PhantomData, ops::Deref};
use std::sync::Arc;

use leptos::prelude::{Get, GetUntracked, Track};

/// A fact made of others; it is told on when it is not equal to the one before.
pub struct Memo<T: 'static> {
    inner: leptos::prelude::Memo<Fact>,
    of: PhantomData<fn() -> T>,
}

/// A fact of any type.
#[derive(Clone)]
struct Fact(Arc<dyn AnyFact>);

trait AnyFact: Any + Send + Sync {
    fn equals(&self, other: &dyn Any) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<T: PartialEq + Send + Sync + 'static> AnyFact for T {
    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(other.0.as_any())
    }
}

impl Fact {
    fn get<T: 'static>(&self) -> &T {
        #[allow(clippy::expect_used)]
        self.0
            .as_any()
            .downcast_ref()
            .expect("it is of this type because only the memo of this type makes it")
    }
}

/// A fact as it stands, for as long as somebody reads it.
pub struct Reading<T> {
    fact: Fact,
    of: PhantomData<fn() -> T>,
}

impl<T: 'static> Deref for Reading<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.fact.get()
    }
}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// A fact made by `make`, which is given the one before.
    pub fn new(make: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let make = move |before: Option<&Fact>| Fact(Arc::new(make(before.map(Fact::get))));
        Self {
            inner: remember(Box::new(make)),
            of: PhantomData,
        }
    }
}

impl<T: 'static> Memo<T> {
    /// The fact; whoever asks is told when it changes.
    pub fn get(&self) -> T
    where
        T: Clone,
    {
        self.read().clone()
    }

    /// The fact as it stands, without being told.
    pub fn get_untracked(&self) -> T
    where
        T: Clone,
    {
        self.inner.get_untracked().get::<T>().clone()
    }

    /// What `look` makes of the fact.
    pub fn with<U>(&self, look: impl FnOnce(&T) -> U) -> U {
        look(&self.read())
    }

    /// The same without being told of changes; nothing where the page that it belongs to is gone.
    pub fn try_with_untracked<U>(&self, look: impl FnOnce(&T) -> U) -> Option<U> {
        Some(look(self.inner.try_get_untracked()?.get()))
    }

    /// The same without being told of changes.
    pub fn with_untracked<U>(&self, look: impl FnOnce(&T) -> U) -> U {
        look(self.inner.get_untracked().get())
    }

    /// The fact, borrowed.
    pub fn read(&self) -> Reading<T> {
        Reading {
            fact: self.inner.get(),
            of: PhantomData,
        }
    }

    /// Asks to be told without looking.
    pub fn track(&self) {
        self.inner.track();
    }
}

type Make = Box<dyn Fn(Option<&Fact>) -> Fact + Send + Sync>;

fn remember(make: Make) -> leptos::prelude::Memo<Fact> {
    leptos::prelude::Memo::new(make)
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T> fmt::Debug for Memo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

impl<T> fmt::Debug for Reading<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reading")
    }
}
