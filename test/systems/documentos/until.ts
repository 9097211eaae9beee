import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` gives something truthy and returns it; throws after 10 s, saying what it waited for. */
export async function until<T>(what: string, condition: () => Promise<T> | T, timeoutMs = 10_000): Promise<T & {}> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(20);
  }
}
