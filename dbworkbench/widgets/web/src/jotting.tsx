// A note on the canvas: words beside the cards, written in place.

import type { Node, NodeProps } from "@xyflow/react";
import { memo, useContext, useEffect, useRef, useState } from "react";
import { EditingContext } from "./card";
import type { Jotting } from "./wire";

export type NoteNode = Node<{ note: Jotting; at: number }, "note">;

export const Note = memo(function Note({ data, selected }: NodeProps<NoteNode>) {
  const { jot } = useContext(EditingContext);
  const [writing, setWriting] = useState(false);
  const { note, at } = data;
  return (
    <div className="dbw-note" data-selected={selected} style={{ width: note.size[0], minHeight: note.size[1] }} onDoubleClick={() => setWriting(true)}>
      {writing ? <Written text={note.text} end={(text) => { setWriting(false); if (text !== null && text !== note.text) jot(at, text); }} /> : note.lines.map((line, turn) => <div key={turn}>{line}</div>)}
    </div>
  );
});

function Written({ text, end }: { text: string; end: (text: string | null) => void }) {
  const [said, setSaid] = useState(text);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus({ preventScroll: true }), []);
  return (
    <textarea
      ref={area}
      className="nodrag nopan"
      aria-label="Note"
      rows={4}
      value={said}
      onChange={(event) => setSaid(event.target.value)}
      onBlur={() => end(said)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") end(null);
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) end(said);
      }}
    />
  );
}
