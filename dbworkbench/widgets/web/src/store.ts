// What a model's views share: the state as Python last told it, and the edits that it has not answered yet.

import { patched, type Asked, type State, type Told } from "./wire";

export type Model = {
  get(name: string): unknown;
  on(event: string, listener: (...given: never[]) => void): void;
  off(event: string, listener?: (...given: never[]) => void): void;
  send(content: unknown): void;
  widget_manager?: { context?: SavingContext };
};
type Output = { metadata?: { dbworkbench?: { for?: string } }; data?: Record<string, unknown> };
type SharedCell = {
  getOutputs(): Output[];
  updateOutputs(from: number, to: number, outputs: Output[], origin: string): void;
};
export type SavingContext = {
  saveState?: { connect(slot: (sender: unknown, state: string) => void): void };
  model?: { cells: Iterable<{ type: string; sharedModel: SharedCell }> };
  save?: () => Promise<void>;
};
export type Answer = { done: boolean; reason: string };
type Waiting = { message: Asked; resolve: (answer: Answer) => void; since: number };

const SLOW = 4000;
const MANY = 300;
const stores = new Map<string, Store>();
export const storeOf = (model: Model): Store => {
  const key = String(model.get("_mid"));
  const known = stores.get(key);
  if (known) return known;
  const made = new Store(model);
  made.inherit([...stores.values()]);
  stores.set(key, made);
  return made;
};

export class Store {
  state: State;
  said = "";
  late = 0;
  left: Asked[] = []; // edits that a board of the same design asked for before its kernel was lost
  private waiting = new Map<string, Waiting>();
  private begun: string;
  private listeners = new Set<() => void>();
  private count = 0;
  private version = 0;
  private pictured: ReturnType<typeof setTimeout> | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  private picture: Record<string, string> | null = null;
  private stale = false;
  private saveAgain = false;

  constructor(private model: Model) {
    this.state = model.get("_state") as State;
    this.begun = this.state.file || (this.state.order ?? []).join();
    this.model.on("msg:custom", ((told: Told) => this.hear(told)) as never);
    this.model.on("change:_state", (() => {
      this.state = this.model.get("_state") as State;
      this.stale = true;
      this.askPicture(700);
      this.changed();
    }) as never);
    this.keepPicture();
    if (this.state.edited) this.askPicture(0);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  snapshot = (): number => this.version;

  /** What a board of the same file or design could not deliver waits here, to be done or forgotten. */
  inherit(others: Store[]): void {
    for (const other of others) {
      const same = other.begun === this.begun || (other.state.order ?? []).join() === this.begun;
      if (!same || !other.waiting.size || Date.now() - Math.min(...[...other.waiting.values()].map((one) => one.since)) < SLOW / 2) continue;
      this.left.push(...[...other.waiting.values()].map(({ message: { id: _id, ...asked } }) => asked));
      for (const one of other.waiting.values()) one.resolve({ done: false, reason: "the kernel was lost; another board took this over" });
      other.waiting.clear();
      other.look();
    }
  }
  takeLeft = async (): Promise<void> => {
    const edits = this.left;
    this.forgetLeft();
    for (const one of edits) await this.ask(one);
  };
  forgetLeft = (): void => {
    this.left = [];
    this.changed();
  };

  private send(content: unknown): void {
    try {
      this.model.send(content);
    } catch (error) {
      console.info("dbworkbench: not sent, the kernel is gone:", error); // it waits, and is told of
    }
  }

  /** Ask Python for an edit; the answer says whether it was done, or why not. */
  ask = (message: Asked): Promise<Answer> => {
    const id = `${Date.now().toString(36)}-${this.count++}`;
    const whole = { ...message, id };
    return new Promise((resolve) => {
      this.waiting.set(id, { message: whole, resolve, since: Date.now() });
      this.send(whole);
      this.clock ??= setInterval(() => this.look(), 1000);
    });
  };

  copied: ((text: string) => void) | null = null;
  copy = (names: string[]): Promise<string> => {
    this.send({ kind: "copy", names });
    return new Promise((resolve) => {
      this.copied = resolve;
    });
  };

  announce = (words: string): void => {
    this.said = words;
    this.changed();
  };

  private changed(): void {
    this.version++;
    for (const listener of this.listeners) listener();
  }

  private hear(told: Told): void {
    switch (told.kind) {
      case "patch": {
        this.state = patched(this.state, told);
        if (told.said) this.said = told.said;
        this.settle(told.ack, { done: true, reason: "" });
        this.stale = true;
        this.askPicture(700);
        break;
      }
      case "refused":
        this.said = `refused: ${told.reason}`;
        this.settle(told.ack, { done: false, reason: told.reason });
        break;
      case "picture":
        this.picture = told.data;
        this.stale = false;
        if (this.saveAgain) {
          this.saveAgain = false;
          void this.model.widget_manager?.context?.save?.();
        }
        return;
      case "copied":
        this.copied?.(told.text);
        return;
    }
    this.changed();
  }

  private settle(id: string, answer: Answer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.resolve(answer);
    this.look();
  }

  /** Edits that wait too long are told of and sent again: the kernel may be busy, or away. */
  private look(): void {
    const now = Date.now();
    let late = 0;
    for (const one of this.waiting.values()) if (now - one.since > SLOW) late++;
    for (const one of this.waiting.values()) {
      if (late && (now - one.since) % (2 * SLOW) < 1000) this.send(one.message);
    }
    if (!this.waiting.size) {
      clearInterval(this.clock);
      this.clock = undefined;
    }
    if (late !== this.late) {
      this.late = late;
      this.changed();
    }
  }

  private askPicture(after: number): void {
    clearTimeout(this.pictured);
    const wait = after && (this.state.order?.length ?? 0) > MANY ? after * 4 : after; // drawing very many takes Python a while
    this.pictured = setTimeout(() => this.send({ kind: "picture" }), wait);
  }

  /** When the notebook is saved, the picture beside the live view is the one of now. */
  private keepPicture(): void {
    const context = this.model.widget_manager?.context;
    context?.saveState?.connect((_, state) => {
      if (state !== "started") return;
      if (this.stale) {
        this.saveAgain = true;
        this.askPicture(0);
      }
      if (!this.picture) return;
      for (const cell of context.model?.cells ?? []) {
        if (cell.type !== "code") continue;
        cell.sharedModel.getOutputs().forEach((output, at) => {
          if (output.metadata?.dbworkbench?.for !== String(this.model.get("_mid"))) return;
          cell.sharedModel.updateOutputs(at, at + 1, [{ ...output, data: { ...this.picture } }], "silent-change");
        });
      }
    });
  }
}
