import { codeName } from '@trivium/rpc';
import {
  drawWaterfall,
  drawWaterfallSvg,
  milliseconds,
  runPlan,
  waterfallOf,
} from '@trivium/plans';
import type { PlanOutcome, RunEvent, RunPlanOptions, StepOutcome } from '@trivium/plans';
import { UsageError, type PlanArguments } from './arguments.ts';
import { noteUnchecked, printProblems } from './check-command.ts';
import { writeSvg } from './draw-command.ts';
import type { KnownMethods } from './known-methods.ts';
import { readPlan, readText } from './read-plan.ts';
import type { Terminal } from './terminal.ts';

type Input = NonNullable<RunPlanOptions['input']>;

/** Runs a plan on the services and draws who worked when; 0, or 1 for one that is wrong or failed. */
export async function runCommand(
  args: PlanArguments,
  { known, terminal, signal }: { known: KnownMethods; terminal: Terminal; signal: AbortSignal },
): Promise<number> {
  const { file, svg, json, timeoutMs } = args;
  const input = await readInput(args.input);
  const plan = await readPlan(file, known);
  if (plan.refused) return printProblems(file, plan.refused.problems, terminal);
  noteUnchecked(plan, known, terminal);
  const { registry: call } = known;
  const run = runPlan(plan.compiled, { input, call, signal, deadlineMs: timeoutMs });
  if (!json) run.events.subscribe((event) => terminal.print(lineOf(event)));
  const outcome = await run.result;
  const undone = await run.undone;
  const waterfall = waterfallOf(plan.compiled, outcome);
  if (json)
    terminal.print(
      JSON.stringify({ ...plainOutcome(outcome), undone: undone.map(plain) }, null, 2),
    );
  else {
    terminal.print('');
    const { columns, colours } = terminal;
    for (const line of drawWaterfall(waterfall, { columns, colours })) terminal.print(line);
    terminal.print('');
    if (outcome.error) terminal.note(`${codeName(outcome.error.code)}: ${outcome.error.message}`);
    else terminal.print(JSON.stringify(outcome.result, null, 2));
  }
  if (svg !== undefined) await writeSvg(svg, drawWaterfallSvg(waterfall), terminal);
  return outcome.error ? 1 : 0;
}

async function readInput(given: string | undefined): Promise<Input> {
  if (given === undefined) return {};
  const text = given.startsWith('@') ? await readText(given.slice(1)) : given;
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--input is no JSON: ${(error as Error).message}`);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new UsageError('--input must be a JSON object');
  }
  return input as Input;
}

const nameOf = ({ step, index }: { readonly step: string; readonly index?: number }): string =>
  index === undefined ? step : `${step}[${index}]`;

function lineOf(event: RunEvent): string {
  const at = milliseconds(event.atMs).padStart(9);
  if (event.type === 'started') return `${at}  ${nameOf(event)} …`;
  if (event.type === 'undone') return `${at}  ${nameOf(event)} undone`;
  if (event.type === 'undoFailed') {
    return `${at}  ${nameOf(event)} could not be undone: ${event.error.message}`;
  }
  const { outcome } = event;
  const { state, error, startMs, endMs } = outcome;
  const took = state === 'skipped' ? '' : ` after ${milliseconds(endMs - startMs)}`;
  return `${at}  ${nameOf(outcome)} ${state}${took}${error ? `: ${error.message}` : ''}`;
}

/** The same with errors as programs read them. */
function plain<T extends { readonly error?: StepOutcome['error'] }>({ error, ...rest }: T) {
  return {
    ...rest,
    ...(error && { error: { code: codeName(error.code), message: error.message } }),
  };
}

function plainOutcome({ steps, ...outcome }: PlanOutcome) {
  return { ...plain(outcome), steps: steps.map((step) => plain(step)) };
}
