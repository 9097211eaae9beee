import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counts, server } from '../programs.ts';
import {
  ask,
  instanceOf,
  linesOf,
  listening,
  never,
  observed,
  type RuntimeStage,
  said,
  stopNow,
  until,
} from '../stage.ts';

/** A restarted daemon finds everything as it was. */
export function takeoverContract(kind: string, make: () => Promise<RuntimeStage>): void {
  const check = (name: string, act: (stage: RuntimeStage) => Promise<void>): void => {
    test(`${kind}: ${name}`, { timeout: 60_000 }, async () => {
      await using stage = await make();
      await act(stage);
    });
  };

  check('instances run on without a runtime and are found again by the next', async (stage) => {
    const instance = instanceOf(stage, await stage.service(server));
    const before = await stage.runtime.start(instance, never);
    const pid = await ask(before, 'pid');
    await stage.reopen();
    assert.deepEqual(await observed(stage, instance.id), before);
    assert.equal(await ask(before, 'pid'), pid);
    assert.deepEqual(await stage.runtime.start(instance, never), before, 'starting it again does nothing');
    const inside = await stage.runtime.exec(stage.project.name, instance.id, ['node', '-p', '6 * 7'], 10_000);
    assert.equal(inside.output, '42\n');
    const outcome = await stage.runtime.stop(stage.project.name, instance.id, stopNow);
    assert.equal(outcome.killed, false);
    assert.equal((await observed(stage, instance.id))?.state, 'exited');
  });

  check('the end of an instance that was taken over is told', async (stage) => {
    const instance = instanceOf(stage, await stage.service(server));
    const running = await stage.runtime.start(instance, never);
    await ask(running, 'pid');
    await stage.reopen();
    using heard = listening(stage.runtime);
    await observed(stage, instance.id);
    await ask(running, 'exit/5');
    const event = await until('the event', () => heard.events.find((one) => one.instance === instance.id));
    assert.notEqual(event.exit, undefined);
    const again = await stage.runtime.restart(stage.project.name, instance.id, never);
    assert.equal(again.address, running.address);
    assert.equal(again.restarts, 1);
  });

  check('an instance that ended while nobody looked is found ended', async (stage) => {
    const instance = instanceOf(stage, await stage.service(server));
    const running = await stage.runtime.start(instance, never);
    await ask(running, 'pid');
    await stage.runtime.close();
    await ask(running, 'exit/5');
    await stage.reopen();
    const found = await until('the end', async () => {
      const now = await observed(stage, instance.id);
      return now?.state === 'exited' ? now : undefined;
    });
    assert.notEqual(found.exit, undefined);
  });

  check('no line is lost or doubled over restarts of the runtime', async (stage) => {
    const instance = instanceOf(stage, await stage.service(counts));
    await stage.runtime.start(instance, never);
    for (const waited of ['n 20', 'n 60', 'n 120']) {
      await said(stage, waited);
      await stage.reopen();
    }
    await said(stage, 'n 180');
    await stage.runtime.stop(stage.project.name, instance.id, stopNow);
    const numbers = (await linesOf(stage)).map((line) => Number(line.text.split(' ')[1]));
    assert.deepEqual(
      numbers,
      Array.from({ length: numbers.length }, (_, index) => 1 + index),
    );
  });
}
