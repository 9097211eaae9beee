import type { Allowance, Window } from '#model/policy.ts';
import { horizon, wrap } from './bucket-times.ts';
import { remember, tooMany } from './limit-answers.ts';
import type { RuleContext } from './pieces.ts';

/** The numbers that an entry keeps for a window beside its counter. */
export const slotsOfWindow = 3;

/** A window among those of its rule, and where the entry has its numbers. */
interface Place extends Window {
  readonly n: number;
  readonly when: string;
  readonly sc: number;
  /** When the present period began; how many had been accepted by then; how many of them in the period before. */
  readonly slots: Readonly<Record<'start' | 'base' | 'older', string>>;
}

/**
 * Counts by periods as long as the window, and lets the older one fade while the present one lasts. The proxy's own
 * rates do so too, but do not tell when a request will fit again. What is refused is taken back, so that a client that
 * keeps asking gets in again: one counter has all requests, whose place in the row it tells each of them, and another
 * has the refused ones.
 */
export function windowRules(
  { windows }: Extract<Allowance, { kind: 'windows' }>,
  { when, counter }: RuleContext,
): string[] {
  const { sc, slot } = counter ?? { sc: 0, slot: 0 };
  const places = windows.map((window, n): Place => {
    const [start = '', base = '', older = ''] = [0, 1, 2].map((part) => `${slot + slotsOfWindow * n + part},${sc}`);
    return { ...window, n, when, sc, slots: { start, base, older } };
  });
  return [
    `http-request set-var(txn.now) date(0,ms),${wrap} if ${when}`,
    `http-request set-var(txn.all) sc_inc_gpc0(${sc}),sub(1) if ${when}`,
    `http-request set-var(txn.refused) sc_get_gpc1(${sc}) if ${when}`,
    `http-request set-var(txn.all) var(txn.all),sub(txn.refused) if ${when}`,
    ...places.flatMap(turn),
    ...places.flatMap(judge),
    ...places.flatMap(({ n, requests: limit }) =>
      remember({ limit, left: `int(${limit - 1}),sub(txn.used${n})`, resetMs: `var(txn.rest${n})` }, when),
    ),
  ];
}

/**
 * A period that is over becomes the older one; two periods later nothing is left of it. The beginning is written first:
 * another thread that looks in between shall not begin a period too.
 */
function turn({ n, perMs, when, slots: { start, base, older } }: Place): string[] {
  const period = Math.ceil(perMs);
  const isNew = `if ${when} { var(txn.start) -m int eq 0 }`;
  const isOver = `if ${when} { var(txn.age) -m int ge ${period} }`;
  const isStale = `if ${when} { var(txn.age) -m int ge ${2 * period} }`;
  return [
    `http-request set-var(txn.start) sc_get_gpt(${start}) if ${when}`,
    `http-request set-var(txn.age) var(txn.now),sub(txn.start),${wrap} if ${when}`,
    // Each thread has a clock of its own: by that of this one the period may begin only soon.
    `http-request set-var(txn.age) int(0) if ${when} { var(txn.age) -m int ge ${horizon} }`,
    `http-request set-var(txn.age) int(0) ${isNew}`,
    `http-request sc-set-gpt(${start}) var(txn.now) ${isNew}`,
    `http-request set-var(txn.start) var(txn.now) ${isNew}`,
    `http-request set-var(txn.start) var(txn.start),add(${period}),${wrap} ${isOver}`,
    `http-request set-var(txn.start) var(txn.now) ${isStale}`,
    `http-request sc-set-gpt(${start}) var(txn.start) ${isOver}`,
    `http-request set-var(txn.before) sc_get_gpt(${base}) ${isOver}`,
    `http-request set-var(txn.before) var(txn.all),sub(txn.before) ${isOver}`,
    `http-request set-var(txn.before) int(0) ${isStale}`,
    `http-request sc-set-gpt(${base}) var(txn.all) ${isOver}`,
    `http-request sc-set-gpt(${older}) var(txn.before) ${isOver}`,
    `http-request set-var(txn.rest${n}) var(txn.start),add(${period}),sub(txn.now),${wrap} if ${when}`,
  ];
}

/** Until a request fits again the older period must fade further, or the present one be over and fade. */
function judge({ n, requests, perMs, when, sc, slots: { base, older } }: Place): string[] {
  const period = Math.ceil(perMs);
  const [used, rest] = [`txn.used${n}`, `txn.rest${n}`];
  const isFull = `if ${when} { var(${used}) -m int ge ${requests} }`;
  const isByItself = `{ var(txn.present) -m int ge ${requests} }`;
  return [
    `http-request set-var(txn.older) sc_get_gpt(${older}) if ${when}`,
    `http-request set-var(txn.base) sc_get_gpt(${base}) if ${when}`,
    `http-request set-var(${used}) var(txn.older),mul(${rest}) if ${when}`,
    `http-request set-var(txn.present) var(txn.all),sub(txn.base) if ${when}`,
    `http-request set-var(${used}) var(txn.present),mul(${period}),add(${used}),div(${period}) if ${when}`,
    `http-request set-var(txn.wait) var(txn.present),sub(${requests}),mul(${period}),div(txn.present),add(${rest}) ${isFull} ${isByItself}`,
    `http-request set-var(txn.wait) int(${requests}),sub(txn.present),mul(${period}),div(txn.older),neg,add(${rest}) ${isFull} !${isByItself}`,
    // Whole seconds, and never too few.
    `http-request set-var(txn.wait) var(txn.wait),add(1000),div(1000) ${isFull}`,
    `http-request sc-inc-gpc1(${sc}) ${isFull}`,
    `${tooMany(requests)} ${isFull}`,
  ];
}
