import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Load {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly requests: number;
  /** Answers that were no success, and connections that broke. */
  readonly failures: number;
}

interface Asked {
  readonly wrk: string;
  readonly address: string;
  readonly port: number;
  readonly host: string;
  readonly seconds: number;
  readonly connections: number;
}

/** Asks as fast as the answers come, over kept connections. */
export async function load({ wrk, address, port, host, seconds, connections }: Asked): Promise<Load> {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-H', `Host: ${host}`];
  const { stdout } = await run(wrk, [...args, `http://${address}:${port}/`], { timeout: (seconds + 20) * 1000 });
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const [, value = '0', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout) ?? [];
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p99Ms: Number(value) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? 1),
    requests: number(/(\d+) requests in/),
    failures: number(/Non-2xx or 3xx responses: (\d+)/) + broken.slice(1).reduce((sum, one) => sum + Number(one), 0),
  };
}
