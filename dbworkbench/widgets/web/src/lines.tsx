// References as lines from row to row, their ends in crow's-foot notation, all in one drawing under the cards.

import { memo, type KeyboardEvent } from "react";
import { ends, path, route, signs, type Box, type Point } from "./geometry";
import type { Reference, Relation, State } from "./wire";

export type Place = { x: number; y: number };
type Drawn = { id: string; child: Relation; parent: Relation; reference: Reference; lane: number };

/** Every reference of the state, with the name that selects it. */
export function linesOf(state: State): Drawn[] {
  const found: Drawn[] = [];
  for (const name of state.order) {
    const child = state.relations[name];
    child?.references.forEach((reference, at) => {
      const parent = state.relations[reference.to];
      if (parent) found.push({ id: `${name}\u0000${at}`, child, parent, reference, lane: found.length });
    });
  }
  return found;
}

export function Lines({ lines, places, chosen, choose, pulled }: { lines: Drawn[]; places: Map<string, Place>; chosen: string; choose: (id: string) => void; pulled: { from: Point; to: Point } | null }) {
  return (
    <svg className="dbw-lines" role="group" aria-label="References">
      {lines.map((line) => {
        const [from, to] = [places.get(line.child.name), places.get(line.parent.name)];
        return from && to && <Line key={line.id} {...line} childX={from.x} childY={from.y} parentX={to.x} parentY={to.y} selected={line.id === chosen} choose={choose} />;
      })}
      {pulled && <path className="dbw-pulled" d={`M${pulled.from[0]} ${pulled.from[1]}L${pulled.to[0]} ${pulled.to[1]}`} />}
    </svg>
  );
}

type LineProps = Drawn & { childX: number; childY: number; parentX: number; parentY: number; selected: boolean; choose: (id: string) => void };

const Line = memo(function Line({ id, child, parent, reference, lane, childX, childY, parentX, parentY, selected, choose }: LineProps) {
  const box = (relation: Relation, x: number, y: number): Box => ({ name: relation.name, x, y, width: relation.size[0], height: relation.size[1] });
  const [here, there] = ends(child, parent, reference);
  const way = route(box(child, childX, childY), here, box(parent, parentX, parentY), there, lane);
  const drawn = path(way.points);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(id);
  };
  return (
    <g
      className="dbw-line"
      data-selected={selected}
      role="button"
      tabIndex={0}
      aria-pressed={selected}
      aria-label={`${child.name} (${reference.attributes.join(", ")}) refers to ${reference.to} (${reference.referenced.join(", ")})`}
      onKeyDown={onKeyDown}
      onClick={(event) => { event.stopPropagation(); choose(id); }}
    >
      <path d={drawn} className="dbw-near" />
      <path d={drawn} className="dbw-stroke" strokeDasharray={reference.identifying ? undefined : "5 3.5"} />
      <End at={way.points[0]!} way={way.child} of={reference.child} />
      <End at={way.points[3]!} way={way.parent} of={reference.parent} />
    </g>
  );
});

function End({ at, way, of }: { at: Point; way: number; of: Reference["child"] }) {
  const drawn = signs(at, way, of);
  return (
    <>
      {drawn.strokes.map((stroke) => <path key={stroke} d={stroke} className="dbw-sign" />)}
      {drawn.ring && <circle cx={drawn.ring[0]} cy={drawn.ring[1]} r={3.3} className="dbw-sign dbw-ring" />}
    </>
  );
}
