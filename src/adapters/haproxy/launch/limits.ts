import { readFileSync } from 'node:fs';

/** What a program that we start may use of the machine. */
export interface Limits {
  readonly openFiles: number;
  /** How readily the kernel ends it when memory runs out, -1000 to 1000. */
  readonly oomScoreAdj: number;
}

/** More would be promised to nobody: it is what one machine's services can take. */
const mostConnections = 10_000;

/** Each connection needs two descriptors, and a reload hands over the listening ones. */
const descriptorsEach = 2.2;
const reserve = 200;

/** Our own, which a program inherits. As many open files as the proxy ever needs, where more are allowed. */
export function ownLimits(): Limits {
  const line = /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  const hard = line?.[2] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line?.[2] ?? 1024);
  return {
    openFiles: Math.min(hard, Math.ceil(mostConnections * descriptorsEach + reserve)),
    oomScoreAdj: Number(readFileSync('/proc/self/oom_score_adj', 'utf8')),
  };
}

/**
 * How many connections the proxy may promise: a promise beyond its open files makes the start fail although the
 * configuration is valid.
 */
export function affordableConnections({ openFiles }: Limits): number {
  return Math.max(100, Math.min(mostConnections, Math.floor((openFiles - reserve) / descriptorsEach)));
}
