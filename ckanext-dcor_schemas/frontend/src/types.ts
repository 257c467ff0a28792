// What the page tells the script (`editor/facts.py`), and what the API answers.

export interface Facts {
  dataset_id: string | null;
  circle: string;
  user: { name: string; title: string };
  may_be_public: boolean;
  may_create_circles: boolean;
  /** Licences that may follow a licence; those of a new dataset are under the empty name. */
  licenses: Record<string, string[]>;
  suffixes: string[];
  measurement_suffixes: string[];
  part_unit: number;
  max_file_size: number;
  urls: { api: string; draft: string; dataset: string; datasets: string };
}

export interface Group {
  id: string;
  name: string;
  title?: string;
  display_name?: string;
}

export interface Resource {
  id: string;
  name: string;
  size?: number | null;
  description?: string | null;
  [key: string]: unknown;
}

export interface Dataset {
  id: string;
  name: string;
  title: string;
  state: string;
  private: boolean;
  owner_org: string;
  license_id: string;
  authors?: string;
  notes?: string | null;
  doi?: string;
  references?: string;
  tags: { name: string }[];
  groups: Group[];
  resources: Resource[];
}

export interface UploadAllowed {
  upload_urls: string[];
  complete_url: string | null;
  resource_id: string;
}

export interface UploadFound {
  resource_id: string;
  registered: boolean;
  etag: string | null;
  parts: { part_number: number; size: number; etag: string }[];
  upload_urls: (string | null)[];
  complete_url: string | null;
}

/** Answer of `dcor_dataset_check`. */
export interface Check {
  ready: boolean;
  problems: string[];
  resources: { id: string; name: string; check: string; problems: string[]; hints: string[] }[];
}

/** Answer of `dcor_resource_status`, by resource. */
export type Steps = Record<string, { step: string; title: string; state: string; error_text: string | null }[]>;
