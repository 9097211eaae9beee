import type { BuildWishes } from '#world/runtime.ts';
import { readAssignments } from '../assignments.ts';
import { type Context, command } from '../command.ts';
import { composeFlags, type Flags, runtimeFlags } from '../flags.ts';
import { showMake } from '../make.ts';

const flags = {
  ...composeFlags,
  ...runtimeFlags,
  'no-cache': {
    kind: 'switch',
    text: { en: 'build anew, without what was built before', es: 'construye de nuevo, sin lo construido antes' },
  },
  pull: { kind: 'switch', text: { en: 'look for newer base images', es: 'busca imágenes base más nuevas' } },
  'build-arg': {
    kind: 'list',
    value: 'NAME=VALUE',
    text: {
      en: 'a build argument for this build; NAME alone takes it from here; may be repeated',
      es: 'un argumento para esta construcción; NOMBRE solo lo toma de aquí; se puede repetir',
    },
  },
  progress: {
    kind: 'value',
    value: 'plain|quiet',
    choices: ['auto', 'tty', 'plain', 'quiet'],
    text: { en: 'quiet: as --quiet', es: 'quiet: como --quiet' },
  },
  quiet: { kind: 'switch', short: 'q', text: { en: 'only the results', es: 'solo los resultados' } },
} as const satisfies Flags;

export const build = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Builds what the Compose file's services with a build run, so that the next deployment finds it made. The same
input is built once, unless --no-cache, --pull or --build-arg ask for it anew: then the next deployment runs what comes out,
and a rollback still finds what ran before. Nothing is started or replaced.`,
    es: `Construye lo que ejecutan los servicios del archivo Compose con build, para que el próximo despliegue lo encuentre
hecho. La misma entrada se construye una sola vez, salvo que --no-cache, --pull o --build-arg la pidan de nuevo: entonces el
próximo despliegue ejecuta lo que resulte, y volver atrás encuentra lo anterior. No se inicia ni se reemplaza nada.`,
  },
  flags,
  examples: [
    'timonel build --runtime docker',
    'timonel build web',
    'timonel build --no-cache --pull web',
    'timonel build --build-arg VERSION=7 web',
  ],
  run: (context) => {
    const { args } = context;
    const anew = wishesOf(context);
    const isQuiet = args.is('quiet') || args.text('progress') === 'quiet';
    return showMake(context, {
      which: 'built',
      services: args.positionals,
      progress: isQuiet ? 'quiet' : 'told',
      ...(anew === undefined ? {} : { anew }),
    });
  },
});

function wishesOf({ args, env }: Context<typeof flags>): BuildWishes | undefined {
  const [noCache, pull, words] = [args.is('no-cache'), args.is('pull'), args.list('build-arg')];
  if (!noCache && !pull && words.length === 0) return undefined;
  return { noCache, pull, args: readAssignments(words, env) };
}
