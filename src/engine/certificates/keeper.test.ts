import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { fail, hasCode } from '#core/errors.ts';
import type { Authority, CertificateFacts, OrderAttempts, ServedCertificate } from '#model/certificate.ts';
import type { ProjectTraffic } from '#model/traffic.ts';
import type { Authorities } from '#world/authorities.ts';
import { fakeBalancer } from '../../../test/support/world/fake-balancer.ts';
import { FakeClock } from '../../../test/support/world/fake-clock.ts';
import { Machine } from '../../../test/support/world/machine.ts';
import type { News } from '../events/event-book.ts';
import { CertificateKeeper } from './keeper.ts';
import { certificatesOf, certificateWarnings } from './view.ts';

const day = 86_400_000;
const authority: Authority = { directory: 'https://ca.example/dir', challenge: { kind: 'http-01' } };

/** Projects by host, as routes with ACME. */
function carrying(hosts: Readonly<Record<string, string>>): Record<string, ProjectTraffic> {
  return Object.fromEntries(
    Object.entries(hosts).map(([host, project]) => {
      const route = { ...{ name: 'web', project, service: 'web', port: 80, priority: 1 }, entries: ['https'] as const };
      const routes = [{ ...route, match: { kind: 'host', name: host }, tls: { kind: 'acme', authority } } as const];
      const exposure = { routes, published: [] };
      const web = { endpoints: [], balance: 'roundrobin', address: undefined, exposure, members: [] } as const;
      return [project, { web }];
    }),
  );
}

/** Authorities that answer as a test says, and the times at which they were asked. */
class Scene {
  readonly clock = new FakeClock();
  readonly startedAt = this.clock.now();
  readonly asked: { readonly host: string; readonly at: number }[] = [];
  readonly issued = new Map<string, CertificateFacts>();
  readonly failures: string[] = [];
  attempts: Record<string, OrderAttempts> = {};
  projects = carrying({ 'a.example': 'p' });
  served: ServedCertificate[] = [];
  applied = 0;
  /** What becomes of order number `n`; a certificate of 90 days without it. */
  outcome: (host: string, n: number) => Promise<void> | void = () => undefined;
  lifetimeMs = 90 * day;
  #keepers: CertificateKeeper[] = [];
  #arrived = Promise.withResolvers<void>();

  readonly authorities: Authorities = {
    issued: ({ host }) => this.issued.get(host),
    order: async ({ host }) => {
      this.asked.push({ host, at: this.clock.now() });
      this.#arrived.resolve();
      this.#arrived = Promise.withResolvers();
      await this.outcome(host, this.asked.length);
      const notBefore = this.clock.now();
      const facts = { names: [host], issuer: 'CA', notBefore, notAfter: notBefore + this.lifetimeMs };
      this.issued.set(host, facts);
      return facts;
    },
    attempts: () => this.attempts,
    setAttempts: (key, value) => {
      const { [key]: _old, ...others } = this.attempts;
      this.attempts = value === undefined ? others : { ...others, [key]: value };
    },
  };

  readonly world = {
    clock: this.clock,
    balancer: { ...fakeBalancer(new Machine(this.clock)), certificates: () => this.served },
    authorities: this.authorities,
  };

  readonly traffic = {
    all: () => this.projects,
    apply: async () => {
      this.applied += 1;
    },
    onApplied: () => undefined,
  };

  readonly told: News[] = [];
  readonly events = { tell: (news: News) => void this.told.push(news) };

  keeper(): CertificateKeeper {
    const onFailure = (doing: string) => this.failures.push(doing);
    const keeper = new CertificateKeeper({ world: this.world, traffic: this.traffic, events: this.events, onFailure });
    this.#keepers.push(keeper);
    keeper.wake();
    return keeper;
  }

  async orders(count: number): Promise<readonly number[]> {
    while (this.asked.length < count) await this.#arrived.promise;
    await new Promise((resolve) => setImmediate(resolve));
    return this.asked.slice(0, count).map((one) => one.at - this.startedAt);
  }

  end(): void {
    for (const keeper of this.#keepers) keeper.close();
    this.clock.freeze();
  }
}

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.end());

const refused = (host: string, more: object = {}) =>
  fail('CERTIFICATE_ORDER_FAILED', { host, authority: 'ca.example', reason: 'no', ...more });

