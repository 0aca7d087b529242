import type { ElementGroup } from './elements.ts';
import type { Outcome } from './outcome.ts';
import type { Step } from './step.ts';
import type { Task } from './task.ts';

/** A step and its place in a plan: the same for all runs. */
export interface PlannedStep {
  readonly step: Step;
  /** The places of what it reads, and their names. */
  readonly reads: readonly number[];
  readonly readNames: readonly string[];
  /** The places of those who read it. */
  readonly readers: number[];
  /** The longest path of estimates behind it, in milliseconds. */
  tailMs: number;
  /** Whether a condition may leave it out, its own or one of what it needs. */
  readonly isSkippable: boolean;
}

const noPlaces: readonly number[] = [];
const noNames: readonly string[] = [];
const graphs = new WeakMap<readonly Step[], readonly PlannedStep[]>();

/** The graph of a plan's steps, in their order: a step comes after all that it reads. */
export function graphOf(steps: readonly Step[]): readonly PlannedStep[] {
  let graph = graphs.get(steps);
  if (!graph) graphs.set(steps, (graph = createGraph(steps)));
  return graph;
}

function createGraph(steps: readonly Step[]): readonly PlannedStep[] {
  const graph: PlannedStep[] = [];
  const places = new Map<string, number>();
  for (const [place, step] of steps.entries()) {
    const readNames = step.reads?.length ? step.reads : noNames;
    const reads = step.reads?.length ? step.reads.map((name) => places.get(name)!) : noPlaces;
    const isSkippable =
      step.when !== undefined ||
      reads.some((read) => graph[read]!.isSkippable && !graph[read]!.step.optional);
    for (const read of reads) graph[read]!.readers.push(place);
    places.set(step.name, place);
    graph.push({ step, reads, readNames, readers: [], tailMs: 0, isSkippable });
  }
  if (steps.some(({ estimateMs }) => estimateMs)) estimateTails(graph);
  return graph;
}

/** Backwards from the last step: the longest path is a reader's own time and what comes after it. */
function estimateTails(graph: readonly PlannedStep[]): void {
  for (const planned of graph.toReversed()) {
    for (const place of planned.readers) {
      const { step, tailMs } = graph[place]!;
      planned.tailMs = Math.max(planned.tailMs, (step.estimateMs ?? 0) + tailMs);
    }
  }
}

/** A step of a running plan. */
export class Node {
  readonly planned: PlannedStep;
  readonly step: Step;
  /** The in-degree: how many of the steps that it reads have not ended. */
  unmet: number;
  outcome: Outcome<unknown> | undefined = undefined;
  /** Whether a condition left it out: then it is missing, but nothing has failed. */
  wasSkipped = false;
  /** What was started for it, until it has ended. */
  started: Task | ElementGroup | undefined = undefined;

  constructor(planned: PlannedStep) {
    this.planned = planned;
    this.step = planned.step;
    this.unmet = planned.reads.length;
  }

  /** Whether it ended without the value that its readers require of it. */
  get isMissing(): boolean {
    return this.outcome?.ok === false && !this.step.optional;
  }

  /** The result as its readers receive it. */
  get arriving(): unknown {
    const { outcome, step } = this;
    return !step.optional && outcome?.ok ? outcome.value : outcome;
  }
}

/**
 * Adds what a step reads to what its function is given: an object without a prototype, which has no
 * other names than these, and takes any of them.
 */
export function addReads<T extends object>(
  context: T,
  { reads, readNames }: PlannedStep,
  nodes: readonly Node[],
): T & Record<string, unknown> {
  const whole = context as Record<string, unknown>;
  for (let read = 0; read < reads.length; read++) {
    whole[readNames[read]!] = nodes[reads[read]!]!.arriving;
  }
  return context as T & Record<string, unknown>;
}
