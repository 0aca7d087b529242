/** Kills processes at every point, so many times each: `node main.ts <times>`. Ends with 1 if something does not hold. */
import { crashPoints } from './crash-points.ts';
import { crashAt } from './crash-run.ts';

const times = Number(process.argv[2] ?? 20);
if (!Number.isInteger(times) || times < 1) {
  console.error(`Not a number of times: ${process.argv[2]}`);
  process.exit(2);
}

const began = performance.now();
const total = { kills: 0, acknowledged: 0, wrong: 0 };
console.log(`Each of ${crashPoints.length} points, ${times} times`);
for (const named of crashPoints) {
  const { kills, acknowledged, violations } = await crashAt({ named, times });
  const wrong = [...violations, ...(kills < times ? [`it was hit ${kills} times only`] : [])];
  total.kills += kills;
  total.acknowledged += acknowledged;
  total.wrong += wrong.length;
  console.log(
    `  ${wrong.length === 0 ? 'holds   ' : 'VIOLATED'}  ${named.point.padEnd(28)} ` +
      `${kills} kills, ${acknowledged} operations acknowledged`,
  );
  for (const violation of wrong.slice(0, 5)) console.log(`              ${violation}`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(`${total.kills} kills, ${total.acknowledged} operations acknowledged, in ${seconds} s`);
console.log(total.wrong === 0 ? 'Nothing was lost or repeated.' : `${total.wrong} violations.`);
process.exitCode = total.wrong === 0 ? 0 : 1;
