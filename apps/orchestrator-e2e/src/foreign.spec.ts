import { randomUUID } from 'node:crypto';
import { Struct } from '@trivium/contracts/google/protobuf/struct';
import { OperationEventKind as Kind, Repetition } from '@trivium/contracts/trivium/calls/v1/calls';
import { Code, durationFromMs } from '@trivium/rpc';
import { lastValueFrom, toArray } from 'rxjs';
import { type ForeignServer, startForeignServer } from './foreign/foreign-server.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';
import { refusal } from './refusal.ts';

const method = 'weather.v1.Weather/GetForecast';
let weather: ForeignServer;
let orchestrator: Orchestrator;

beforeAll(async () => {
  weather = await startForeignServer();
  process.stdout.write(`The service that nobody here wrote is ${weather.implementation}\n`);
  orchestrator = await startOrchestrator({ backends: { weather: weather.address } });
}, 240_000);
afterAll(async () => {
  await orchestrator?.stop();
  await weather?.stop();
}, 60_000);

it('is found by reflection alone', async () => {
  const { methods } = await orchestrator.calls.listMethods({});
  const found = methods.filter(({ method }) => method.startsWith('weather.'));
  expect(found.map(({ method, repetition }) => [method, repetition])).toEqual([
    ['weather.v1.Weather/FollowForecast', Repetition.REPETITION_NO_SIDE_EFFECTS],
    [method, Repetition.REPETITION_NO_SIDE_EFFECTS],
  ]);
});

it('is waited for', async () => {
  const request = { city: 'Vienna' };
  const { outcome } = await orchestrator.calls.call({ call: { method, request } });
  const value = { city: 'Vienna', degreesCelsius: 12.5, measuredAtSecond: '9007199254740993' };
  expect(outcome).toEqual({ $case: 'response', value });
});

it('has its own errors', async () => {
  const call = { method, request: { city: 'Atlantis' } };
  const error = await refusal(orchestrator.calls.call({ call }));
  expect(error).toMatchObject({ code: Code.NOT_FOUND, message: 'no weather in Atlantis' });
});

it('calls back', async () => {
  const value = { method: 'weather.v1.Weather/FollowForecast', request: { city: 'Graz' } };
  const { name } = await orchestrator.calls.start({
    requestId: randomUUID(),
    work: { $case: 'call', value },
  });
  const events = await lastValueFrom(orchestrator.calls.watch({ name }).pipe(toArray()));
  const progress = events.filter(({ event }) => event?.kind === Kind.OPERATION_EVENT_KIND_PROGRESS);
  const told = progress.map(({ event }) => Struct.unwrap(Struct.decode(event!.payload!.value)));
  expect(told.map((forecast) => forecast?.['measuredAtSecond'])).toEqual([
    '9007199254740994',
    '9007199254740995',
    '9007199254740996',
  ]);
});

it('fans out', async () => {
  const steps = [
    {
      id: 'forecasts',
      method,
      forEach: { items: 'input.cities', as: 'city' },
      request: { city: '${ city }' },
      hedge: { delay: durationFromMs(500) },
    },
  ];
  const result = '${ forecasts.map(f, f.city + " " + string(f.degrees_celsius)) }';
  const { event } = await lastValueFrom(
    orchestrator.calls.run({
      plan: {
        plan: { $case: 'inline', value: { steps, result } },
        input: { cities: ['Linz', 'Wels'] },
      },
    }),
  );
  if (event?.$case !== 'summary') throw new Error('The summary comes last');
  expect(event.value.result).toEqual(['Linz 12.5', 'Wels 12.5']);
});
