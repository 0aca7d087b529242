/** Something that a bench measured, several times. */
export interface Figure {
  readonly name: string;
  readonly samples: readonly number[];
}

/** The middle of some samples; NaN of none. */
export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** The sample below which the share `q` of all lies, by the nearest rank; NaN of none. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? sorted[0] ?? NaN;
}

/** Figures in the making: samples by the name of their figure, in the order in which they came. */
export class Samples {
  readonly #byName = new Map<string, number[]>();

  add(name: string, sample: number): void {
    this.#byName.set(name, [...(this.#byName.get(name) ?? []), sample]);
  }

  figures(): Figure[] {
    return [...this.#byName].map(([name, samples]) => ({ name, samples }));
  }
}
