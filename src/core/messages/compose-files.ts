import { message } from './message.ts';
import { yamlProblem } from './yaml-problems.ts';

/** What the Compose loader says about files: finding, reading and parsing them, and putting them together. */
export const composeFileMessages = {
  COMPOSE_NOT_FOUND: message<{ directory: string }>({
    en: (f) => `no Compose file in ${f.directory} or any folder above`,
    es: (f) => `no hay ningún archivo Compose en ${f.directory} ni en las carpetas superiores`,
    hint: {
      en: 'go to the folder that has compose.yaml, or name the file with -f FILE',
      es: 'vaya a la carpeta que contiene compose.yaml o indique el archivo con -f ARCHIVO',
    },
  }),
  COMPOSE_SEVERAL_FILES: message<{ used: string; others: readonly string[] }>({
    en: (f) => `several Compose files here: ${f.used} is used, ${f.others.join(', ')} is not`,
    es: (f) => `hay varios archivos Compose: se usa ${f.used}, no se usa ${f.others.join(', ')}`,
    hint: {
      en: (f) => `remove those that are not meant, or say which: -f ${f.used}`,
      es: (f) => `elimine los que sobran o indique cuál: -f ${f.used}`,
    },
  }),
  COMPOSE_FILE_MISSING: message<{ file: string }>({
    en: (f) => `${f.file} does not exist`,
    es: (f) => `${f.file} no existe`,
    hint: {
      en: 'create it, or correct the path',
      es: 'créelo o corrija la ruta',
    },
  }),
  COMPOSE_FILE_IS_DIRECTORY: message<{ file: string }>({
    en: (f) => `${f.file} is a directory, a file is needed`,
    es: (f) => `${f.file} es un directorio y se necesita un archivo`,
    hint: { en: 'name a file inside it', es: 'indique un archivo de ese directorio' },
  }),
  COMPOSE_FILE_TOO_LARGE: message<{ file: string; limit: number }>({
    en: (f) => `${f.file} is larger than ${f.limit} MiB`,
    es: (f) => `${f.file} ocupa más de ${f.limit} MiB`,
    hint: {
      en: 'move large contents into files of their own and mount those',
      es: 'lleve los contenidos grandes a archivos propios y móntelos',
    },
  }),
  COMPOSE_FILE_UNREADABLE: message<{ file: string; reason: string }>({
    en: (f) => `${f.file} cannot be read: ${f.reason}`,
    es: (f) => `no se puede leer ${f.file}: ${f.reason}`,
    hint: {
      en: 'check that it is UTF-8 text and that you may read it',
      es: 'compruebe que es texto UTF-8 y que tiene permiso de lectura',
    },
  }),
  COMPOSE_TOO_MANY_FILES: message<{ limit: number }>({
    en: (f) => `more than ${f.limit} files are named by includes, extends and env files`,
    es: (f) => `include, extends y env_file nombran más de ${f.limit} archivos`,
    hint: { en: 'look for files that name one another', es: 'busque archivos que se nombran entre sí' },
  }),
  COMPOSE_LINK_LEAVES_PROJECT: message<{ file: string; target: string }>({
    en: (f) => `${f.file} is a link that leaves the project: it is read from ${f.target}`,
    es: (f) => `${f.file} es un enlace que sale del proyecto: se lee de ${f.target}`,
    hint: {
      en: 'copy the file into the project, or make sure that the link is meant',
      es: 'copie el archivo dentro del proyecto o asegúrese de que el enlace es intencionado',
    },
  }),
  COMPOSE_REMOTE: message<{ reference: string }>({
    en: (f) => `${f.reference} is a remote reference; only local files can be loaded`,
    es: (f) => `${f.reference} es una referencia remota; solo se cargan archivos locales`,
    hint: {
      en: 'download the file into the project and name the copy',
      es: 'descargue el archivo en el proyecto e indique la copia',
    },
  }),
  COMPOSE_NAME_INVALID: message<{ name: string; normal: string }>({
    en: (f) =>
      `invalid project name "${f.name}": small letters, digits, - and _ only, beginning with a letter or digit`,
    es: (f) =>
      `nombre de proyecto no válido "${f.name}": solo minúsculas, dígitos, - y _, empezando por una letra o un dígito`,
    hint: {
      en: (f) => (f.normal === '' ? 'choose another name: -p NAME' : `use -p ${f.normal}`),
      es: (f) => (f.normal === '' ? 'elija otro nombre: -p NOMBRE' : `use -p ${f.normal}`),
    },
  }),
  COMPOSE_NAME_EMPTY: message<{ from: string }>({
    en: (f) => `no project name is left of "${f.from}"`,
    es: (f) => `de "${f.from}" no queda ningún nombre de proyecto`,
    hint: {
      en: 'name the project: -p NAME, or name: in the file',
      es: 'dé un nombre al proyecto: -p NOMBRE o name: en el archivo',
    },
  }),
  COMPOSE_EMPTY: message<{ file: string }>({
    en: (f) => `${f.file} is an empty Compose file`,
    es: (f) => `${f.file} es un archivo Compose vacío`,
    hint: { en: 'describe at least one service under services:', es: 'describa al menos un servicio en services:' },
  }),
  COMPOSE_ROOT: message<{ file: string }>({
    en: (f) => `${f.file} must be a mapping of keys such as services:`,
    es: (f) => `${f.file} debe ser un mapa de claves como services:`,
    hint: { en: 'begin the file with services:', es: 'empiece el archivo con services:' },
  }),
  COMPOSE_YAML_SYNTAX: message<{ problem: string; detail: string }>({
    en: (f) => `not valid YAML: ${f.detail}`,
    es: (f) => `YAML no válido: ${yamlProblem(f.problem).es}`,
    hint: { en: (f) => yamlProblem(f.problem).fix.en, es: (f) => yamlProblem(f.problem).fix.es },
  }),
  COMPOSE_YAML_DUPLICATE_KEY: message<{ key: string; line: number }>({
    en: (f) => `key "${f.key}" is already defined on line ${f.line}`,
    es: (f) => `la clave "${f.key}" ya está definida en la línea ${f.line}`,
    hint: { en: 'keep one of the two', es: 'deje solo una de las dos' },
  }),
  COMPOSE_YAML_KEY_NOT_TEXT: message<{ where: string; key: string }>({
    en: (f) => `key ${f.key} ${f.where === '' ? 'at top level' : `in ${f.where}`} is not text`,
    es: (f) => `la clave ${f.key} ${f.where === '' ? 'del primer nivel' : `de ${f.where}`} no es texto`,
    hint: { en: (f) => `put it in quotes: "${f.key}"`, es: (f) => `póngala entre comillas: "${f.key}"` },
  }),
  COMPOSE_YAML_TAG: message<{ tag: string; value: string }>({
    en: (f) => `"${f.value}" does not fit its tag ${f.tag}`,
    es: (f) => `"${f.value}" no corresponde a su etiqueta ${f.tag}`,
    hint: { en: 'remove the tag or correct the value', es: 'quite la etiqueta o corrija el valor' },
  }),
  COMPOSE_YAML_TAG_UNKNOWN: message<{ tag: string }>({
    en: (f) => `the tag ${f.tag} has no meaning in a Compose file`,
    es: (f) => `la etiqueta ${f.tag} no significa nada en un archivo Compose`,
    hint: { en: 'remove it; Compose knows !reset and !override', es: 'elimínela; Compose conoce !reset y !override' },
  }),
  COMPOSE_YAML_ALIAS_UNKNOWN: message<{ name: string }>({
    en: (f) => `*${f.name} refers to an anchor that is not defined before it in this file`,
    es: (f) => `*${f.name} se refiere a un ancla que no está definida antes en este archivo`,
    hint: {
      en: (f) => `define it with &${f.name}; anchors do not reach from one file to another`,
      es: (f) => `defínala con &${f.name}; las anclas no pasan de un archivo a otro`,
    },
  }),
  COMPOSE_YAML_ALIAS_CYCLE: message<{ name: string }>({
    en: (f) => `*${f.name} stands inside the value that &${f.name} names: a cycle`,
    es: (f) => `*${f.name} está dentro del valor que nombra &${f.name}: un ciclo`,
    hint: { en: 'take the alias out of its own value', es: 'saque el alias de su propio valor' },
  }),
  COMPOSE_YAML_MERGE_KEY: message({
    en: '<< takes a mapping or a list of mappings',
    es: '<< admite un mapa o una lista de mapas',
    hint: {
      en: 'write <<: *anchor where the anchor names a mapping',
      es: 'escriba <<: *ancla donde el ancla nombre un mapa',
    },
  }),
  COMPOSE_YAML_TOO_DEEP: message<{ limit: number }>({
    en: (f) => `values are nested deeper than ${f.limit} levels`,
    es: (f) => `los valores están anidados en más de ${f.limit} niveles`,
    hint: { en: 'look for brackets that are never closed', es: 'busque corchetes que no se cierran' },
  }),
  COMPOSE_YAML_TOO_MANY_DOCUMENTS: message<{ limit: number }>({
    en: (f) => `more than ${f.limit} documents in one file`,
    es: (f) => `más de ${f.limit} documentos en un archivo`,
    hint: { en: 'remove the lines --- that part nothing', es: 'elimine las líneas --- que no separan nada' },
  }),
  COMPOSE_YAML_TOO_MANY_VALUES: message<{ limit: number }>({
    en: (f) => `more than ${f.limit} values, each alias counted with all it stands for`,
    es: (f) => `más de ${f.limit} valores, contando cada alias con todo lo que representa`,
    hint: {
      en: 'look for aliases of aliases, or split the file with include',
      es: 'busque alias de alias o divida el archivo con include',
    },
  }),
  COMPOSE_VARIABLE_UNSET: message<{ name: string }>({
    en: (f) => `variable ${f.name} is not set and counts as empty`,
    es: (f) => `la variable ${f.name} no está definida y se toma como vacía`,
    hint: {
      en: (f) => `add ${f.name}=… to .env, or write \${${f.name}:-default}`,
      es: (f) => `añada ${f.name}=… a .env o escriba \${${f.name}:-valor}`,
    },
  }),
  COMPOSE_BOOLEAN_WORD: message<{ word: string; meant: boolean }>({
    en: (f) => `"${f.word}" is no boolean of YAML 1.2; it is taken for ${f.meant}`,
    es: (f) => `"${f.word}" no es un booleano de YAML 1.2; se toma como ${f.meant}`,
    hint: { en: (f) => `write ${f.meant}`, es: (f) => `escriba ${f.meant}` },
  }),
  COMPOSE_MERGE_KINDS: message<{ path: string; base: string; over: string }>({
    en: (f) => `cannot override ${f.path}: an earlier file has a ${f.base} there, this one a ${f.over}`,
    es: (f) =>
      `no se puede reemplazar ${f.path}: un archivo anterior tiene ahí un ${kinds[f.base] ?? f.base} y este un ${kinds[f.over] ?? f.over}`,
    hint: {
      en: 'write both alike, or replace the value with the tag !override',
      es: 'escriba ambos igual o reemplace el valor con la etiqueta !override',
    },
  }),
  COMPOSE_MORE_FINDINGS: message<{ count: number }>({
    en: (f) => `${f.count} more findings are not shown`,
    es: (f) => `no se muestran otros ${f.count} hallazgos`,
    hint: { en: 'correct those above first', es: 'corrija primero los anteriores' },
  }),
  COMPOSE_INCLUDE_PATH: message<{ path: string }>({
    en: (f) => `${f.path} names no file: path is missing`,
    es: (f) => `${f.path} no nombra ningún archivo: falta path`,
    hint: { en: 'write include: [other/compose.yaml]', es: 'escriba include: [otro/compose.yaml]' },
  }),
  COMPOSE_INCLUDE_CYCLE: message<{ files: readonly string[] }>({
    en: (f) => `include cycle detected: ${f.files.join(' includes ')}`,
    es: (f) => `ciclo de include: ${f.files.join(' incluye ')}`,
    hint: { en: 'remove one of these includes', es: 'elimine una de estas inclusiones' },
  }),
  COMPOSE_INCLUDE_TOO_DEEP: message<{ limit: number }>({
    en: (f) => `more than ${f.limit} files include one another in a row`,
    es: (f) => `más de ${f.limit} archivos se incluyen uno tras otro`,
    hint: { en: 'include them from one file', es: 'inclúyalos desde un solo archivo' },
  }),
  COMPOSE_KEY_WITHOUT_EFFECT: message<{ where: string; key: string; nearest: string | undefined }>({
    en: (f) => `${f.where}: the key "${f.key}" has no effect`,
    es: (f) => `${f.where}: la clave "${f.key}" no tiene efecto`,
    hint: {
      en: (f) => (f.nearest === undefined ? 'remove it' : `did you mean ${f.nearest}?`),
      es: (f) => (f.nearest === undefined ? 'elimínela' : `¿quería decir ${f.nearest}?`),
    },
  }),
  COMPOSE_EXTENDS_SERVICE: message<{ path: string }>({
    en: (f) => `${f.path}.service is required: the name of the service to extend`,
    es: (f) => `falta ${f.path}.service: el nombre del servicio que se extiende`,
    hint: { en: 'write extends: {service: NAME}', es: 'escriba extends: {service: NOMBRE}' },
  }),
  COMPOSE_EXTENDS_UNKNOWN: message<{ name: string; base: string; file: string; nearest: string | undefined }>({
    en: (f) => `cannot extend service "${f.name}": service "${f.base}" not found in ${f.file}`,
    es: (f) => `no se puede extender el servicio "${f.name}": no existe el servicio "${f.base}" en ${f.file}`,
    hint: {
      en: (f) => (f.nearest === undefined ? 'name a service of that file' : `did you mean ${f.nearest}?`),
      es: (f) => (f.nearest === undefined ? 'indique un servicio de ese archivo' : `¿quería decir ${f.nearest}?`),
    },
  }),
  COMPOSE_EXTENDS_NO_SERVICES: message<{ file: string }>({
    en: (f) => `${f.file} has no services to extend`,
    es: (f) => `${f.file} no tiene servicios que extender`,
    hint: { en: 'name a Compose file with services:', es: 'indique un archivo Compose con services:' },
  }),
  COMPOSE_EXTENDS_CYCLE: message<{ links: readonly string[] }>({
    en: (f) => `circular reference: ${f.links.join(' extends ')}`,
    es: (f) => `referencia circular: ${f.links.join(' extiende ')}`,
    hint: { en: 'remove one of these extends', es: 'elimine uno de estos extends' },
  }),
  COMPOSE_EXTENDS_TOO_DEEP: message<{ limit: number }>({
    en: (f) => `more than ${f.limit} services extend one another in a row`,
    es: (f) => `más de ${f.limit} servicios se extienden uno tras otro`,
    hint: { en: 'extend a common base instead', es: 'extienda una base común' },
  }),
};

const kinds: Readonly<Record<string, string>> = { mapping: 'mapa', list: 'lista', scalar: 'valor simple' };
