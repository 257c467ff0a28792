// What the header of an overview bundle and the answers of the page's endpoints look like
// (docs/decisions/0010). Every text in them comes from uploaded files: never treat it as HTML.

export type DType = "<f4" | "<f8" | "<u1" | "<u2" | "<u4" | "<i2";

export interface Block {
  offset: number;
  length: number;
}

export interface ArrayBlock extends Block {
  dtype: DType;
}

export interface ImageBlock extends Block {
  type: string;
}

/** Something that is missing, and why; for people. */
export interface Note {
  code: string;
  text: string;
}

export interface Feature extends ArrayBlock {
  name: string;
  label: string;
  unit: string;
  group: string;
  min: number | null;
  max: number | null;
  p01: number | null;
  p99: number | null;
  finite: number;
  positive: boolean;
  constant: boolean;
}

export interface IsoelasticTable extends ArrayBlock {
  lut: string;
  x: string;
  y: string;
  /** kPa per line. */
  emodulus: number[] | null;
  /** Points per line. */
  counts: number[];
  pixelated: ArrayBlock | null;
}

export interface SpriteSheet {
  events: number[];
  /** Where the tile's content lies in the full image: x, y, width, height [px]. */
  boxes: [number, number, number, number][];
  /** Where the content begins within the sheet [px]. */
  places: [number, number][];
  image: ImageBlock;
  mask: ImageBlock | null;
}

export interface Sprites {
  tile: [number, number];
  columns: number;
  sheets: SpriteSheet[];
  missing: Note | null;
}

export interface ImageFacts {
  image: boolean;
  image_bg: boolean;
  mask: boolean;
  contour: boolean;
  where: "file" | "basin" | null;
  shape: [number, number] | null;
  pixel_size: number | null;
}

export interface ViewHeader {
  format: number;
  kind: "view";
  source_etag: string;
  sample: string | null;
  event_count: number;
  sampled: number;
  sampling: "all" | "grid";
  first: number;
  axes: { x: string; y: string } | null;
  features: Feature[];
  index: ArrayBlock;
  density: (ArrayBlock & { x: string; y: string }) | null;
  rows: ArrayBlock;
  quantiles: ArrayBlock;
  statistics: Block;
  isoelastics: { lines: IsoelasticTable[]; missing: Note | null };
  sprites: Sprites;
  traces: { names: string[]; sample_rate: number | null; samples: number | null } | null;
  images: ImageFacts;
  notes: Note[];
}

export interface Statistics {
  events: number;
  flow_rate: number | null;
  names: string[];
  values: Record<string, (number | null)[]>;
}

export interface EventHeader {
  kind: "event";
  contour: [number, number][] | null;
  shape: [number, number] | null;
  missing: Note[];
  image: ImageBlock | null;
  background: ImageBlock | null;
  mask: ImageBlock | null;
  traces: (ArrayBlock & { name: string })[];
  sample_rate: number | null;
}

export interface EventsHeader {
  kind: "events";
  sprites: Sprites;
}

export interface EventValues {
  values: Record<string, number | null>;
}

/** Where the bundle is, as `view.json` tells. */
export interface BundlePlace {
  url: string;
  expires_at: string | null;
  fallback_url: string;
  size: number;
  first: number;
  /** Of the bundle itself; null if it was made before this was noted. */
  etag: string | null;
  source_etag: string;
  step_version: number;
}

export interface Step {
  step: string;
  title: string;
  state: "pending" | "running" | "done" | "failed" | "skipped";
  attempt: number;
  error_code: string | null;
  error_text: string | null;
}

export interface PageState {
  version: number;
  resource: { id: string; package_id: string; name: string; etag: string; public: boolean };
  bundle: BundlePlace | null;
  preview: { url: string } | null;
  event_count: number | null;
  sampled: number | null;
  notes: Note[];
  pipeline: { finished: boolean; failed: boolean; poll_after: number | null; steps: Step[] };
  /** For those who may edit: try failed steps again; make an overview again that is there. */
  retry: { url: string } | null;
  regenerate: { url: string } | null;
  endpoints: Record<
    "state" | "event" | "batch" | "metadata" | "logs" | "basins" | "tables",
    string
  >;
}
