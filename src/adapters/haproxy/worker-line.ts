import { parseWorkers, type Worker } from '#balancer/live.ts';
import { fail } from '#core/errors.ts';
import { ask } from './ask.ts';

/** Commands to one worker of the proxy, through the master: only so is it certain which worker answers. */
export class WorkerLine {
  readonly #masterSocket: string;

  constructor(masterSocket: string) {
    this.#masterSocket = masterSocket;
  }

  /** Asks the master itself. */
  master(command: string): Promise<string> {
    return ask(this.#masterSocket, command);
  }

  async workers(): Promise<Worker[]> {
    return parseWorkers(await this.master('show proc'));
  }

  /** The worker that takes new connections; undefined while there is none. */
  async current(): Promise<number | undefined> {
    return (await this.workers()).find((one) => !one.old)?.pid;
  }

  ask(worker: number, command: string): Promise<string> {
    return ask(this.#masterSocket, `@!${worker} ${command}`);
  }

  /**
   * Sends a command that changes something. One at a time, because the answers to several cannot be told apart.
   *
   * @throws PROXY_COMMAND_REFUSED
   */
  async order(worker: number, command: string): Promise<void> {
    const answer = (await this.ask(worker, command)).trim();
    if (!taken.test(answer)) throw fail('PROXY_COMMAND_REFUSED', { command, answer });
  }
}

/** Changes that were made are answered with nothing or with one of these. */
const taken = /^($|New server registered|Server deleted|no need to change|IP changed|port changed)/;
