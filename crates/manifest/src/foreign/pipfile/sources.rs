//! `_meta.sources`: the indexes of a `Pipfile.lock`.

use url::Url;

use crate::foreign::lock::is_public;
use crate::lines::expand;
use crate::selection::known;
use crate::toml_item::{Item, Table};
use crate::{ManifestError, ReadContext};

/// The indexes, in order. As in Pipenv, the first one is that of all packages without `index`.
pub struct PipfileSources<'a> {
    all: Vec<(&'a str, Item<'a>)>,
    context: &'a ReadContext<'a>,
}

impl<'a> PipfileSources<'a> {
    pub fn read(meta: &Table<'a>, context: &'a ReadContext<'a>) -> Result<Self, ManifestError> {
        let mut all = Vec::new();
        for item in meta.array("sources")? {
            let table = item.table()?;
            let url = table.required("url")?;
            url.string()?;
            all.push((table.required("name")?.string()?, url));
        }
        Ok(Self { all, context })
    }

    /// The index of this name.
    pub fn named(&self, item: Item<'_>) -> Result<Url, ManifestError> {
        let name = item.string()?;
        match self.all.iter().find(|(known, _)| *known == name) {
            Some((_, url)) => self.address(*url),
            None => Err(item.error(format!(
                "`{name}` is not the name of an index in `sources`: {}",
                known(self.all.iter().map(|(name, _)| name))
            ))),
        }
    }

    /// The index of packages without `index`, if the lock has one.
    pub fn default(&self) -> Result<Option<Url>, ManifestError> {
        self.all.first().map(|(_, url)| self.address(*url)).transpose()
    }

    /// The index of everything, if there is only one and it is not the public one.
    pub fn only(&self) -> Result<Option<Url>, ManifestError> {
        match self.all.as_slice() {
            [_] => Ok(self.default()?.filter(|url| !is_public(url))),
            _ => Ok(None),
        }
    }

    /// An address, which is read only when it is needed: it may have a password in a variable that is not set.
    fn address(&self, item: Item<'_>) -> Result<Url, ManifestError> {
        let text = expanded(item, self.context)?;
        text.parse().map_err(|_| {
            item.error(format!(
                "`{}` is not the address of an index: write `https://…`",
                item.maybe_string().unwrap_or_default()
            ))
        })
    }
}

/// A string with the values of `${NAME}`, as in Pipenv.
pub fn expanded(item: Item<'_>, context: &ReadContext<'_>) -> Result<String, ManifestError> {
    let mut unset = None;
    let text = expand(item.string()?, &mut |name| {
        let value = (context.variable)(name);
        unset = unset.take().or_else(|| value.is_none().then(|| name.to_owned()));
        value
    });
    match unset {
        Some(name) => Err(item.error(format!(
            "the environment variable `{name}` is not set: set it with `export {name}=…`"
        ))),
        None => Ok(text),
    }
}
