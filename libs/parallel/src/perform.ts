/** A call that a run is about to make: of a step or an element, or of its undo. */
export interface PerformTask {
  /** The step's name, or the element's, such as `rates[ups]`. */
  readonly id: string;
  readonly kind: 'call' | 'undo';
  readonly signal: AbortSignal;
  /**
   * Makes the call, with its repetitions and hedges, within the limits. A signal of the performer's own
   * stops the call too, and leaves it to the performer what becomes of the step.
   */
  readonly call: (signal?: AbortSignal) => Promise<unknown>;
}

/**
 * Stands between a run and its calls. One that records outcomes by `kind` and `id`, and returns what
 * is recorded without calling, makes the run durable: a plan asks for the same calls again, because
 * conditions and lists follow from results.
 */
export type Perform = (task: PerformTask) => Promise<unknown>;
