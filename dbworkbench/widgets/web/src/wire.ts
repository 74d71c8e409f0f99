// What Python sends and takes: the shapes that widgets/desk.py gives.

export type Row = { name: string; shown: string; marks: string[]; type: string; null: boolean };
export type Attribute = {
  name: string;
  type: string;
  null: boolean;
  default: string | null;
  note: string;
  text: string;
};
export type Ends = [least: number, many: boolean];
export type Reference = {
  attributes: string[];
  to: string;
  referenced: string[];
  onDelete: string;
  child: Ends;
  parent: Ends;
  identifying: boolean;
  label: string;
};
export type Relation = {
  name: string;
  title: string;
  note: string;
  size: [number, number];
  hue: number;
  folded: boolean;
  link: boolean;
  joins: boolean;
  ruled: number;
  rows: Row[];
  attributes: Attribute[];
  keys: string[][];
  references: Reference[];
  checks: string[];
  dependencies: string[];
  form: string;
  why: string;
  split: boolean;
};
export type Jotting = { text: string; lines: string[]; at: [number, number]; size: [number, number] };
export type Area = { title: string; relations: string[]; hue: number };
export type State = {
  name: string;
  order: string[];
  relations: Record<string, Relation>;
  places: Record<string, [number, number]>;
  areas: Area[];
  notes: Jotting[];
  view: "physical" | "logical" | "conceptual";
  undo: string;
  redo: string;
  types: string[];
  file: string;
  conflict: string;
  edited: boolean;
  alone?: boolean;
};
type Difference<T> = { set: Record<string, T>; gone: string[] };
export type Patch = Partial<Omit<State, "relations" | "places">> & {
  kind: "patch";
  said: string;
  ack: string;
  relations?: Difference<Relation>;
  places?: Difference<[number, number]>;
};
export type Told =
  | Patch
  | { kind: "refused"; reason: string; ack: string; where: string }
  | { kind: "picture"; data: Record<string, string> }
  | { kind: "copied"; text: string };
export type Asked = { kind: string; [name: string]: unknown };

export function patched(state: State, patch: Patch): State {
  const { kind: _kind, said: _said, ack: _ack, relations, places, ...plain } = patch;
  const next: State = { ...state, ...plain };
  if (relations) next.relations = different(state.relations, relations);
  if (places) next.places = different(state.places, places);
  return next;
}

function different<T>(before: Record<string, T>, by: Difference<T>): Record<string, T> {
  const next = { ...before, ...by.set };
  for (const name of by.gone) delete next[name];
  return next;
}
