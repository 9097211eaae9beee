import { adopt } from '../adoption/adopt.ts';
import type { Engine, ProjectRequest } from '../api.ts';
import type { Desired } from '../desired.ts';
import type { Parts } from '../execute/context.ts';
import { execInside, runBeside } from './commands.ts';
import { make } from './make.ts';
import { removeVolume, volumesOf } from './volumes.ts';

type Errands = Pick<Engine, 'exec' | 'run' | 'make' | 'adopt' | 'volumes' | 'removeVolume'>;

/** What people ask for beside deployments. None of it changes what serves. */
export function errandsOf(parts: Parts, resolve: (request: ProjectRequest) => Promise<Desired>): Errands {
  const { world } = parts;
  return {
    exec: (request) => execInside(parts, request),
    run: (request, signal, attendant) => runBeside(parts, request, signal, attendant),
    make: (request, signal) => make({ world, resolve, request, signal }),
    adopt: (request) => adopt(parts, resolve, request),
    volumes: async (project) => volumesOf(world.store, project),
    removeVolume: (name) => removeVolume(world, name),
  };
}
