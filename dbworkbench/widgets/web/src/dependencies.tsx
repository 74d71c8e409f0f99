// The grid of dependencies: a row each, a column per attribute; what follows from them stands below.

import { useState, useSyncExternalStore } from "react";
import { Text } from "./inspector";
import { Late } from "./late";
import type { Store } from "./store";

type Side = { text: string; determinant: string[]; dependent: string[]; plain: boolean };
type Grid = {
  name: string;
  attributes: string[];
  dependencies: Side[];
  offered: string[];
  keys: string[][];
  cover: string[];
  form: string;
  why: string;
  of: string[];
  closure: string[];
  asked: { dependency?: string; implied?: boolean; form?: string; why?: string; keys?: string[][] };
  undo: string;
  redo: string;
};

const braced = (names: string[]) => `{${names.join(", ")}}`;

export function Dependencies({ store }: { store: Store }) {
  useSyncExternalStore(store.subscribe, store.snapshot);
  const grid = store.state as unknown as Grid;
  const ask = store.ask;
  const [of, setOf] = useState(grid.of);
  const pick = (names: string[]) => {
    setOf(names);
    void ask({ kind: "closure", attributes: names });
  };
  return (
    <section className="dbw-view dbw-grid" aria-label={`Dependencies of ${grid.name}`}>
      <div className="dbw-bar" role="toolbar" aria-label="Dependencies">
        <b>{grid.name}</b>
        <button type="button" disabled={!grid.undo} title={grid.undo && `Undo: ${grid.undo}`} onClick={() => void ask({ kind: "undo" })}>Undo</button>
        <button type="button" disabled={!grid.redo} title={grid.redo && `Redo: ${grid.redo}`} onClick={() => void ask({ kind: "redo" })}>Redo</button>
      </div>
      <Late store={store} />
      <div className="dbw-wide" tabIndex={0} role="region" aria-label="Grid">
        <table>
          <caption>● determines, → is determined; click to change</caption>
          <thead>
            <tr><th scope="col">dependency</th>{grid.attributes.map((name) => <th scope="col" key={name}>{name}</th>)}<td /></tr>
          </thead>
          <tbody>
            {grid.dependencies.map((one) => (
              <tr key={one.text}>
                <th scope="row">{one.text}</th>
                {grid.attributes.map((name) => {
                  const part = one.determinant.includes(name) ? "determines" : one.dependent.includes(name) ? "determined" : "outside";
                  return (
                    <td key={name}>
                      {one.plain && (
                        <button type="button" className="dbw-cell" data-part={part} aria-label={`${name}: ${part} in ${one.text}`} onClick={() => void ask({ kind: "cell", dependency: one.text, attribute: name })}>
                          {part === "determines" ? "●" : part === "determined" ? "→" : "·"}
                        </button>
                      )}
                    </td>
                  );
                })}
                <td>
                  <button type="button" className="dbw-small" aria-label={`what if not? ${one.text}`} onClick={() => void ask({ kind: "whatif", dependency: one.text })}>what if not?</button>{" "}
                  <button type="button" className="dbw-small" aria-label={`drop ${one.text}`} onClick={() => void ask({ kind: "drop", dependency: one.text })}>×</button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text clear label="New dependency" value="" hint="a, b -> c, or a ->> b" save={(text) => ask({ kind: "add", dependency: text })} />
      {grid.asked.dependency && (
        <p className="dbw-asked" role="status">
          Without {grid.asked.dependency}: {grid.asked.implied ? "nothing changes, the others imply it. " : ""}
          {grid.asked.form} ({grid.asked.why}); keys {(grid.asked.keys ?? []).map(braced).join(", ")}.
        </p>
      )}
      {grid.offered.length > 0 && (
        <div role="group" aria-label="Found in data">
          <div className="dbw-part">Found in data</div>
          {grid.offered.map((one) => (
            <div className="dbw-item" key={one}>
              {one}
              <span>
                <button type="button" aria-label={`accept ${one}`} onClick={() => void ask({ kind: "add", dependency: one })}>Accept</button>{" "}
                <button type="button" aria-label={`refuse ${one}`} onClick={() => void ask({ kind: "refuse", dependency: one })}>Refuse</button>
              </span>
            </div>
          ))}
        </div>
      )}
      <dl className="dbw-follows">
        <dt>Normal form</dt><dd><b>{grid.form || "—"}</b> {grid.why}</dd>
        <dt>Candidate keys</dt><dd>{grid.keys.map(braced).join(", ") || "—"}</dd>
        <dt>Minimal cover</dt><dd>{grid.cover.join("; ") || "—"}</dd>
        <dt>Closure</dt>
        <dd>
          {grid.attributes.map((name) => (
            <label key={name} className="dbw-chip">
              <input type="checkbox" checked={of.includes(name)} onChange={(event) => pick(event.target.checked ? [...of, name] : of.filter((one) => one !== name))} />
              {name}
            </label>
          ))}
          {grid.of.length > 0 && <span className="dbw-closure"> {braced(grid.of)}⁺ = {braced(grid.closure)}</span>}
        </dd>
      </dl>
      <div className="dbw-said" role="status" aria-live="polite" data-refused={store.said.startsWith("refused: the") || store.said.startsWith("refused: no")}>{store.said}</div>
    </section>
  );
}
