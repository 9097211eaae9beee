/** The largest weight that the proxy knows. */
const largest = 256;

interface Sides {
  /** What the canary as a whole is to get. */
  readonly percent: number;
  /** How many instances share it. */
  readonly canaries: number;
  readonly stables: number;
}

/**
 * Weights of one canary and one stable instance that give the canary as a whole its percentage of the requests, as
 * nearly as whole numbers can. Of equally near ones the largest: the proxy takes turns more evenly by them (HAProxy 2.6 gives
 * 24.4 % by 2:3:3, 24.9 % by 20:30:30).
 */
export function weightsFor({ percent, canaries, stables }: Sides): {
  readonly canary: number;
  readonly stable: number;
} {
  const share = percent / 100;
  if (share <= 0) return { canary: 0, stable: 1 };
  let best = { canary: 1, stable: 1 };
  let smallestError = Number.POSITIVE_INFINITY;
  for (let stable = 1; stable <= largest; stable += 1) {
    const exact = (share * stable * stables) / ((1 - share) * canaries);
    const canary = Math.min(largest, Math.max(1, Math.round(exact)));
    const got = (canary * canaries) / (canary * canaries + stable * stables);
    const error = Math.abs(got - share);
    // What differs by less than this differs by rounding of the numbers, not of the requests.
    if (error <= smallestError + 1e-12) {
      smallestError = Math.min(error, smallestError);
      best = { canary, stable };
    }
  }
  return best;
}
