// A reference as a line from row to row, its ends in crow's-foot notation.

import { useInternalNode, type Edge, type EdgeProps } from "@xyflow/react";
import { ends, path, route, signs, type Box, type Point } from "./geometry";
import type { Reference, Relation } from "./wire";

export type LineEdge = Edge<{ child: Relation; parent: Relation; reference: Reference; lane: number }, "line">;

function End({ at, way, of }: { at: Point; way: number; of: Reference["child"] }) {
  const drawn = signs(at, way, of);
  return (
    <>
      {drawn.strokes.map((stroke) => <path key={stroke} d={stroke} className="dbw-sign" />)}
      {drawn.ring && <circle cx={drawn.ring[0]} cy={drawn.ring[1]} r={3.3} className="dbw-sign dbw-ring" />}
    </>
  );
}

export function Line({ source, target, data, selected }: EdgeProps<LineEdge>) {
  const from = useInternalNode(source);
  const to = useInternalNode(target);
  if (!from || !to || !data) return null;
  const box = (node: typeof from, relation: Relation): Box => ({
    name: relation.name,
    x: node.internals.positionAbsolute.x,
    y: node.internals.positionAbsolute.y,
    width: relation.size[0],
    height: relation.size[1],
  });
  const [childY, parentY] = ends(data.child, data.parent, data.reference);
  const way = route(box(from, data.child), childY, box(to, data.parent), parentY, data.lane);
  const drawn = path(way.points);
  return (
    <g className="dbw-line" data-selected={selected}>
      <path d={drawn} className="dbw-near" />
      <path d={drawn} className="dbw-stroke" strokeDasharray={data.reference.identifying ? undefined : "5 3.5"} />
      <End at={way.points[0]!} way={way.child} of={data.reference.child} />
      <End at={way.points[3]!} way={way.parent} of={data.reference.parent} />
    </g>
  );
}
