import { serviceNames } from '@trivium/shop';
import { describeFaults, planFaults } from './fault-plan.ts';

const plan = (more: object = {}) =>
  planFaults({ seed: 1, kills: 20, pauses: 4, orders: 200, ...more });

it('plans the same faults for the same seed, and others for another', () => {
  expect(plan()).toEqual(plan());
  expect(plan({ seed: 2 })).not.toEqual(plan());
});

it('has exactly as many kills and pauses as it is asked for, in their order, while there is traffic', () => {
  const faults = plan();
  expect(faults.filter(({ kind }) => kind === 'kill')).toHaveLength(20);
  expect(faults.filter(({ kind }) => kind === 'pause')).toHaveLength(4);
  const moments = faults.map(({ atOrder }) => atOrder);
  expect(moments).toEqual([...moments].sort((a, b) => a - b));
  expect(moments.at(-1)).toBeLessThan(200);
});

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('kills every service, also with the seed %i', (seed) => {
  const killed = plan({ seed, pauses: 0, kills: 40 }).map(({ service }) => service);
  expect(new Set(killed)).toEqual(new Set(serviceNames));
});

it('is told in one line a service', () => {
  const lines = describeFaults(plan({ kills: 0, pauses: 1 }));
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(/^ {2}catalog {6}pause \d\.\d s @\d+\+\d+ms$/);
  expect(lines[1]).toMatch(/left alone$/);
});
