// A relation as a card on the canvas: header, rows, and the line being typed.

import type { Node, NodeProps } from "@xyflow/react";
import { createContext, memo, useContext, useMemo, useRef, useState, type PointerEvent } from "react";
import { Completing, typeWords } from "./completing";
import type { Spot } from "./pulling";
import type { Answer } from "./store";
import type { Relation } from "./wire";

export type Field = { relation: string; what: "name" | "row"; attribute: string };
export type Editing = {
  field: Field | null;
  edit: (field: Field | null) => void;
  still: (field: Field) => boolean; // whether that field is open yet: an answer that comes late opens and closes nothing else
  save: (field: Field, text: string) => Promise<Answer>;
  split: (relation: string) => void;
  pull: (event: PointerEvent, from: Spot) => void;
  types: string[];
  jot: (at: number, text: string) => void;
};
export const EditingContext = createContext<Editing>({
  field: null,
  edit: () => undefined,
  still: () => false,
  save: async () => ({ done: true, reason: "" }),
  split: () => undefined,
  pull: () => undefined,
  types: [],
  jot: () => undefined,
});
export type CardNode = Node<{ relation: Relation }, "card">;

function Typed({ field, text, label, again, step }: { field: Field; text: string; label: string; again?: boolean; step?: (by: 1 | -1) => void }) {
  const { edit, still, save, types } = useContext(EditingContext);
  const [said, setSaid] = useState(text);
  const [wrong, setWrong] = useState("");
  const ended = useRef(false);
  const end = async (next?: () => void) => {
    if (ended.current) return;
    if (said === text && !next) return void edit(null);
    ended.current = true;
    const answer = said === text ? { done: true, reason: "" } : await save(field, said);
    if (answer.done) {
      if (!still(field)) return;
      if (next && (said.trim() || text)) next();
      else edit(null);
    } else {
      ended.current = false;
      setWrong(answer.reason);
    }
  };
  // a line of several that are typed one after the other: the next is begun before Python has answered
  const more = async () => {
    if (!said.trim()) return void edit(null);
    setSaid("");
    setWrong("");
    const answer = await save(field, said);
    if (answer.done) return;
    setSaid((now) => now || said);
    setWrong(answer.reason);
  };
  const words = useMemo(() => (field.what === "row" ? typeWords(types) : () => []), [field.what, types]);
  return (
    <span className="dbw-typed nodrag nopan">
      <Completing
        eager
        value={said}
        label={label}
        words={words}
        wrong={wrong !== ""}
        change={setSaid}
        commit={() => void (again ? more() : end())}
        cancel={() => { ended.current = true; edit(null); }}
        step={(by) => step && void end(() => step(by))}
        leave={() => void end()}
      />
      {wrong && <span className="dbw-wrong" role="alert">{wrong}</span>}
    </span>
  );
}

export const Card = memo(function Card({ data, selected }: NodeProps<CardNode>) {
  const { relation } = data;
  const { field, edit, split, pull } = useContext(EditingContext);
  const here = field?.relation === relation.name ? field : null;
  const most = Math.max(...relation.rows.map((row) => row.marks.length), 0);
  const marked = most > 1 ? 31 : most ? 14 : 0;
  const names = relation.rows.map((row) => row.name).filter(Boolean);
  const step = (name: string) => (by: 1 | -1) => {
    const to = names[(name ? names.indexOf(name) : names.length) + by];
    if (to !== undefined) edit({ relation: relation.name, what: "row", attribute: to });
    else if (by > 0 && name) edit({ relation: relation.name, what: "row", attribute: "" });
    else edit(null);
  };
  const texts = new Map(relation.attributes.map((one) => [one.name, one.text]));
  return (
    <div
      className="dbw-card"
      data-relation={relation.name}
      data-selected={selected}
      data-bare={relation.rows.length === 0}
      style={{ width: relation.size[0], minHeight: relation.size[1] }}
    >
      <div className={`dbw-head dbw-hue-${relation.hue % 8}`} onDoubleClick={() => edit({ relation: relation.name, what: "name", attribute: "" })}>
        {here?.what === "name" ? (
          <Typed field={here} text={relation.name} label={`New name of ${relation.name}`} />
        ) : (
          <span className="dbw-title" title={relation.note || relation.name}>{relation.title}</span>
        )}
        {relation.form && here?.what !== "name" && (
          <button
            type="button"
            className="dbw-form nodrag"
            data-low={relation.split}
            tabIndex={-1}
            title={`${relation.form}: ${relation.why}${relation.split ? " — click to split it" : ""}`}
            aria-label={`${relation.form}: ${relation.why}`}
            onClick={() => relation.split && split(relation.name)}
          >
            {relation.form}
          </button>
        )}
        {here?.what !== "name" && <span className="dbw-pull nodrag" title="pull a line to another card" onPointerDown={(event) => { event.stopPropagation(); pull(event, { relation: relation.name, row: "" }); }} />}
      </div>
      {relation.rows.map((row, at) =>
        here?.what === "row" && here.attribute === row.name && row.name ? (
          <div className="dbw-row" key={row.name}>
            <Typed field={here} text={texts.get(row.name) ?? row.name} label={`${relation.name}.${row.name}`} step={step(row.name)} />
          </div>
        ) : (
          <div
            className="dbw-row"
            key={row.name || `more-${at}`}
            data-attribute={row.name}
            data-last-key={relation.ruled === at + 1}
            onPointerDown={(event) => row.name && pull(event, { relation: relation.name, row: row.name })}
            onDoubleClick={() => row.name && edit({ relation: relation.name, what: "row", attribute: row.name })}
          >
            <span className="dbw-marks" style={{ minWidth: marked }}>
              {row.marks.map((mark) => <b key={mark} data-mark={mark}>{mark}</b>)}
            </span>
            <span className="dbw-name" data-key={row.marks.includes("PK")}>{row.shown}</span>
            <span className="dbw-type">{row.type}</span>
            {row.null && <span className="dbw-null" title="may be unknown" role="img" aria-label="may be unknown" />}
          </div>
        ),
      )}
      {here?.what === "row" && here.attribute === "" ? (
        <div className="dbw-row dbw-new">
          <Typed
            key="new"
            field={here}
            text=""
            label={`New attribute of ${relation.name}`}
            again
            step={step("")}
          />
        </div>
      ) : (
        selected && (
          <button type="button" className="dbw-add nodrag" tabIndex={-1} onClick={() => edit({ relation: relation.name, what: "row", attribute: "" })}>
            + attribute
          </button>
        )
      )}
    </div>
  );
});
