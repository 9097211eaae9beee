import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { nothingObserved, servingObserved } from '../../test/support/observed.ts';
import { planText } from '../../test/support/plan-text.ts';
import { canaryStrategy, type Given, hostRoute, makeRelease, makeSpec } from '../../test/support/specs.ts';
import { planDeployment } from './plan.ts';
import { planDown } from './plan-down.ts';
import type { PlanInput } from './plan-input.ts';
import { planUndo } from './undo.ts';

const ordinary = {
  kind: 'deploy',
  current: undefined,
  observed: nothingObserved,
  force: new Set<string>(),
  lastOrdinals: {},
  readyMs: {},
  isNew: true,
  takenPorts: new Set<number>(),
} as const;

function planOf(input: Pick<PlanInput, 'target'> & Partial<PlanInput>) {
  return planDeployment({ ...ordinary, ...input });
}

const routed: Given = { routes: [hostRoute('web', 'shop.test')] };
const web = (code: string, given: Given = {}): ServiceSpec =>
  makeSpec('web', { code, replicas: 2, ...routed, ...given });
const recreate = { strategy: { kind: 'recreate' } } as const;

/** A plan's text without the steps that every deployment has. */
function middle(text: string): string {
  const always = /^(check|prepare|ensure-project|verify|commit|prune)/;
  return text
    .split('\n')
    .filter((line) => !always.test(line))
    .join('\n');
}

