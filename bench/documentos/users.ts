import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './target.ts';

export const FORMATOS = ['pdf', 'docx', 'odt'] as const;
export type Formato = (typeof FORMATOS)[number];

const IDS = [1, 2, 3, 5, 8, 13, 21, 34];

/** The number of users moves evenly to `users` within `seconds`; the first stage starts at `from`, or at its own end. */
export type Stage = { readonly seconds: number; readonly users: number; readonly from?: number };

export type Profile = {
  readonly stages: readonly Stage[];
  /** Shortest and longest pause between two requests of a user, in seconds. */
  readonly pause: readonly [number, number];
  readonly formatos?: readonly Formato[];
};

export type Sample = {
  readonly formato: Formato;
  readonly status: number;
  readonly bytes: number;
  readonly ms: number;
};

/** Lets users ask for random certificates as the profile says; gives one sample a request. */
export async function runUsers(target: Target, { stages, pause, formatos = FORMATOS }: Profile): Promise<Sample[]> {
  const samples: Sample[] = [];
  const start = performance.now();
  const wanted = (): number => usersAt(stages, (performance.now() - start) / 1000);
  const most = Math.max(...stages.map(({ users, from = 0 }) => Math.max(users, from)));
  const end = stages.reduce((sum, { seconds }) => sum + seconds, 0);

  const user = async (number: number): Promise<void> => {
    while ((performance.now() - start) / 1000 < end) {
      if (number >= wanted()) {
        await sleep(50);
        continue;
      }
      samples.push(await ask(target, pick(formatos)));
      const [shortest, longest] = pause;
      if (longest > 0) await sleep(1000 * (shortest + Math.random() * (longest - shortest)));
    }
  };
  await Promise.all(Array.from({ length: Math.ceil(most) }, (_, i) => user(i)));
  return samples;
}

function usersAt(stages: readonly Stage[], second: number): number {
  let before = stages.length === 1 ? stages[0]?.users : stages[0]?.from;
  let left = second;
  for (const { seconds, users } of stages) {
    const from = before ?? 0;
    if (left <= seconds) return from + ((users - from) * left) / seconds;
    left -= seconds;
    before = users;
  }
  return 0;
}

async function ask(target: Target, formato: Formato): Promise<Sample> {
  const start = performance.now();
  const answer = await target.get(`/api/v1/certificado/${pick(IDS)}/${formato}`);
  return { formato, ...answer, ms: performance.now() - start };
}

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(Math.random() * from.length)] as T;
}
