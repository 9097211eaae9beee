import { setTimeout as sleep } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import type { Service } from './service.ts';
import { SettingsError } from './settings.ts';

export type RunParts = {
  readonly host: string;
  readonly port: number;
  /** How long running work may take after SIGTERM, in ms; then the process exits with 1. */
  readonly stopTimeoutMs: number;
  /** How long to go on accepting after SIGTERM, in ms, for balancers that learn late; 0 unless told. */
  readonly stopLingerMs?: number;
};

/**
 * Listens, and stops well: on SIGTERM or SIGINT answers say `Connection: close`, then no connection is accepted, running
 * work ends, `onClose` hooks run and the process exits with 0. Throws what `listen` throws.
 */
export async function runService({ app, drain }: Service, parts: RunParts): Promise<void> {
  await app.listen({ host: parts.host, port: parts.port });
  const stop = closeWithGrace(
    { delay: parts.stopTimeoutMs + (parts.stopLingerMs ?? 0), logger: app.log, skip: [...stopSignals] },
    async ({ err }) => {
      if (err) app.log.fatal({ err }, 'stopping after an error nobody handled');
      drain.begin();
      if (parts.stopLingerMs) await sleep(parts.stopLingerMs);
      await app.close();
      app.log.info('stopped');
    },
  );
  let signalled = false;
  // The library hears each signal once and leaves later ones to their default. A process group and its parent may both
  // pass SIGTERM on, and the second one must not cut running work: these listeners stay.
  for (const signal of stopSignals) {
    process.on(signal, () => {
      if (signalled && signal === 'SIGINT') process.exit(130);
      app.log.info({ signal }, signalled ? 'stopping already' : 'stopping');
      if (!signalled) stop.close();
      signalled = true;
    });
  }
}

const stopSignals = ['SIGTERM', 'SIGINT'] as const;

/** Exit code of a process whose environment is wrong (EX_CONFIG of sysexits.h). */
export const EXIT_SETTINGS = 78;

/** Runs `start`; a start that fails ends the process with a sentence on stderr, and a stack only for our own faults. */
export async function startOrExit(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (error instanceof SettingsError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(EXIT_SETTINGS);
    }
    const { code, message, stack } = error as NodeJS.ErrnoException;
    const expected = code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL';
    process.stderr.write(`The service could not start: ${expected ? message : stack}\n`);
    process.exit(1);
  }
}
