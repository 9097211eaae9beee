import type { Code, FactsOf } from './catalogue.ts';

/** Where a sentence looks a fact up in a closed set, an example from that set. */
const chosen: { readonly [C in Code]?: Partial<FactsOf<C>> } = {
  ADOPT_VARIABLE_DIFFERS: { how: 'value' },
  COMPOSE_UNDEFINED: { kind: 'volume' },
  COMPOSE_WRONG_TYPE: { demanded: ['list', 'mapping'], found: 'string' },
  COMPOSE_VALUE: { needed: 'integer' },
  COMPOSE_CAST: { demanded: 'int' },
  COMPOSE_PORT_NUMBER: { part: 'hostPort' },
  COMPOSE_DURATION: { problem: 'no-unit' },
  COMPOSE_COMMAND_LINE: { problem: 'unbalanced' },
  NGINX_SYNTAX: { problem: 'quote' },
  NGINX_NOT_CARRIED: { reason: 'static' },
  NGINX_CHANGED: { change: 'prefix' },
  CANARY_ASKED: { verdict: 'pass' },
  CANARY_COMPARED: { measure: 'p95', verdict: 'pass' },
  EVENT_CANARY: { verdict: 'pass', state: 'judging' },
  EVENT_DEPLOYMENT_ENDED: { state: 'succeeded' },
  CANARY_WORSE: { measure: 'p95' },
  PROGRESS_CANARY: { verdict: 'pass', state: 'judging' },
  RUNTIME_KEY_HARMLESS: { why: 'containers' },
  RUNTIME_KEY_IMPOSSIBLE: { why: 'containers' },
};

/**
 * Facts for the message `code`: each is a placeholder `<name>` that also serves as a number, a list and an object, so
 * that the documentation and the tests can render every sentence.
 */
export function exampleFacts(code: Code): Readonly<Record<string, unknown>> {
  const known: Readonly<Record<string, unknown>> = chosen[code] ?? {};
  return new Proxy(
    {},
    { get: (_target, name) => (typeof name === 'string' ? (known[name] ?? placeholder(name)) : undefined) },
  );
}

function placeholder(name: string): unknown {
  const shown = `<${name}>`;
  return new Proxy(() => {}, {
    get: (_target, member) => {
      if (member === Symbol.toPrimitive) return (kind: string) => (kind === 'number' ? 7 : shown);
      if (member === Symbol.iterator) return [shown][Symbol.iterator].bind([shown]);
      if (member === 'toString' || member === 'toJSON') return () => shown;
      if (member === 'length') return 2;
      const list: unknown = Reflect.get(Array.prototype, member);
      if (typeof list === 'function') return list.bind([shown]);
      const text: unknown = Reflect.get(String.prototype, member);
      if (typeof text === 'function') return text.bind(shown);
      return placeholder(`${name}.${String(member)}`);
    },
  });
}
