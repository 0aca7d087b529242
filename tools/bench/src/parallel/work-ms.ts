/** One call in a hundred is slow. */
const SLOW_SHARE = 0.01;
const SLOW_MS = 100;
const MEDIAN_MS = 5;
/** Of the logarithm: 19 in 20 of the calls that are not slow take 10 ms at most. */
const SPREAD = 0.4;

/**
 * How long a call takes in the service: so many milliseconds, or as a long tail has it, which is 5 ms
 * in the median (log-normal), and 100 ms for one call in a hundred.
 */
export function workMs(work: string, random: () => number = Math.random): number {
  if (work !== 'tail') return Number(work) || 0;
  if (random() < SLOW_SHARE) return SLOW_MS;
  // Box and Muller's: from two uniform numbers to a normal one.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return MEDIAN_MS * Math.exp(SPREAD * normal);
}
