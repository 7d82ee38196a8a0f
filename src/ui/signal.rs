//! A value that a page follows, compiled once for all kinds of values.
//!
//! Does what the framework's signal does for the properties of components. That one is compiled anew for every type it
//! holds, with each of the places that a value may come from; here one holds "some question", and only the way in and
//! out knows of what type the answer is.

use core::{any::Any, fmt, marker::PhantomData, ops::Deref};
use std::sync::Arc;

use leptos::prelude::{Get, RwSignal, StoredValue, WithValue, untrack};

use crate::ui::memo::Memo;

/// A value that may change. Whoever asks is told when it does, for as long as what it is made of tells.
pub struct Signal<T: 'static> {
    question: StoredValue<Arc<dyn Any + Send + Sync>>,
    of: PhantomData<fn() -> T>,
}

type Question<T> = Box<dyn Fn() -> T + Send + Sync>;

/// A value as it stands.
#[derive(Debug)]
pub struct Answer<T>(T);

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: 'static> Signal<T> {
    /// A value made by `make` whenever somebody asks.
    pub fn derive(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let question: Question<T> = Box::new(make);
        Self {
            question: keep(Arc::new(question)),
            of: PhantomData,
        }
    }

    /// The value; whoever asks is told when it changes.
    pub fn get(&self) -> T {
        ask(&*self.question.with_value(Arc::clone))
    }

    /// The value as it stands, without being told.
    pub fn get_untracked(&self) -> T {
        untrack(|| self.get())
    }

    /// What `look` makes of the value.
    pub fn with<U>(&self, look: impl FnOnce(&T) -> U) -> U {
        look(&self.get())
    }

    /// The same without being told of changes.
    pub fn with_untracked<U>(&self, look: impl FnOnce(&T) -> U) -> U {
        look(&self.get_untracked())
    }

    /// The value, borrowed.
    pub fn read(&self) -> Answer<T> {
        Answer(self.get())
    }
}

fn ask<T: 'static>(question: &dyn Any) -> T {
    #[allow(clippy::expect_used)]
    let question: &Question<T> = question
        .downcast_ref()
        .expect("it is of this type because only the signal of this type makes it");
    question()
}

fn keep(question: Arc<dyn Any + Send + Sync>) -> StoredValue<Arc<dyn Any + Send + Sync>> {
    StoredValue::new(question)
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

impl<T> fmt::Debug for Signal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signal")
    }
}

impl<T: Clone + Send + Sync + 'static> From<T> for Signal<T> {
    fn from(value: T) -> Self {
        Self::derive(move || value.clone())
    }
}

impl<F: Fn() -> bool + Send + Sync + 'static> From<F> for Signal<bool> {
    fn from(make: F) -> Self {
        Self::derive(make)
    }
}

impl<F: Fn() -> String + Send + Sync + 'static> From<F> for Signal<String> {
    fn from(make: F) -> Self {
        Self::derive(make)
    }
}

impl From<&'static str> for Signal<String> {
    fn from(words: &'static str) -> Self {
        Self::derive(move || words.to_owned())
    }
}

impl<T: Clone + Send + Sync + 'static> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::derive(move || signal.get())
    }
}

impl<T: Clone + Send + Sync + 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}

impl<T: Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::derive(T::default)
    }
}
