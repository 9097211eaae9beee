import type { BreakerState, BreakerStatus } from '#model/metrics.ts';
import type { BreakerRule } from '#model/policy.ts';
import type { Route, RouteTable } from '#model/route.ts';
import { policyId, routeMark } from '../names.ts';
import { breakerName } from '../policy/breaker.ts';
import { expressionText } from './expression-text.ts';
import { holdsTrue } from './holds-true.ts';
import { type Sample, Window } from './window.ts';

interface Breaker {
  readonly name: string;
  readonly route: Route;
  readonly rule: BreakerRule;
  readonly window: Window;
  /** Milliseconds since the epoch. */
  openedAt: number;
  checkedAt: number;
  /** What was last told of it. */
  told: BreakerState;
}

/** The routes whose answers must be told, because a breaker watches them. */
export function watchedRoutes(table: RouteTable): readonly Route[] {
  return table.routes.filter((route) => route.policy?.rules.some((rule) => rule.kind === 'breaker'));
}

/** Decides, from how requests end, which breakers open and when. The proxy closes them again by itself. */
export class Breakers {
  #byRoute = new Map<string, Breaker[]>();

  /** Takes over a table's breakers. One that was there before, unchanged, keeps what it saw. */
  watch(table: RouteTable): void {
    const known = new Map(this.#all().map((one) => [one.name, one]));
    this.#byRoute = new Map(
      watchedRoutes(table).map((route) => [
        routeMark(route),
        breakersOf(route).map(({ name, rule }) => known.get(name) ?? fresh(name, route, rule)),
      ]),
    );
  }

  /** @returns the names of the breakers that open because of this sample */
  record(sample: Sample): readonly string[] {
    const { at } = sample;
    return (this.#byRoute.get(sample.route) ?? [])
      .filter((breaker) => {
        // What ends now began before it opened.
        if (stateOf(breaker, at) === 'open') return false;
        breaker.window.add(sample);
        if (at - breaker.checkedAt < breaker.rule.checkPeriodMs) return false;
        breaker.checkedAt = at;
        if (!holdsTrue(breaker.rule.expression, breaker.window, at)) return false;
        breaker.openedAt = at;
        breaker.window.clear();
        return true;
      })
      .map((breaker) => breaker.name);
  }

  /** Takes over when the proxy says that breakers opened, by name: a daemon before us opened them. */
  resume(openedAt: ReadonlyMap<string, number>): void {
    for (const one of this.#all()) one.openedAt = Math.max(one.openedAt, openedAt.get(one.name) ?? never);
  }

  /** When those opened that let not everything through yet, by name. */
  opened(now: number): ReadonlyMap<string, number> {
    const some = this.#all().filter((one) => stateOf(one, now) !== 'closed');
    return new Map(some.map((one) => [one.name, one.openedAt]));
  }

  states(now: number): readonly BreakerStatus[] {
    return this.#all().map((one) => statusOf(one, now));
  }

  /** Those whose state is another one than when this was last asked. */
  turned(now: number): readonly BreakerStatus[] {
    return this.#all().flatMap((one) => {
      const status = statusOf(one, now);
      if (status.state === one.told) return [];
      one.told = status.state;
      return [status];
    });
  }

  #all(): readonly Breaker[] {
    return [...this.#byRoute.values()].flat();
  }
}

function breakersOf(route: Route): { name: string; rule: BreakerRule }[] {
  return (route.policy?.rules ?? []).flatMap((rule, index) =>
    rule.kind === 'breaker' ? [{ name: breakerName(policyId(route), index, rule), rule }] : [],
  );
}

const never = Number.NEGATIVE_INFINITY;

function fresh(name: string, route: Route, rule: BreakerRule): Breaker {
  return { name, route, rule, window: new Window(), openedAt: never, checkedAt: never, told: 'closed' };
}

function statusOf(breaker: Breaker, now: number): BreakerStatus {
  const { route, rule, openedAt } = breaker;
  const state = stateOf(breaker, now);
  const { fallbackMs, recoveryMs } = rule;
  const began = { open: 0, recovering: fallbackMs, closed: fallbackMs + recoveryMs }[state];
  const lastsMs = { open: fallbackMs, recovering: recoveryMs, closed: fallbackMs + recoveryMs }[state];
  return {
    ...{ project: route.project, service: route.service, route: route.name, state },
    since: openedAt === never ? undefined : openedAt + began,
    lastsMs,
    why: expressionText(rule.expression),
  };
}

function stateOf({ openedAt, rule }: Breaker, now: number): BreakerState {
  const since = now - openedAt;
  if (since < rule.fallbackMs) return 'open';
  return since < rule.fallbackMs + rule.recoveryMs ? 'recovering' : 'closed';
}
