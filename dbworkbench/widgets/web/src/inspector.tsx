// The form beside the canvas: everything of the selected card or line, for mouse, keyboard and screen reader.

import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { Completing, nameWords, typeWords, type Words } from "./completing";
import type { Answer } from "./store";
import type { Asked, Reference, Relation, State } from "./wire";

type Ask = (message: Asked) => Promise<Answer>;

const none: Words = () => [];

/** A field that keeps what is typed until Enter or leaving, and says why it was refused. */
export function Text(props: { label: string; value: string; save: (text: string) => Promise<Answer>; hint?: string; words?: Words; clear?: boolean }) {
  const [said, setSaid] = useState(props.value);
  const [wrong, setWrong] = useState("");
  const id = useId();
  const typing = useRef(false);
  useEffect(() => {
    if (!typing.current) setSaid(props.value);
  }, [props.value]);
  const end = async () => {
    if (said === props.value) return;
    const answer = await props.save(said);
    setWrong(answer.done ? "" : answer.reason);
    if (answer.done && props.clear) setSaid(props.value);
  };
  return (
    <div className="dbw-field">
      <label htmlFor={id}>{props.label}</label>
      <Completing
        id={id}
        label={props.label}
        value={said}
        hint={props.hint}
        words={props.words ?? none}
        wrong={wrong !== ""}
        change={(text) => { typing.current = true; setSaid(text); }}
        commit={() => void end()}
        cancel={() => { setSaid(props.value); setWrong(""); }}
        leave={() => { typing.current = false; if (!props.clear) void end(); }}
      />
      {wrong && <span className="dbw-wrong" role="alert">{wrong}</span>}
    </div>
  );
}

/** A box that is ticked at once, and unticked again where Python refuses. */
function Tick({ label, checked, set }: { label: string; checked: boolean; set: (on: boolean) => Promise<boolean> }) {
  const [on, setOn] = useState(checked);
  useEffect(() => setOn(checked), [checked]);
  const turn = async (now: boolean) => {
    setOn(now);
    if (!(await set(now))) setOn(!now);
  };
  return (
    <label className="dbw-tick">
      <input type="checkbox" checked={on} onChange={(event) => void turn(event.target.checked)} /> {label}
    </label>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <div className="dbw-part">{title}</div>
      {children}
    </section>
  );
}

function Gone({ label, drop }: { label: string; drop: () => void }) {
  return <button type="button" className="dbw-small" aria-label={label} title={label} onClick={drop}>×</button>;
}

/** The note of an attribute: out of the way until there is one or it is wanted. */
function NoteOf({ name, note, save }: { name: string; note: string; save: (note: string) => Promise<Answer> }) {
  const [open, setOpen] = useState(note !== "");
  if (!open) return <button type="button" className="dbw-quiet" aria-label={`note on ${name}`} onClick={() => setOpen(true)}>+ note</button>;
  return <Text label={`Note on ${name}`} value={note} save={save} />;
}

export function CardForm({ relation, types, ask }: { relation: Relation; types: string[]; ask: Ask }) {
  const kinds = typeWords(types);
  const names = nameWords(relation.attributes.map((one) => one.name));
  const [wrong, setWrong] = useState("");
  const tell = (answer: Answer) => setWrong(answer.done ? "" : answer.reason);
  const change = async (...changes: Asked[]) => {
    const answer = await ask({ kind: "edit", changes: changes.map(({ kind, ...rest }) => ({ is: kind, relation: relation.name, ...rest })) });
    tell(answer);
    return answer;
  };
  return (
    <>
      {wrong && <p className="dbw-wrong" role="alert">{wrong}</p>}
      <Text label="Name" value={relation.name} save={(to) => ask({ kind: "rename", name: relation.name, to })} />
      <Text label="Note" value={relation.note} save={(note) => ask({ kind: "note", relation: relation.name, note })} />
      {relation.form && (
        <p className="dbw-why"><b>{relation.form}</b> {relation.why}
          {relation.split && <button type="button" onClick={() => void ask({ kind: "split", relation: relation.name }).then(tell)}>Split it</button>}
        </p>
      )}
      <Part title="Attributes">
        {relation.attributes.map((one, at) => (
          <div className="dbw-of" key={one.name}><div className="dbw-line-of">
            <Text label={one.name} value={one.text} words={kinds} save={(text) => ask({ kind: "row", relation: relation.name, attribute: one.name, text })} />
            <button type="button" className="dbw-small" disabled={!at} aria-label={`move ${one.name} up`} title="up" onClick={() => void change({ kind: "MoveAttribute", name: one.name, at: at - 1 })}>↑</button>
            <Gone label={`drop ${one.name}`} drop={() => void ask({ kind: "row", relation: relation.name, attribute: one.name, text: "" }).then(tell)} />
          </div><NoteOf name={one.name} note={one.note} save={(note) => ask({ kind: "note", relation: relation.name, attribute: one.name, note })} /></div>
        ))}
        <Text clear label="New attribute" value="" hint="name: type? = default" words={kinds} save={(text) => ask({ kind: "row", relation: relation.name, attribute: "", text })} />
      </Part>
      <Part title="Keys">
        {relation.keys.map((key, at) => (
          <div className="dbw-item" key={key.join()}>{at ? "also unique" : "primary"}: {key.join(", ")}
            <Gone label={`drop the key ${key.join(", ")}`} drop={() => void ask({ kind: "unrule", relation: relation.name, what: "key", at }).then(tell)} /></div>
        ))}
        <Text clear words={names} label="New key" value="" hint="a, b" save={(text) => ask({ kind: "rule", relation: relation.name, text: `key ${text}` })} />
      </Part>
      <Part title="Dependencies">
        {relation.dependencies.map((one) => (
          <div className="dbw-item" key={one}>{one}<Gone label={`drop ${one}`} drop={() => void change({ kind: "DropDependency", dependency: one })} /></div>
        ))}
        <Text clear words={names} label="New dependency" value="" hint="a, b -> c" save={(text) => ask({ kind: "rule", relation: relation.name, text })} />
      </Part>
      <Part title="Checks">
        {relation.checks.map((one, at) => (
          <div className="dbw-item" key={one}>{one}<Gone label={`drop the check ${one}`} drop={() => void ask({ kind: "unrule", relation: relation.name, what: "check", at }).then(tell)} /></div>
        ))}
        <Text clear words={names} label="New check" value="" hint="total >= 0" save={(text) => ask({ kind: "rule", relation: relation.name, text: `check (${text})` })} />
      </Part>
      <p>
        <button type="button" onClick={() => void ask({ kind: "fold", names: [relation.name], folded: !relation.folded })}>{relation.folded ? "Unfold" : "Fold"}</button>
        {relation.joins && <button type="button" onClick={() => void ask({ kind: "link", relation: relation.name, kept: !relation.link }).then(tell)}>{relation.link ? "Show as a relation" : "Show as a line"}</button>}
        <button type="button" onClick={() => void ask({ kind: "drop", names: [relation.name] })}>Drop {relation.name}</button>
      </p>
    </>
  );
}

