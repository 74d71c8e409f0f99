// References as lines from row to row, their ends in crow's-foot notation, all in one drawing under the cards.

import { memo, type KeyboardEvent } from "react";
import { ends, labelAt, path, route, signs, type Box, type Point } from "./geometry";
import type { Reference, Relation, State } from "./wire";

export type Place = { x: number; y: number };
type Drawn = { id: string; child: Relation; parent: Relation; reference: Reference; lane: number; label: string };
const LINK = "link";

/** The id of the line that stands for a relation which only joins two others. */
export const linkId = (name: string) => `${name}\u0000${LINK}`;

/** What a line's id names: a relation, and the place of the reference in it, or none for a many-to-many line. */
export function lineOf(id: string): { name: string; at: number | null } {
  const [name = "", at] = id.split("\u0000");
  return { name, at: at === LINK ? null : Number(at) };
}

/** Every reference of the state that is drawn, with the name that selects it. */
export function linesOf(state: State): Drawn[] {
  const found: Drawn[] = [];
  const shown = (name: string) => (state.relations[name]?.link ? undefined : state.relations[name]);
  for (const name of state.order) {
    const relation = state.relations[name];
    if (relation?.link) {
      const [one, other] = relation.references as [Reference, Reference];
      const [child, parent] = [shown(one.to), shown(other.to)];
      const reference: Reference = { ...one, attributes: [""], to: other.to, referenced: [""], child: [0, true], parent: [0, true], identifying: true };
      if (child && parent) found.push({ id: linkId(name), child, parent, reference, lane: found.length, label: name });
      continue;
    }
    relation?.references.forEach((reference, at) => {
      const parent = shown(reference.to);
      if (parent) found.push({ id: `${name}\u0000${at}`, child: relation, parent, reference, lane: found.length, label: reference.label });
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

const Line = memo(function Line({ id, child, parent, reference, lane, label, childX, childY, parentX, parentY, selected, choose }: LineProps) {
  const box = (relation: Relation, x: number, y: number): Box => ({ name: relation.name, x, y, width: relation.size[0], height: relation.size[1] });
  const [here, there] = ends(child, parent, reference);
  const way = route(box(child, childX, childY), here, box(parent, parentX, parentY), there, lane);
  const drawn = path(way.points);
  const [labelX, labelY] = labelAt(way.points);
  const told = id === linkId(label) ? `${label}: ${child.name} and ${parent.name}, many to many` : `${child.name} (${reference.attributes.join(", ")}) refers to ${reference.to} (${reference.referenced.join(", ")})`;
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
      aria-label={told}
      onKeyDown={onKeyDown}
      onClick={(event) => { event.stopPropagation(); choose(id); }}
    >
      <path d={drawn} className="dbw-near" />
      <path d={drawn} className="dbw-stroke" strokeDasharray={reference.identifying ? undefined : "5 3.5"} />
      <End at={way.points[0]!} way={way.child} of={reference.child} />
      <End at={way.points[3]!} way={way.parent} of={reference.parent} />
      {label && <text className="dbw-line-name" x={labelX} y={labelY + 4}>{label.length > 28 ? `${label.slice(0, 27)}…` : label}</text>}
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
