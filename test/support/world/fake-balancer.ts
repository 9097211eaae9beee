import type { Balancer } from '#world/balancer.ts';
import type { Machine } from './machine.ts';

/** A proxy over the pretended machine: it remembers the table, and tells when a client would have been let down. */
export function fakeBalancer(machine: Machine): Balancer {
  return {
    ensureRunning: async () => {
      machine.proxyRuns = true;
    },
    apply: async (table) => {
      if (!machine.proxyRuns) throw new Error('the proxy does not run');
      machine.carry(table);
      return { reloaded: false };
    },
    observe: async (backends) =>
      Object.values(machine.table.backends)
        .filter((backend) => backends === undefined || backends.includes(backend.id))
        .flatMap((backend) =>
          backend.servers.map((server) => {
            const { sessions, requests, errors } = machine.countersOf(backend.id, server.id);
            return {
              backend: backend.id,
              server: server.id,
              sessions,
              requests,
              serverErrors: errors,
              connectErrors: 0,
              state: server.state,
              weight: server.weight,
            };
          }),
        ),
    portHolder: async () => undefined,
    answerChallenge: async () => undefined,
    certificates: () => [],
    breakers: () => [],
    watchBreakers: (listener) => machine.watchBreakers(listener),
    watch: (listener) => machine.watchProxy(listener),
    stop: async () => {
      machine.proxyRuns = false;
    },
    close: async () => undefined,
  };
}
