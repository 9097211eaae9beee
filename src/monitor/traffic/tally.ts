import { binOf, millisecondsOf } from '#core/time-bins.ts';
import type { Answers, TrafficStats } from '#model/metrics.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** What happened in a stretch of time: sums, and how long the answers took. */
export class Tally {
  readonly answers: Open<Answers> = [0, 0, 0, 0, 0, 0];
  /** Connections of what is no HTTP. */
  connections = 0;
  /** Requests that got no answer, or one that the proxy made up in the instance's place. */
  unanswered = 0;
  /** Answers that began and did not end. */
  brokenOff = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** How many answers were looked at for that, however many they stand for. */
  timed = 0;
  /** How many answers fell into each bin of time; most bins are empty most of the time. */
  readonly times = new Map<number, number>();

  get networkErrors(): number {
    return this.unanswered + this.brokenOff;
  }

  get requests(): number {
    return this.answers.reduce((a, b) => a + b, 0) + this.unanswered + this.connections;
  }

  time(ms: number, weight: number): void {
    const bin = binOf(ms);
    this.timed += 1;
    this.times.set(bin, (this.times.get(bin) ?? 0) + weight);
  }

  add(other: Tally): void {
    this.addAnswers(other.answers);
    this.connections += other.connections;
    this.brokenOff += other.brokenOff;
    this.bytesIn += other.bytesIn;
    this.bytesOut += other.bytesOut;
    this.addEndings(other);
  }

  /** Only what counters do not tell: who got no answer, and times. */
  addEndings(other: Tally): void {
    this.unanswered += other.unanswered;
    this.timed += other.timed;
    for (const [bin, count] of other.times) this.times.set(bin, (this.times.get(bin) ?? 0) + count);
  }

  addAnswers(answers: Answers): void {
    answers.forEach((count, digit) => {
      this.answers[digit as 0 | 1 | 2 | 3 | 4 | 5] += count;
    });
  }

  /** Milliseconds within which these shares (0 to 1, ascending) of the answers came; nothing when there are none. */
  quantiles(shares: readonly number[]): readonly number[] {
    const bins = [...this.times].toSorted(([a], [b]) => a - b);
    const total = bins.reduce((sum, [, count]) => sum + count, 0);
    if (total === 0) return [];
    const found: number[] = [];
    let seen = 0;
    for (const [bin, count] of bins) {
      seen += count;
      // Rounding must not look for more than there is.
      while (found.length < shares.length && seen >= (shares[found.length] ?? 0) * total - 1e-9)
        found.push(millisecondsOf(bin));
    }
    return found;
  }

  stats(inFlight: number): TrafficStats {
    const [, one, two, three, four, five] = this.answers;
    const [p50, p95, p99] = this.quantiles([0.5, 0.95, 0.99]);
    return {
      requests: this.requests,
      answers: { 1: one, 2: two, 3: three, 4: four, 5: five },
      networkErrors: this.networkErrors,
      timed: this.timed,
      ...(p50 === undefined || p95 === undefined || p99 === undefined ? {} : { p50, p95, p99 }),
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      inFlight,
    };
  }
}
