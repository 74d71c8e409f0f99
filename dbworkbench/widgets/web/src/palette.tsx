// One line to find a card or a command: type, move with the arrows, Enter.

import { useEffect, useId, useMemo, useRef, useState } from "react";

export type Choice = { label: string; hint?: string; run: () => void };

export function Palette({ title, choices, close, free }: { title: string; choices: Choice[]; close: () => void; free?: ((text: string) => void) | undefined }) {
  const [said, setSaid] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  useEffect(() => {
    input.current?.focus({ preventScroll: true });
  }, []);
  const found = useMemo(() => {
    const words = said.toLowerCase().split(/\s+/).filter(Boolean);
    return choices.filter((one) => words.every((word) => one.label.toLowerCase().includes(word))).slice(0, 60);
  }, [said, choices]);
  useEffect(() => {
    void list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const take = (one: Choice | undefined) => {
    close();
    if (one) one.run();
    else if (free && said.trim()) free(said.trim());
  };
  return (
    <div className="dbw-palette" role="dialog" aria-label={title}>
      <input
        ref={input}
        role="combobox"
        aria-label={title}
        aria-expanded={found.length > 0}
        aria-controls={id}
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
        placeholder={title}
        value={said}
        spellCheck={false}
        onChange={(event) => { setSaid(event.target.value); setAt(0); }}
        onBlur={close}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") close();
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
          if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          if (event.key === "Enter") take(found[at]);
          if (event.key.startsWith("Arrow")) event.preventDefault();
        }}
      />
      <ul id={id} ref={list} role="listbox" aria-label={title}>
        {found.map((one, turn) => (
          <li key={one.label} id={`${id}-${turn}`} role="option" aria-selected={turn === at} onMouseDown={(event) => { event.preventDefault(); take(one); }}>
            {one.label}{one.hint && <kbd>{one.hint}</kbd>}
          </li>
        ))}
      </ul>
    </div>
  );
}
