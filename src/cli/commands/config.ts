import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadRequest, LoadResult } from '#compose/contract.ts';
import { fail, reasonOf } from '#core/errors.ts';
import { hasErrors, sortFindings } from '#core/finding.ts';
import { wordedFinding } from '#daemon/worded.ts';
import type { Project } from '#model/project.ts';
import { hasComposeFile, projectRequest } from '../client/project-request.ts';
import { type Context, command } from '../command.ts';
import { renderConfig } from '../config-output.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags, type Flags } from '../flags.ts';
import { InvalidFile } from '../render/failure.ts';
import { renderFinding } from '../render/finding.ts';
import { loadHere } from '../wire.ts';

const flags = {
  ...composeFlags,
  format: {
    kind: 'value',
    value: 'yaml|json',
    choices: ['yaml', 'json', 'table'],
    text: { en: 'form of the output (default: yaml)', es: 'forma de la salida (por omisión: yaml)' },
  },
  output: {
    kind: 'value',
    short: 'o',
    value: 'FILE',
    text: { en: 'write into a file', es: 'escribe en un archivo' },
  },
  quiet: { kind: 'switch', short: 'q', text: { en: 'only check, print nothing', es: 'solo revisa, no imprime nada' } },
  services: { kind: 'switch', text: { en: 'names of the services', es: 'nombres de los servicios' } },
  volumes: { kind: 'switch', text: { en: 'names of the volumes', es: 'nombres de los volúmenes' } },
  networks: { kind: 'switch', text: { en: 'names of the networks', es: 'nombres de las redes' } },
  models: { kind: 'switch', text: { en: 'names of the models', es: 'nombres de los modelos' } },
  images: { kind: 'switch', text: { en: 'images of the services', es: 'imágenes de los servicios' } },
  profiles: { kind: 'switch', text: { en: 'names of the profiles', es: 'nombres de los perfiles' } },
  variables: { kind: 'switch', text: { en: 'variables that the file uses', es: 'variables que usa el archivo' } },
  environment: {
    kind: 'switch',
    text: { en: 'where variables are looked up', es: 'entorno en que se buscan las variables' },
  },
  hash: {
    kind: 'value',
    value: 'SERVICE|*',
    text: { en: 'configuration hash of services', es: 'hash de la configuración de los servicios' },
  },
  'resolve-image-digests': {
    kind: 'switch',
    text: { en: 'pin images by the digest of their tag', es: 'fija las imágenes por el digest de su etiqueta' },
  },
  'no-interpolate': { kind: 'switch', text: { en: 'leave variables as written', es: 'deja las variables como están' } },
  'no-normalize': { kind: 'switch', text: { en: 'add nothing implied', es: 'no agrega lo implícito' } },
  'no-path-resolution': { kind: 'switch', text: { en: 'leave paths as written', es: 'deja las rutas como están' } },
  'no-consistency': {
    kind: 'switch',
    text: { en: 'do not check references', es: 'no revisa las referencias' },
  },
  'no-env-resolution': {
    kind: 'switch',
    text: { en: 'leave env_file unread', es: 'no lee los env_file' },
  },
} as const satisfies Flags;

export const config = command({
  usage: '[DIR] [SERVICE ...]',
  about: {
    en: `Checks a Compose file and prints the model it stands for, as docker compose config does. An argument that is a folder
with a Compose file is the project's place; any other names a service. Needs no daemon and changes nothing.`,
    es: `Revisa un archivo Compose e imprime el modelo que representa, como docker compose config. Un argumento que es una
carpeta con archivo Compose es el lugar del proyecto; cualquier otro nombra un servicio. No necesita el servicio timonel
ni cambia nada.`,
  },
  flags,
  examples: ['timonel config --format json', 'timonel config systems/documentos --quiet', 'timonel config --hash "*"'],
  async run(context) {
    const { request, base } = loadRequest(context);
    const loaded = await loadHere(request);
    const project = checked(loaded, base, context);
    if (context.args.is('quiet')) return exitCodes.done;
    write(await renderConfig(context, loaded, project), context);
    return exitCodes.done;
  },
});

function loadRequest(context: Context): { readonly request: LoadRequest; readonly base: string } {
  const { args, cwd } = context;
  const [first, ...others] = args.positionals;
  const isPlace = first !== undefined && hasComposeFile(resolve(cwd, first));
  const services = isPlace ? others : args.positionals;
  const { runtime: _, ...request } = projectRequest(context, isPlace ? first : undefined);
  return {
    base: request.cwd,
    request: {
      ...request,
      services,
      options: {
        interpolate: !args.is('no-interpolate'),
        normalize: !args.is('no-normalize'),
        resolvePaths: !args.is('no-path-resolution'),
        consistency: !args.is('no-consistency'),
        resolveEnvironment: !args.is('no-env-resolution'),
      },
    },
  };
}

/** Tells every finding; goes on with the model when none is an error. */
function checked(loaded: LoadResult, base: string, context: Context): Project {
  const findings = sortFindings(loaded.findings).map((one) => wordedFinding(one, context.language));
  if (loaded.project === undefined || hasErrors(loaded.findings)) throw new InvalidFile(findings, base);
  for (const one of findings) context.terminal.err(renderFinding(one, { ...context, base }));
  return loaded.project;
}

function write(text: string, { args, cwd, terminal }: Context): void {
  const file = args.text('output');
  if (file === undefined) {
    terminal.out(text);
    return;
  }
  try {
    writeFileSync(resolve(cwd, file), text);
  } catch (error) {
    throw fail('CLI_OUTPUT_FILE', { file, reason: reasonOf(error) }, { cause: error });
  }
}
