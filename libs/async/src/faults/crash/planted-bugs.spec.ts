import { type NamedPoint, crashPoints } from './crash-points.ts';
import { crashAt } from './crash-run.ts';

const at = (point: NamedPoint['point']): NamedPoint =>
  crashPoints.find((named) => named.point === point)!;

it.each<[bug: string, point: NamedPoint['point'], violation: RegExp]>([
  ['an operation is acknowledged before the commit', 'before a commit', /There is no operation/],
  ['the outcome of a step is not recorded', 'after record step outcome', /and ran again/],
  ['the start of a step is not recorded', 'in a step that runs once', /charge ran 2 times/],
])('a crash shows that %s', async (bug, point, violation) => {
  const { violations } = await crashAt({ named: at(point), times: 4, bug });
  expect(violations).toEqual(expect.arrayContaining([expect.stringMatching(violation)]));
});
