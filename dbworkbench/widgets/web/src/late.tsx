// What a view says while the kernel does not answer.

import type { Store } from "./store";

export function Late({ store }: { store: Store }) {
  if (store.left.length) {
    const many = store.left.length > 1;
    return (
      <div className="dbw-notice" role="alert">
        {store.left.length} edit{many ? "s were" : " was"} not carried out before the kernel was lost.
        <button type="button" onClick={() => void store.takeLeft()}>Do {many ? "them" : "it"} now</button>
        <button type="button" onClick={store.forgetLeft}>Forget {many ? "them" : "it"}</button>
      </div>
    );
  }
  if (!store.late) return null;
  return (
    <div className="dbw-notice" role="status">
      The kernel does not answer: it is busy or gone. {store.late} edit{store.late > 1 ? "s are" : " is"} kept here and sent again.
    </div>
  );
}
