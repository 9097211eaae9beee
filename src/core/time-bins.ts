/** Times up to 200 ms are told apart to the millisecond, longer ones to two per cent, up to more than an hour. */
const exact = 200;
const growth = 1.02;

/** How many bins there are. */
export const timeBins = exact + Math.ceil(Math.log(3_600_000 / exact) / Math.log(growth)) + 1;

/** The bin in which a time of `ms` milliseconds is counted. */
export function binOf(ms: number): number {
  if (ms < exact) return Math.max(0, Math.floor(ms));
  return Math.min(timeBins - 1, exact + Math.floor(Math.log(ms / exact) / Math.log(growth)));
}

/** The shortest time that falls into a bin, milliseconds. */
export function millisecondsOf(bin: number): number {
  return bin < exact ? bin : exact * growth ** (bin - exact);
}
