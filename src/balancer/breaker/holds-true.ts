import type { BreakerExpression, Comparison, Measure } from '#model/policy.ts';
import type { Window } from './window.ts';

/** Does the expression hold for what the window saw up to `now`? */
export function holdsTrue(expression: BreakerExpression, window: Window, now: number): boolean {
  switch (expression.kind) {
    case 'compare':
      return comparisons[expression.than](measure(expression.measure, window, now), expression.value);
    case 'all':
      return expression.of.every((one) => holdsTrue(one, window, now));
    case 'any':
      return expression.of.some((one) => holdsTrue(one, window, now));
    case 'not':
      return !holdsTrue(expression.of, window, now);
  }
  expression satisfies never;
}

const comparisons: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

function measure(what: Measure, window: Window, now: number): number {
  switch (what.kind) {
    case 'response-code-ratio': {
      const among = window.answers(now, what.ofFrom, what.ofTo);
      return among === 0 ? 0 : window.answers(now, what.from, what.to) / among;
    }
    case 'network-error-ratio':
      return window.networkErrorRatio(now);
    case 'latency-at-quantile':
      return window.latencyAt(now, what.quantile);
  }
  what satisfies never;
}
