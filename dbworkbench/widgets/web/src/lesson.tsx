// An exercise as a form: a field for each answer, its verdict with the witness under it, hints when asked for.

import { useEffect, useId, useState, useSyncExternalStore } from "react";
import { Fragment } from "./fragment";
import { Late } from "./late";
import type { Store } from "./store";

type Question = { kind: string; text: string; like: string; choices: string[]; answer: string; right: boolean | null; verdict: string; hints: string[]; more: boolean; solution: string };
type Task = { name: string; title: string; task: string; score: string; questions: Question[] };

export function Lesson({ store }: { store: Store }) {
  useSyncExternalStore(store.subscribe, store.snapshot);
  const task = store.state as unknown as Task;
  return (
    <section className="dbw-view dbw-lesson" aria-label={`Exercise: ${task.title}`}>
      <div className="dbw-bar"><b>{task.title}</b><span className="dbw-file" role="status">{task.score}</span></div>
      <Late store={store} />
      <div className="dbw-task"><Fragment html={task.task} /></div>
      {task.questions.map((one, at) => <Asked key={one.kind} store={store} question={one} at={at} />)}
    </section>
  );
}

function Asked({ store, question, at }: { store: Store; question: Question; at: number }) {
  const [said, setSaid] = useState(question.answer);
  const [wrong, setWrong] = useState("");
  const id = useId();
  useEffect(() => setSaid(question.answer), [question.answer]);
  const check = async () => {
    const answer = await store.ask({ kind: "answer", at, text: said });
    setWrong(answer.done ? "" : answer.reason);
  };
  const stands = question.right !== null && said === question.answer;
  return (
    <form className="dbw-question" data-right={stands ? String(question.right) : "open"} onSubmit={(event) => { event.preventDefault(); void check(); }}>
      <label htmlFor={id}><b>{at + 1}.</b> {question.text}</label>
      <div className="dbw-answer">
        {question.choices.length ? (
          <select id={id} value={said} onChange={(event) => setSaid(event.target.value)}>
            <option value="">choose …</option>
            {question.choices.map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        ) : (
          <input id={id} value={said} placeholder={question.like} spellCheck={false} autoComplete="off" aria-invalid={wrong !== ""} onChange={(event) => setSaid(event.target.value)} onKeyDown={(event) => event.stopPropagation()} />
        )}
        <button type="submit">Check</button>
        <button type="button" disabled={!question.more} onClick={() => void store.ask({ kind: "hint", at })}>Hint{question.hints.length ? ` ${Math.min(question.hints.length + 1, 3)}` : ""}</button>
        {(!question.more || question.right === true) && !question.solution && <button type="button" onClick={() => void store.ask({ kind: "solve", at })}>Worked answer</button>}
      </div>
      {wrong && <p className="dbw-wrong" role="alert">{wrong}</p>}
      {question.hints.length > 0 && <ol className="dbw-hints" aria-label="Hints">{question.hints.map((hint) => <li key={hint}>{hint}</li>)}</ol>}
      <div aria-live="polite">{stands && question.verdict && <Fragment html={question.verdict} />}</div>
      {question.solution && <details open><summary>The worked answer</summary><Fragment html={question.solution} /></details>}
    </form>
  );
}
