import { reasonOf } from '#core/errors.ts';
import type { MetricsState } from './contract.ts';
import type { Door } from './door.ts';
import { type Server, serveAt } from './http/server.ts';
import type { Log } from './log.ts';
import { metricsRoutes } from './routes/metrics.ts';

/** Until it is tried again to listen, milliseconds: an address of a bridge comes after the daemon at boot. */
const againMs = 1000;

export interface MetricsListenerParts {
  /** `ADDRESS:PORT`. */
  readonly address: string;
  readonly door: Pick<Door, 'metrics'>;
  readonly log: Log;
  /** For error messages: where the details are. */
  readonly logFile: string;
}

/**
 * Shows the metrics, and nothing else, to a Prometheus, which cannot read a unix socket. That the address is not to be
 * had is told and tried again, and keeps nobody from their work.
 */
export class MetricsListener {
  readonly #parts: MetricsListenerParts;
  #server: Server | undefined;
  #reason: string | undefined;
  #again: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(parts: MetricsListenerParts) {
    this.#parts = parts;
  }

  get state(): MetricsState {
    const url = `http://${this.#parts.address}/metrics`;
    return this.#reason === undefined ? { url } : { url, reason: this.#reason };
  }

  /** Begins to listen; resolves when it does, or when it is known why not. */
  async open(): Promise<void> {
    const { address, door, log, logFile } = this.#parts;
    const { hostname, port } = new URL(`http://${address}`);
    const at = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) };
    try {
      const server = await serveAt({ routes: metricsRoutes(door), at, log, logFile });
      this.#reason = undefined;
      if (this.#isClosed) await server.close();
      else this.#server = server;
      log.info(`metrics at ${this.state.url}`);
    } catch (error) {
      if (this.#reason === undefined) log.error(`metrics at ${address}`, error);
      this.#reason = reasonOf(error);
      if (!this.#isClosed) this.#again = setTimeout(() => void this.open(), againMs).unref();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#again);
    await this.#server?.close();
  }
}
