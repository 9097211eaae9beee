import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { counts, talks } from '../programs.ts';
import { instanceOf, linesOf, never, type RuntimeStage, said, stopNow, until } from '../stage.ts';

/** What instances say, and what is kept of it. */
export function logsContract(kind: string, make: () => Promise<RuntimeStage>): void {
  const check = (name: string, act: (stage: RuntimeStage) => Promise<void>): void => {
    test(`${kind}: ${name}`, { timeout: 60_000 }, async () => {
      await using stage = await make();
      await act(stage);
    });
  };

  check('every line of both streams is kept, also after the instance is removed', async (stage) => {
    const { runtime, project } = stage;
    const began = Date.now();
    const instance = instanceOf(stage, await stage.service(talks(40)), { release: 3 });
    await runtime.start(instance, never);
    await said(stage, 'line 40');
    await runtime.stop(project.name, instance.id, stopNow);
    await runtime.remove(project.name, instance.id);
    const lines = await linesOf(stage);
    const odd = lines.filter((line) => line.stream === 'stdout').map((line) => line.text);
    const even = lines.filter((line) => line.stream === 'stderr').map((line) => line.text);
    const numbers = (first: number) => Array.from({ length: 20 }, (_, index) => `line ${first + index * 2}`);
    assert.deepEqual(odd, [...numbers(1), 'last words']);
    assert.deepEqual(even, numbers(2));
    const [line] = lines;
    assert.deepEqual(
      { project: line?.project, service: line?.service, instance: line?.instance, release: line?.release },
      { project: project.name, service: 'web', instance: instance.id, release: 3 },
    );
    for (const { time } of lines) assert.ok(time >= began - 1000 && time <= Date.now() + 1000, `time ${time}`);
  });

  check('lines of all releases come in the order of time, and can be chosen', async (stage) => {
    const { runtime, project } = stage;
    const spec = await stage.service(talks(4));
    for (const release of [1, 2]) {
      const instance = instanceOf(stage, spec, { release });
      await runtime.start(instance, never);
      await said(stage, 'line 4', { release });
      await runtime.stop(project.name, instance.id, stopNow);
    }
    const all = await linesOf(stage, { services: ['web', 'other'] });
    const times = all.map((line) => line.time);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.equal(all.length, 10);
    const second = await linesOf(stage, { release: 2 });
    assert.deepEqual(new Set(second.map((line) => line.instance)), new Set(['web-r2-1']));
    assert.deepEqual(await linesOf(stage, { instance: 'web-r2-1' }), second);
    assert.deepEqual(await linesOf(stage, { tail: 3 }), all.slice(-3));
    assert.deepEqual(await linesOf(stage, { tail: 0 }), []);
    const since = second[0]?.time ?? 0;
    assert.deepEqual(
      await linesOf(stage, { since }),
      all.filter((line) => line.time >= since),
    );
    assert.deepEqual(await linesOf(stage, { services: ['nothing'] }), []);
  });

  check('a follower sees what comes, once, until it leaves', async (stage) => {
    const instance = instanceOf(stage, await stage.service(counts));
    await stage.runtime.start(instance, never);
    const leave = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      const query = { project: stage.project.name, follow: true };
      for await (const line of stage.runtime.logs(query, leave.signal)) {
        seen.push(line.text);
        if (seen.length >= 100) leave.abort();
      }
    })();
    await Promise.race([following, delay(20_000, undefined, { ref: false })]);
    const numbers = seen.map((text) => Number(text.split(' ')[1]));
    assert.ok(numbers.length >= 100, `${numbers.length} lines`);
    assert.deepEqual(
      numbers,
      Array.from({ length: numbers.length }, (_, index) => 1 + index),
    );
  });

  check('a follower also sees instances that start later', async (stage) => {
    const leave = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const line of stage.runtime.logs({ project: stage.project.name, follow: true }, leave.signal)) {
        seen.push(`${line.service} ${line.text}`);
      }
    })();
    for (const name of ['one', 'two']) {
      const spec = await stage.service(talks(1), { name });
      await stage.runtime.start(instanceOf(stage, spec), never);
      await until(`the line of ${name}`, () => seen.includes(`${name} line 1`) || undefined);
    }
    leave.abort();
    await following;
  });
}