const ACTIONS = ["", "cascade", "set null", "set default", "restrict", "no action"];

export function LineForm({ relation, at, ask }: { relation: Relation; at: number; ask: Ask }) {
  const reference = relation.references[at] as Reference;
  const [wrong, setWrong] = useState("");
  const now = {
    optional: reference.parent[0] === 0,
    single: !reference.child[1],
    identifying: reference.identifying,
    onDelete: reference.onDelete,
  };
  const set = async (part: Partial<typeof now>) => {
    const answer = await ask({ kind: "reference", relation: relation.name, at, ...now, ...part });
    setWrong(answer.done ? "" : answer.reason);
    return answer.done;
  };
  const id = useId();
  return (
    <>
      <p>{relation.name}({reference.attributes.join(", ")}) → {reference.to}({reference.referenced.join(", ")})</p>
      {wrong && <p className="dbw-wrong" role="alert">{wrong}</p>}
      <Tick label={`a row of ${relation.name} may refer to none`} checked={now.optional} set={(optional) => set({ optional })} />
      <Tick label={`at most one row of ${relation.name} for each`} checked={now.single} set={(single) => set({ single })} />
      <Tick label={`it identifies rows of ${relation.name}`} checked={now.identifying} set={(identifying) => set({ identifying })} />
      <div className="dbw-field">
        <label htmlFor={id}>On delete</label>
        <select id={id} value={now.onDelete} onChange={(event) => void set({ onDelete: event.target.value })}>
          {ACTIONS.map((action) => <option key={action} value={action}>{action || "not said"}</option>)}
        </select>
      </div>
      <p>
        <button type="button" onClick={() => void ask({ kind: "unrule", relation: relation.name, what: "reference", at }).then((answer) => setWrong(answer.done ? "" : answer.reason))}>
          Drop this reference
        </button>
      </p>
    </>
  );
}

export function ManyForm({ names, state, ask }: { names: string[]; state: State; ask: Ask }) {
  const [hue, setHue] = useState(1);
  const area = state.areas.find((one) => names.every((name) => one.relations.includes(name)));
  const [one, other] = names;
  const id = useId();
  return (
    <>
      <p>{names.length} cards</p>
      <p>
        <button type="button" onClick={() => void ask({ kind: "align", names, edge: "left" })}>Align left edges</button>
        <button type="button" onClick={() => void ask({ kind: "align", names, edge: "top" })}>Align top edges</button>
        <button type="button" onClick={() => void ask({ kind: "align", names, edge: "right" })}>Align right edges</button>
        <button type="button" onClick={() => void ask({ kind: "align", names, edge: "bottom" })}>Align bottom edges</button>
        {names.length > 2 && <button type="button" onClick={() => void ask({ kind: "align", names, edge: "across" })}>Even gaps across</button>}
        {names.length > 2 && <button type="button" onClick={() => void ask({ kind: "align", names, edge: "down" })}>Even gaps down</button>}
        {names.length === 2 && <button type="button" onClick={() => void ask({ kind: "many", one, other })}>Many to many, by a relation</button>}
        {names.length === 2 && <button type="button" onClick={() => void ask({ kind: "many", one, other, kept: true })}>Many to many, as a line</button>}
        <button type="button" onClick={() => void ask({ kind: "fold", names, folded: true })}>Fold</button>
        <button type="button" onClick={() => void ask({ kind: "fold", names, folded: false })}>Unfold</button>
        <button type="button" onClick={() => void ask({ kind: "drop", names })}>Drop</button>
      </p>
      <Text label="Subject area" value={area?.title ?? ""} hint="a title; empty for none" save={(title) => ask({ kind: "area", names, title, hue })} />
      <div className="dbw-field">
        <label htmlFor={id}>Colour of the area</label>
        <select id={id} value={area?.hue ?? hue} onChange={(event) => {
          setHue(Number(event.target.value));
          if (area) void ask({ kind: "area", names, title: area.title, hue: Number(event.target.value) });
        }}>
          {["blue", "green", "brown", "violet", "red", "olive", "sea", "earth"].map((colour, at) => <option key={colour} value={at}>{colour}</option>)}
        </select>
      </div>
    </>
  );
}