describe('the plan of', () => {
  test('a first deployment: dependencies first, and everything published with the first reload', () => {
    const target = makeRelease(1, [
      web('v1', { dependsOn: { redis: { condition: 'service_healthy' } } }),
      makeSpec('redis', recreate),
    ]);
    assert.equal(
      planText(planOf({ target })),
      `check
prepare:redis <- check
prepare:web <- check
ensure-project <- prepare:redis prepare:web
listen:both [redis web both] <- ensure-project
start:redis-r1-1 <- ensure-project
gate:redis-r1-1 <- start:redis-r1-1
route:redis:1 [redis-r1-1] <- gate:redis-r1-1 listen:both
start:web-r1-1 <- ensure-project route:redis:1
gate:web-r1-1 <- start:web-r1-1
start:web-r1-2 <- ensure-project route:redis:1
gate:web-r1-2 <- start:web-r1-2
route:web:1 [web-r1-1 web-r1-2] <- gate:web-r1-1 gate:web-r1-2 listen:both
verify <- route:redis:1 route:web:1
commit <- verify
prune <- commit`,
    );
  });

  test('a rolling update: one after the other, the old ones alive until the commit', () => {
    const before = makeRelease(1, [web('v1')]);
    const plan = planOf({ target: makeRelease(2, [web('v2')]), current: before, observed: servingObserved(before) });
    assert.equal(
      middle(planText(plan)),
      `start:web-r2-1 <- ensure-project
gate:web-r2-1 <- start:web-r2-1
route:web:1 [web-r2-1 web-r1-2] <- gate:web-r2-1
start:web-r2-2 <- route:web:1
gate:web-r2-2 <- start:web-r2-2
route:web:2 [web-r2-1 web-r2-2] <- gate:web-r2-2
observe:web [web-r2-1 web-r2-2 5000ms] <- route:web:2
drain:web-r1-1 <- commit
stop:web-r1-1 <- drain:web-r1-1
remove:web-r1-1 <- stop:web-r1-1
drain:web-r1-2 <- commit
stop:web-r1-2 <- drain:web-r1-2
remove:web-r1-2 <- stop:web-r1-2`,
    );
  });

  test('blue-green: all at once, and the old set parked', () => {
    const green = { strategy: { kind: 'blue-green', warmMs: 600_000 } } as const;
    const before = makeRelease(1, [web('v1', green)]);
    const plan = planOf({
      target: makeRelease(2, [web('v2', green)]),
      current: before,
      observed: servingObserved(before),
    });
    assert.equal(
      middle(planText(plan)),
      `start:web-r2-1 <- ensure-project
gate:web-r2-1 <- start:web-r2-1
start:web-r2-2 <- ensure-project
gate:web-r2-2 <- start:web-r2-2
route:web:1 [web-r2-1 web-r2-2] <- gate:web-r2-1 gate:web-r2-2
observe:web [web-r2-1 web-r2-2 5000ms] <- route:web:1
park:web [web-r1-1 web-r1-2 600000ms] <- commit`,
    );
    assert.doesNotMatch(planText(planOf({ target: before })), /park/, 'there is nothing to park at first');
  });

  test('canary: a share, a judgement, the next share; as many new ones as it needs, and the old ones whole', () => {
    const strategy = canaryStrategy();
    const before = makeRelease(1, [web('v1', { strategy })]);
    const input = {
      target: makeRelease(2, [web('v2', { strategy })]),
      current: before,
      observed: servingObserved(before),
    };
    const plan = planOf(input);
    assert.equal(
      middle(planText(plan)),
      `start:web-r2-1 <- ensure-project
gate:web-r2-1 <- start:web-r2-1
route:web:1 [web-r2-1*56 web-r1-1*252 web-r1-2*252] <- gate:web-r2-1
analyse:web:1 [web-r2-1 10% 2000] <- route:web:1
route:web:2 [web-r2-1*256 web-r1-1*128 web-r1-2*128] <- analyse:web:1
analyse:web:2 [web-r2-1 50% 2000] <- route:web:2
start:web-r2-2 <- analyse:web:2
gate:web-r2-2 <- start:web-r2-2
route:web:3 [web-r2-1 web-r2-2] <- gate:web-r2-2
observe:web [web-r2-1 web-r2-2 5000ms] <- route:web:3
drain:web-r1-1 <- commit
stop:web-r1-1 <- drain:web-r1-1
remove:web-r1-1 <- stop:web-r1-1
drain:web-r1-2 <- commit
stop:web-r1-2 <- drain:web-r1-2
remove:web-r1-2 <- stop:web-r1-2`,
    );
    const begun = plan.steps.slice(0, plan.steps.findIndex((step) => step.id === 'gate:web-r2-2') + 1);
    assert.equal(
      planText(planUndo(plan, new Set(begun.map((step) => step.id)), () => undefined)),
      `undo:start:web-r2-2
undo:start:web-r2-2:stop <- undo:start:web-r2-2
undo:start:web-r2-2:remove <- undo:start:web-r2-2:stop
undo:route:web:2 [web-r1-1 web-r1-2]
undo:route:web:1 [web-r1-1 web-r1-2] <- undo:route:web:2
undo:start:web-r2-1 <- undo:route:web:1 undo:start:web-r2-2:remove
undo:start:web-r2-1:stop <- undo:start:web-r2-1
undo:start:web-r2-1:remove <- undo:start:web-r2-1:stop`,
      'requests go back before any instance is stopped',
    );
    assert.deepEqual(
      planOf({ ...input, kind: 'restart' }).steps.filter((step) => step.kind === 'analyse'),
      [],
      'only a deployment is judged',
    );
  });

  test('a rollback goes by rollback_config: here all at once, where a deployment goes one by one', () => {
    const one = { parallelism: 1, delayMs: 0, order: 'start-first', failureAction: 'rollback' } as const;
    const batches = { ...one, monitorMs: 0, maxFailureRatio: 0 };
    const strategy = { kind: 'rolling', ...batches, back: { ...batches, parallelism: 0 } } as const;
    const before = makeRelease(2, [web('v2', { strategy })]);
    const target = makeRelease(1, [web('v1', { strategy })]);
    const input = { target, current: before, observed: servingObserved(before), isNew: false };
    const turns = (kind: 'deploy' | 'rollback') =>
      planOf({ ...input, kind }).steps.filter((step) => step.kind === 'route').length;
    assert.deepEqual([turns('deploy'), turns('rollback')], [2, 1]);
  });

  test('recreate: hold, stop, start, let go; and its way back starts the old one again', () => {
    const before = makeRelease(1, [makeSpec('db', recreate)]);
    const target = makeRelease(2, [makeSpec('db', { code: 'v2', ...recreate })]);
    const plan = planOf({ target, current: before, observed: servingObserved(before) });
    assert.equal(
      middle(planText(plan)),
      `hold:db <- ensure-project
route:db:1 [] <- hold:db
drain:db-r1-1 <- route:db:1
stop:db-r1-1 <- drain:db-r1-1
start:db-r2-1 <- stop:db-r1-1
gate:db-r2-1 <- start:db-r2-1
route:db:2 [db-r2-1] <- gate:db-r2-1
unhold:db <- route:db:2
observe:db [db-r2-1 5000ms] <- unhold:db
remove:db-r1-1 <- commit`,
    );
    const begun = plan.steps.slice(
      0,
      plan.steps.findIndex((step) => step.kind === 'route' && step.to.length > 0),
    );
    assert.equal(
      planText(planUndo(plan, new Set(begun.map((step) => step.id)), () => undefined)),
      `undo:start:db-r2-1
undo:start:db-r2-1:stop <- undo:start:db-r2-1
undo:start:db-r2-1:remove <- undo:start:db-r2-1:stop
undo:stop:db-r1-1 <- undo:start:db-r2-1:remove
undo:stop:db-r1-1:gate <- undo:stop:db-r1-1
undo:route:db:1 [db-r1-1] <- undo:stop:db-r1-1:gate
undo:hold:db <- undo:route:db:1`,
    );
    assert.equal(plan.changes[0]?.pause, 2000);
  });

  test('a move to another port: the old serve on until the routes point at the new', () => {
    const before = makeRelease(1, [web('v1', { replicas: 1 })]);
    const moved = web('v2', { replicas: 1, port: 9000, routes: [hostRoute('web', 'shop.test', 9000)] });
    const plan = planOf({ target: makeRelease(2, [moved]), current: before, observed: servingObserved(before) });
    assert.equal(
      middle(planText(plan)),
      `listen:both [web both] <- ensure-project
start:web-r2-1 <- listen:both
gate:web-r2-1 <- start:web-r2-1
route:web:1 [web-r2-1 web-r1-1] <- gate:web-r2-1
expose:target [target] <- route:web:1
route:web:2 [web-r2-1] <- expose:target
observe:web [web-r2-1 5000ms] <- route:web:2
drain:web-r1-1 <- commit
stop:web-r1-1 <- drain:web-r1-1
remove:web-r1-1 <- stop:web-r1-1
listen:target [web target] <- remove:web-r1-1`,
    );
  });

  test('a release command: once, after what it depends on, before anything of the service starts', () => {
    const command = { command: ['migrate'], timeoutMs: 60_000 };
    const before = makeRelease(1, [web('v1', { replicas: 1 })]);
    const target = makeRelease(2, [web('v2', { replicas: 1, releaseCommand: command })]);
    const given = { target, current: before, observed: servingObserved(before) };
    assert.match(
      planText(planOf(given)),
      /release-command:web <- ensure-project\nstart:web-r2-1 <- release-command:web/,
    );
    assert.doesNotMatch(planText(planOf({ ...given, kind: 'rollback' })), /release-command/);
    assert.doesNotMatch(planText(planOf({ ...given, isNew: false })), /release-command/);
  });

  test('down: recorded first, then dependents before what they depend on', () => {
    const current = makeRelease(1, [
      web('v1', { replicas: 1, dependsOn: { db: { condition: 'service_healthy' } } }),
      makeSpec('db', recreate),
    ]);
    assert.equal(
      planText(planDown({ project: 'shop', current, observed: servingObserved(current) })),
      `commit
expose:nothing [nothing] <- commit
route:web [] <- expose:nothing
drain:web-r1-1 <- route:web
stop:web-r1-1 <- drain:web-r1-1
remove:web-r1-1 <- stop:web-r1-1
route:db [] <- drain:web-r1-1 remove:web-r1-1
drain:db-r1-1 <- route:db
stop:db-r1-1 <- drain:db-r1-1
remove:db-r1-1 <- stop:db-r1-1
forget-project <- remove:web-r1-1 remove:db-r1-1`,
    );
  });

  test('down: services that do not depend on each other are stopped side by side', () => {
    const current = makeRelease(1, [makeSpec('one'), makeSpec('two')]);
    const { steps } = planDown({ project: 'shop', current, observed: servingObserved(current) });
    const [first, second] = ['two', 'one'].map((name) => `drain:${name}-r1-1`);
    const lines = planText(steps).split('\n');
    assert.deepEqual(
      lines.filter((line) => /^(route|stop)/.test(line)),
      [
        'route:two [] <- expose:nothing',
        `stop:two-r1-1 <- ${first}`,
        `route:one [] <- ${first}`,
        `stop:one-r1-1 <- ${second}`,
      ],
    );
  });

  test('a project goes down with those last to which others keep connections open', () => {
    const tcp = [{ port: 6379, protocol: 'tcp', because: 'well-known' }] as const;
    const current = makeRelease(1, [
      makeSpec('web'),
      makeSpec('cache', { endpoints: tcp }),
      makeSpec('admin', { endpoints: tcp, dependsOn: { api: { condition: 'service_started' } } }),
      makeSpec('api'),
    ]);
    const { steps } = planDown({ project: 'shop', current, observed: servingObserved(current) });
    const stopped = steps.flatMap((step) => (step.kind === 'stop' ? [step.service] : []));
    assert.deepEqual(stopped, ['web', 'admin', 'api', 'cache']);
    const awaited = steps.flatMap((step) => (step.kind === 'drain' ? [step.service] : []));
    assert.deepEqual(awaited, ['web', 'api'], 'a connection that others keep open says nothing of work in flight');
  });

  test('what is as it should be has no steps', () => {
    const release = makeRelease(1, [web('v1'), makeSpec('db', recreate)]);
    const plan = planOf({ target: release, current: release, observed: servingObserved(release), isNew: false });
    assert.deepEqual(plan.steps, []);
    assert.deepEqual(
      plan.changes.map((change) => [change.service, change.action, change.causes]),
      [
        ['web', 'keep', []],
        ['db', 'keep', []],
      ],
    );
    assert.deepEqual(planDown({ project: 'shop', current: undefined, observed: nothingObserved }).steps, []);
  });

  test('services that wait for each other is an error that names them', () => {
    const target = makeRelease(1, [
      makeSpec('a', { dependsOn: { b: { condition: 'service_started' } } }),
      makeSpec('b', { dependsOn: { a: { condition: 'service_started' } } }),
    ]);
    assert.throws(
      () => planOf({ target }),
      (error) => hasCode(error, 'DEPENDENCY_CYCLE') && error.said.facts.cycle === 'a -> b -> a',
    );
  });
});

