/** What we read off a Dockerfile without building it. */
export interface DockerfileFacts {
  /** Ports of EXPOSE in the built stage and the stages it is based on. */
  readonly ports: readonly number[];
  /** The image that the built stage ends in, as written; undefined where it is `scratch` or holds a variable. */
  readonly base: string | undefined;
  /** Uses what only BuildKit understands. */
  readonly needsBuildKit: boolean;
}

interface Stage {
  readonly name: string | undefined;
  readonly base: string;
  readonly exposed: readonly number[];
}

/** Reads the stage `target`, or the last one. Lines that it does not understand count for nothing. */
export function readDockerfile(text: string, target: string | undefined): DockerfileFacts {
  const stages = stagesOf(text);
  const chain = chainOf(stages, stages.find((stage) => stage.name === target) ?? stages.at(-1));
  const base = chain.at(-1)?.base;
  return {
    ports: [...new Set(chain.flatMap((stage) => stage.exposed))],
    base: base === undefined || base === 'scratch' || base.includes('$') ? undefined : base,
    needsBuildKit: needsBuildKit(text),
  };
}

/** The stage and those it builds on, from the last to the first. */
function chainOf(stages: readonly Stage[], last: Stage | undefined): readonly Stage[] {
  const chain: Stage[] = [];
  let stage = last;
  while (stage !== undefined && !chain.includes(stage)) {
    chain.push(stage);
    const { base } = stage;
    stage = stages.find((one) => one.name === base.toLowerCase());
  }
  return chain;
}

function stagesOf(text: string): readonly Stage[] {
  const stages: { name: string | undefined; base: string; exposed: number[] }[] = [];
  for (const { name, rest } of instructionsOf(text)) {
    if (name === 'FROM') {
      const words = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
      const alias = words[1]?.toLowerCase() === 'as' ? words[2]?.toLowerCase() : undefined;
      stages.push({ name: alias, base: words[0] ?? '', exposed: [] });
    }
    if (name === 'EXPOSE') stages.at(-1)?.exposed.push(...rest.split(/\s+/).flatMap(portOf));
  }
  return stages;
}

function instructionsOf(text: string): readonly { readonly name: string; readonly rest: string }[] {
  const joined = text.replace(/^\s*#.*\n?/gm, '').replace(/\\[ \t]*\r?\n/g, ' ');
  return joined.split('\n').flatMap((line) => {
    const [, name, rest = ''] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name: name.toUpperCase(), rest: rest.trim() }];
  });
}

/** `8080`, `8080/tcp`; a variable, a range or a UDP port is none. */
function portOf(word: string): number[] {
  const port = /^(\d+)(\/tcp)?$/.exec(word)?.[1];
  return port === undefined ? [] : [Number(port)];
}

function needsBuildKit(text: string): boolean {
  return [
    /^#\s*syntax\s*=/im,
    /^\s*RUN\s+--(mount|network|security)=/im,
    /^\s*(COPY|ADD)\s+.*--(link|parents|exclude|checksum|chmod)\b/im,
    /^\s*(RUN|COPY|ADD)\s(.*\s)?\d*<<-?["']?[a-z_]\w*/im,
  ].some((pattern) => pattern.test(text));
}
