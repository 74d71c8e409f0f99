// The board: cards and lines on a canvas, a toolbar above, the form of what is selected beside it.

import {
  applyNodeChanges,
  Background,
  Controls,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  ViewportPortal,
  type NodeChange,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import { Card, EditingContext, type CardNode, type Editing, type Field } from "./card";
import { CardForm, LineForm, ManyForm } from "./inspector";
import { Late } from "./late";
import { Note, type NoteNode } from "./jotting";
import { lineOf, Lines, linesOf, linkId } from "./lines";
import { Palette, type Choice } from "./palette";
import { usePull, type Spot } from "./pulling";
import type { Store } from "./store";
import type { Asked, State } from "./wire";

type BoardNode = CardNode | NoteNode;
const nodeTypes = { card: Card, note: Note };
const NOTE = "\u0001note"; // notes are no relations: their ids begin with what no name holds
const MAP_FROM = 12;
const VERY_MANY = 800; // cards beyond which only those in sight are drawn, and the board opens on a part of it

const HELP = [
  ["N", "new entity"], ["A", "new attribute of the selected card"], ["E", "edit the rows, arrows move between them"], ["F2 or double click", "rename a card, retype a row"],
  ["M", "a note on the board"], ["R", "draw a reference from the selected card"], ["Delete", "drop what is selected"], ["Ctrl+Z, Ctrl+Y", "undo, redo"],
  ["Ctrl+K", "find a card or a command"], ["Ctrl+C, Ctrl+V", "copy and paste as text (also CREATE TABLE, CSV header)"],
  ["Ctrl+A", "select all"], ["arrows", "move selected cards"], ["F, +, −", "fit everything, zoom"], ["C", "fold or unfold selected cards"], ["T", "tidy"], ["Shift and drag, Ctrl and click", "select several"], ["Tab", "next card"],
];

export function Board({ store, host }: { store: Store; host: HTMLElement }) {
  return (
    <ReactFlowProvider>
      <Desk store={store} host={host} />
    </ReactFlowProvider>
  );
}

function labelOf(state: State, name: string): string {
  const one = state.relations[name]!;
  const key = one.keys[0]?.join(", ");
  return `${name}, ${one.attributes.length} attributes${key ? `, key ${key}` : ", no key"}${one.form ? `, ${one.form}` : ""}`;
}

/** The nodes that show a state; those that did not change stay the same, what is being dragged stays where it is. */
function nodesOf(state: State, now: BoardNode[], wanted: string | null): BoardNode[] {
  const known = new Map(now.map((node) => [node.id, node]));
  const cards = state.order.filter((name) => !state.relations[name]!.link).map((name): BoardNode => {
    const relation = state.relations[name]!;
    const old = known.get(name) as CardNode | undefined;
    const [x, y] = state.places[name] ?? [0, 0];
    const position = old?.dragging ? old.position : { x, y };
    if (old && old.data.relation === relation && old.position.x === position.x && old.position.y === position.y && !wanted) return old;
    const [width, height] = relation.size;
    return {
      ...(old ?? {}),
      id: name,
      type: "card" as const,
      position,
      data: { relation },
      dragHandle: ".dbw-head",
      width,
      height,
      measured: { width, height },
      handles: [],
      selected: wanted ? wanted === name : (old?.selected ?? false),
      ariaLabel: labelOf(state, name),
    };
  });
  const notes = (state.notes ?? []).map((note, at): BoardNode => {
    const id = `${NOTE}${at}`;
    const old = known.get(id) as NoteNode | undefined;
    const [[x, y], [width, height]] = [note.at, note.size];
    if (old && old.data.note.text === note.text && old.position.x === x && old.position.y === y && !wanted) return old;
    const position = old?.dragging ? old.position : { x, y };
    return { ...(old ?? {}), id, type: "note", position, data: { note, at }, width, measured: { width, height }, handles: [], selected: old?.selected ?? false, ariaLabel: `Note: ${note.text}` };
  });
  return [...cards, ...notes];
}

const SAYS = new Set(["row", "rename", "rule", "note", "edit", "reference", "area"]); // asked from fields, which say themselves why not

function Desk({ store, host }: { store: Store; host: HTMLElement }) {
  useSyncExternalStore(store.subscribe, store.snapshot);
  const state = store.state;
  const flow = useReactFlow<BoardNode>();
  const [nodes, setNodes] = useState<BoardNode[]>(() => nodesOf(state, [], null));
  const [line, setLine] = useState("");
  const [field, setField] = useState<Field | null>(null);
  const open = useRef<Field | null>(null);
  const [palette, setPalette] = useState<"" | "find" | "entity" | "refer" | "paste" | "help" | "note">("");
  const [panel, setPanel] = useState(true);
  const canvas = useRef<HTMLDivElement>(null);
  const selected = nodes.filter((node) => node.selected && node.type === "card").map((node) => node.id);
  const written = nodes.filter((node) => node.selected && node.type === "note").map((node) => (node as NoteNode).data.at);
  const want = useRef<string | null>(null);
  const pointer = useRef({ x: 40, y: 40 });
  const [bubble, setBubble] = useState<{ x: number; y: number; reason: string } | null>(null);
  const latest = useRef(nodes);
  latest.current = nodes;

  const ask = useCallback(
    async (message: Asked) => {
      const before = new Set(store.state.order);
      const answer = await store.ask(message);
      if (!answer.done && !SAYS.has(message.kind)) setBubble({ ...pointer.current, reason: answer.reason });
      const added = store.state.order.filter((name) => !before.has(name));
      if (answer.done && added.length && ["entity", "paste", "many", "rename"].includes(message.kind)) {
        if (latest.current.some((node) => node.id === added[0])) setNodes((now) => chosen(now, [added[0]!]));
        else want.current = added[0]!;
      }
      return answer;
    },
    [store],
  );

  // what Python told becomes the nodes
  useEffect(() => {
    const wanted = want.current;
    want.current = null;
    setNodes((now) => nodesOf(state, now, wanted));
  }, [state]);

  const places = useMemo(() => new Map(nodes.map((node) => [node.id, node.position])), [nodes]);
  const choose = useCallback((id: string) => {
    setNodes((now) => chosen(now, []));
    setLine(id);
  }, []);

  const keysMoved = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const moved = useCallback(() => {
    const places: Record<string, [number, number]> = {};
    const notes: Record<string, [number, number]> = {};
    for (const node of latest.current) {
      const [x, y] = node.type === "note" ? node.data.note.at : (store.state.places[node.id] ?? [0, 0]);
      const [nx, ny] = [Math.round(node.position.x), Math.round(node.position.y)];
      if (nx === x && ny === y) continue;
      if (node.type === "note") notes[node.data.at] = [nx, ny];
      else places[node.id] = [nx, ny];
    }
    if (Object.keys(places).length || Object.keys(notes).length) void ask({ kind: "move", places, notes });
  }, [ask, store]);
  const onNodesChange = useCallback(
    (changes: NodeChange<BoardNode>[]) => {
      setNodes((now) => {
        const next = applyNodeChanges(changes, now);
        latest.current = next;
        return next;
      });
      if (changes.some((change) => change.type === "select" && change.selected)) setLine("");
      if (changes.some((change) => change.type === "position" && !change.dragging)) {
        clearTimeout(keysMoved.current);
        keysMoved.current = setTimeout(moved, 350);
      }
    },
    [moved],
  );

  const fit = useCallback(() => void flow.fitView({ padding: 0.12, maxZoom: 1, duration: 200 }), [flow]);
  const jump = useCallback(
    (name: string) => {
      const link = store.state.relations[name];
      if (link?.link) {
        setNodes((now) => chosen(now, []));
        setLine(linkId(name));
        return void flow.fitView({ nodes: link.references.map(({ to }) => ({ id: to })), maxZoom: 1.1, duration: 250, padding: 0.4 });
      }
      setNodes((now) => chosen(now, [name]));
      void flow.fitView({ nodes: [{ id: name }], maxZoom: 1.1, duration: 250, padding: 0.4 });
      canvas.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
    },
    [flow, store],
  );
  const many = state.order.length > VERY_MANY;
  const [inSight, setInSight] = useState<Set<string> | null>(null);
  const look = useCallback(() => {
    const room = canvas.current?.getBoundingClientRect();
    if (!room || store.state.order.length <= VERY_MANY) return setInSight(null);
    const [from, to] = [flow.screenToFlowPosition({ x: room.left, y: room.top }), flow.screenToFlowPosition({ x: room.right, y: room.bottom })];
    const near = latest.current.filter(({ position: { x, y }, width = 0, height = 0 }) => x < to.x && x + width > from.x && y < to.y && y + height > from.y);
    setInSight(new Set(near.map((node) => node.id)));
  }, [flow, store]);
  useEffect(look, [look, many]);
  const every = useMemo(() => linesOf(state), [state]);
  const lines = useMemo(
    () => (many ? every.filter((one) => inSight?.has(one.child.name) || inSight?.has(one.parent.name)) : every),
    [every, many, inSight],
  );
  // everything is brought into sight once there is room, and again when the room changes before anybody touched the board
  const room = useStore((flowing) => `${flowing.width > 60 && flowing.height > 60} ${flowing.width} ${flowing.height}`);
  const touched = useRef(false);
  const some = nodes.length > 0;
  useEffect(() => {
    if (touched.current || !some || !room.startsWith("true")) return;
    const part = store.state.order.length > VERY_MANY ? { nodes: latest.current.slice(0, 12).map(({ id }) => ({ id })), minZoom: 0.4 } : {};
    const wait = requestAnimationFrame(() => void flow.fitView({ padding: 0.12, maxZoom: 1, ...part }).then(look));
    return () => cancelAnimationFrame(wait);
  }, [some, room, flow, look, store]);

  const middle = useCallback((): [number, number] => {
    const box = canvas.current?.getBoundingClientRect();
    const count = store.state.order.length % 6;
    const at = flow.screenToFlowPosition({ x: (box?.left ?? 0) + (box?.width ?? 0) / 2 - 100 + 24 * count, y: (box?.top ?? 0) + (box?.height ?? 0) / 2 - 60 + 24 * count });
    return [Math.round(at.x), Math.round(at.y)];
  }, [flow, store]);

  const focusCanvas = useCallback(() => {
    const take = (leaving: boolean) => {
      const now = (host.getRootNode() as Document | ShadowRoot).activeElement;
      if (!ours(host, now)) return;
      if (!now?.matches("input, textarea, select") || (leaving && now.closest(".dbw-typed"))) canvas.current?.focus({ preventScroll: true });
    };
    take(true);
    return requestAnimationFrame(() => take(false));
  }, [host]);
  const toFlow = useCallback(
    (x: number, y: number): [number, number] => {
      const at = flow.screenToFlowPosition({ x, y }, { snapToGrid: false });
      return [at.x, at.y];
    },
    [flow],
  );
  const landed = useCallback(
    (from: Spot, to: Spot) => void ask({ kind: "connect", child: from.relation, parent: to.relation, attribute: from.row, referenced: from.row && to.row ? to.row : "" }),
    [ask],
  );
  const { pulled, pull } = usePull(toFlow, landed);
  const editing: Editing = useMemo(
    () => ({
      field,
      edit: (next) => {
        if (next && store.state.alone) return store.announce("this page stands alone: open the notebook to change the design");
        setField((open.current = next));
        if (!next) focusCanvas();
      },
      still: (at) => open.current === at,
      save: (at, text) =>
        at.what === "name"
          ? ask({ kind: "rename", name: at.relation, to: text })
          : ask({ kind: "row", relation: at.relation, attribute: at.attribute, text }),
      split: (relation) => void ask({ kind: "split", relation }),
      pull,
      types: state.types,
      jot: (note, text) => void ask({ kind: "jot", note, text }),
    }),
    [field, ask, focusCanvas, store, pull, state.types],
  );

  const drop = useCallback(() => {
    if (line) {
      const { name, at } = lineOf(line);
      void ask(at === null ? { kind: "drop", names: [name] } : { kind: "unrule", relation: name, what: "reference", at });
      setLine("");
    } else if (selected.length) void ask({ kind: "drop", names: selected });
    else if (written.length) void ask({ kind: "jot", note: Math.max(...written), text: "" });
  }, [ask, line, selected, written]);

  const copy = useCallback(async () => {
    const text = await store.copy(selected.length ? selected : state.order);
    const done = await copyText(text, host);
    store.announce(done ? `copied ${selected.length || state.order.length} as text` : "the browser does not let this page copy: it is not served over https or from this machine");
  }, [selected, state, store, host]);
  const paste = useCallback((text: string) => void ask({ kind: "paste", text, at: middle() }), [ask, middle]);

  const commands: Choice[] = useMemo(
    () => [
      { label: "New entity", hint: "N", run: () => setPalette("entity") },
      { label: "New attribute", hint: "A", run: () => selected[0] && editing.edit({ relation: selected[0], what: "row", attribute: "" }) },
      { label: "Rename", hint: "F2", run: () => selected[0] && editing.edit({ relation: selected[0], what: "name", attribute: "" }) },
      { label: "Reference to …", hint: "R", run: () => setPalette("refer") },
      { label: "New note", hint: "M", run: () => setPalette("note") },
      { label: "Undo", hint: "Ctrl+Z", run: () => void ask({ kind: "undo" }) },
      { label: "Redo", hint: "Ctrl+Y", run: () => void ask({ kind: "redo" }) },
      { label: "Tidy", hint: "T", run: () => void ask({ kind: "tidy" }).then(fit) },
      { label: "Fit everything", hint: "F", run: fit },
      { label: "Fold all", run: () => void ask({ kind: "fold", names: state.order, folded: true }) },
      { label: "Unfold all", run: () => void ask({ kind: "fold", names: state.order, folded: false }) },
      { label: "Physical view: types and all", run: () => void ask({ kind: "view", view: "physical" }) },
      { label: "Logical view: no types", run: () => void ask({ kind: "view", view: "logical" }) },
      { label: "Conceptual view: names only", run: () => void ask({ kind: "view", view: "conceptual" }) },
      { label: "Paste text as entities", hint: "Ctrl+V", run: () => setPalette("paste") },
      { label: "Keyboard help", hint: "?", run: () => setPalette("help") },
    ],
    [ask, fit, selected, state.order, editing],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (bubble && !event.ctrlKey && event.key !== "Shift") setBubble(null);
    const typing = (event.target as HTMLElement).closest("input, select, textarea");
    if (typing) return;
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = (run: () => void) => {
      event.preventDefault();
      run();
    };
    if (control && key === "k") return act(() => setPalette("find"));
    if (control && (key === "y" || (key === "z" && event.shiftKey))) return act(() => void ask({ kind: "redo" }));
    if (control && key === "z") return act(() => void ask({ kind: "undo" }));
    if (control && key === "c") return act(() => void copy());
    if (control && key === "a") return act(() => setNodes((now) => chosen(now, state.order)));
    if (control || event.altKey) return;
    if (key === "n") return act(() => setPalette("entity"));
    if (key === "a" && selected[0]) return act(() => editing.edit({ relation: selected[0]!, what: "row", attribute: "" }));
    if (key === "m") return act(() => setPalette("note"));
    if (key === "r" && selected[0]) return act(() => setPalette("refer"));
    const rows = state.relations[selected[0] ?? ""]?.rows;
    if (key === "e" && rows?.[0]?.name) return act(() => editing.edit({ relation: selected[0]!, what: "row", attribute: rows[0]!.name }));
    if (key === "c" && selected.length) return act(() => void ask({ kind: "fold", names: selected, folded: !state.relations[selected[0]!]?.folded }));
    if (key === "+" || key === "=") return act(() => void flow.zoomIn({ duration: 120 }));
    if (key === "-") return act(() => void flow.zoomOut({ duration: 120 }));
    if (key === "F2" && selected[0]) return act(() => editing.edit({ relation: selected[0]!, what: "name", attribute: "" }));
    if (key === "Delete" || key === "Backspace") return act(drop);
    if (key === "f") return act(fit);
    if (key === "t") return act(() => void ask({ kind: "tidy" }).then(fit));
    if (key === "?") return act(() => setPalette("help"));
    if (key === "Escape" && palette) return act(() => setPalette(""));
  };

  const boxes = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const areas = state.areas.filter((area) => area.relations.some((name) => boxes.has(name))).map((area) => {
    const inside = area.relations.map((name) => boxes.get(name)).filter((node): node is CardNode => node?.type === "card");
    const left = Math.min(...inside.map((node) => node.position.x)) - 24;
    const top = Math.min(...inside.map((node) => node.position.y)) - 36;
    const right = Math.max(...inside.map((node) => node.position.x + node.data.relation.size[0])) + 24;
    const low = Math.max(...inside.map((node) => node.position.y + node.data.relation.size[1])) + 24;
    return { ...area, left, top, width: right - left, height: low - top };
  });

  // the form takes room beside the canvas: what it is about stays in sight
  const about = selected.length === 1 ? selected[0]! : "";
  const wide = state.relations[about]?.size[0] ?? 0;
  useEffect(() => {
    if (!about) return;
    const wait = requestAnimationFrame(() => {
      const room = canvas.current?.getBoundingClientRect();
      const card = latest.current.find((node) => node.id === about)?.position;
      if (!room || !card) return;
      const [left, right] = [card.x, card.x + wide].map((x) => flow.flowToScreenPosition({ x, y: card.y }).x) as [number, number];
      if (right <= room.right - 8 || left >= room.right) return;
      const view = flow.getViewport();
      void flow.setViewport({ ...view, x: view.x - (right - room.right + 16) }, { duration: 150 });
    });
    return () => cancelAnimationFrame(wait);
  }, [about, wide, flow]);

  const { name: lineName, at: lineAt } = lineOf(line);
  const lineRelation = line ? state.relations[lineName] : undefined;
  const one = lineRelation && lineAt === null ? lineRelation : selected.length === 1 ? state.relations[selected[0]!] : undefined;
  const targets: Choice[] = state.order.map((name) => ({
    label: name,
    run: () => void ask({ kind: "connect", child: selected[0]!, parent: name }).then(focusCanvas),
  }));

  return (
    <EditingContext.Provider value={editing}>
      <div
        className="dbw-view dbw-board"
        role="application"
        aria-label={`Board ${state.name}: ${state.order.length} relations. Press question mark for the keys.`}
        onKeyDownCapture={() => (touched.current = true)}
        onPointerDownCapture={() => (touched.current = true)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          if ((event.target as HTMLElement).closest("input, textarea")) return;
          event.preventDefault();
          paste(event.clipboardData.getData("text/plain"));
        }}
      >
        <div className="dbw-bar" role="toolbar" aria-label="Board">
          {!state.alone && <button type="button" onClick={() => setPalette("entity")}>+ Entity</button>}
          {!state.alone && <button type="button" onClick={() => setPalette("note")}>+ Note</button>}
          <button type="button" disabled={!state.undo} title={state.undo && `Undo: ${state.undo}`} onClick={() => void ask({ kind: "undo" })}>Undo</button>
          <button type="button" disabled={!state.redo} title={state.redo && `Redo: ${state.redo}`} onClick={() => void ask({ kind: "redo" })}>Redo</button>
          <button type="button" onClick={() => void ask({ kind: "tidy" }).then(fit)}>Tidy</button>
          <button type="button" onClick={fit}>Fit</button>
          <button type="button" title="Ctrl+K" onClick={() => setPalette("find")}>Find</button>
          {!state.alone && <button type="button" onClick={() => setPalette("paste")}>Paste</button>}
          <select aria-label="View" value={state.view} onChange={(event) => void ask({ kind: "view", view: event.target.value })}>
            <option value="physical">physical</option>
            <option value="logical">logical</option>
            <option value="conceptual">conceptual</option>
          </select>
          <button type="button" aria-pressed={panel} onClick={() => setPanel(!panel)}>Details</button>
          <button type="button" aria-label="Keyboard help" onClick={() => setPalette("help")}>?</button>
          <span className="dbw-file">{state.file}</span>
        </div>
        {state.conflict && (
          <div className="dbw-notice" role="alert">
            {state.conflict}
            <button type="button" onClick={() => void ask({ kind: "theirs" })}>Load the file</button>
            <button type="button" onClick={() => void ask({ kind: "mine" })}>Overwrite it</button>
          </div>
        )}
        <Late store={store} />
        <div className="dbw-middle">
          <div
            className="dbw-canvas"
            ref={canvas}
            tabIndex={-1}
            onPointerDownCapture={() => setBubble(null)}
            onPointerUpCapture={(event) => {
              const room = event.currentTarget.getBoundingClientRect();
              pointer.current = { x: event.clientX - room.left, y: event.clientY - room.top };
            }}
          >
            <ReactFlow<BoardNode>
              nodes={nodes}
              nodeTypes={nodeTypes}
              onNodesChange={onNodesChange}
              onNodeDragStop={moved}
              onSelectionDragStop={moved}
              onPaneClick={() => setLine("")}
              nodesConnectable={false}
              onlyRenderVisibleElements={many}
              onMoveEnd={look}
              deleteKeyCode={null}
              selectionKeyCode="Shift"
              multiSelectionKeyCode={["Control", "Meta"]}
              zoomOnDoubleClick={false}
              minZoom={0.05}
              maxZoom={2.5}
              nodesFocusable
              zoomOnScroll={false}
              panOnScroll={false}
              preventScrolling={false}
            >
              <ViewportPortal>
                {areas.map((area) => (
                  <div key={area.title} className={`dbw-area dbw-hue-${area.hue % 8}`} style={{ transform: `translate(${area.left}px, ${area.top}px)`, width: area.width, height: area.height }}>
                    <span>{area.title}</span>
                  </div>
                ))}
                <Lines lines={lines} places={places} chosen={line} choose={choose} pulled={pulled} />
              </ViewportPortal>
              <Background gap={24} />
              <Controls showInteractive={false} />
              {state.order.length >= MAP_FROM && <MiniMap pannable zoomable ariaLabel="Map of the board" />}
            </ReactFlow>
            {!state.order.length && <p className="dbw-empty">An empty board. Press N, or paste a CREATE TABLE, or a CSV header.</p>}
            {bubble && (
              <div className="dbw-bubble" role="alert" style={{ left: Math.max(8, Math.min(bubble.x, (canvas.current?.clientWidth ?? 400) - 270)), top: Math.max(8, Math.min(bubble.y + 10, (canvas.current?.clientHeight ?? 300) - 70)) }}>
                {bubble.reason}
                <button type="button" className="dbw-small" aria-label="Close" onClick={() => setBubble(null)}>×</button>
              </div>
            )}
            {palette === "find" && <Palette title="Find a card or a command" close={() => setPalette("")} choices={[...state.order.map((name) => ({ label: name, run: () => jump(name) })), ...commands]} />}
            {palette === "entity" && <Palette title="Name of the new entity" close={() => { setPalette(""); focusCanvas(); }} choices={[]} free={(name) => void ask({ kind: "entity", name, at: middle() }).then(focusCanvas)} />}
            {palette === "note" && <Palette title="Words of the new note" close={() => { setPalette(""); focusCanvas(); }} choices={[]} free={(text) => void ask({ kind: "jot", text, at: middle() }).then(focusCanvas)} />}
            {palette === "refer" && <Palette title={`${selected[0] ?? ""} refers to`} close={() => setPalette("")} choices={targets} />}
            {palette === "paste" && <PasteBox paste={paste} close={() => setPalette("")} />}
            {palette === "help" && (
              <div className="dbw-palette dbw-help" role="dialog" aria-label="Keys">
                <dl>{HELP.map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}</dl>
                <button type="button" autoFocus onClick={() => setPalette("")}>Close</button>
              </div>
            )}
          </div>
          {panel && (one || lineRelation || selected.length > 1) && (
            <aside className="dbw-panel" aria-label="Details">
              {lineRelation && lineAt !== null && lineRelation.references[lineAt] ? (
                <fieldset disabled={state.alone === true}><LineForm key={line} relation={lineRelation} at={lineAt} ask={ask} /></fieldset>
              ) : one ? (
                <fieldset disabled={state.alone === true}><CardForm key={one.name} relation={one} types={state.types} ask={ask} /></fieldset>
              ) : (
                <ManyForm key={selected.join()} names={selected} state={state} ask={ask} />
              )}
            </aside>
          )}
        </div>
        <div className="dbw-said" role="status" aria-live="polite" data-refused={store.said.startsWith("refused")}>{store.said}</div>
      </div>
    </EditingContext.Provider>
  );
}

