import "@xyflow/react/dist/style.css";
import "./style.css";
// The entry of the bundle: anywidget calls these for every model and every view.

import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { Alone, type Given } from "./alone";
import { Board } from "./board";
import { Dependencies } from "./dependencies";
import { Lesson } from "./lesson";
import { Scoreboard } from "./scoreboard";
import { Steps } from "./steps";
import { storeOf, type Model, type Store } from "./store";
import { watchTheme } from "./theme";

type Context = { model: Model; el: HTMLElement };

const passing = new Set(["Control", "Meta", "Shift", "Alt"]); // React Flow listens for these on the document

function render({ model, el }: Context): () => void {
  const host = document.createElement("div");
  host.className = "dbw";
  const hide = document.createElement("style");
  hide.textContent = `.dbw-picture[data-for="${CSS.escape(String(model.get("_mid")))}"]{display:none}`;
  el.append(hide, host);
  // keys pressed on the board are not the notebook's, but saving is
  const guard = (event: KeyboardEvent) => {
    const saving = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (!saving && !passing.has(event.key)) event.stopPropagation();
  };
  for (const kind of ["keydown", "keyup", "keypress"] as const) el.addEventListener(kind, guard);
  for (const kind of ["copy", "cut", "paste"] as const) el.addEventListener(kind, (event) => event.stopPropagation());
  host.dataset["lmSuppressShortcuts"] = "true";
  const unwatch = watchTheme((dark) => (host.dataset["theme"] = dark ? "dark" : "light"));
  const root = createRoot(host);
  const store = storeOf(model);
  root.render(shown(String(model.get("_entry")), store, host));
  return () => {
    unwatch();
    root.unmount();
    hide.remove();
  };
}

function shown(entry: string, store: Store, host: HTMLElement): ReactNode {
  switch (entry) {
    case "dependencies":
      return <Dependencies store={store} />;
    case "steps":
      return <Steps store={store} />;
    case "lesson":
      return <Lesson store={store} />;
    case "scoreboard":
      return <Scoreboard store={store} />;
    default:
      return <Board store={store} host={host} />;
  }
}

export default {
  initialize({ model }: { model: Model }): () => void {
    storeOf(model);
    return () => undefined;
  },
  render,
  /** A view on a page of its own; the picture beside it is hidden once the view stands. */
  alone(el: HTMLElement, given: Given): void {
    el.closest(".jp-RenderedHTMLCommon")?.classList.remove("jp-RenderedHTMLCommon"); // the page's own tables and lists
    render({ model: new Alone(given), el });
  },
};
