// What a view says while the kernel does not answer.

import type { Store } from "./store";

export function Late({ store }: { store: Store }) {
  if (!store.late) return null;
  return (
    <div className="dbw-notice" role="status">
      The kernel does not answer: it is busy or gone. {store.late} edit{store.late > 1 ? "s are" : " is"} kept here and sent again.
    </div>
  );
}
