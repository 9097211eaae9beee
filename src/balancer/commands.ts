import type { Backend, RouteTable, Server } from '#model/route.ts';
import { isSticky, serverOptionsOf, serversOf } from './backend-policy.ts';
import { canaryCommands, canaryEntries } from './canary.ts';
import { holdsOf } from './holds.ts';
import type { LiveServer } from './live.ts';
import { proxyName } from './names.ts';

/** What the proxy carries now, as it told. */
export interface LiveState {
  readonly servers: readonly LiveServer[];
  readonly holds: ReadonlyMap<string, string>;
  readonly canaries: ReadonlyMap<string, string>;
}

interface Input {
  readonly table: RouteTable;
  readonly live: LiveState;
  readonly holdMap: string;
  readonly canaryMap: string;
}

/** Commands for the runtime socket, in groups that must be sent in this order. */
export interface Commands {
  /** Requests wait first, then new instances take their share. */
  readonly enter: readonly string[];
  /** Then it is said who stands on which side, so that nobody is led to one that leaves. */
  readonly choose: readonly string[];
  /** Only when all of those were taken may the old instances leave. */
  readonly leave: readonly string[];
  /** Removes instances that take nothing any more; one with work left stays until it is done, so these may fail. */
  readonly remove: readonly string[];
  /** Lets waiting requests go, once there is somebody to take them. */
  readonly release: readonly string[];
}

/** The commands that make the live instances and holds equal the table's. Nothing to do gives empty lists. */
export function runtimeCommands({ table, live, holdMap, canaryMap }: Input): Commands {
  const wantedHolds = holdsOf(table);
  const now = new Map(live.servers.map((server) => [`${server.backend}/${server.name}`, server]));
  const wanted = new Map(
    Object.values(table.backends).flatMap((backend) =>
      serversOf(backend, table).map((server) => [`${proxyName(backend.id)}/${server.id}`, { ...server, backend }]),
    ),
  );
  const entering = [...wanted].filter(([, server]) => server.state === 'ready');
  const leaving = [...wanted].filter(([, server]) => server.state !== 'ready');
  const gone = live.servers.filter(({ backend, name }) => !name.startsWith('.') && !wanted.has(`${backend}/${name}`));
  return {
    enter: [
      ...holdCommands(wantedHolds, live.holds, holdMap),
      ...entering.flatMap(([path, server]) => serverCommands({ path, server, table, now: now.get(path) })),
    ],
    choose: canaryCommands(canaryEntries(table), live.canaries, canaryMap),
    leave: [
      ...leaving.flatMap(([path, server]) => serverCommands({ path, server, table, now: now.get(path) })),
      ...gone.filter((one) => !one.maint).map((one) => `set server ${one.backend}/${one.name} state maint`),
    ],
    remove: gone.map((one) => `del server ${one.backend}/${one.name}`),
    release: [...live.holds.keys()]
      .filter((name) => !wantedHolds.has(name))
      .map((name) => `del map ${holdMap} ${name}`),
  };
}

function holdCommands(wanted: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>, map: string): string[] {
  return [...wanted]
    .filter(([name, text]) => now.get(name) !== text)
    .map(([name, text]) => `${now.has(name) ? 'set' : 'add'} map ${map} ${name} ${text}`);
}

interface Change {
  readonly path: string;
  readonly server: Server & { readonly backend: Backend };
  readonly table: RouteTable;
  readonly now: LiveServer | undefined;
}

/** Address and weight come before the state, so that no request meets half of a change. */
function serverCommands({ path, server, table, now }: Change): string[] {
  const { address, port, weight, backend } = server;
  const state = `set server ${path} state ${server.state}`;
  if (now === undefined) {
    return [
      `add server ${path} ${address}:${port} weight ${weight} ${serverOptionsOf(backend, table)}`,
      // Only so does an instance that came at runtime get its cookie.
      ...(isSticky(backend, table) ? [`enable dynamic-cookie backend ${proxyName(backend.id)}`] : []),
      state,
    ];
  }
  return [
    ...(now.address === address && now.port === port ? [] : [`set server ${path} addr ${address} port ${port}`]),
    // A draining instance may carry weight 0 from the configuration; what it has does not matter until it is ready.
    ...(now.weight === weight || server.state !== 'ready' ? [] : [`set server ${path} weight ${weight}`]),
    ...(stateOf(now) === server.state ? [] : [state]),
  ];
}

function stateOf(server: LiveServer): Server['state'] {
  return server.maint ? 'maint' : server.drain ? 'drain' : 'ready';
}
