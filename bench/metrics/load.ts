/**
 * A load in a process of its own: each connection asks again as soon as it is answered. It keeps every time that it
 * measured; wrk would mend its quantiles for the requests that it thinks it should have sent (coordinated omission),
 * and could not be compared with what the proxy saw. Forked by bench/metrics.ts with one job per message.
 */
import { connect } from 'node:net';

export interface Job {
  readonly address: string;
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
}

/** What the load saw; times in milliseconds. */
export interface Seen {
  readonly requests: number;
  /** Answers of 500. */
  readonly bad: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

process.on('message', (job: Job) => void run(job).then((seen) => process.send?.(seen)));

async function run({ address, port, connections, seconds }: Job): Promise<Seen> {
  const times: number[] = [];
  let bad = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const ask = Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const one = () =>
    new Promise<void>((resolve, reject) => {
      let askedAt = 0;
      const next = () => {
        askedAt = performance.now();
        if (askedAt >= end) return void socket.end(resolve);
        socket.write(ask);
      };
      const socket = connect({ host: address, port, noDelay: true }, next);
      // An answer of a few bytes comes in one piece.
      socket.on('data', (answer: Buffer) => {
        times.push(performance.now() - askedAt);
        if (answer.toString('latin1', 9, 12) !== '200') bad += 1;
        next();
      });
      socket.on('error', reject);
    });
  await Promise.all(Array.from({ length: connections }, one));
  const took = (performance.now() - start) / 1000;
  const sorted = Float64Array.from(times).sort();
  const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return {
    ...{ requests: times.length, bad, perSecond: times.length / took },
    ...{ p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
  };
}
