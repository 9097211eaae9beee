import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceSettings } from '#settings/schema.ts';
import { resolveRoutes } from './routes.ts';

const labels = {
  'traefik.enable': 'true',
  'traefik.http.routers.shop.rule': 'Host(`shop.test`)',
  'traefik.http.routers.shop.middlewares': 'limit',
  'traefik.http.middlewares.limit.inflightreq.amount': '5',
};

function resolve(given: Readonly<Record<string, string>>, route: unknown) {
  return resolveRoutes({
    ...{ project: 'p', service: 'web', compose: { labels: given }, settings: serviceSettings.parse({ route }) },
    endpoints: [{ port: 5000, protocol: 'http', because: 'label' }],
    locate: (path) => ({ file: 'compose.yaml', line: 1, column: 1, path: path.join('.') }),
  });
}

test('a policy without a match is for the routes of the labels, after what these say', () => {
  const { routes, findings } = resolve(labels, { retry: { attempts: 3 }, sticky: true });
  assert.deepEqual(findings, []);
  assert.equal(routes.length, 1);
  assert.deepEqual(
    routes[0]?.policy?.rules.map((rule) => rule.kind),
    ['in-flight', 'retry'],
  );
  assert.ok(routes[0]?.policy?.sticky);
});

test('without labels it has nothing to act on, and that is an error with its place', () => {
  const { routes, findings } = resolve({}, { retry: { attempts: 3 } });
  assert.deepEqual(routes, []);
  assert.deepEqual(
    findings.map((one) => [one.severity, one.said.code, one.at?.path]),
    [['error', 'POLICY_NEEDS_MATCH', 'services.web.x-timonel.route']],
  );
});

test('together they may not ask for more than the proxy can count', () => {
  const byHeader = (name: string) => ({ by: { header: name }, average: 10 });
  const { findings } = resolve(labels, { rateLimit: ['a', 'b', 'c'].map(byHeader) });
  assert.deepEqual(
    findings.map((one) => one.said.code),
    ['POLICY_TOO_MANY_KEYS'],
  );
});
