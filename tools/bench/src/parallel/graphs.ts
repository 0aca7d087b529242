/** A call of a graph: what it waits for, and how long it takes in the service. */
export interface GraphStep {
  readonly id: string;
  readonly reads: readonly string[];
  readonly workMs: number;
}

const step = (id: string, workMs: number, ...reads: string[]): GraphStep => ({ id, reads, workMs });

/** Graphs of calls, by name; each step comes after what it reads. */
export const graphs: Readonly<Record<string, readonly GraphStep[]>> = {
  diamond: [
    step('top', 10),
    step('left', 20, 'top'),
    step('right', 12, 'top'),
    step('bottom', 10, 'left', 'right'),
  ],
  checkout: [
    step('products', 15),
    step('stock', 12),
    step('carriers', 8),
    ...[10, 14, 18, 25].map((workMs, place) =>
      step(`rate ${place}`, workMs, 'products', 'carriers'),
    ),
    step('quote', 5, 'stock', 'rate 0', 'rate 1', 'rate 2', 'rate 3'),
  ],
};
