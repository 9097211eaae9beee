import { connect, type Socket } from 'node:net';
import type { Clock } from '#world/clock.ts';

interface Parts {
  readonly masterSocket: string;
  readonly clock: Clock;
  /** Tells a death from a reload, at which the master drops its connections too. */
  readonly isAlive: () => boolean;
  readonly onDeath: () => void;
}

/** Notices within milliseconds that the proxy died: a connection to its master ends with it. Costs nothing while idle. */
export class DeathWatch {
  readonly #parts: Parts;
  #socket: Socket | undefined;
  #stopped = true;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #connect(): void {
    const socket = connect(this.#parts.masterSocket);
    socket.unref();
    // The reason does not matter; `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => void this.#lost());
    socket.resume();
    this.#socket = socket;
  }

  async #lost(): Promise<void> {
    if (this.#stopped) return;
    if (!this.#parts.isAlive()) {
      this.#stopped = true;
      this.#parts.onDeath();
      return;
    }
    await this.#parts.clock.wait(50);
    if (!this.#stopped) this.#connect();
  }
}
