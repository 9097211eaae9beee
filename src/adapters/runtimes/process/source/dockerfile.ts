/** What the process runtime reads off a Dockerfile: it does not build it, but it can say and guess better with it. */
export interface DockerfileFacts {
  /** Ports of EXPOSE in the last stage. */
  readonly ports: readonly number[];
  /** ENTRYPOINT and CMD of the last stage, to propose as `x-timonel.process.command`. */
  readonly command: readonly string[] | undefined;
}

/** Reads the last stage (or the stage `target`). Lines that it does not understand count for nothing. */
export function readDockerfile(text: string, target?: string): DockerfileFacts {
  const stages = stagesOf(instructionsOf(text));
  const stage = stages.find((one) => one.name === target) ?? stages.at(-1);
  const last = (name: string): string[] => {
    const found = stage?.instructions.findLast((one) => one.name === name);
    return found === undefined ? [] : wordsOf(found.rest);
  };
  const command = [...last('ENTRYPOINT'), ...last('CMD')];
  const exposed = (stage?.instructions ?? []).filter((one) => one.name === 'EXPOSE');
  const ports = exposed.flatMap((one) => one.rest.split(/\s+/).map(portOf)).filter((port) => port !== undefined);
  return { ports: [...new Set(ports)], command: command.length === 0 ? undefined : command };
}

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

function instructionsOf(text: string): Instruction[] {
  const joined = text.replace(/^\s*#.*\n?/gm, '').replace(/\\[ \t]*\r?\n/g, ' ');
  return joined.split('\n').flatMap((line) => {
    const [, name, rest = ''] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name: name.toUpperCase(), rest: rest.trim() }];
  });
}

function stagesOf(instructions: readonly Instruction[]) {
  const stages: { readonly name: string | undefined; readonly instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      stages.push({ name: /\sas\s+(\S+)/i.exec(instruction.rest)?.[1], instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

function wordsOf(rest: string): string[] {
  try {
    const words: unknown = JSON.parse(rest);
    if (Array.isArray(words)) return words.map(String);
  } catch {
    // The shell form.
  }
  return ['sh', '-c', rest];
}

/** `8080`, `8080/tcp`; a variable or a UDP port is none. */
function portOf(word: string): number | undefined {
  const port = /^(\d+)(\/tcp)?$/.exec(word)?.[1];
  return port === undefined ? undefined : Number(port);
}
