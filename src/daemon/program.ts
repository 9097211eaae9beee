import { join } from 'node:path';

const repository = join(import.meta.dirname, '../..');

/** How the daemon is started, by the command line as by systemd. */
export const daemonProgram = {
  entry: join(repository, 'bin/daemon.ts'),

  /**
   * It idles for weeks, so memory counts more than speed. Measured with 20 services at rest: 131 MB without these
   * options, 80 MB with them. Without the optimising compilers their code is never paged in (9 MB), and a small young
   * generation keeps garbage from piling up (40 MB). `gc` is called when a deployment has ended.
   */
  flags: [
    '--max-semi-space-size=1',
    '--optimize-for-size',
    '--no-opt',
    '--no-maglev',
    '--expose-gc',
    '--disable-warning=ExperimentalWarning',
  ] as readonly string[],

  /** Code compiled before needs no TypeScript loader; said early enough for the entry file itself. */
  env: { NODE_COMPILE_CACHE: join(repository, '.timonel/compiled-daemon') } as Readonly<Record<string, string>>,
};