/** Whether the focus is the board's to take: nowhere, around the board or in it, but not in a cell's text beside it. */
function ours(host: HTMLElement, now: Element | null): boolean {
  if (now && host.contains(now)) return true;
  for (let at: Node | null = host; at; at = at instanceof ShadowRoot ? at.host : at.parentNode) if (at === document.activeElement) return true;
  return !document.activeElement;
}

/** Text to the clipboard, where the browser allows it. */
async function copyText(text: string, host: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    const before = document.activeElement as HTMLElement | null;
    host.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus({ preventScroll: true });
    return done;
  }
}

function PasteBox({ paste, close }: { paste: (text: string) => void; close: () => void }) {
  const [text, setText] = useState("");
  return (
    <form className="dbw-palette" aria-label="Paste text as entities" onSubmit={(event) => { event.preventDefault(); close(); paste(text); }}>
      <textarea autoFocus aria-label="Text" rows={7} placeholder="name(attribute: type, …), CREATE TABLE …, or the header of a CSV file" value={text}
        onChange={(event) => setText(event.target.value)} onKeyDown={(event) => { event.stopPropagation(); if (event.key === "Escape") close(); }} />
      <button type="submit" disabled={!text.trim()}>Add</button>
      <button type="button" onClick={close}>Cancel</button>
    </form>
  );
}

/** The nodes with exactly these selected. */
function chosen(nodes: BoardNode[], names: string[]): BoardNode[] {
  const wanted = new Set(names);
  return nodes.map((node) => (node.selected === wanted.has(node.id) ? node : { ...node, selected: wanted.has(node.id) }));
}
