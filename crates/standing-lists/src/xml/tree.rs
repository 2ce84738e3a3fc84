//! One record as a tree of slices of its document, every leaf of which remembers whether it was read.
//!
//! A reader asks for what it knows; what nobody asked for is listed by [`El::unread`], so that nothing can be lost by oversight.

#![allow(clippy::inline_always)] // a name that is known where it is asked for is compared in a step or two

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) name: &'a str,
    pub(super) parent: u32,
    /// One past the last node below this one, in document order.
    pub(super) end: u32,
    pub(super) attributes: Range<u32>,
    pub(super) text: Cow<'a, str>,
    pub(super) read: Cell<bool>,
}

#[derive(Debug)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: Cow<'a, str>,
    pub(super) read: Cell<bool>,
}

/// One record with everything below it.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) attributes: Vec<Attribute<'a>>,
}

/// An element of a [`Tree`]: `'t` is the tree's life, `'a` the document's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct El<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) at: u32,
}

/// Without white space at either end. Most values begin and end with what is plainly none.
#[inline]
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [] | [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

impl<'t, 'a> El<'t, 'a> {
    #[inline(always)]
    fn node(self) -> &'t Node<'a> {
        &self.tree.nodes[self.at as usize]
    }

    /// Its name without prefix.
    #[inline(always)]
    pub(crate) fn name(self) -> &'a str {
        self.node().name
    }

    /// Its own text, trimmed, now read.
    #[inline(always)]
    pub(crate) fn text(self) -> &'t str {
        let node = self.node();
        node.read.set(true);
        trimmed(&node.text)
    }

    /// An attribute, trimmed, now read.
    #[inline(always)]
    pub(crate) fn attr(self, name: &str) -> Option<&'t str> {
        self.tree.attributes[self.node().attributes.start as usize..self.node().attributes.end as usize]
            .iter()
            .find(|a| a.name == name)
            .map(|a| {
                a.read.set(true);
                trimmed(&a.value)
            })
    }

    /// An attribute that counts as absent when empty.
    #[inline(always)]
    pub(crate) fn filled(self, name: &str) -> Option<&'t str> {
        self.attr(name).filter(|v| !v.is_empty())
    }

    /// The elements directly below it.
    #[inline(always)]
    pub(crate) fn children(self) -> impl Iterator<Item = El<'t, 'a>> + use<'t, 'a> {
        let end = self.node().end;
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = El { tree: self.tree, at };
                at = child.node().end;
                child
            })
        })
    }

    /// The elements of that name directly below it.
    #[inline]
    pub(crate) fn all(self, name: &str) -> impl Iterator<Item = El<'t, 'a>> {
        self.children().filter(move |c| c.name() == name)
    }

    /// The first element of that name directly below it.
    #[inline(always)]
    pub(crate) fn first(self, name: &str) -> Option<El<'t, 'a>> {
        self.children().find(|c| c.name() == name)
    }

    /// The trimmed text of the first element of that name directly below it, if there is any text; now read.
    #[inline(always)]
    pub(crate) fn value(self, name: &str) -> Option<&'t str> {
        self.first(name).map(El::text).filter(|t| !t.is_empty())
    }

    /// Nothing below it and no attributes?
    pub(crate) fn is_leaf(self) -> bool {
        self.node().end == self.at + 1
    }

    /// Takes everything at and below it for read: it says nothing that the record needs.
    pub(crate) fn skip(self) {
        for at in self.at..self.node().end {
            let el = El { tree: self.tree, at };
            el.node().read.set(true);
            for attribute in el.attributes() {
                attribute.read.set(true);
            }
        }
    }

    /// Takes those attributes at and below it for read that `says_nothing` names, by name and value.
    pub(crate) fn skip_attributes(self, says_nothing: impl Fn(&str, &str) -> bool) {
        for at in self.at..self.node().end {
            for attribute in (El { tree: self.tree, at }).attributes() {
                if says_nothing(attribute.name, &attribute.value) {
                    attribute.read.set(true);
                }
            }
        }
    }

    #[inline]
    fn attributes(self) -> &'t [Attribute<'a>] {
        &self.tree.attributes[self.node().attributes.start as usize..self.node().attributes.end as usize]
    }

    /// Names of the elements from below `top` down to this one, joined by `/`; empty for `top` itself.
    fn path_below(self, top: u32) -> String {
        if self.at == top {
            return String::new();
        }
        let parent = El {
            tree: self.tree,
            at: self.node().parent,
        };
        match parent.path_below(top) {
            path if path.is_empty() => self.name().to_owned(),
            path => format!("{path}/{}", self.name()),
        }
    }

    /// Every value at and below it that nothing has read: its path (`NAME/PART`, attributes as `NAME@kind`) and its text.
    /// Empty values say nothing and are left out.
    pub(crate) fn unread(self, mut keep: impl FnMut(String, &'t str)) {
        let attributes = !self.tree.attributes.is_empty();
        for at in self.at..self.node().end {
            let el = El { tree: self.tree, at };
            // Many lists have no attributes in their records at all.
            for attribute in if attributes { el.attributes() } else { &[] } {
                if attribute.read.get() || is_schema(attribute.name) {
                    continue;
                }
                let value = trimmed(&attribute.value);
                if !value.is_empty() {
                    keep(format!("{}@{}", el.path_below(self.at), attribute.name), value);
                }
            }
            let node = el.node();
            if node.read.get() {
                continue;
            }
            // Blanks between elements are no value; the path is not worth making for them.
            let text = trimmed(&node.text);
            if !text.is_empty() {
                let path = el.path_below(self.at);
                keep(if path.is_empty() { node.name.to_owned() } else { path }, text);
            }
        }
    }
}

/// Attributes that speak of the schema and not of the list.
pub(super) fn is_schema(name: &str) -> bool {
    // `i:nil` is how .NET writes `xsi:nil`.
    name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xsi:") || name.starts_with("i:")
}
