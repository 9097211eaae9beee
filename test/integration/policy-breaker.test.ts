import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutOf } from '#adapters/haproxy/layout.ts';
import { proxyProcesses } from '#adapters/haproxy/processes.ts';
import { WorkerLine } from '#adapters/haproxy/worker-line.ts';
import { type LabelledStage, setLabelledStage, tally } from '../support/labelled-stage.ts';

const quick = { 'cb.circuitbreaker.fallbackduration': '1s', 'cb.circuitbreaker.recoveryduration': '1s' };
const byCode = { 'cb.circuitbreaker.expression': 'ResponseCodeRatio(500, 600, 0, 600) > 0.25' };

/** Asks one after the other until `isEnough`; gives all answers. */
async function askUntil(stage: LabelledStage, path: (n: number) => string, isEnough: (status: number) => boolean) {
  const answers: { status: number; headers: Readonly<Record<string, unknown>> }[] = [];
  const end = Date.now() + 8000;
  while (Date.now() < end) {
    const answer = await stage.ask(path(answers.length));
    answers.push(answer);
    if (isEnough(answer.status)) return answers;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not within 8 s: ${JSON.stringify(tally(answers))}`);
}

test('above a quarter of 500 the breaker opens with 503, lets nothing through, and closes again by itself', async () => {
  await using stage = await setLabelledStage({ middlewares: { ...byCode, ...quick }, attach: 'cb' });
  for (let n = 0; n < 20; n++) assert.equal((await stage.ask('/')).status, 200);
  const failing = await askUntil(
    stage,
    () => '/status/500',
    (status) => status === 503,
  );
  assert.ok(failing.length >= 4, 'not before a quarter failed');
  const refused = failing.at(-1);
  assert.ok(Number(refused?.headers['retry-after']) >= 1);
  const reached = stage.web.requests();
  for (let n = 0; n < 20; n++) assert.equal((await stage.ask('/')).status, 503);
  assert.equal(stage.web.requests(), reached, 'an open breaker spares the service');
  await askUntil(
    stage,
    () => '/',
    (status) => status === 200,
  );
  await new Promise((resolve) => setTimeout(resolve, 1100));
  for (let n = 0; n < 20; n++) assert.equal((await stage.ask('/')).status, 200);
});

test('a fifth of 500 does not open it', async () => {
  await using stage = await setLabelledStage({ middlewares: { ...byCode, ...quick }, attach: 'cb' });
  for (let n = 1; n <= 100; n++) {
    const { status } = await stage.ask(n % 5 === 0 ? '/status/500' : '/');
    assert.equal(status, n % 5 === 0 ? 500 : 200);
  }
});

test('half of the answers slower than 100 ms open it', async () => {
  const expression = { 'cb.circuitbreaker.expression': 'LatencyAtQuantileMS(50.0) > 100' };
  await using stage = await setLabelledStage({ middlewares: { ...expression, ...quick }, attach: 'cb' });
  for (let n = 0; n < 5; n++) assert.equal((await stage.ask('/slow/20')).status, 200);
  await askUntil(
    stage,
    () => '/slow/150',
    (status) => status === 503,
  );
});

test('a service that is gone opens it by its network errors', async () => {
  const expression = { 'cb.circuitbreaker.expression': 'NetworkErrorRatio() > 0.5' };
  await using stage = await setLabelledStage({ middlewares: { ...expression, ...quick }, attach: 'cb' });
  assert.equal((await stage.ask('/')).status, 200);
  await stage.web.kill();
  const answers = await askUntil(
    stage,
    () => '/',
    () => false,
  ).catch((error: Error) => error.message);
  assert.match(String(answers), /503/);
  const open = await stage.ask('/');
  assert.equal((JSON.parse(open.body) as { error: string }).error, 'CircuitOpen');
});

test('an open breaker stays open whatever worker comes, also where the one before could not tell', async () => {
  const slower = { ...quick, 'cb.circuitbreaker.fallbackduration': '1m' };
  await using stage = await setLabelledStage({ middlewares: { ...byCode, ...slower }, attach: 'cb' });
  await askUntil(
    stage,
    () => '/status/500',
    (status) => status === 503,
  );
  const { breakerMap, masterSocket, config } = layoutOf(stage.home);
  const line = new WorkerLine(masterSocket);
  // As if it had opened after the successor was told what is open.
  await line.ask((await line.current()) ?? 0, `clear map ${breakerMap}`);
  const labels = { 'routers.web.rule': 'Host(`a.localhost`) && PathPrefix(`/`)' };
  await stage.write({ middlewares: { ...byCode, ...slower }, attach: 'cb', labels });
  assert.equal((await stage.ask('/')).status, 503);
  const died = new Promise<void>((resolve) => stage.balancer.watch(resolve));
  for (const one of proxyProcesses(config)) process.kill(one.pid, 'SIGKILL');
  await died;
  await stage.balancer.ensureRunning();
  assert.equal((await stage.ask('/')).status, 503);
});

test('an open breaker stays open after the daemon is gone, and closes although nobody watches any more', async () => {
  const slower = { ...quick, 'cb.circuitbreaker.fallbackduration': '2s' };
  await using stage = await setLabelledStage({ middlewares: { ...byCode, ...slower }, attach: 'cb' });
  await askUntil(
    stage,
    () => '/status/500',
    (status) => status === 503,
  );
  const opened = Date.now();
  await stage.balancer.close();
  const later = stage.another();
  const { balancer: _, ...place } = stage;
  await later.ensureRunning();
  await later.close();
  assert.equal((await place.ask('/')).status, 503);
  await askUntil(
    stage,
    () => '/',
    (status) => status === 200,
  );
  assert.ok(Date.now() - opened >= 1900);
});

test('a deployment with another rule begins with a closed breaker, and so it says', async () => {
  const labels = (pause: string) => ({
    middlewares: { ...byCode, ...quick, 'cb.circuitbreaker.fallbackduration': pause },
    attach: 'cb',
  });
  await using stage = await setLabelledStage(labels('1m'));
  await askUntil(
    stage,
    () => '/status/500',
    (status) => status === 503,
  );
  await stage.write(labels('2m'));
  assert.deepEqual(
    stage.balancer.breakers().map((one) => one.state),
    ['closed'],
  );
  assert.equal((await stage.ask('/')).status, 200);
});
