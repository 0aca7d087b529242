import { createSampler } from './sampler.ts';

it.each([
  ['always_on', 'AlwaysOnSampler'],
  ['always_off', 'AlwaysOffSampler'],
  ['traceidratio', 'TraceIdRatioBased{0.25}'],
  ['parentbased_always_on', /^ParentBased\{root=AlwaysOnSampler,/],
  ['parentbased_always_off', /^ParentBased\{root=AlwaysOffSampler,/],
  ['parentbased_traceidratio', /^ParentBased\{root=TraceIdRatioBased\{0\.25\},/],
] as const)('knows %s', (name, sampler) => {
  expect(createSampler(name, 0.25).toString()).toMatch(sampler);
});
