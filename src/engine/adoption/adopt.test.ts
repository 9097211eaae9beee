import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import { say } from '#core/messages/say.ts';
import type { Engine } from '#engine/api.ts';
import type { AdoptionPort, FoundContainer } from '#world/adoption.ts';
import { makeSpec } from '../../../test/support/specs.ts';
import { fakeRuntime } from '../../../test/support/world/fake-runtime.ts';
import { FakeWorld } from '../../../test/support/world/fake-world.ts';

const image = {
  source: { kind: 'image', reference: 'shop/web:1', revision: 'sha256:web', ports: [8000] },
  names: ['sha256:web'],
  process: { environment: { PATH: '/bin', BASE: '1' }, command: ['serve'], entrypoint: [], user: '' },
} as const;

function found(given: Partial<FoundContainer> = {}): FoundContainer {
  return {
    ...{
      container: 'c1',
      name: 'shop_web_1',
      service: 'web',
      number: 1,
      state: 'running',
      exitCode: 0,
      address: '10.0.0.2',
    },
    ...{ image, process: { ...image.process, environment: { ...image.process.environment, TOKEN: 'secret' } } },
    ...{ mounts: [], networks: ['shop_default'], onIpv6: [], openConnections: 0 },
    published: [{ address: '0.0.0.0', port: 8080, target: 8000, protocol: 'tcp' }],
    ...given,
  } as FoundContainer;
}

const web = makeSpec('web', {
  runtime: 'docker',
  source: image.source,
  environment: { TOKEN: 'secret' },
  service: { ports: [{ target: 8000, published: '8080' }] },
});

/** What Docker Compose runs, and what became of it. */
class Stack implements AdoptionPort {
  containers: readonly FoundContainer[] = [found()];
  readonly calls: string[] = [];
  fails: string | undefined;
  find = async () => this.containers;
  take: AdoptionPort['take'] = async (_project, takings) => {
    this.#note(`take ${takings.map((one) => `${one.container} as ${one.id}`).join(', ')}`);
  };
  giveBack = async () => this.#note('give back');
  divert: AdoptionPort['divert'] = async (_project, diversions) => {
    this.#note(`divert ${diversions.map((one) => one.port).join(', ')}`);
  };
  heldPorts = async () => this.containers.flatMap((one) => one.published);
  directConnections = async () => 0;
  refusedByFirewall = async () => [8080];

  #note(call: string): void {
    this.calls.push(call);
    if (this.fails !== undefined && call.startsWith(this.fails)) throw new Error('spoiled by the test');
  }
}

let world: FakeWorld;
let engine: Engine;
let stack: Stack;
beforeEach(() => {
  world = new FakeWorld();
  stack = new Stack();
  const docker = { ...fakeRuntime(world.machine, 'docker'), adoption: stack };
  engine = world.makeEngine({ ...world.world, runtimes: { process: undefined, docker } }, {});
  world.files(web);
});
afterEach(async () => {
  await engine.close();
  await world.close();
});

const adopt = (dryRun = false) => engine.adopt({ request: { cwd: '/srv/shop', env: {} }, by: 'a test', dryRun });
const published = () => world.machine.table.listeners.filter((one) => one.kind === 'published');

describe('an adoption', () => {
  test('lets the proxy wait beside a port that Docker holds, and records what runs', async () => {
    const adopted = await adopt();
    assert.equal(adopted.release, 1);
    assert.deepEqual(
      adopted.services.map((one) => [one.service, one.fits, one.instances[0]?.id]),
      [['web', true, 'web-r1-1']],
    );
    assert.deepEqual(stack.calls, ['divert 8080', 'take c1 as web-r1-1']);
    const [listener] = published();
    assert.ok(listener !== undefined && listener.port >= 30_000, JSON.stringify(listener));
    assert.equal(world.machine.table.backends['shop/web:8000']?.servers[0]?.address, '10.0.0.2');
    assert.equal(world.store.project('shop')?.serving, 1);
    assert.equal(world.store.release('shop', 1)?.services.web?.fingerprint, web.fingerprint);
    const said = adopted.findings.map((one) => say(one.said, 'en'));
    assert.ok(
      said.some((one) => /firewall/.test(one)),
      said.join('\n'),
    );
    assert.equal(world.store.lockHolder('shop'), undefined);
    await assert.rejects(adopt(), (error) => hasCode(error, 'ADOPT_ALREADY_SERVES'));
  });

  test('says before what stays with Docker: connections that are open, and IPv6', async () => {
    stack.containers = [
      found({ openConnections: 3, onIpv6: [8080] }),
      found({ container: 'c2', number: 2, openConnections: 2, published: [] }),
    ];
    const said = (await adopt(true)).findings.map((one) => say(one.said, 'en')).join('\n');
    assert.match(said, /web: connections that are open now \(5\) stay with Docker.* waits 10 s/);
    assert.equal(said.match(/port 8080 answers on IPv6 too/g)?.length, 1);
  });

  test('that is only tried changes nothing', async () => {
    assert.equal((await adopt(true)).release, undefined);
    assert.deepEqual(stack.calls, []);
    assert.equal(world.store.project('shop'), undefined);
  });

  for (const fails of ['divert 8080', 'take'])
    test(`that fails at “${fails}” leaves the stack as it was, and can be done again`, async () => {
      stack.fails = fails;
      await assert.rejects(adopt(), /spoiled/);
      assert.deepEqual(published(), []);
      assert.equal(stack.calls.includes('give back'), true);
      assert.equal(world.store.project('shop')?.serving, undefined);
      assert.equal(world.store.lockHolder('shop'), undefined);
      stack.fails = undefined;
      assert.equal((await adopt()).release, 1);
    });

  test('names what differs, without a value of a variable, and what it leaves alone', async () => {
    stack.containers = [
      found({
        process: { ...image.process, environment: { PATH: '/bin', TOKEN: 'leaked', OLD: '1' }, user: 'root' },
        mounts: [{ type: 'volume', source: 'shop_data', target: '/data' }],
      }),
      found({ container: 'c2', name: 'shop_web_2', state: 'exited', exitCode: 1 }),
      found({ container: 'c3', name: 'shop_old_1', service: 'old' }),
    ];
    const { services, findings } = await adopt(true);
    assert.deepEqual(
      services.map((one) => [one.fits, one.instances.length]),
      [[false, 1]],
    );
    const said = findings.map((one) => say(one.said, 'en'));
    for (const expected of [
      'web: user is root in the container and - in the file',
      'web: the variable BASE of the file is not set in the container',
      'web: the variable OLD of the container is not in the file',
      'web: the variable TOKEN has another value in the container than in the file',
      'web: volumes is shop_data:/data in the container and - in the file',
      'web: shop_web_2 does not run, so it was left alone',
      'shop_old_1: the file has no service old, so it was left alone',
    ])
      assert.ok(said.includes(expected), `${expected}\n\n${said.join('\n')}`);
    assert.doesNotMatch(said.join('\n'), /secret|leaked/);
  });

  test('of nothing, and of a UDP port, is refused', async () => {
    stack.containers = [];
    await assert.rejects(adopt(), (error) => hasCode(error, 'ADOPT_NOTHING'));
    stack.containers = [found({ published: [{ address: '0.0.0.0', port: 8080, target: 8000, protocol: 'udp' }] })];
    await assert.rejects(adopt(), (error) => hasCode(error, 'ADOPT_UDP'));
    assert.deepEqual(stack.calls, []);
  });
});
