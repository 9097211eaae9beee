import { stat } from 'node:fs/promises';
import type { WantedCertificate } from '#balancer/certificates.ts';

/** How often the files are looked at; a change counts once it stood still for as long. */
const lookEveryMs = 2000;
/** Self-signed certificates have an end too, and nobody else might ask for them in a year. */
const renewEveryMs = 12 * 3_600_000;

/** When the files of certificates were changed last, links followed, by path. */
export type Stamps = ReadonlyMap<string, string>;

/** The stamps of all certificate files of a table; take them before the files are read. */
export async function stampsOf(wanted: readonly WantedCertificate[]): Promise<Stamps> {
  const files = wanted.flatMap(({ tls }) => (tls.kind === 'file' ? [tls.certificate, tls.key] : []));
  return new Map(await Promise.all([...new Set(files)].map(async (file) => [file, await stampOf(file)] as const)));
}

/**
 * Watches certificate files. By looking, not by inotify: those who renew them move links in other folders, and the
 * files may lie on a network.
 */
export class CertificateWatch {
  readonly #changed: () => void;
  #used: Stamps = new Map();
  #seen: Stamps = new Map();
  #timer: NodeJS.Timeout | undefined;
  #renewedAt = performance.now();
  #closed = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** From now on a difference to these is a change. */
  expect(stamps: Stamps): void {
    this.#used = stamps;
    this.#seen = stamps;
    this.#renewedAt = performance.now();
    if (this.#closed) return;
    this.#timer ??= setInterval(() => void this.#look(), lookEveryMs).unref();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const used = this.#used;
    const now = new Map(await Promise.all([...used.keys()].map(async (file) => [file, await stampOf(file)] as const)));
    const isStill = differences(now, this.#seen) === 0;
    this.#seen = now;
    if (this.#closed || used !== this.#used) return;
    const isOld = performance.now() - this.#renewedAt > renewEveryMs;
    if ((isStill && differences(now, used) > 0) || isOld) {
      this.#used = now;
      this.#renewedAt = performance.now();
      this.#changed();
    }
  }
}

function differences(one: Stamps, other: Stamps): number {
  return [...one].filter(([file, stamp]) => other.get(file) !== stamp).length;
}

async function stampOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file);
    return [ino, size, mtimeMs, ctimeMs].join();
  } catch {
    return 'absent';
  }
}
