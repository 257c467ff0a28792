// The choice at the beginning, and in the page's address.

import type { ViewHeader } from "../bundle/types.ts";
import { tablesFor } from "../plot/isoelastics.ts";
import { fromHash, HASH_MARK, toHash } from "../state/hash.ts";
import { Store, type Choice } from "../state/store.ts";
import { debounce } from "../ui/dom.ts";

/** The reader's choice: what the address says, else what DCscope shows. */
export function choiceStore(header: ViewHeader): Store<Choice> {
  const standard = defaults(header);
  const features = new Set(header.features.map(({ name }) => name));
  const store = new Store(fromHash(location.hash, standard, features));
  let written = location.hash;
  const write = debounce((choice: Readonly<Choice>) => {
    written = toHash(choice, standard);
    history.replaceState(history.state, "", location.pathname + location.search + written);
  }, 200);
  store.subscribe((choice) => write(choice));
  addEventListener("hashchange", () => {
    if (location.hash !== written && location.hash.startsWith(HASH_MARK)) {
      store.set(fromHash(location.hash, standard, features));
    }
  });
  return store;
}

function defaults({ axes, isoelastics }: ViewHeader): Choice {
  const { x, y } = axes!;
  return {
    x,
    y,
    xLog: false,
    yLog: false,
    colour: "density",
    xRange: null,
    yRange: null,
    lut: tablesFor(isoelastics.lines, x, y)[0]?.lut ?? null,
    pixelated: true,
    shape: null,
    event: null,
  };
}
