// The seconds of every round, a strip for each candidate on one logarithmic scale; the median is marked.

import type { Cell } from "./scoreboard";
import { duration } from "./quantities";

const WIDE = 640;
const LEFT = 150;
const HIGH = 34;

export function Rounds({ cells }: { cells: Cell[] }) {
  const all = cells.flatMap((one) => one.seconds).filter((one) => one > 0);
  if (!all.length) return <p>It was not timed.</p>;
  const low = Math.log10(Math.min(...all)) - 0.02;
  const high = Math.max(Math.log10(Math.max(...all)) + 0.02, low + 0.1);
  const x = (seconds: number) => LEFT + ((Math.log10(seconds) - low) / (high - low)) * (WIDE - LEFT - 20);
  const marks = ticks(10 ** low, 10 ** high);
  const tall = cells.length * HIGH + 26;
  const alt = cells.map((one) => `${one.candidate}: ${one.seconds.length} rounds, median ${one.times ? duration(one.times[0]) : "—"}`).join("; ");
  return (
    <svg className="dbw-rounds" viewBox={`0 0 ${WIDE} ${tall}`} role="img" aria-label={`Rounds. ${alt}`}>
      {marks.map((mark) => (
        <g key={mark}>
          <line x1={x(mark)} x2={x(mark)} y1={2} y2={tall - 20} className="dbw-tickline" />
          <text x={x(mark)} y={tall - 6} textAnchor="middle" className="dbw-small-text">{duration(mark)}</text>
        </g>
      ))}
      {cells.map((one, at) => {
        const y = at * HIGH + HIGH / 2;
        return (
          <g key={one.candidate} className={`dbw-hue-${(at + 1) % 8}`}>
            <text x={LEFT - 10} y={y + 4} textAnchor="end"><title>{one.candidate}</title>{one.candidate.length > 22 ? `${one.candidate.slice(0, 21)}…` : one.candidate}</text>
            {one.seconds.map((second, turn) => <circle key={turn} cx={x(second)} cy={y + ((turn % 5) - 2) * 3} r={3} className="dbw-dot" />)}
            {one.times && <line x1={x(one.times[0])} x2={x(one.times[0])} y1={y - 12} y2={y + 12} className="dbw-median" />}
          </g>
        );
      })}
    </svg>
  );
}

/** Round numbers from low to high: of 1, 2, 5 in each power of ten, or evenly apart where those are too few. */
function ticks(low: number, high: number): number[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const lead of [1, 2, 5]) {
      const mark = Number((lead * 10 ** power).toPrecision(2));
      if (mark >= low && mark <= high) found.push(mark);
    }
  if (found.length > 7) return found.filter((mark) => /^1/.test(mark.toExponential()));
  if (found.length > 2) return found;
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((lead) => lead * power >= rough) ?? 10);
  const even: number[] = [];
  for (let mark = Math.ceil(low / step) * step; mark <= high; mark += step) even.push(Number(mark.toPrecision(6)));
  return even;
}
