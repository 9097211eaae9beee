import type { Match } from '#model/route.ts';

/** A match as a Traefik rule: what people read in plans, and whose length is the default priority. */
export function ruleText(match: Match): string {
  switch (match.kind) {
    case 'host':
      return `Host(\`${match.name}\`)`;
    case 'host-regexp':
      return `HostRegexp(\`${match.pattern}\`)`;
    case 'path':
      return `Path(\`${match.path}\`)`;
    case 'path-prefix':
      return `PathPrefix(\`${match.prefix}\`)`;
    case 'path-regexp':
      return `PathRegexp(\`${match.pattern}\`)`;
    case 'method':
      return `Method(\`${match.method}\`)`;
    case 'header':
      return `Header(\`${match.name}\`, \`${match.value}\`)`;
    case 'header-regexp':
      return `HeaderRegexp(\`${match.name}\`, \`${match.pattern}\`)`;
    case 'query':
      return `Query(\`${match.name}\`, \`${match.value}\`)`;
    case 'query-regexp':
      return `QueryRegexp(\`${match.name}\`, \`${match.pattern}\`)`;
    case 'client-ip':
      return `ClientIP(\`${match.range}\`)`;
    case 'all':
      return match.of.map((one) => (one.kind === 'any' ? `(${ruleText(one)})` : ruleText(one))).join(' && ');
    case 'any':
      return match.of.map(ruleText).join(' || ');
    case 'not':
      return match.of.kind === 'all' || match.of.kind === 'any' ? `!(${ruleText(match.of)})` : `!${ruleText(match.of)}`;
  }
  match satisfies never;
}
