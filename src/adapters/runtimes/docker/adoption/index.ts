import type { AdoptionPort } from '#world/adoption.ts';
import { portsRefusedHere } from '../host/refusals.ts';
import type { Parts } from '../parts.ts';
import { connectionsTo, findContainers, publishedOf } from './find.ts';
import { giveBack, takeOver } from './take.ts';

/** How this runtime takes over a stack that Docker Compose started. */
export function dockerAdoption(parts: () => Promise<Parts>): AdoptionPort {
  return {
    find: async (project) => findContainers(await parts(), project),
    take: async (project, takings) => takeOver(await parts(), project, takings),
    giveBack: async (project) => giveBack(await parts(), project),
    divert: async (project, diversions) => (await parts()).diverter.set(project, diversions),
    heldPorts: async (project) => {
      const { states, containers } = await parts();
      const { adopted } = await states.read(project);
      const held = await Promise.all(Object.values(adopted).map((one) => containers.inspect(one.container)));
      return held.flatMap((one) => (one?.State.Running === true ? publishedOf(one) : []));
    },
    directConnections: async (project, id) => {
      const { states, containers } = await parts();
      const one = (await states.read(project)).adopted[id];
      const container = one === undefined ? undefined : await containers.inspect(one.container);
      return container === undefined ? 0 : connectionsTo(container);
    },
    refusedByFirewall: (ports) => portsRefusedHere(ports),
  };
}
