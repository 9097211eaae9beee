import { connect } from 'node:net';
import { join } from 'node:path';
import { counterSocket, hasLearnt, informingPeer, workerPeer } from '#balancer/counter-handover.ts';
import type { Clock } from '#world/clock.ts';
import { waitUntil } from './wait-until.ts';
import type { WorkerLine } from './worker-line.ts';

interface Parts {
  readonly line: WorkerLine;
  /** Folder of the sockets between workers. */
  readonly handover: string;
  readonly clock: Clock;
}

/** A worker needs milliseconds; whatever goes wrong, it knows by itself after ten seconds. */
const patienceMs = 1000;
/** Learning 100,000 entries takes a tenth of a second. */
const learnsWithinMs = 2000;

/** Messages of the peers protocol (HAProxy's doc/peers-v2.0.txt): class "control", then the type. */
const resyncRequest = Buffer.from([0, 0]);
const resyncFinished = Buffer.from([0, 1]);
const resyncConfirmed = Buffer.from([0, 3]);

/** Sees to it that what counts clients is handed from worker to worker, however soon one reload follows another. */
export class CounterHandover {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tells a first worker that there is nothing to learn. When that fails it finds out by itself, later. */
  nothingToLearn(): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(join(this.#parts.handover, counterSocket));
      socket.setTimeout(patienceMs, () => socket.destroy());
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve());
      socket.on('data', (said: Buffer) => {
        if (said.includes(resyncRequest)) socket.write(resyncFinished);
        if (said.includes(resyncConfirmed)) socket.end();
      });
      socket.write(`HAProxyS 2.1\n${workerPeer}\n${informingPeer} ${process.pid} 1\n`);
    });
  }

  /** Waits until the serving worker could teach a successor, for a reasonable time. */
  async ready(): Promise<void> {
    const { line, clock } = this.#parts;
    const look = async () => {
      const worker = await line.current();
      return worker === undefined || hasLearnt(await line.ask(worker, 'show peers')) ? true : undefined;
    };
    await waitUntil({ clock, deadlineMs: learnsWithinMs, intervalMs: 10, look });
  }
}
