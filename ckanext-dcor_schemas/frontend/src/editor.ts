// The script of the draft editor. Started as a worker, the same script computes checksums.

import { serveHashes } from "./files/hashing.ts";
import { startEditor } from "./page.ts";
import { say } from "./ui/dom.ts";

if (typeof document === "undefined") {
  serveHashes();
} else {
  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : null;
  const root = document.querySelector<HTMLElement>("#dcor-editor");
  if (root) {
    startEditor(root, script).catch((error: unknown) => {
      const place = root.querySelector("#dcor-loading");
      if (place) {
        place.setAttribute("role", "alert");
        say(place, `The editor could not be loaded: ${error instanceof Error ? error.message : String(error)} Load the page again.`);
      }
    });
  }
}
