import { bindEcho, EchoDefinition, startEchoHost } from '../spec/echo-service.ts';
import { bind, type Handlers } from './bind.ts';

it('refuses limits that make no sense', async () => {
  await expect(startEchoHost({}, { maxInFlight: 0 })).rejects.toThrow(
    'maxInFlight must be above 0: 0',
  );
  for (const timeoutMs of [-1, Number.NaN, 2 ** 31]) {
    await expect(startEchoHost({}, { drainTimeoutMs: timeoutMs })).rejects.toThrow(RangeError);
    await expect(startEchoHost({}, { defaultTimeoutMs: timeoutMs })).rejects.toThrow(
      `defaultTimeoutMs must be from 0 to 2147483647, or Infinity: ${timeoutMs}`,
    );
  }
});

it('refuses two services of the same name', async () => {
  const services = [bindEcho(), bindEcho()];
  await expect(startEchoHost({}, { services })).rejects.toThrow('spec.v1.Echo is bound twice');
});

it('refuses a service that lacks a handler', () => {
  const handlers = {} as Handlers<typeof EchoDefinition>;
  expect(() => bind(EchoDefinition, handlers)).toThrow('spec.v1.Echo has no handler for say');
});

it('keeps `this` for handlers that are methods', async () => {
  class Echo {
    readonly name = 'echo';
    async say() {
      return { typeUrl: this.name };
    }
  }
  const definition = { ...EchoDefinition, methods: { say: EchoDefinition.methods.say } };
  const service = bind(definition, new Echo());
  const call = {} as Parameters<(typeof service.handlers)[string]>[1];
  expect(await service.handlers['say']!({}, call)).toEqual({ typeUrl: 'echo' });
});
