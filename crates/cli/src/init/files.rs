//! The files of the templates: `templates/` and `examples/` of the repository, and the Nix library.

use mach_nix_tags::NixSystem;

use crate::args::init::Template;
use crate::expression::library_alone;

/// The contents of a file by its name.
pub type Files = Vec<(&'static str, String)>;

const SYSTEMS: &str = "systems = [";

/// The name of the manifest of a template.
pub fn manifest(template: Template) -> &'static str {
    match template {
        Template::Pyproject => "pyproject.toml",
        Template::Requirements | Template::FlaskWeather => "requirements.txt",
    }
}

/// The files of a template.
pub fn of(template: Template) -> Files {
    let own: &[(&str, &str)] = match template {
        Template::Pyproject => &[
            (
                "pyproject.toml",
                include_str!("../../../../templates/pyproject/pyproject.toml"),
            ),
            (
                "default.nix",
                include_str!("../../../../templates/pyproject/default.nix"),
            ),
        ],
        Template::Requirements => &[
            (
                "requirements.txt",
                include_str!("../../../../templates/requirements/requirements.txt"),
            ),
            (
                "mach-nix.toml",
                include_str!("../../../../templates/requirements/mach-nix.toml"),
            ),
            (
                "default.nix",
                include_str!("../../../../templates/requirements/default.nix"),
            ),
        ],
        Template::FlaskWeather => &[
            (
                "requirements.txt",
                include_str!("../../../../examples/flask-weather/requirements.txt"),
            ),
            (
                "mach-nix.lock",
                include_str!("../../../../examples/flask-weather/mach-nix.lock"),
            ),
            (
                "app.py",
                include_str!("../../../../examples/flask-weather/app.py"),
            ),
            (
                "default.nix",
                include_str!("../../../../examples/flask-weather/default.nix"),
            ),
        ],
    };
    let shared = [
        (
            "flake.nix",
            include_str!("../../../../templates/shared/flake.nix"),
        ),
        (".envrc", include_str!("../../../../templates/shared/envrc")),
        (
            ".gitignore",
            include_str!("../../../../templates/shared/gitignore"),
        ),
    ];
    let files = own.iter().copied().chain(shared);
    let files = files.map(|(name, text)| (name, text.to_owned()));
    files.chain([("mach-nix.nix", library_alone())]).collect()
}

/// Fills in the name and the Python of the project.
pub fn fill_in(files: &mut Files, name: &str, python: impl std::fmt::Display) {
    change(
        files,
        "pyproject.toml",
        "name = \"app\"",
        &format!("name = \"{name}\""),
    );
    change(files, "pyproject.toml", ">=3.11", &format!(">={python}"));
}

/// Leaves out the group `dev`.
pub fn without_group(files: &mut Files) {
    change(files, "default.nix", "  groups = [ \"dev\" ];\n", "");
    change(files, "default.nix", ", with the group `dev`", "");
}

/// Adds the system of this machine where it is not among the systems of the settings.
pub fn add_system(files: &mut Files, system: NixSystem) {
    let quoted = format!("\"{system}\"");
    for name in ["pyproject.toml", "mach-nix.toml"] {
        let is_listed = files
            .iter()
            .any(|(known, text)| *known == name && text.contains(&quoted));
        if !is_listed {
            change(files, name, SYSTEMS, &format!("{SYSTEMS}{quoted}, "));
        }
    }
}

fn change(files: &mut Files, name: &str, from: &str, to: &str) {
    for (_, text) in files.iter_mut().filter(|(known, _)| *known == name) {
        *text = text.replacen(from, to, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(files: &Files, name: &str) -> String {
        let found = files.iter().find(|(known, _)| *known == name);
        found.unwrap().1.clone()
    }

    #[test]
    fn the_parts_that_are_filled_in_are_in_the_templates() {
        let mut files = of(Template::Pyproject);
        fill_in(&mut files, "my-thing", "3.12");
        add_system(&mut files, "x86_64-linux".parse().unwrap());
        add_system(&mut files, "x86_64-darwin".parse().unwrap());
        without_group(&mut files);
        let manifest = text(&files, "pyproject.toml");
        for part in [
            "name = \"my-thing\"\n",
            "requires-python = \">=3.12\"\n",
            "systems = [\"x86_64-darwin\", \"x86_64-linux\", ",
        ] {
            assert!(manifest.contains(part), "{manifest}");
        }
        assert!(!text(&files, "default.nix").contains("dev"));
        let mut files = of(Template::Requirements);
        add_system(&mut files, "x86_64-darwin".parse().unwrap());
        assert!(text(&files, "mach-nix.toml").contains("systems = [\"x86_64-darwin\", "));
    }
}
