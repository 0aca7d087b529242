import type { LostConnection, OperationsClient, WatchedEvent } from '@trivium/async';
import { OperationEventKind } from '@trivium/contracts/trivium/calls/v1/calls';
import { codeName } from '@trivium/rpc';
import { lastValueFrom, takeWhile, tap, toArray } from 'rxjs';
import type { OpsArguments } from './arguments.ts';
import { durationText } from './duration-text.ts';
import { jsonText } from './json-text.ts';
import { operationJson, watchedJson } from './operation-json.ts';
import { situationText, stateText } from './operation-text.ts';
import type { Screen } from './screen.ts';
import { drawTable } from './table.ts';
import { drawEvent, drawFoot, drawHead } from './timeline.ts';

/** What a command works with. */
export interface Workplace {
  readonly operations: OperationsClient;
  readonly screen: Screen;
}

type ArgumentsOf<C> = Extract<OpsArguments, { command: C }>;

/** What `watch` ends with when the operation did not end well. */
const endedBadly = 3;

/** Lists operations as a table; returns the exit code, as the other commands do. */
export async function list(
  { filter, pageSize, pageToken, json }: ArgumentsOf<'list'>,
  { operations, screen }: Workplace,
): Promise<number> {
  const page = await operations.list({ filter, pageSize, pageToken });
  if (json) {
    const { nextPageToken } = page;
    screen.print(jsonText({ operations: page.operations.map(operationJson), nextPageToken }));
    return 0;
  }
  const now = Date.now();
  const rows = page.operations.map((operation) => [
    operation.name,
    stateText(operation.state),
    operation.kind,
    durationText(now - (operation.createTime?.getTime() ?? now)),
    String(operation.attempt),
    situationText(operation),
  ]);
  const head = ['NAME', 'STATE', 'KIND', 'AGE', 'ATTEMPT', 'WAITS FOR, OR FAILED BY'];
  const [first = '', ...lines] = drawTable([head, ...rows], screen.columns);
  if (rows.length === 0) screen.note('There is no such operation.');
  else screen.print(screen.paint('bold', first), ...lines);
  if (page.nextPageToken) screen.note(`There are more: --page-token ${page.nextPageToken}`);
  return 0;
}

/** Shows one operation as a timeline of what happened so far. */
export async function show(
  { name, json }: ArgumentsOf<'show' | 'cancel'>,
  { operations, screen }: Workplace,
): Promise<number> {
  const handle = operations.handle(name);
  const operation = await handle.describe();
  const last = Number(operation.lastSequence);
  const soFar = handle.events().pipe(
    takeWhile(({ sequence }) => sequence < last, true),
    toArray(),
  );
  const events = await lastValueFrom(soFar);
  if (json) {
    screen.print(
      jsonText({ operation: operationJson(operation), events: events.map(watchedJson) }),
    );
    return 0;
  }
  const startMs = operation.createTime?.getTime() ?? 0;
  const endMs = events.at(-1)?.time?.getTime() ?? startMs;
  screen.print(...drawHead(operation, screen), '');
  for (const [index, event] of events.entries()) {
    const previous = events[index - 1];
    screen.print(...drawEvent({ event, previous, startMs, spanMs: endMs - startMs }, screen));
  }
  screen.print('', ...drawFoot(operation, Date.now(), screen));
  return 0;
}

/** Shows one operation as it happens, through lost connections, until it has ended. */
export async function watch(
  { name, after, json }: ArgumentsOf<'watch'>,
  { operations, screen }: Workplace,
): Promise<number> {
  const handle = operations.handle(name);
  // First, because a watch would wait for a service that is not there.
  const operation = await handle.describe();
  if (!json) screen.print(...drawHead(operation, screen), '');
  const startMs = operation.createTime?.getTime() ?? 0;
  let previous: WatchedEvent | undefined;
  const onReconnect = ({ error, backOffMs }: LostConnection) => {
    const reason = `${codeName(error.code)}: ${error.message}`;
    screen.note(`lost the service (${reason}); again in ${durationText(backOffMs)}`);
  };
  const events = handle.events({ after, onReconnect }).pipe(
    tap((event) => {
      if (json) screen.print(jsonText(watchedJson(event)));
      else screen.print(...drawEvent({ event, previous, startMs }, screen));
      previous = event;
    }),
  );
  const last = await lastValueFrom(events, { defaultValue: undefined });
  const ended = await handle.describe();
  if (!json) screen.print('', ...drawFoot(ended, Date.now(), screen));
  const isGood = last
    ? last.kind === OperationEventKind.OPERATION_EVENT_KIND_SUCCEEDED
    : !ended.error;
  return isGood ? 0 : endedBadly;
}

/** Asks an operation to end. */
export async function cancel(
  { name, json }: ArgumentsOf<'show' | 'cancel'>,
  { operations, screen }: Workplace,
): Promise<number> {
  const handle = operations.handle(name);
  await handle.cancel();
  const operation = await handle.describe();
  if (json) screen.print(jsonText({ operation: operationJson(operation) }));
  else if (operation.endTime) screen.print(`${name} has ended: ${stateText(operation.state)}.`);
  else {
    screen.print(`${name} was asked to end. Its work decides how: npm run ops -- watch ${name}`);
  }
  return 0;
}
