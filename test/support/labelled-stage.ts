import assert from 'node:assert/strict';
import { say } from '#core/messages/say.ts';
import type { Backend, Listener } from '#model/route.ts';
import { resolveRoutes } from '#routing/routes.ts';
import { serviceSettings } from '#settings/schema.ts';
import type { TestInstance } from './instance.ts';
import { type Stage, setStage, tableOf } from './proxy-stage.ts';

/** What the user wrote: options of middlewares by `NAME.KIND.OPTION`, attached in `attach`'s order; or a route's settings. */
interface Written {
  readonly middlewares?: Readonly<Record<string, string>>;
  readonly attach?: string;
  /** More labels, after `traefik.http.`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly route?: object;
  /** Of the project. */
  readonly trustedProxies?: readonly string[];
}

/** A stage whose service `web` stands behind the route that was written, at host `a.localhost`. */
export interface LabelledStage extends Stage {
  readonly web: TestInstance;
  /** Applies the route anew, with other instances. */
  serve(instances: readonly ReturnType<TestInstance['server']>[]): Promise<void>;
  /** Applies another route to the first instance: sooner done than another stage. */
  write(other: Written): Promise<void>;
  ask(path: string, options?: Parameters<Stage['get']>[1]): ReturnType<Stage['get']>;
}

export async function setLabelledStage(
  written: Written,
  answer?: Parameters<Stage['start']>[1],
  stageOptions?: Parameters<typeof setStage>[0],
): Promise<LabelledStage> {
  const stage = await setStage(stageOptions);
  try {
    const web = await stage.start('web-r1-1', answer);
    let routes = routesOf(written);
    const neighbour: Omit<Listener, 'backend'> = { kind: 'neighbour', address: stage.address, port: 9000 };
    const serve = async (servers: Backend['servers']) => {
      const table = tableOf({ servers, listeners: [neighbour] });
      await stage.balancer.apply({ ...table, routes });
    };
    await serve([web.server()]);
    const write = (other: Written) => {
      routes = routesOf(other);
      return serve([web.server()]);
    };
    return {
      ...stage,
      web,
      serve,
      write,
      ask: (path, options) => stage.get(path, { host: 'a.localhost', ...options }),
    };
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
}

function routesOf({ middlewares = {}, attach, labels = {}, route, trustedProxies }: Written) {
  const rule = { 'routers.web.rule': 'Host(`a.localhost`)', 'services.web.loadbalancer.server.port': '9000' };
  const own = Object.entries(middlewares).map(([key, value]) => [`middlewares.${key}`, value]);
  const all: Readonly<Record<string, string>> = {
    ...(route === undefined ? rule : {}),
    ...Object.fromEntries(own),
    ...(attach === undefined ? {} : { 'routers.web.middlewares': attach }),
    ...labels,
  };
  const { routes, findings } = resolveRoutes({
    ...{ project: 'p', service: 'web' },
    compose: { labels: Object.fromEntries(Object.entries(all).map(([key, value]) => [`traefik.http.${key}`, value])) },
    settings: serviceSettings.parse(route === undefined ? {} : { route: { host: 'a.localhost', ...route } }),
    endpoints: [{ port: 9000, protocol: 'http', because: 'label' }],
    trustedProxies,
    locate: () => undefined,
  });
  assert.deepEqual(
    findings.map((one) => say(one.said, 'en')),
    [],
  );
  return routes;
}

/** How often each status came. */
export function tally(answers: readonly { readonly status: number }[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

export function times<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => make(n)));
}

/** One after the other: two threads that look into a bucket at once may both take its last token. */
export function inTurn<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  return Array.fromAsync({ length: count }, (_, n) => make(n));
}
