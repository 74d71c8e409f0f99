// Where lines run: the same rules as widgets/canvas.py, compared by tests.

import type { Ends, Reference, Relation } from "./wire";

export const HEADER = 28;
export const ROW = 21;
const STUB = 27;
const LANE = 11;
const HALF = 4.3;
const LINK_DROP = 7;
export type Point = [number, number];
export type Box = { name: string; x: number; y: number; width: number; height: number };
export type Route = { points: Point[]; child: number; parent: number };

/** How far below a card's top the middle of an attribute's row lies; the header's middle if it is not shown. */
export function rowMiddle(relation: Relation, attribute: string): number {
  const at = relation.rows.findIndex((row) => row.name === attribute && attribute !== "");
  return at < 0 ? HEADER / 2 : HEADER + ROW * at + ROW / 2;
}

function middle(heights: number[]): number {
  return (Math.min(...heights) + Math.max(...heights)) / 2;
}

export function ends(child: Relation, parent: Relation, reference: Reference): [number, number] {
  const drop = reference.attributes.length === 1 && reference.attributes[0] === "" ? LINK_DROP : 0; // from header to header
  return [
    middle(reference.attributes.map((name) => rowMiddle(child, name))) + drop,
    middle(reference.referenced.map((name) => rowMiddle(parent, name))) + drop,
  ];
}

export function route(child: Box, childY: number, parent: Box, parentY: number, lane: number): Route {
  const here = child.y + childY;
  let there = parent.y + parentY;
  const shift = (((lane % 5) - 2) * LANE) / 2;
  const own = child.name === parent.name;
  let one: number, other: number, across: number, ways: [number, number];
  if (!own && parent.x - (child.x + child.width) >= 2 * STUB) {
    [one, other, ways] = [child.x + child.width, parent.x, [1, -1]];
    across = other - STUB + shift;
  } else if (!own && child.x - (parent.x + parent.width) >= 2 * STUB) {
    [one, other, ways] = [child.x, parent.x + parent.width, [-1, 1]];
    across = one - STUB + shift;
  } else {
    [one, other, ways] = [child.x + child.width, parent.x + parent.width, [1, 1]];
    across = Math.max(one, other) + STUB + shift + LANE;
  }
  if (own && Math.abs(here - there) < 1) there += 9;
  return {
    points: [[one, here], [across, here], [across, there], [other, there]],
    child: ways[0],
    parent: ways[1],
  };
}

/** A line through corner points, its corners rounded, as SVG writes it. */
export function path(points: Point[], radius = 5): string {
  const said = [`M${points[0]![0]} ${points[0]![1]}`];
  for (let at = 1; at < points.length - 1; at++) {
    const [x, y] = points[at]!;
    const [bx, by] = points[at - 1]!;
    const [ax, ay] = points[at + 1]!;
    const room = Math.min(Math.abs(x - bx) + Math.abs(y - by), Math.abs(ax - x) + Math.abs(ay - y)) / 2;
    const turn = Math.min(radius, room);
    const from = [x + Math.sign(bx - x) * turn, y + Math.sign(by - y) * turn];
    const to = [x + Math.sign(ax - x) * turn, y + Math.sign(ay - y) * turn];
    said.push(`L${from[0]} ${from[1]}Q${x} ${y} ${to[0]} ${to[1]}`);
  }
  const last = points[points.length - 1]!;
  said.push(`L${last[0]} ${last[1]}`);
  return said.join("");
}

export type Signs = { strokes: string[]; ring: Point | null };

/** Crow's foot: outermost how few, at the card how many. */
export function signs([x, y]: Point, way: number, [least, many]: Ends): Signs {
  const bar = (out: number) => `M${x + way * out} ${y - HALF}V${y + HALF}`;
  if (many) {
    const tip = x + way * 11;
    const toes = [`M${tip} ${y}L${x} ${y - HALF}`, `M${tip} ${y}L${x} ${y + HALF}`];
    return least ? { strokes: [...toes, bar(14)], ring: null } : { strokes: toes, ring: [x + way * 14.5, y] };
  }
  return least ? { strokes: [bar(6), bar(10)], ring: null } : { strokes: [bar(6)], ring: [x + way * 13, y] };
}

/** Where a line's name stands: beside the middle of its turn. */
export function labelAt(points: Point[]): Point {
  const [x, here] = points[1]!;
  const there = points[2]![1];
  return Math.abs(here - there) > 24 ? [x + 6, (here + there) / 2] : [x + 6, Math.min(here, there) - 9];
}
