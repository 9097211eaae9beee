import type { ProxyOptions } from './options.ts';
import { socketOwner } from './owner.ts';

/*
 * What counts clients (rate limits, wrong passwords) outlives a reload: a stopping worker teaches its successor all
 * entries, which takes 80 ms for 100,000 of them. A worker teaches only once it knows that it has nothing to learn any
 * more. The successor of one that taught knows at once; the first worker of all would wait five seconds for others, so
 * it is told, by a peer whose only words are "that is all".
 */

/** The section that tables name. */
export const counterPeers = '.counters';

/** A worker to its successor, which has the same name. */
export const workerPeer = 'timonel';

/** Who tells a first worker that there is nothing to learn. Nobody ever listens at its address. */
export const informingPeer = 'informing';

/** File of the socket on which a worker learns, in the folder of the sockets between workers. */
export const counterSocket = 'counters.sock';

export function counterHandoverSection(options: ProxyOptions): string[] {
  const { handover } = options;
  return [
    `peers ${counterPeers}`,
    `  bind unix@${handover}/${counterSocket} mode 600${socketOwner(options)}`,
    `  server ${workerPeer}`,
    `  server ${informingPeer} unix@${handover}/${informingPeer}.sock`,
  ];
}

/** Has this worker learnt all that it waits for? Reads the answer to `show peers`; bits of `flags`, local and remote. */
export function hasLearnt(text: string): boolean {
  const flags = Number(/ flags=(0x[0-9a-f]+) resync_timeout/.exec(text)?.[1] ?? learnt);
  return (flags & learnt) === learnt;
}

const learnt = 0x3;
