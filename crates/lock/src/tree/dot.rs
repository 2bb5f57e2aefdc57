//! Output in the [DOT language of Graphviz](https://graphviz.org/doc/info/lang.html).

use crate::tree::drawing::Drawing;

pub fn draw(drawing: &Drawing<'_, '_>) -> String {
    let mut text = "digraph dependencies {\n  node [shape=box]\n".to_owned();
    for (name, label) in drawing.packages() {
        let bold = if drawing.is_root(name) { ", style=bold" } else { "" };
        text += &format!(
            "  {} [label={}{bold}]\n",
            quoted(&name.to_string()),
            quoted(&label)
        );
    }
    for (from, to, note) in drawing.arrows() {
        let note = note
            .map(|note| format!(" [label={}]", quoted(&note)))
            .unwrap_or_default();
        text += &format!(
            "  {} -> {}{note}\n",
            quoted(&from.to_string()),
            quoted(&to.to_string())
        );
    }
    text + "}\n"
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
