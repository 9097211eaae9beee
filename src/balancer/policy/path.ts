import { argument, quote } from '../quote.ts';
import { sentPath } from '../sent-path.ts';
import { replacing } from './go-pattern.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { escapePattern, literal } from './text.ts';

/** `/api/x` becomes `/x` and `/api` becomes `/`, but `/apix` stays: a prefix ends where a part of the path ends. */
export function stripPrefix(rule: RuleOf<'strip-prefix'>, { when }: RuleContext): Pieces {
  const isFirst = '!{ var(txn.prefix) -m found }';
  const prefixes = rule.prefixes.map((given) => sentPath(given.replace(/\/$/, '')));
  const start = (prefix: string) => `^${escapePattern(prefix)}`;
  return {
    request: [
      `http-request unset-var(txn.prefix) if ${when}`,
      ...prefixes.map(
        (prefix) =>
          `http-request set-var(txn.prefix) ${quote(`str(${argument(prefix)})`)} if ${when} ${isFirst} { path -m reg -- ${quote(`${start(prefix)}(/|$)`)} }`,
      ),
      `http-request set-header X-Forwarded-Prefix %[var(txn.prefix)] if ${when} { var(txn.prefix) -m found }`,
      ...prefixes.map(
        (prefix) =>
          `http-request replace-path ${quote(`${start(prefix)}/?(.*)$`)} /\\1 if ${when} { var(txn.prefix) -m str -- ${quote(prefix)} }`,
      ),
    ],
  };
}

export function stripPrefixRegex({ patterns }: RuleOf<'strip-prefix-regex'>, { when }: RuleContext): Pieces {
  return {
    request: patterns.flatMap((pattern) => {
      const matches = `{ path -m reg -- ${quote(`^(?:${pattern})`)} }`;
      return [
        `http-request set-header X-Forwarded-Prefix ${quote(`%[path,${replacing(`^(${pattern}).*$`, '$1')}]`)} if ${when} ${matches}`,
        `http-request set-path ${quote(`%[path,${replacing(`^(?:${pattern})/?`, '/')}]`)} if ${when} ${matches}`,
      ];
    }),
  };
}

export function addPrefix({ prefix }: RuleOf<'add-prefix'>, { when }: RuleContext): Pieces {
  return { request: [`http-request set-path ${quote(`${sentPath(prefix).replaceAll('%', '%%')}%[path]`)} if ${when}`] };
}

export function replacePath({ path }: RuleOf<'replace-path'>, { when }: RuleContext): Pieces {
  return {
    request: [
      `http-request set-header X-Replaced-Path %[path] if ${when}`,
      `http-request set-path ${literal(sentPath(path))} if ${when}`,
    ],
  };
}

export function replacePathRegex(rule: RuleOf<'replace-path-regex'>, { when }: RuleContext): Pieces {
  const matches = `{ path -m reg -- ${quote(rule.pattern)} }`;
  return {
    request: [
      `http-request set-header X-Replaced-Path %[path] if ${when} ${matches}`,
      `http-request set-path ${quote(`%[path,${replacing(rule.pattern, rule.replacement)}]`)} if ${when} ${matches}`,
    ],
  };
}
