import type { PolicyRule, RoutePolicy } from '#model/policy.ts';
import type { Backend, Route } from '#model/route.ts';
import type { startInstance, TestInstance } from './instance.ts';
import { joined, type Stage, setStage, tableOf } from './proxy-stage.ts';

type Answer = Parameters<typeof startInstance>[3];

interface Parts {
  /** What a route has beside the pages. */
  readonly before?: readonly PolicyRule[];
  readonly after?: readonly PolicyRule[];
  readonly pages?: Partial<Extract<PolicyRule, { kind: 'error-pages' }>>;
  readonly policy?: Omit<RoutePolicy, 'rules'>;
  readonly web?: Answer;
  readonly page?: Answer;
  readonly secure?: true;
}

export interface PagesStage extends Stage {
  readonly web: TestInstance;
  readonly pages: TestInstance;
  /** Applies the same route with other instances, and with further routes. */
  serve(
    web: Backend['servers'],
    pages?: Backend['servers'],
    more?: readonly Partial<Route>[],
  ): Promise<{ readonly reloaded: boolean }>;
}

/** A service behind a route whose errors get the pages of another service: `/503.html?from=...`. */
export async function setPagesStage(parts: Parts = {}): Promise<PagesStage> {
  const { before = [], after = [], pages: more = {}, policy, secure } = parts;
  const stage = await setStage();
  const web = await stage.start('web-r1-1', parts.web);
  const pages = await stage.start('pages-r1-1', parts.page ?? page);
  const rule: PolicyRule = {
    ...{ kind: 'error-pages', statuses: [{ from: 400, to: 599 }], rewrites: [], service: 'pages', port: 9000 },
    ...{ query: '/{status}.html?was={originalStatus}&url={url}', ...more },
  };
  const routes = [
    {
      policy: { rules: [...before, rule, ...after], ...policy },
      ...(secure ? ({ entries: ['https'], tls: { kind: 'self-signed' } } as const) : {}),
    },
  ];
  const serve: PagesStage['serve'] = (servers, ready = [pages.server()], others = []) => {
    const id = 'p/pages:9000';
    const own = { id, project: 'p', service: 'pages', port: 9000, protocol: 'http', balance: 'roundrobin' } as const;
    const pagesTable = { backends: { [id]: { ...own, servers: ready } }, listeners: [], routes: [] };
    return stage.balancer.apply(joined(tableOf({ servers, routes: [...routes, ...others] }), pagesTable));
  };
  await serve([web.server()]);
  return { ...stage, web, pages, serve };
}

/** Says what it was asked for. */
const page: NonNullable<Answer> = (request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('x-page', 'yes');
  response.end(JSON.stringify({ page: request.url, method: request.method, headers: request.headers }));
};
