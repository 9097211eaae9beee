import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AppOptions, type AppProject, appProject } from '../support/app-project.ts';
import type { TestEngine } from '../support/docker.ts';
import { ForkedDaemon } from '../support/fork-daemon.ts';
import type { Home } from '../support/home.ts';
import type { EngineAccess } from '../support/lone-daemon-words.ts';

/** The runtime under which a fault is suffered: how its daemon starts, and how its project is written. */
export interface FaultStage {
  readonly kind: 'process' | 'docker';
  /** Writes the project with these options, for this runtime. */
  write(app: AppProject, options: AppOptions): void;
  /** A daemon that is ready; it kills itself at the step that `fault` names. */
  daemon(home: Home, fault?: string): Promise<ForkedDaemon>;
}

export const processStage: FaultStage = {
  kind: 'process',
  write: (app, options) => app.write(options),
  daemon: (home, fault) => ready(new ForkedDaemon(home, fault)),
};

/** Projects in containers of `engine`, which the daemon reaches as `access` says. */
export function dockerStageOf(engine: TestEngine, access: EngineAccess): FaultStage {
  const recipe = `FROM ${engine.nodeImage()}
WORKDIR /app
COPY server.mjs .
ENV HOST=0.0.0.0 PORT=8080
CMD ["node","server.mjs"]
`;
  return {
    kind: 'docker',
    write: (app, options) => {
      writeFileSync(join(app.folder, 'Dockerfile'), recipe);
      app.write({ ...options, file: `${options.file ?? ''}\nx-timonel: { runtime: docker }\n` });
    },
    daemon: (home, fault) => ready(new ForkedDaemon(home, fault, access)),
  };
}

/** One share, judged as soon as there is enough to judge by. */
const quickCanary = '{ kind: canary, steps: [50%], pause: 1s, analysis: { interval: 1s, minRequests: 20 } }';

/** The same service in each version, so that only `VERSION` tells one release from another. */
export function writer(stage: FaultStage, home: Home, name: string): { app: AppProject; write: Write } {
  const app = appProject(home);
  const replicas = name === 'recreate' ? 1 : 2;
  const strategy = name === 'canary' ? quickCanary : name;
  return { app, write: (version) => stage.write(app, { strategy, replicas, env: { VERSION: version } }) };
}

export type Write = (version: number) => void;

async function ready(daemon: ForkedDaemon): Promise<ForkedDaemon> {
  await daemon.ready();
  return daemon;
}
