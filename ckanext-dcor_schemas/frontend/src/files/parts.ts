// How files are cut for an upload; the site and all clients do it in the same way.

export interface Part {
  /** Place in the file, from 0; the store counts from 1. */
  index: number;
  start: number;
  end: number;
}

export function cut(size: number, unit: number): Part[] {
  const count = Math.max(1, Math.ceil(size / unit));
  const length = Math.ceil(size / count);
  return Array.from({ length: count }, (_, index) => ({
    index,
    start: index * length,
    end: Math.min((index + 1) * length, size),
  }));
}

/** Body of the request that makes one object of all parts. */
export function completion(etags: readonly string[]): string {
  const parts = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
  return `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
}
