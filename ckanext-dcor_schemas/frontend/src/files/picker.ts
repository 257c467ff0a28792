// Files chosen in a dialog of the browser, or dropped. Where the browser can, it gives handles along,
// by which a file is found again after the page was loaded again.

import type { Chosen } from "./uploads.ts";

interface PickingWindow {
  showOpenFilePicker?: (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;
}

/** Handles of these browsers can be asked for the permission to read. */
type Handle = FileSystemFileHandle & { requestPermission?: (options: { mode: "read" }) => Promise<PermissionState> };

export function listenForFiles(input: HTMLInputElement, button: HTMLElement, zone: HTMLElement, take: (chosen: Chosen[]) => void): void {
  button.addEventListener("click", () => void pick(input).then((chosen) => chosen.length && take(chosen)));
  input.addEventListener("change", () => {
    const chosen = [...(input.files ?? [])].map((file) => ({ file }));
    // The same file can be chosen again.
    input.value = "";
    take(chosen);
  });
  let depth = 0;
  const hover = (change: number) => {
    depth = Math.max(0, depth + change);
    zone.classList.toggle("dcor-over", depth > 0);
  };
  zone.addEventListener("dragenter", () => hover(1));
  zone.addEventListener("dragleave", () => hover(-1));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    hover(-depth);
    void dropped(event.dataTransfer).then(take);
  });
}

/** Files from the dialog; without handles they come by the input's own event. */
async function pick(input: HTMLInputElement): Promise<Chosen[]> {
  const picker = (window as PickingWindow).showOpenFilePicker;
  if (!picker) {
    input.click();
    return [];
  }
  try {
    const handles = await picker({ multiple: true });
    return await Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })));
  } catch {
    return []; // the dialog was closed
  }
}

async function dropped(transfer: DataTransfer | null): Promise<Chosen[]> {
  const items = [...(transfer?.items ?? [])].filter((item) => item.kind === "file");
  // Everything has to be asked for before the first wait: the items are gone then.
  const asked = items.map((item) => ({ file: item.getAsFile(), handle: handleOf(item) }));
  const found = await Promise.all(asked.map(async ({ file, handle }) => ({ file, handle: await handle })));
  return found.flatMap(({ file, handle }) => (file ? [{ file, ...(handle ? { handle } : {}) }] : []));
}

async function handleOf(item: DataTransferItem): Promise<FileSystemFileHandle | null> {
  const able = item as DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };
  const handle = await able.getAsFileSystemHandle?.().catch(() => null);
  return handle?.kind === "file" ? (handle as FileSystemFileHandle) : null;
}

/** The file behind a handle that was kept; nothing if it is gone or the user does not want it. */
export async function reopen(handle: Handle): Promise<File | null> {
  try {
    const permission = (await handle.requestPermission?.({ mode: "read" })) ?? "granted";
    return permission === "granted" ? await handle.getFile() : null;
  } catch {
    return null;
  }
}
