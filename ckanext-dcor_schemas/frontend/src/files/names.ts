// Names of files as names of resources, in the way of DCOR-Aid.

import type { Facts } from "../types.ts";

/** A name that the site accepts: suffix in lower case, blanks as `_`, other characters as dots. */
export function resourceName(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  const name = dot < 0 ? fileName : fileName.slice(0, dot) + fileName.slice(dot).toLowerCase();
  return name.replaceAll(" ", "_").replace(/[^A-Za-z0-9.,\-_+()[\]]/gu, ".");
}

export function suffixOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot);
}

export function isMeasurement(name: string, facts: Pick<Facts, "measurement_suffixes">): boolean {
  return facts.measurement_suffixes.includes(suffixOf(name));
}

/** Why a file cannot become a resource; nothing if it can. */
export function problemOf(name: string, size: number, facts: Pick<Facts, "suffixes" | "max_file_size">): string {
  if (!facts.suffixes.includes(suffixOf(name))) {
    return `Files of this type cannot be uploaded. Possible are ${facts.suffixes.join(" ")}.`;
  }
  if (size > facts.max_file_size) {
    return "This file is larger than the site takes.";
  }
  return "";
}
