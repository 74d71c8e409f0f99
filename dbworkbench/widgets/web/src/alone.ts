// A model for pages on which nobody answers: cards are moved, folded and seen in every view; a design is not edited.

import type { Model } from "./store";
import { patched, type Asked, type Patch, type Relation, type State } from "./wire";

export type Given = { mid: string; entry: string; state: Record<string, unknown> };
type Face = Record<string, Relation>;
type Extra = { faces: Partial<Record<State["view"], [open: Face, folded: Face]>>; tidied: State["places"] };
type Snapshot = Pick<State, "relations" | "places" | "view" | "notes">;
type Done = { told: string; before: Snapshot; after: Snapshot };

export class Alone implements Model {
  private listeners = new Map<string, Set<(given?: unknown) => void>>();
  private state: State & Partial<Extra>;
  private done: Done[] = [];
  private undone: Done[] = [];

  constructor(private given: Given) {
    this.state = given.state as unknown as State & Partial<Extra>;
  }

  get(name: string): unknown {
    return { _state: this.given.state, _entry: this.given.entry, _mid: this.given.mid }[name];
  }
  on(event: string, listener: (...given: never[]) => void): void {
    const known = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, known.add(listener as () => void));
  }
  off(event: string, listener?: (...given: never[]) => void): void {
    if (listener) this.listeners.get(event)?.delete(listener as () => void);
    else this.listeners.delete(event);
  }
  send(content: unknown): void {
    const asked = content as Asked & { id?: string };
    if (asked.kind === "picture") return;
    queueMicrotask(() => this.answer(asked, String(asked.id ?? "")));
  }

  private tell(told: unknown): void {
    for (const listener of this.listeners.get("msg:custom") ?? []) listener(told);
  }

  private answer(asked: Asked, ack: string): void {
    if (asked.kind === "copy") return this.tell({ kind: "copied", text: (asked["names"] as string[]).map((name) => written(this.state.relations[name]!)).join("\n") });
    const patch = this.given.entry === "board" ? this.changed(asked) : null;
    if (!patch) return this.tell({ kind: "refused", reason: "this page stands alone: open the notebook to change the design", ack, where: "" });
    const whole: Patch = { ...patch, kind: "patch", ack, said: patch.said ?? "" };
    whole.undo = this.done.at(-1)?.told ?? "";
    whole.redo = this.undone.at(-1)?.told ?? "";
    this.state = patched(this.state, whole);
    this.tell(whole);
  }

  private changed(asked: Asked): Partial<Patch> | null {
    const now = this.state;
    const extra = now as Partial<Extra>;
    switch (asked.kind) {
      case "undo":
      case "redo": {
        const [from, to] = asked.kind === "undo" ? [this.done, this.undone] : [this.undone, this.done];
        const step = from.pop();
        if (!step) return { said: `nothing to ${asked.kind}` };
        to.push(step);
        const snapshot = asked.kind === "undo" ? step.before : step.after;
        return { said: `${asked.kind === "undo" ? "undone" : "done again"}: ${step.told}`, ...asPatch(snapshot) };
      }
      case "move":
        return this.step("move", {
          ...now,
          places: { ...now.places, ...(asked["places"] as State["places"]) },
          notes: now.notes.map((note, at) => ({ ...note, at: (asked["notes"] as Record<string, [number, number]>)[at] ?? note.at })),
        });
      case "align": {
        const names = asked["names"] as string[];
        if (asked["edge"] !== "left" && asked["edge"] !== "top") return null;
        const axis = asked["edge"] === "left" ? 0 : 1;
        const line = Math.min(...names.map((name) => now.places[name]![axis]));
        const places = { ...now.places };
        for (const name of names) {
          const [x, y] = places[name]!;
          places[name] = axis === 0 ? [line, y] : [x, line];
        }
        return this.step(`align ${names.length} cards`, { ...now, places });
      }
      case "tidy":
        return extra.tidied ? this.step("tidy", { ...now, places: { ...now.places, ...extra.tidied } }) : null;
      case "view": {
        const view = asked["view"] as State["view"];
        const face = extra.faces?.[view];
        if (!face) return null;
        const relations: Face = {};
        for (const name of now.order) relations[name] = face[now.relations[name]!.folded ? 1 : 0][name]!;
        return this.step(`show the ${view} view`, { ...now, view, relations });
      }
      case "fold": {
        const face = extra.faces?.[now.view];
        if (!face) return null;
        const relations = { ...now.relations };
        for (const name of asked["names"] as string[]) relations[name] = face[asked["folded"] ? 1 : 0][name]!;
        return this.step(asked["folded"] ? "fold" : "unfold", { ...now, relations });
      }
      default:
        return null;
    }
  }

  private step(told: string, after: Snapshot): Partial<Patch> {
    const kept = ({ relations, places, view, notes }: Snapshot): Snapshot => ({ relations, places, view, notes });
    this.done.push({ told, before: kept(this.state), after: kept(after) });
    this.undone = [];
    return { said: `done: ${told}`, ...asPatch(after) };
  }
}

function asPatch({ relations, places, view, notes }: Snapshot): Partial<Patch> {
  return { relations: { set: relations, gone: [] }, places: { set: places, gone: [] }, view, notes };
}

function written(relation: Relation): string {
  return `${relation.name}(${relation.attributes.map((one) => one.text).join(", ")})`;
}
