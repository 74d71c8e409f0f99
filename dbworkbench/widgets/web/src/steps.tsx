// A normalization walked through: one step at a time, with its reason, its picture and the rows it takes apart.

import { useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import { Fragment } from "./fragment";
import type { Store } from "./store";

type Sheet = { name: string; attributes: string[]; rows: string[][]; determinant: string[]; dependent: string[]; again: number[] };
type Station = { title: string; reason: string; before: Sheet[]; after: Sheet[]; saved: string; light: string; dark: string };
type Walk = { name: string; form: string; stations: Station[]; left: number; end: string };

export function Steps({ store }: { store: Store }) {
  useSyncExternalStore(store.subscribe, store.snapshot);
  const walk = store.state as unknown as Walk;
  const [at, setAt] = useState(0);
  const here = useRef<HTMLElement>(null);
  const last = walk.stations.length; // the place after the last step: the result
  const go = (to: number) => setAt(Math.max(0, Math.min(last, to)));
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).closest("input, select, textarea")) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    go(to);
  };
  const station = walk.stations[at];
  return (
    <section ref={here} className="dbw-view dbw-steps" aria-label={`Normalization of ${walk.name} to ${walk.form}`} onKeyDown={onKeyDown}>
      <div className="dbw-bar" role="toolbar" aria-label="Steps">
        <b>{walk.name} to {walk.form}</b>
        <button type="button" aria-disabled={at === 0} onClick={() => go(at - 1)}>← Back</button>
        <button type="button" aria-disabled={at === last} onClick={() => go(at + 1)}>Next →</button>
        <span className="dbw-file">{at < last ? `step ${at + 1} of ${last}` : "the result"}</span>
      </div>
      <ol className="dbw-way" aria-label="All steps">
        {walk.stations.map((one, turn) => (
          <li key={turn}>
            <button type="button" aria-current={turn === at ? "step" : undefined} data-done={turn < at} title={one.title} aria-label={`Step ${turn + 1}: ${one.title}`} onClick={() => go(turn)}>{turn + 1}</button>
          </li>
        ))}
        <li><button type="button" aria-current={at === last ? "step" : undefined} onClick={() => go(last)}>Result</button></li>
      </ol>
      <div className="dbw-station" aria-live="polite" tabIndex={0} role="region" aria-label="The step">
        {station ? (
          <>
            <p className="dbw-headline">{station.title}</p>
            <p className="dbw-reason">{station.reason}</p>
            <div className="dbw-split">
              {station.before.length > 0 && <Sheets title="Before" sheets={station.before} />}
              <Sheets title={station.before.length ? "After" : "It holds"} sheets={station.after} />
            </div>
            {station.saved && <p className="dbw-saved">{station.saved}</p>}
            {station.light && (
              <details open>
                <summary>The picture</summary>
                <img className="dbw-for-light" src={station.light} alt={`${station.title}: before and after this step`} />
                <img className="dbw-for-dark" src={station.dark} alt={`${station.title}: before and after this step`} />
              </details>
            )}
          </>
        ) : (
          <>
            <p className="dbw-headline">{last ? "The result" : `${walk.name} is in ${walk.form} already`}</p>
            {walk.left > 0 && <p>{walk.left} more steps are not shown here.</p>}
            <Fragment html={walk.end} />
          </>
        )}
      </div>
    </section>
  );
}

function Sheets({ title, sheets }: { title: string; sheets: Sheet[] }) {
  return (
    <div className="dbw-sheets">
      <div className="dbw-part">{title}</div>
      {sheets.map((sheet) => <Rows key={sheet.attributes.join("\u0000")} sheet={sheet} />)}
    </div>
  );
}

function Rows({ sheet }: { sheet: Sheet }) {
  const part = (name: string) => (sheet.determinant.includes(name) ? "determines" : sheet.dependent.includes(name) ? "determined" : "outside");
  const again = new Set(sheet.again);
  return (
    <div className="dbw-scroll" tabIndex={0} role="group" aria-label={`${sheet.name}: ${sheet.rows.length} rows`}>
      <table>
        <caption>{sheet.name}, {sheet.rows.length} row{sheet.rows.length === 1 ? "" : "s"}{sheet.again.length > 0 && <i> · {sheet.again.length} say it again</i>}</caption>
        <thead><tr>{sheet.attributes.map((name) => <th key={name} scope="col" data-part={part(name)}>{name}</th>)}</tr></thead>
        <tbody>
          {sheet.rows.map((row, turn) => (
            <tr key={turn}>
              {row.map((cell, place) => {
                const of = part(sheet.attributes[place]!);
                return <td key={place} data-part={of} data-again={again.has(turn) && of === "determined"}>{cell}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
