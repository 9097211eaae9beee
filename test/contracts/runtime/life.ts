import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TimonelError } from '#core/errors.ts';
import { deaf, ends, leavesChild, server, slowToStop } from '../programs.ts';
import { ask, instanceOf, listening, never, observed, type RuntimeStage, said, stopNow, until } from '../stage.ts';

/** Start, stop, restart, remove, and ends that nobody asked for. */
export function lifeContract(kind: string, make: () => Promise<RuntimeStage>): void {
  const check = (name: string, act: (stage: RuntimeStage) => Promise<void>): void => {
    test(`${kind}: ${name}`, { timeout: 60_000 }, async () => {
      await using stage = await make();
      await act(stage);
    });
  };

  check('a started instance runs at its own address, and is observed', async (stage) => {
    const spec = await stage.service(server);
    const first = await stage.runtime.start(instanceOf(stage, spec), never);
    const second = await stage.runtime.start(instanceOf(stage, spec, { number: 2 }), never);
    assert.notEqual(first.address, second.address);
    assert.match(await ask(first, 'pid'), /^\d+$/);
    assert.match(await ask(second, 'pid'), /^\d+$/);
    const found = await observed(stage, first.id);
    assert.deepEqual(found, first);
    assert.equal(found?.state, 'running');
    assert.equal(found?.restarts, 0);
    assert.equal(found?.fingerprint, spec.fingerprint);
    assert.ok(Math.abs((found?.startedAt ?? 0) - Date.now()) < 30_000, 'startedAt is about now');
    assert.deepEqual(await stage.runtime.observe('another-project'), []);
  });

  check('starting what runs changes nothing', async (stage) => {
    const instance = instanceOf(stage, await stage.service(server));
    const first = await stage.runtime.start(instance, never);
    const both = await Promise.all([stage.runtime.start(instance, never), stage.runtime.start(instance, never)]);
    assert.deepEqual(both, [first, first]);
  });

  check('a start that is aborted leaves nothing running', async (stage) => {
    const instance = instanceOf(stage, await stage.service(server));
    await assert.rejects(
      stage.runtime.start(instance, AbortSignal.abort(new Error('changed my mind'))),
      /changed my mind/,
    );
    assert.notEqual((await observed(stage, instance.id))?.state, 'running');
  });

  check('a stop waits for the instance to end by itself', async (stage) => {
    const instance = instanceOf(stage, await stage.service(slowToStop(300)));
    await stage.runtime.start(instance, never);
    await said(stage, 'ready');
    const outcome = await stage.runtime.stop(stage.project.name, instance.id, stopNow);
    assert.equal(outcome.killed, false);
    assert.ok(outcome.tookMs >= 250 && outcome.tookMs < 3000, `took ${outcome.tookMs} ms`);
    const after = await observed(stage, instance.id);
    assert.equal(after?.state, 'exited');
    assert.equal(after?.exit?.code, 0);
  });

  check('what ignores its signal is killed after the grace', async (stage) => {
    const instance = instanceOf(stage, await stage.service(deaf));
    await stage.runtime.start(instance, never);
    await said(stage, 'ready');
    const outcome = await stage.runtime.stop(stage.project.name, instance.id, { signal: 'SIGTERM', graceMs: 400 });
    assert.equal(outcome.killed, true);
    assert.ok(outcome.tookMs >= 400 && outcome.tookMs < 8000, `took ${outcome.tookMs} ms`);
    assert.equal((await observed(stage, instance.id))?.state, 'exited');
  });

  check('a stop ends also what moved into a session of its own', async (stage) => {
    const instance = instanceOf(stage, await stage.service(leavesChild));
    const { pid } = await stage.runtime.start(instance, never);
    const child = Number((await said(stage, 'child ')).text.split(' ')[1]);
    assert.ok(pid === undefined || isRunning(child), 'the child runs');
    const { tookMs } = await stage.runtime.stop(stage.project.name, instance.id, stopNow);
    assert.ok(tookMs < 3000, `took ${tookMs} ms`);
    // Pids inside a container are not those outside of it.
    if (pid !== undefined) assert.equal(isRunning(child), false);
  });

  check('the end of an instance is told, with its code', async (stage) => {
    using heard = listening(stage.runtime);
    const instance = instanceOf(stage, await stage.service(server));
    const running = await stage.runtime.start(instance, never);
    await ask(running, 'exit/7');
    const event = await until('the event', () => heard.events.find((one) => one.instance === instance.id));
    assert.equal(event.project, stage.project.name);
    assert.equal(event.exit?.code, 7);
    assert.equal(event.exit?.outOfMemory, false);
    const after = await observed(stage, instance.id);
    assert.equal(after?.state, 'exited');
    assert.deepEqual(after?.exit, event.exit);
  });

  check('a restart runs the same instance again and counts', async (stage) => {
    const instance = instanceOf(stage, await stage.service(server));
    const first = await stage.runtime.start(instance, never);
    await ask(first, 'exit/1');
    await until('the end', async () => (await observed(stage, instance.id))?.state === 'exited' || undefined);
    const again = await stage.runtime.restart(stage.project.name, instance.id, never);
    assert.equal(again.restarts, 1);
    assert.equal(again.state, 'running');
    assert.equal(again.exit, undefined);
    assert.match(await ask(again, 'pid'), /^\d+$/);
    const once = await stage.runtime.restart(stage.project.name, instance.id, never);
    assert.equal(once.restarts, 1, 'restarting what runs does nothing');
  });

  check('an instance that ends at once is an ended instance, not an error', async (stage) => {
    const instance = instanceOf(stage, await stage.service(ends(3)));
    await stage.runtime.start(instance, never);
    const after = await until('the end', async () => {
      const now = await observed(stage, instance.id);
      return now?.state === 'exited' ? now : undefined;
    });
    assert.equal(after.exit?.code, 3);
  });

  check('removing takes a stopped instance away, and refuses a running one', async (stage) => {
    const instance = instanceOf(stage, await stage.service(server));
    await stage.runtime.start(instance, never);
    await assert.rejects(stage.runtime.remove(stage.project.name, instance.id), TimonelError);
    await stage.runtime.stop(stage.project.name, instance.id, stopNow);
    await stage.runtime.remove(stage.project.name, instance.id);
    assert.deepEqual(await stage.runtime.observe(stage.project.name), []);
  });

  check('what is not there is stopped and removed without complaint, but not run', async (stage) => {
    await stage.runtime.ready();
    const { name } = stage.project;
    assert.equal((await stage.runtime.stop(name, 'web-r9-9', stopNow)).killed, false);
    await stage.runtime.remove(name, 'web-r9-9');
    await assert.rejects(stage.runtime.restart(name, 'web-r9-9', never), TimonelError);
    await assert.rejects(stage.runtime.exec(name, 'web-r9-9', ['true'], 1000), TimonelError);
  });
}

/** A zombie is nobody's process any more. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
