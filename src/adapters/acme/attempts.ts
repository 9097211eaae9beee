import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { OrderAttempts } from '#model/certificate.ts';

type Attempts = Readonly<Record<string, OrderAttempts>>;

/** How orders went, in a file, so that a daemon that starts again and again does not order again and again. */
export class AttemptsFile {
  readonly #file: string;
  #attempts: Attempts;

  constructor(file: string) {
    this.#file = file;
    this.#attempts = read(file);
  }

  all(): Attempts {
    return this.#attempts;
  }

  set(key: string, attempts: OrderAttempts | undefined): void {
    const { [key]: _old, ...others } = this.#attempts;
    this.#attempts = attempts === undefined ? others : { ...others, [key]: attempts };
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(this.#attempts)}\n`, { mode: 0o600, flush: true });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function read(file: string): Attempts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Attempts;
  } catch {
    // None yet, or damaged from outside: the price is one order too early.
    return {};
  }
}
