// Makes a resource of an uploaded file.

import type { Call } from "../net/api.ts";
import type { Dataset } from "../types.ts";

/** The dataset with the new resource. */
export async function register(call: Call, dataset: string, id: string, name: string): Promise<Dataset> {
  try {
    const revised = await call<{ package: Dataset }>("package_revise", {
      match: { id: dataset },
      update__resources__extend: [{ id, name, s3_available: true }],
    });
    return revised.package;
  } catch (error) {
    // The answer to an earlier attempt may have been lost.
    const shown = await call<Dataset>("package_show", { id: dataset }).catch(() => null);
    if (shown?.resources.some((resource) => resource.id === id)) {
      return shown;
    }
    throw error;
  }
}
