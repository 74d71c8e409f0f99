// A trial explored: a row per query and engine, a column per candidate; the rounds, plans and SQL of the row chosen.

import { useMemo, useState, useSyncExternalStore } from "react";
import { Fragment } from "./fragment";
import { duration, ratio as told, size } from "./quantities";
import { Rounds } from "./rounds";
import type { Store } from "./store";

export type Cell = { engine: string; query: string; candidate: string; times: [number, number, number] | null; seconds: number[]; rows: number; agrees: boolean; sql: string; plan: string };
type Ratio = { engine: string; query: string; candidate: string; ratio: number; low: number; high: number | null; different: boolean };
type Load = { engine: string; candidate: string; rows: number; tables: number; bytes: number; seconds: number };
type Scores = {
  candidates: string[];
  engines: string[];
  queries: { name: string; weight: number; text: string }[];
  cells: Cell[];
  failed: { engine: string; query: string; candidate: string; why: string }[];
  ratios: Record<string, Ratio[]>;
  loads: Load[];
  ruling: string;
};
type Line = { engine: string; query: string; weight: number };

const key = (...parts: string[]) => parts.join("\u0000");

export function Scoreboard({ store }: { store: Store }) {
  useSyncExternalStore(store.subscribe, store.snapshot);
  const scores = store.state as unknown as Scores;
  const [how, setHow] = useState<"times" | "ratios">("times");
  const [base, setBase] = useState(scores.candidates[0] ?? "");
  const [engine, setEngine] = useState("");
  const [words, setWords] = useState("");
  const [hidden, setHidden] = useState<string[]>([]);
  const [sort, setSort] = useState<{ by: string; up: boolean }>({ by: "", up: true });
  const [chosen, setChosen] = useState("");
  const [refused, setRefused] = useState("");

  const cells = useMemo(() => new Map(scores.cells.map((one) => [key(one.engine, one.query, one.candidate), one])), [scores.cells]);
  const ratios = useMemo(() => new Map((scores.ratios[base] ?? []).map((one) => [key(one.engine, one.query, one.candidate), one])), [scores.ratios, base]);
  const shown = scores.candidates.filter((name) => !hidden.includes(name));
  const against = async (name: string) => {
    if (!scores.ratios[name]) {
      const answer = await store.ask({ kind: "baseline", name });
      setRefused(answer.done ? "" : answer.reason);
      if (!answer.done) return;
    }
    setBase(name);
  };
  const worth = (line: Line, by: string): number | string => {
    if (by === "engine") return line.engine;
    if (by === "query") return line.query;
    if (by === "weight") return line.weight;
    const at = key(line.engine, line.query, by);
    return (how === "times" ? cells.get(at)?.times?.[0] : by === base ? 1 : ratios.get(at)?.ratio) ?? Infinity;
  };
  const lines = useMemo(() => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const all: Line[] = scores.queries.flatMap((one) => scores.engines.map((where) => ({ engine: where, query: one.name, weight: one.weight })));
    const texts = new Map(scores.queries.map((one) => [one.name, `${one.name} ${one.text}`.toLowerCase()]));
    const found = all.filter((line) => (!engine || line.engine === engine) && wanted.every((word) => texts.get(line.query)?.includes(word)));
    if (!sort.by) return found;
    const way = sort.up ? 1 : -1;
    return found.sort((one, other) => {
      const [a, b] = [worth(one, sort.by), worth(other, sort.by)];
      return a === b ? 0 : a === Infinity ? 1 : b === Infinity ? -1 : (a < b ? -1 : 1) * way;
    });
  }, [scores, engine, words, sort, how, cells, ratios, base]);
  const weighted = new Set(scores.queries.map((one) => one.weight)).size > 1;
  const columns = [["query", "query"], ["engine", "engine"], ...(weighted ? [["weight", "weight"]] : []), ...shown.map((name) => [name, how === "ratios" && name !== base ? `${name} ÷ ${base}` : name])] as [string, string][];
  const turn = (by: string) => setSort((now) => (now.by === by ? (now.up ? { by, up: false } : { by: "", up: true }) : { by, up: true }));
  const [chosenEngine = "", chosenQuery = ""] = chosen.split("\u0000");
  const about = scores.queries.find((one) => one.name === chosenQuery);

  return (
    <section className="dbw-view dbw-scores" aria-label="Results of the trial">
      <div className="dbw-bar" role="toolbar" aria-label="What is shown">
        <input type="search" aria-label="Filter queries" placeholder="filter queries" value={words} onChange={(event) => setWords(event.target.value)} onKeyDown={(event) => event.stopPropagation()} />
        <select aria-label="Engine" value={engine} onChange={(event) => setEngine(event.target.value)}>
          <option value="">all engines</option>
          {scores.engines.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
        <button type="button" aria-pressed={how === "times"} onClick={() => setHow("times")}>Times</button>
        <button type="button" aria-pressed={how === "ratios"} onClick={() => setHow("ratios")}>Ratios</button>
        {how === "ratios" && (
          <select aria-label="Compared with" value={base} onChange={(event) => void against(event.target.value)}>
            {scores.candidates.map((name) => <option key={name} value={name}>to {name}</option>)}
          </select>
        )}
        {scores.candidates.length > 1 && scores.candidates.map((name) => (
          <label key={name} className="dbw-chip">
            <input type="checkbox" checked={!hidden.includes(name)} onChange={(event) => setHidden((now) => (event.target.checked ? now.filter((one) => one !== name) : [...now, name]))} /> {name}
          </label>
        ))}
        <span className="dbw-file" role="status">{lines.length} of {scores.queries.length * scores.engines.length}</span>
      </div>
      {refused && <p className="dbw-wrong" role="alert">{refused}</p>}
      <div className="dbw-wide" tabIndex={0} role="region" aria-label="Results">
        <table>
          <thead>
            <tr>
              {columns.map(([by, label], at) => (
                <th key={at} scope="col" aria-sort={sort.by === by ? (sort.up ? "ascending" : "descending") : "none"}>
                  <button type="button" className="dbw-sort" onClick={() => turn(by)}>{label}<span aria-hidden="true">{sort.by === by ? (sort.up ? " ▲" : " ▼") : ""}</span></button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => {
              const place = key(line.engine, line.query);
              const medians = shown.map((name) => cells.get(key(line.engine, line.query, name))).map((one) => (one?.agrees ? one.times?.[0] : undefined));
              const best = Math.min(...medians.filter((one): one is number => one !== undefined));
              return (
                <tr key={place} data-chosen={place === chosen}>
                  <th scope="row"><button type="button" className="dbw-link" aria-expanded={place === chosen} onClick={() => setChosen(place === chosen ? "" : place)}>{line.query}</button></th>
                  <td>{line.engine}</td>
                  {weighted && <td className="dbw-number">{line.weight}</td>}
                  {shown.map((name, at) => {
                    const cell = cells.get(key(line.engine, line.query, name));
                    const lost = scores.failed.find((one) => one.engine === line.engine && one.candidate === name && (one.query === line.query || !one.query));
                    if (!cell?.times) return <td key={name} className="dbw-number dbw-bad" title={lost?.why}>{lost ? "failed" : "—"}</td>;
                    if (!cell.agrees) return <td key={name} className="dbw-number dbw-bad">another answer</td>;
                    if (how === "times" || name === base) {
                      const [middle, low, high] = cell.times;
                      return <td key={name} className="dbw-number" data-best={how === "times" && medians[at] === best} title={`${duration(low)} to ${duration(high)}`}>{how === "times" ? duration(middle) : "1"}</td>;
                    }
                    const one = ratios.get(key(line.engine, line.query, name));
                    return one ? (
                      <td key={name} className="dbw-number" data-way={one.different ? (one.ratio < 1 ? "faster" : "slower") : "even"} title={`${told(one.low)} to ${one.high === null ? "∞" : told(one.high)}`}>
                        {told(one.ratio)}{one.different ? (one.ratio < 1 ? " faster" : " slower") : ""}
                      </td>
                    ) : <td key={name} className="dbw-number">—</td>;
                  })}
                </tr>
              );
            })}
            {!lines.length && <tr><td colSpan={columns.length}>No query is called so.</td></tr>}
          </tbody>
        </table>
      </div>
      {about && (
        <div className="dbw-about" role="region" aria-label={`${chosenQuery} on ${chosenEngine}`}>
          <p className="dbw-headline">{chosenQuery} <small>on {chosenEngine}</small></p>
          <Rounds cells={shown.map((name) => cells.get(key(chosenEngine, chosenQuery, name))).filter((one): one is Cell => one !== undefined && one.seconds.length > 0)} />
          <details><summary>The query</summary><pre tabIndex={0}>{about.text}</pre></details>
          {shown.map((name) => cells.get(key(chosenEngine, chosenQuery, name))).filter((one): one is Cell => one !== undefined).map((one) => (
            <details key={one.candidate}>
              <summary>{one.candidate}: {one.seconds.length} rounds, {one.rows.toLocaleString("en")} row{one.rows === 1 ? "" : "s"}{one.plan ? ", its plan" : ""}</summary>
              {one.plan && <pre tabIndex={0}>{one.plan}</pre>}
              {one.sql !== about.text && <pre tabIndex={0}>{one.sql}</pre>}
            </details>
          ))}
        </div>
      )}
      {scores.loads.length > 0 && (
        <details className="dbw-loads"><summary>On disk</summary>
          <div className="dbw-wide" tabIndex={0} role="region" aria-label="On disk"><table>
            <thead><tr><th scope="col">engine</th><th scope="col">candidate</th><th scope="col">tables</th><th scope="col">rows</th><th scope="col">bytes</th><th scope="col">time to load</th></tr></thead>
            <tbody>{scores.loads.filter((one) => (!engine || one.engine === engine) && shown.includes(one.candidate)).map((one) => (
              <tr key={key(one.engine, one.candidate)}><td>{one.engine}</td><th scope="row">{one.candidate}</th><td className="dbw-number">{one.tables}</td><td className="dbw-number">{one.rows.toLocaleString("en")}</td><td className="dbw-number">{size(one.bytes)}</td><td className="dbw-number">{duration(one.seconds)}</td></tr>
            ))}</tbody>
          </table></div>
        </details>
      )}
      {scores.ruling && <details className="dbw-loads"><summary>The ruling</summary><Fragment html={scores.ruling} /></details>}
    </section>
  );
}
