//! Output as a [flow chart of Mermaid](https://mermaid.js.org/syntax/flowchart.html).

use crate::tree::drawing::Drawing;

pub fn draw(drawing: &Drawing<'_, '_>) -> String {
    let mut text = "flowchart LR\n".to_owned();
    let mut roots = Vec::new();
    for (name, label) in drawing.packages() {
        let id = id(&name.to_string());
        text += &format!("  {id}[\"{}\"]\n", escaped(&label));
        if drawing.is_root(name) {
            roots.push(id);
        }
    }
    for (from, to, note) in drawing.arrows() {
        let note = note
            .map(|note| format!("|\"{}\"|", escaped(&note)))
            .unwrap_or_default();
        text += &format!("  {} -->{note} {}\n", id(&from.to_string()), id(&to.to_string()));
    }
    if !roots.is_empty() {
        text += &format!(
            "  classDef asked stroke-width:3px\n  class {} asked\n",
            roots.join(",")
        );
    }
    text
}

/// A prefix makes every name a valid identifier: keywords of the language (`end`, `class`) are not.
fn id(name: &str) -> String {
    format!("p-{}", name.replace(':', "--"))
}

fn escaped(text: &str) -> String {
    text.replace('"', "#quot;")
}
