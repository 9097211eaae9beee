import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import type { Port } from '#model/project.ts';
import type { ServiceTraffic } from '#model/traffic.ts';
import { servingObserved } from '../../../test/support/observed.ts';
import { hostRoute, makeRelease, makeSpec } from '../../../test/support/specs.ts';
import { withClosing, withHold, withoutHold, withoutMember, withRotation } from './edits.ts';
import { exposuresOf } from './exposure.ts';
import { renderTable } from './table.ts';

const release = makeRelease(1, [makeSpec('web', { replicas: 2, routes: [hostRoute('web', 'shop.test')] })]);
const { traffic } = servingObserved(release);
const web = traffic.web as ServiceTraffic;
const well = () => false;

function tableOf(now: ServiceTraffic, isSick: (project: string, instance: string) => boolean = well) {
  return renderTable({ projects: { shop: { web: now } }, isSick, edgeAddress: '0.0.0.0' });
}

function statesOf(now: ServiceTraffic, isSick = well as (project: string, instance: string) => boolean) {
  const servers = tableOf(now, isSick).backends['shop/web:8000']?.servers ?? [];
  return Object.fromEntries(servers.map((server) => [server.id, server.state]));
}

describe('the route table', () => {
  test('has a backend for each port, a listener for neighbours, and the routes', () => {
    const table = tableOf(web);
    assert.deepEqual(Object.keys(table.backends), ['shop/web:8000']);
    assert.deepEqual(table.listeners, [
      { kind: 'neighbour', address: '127.9.0.1', port: 8000, backend: 'shop/web:8000' },
    ]);
    assert.deepEqual(table.routes, release.services.web?.routes);
  });

  test('lets those that leave finish, and gives those that close nothing', () => {
    const locate = (id: string) => ({ id, release: 1, address: '127.1.1.9', ports: [8000] });
    const moved = withRotation(web, [{ instance: 'web-r2-1', weight: 100 }], locate);
    assert.deepEqual(statesOf(withClosing(moved, 'web-r1-2')), {
      'web-r2-1': 'ready',
      'web-r1-1': 'drain',
      'web-r1-2': 'maint',
    });
    assert.deepEqual(statesOf(withoutMember(moved, 'web-r1-1')), { 'web-r2-1': 'ready', 'web-r1-2': 'drain' });
  });

  test('sends a sick instance nothing new, unless all are sick', () => {
    assert.deepEqual(
      statesOf(web, (_project, id) => id === 'web-r1-1'),
      { 'web-r1-1': 'drain', 'web-r1-2': 'ready' },
    );
    assert.deepEqual(
      statesOf(web, () => true),
      { 'web-r1-1': 'ready', 'web-r1-2': 'ready' },
    );
  });

  test('holds and lets go', () => {
    const held = withHold(web, { maxMs: 1000, limit: 5 });
    assert.deepEqual(tableOf(held).backends['shop/web:8000']?.held, { maxMs: 1000, limit: 5 });
    assert.equal('held' in (tableOf(withoutHold(held)).backends['shop/web:8000'] ?? {}), false);
  });
});

describe('published ports', () => {
  const publishing = (...ports: readonly Port[]) => makeRelease(1, [makeSpec('web', { service: { ports } })]);
  const portsOf = (ports: readonly Port[], taken: readonly number[] = [], current: readonly number[] = []) => {
    const baseline = {
      web: {
        ...web,
        exposure: { routes: [], published: current.map((port) => ({ address: undefined, port, target: 8000 })) },
      },
    };
    const exposures = exposuresOf(publishing(...ports), baseline, new Set(taken));
    return (exposures.web?.published ?? []).map((one) => one.port);
  };

  test('are what the file says', () => {
    assert.deepEqual(portsOf([{ target: 8000, published: '8080' }]), [8080]);
  });

  test('for UDP are refused, not left out', () => {
    assert.throws(
      () => portsOf([{ target: 8000, published: '8080', protocol: 'udp' }]),
      (error) => hasCode(error, 'PORT_UDP'),
    );
  });

  test('of a range are the first free one, and stay what they are', () => {
    const range = { target: 8000, published: '9000-9003' };
    assert.deepEqual(portsOf([range], [9000, 9001]), [9002]);
    assert.deepEqual(portsOf([range], [], [9003]), [9003]);
    assert.deepEqual(portsOf([range, range]), [9000, 9001]);
  });

  test('without a number are chosen, the same each time, and not one that is taken', () => {
    const [chosen = 0] = portsOf([{ target: 8000 }]);
    assert.ok(chosen >= 20_000 && chosen < 30_000);
    assert.deepEqual(portsOf([{ target: 8000 }]), [chosen]);
    assert.deepEqual(portsOf([{ target: 8000 }], [chosen]), [chosen + 1]);
  });
});