test('orders at once, puts into service, and renews 30 days before the end', async () => {
  scene.keeper();
  const [first, second, third] = await scene.orders(3);
  assert.equal(first, 0);
  assert.ok(scene.applied >= 2);
  assert.deepEqual(scene.attempts['a.example'], undefined);
  assert.deepEqual(
    scene.told.slice(0, 2).map((one) => one.event),
    ['certificate-issued', 'certificate-renewed'],
  );
  for (const gap of [(second ?? 0) - (first ?? 0), (third ?? 0) - (second ?? 0)]) {
    assert.ok(gap >= 60 * day && gap <= 60.5 * day, `${gap / day} days`);
  }
});

test('a failure is tried again with growing pauses until it succeeds; the count is forgotten then', async () => {
  scene.outcome = (host, n) => {
    if (n < 5) throw refused(host);
  };
  scene.keeper();
  const minutes = (await scene.orders(5)).map((ms) => Math.round(ms / 1000));
  assert.deepEqual(minutes, [0, 10, 70, 670, 3970]);
  assert.deepEqual(scene.attempts, {});
  assert.equal(scene.failures.length, 4);
  const told = scene.told.map((one) => `${one.event} ${one.project}`);
  assert.deepEqual(told, [...Array(4).fill('certificate-failed p'), 'certificate-issued p']);
});

test('what one host fails of does not keep the others from theirs', async () => {
  scene.projects = carrying({ 'a.example': 'p', 'b.example': 'q', 'c.localhost': 'r' });
  scene.outcome = (host) => {
    if (host === 'a.example') throw refused(host);
  };
  scene.keeper();
  await scene.orders(3);
  assert.ok(scene.issued.has('b.example'));
  assert.deepEqual([...new Set(scene.asked.map((one) => one.host))], ['a.example', 'b.example']);
});

test('an authority that asks for patience gets it', async () => {
  scene.outcome = (host, n) => {
    if (n === 1) throw refused(host, { notBeforeMs: 3_600_000 });
  };
  scene.keeper();
  assert.deepEqual(await scene.orders(2), [0, 3_600_000]);
});

test('a daemon that died during an order does not place the next one before its pause', async () => {
  scene.outcome = () => new Promise(() => undefined);
  const first = scene.keeper();
  await scene.orders(1);
  first.close();
  const [attempts] = Object.values(scene.attempts);
  assert.equal(attempts?.count, 1);
  scene.keeper();
  assert.deepEqual(await scene.orders(2), [0, 10_000]);
});

test('retry does not wait, and refuses a host that nothing is ordered for', async () => {
  scene.outcome = (host, n) => {
    if (n === 1) throw refused(host, { notBeforeMs: 12 * 3_600_000 });
  };
  const keeper = scene.keeper();
  await scene.orders(1);
  assert.deepEqual(keeper.retry('a.example'), ['a.example']);
  const [, second] = await scene.orders(2);
  assert.ok((second ?? 0) < 3_600_000, `${second} ms`);
  assert.throws(
    () => keeper.retry('z.example'),
    (error) => hasCode(error, 'CERTIFICATE_UNKNOWN'),
  );
});

test('warnings: pending, refused, near its end, broken file; each to its own project', async () => {
  const now = scene.clock.now();
  const facts = { names: [], issuer: 'CA', notBefore: now - 85 * day, notAfter: now + 5 * day };
  const served: ServedCertificate = { ...facts, host: 'a.example', projects: ['p'], source: 'acme', standIn: true };
  scene.served = [served];
  const codes = (project = 'p') => certificateWarnings(scene, project).map((one) => one.code);
  assert.deepEqual(codes(), ['CERTIFICATE_PENDING']);
  assert.deepEqual(codes('other'), []);
  scene.outcome = (host) => {
    throw refused(host);
  };
  scene.keeper();
  await scene.orders(2);
  assert.deepEqual(codes(), ['CERTIFICATE_PENDING', 'CERTIFICATE_ORDER_FAILED']);
  scene.served = [{ ...served, standIn: false }];
  assert.deepEqual(codes(), ['CERTIFICATE_EXPIRES', 'CERTIFICATE_ORDER_FAILED']);
  scene.served = [{ ...served, standIn: false, notAfter: now - 1 }];
  assert.deepEqual(codes(), ['CERTIFICATE_EXPIRED', 'CERTIFICATE_ORDER_FAILED']);
  const [status] = certificatesOf(scene);
  assert.deepEqual(
    [status?.host, status?.projects, status?.state, status?.problem?.code, status?.authority],
    ['a.example', ['p'], 'served', 'CERTIFICATE_ORDER_FAILED', authority.directory],
  );
  assert.ok((status?.attempts ?? 0) >= 2);
});
