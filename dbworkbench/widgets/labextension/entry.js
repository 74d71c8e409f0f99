// A JupyterLab extension written by hand, in the form that module federation gives: nothing is bundled.
// Where the model of a live view is gone (no kernel, or a new one), its "Loading widget…" or "Error displaying widget"
// is hidden: the saved picture stands in the next output. Cells under %%schema and %%relation are coloured.
(() => {
  const VIEW = "application/vnd.jupyter.widget-view+json";
  let scope;
  const shared = async (name) => {
    const versions = scope[name];
    return (await versions[Object.keys(versions).sort().pop()].get())();
  };
  const waits = (node) => /^\s*(Loading widget|Error displaying widget)/.test(node.textContent ?? "");

  function watch(panel) {
    const ours = () => {
      const ids = new Set();
      for (const cell of panel.content.widgets) {
        if (cell.model.type !== "code") continue;
        for (let at = 0; at + 1 < cell.model.outputs.length; at++) {
          const [view, picture] = [cell.model.outputs.get(at), cell.model.outputs.get(at + 1)];
          if (view.data?.[VIEW] && picture.metadata?.dbworkbench?.for) ids.add(`${cell.model.id} ${at}`);
        }
      }
      return ids;
    };
    let asked = 0;
    const look = () => {
      asked = 0;
      const known = ours();
      for (const cell of panel.content.widgets) {
        if (cell.model.type !== "code" || !cell.outputArea) continue;
        cell.outputArea.widgets.forEach((output, at) => {
          if (!known.has(`${cell.model.id} ${at}`)) return;
          const node = output.node.querySelector(".jp-OutputArea-output") ?? output.node;
          output.node.style.display = waits(node) ? "none" : "";
        });
      }
    };
    const seen = new MutationObserver(() => { asked ||= setTimeout(look, 150); });
    seen.observe(panel.content.node, { childList: true, subtree: true, characterData: true });
    panel.disposed.connect(() => seen.disconnect());
    look();
  }

  // -- colours for designs in cells ---------------------------------------------------------------------------------

  const RULES = [
    ["comment", /(?:#|--).*/y],
    ["string", /'(?:[^']|'')*'?/y],
    ["variable-2", /"(?:[^"]|"")*"?/y], // a name in quotes
    ["operator", /->>?|→|↠|⋈|[*?=]/y],
    ["number", /\b\d+(?:\.\d+)?\b/y],
    ["keyword", /\b(?:key|unique|index|check|note|null|not|default|join|on|delete|update|cascade|restrict|set|no|action)\b/iy],
    ["builtin", /(?<=:\s*)[\p{L}_][\p{L}\p{N}_]*/uy], // a type
    ["def", /[\p{L}_][\p{L}\p{N}_]*(?=\s*\()/uy], // the name of a relation
    ["", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ];

  function* tokens(line) {
    for (let at = 0; at < line.length;) {
      let found = 1;
      for (const [kind, rule] of RULES) {
        rule.lastIndex = at;
        const met = rule.exec(line);
        if (!met) continue;
        found = Math.max(1, met[0].length);
        yield [kind, at, at + found];
        break;
      }
      at += found;
    }
  }

  function colours({ Decoration, ViewPlugin }, { RangeSetBuilder }) {
    const marks = new Map();
    const mark = (kind) => {
      const style = kind ? `color: var(--jp-mirror-editor-${kind}-color); font-style: normal` : "color: var(--jp-content-font-color1)";
      if (!marks.has(kind)) marks.set(kind, Decoration.mark({ class: `dbw-code-${kind || "name"}`, attributes: { style } }));
      return marks.get(kind);
    };
    const drawn = (view) => {
      const build = new RangeSetBuilder();
      const text = view.state.doc;
      if (/^\s*%%(schema|relation)\b/.test(text.line(1).text)) {
        const most = Math.min(text.lines, 2000);
        for (let at = 2; at <= most; at++) {
          const line = text.line(at);
          for (const [kind, from, to] of tokens(line.text)) build.add(line.from + from, line.from + to, mark(kind));
        }
      }
      return build.finish();
    };
    return ViewPlugin.fromClass(
      class {
        constructor(view) { this.decorations = drawn(view); }
        update(change) { if (change.docChanged) this.decorations = drawn(change.view); }
      },
      { decorations: (plugin) => plugin.decorations },
    );
  }

  const colouring = async () => {
    const [{ EditorExtensionRegistry, IEditorExtensionRegistry }, view, state] = await Promise.all(
      ["@jupyterlab/codemirror", "@codemirror/view", "@codemirror/state"].map(shared),
    );
    return {
      id: "dbworkbench:colours",
      description: "Colours designs in cells under %%schema and %%relation.",
      autoStart: true,
      requires: [IEditorExtensionRegistry],
      activate: (_, registry) => {
        const extension = colours(view, state);
        registry.addExtension({ name: "dbworkbench:colours", factory: () => EditorExtensionRegistry.createImmutableExtension(extension) });
      },
    };
  };

  (window._JUPYTERLAB ??= {})["dbworkbench"] = {
    init: async (given) => { scope = given; },
    get: async () => {
      const { INotebookTracker } = await shared("@jupyterlab/notebook");
      const plugin = {
        id: "dbworkbench:pictures",
        description: "Shows the saved picture of a board where its kernel is gone.",
        autoStart: true,
        requires: [INotebookTracker],
        activate: (_, notebooks) => {
          notebooks.forEach(watch);
          notebooks.widgetAdded.connect((_, panel) => watch(panel));
        },
      };
      const plugins = [plugin];
      try {
        plugins.push(await colouring());
      } catch (error) {
        console.info("dbworkbench: cells are not coloured in this JupyterLab:", error);
      }
      return () => ({ __esModule: true, default: plugins });
    },
  };
})();
