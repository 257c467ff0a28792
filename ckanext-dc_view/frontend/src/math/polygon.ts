// Which events lie within a polygon: the same test, edges included or not, as dclab's.

export type Point = readonly [number, number];

/** Whether a point lies inside. Same rule as `PolygonFilter` of dclab (ray casting). */
export function contains(polygon: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  let [xj, yj] = polygon[polygon.length - 1] ?? [0, 0];
  for (const [xi, yi] of polygon) {
    const crosses = (yi <= y && y < yj) || (yj <= y && y < yi);
    if (crosses && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) {
      inside = !inside;
    }
    xj = xi;
    yj = yi;
  }
  return inside;
}

/** 1 for every event inside, else 0. Events without finite values are outside. */
export function mask(polygon: readonly Point[], x: Float64Array, y: Float64Array): Uint8Array {
  const found = new Uint8Array(x.length);
  if (polygon.length < 3) {
    return found;
  }
  const xs = polygon.map((point) => point[0]);
  const ys = polygon.map((point) => point[1]);
  const [left, right, low, high] = [
    Math.min(...xs),
    Math.max(...xs),
    Math.min(...ys),
    Math.max(...ys),
  ];
  for (let event = 0; event < x.length; event += 1) {
    const [px, py] = [x[event]!, y[event]!];
    if (px >= left && px <= right && py >= low && py <= high && contains(polygon, px, py)) {
      found[event] = 1;
    }
  }
  return found;
}

/** The four corners of a rectangle. */
export function rectangle(a: Point, b: Point): Point[] {
  const [left, right] = a[0] < b[0] ? [a[0], b[0]] : [b[0], a[0]];
  const [low, high] = a[1] < b[1] ? [a[1], b[1]] : [b[1], a[1]];
  return [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
  ];
}
