import { z } from 'zod';
import { createLogger } from '../logger.ts';
import { StartError } from '../start-error.ts';
import { defineConfig, readConfig, serviceVariables } from './config.ts';
import { extendConfig, startExtensions, type ServiceExtension } from './extension.ts';

const context = {
  name: 'spec',
  host: '127.0.0.1',
  log: createLogger({ name: 'spec', level: 'silent' }),
};

/** An extension that notes when it starts and when it closes. */
function noting(name: string, notes: string[], fields?: object): ServiceExtension {
  return {
    variables: {},
    start() {
      notes.push(`start ${name}`);
      return {
        interceptors: [(next) => next],
        clientInterceptors: [(next) => next],
        logFields: fields && (() => fields),
        close: () => void notes.push(`close ${name}`),
      };
    },
  };
}

it('has its variables read and described with those of the service', () => {
  const extension = { variables: { METRICS_PORT: z.string().optional() }, start: () => ({}) };
  const config = extendConfig(defineConfig(serviceVariables({ port: 1 })), [extension]);
  expect(readConfig(config, { METRICS_PORT: '9464' })).toMatchObject({
    PORT: 1,
    METRICS_PORT: '9464',
  });
});

it('starts one after another, and closes in reverse', async () => {
  const notes: string[] = [];
  const extensions = [noting('a', notes, { a: 1 }), noting('b', notes, { b: 2 })];
  const started = await startExtensions(extensions, {}, context);
  expect(started.interceptors).toHaveLength(2);
  expect(started.clientInterceptors).toHaveLength(2);
  expect(started.logFields?.()).toEqual({ a: 1, b: 2 });
  await started.close();
  expect(notes).toEqual(['start a', 'start b', 'close b', 'close a']);
});

it('closes those that have started when another cannot', async () => {
  const notes: string[] = [];
  const broken: ServiceExtension = {
    variables: {},
    start() {
      throw new StartError('the port is in use');
    },
  };
  const started = startExtensions([noting('a', notes), broken], {}, context);
  await expect(started).rejects.toThrow('the port is in use');
  expect(notes).toEqual(['start a', 'close a']);
});

it('asks nothing for lines of a log where no extension has something to say', async () => {
  const started = await startExtensions([noting('a', [])], {}, context);
  expect(started.logFields).toBeUndefined();
});

it('puts what they have around work one into the other, and nothing where none has', async () => {
  const notes: string[] = [];
  const around = (name: string): ServiceExtension => ({
    variables: {},
    start: () => ({
      async aroundWork({ attempt }, run) {
        notes.push(`${name} ${attempt}`);
        return run();
      },
    }),
  });
  const extensions = [around('a'), noting('b', []), around('c')];
  const { aroundWork } = await startExtensions(extensions, {}, context);
  const work = { name: 'operations/1', kind: 'hold', attempt: 2 };
  expect(await aroundWork?.(work, async () => 'done')).toBe('done');
  expect(notes).toEqual(['a 2', 'c 2']);
  const none = await startExtensions([noting('b', [])], {}, context);
  expect(none.aroundWork).toBeUndefined();
});
