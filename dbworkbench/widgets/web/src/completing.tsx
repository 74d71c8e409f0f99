// A field that completes the word being typed: suggestions below it, chosen by the arrows or the mouse, taken by Tab or Enter.

import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from "react";

export type Words = (before: string) => string[];
const MOST = 8;

/** The types behind a colon; before it nothing, since a name is new. */
export const typeWords = (types: string[]): Words => (before) => (/:[^=?]*$/.test(before) ? types : []);

/** The names that a list or a dependency may hold. */
export const nameWords = (names: string[]): Words => () => names;

export function Completing(props: {
  value: string;
  label: string;
  words: Words;
  change: (text: string) => void;
  commit: () => void;
  cancel: () => void;
  step?: (by: 1 | -1) => void;
  leave?: () => void;
  id?: string;
  hint?: string | undefined;
  wrong?: boolean;
  eager?: boolean;
}) {
  const own = useId();
  const input = useRef<HTMLInputElement>(null);
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const [cursor, setCursor] = useState(props.value.length);
  useLayoutEffect(() => {
    if (!props.eager) return;
    const take = () => {
      input.current?.focus({ preventScroll: true });
      input.current?.select();
    };
    take();
    const again = requestAnimationFrame(() => document.activeElement !== input.current && input.current?.getRootNode() === document && take());
    return () => cancelAnimationFrame(again);
  }, []);
  const before = props.value.slice(0, cursor);
  const word = /[\p{L}\p{N}_]*$/u.exec(before)?.[0] ?? "";
  const found = open ? props.words(before).filter((one) => one.toLowerCase().startsWith(word.toLowerCase()) && one !== word && (word || /[:,>(]\s*$/.test(before))).slice(0, MOST) : [];
  const take = (one: string) => {
    const head = before.slice(0, before.length - word.length);
    const gap = /[:,>]$/.test(head) ? " " : "";
    props.change(head + gap + one + props.value.slice(cursor));
    place(input, head.length + gap.length + one.length, setCursor);
    setOpen(false);
    setAt(-1);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    const shown = found.length > 0;
    if (event.key === "Escape") {
      if (shown) setOpen(false);
      else props.cancel();
    } else if (event.key === "Enter") {
      if (shown && at >= 0) take(found[at]!);
      else props.commit();
      event.preventDefault();
    } else if (event.key === "Tab" && shown && !event.shiftKey && word) {
      take(found[Math.max(at, 0)]!);
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (shown) setAt((at + by + found.length + 1) % (found.length + 1));
      else props.step?.(by);
      event.preventDefault();
    }
  };
  const now = at >= 0 && at < found.length ? at : -1;
  return (
    <span className="dbw-completing">
      <input
        ref={input}
        id={props.id ?? own}
        role="combobox"
        value={props.value}
        placeholder={props.hint}
        aria-label={props.id ? undefined : props.label}
        aria-invalid={props.wrong}
        aria-expanded={found.length > 0}
        aria-controls={found.length ? `${own}-list` : undefined}
        aria-activedescendant={now >= 0 ? `${own}-${now}` : undefined}
        aria-autocomplete="list"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => { props.change(event.target.value); setCursor(event.target.selectionStart ?? event.target.value.length); setOpen(true); setAt(-1); }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
        onKeyDown={onKeyDown}
        onBlur={() => { setOpen(false); props.leave?.(); }}
      />
      {found.length > 0 && (
        <ul className="dbw-words" id={`${own}-list`} role="listbox" aria-label={`Suggestions for ${props.label}`}>
          {found.map((one, turn) => (
            <li key={one} id={`${own}-${turn}`} role="option" aria-selected={turn === now} onMouseDown={(event) => { event.preventDefault(); take(one); }}>{one}</li>
          ))}
        </ul>
      )}
    </span>
  );
}

function place(input: RefObject<HTMLInputElement | null>, at: number, told: (at: number) => void): void {
  requestAnimationFrame(() => {
    input.current?.setSelectionRange(at, at);
    told(at);
  });
}
