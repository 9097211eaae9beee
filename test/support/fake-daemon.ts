import { mkdirSync } from 'node:fs';
import type { Door } from '#daemon/door.ts';
import { homeOf } from '#daemon/home.ts';
import { serve } from '#daemon/http/server.ts';
import { createJobs } from '#daemon/jobs.ts';
import type { Log } from '#daemon/log.ts';
import { allRoutes } from '#daemon/routes/index.ts';
import { usualSettings } from '#daemon/settings.ts';
import { readVersion } from '#daemon/version.ts';
import type { FakeEngine } from './fake-engine.ts';

const silent: Log = { info: () => {}, error: () => {} };

/** The daemon's own server in the test's process, over a fake engine. Commands find it through the home. */
export async function fakeDaemon(dir: string, engine: FakeEngine, given: Partial<Door> = {}): Promise<AsyncDisposable> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const home = homeOf({ TIMONEL_HOME: dir });
  const door: Door = {
    engine,
    jobs: createJobs(silent),
    version: readVersion(),
    startedAt: new Date(),
    settings: usualSettings,
    metricsListener: undefined,
    recovered: Promise.resolve(),
    isRecovering: () => false,
    requirements: async () => ({ packages: [], images: [], instead: [] }),
    fetchProxyImage: async () => {},
    metrics: async () => '',
    access: async function* () {},
    ...given,
  };
  const server = await serve({ routes: allRoutes(door), socket: home.socket, log: silent, logFile: home.log });
  return {
    [Symbol.asyncDispose]: async () => {
      engine.dispose();
      await server.close();
    },
  };
}
