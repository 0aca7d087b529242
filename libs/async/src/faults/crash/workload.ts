import { Any } from '@trivium/contracts/google/protobuf/any';
import { Code, RpcError } from '@trivium/rpc';
import type { RunningOperation, Step, StepType, Work } from '../../engine/running-operation.ts';
import type { Diary } from './diary.ts';

const Text: StepType<string> = {
  encode: (value) => ({ finish: () => Buffer.from(value) }),
  decode: (bytes) => Buffer.from(bytes).toString(),
};
const textAny = (text: string): Any =>
  Any.create({ typeUrl: 'type.example/Text', value: Buffer.from(text) });

/** The kinds of operations that are killed, and how each has to end. */
export const workloadKinds = ['steps', 'once', 'undone', 'cancelled'] as const;

/** A kind of the workload. */
export type WorkloadKind = (typeof workloadKinds)[number];

/** The step that may have its effect at most once, in the kinds `once` and `undone`. */
export const onceStep = 'charge';

/**
 * The work of each kind. Every effect goes into the diary, as a payment would go to a bank; `pass` is told of each, right
 * after it and before its outcome is recorded.
 */
export function workload(
  diary: Diary,
  pass: (point: string) => void | Promise<void>,
): Record<WorkloadKind, Work> {
  /** A step that has its effect, and then says so in an event of its own name. */
  const effect = (
    { name, attempt }: RunningOperation,
    id: string,
    more: Partial<Step<string>> = {},
  ): Step<string> => ({
    type: Text,
    repeatable: true,
    run: async () => {
      diary.write({ entry: 'effect', name, step: id, attempt });
      await pass(more.repeatable === false ? 'in a step that runs once' : 'in a repeatable step');
      return id;
    },
    event: (value) => ({ kind: `${value} done`, description: '' }),
    undo: {
      run: async () => {
        diary.write({ entry: 'effect', name, step: `undo ${id}`, attempt });
        await pass('in an undo');
      },
    },
    ...more,
  });

  return {
    async steps(operation) {
      for (const id of ['one', 'two', 'three']) {
        await operation.step(id, effect(operation, id));
        await operation.setMetadata(textAny(id));
      }
      await operation.emit({ kind: 'emitted', description: '' });
      return textAny('done');
    },

    async once(operation) {
      await operation.step('prepare', effect(operation, 'prepare'));
      await operation.step(onceStep, effect(operation, onceStep, { repeatable: false }));
      return textAny('done');
    },

    async undone(operation) {
      await operation.step('hold', effect(operation, 'hold'));
      await operation.step(onceStep, effect(operation, onceStep, { repeatable: false }));
      throw new RpcError(Code.FAILED_PRECONDITION, 'as planned');
    },

    async cancelled(operation) {
      await operation.step('hold', effect(operation, 'hold'));
      await operation.step('wait', { type: Text, repeatable: true, run: untilAborted });
      return textAny('nobody cancelled it');
    },
  };
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail);
  });
