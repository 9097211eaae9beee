import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BreakerExpression } from '#model/policy.ts';
import { ExpressionError, parseBreakerExpression } from './breaker-expression.ts';

function text(expression: BreakerExpression): string {
  switch (expression.kind) {
    case 'compare': {
      const { kind, ...facts } = expression.measure;
      return `${kind}(${Object.values(facts).join(' ')})${expression.than}${expression.value}`;
    }
    case 'not':
      return `!${text(expression.of)}`;
    default:
      return `(${expression.of.map(text).join(expression.kind === 'all' ? ' and ' : ' or ')})`;
  }
}

const read: readonly (readonly [given: string, expected: string])[] = [
  ['NetworkErrorRatio() > 0.30', 'network-error-ratio()>0.3'],
  ['networkErrorRatio() > 0.5', 'network-error-ratio()>0.5'],
  ['ResponseCodeRatio(500, 600, 0, 600) > 0.25', 'response-code-ratio(500 600 0 600)>0.25'],
  ['LatencyAtQuantileMS(50.0) > 100', 'latency-at-quantile(50)>100'],
  [
    'NetworkErrorRatio()>.1 || LatencyAtQuantileMS(99)>=1 && ResponseCodeRatio(500,600,0,600)!=0',
    '(network-error-ratio()>0.1 or (latency-at-quantile(99)>=1 and response-code-ratio(500 600 0 600)!=0))',
  ],
  [
    '!(NetworkErrorRatio() < 0.1) && (NetworkErrorRatio() <= 1 || NetworkErrorRatio() == 1)',
    '(!network-error-ratio()<0.1 and (network-error-ratio()<=1 or network-error-ratio()==1))',
  ],
];

for (const [given, expected] of read) {
  test(`reads ${given}`, () => assert.equal(text(parseBreakerExpression(given)), expected));
}

const refused: readonly (readonly [given: string, column: number, reason: RegExp])[] = [
  ['', 1, /unknown measure the end/],
  ['NetworkErorRatio() > 1', 1, /did you mean NetworkErrorRatio/],
  ['NetworkErrorRatio() 0.5', 21, /expected a comparison/],
  ['NetworkErrorRatio() > ', 23, /expected a number, found "the end"/],
  ['NetworkErrorRatio() > 0.5)', 26, /unexpected "\)"/],
  ['(NetworkErrorRatio() > 0.5', 27, /expected "\)"/],
  ['NetworkErrorRatio() > 0.5 & 1', 27, /unexpected "&"/],
  ['ResponseCodeRatio(500, 600) > 0.5', 1, /needs four/],
  ['ResponseCodeRatio(600, 500, 0, 600) > 0.5', 1, /not empty/],
  ['LatencyAtQuantileMS(0) > 5', 1, /quantile over 0/],
  ['NetworkErrorRatio(5) > 5', 1, /no arguments/],
  ['NetworkErrorRatio() > 0.5 || || NetworkErrorRatio() > 0.5', 30, /unknown measure/],
];

for (const [given, column, reason] of refused) {
  test(`refuses "${given}" at ${column}`, () => {
    assert.throws(
      () => parseBreakerExpression(given),
      (error) => error instanceof ExpressionError && error.column === column && reason.test(error.message),
    );
  });
}
