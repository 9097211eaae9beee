import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Variables } from './in-process.ts';
import { until } from './until.ts';

/** A program of the system run as its own process, as it is when deployed. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  /** Starts `program` of systems/documentos with nothing of this environment but PATH. */
  constructor(program: 'src/main.ts' | 'padron/main.ts', env: Variables) {
    const folder = fileURLToPath(new URL('../../../systems/documentos/', import.meta.url));
    const own = { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', WORKERS: '1' };
    this.#process = spawn(process.execPath, [program], { cwd: folder, env: { ...own, ...env } });
    this.#ended = once(this.#process, 'exit');
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  /** What it printed until now. */
  get output(): string {
    return this.#output;
  }

  /** The address it says it listens at. */
  async url(): Promise<string> {
    return await until('the service listens', () => {
      if (this.#process.exitCode !== null) throw new Error(`it ended with ${this.#process.exitCode}: ${this.#output}`);
      return /listening at (http:[^"\s]+)/.exec(this.#output)?.[1];
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Waits for the end and gives the exit code; null after a signal. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill('SIGKILL');
    await this.#ended;
  }
}
