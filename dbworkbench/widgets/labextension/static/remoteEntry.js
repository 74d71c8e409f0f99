// A JupyterLab extension written by hand, in the form that module federation gives: nothing is bundled.
// Where the model of a live view is gone (no kernel, or a new one), its "Loading widget…" or "Error displaying widget"
// is hidden: the saved picture stands in the next output.
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
      return () => ({ __esModule: true, default: [plugin] });
    },
  };
})();
