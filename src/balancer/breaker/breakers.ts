import { fingerprint } from '#core/hash.ts';
import type { BreakerRule } from '#model/policy.ts';
import type { Route, RouteTable } from '#model/route.ts';
import { routeMark } from '../names.ts';
import { breakerName } from '../policy/breaker.ts';
import { policyId } from '../policy/render-policy.ts';
import { holdsTrue } from './holds-true.ts';
import { type Sample, Window } from './window.ts';

/** `open`: nothing passes; `recovering`: a growing share does; `closed`: everything. */
export type BreakerState = 'closed' | 'open' | 'recovering';

interface Breaker {
  readonly name: string;
  readonly rule: BreakerRule;
  readonly window: Window;
  /** Milliseconds since the epoch. */
  openedAt: number;
  checkedAt: number;
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
    const known = new Map([...this.#byRoute.values()].flat().map((one) => [keyOf(one.name, one.rule), one]));
    this.#byRoute = new Map(
      watchedRoutes(table).map((route) => [
        routeMark(route),
        breakersOf(route).map(({ name, rule }) => known.get(keyOf(name, rule)) ?? fresh(name, rule)),
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

  /** The state of each route's breakers; a route is as open as its most open one. */
  states(now: number): readonly { readonly route: string; readonly state: BreakerState }[] {
    return [...this.#byRoute].map(([route, breakers]) => {
      const states = breakers.map((one) => stateOf(one, now));
      return {
        route,
        state: states.find((one) => one === 'open') ?? states.find((one) => one !== 'closed') ?? 'closed',
      };
    });
  }
}

function breakersOf(route: Route): { name: string; rule: BreakerRule }[] {
  return (route.policy?.rules ?? []).flatMap((rule, index) =>
    rule.kind === 'breaker' ? [{ name: breakerName(policyId(route), index), rule }] : [],
  );
}

function keyOf(name: string, rule: BreakerRule): string {
  return `${name} ${fingerprint(rule)}`;
}

function fresh(name: string, rule: BreakerRule): Breaker {
  const never = Number.NEGATIVE_INFINITY;
  return { name, rule, window: new Window(), openedAt: never, checkedAt: never };
}

function stateOf({ openedAt, rule }: Breaker, now: number): BreakerState {
  const since = now - openedAt;
  if (since < rule.fallbackMs) return 'open';
  return since < rule.fallbackMs + rule.recoveryMs ? 'recovering' : 'closed';
}
