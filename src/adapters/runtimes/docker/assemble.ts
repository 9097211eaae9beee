import type { Clock } from '#world/clock.ts';
import { Containers } from './container/containers.ts';
import { removeLeftovers } from './container/leftovers.ts';
import { bytesOf } from './container/values.ts';
import { Engine } from './engine/client.ts';
import type { Deadlines } from './engine/deadlines.ts';
import { engineSocket } from './engine/socket-path.ts';
import { BlockClaim } from './host/block-claim.ts';
import { Diverter } from './host/diverter.ts';
import { usualBuildMemory } from './images/build.ts';
import { Images } from './images/images.ts';
import { LogStore } from './logs/store.ts';
import { ServiceAddresses } from './network/service-addresses.ts';
import type { Parts } from './parts.ts';
import { openDockerHome } from './state/home.ts';
import { Locks } from './state/lock.ts';
import { ProjectStates } from './state/project-state.ts';
import { type ContainerEvent, EventHub } from './watch/hub.ts';

interface Options {
  readonly home: string;
  readonly socketPath?: string;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly buildMemory?: number;
}

/** The runtime's parts, put together on first use: a home that never runs a container gets no folder of ours. */
export interface Assembly {
  readonly engine: Engine;
  parts(): Promise<Parts>;
  events(listener: (event: ContainerEvent) => void): () => void;
  close(): void;
}

export function assemble(options: Options): Assembly {
  const { clock, deadlines } = options;
  const engine = new Engine({ socketPath: options.socketPath ?? engineSocket(), clock, deadlines });
  let assembled: Promise<Parts> | undefined;
  const parts = (): Promise<Parts> => {
    assembled ??= partsOf(options, engine).catch((error: unknown) => {
      assembled = undefined;
      throw error;
    });
    return assembled;
  };
  return {
    engine,
    parts,
    events: (listener) => {
      let stop: (() => void) | undefined;
      let isOver = false;
      const start = parts().then(({ events }) => {
        if (!isOver) stop = events.listen(listener);
      });
      // Whoever calls the runtime next is told why the home cannot be opened.
      start.catch(() => undefined);
      return () => {
        isOver = true;
        stop?.();
      };
    },
    close: () => {
      void assembled?.then(({ events }) => events.close());
      engine.close();
    },
  };
}

async function partsOf(
  { home: folder, clock, buildMemory = givenBuildMemory() }: Options,
  engine: Engine,
): Promise<Parts> {
  const home = await openDockerHome(folder);
  const states = new ProjectStates(home.states);
  const addresses = new ServiceAddresses({ homeId: home.id, states, claim: new BlockClaim(folder, home) });
  const diverter = new Diverter({ homeId: home.id, states });
  const containers = new Containers({ engine, states, homeId: home.id });
  const runs = new Set<string>();
  const restore = async () => {
    await addresses.restore();
    await diverter.restore();
    // Nobody waits for it, and the next connection tries again.
    void removeLeftovers({ engine, home, runs }).catch(() => undefined);
  };
  const events = new EventHub({ engine, clock, homeId: home.id, containers, onConnect: restore });
  const logs = new LogStore({ engine, homeId: home.id, folder: home.logs, events, states, containers });
  return {
    engine,
    containers,
    home,
    clock,
    turns: new Locks(),
    runs,
    states,
    addresses,
    diverter,
    images: new Images({ engine, clock, home, buildMemory }),
    logs,
    events,
  };
}

/** `TIMONEL_BUILD_MEMORY=4g`, else what is usual. */
function givenBuildMemory(): number {
  return bytesOf(process.env.TIMONEL_BUILD_MEMORY) ?? usualBuildMemory();
}