describe('the changes say for each service', () => {
  const before = makeRelease(1, [web('v1'), makeSpec('db', recreate), makeSpec('gone')]);
  const observed = servingObserved(before);
  const actions = (target: ReturnType<typeof makeRelease>, given: Partial<PlanInput> = {}) =>
    Object.fromEntries(
      planOf({ target, current: before, observed, ...given }).changes.map((change) => [change.service, change.action]),
    );

  test('keep, create, replace, scale or remove', () => {
    const target = makeRelease(2, [
      web('v1', { replicas: 3 }),
      makeSpec('db', { code: 'v2', ...recreate }),
      makeSpec('new'),
    ]);
    assert.deepEqual(actions(target), { web: 'scale', db: 'replace', new: 'create', gone: 'remove' });
  });

  test('which key changed, without its secrets', () => {
    const secret = { DB_PASSWORD: 'one', LEVEL: 'info', URL: 'postgres://u:hunter2@db/x' };
    const first = makeRelease(1, [makeSpec('web', { environment: secret, process: args('--requirepass', 'abc') })]);
    const changed = { DB_PASSWORD: 'two', LEVEL: 'debug', URL: 'postgres://u:hunter3@db/x' };
    const second = makeRelease(2, [makeSpec('web', { environment: changed, process: args('--requirepass', 'xyz') })]);
    const plan = planOf({ target: second, current: first, observed: servingObserved(first) });
    assert.deepEqual(plan.changes[0]?.causes, [
      { path: 'environment.DB_PASSWORD', from: '[hidden]', to: '[hidden]' },
      { path: 'environment.LEVEL', from: 'info', to: 'debug' },
      { path: 'environment.URL', from: '[hidden]', to: '[hidden]' },
      {
        path: 'process.command',
        from: ['run', '--requirepass', '[hidden]'],
        to: ['run', '--requirepass', '[hidden]'],
      },
    ]);
  });

  test('nor what a route knows of clients', () => {
    const users = (hash: string) => [{ name: 'ana', hash }];
    const release = (number: number, hash: string, value: string) => {
      const set = { kind: 'request-headers', set: [{ name: 'X-Api-Key', value }] } as const;
      const auth = { kind: 'basic-auth', users: users(hash), realm: 'shop', removeHeader: true } as const;
      const policy = { rules: [auth, set] };
      return makeRelease(number, [makeSpec('web', { routes: [{ ...hostRoute('web', 'shop.test'), policy }] })]);
    };
    const first = release(1, '{SHA}one', 'k1');
    const plan = planOf({ target: release(2, '{SHA}two', 'k2'), current: first, observed: servingObserved(first) });
    assert.match(JSON.stringify(plan.changes), /policy.*hidden/);
    assert.doesNotMatch(JSON.stringify(plan.changes), /SHA|k1|k2/);
    const bare = makeRelease(2, [makeSpec('web', { routes: [hostRoute('web', 'shop.test')] })]);
    const more = planOf({ target: bare, current: first, observed: servingObserved(first) });
    assert.match(JSON.stringify(more.changes), /basic-auth.*hidden/);
    assert.doesNotMatch(JSON.stringify(more.changes), /SHA|k1/);
  });

  test('that it is pulled along, asked for, or mended', () => {
    const linked = makeRelease(1, [
      web('v1', { dependsOn: { db: { condition: 'service_healthy', restart: true } } }),
      makeSpec('db', recreate),
      makeSpec('api'),
      makeSpec('job'),
    ]);
    const target = makeRelease(2, [
      ...Object.values(linked.services).filter((spec) => spec.name !== 'db'),
      makeSpec('db', { code: 'v2', ...recreate }),
    ]);
    const dead = servingObserved(linked, {
      change: (one) => (one.service === 'job' ? { ...one, state: 'exited' } : one),
    });
    const plan = planOf({ target, current: linked, observed: dead, force: new Set(['api']) });
    const causes = Object.fromEntries(plan.changes.map((change) => [change.service, change.causes.at(-1)?.path]));
    assert.deepEqual(causes, {
      db: 'source.revision',
      web: 'depends_on.db.restart',
      api: 'restart',
      job: 'instances.job-r1-1',
    });
  });

  test('nothing of leftovers of a failed deployment, which are removed all the same', () => {
    const release = makeRelease(1, [makeSpec('web')]);
    const left = { ...servingObserved(makeRelease(7, [makeSpec('web', { code: 'bad' })])).instances[0] };
    const seen = { ...servingObserved(release), instances: [...servingObserved(release).instances, left as never] };
    const plan = planOf({
      target: makeRelease(2, [makeSpec('web', { code: 'v2' })]),
      current: release,
      observed: seen,
    });
    assert.match(planText(plan), /remove:web-r7-1/);
  });
});

function args(...more: readonly string[]): ServiceSpec['process'] {
  return { command: ['run', ...more], cwd: '.', setup: [], env: {} };
}
