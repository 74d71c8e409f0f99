// What every view starts from: the code comes once per kernel, in a model of its own.
const codes = (globalThis.__dbworkbench ??= new Map());
const load = (model) => {
  const hash = model.get("_bundle_hash");
  if (!codes.has(hash)) {
    codes.set(hash, (async () => {
      const bundle = await model.widget_manager.get_model(model.get("_bundle").slice(10));
      const url = URL.createObjectURL(new Blob([bundle.get("code")], { type: "text/javascript" }));
      const module = await import(url);
      URL.revokeObjectURL(url);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(bundle.get("css"));
      return { ...module.default, sheet };
    })());
  }
  return codes.get(hash);
};
export default {
  initialize(context) {
    let end;
    load(context.model).then(async (code) => { end = await code.initialize?.(context); });
    return () => end?.();
  },
  async render(context) {
    const code = await load(context.model);
    const adopt = (turns) => {
      const root = context.el.getRootNode();
      if (!root.adoptedStyleSheets) { if (turns) requestAnimationFrame(() => adopt(turns - 1)); return; }
      if (!root.adoptedStyleSheets.includes(code.sheet)) root.adoptedStyleSheets.push(code.sheet);
    };
    adopt(600);
    return code.render(context);
  },
};
