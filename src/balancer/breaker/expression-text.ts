import type { BreakerExpression, Measure } from '#model/policy.ts';

/** The expression as Traefik's documentation writes it, to tell people why a breaker opened. */
export function expressionText(expression: BreakerExpression): string {
  switch (expression.kind) {
    case 'compare':
      return `${measureText(expression.measure)} ${expression.than} ${expression.value}`;
    case 'all':
      return expression.of.map(inBrackets).join(' && ');
    case 'any':
      return expression.of.map(expressionText).join(' || ');
    case 'not':
      return `!${inBrackets(expression.of)}`;
  }
  expression satisfies never;
}

function inBrackets(expression: BreakerExpression): string {
  return expression.kind === 'compare' ? expressionText(expression) : `(${expressionText(expression)})`;
}

function measureText(measure: Measure): string {
  switch (measure.kind) {
    case 'response-code-ratio':
      return `ResponseCodeRatio(${measure.from}, ${measure.to}, ${measure.ofFrom}, ${measure.ofTo})`;
    case 'network-error-ratio':
      return 'NetworkErrorRatio()';
    case 'latency-at-quantile':
      return `LatencyAtQuantileMS(${measure.quantile})`;
  }
  measure satisfies never;
}
